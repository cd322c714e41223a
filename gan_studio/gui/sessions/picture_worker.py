"""Reads single pictures in a thread of its own: small ones for the contact sheet, and one large when it is asked for.

What was wished last is read first, and wishes never queue: a new list takes the place of the one before.
"""

from __future__ import annotations

import importlib
import logging
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.config import DataSettings
from gan_studio.engine.errors import StudioError
from gan_studio.gui.quantities import kind_in_words
from gan_studio.gui.views.dataset import PictureView

if TYPE_CHECKING:
    from gan_studio.engine.data.report import ScanReport
    from gan_studio.engine.data.sources import PictureSource

logger = logging.getLogger(__name__)
_TOGETHER = 24
"""Thumbnails that travel to the window at a time."""


class Wishes:
    """A mailbox between the window and the reading thread: the report, and what is wanted of its pictures."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._report: ScanReport | None = None
        self._numbers: list[int] = []
        self._nudged = False
        self._on_their_way: deque[int] = deque(maxlen=2 * _TOGETHER)

    def begin(self, report: ScanReport | None) -> None:
        """Another set of pictures, or none; wishes for the one before are void."""
        with self._lock:
            self._report, self._numbers = report, []
            self._on_their_way.clear()

    def put(self, numbers: list[int]) -> bool:
        """Replace what is wanted, most urgent first; whether the reader must be told.

        What is being read, or on its way to the window, is not read again.
        """
        with self._lock:
            self._numbers = [number for number in numbers if number not in self._on_their_way]
            tell = not self._nudged
            self._nudged = True
            return tell

    def take(self, most: int) -> tuple[ScanReport | None, list[int]]:
        """What to read now; an empty list means that the reader is to stop and will be told again."""
        with self._lock:
            taken, self._numbers = self._numbers[:most], self._numbers[most:]
            self._nudged = bool(taken)
            self._on_their_way.extend(taken)
            return self._report, taken


class PictureWorker(QObject):
    """Lives in the thread. Keeps the folder or zip open that it read from last."""

    thumbnails = Signal(object, object, object)
    """The report, the numbers and their pictures (None where one cannot be read)."""
    opened = Signal(object)
    """PictureView."""
    failed = Signal(str, str)

    def __init__(self, wishes: Wishes) -> None:
        super().__init__()
        self._wishes = wishes
        self._of: ScanReport | None = None
        self._source: PictureSource | None = None

    @Slot()
    def serve(self) -> None:
        """Read what is wished for until nothing is."""
        report, numbers = self._wishes.take(_TOGETHER)
        while report is not None and numbers:
            self.thumbnails.emit(report, numbers, self._read(report, numbers))
            report, numbers = self._wishes.take(_TOGETHER)

    @Slot(object, int, object)
    def open(self, report: ScanReport, number: int, settings: dict[str, Any]) -> None:
        """Read one picture large, and make it what a network sees with these settings of the data."""
        try:
            self.opened.emit(self._large(report, number, settings))
        except StudioError as error:
            self.failed.emit(error.message, error.advice)
        except Exception as error:
            logger.exception("A picture could not be shown.")
            self.failed.emit(f"The picture cannot be shown: {error}.", "The log holds the details.")

    @Slot()
    def close(self) -> None:
        """Let go of the folder or zip."""
        if self._source is not None:
            self._source.close()
        self._source = self._of = None

    def _read(self, report: ScanReport, numbers: list[int]) -> list[np.ndarray | None]:
        previews = importlib.import_module("gan_studio.engine.data.previews")
        with suppress(StudioError):
            source = self._opened(report)
            return [previews.thumbnail(source, report.files[number]) for number in numbers]
        return [None] * len(numbers)  # the folder is gone

    def _large(self, report: ScanReport, number: int, settings: dict[str, Any]) -> PictureView:
        previews = importlib.import_module("gan_studio.engine.data.previews")
        decode = importlib.import_module("gan_studio.engine.data.decode")
        data = DataSettings(**settings)
        spec = report.picture_spec(data)
        target = decode.Target(spec.size, spec.channels, data.fit, data.background)
        preview = previews.large_preview(self._opened(report), report.files[number], target)
        seen = np.broadcast_to(preview.seen, (*preview.seen.shape[:2], 3))
        return PictureView(
            number, preview.original, seen, preview.size, f"{kind_in_words(preview.mode)} · {preview.format}"
        )

    def _opened(self, report: ScanReport) -> PictureSource:
        if self._of is report and self._source is not None:
            return self._source
        self.close()
        sources = importlib.import_module("gan_studio.engine.data.sources")
        source: PictureSource = sources.open_source(report.source, report.second)
        self._source, self._of = source, report
        return source
