"""Public data sets: what there is, and the job that fetches one beside the window. Needs no torch."""

from __future__ import annotations

import importlib
from typing import Any

from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.gui.quantities import whole
from gan_studio.gui.views.dataset import DownloadOffer
from gan_studio.gui.views.jobs import JobResult, Work


def offers() -> tuple[DownloadOffer, ...]:
    """Every set, with whether it is there already."""
    downloads = importlib.import_module("gan_studio.engine.data.downloads")
    return tuple(_offer(downloads, name) for name in downloads.SETS)


def fetching(name: str) -> Work:
    """The job that fetches a set; its result's path is the zip."""

    def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
        downloads = importlib.import_module("gan_studio.engine.data.downloads")
        path = downloads.get_set(name, progress, cancelled)
        return JobResult(f"{downloads.SETS[name].title} is here and can be trained on", path)

    return work


def _offer(downloads: Any, name: str) -> DownloadOffer:
    one, path = downloads.SETS[name], downloads.set_path(name)
    return DownloadOffer(
        name=name,
        title=one.title,
        sentence=one.sentence,
        pictures=f"{whole(one.pictures)} of {one.size}",
        classes=f"{one.classes} classes",
        download_bytes=one.download_bytes,
        licence=one.licence,
        path=path,
        there=path.is_file(),
    )
