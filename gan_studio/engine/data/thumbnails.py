"""A contact sheet: some of the pictures, whole, on small squares. Imports no torch."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from gan_studio.engine.data.decode import Target, decode
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.parallel import IsCancelled, ordered_map
from gan_studio.engine.data.reasons import UnreadablePicture, attempt
from gan_studio.engine.data.report import PictureEntry, ScanReport
from gan_studio.engine.data.scan import spread
from gan_studio.engine.data.sources import open_source


def thumbnails(
    report: ScanReport,
    count: int = 120,
    side: int = 96,
    background: str = "#ffffff",
    cancelled: IsCancelled | None = None,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """At most `count` pictures, spread evenly over the classes and within them, each fitted whole on the background.

    Returns uint8 `[n, side, side, 3]` and the printable names. Raises DatasetError where the source is gone; Cancelled.
    """
    target = Target(side, 3, "pad", background)
    with open_source(report.source) as source:

        def work(entry: PictureEntry) -> np.ndarray | UnreadablePicture:
            return attempt(source.open, entry.name, lambda file: decode(file, target))

        chosen = _chosen(report, count)
        pairs = list(zip(chosen, ordered_map(work, chosen, cancelled=cancelled), strict=True))
    # The others are skipped, with their reasons, when the set is decoded.
    good = [(entry, pixels) for entry, pixels in pairs if isinstance(pixels, np.ndarray)]
    sheet = np.stack([pixels for _, pixels in good]) if good else np.zeros((0, side, side, 3), np.uint8)
    return sheet, tuple(display_name(entry.name) for entry, _ in good)


def _chosen(report: ScanReport, count: int) -> list[PictureEntry]:
    """The same number from each class as far as they last, in the order of the report."""
    by_class: dict[int, list[PictureEntry]] = defaultdict(list)
    for entry in report.files:
        by_class[entry.label].append(entry)
    shares = _fair_shares([len(members) for members in by_class.values()], count)
    return [entry for members, share in zip(by_class.values(), shares, strict=True) for entry in spread(members, share)]


def _fair_shares(available: list[int], count: int) -> list[int]:
    """`count` dealt out in equal parts; what small classes cannot give, larger ones do."""
    shares = [0] * len(available)
    left = min(count, sum(available))
    while left:
        open_classes = [number for number, most in enumerate(available) if shares[number] < most]
        for number in open_classes[:left]:
            given = min(available[number] - shares[number], max(1, left // len(open_classes)), left)
            shares[number] += given
            left -= given
            if not left:
                break
    return shares
