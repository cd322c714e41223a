"""Images per second between a resume and the next pause, from the events of a training. Imports no Qt."""

from __future__ import annotations

from collections.abc import Sequence

from gan_studio.engine.events import Paused, Report, Resumed, TrainEvent


def pace(events: Sequence[tuple[float, TrainEvent]]) -> float:
    """Images per second of the last stretch from `Resumed` to `Paused`, all that happens between two steps included.

    `events` come with their times in seconds. Raises ValueError where there is no such stretch.
    """
    kinds = [type(event) for _, event in events]
    if Resumed not in kinds or kinds[-1] is not Paused:
        raise ValueError("no stretch of training that ended with a pause")
    begin = len(kinds) - 1 - kinds[::-1].index(Resumed)
    return (_images(events) - _images(events[:begin])) / (events[-1][0] - events[begin][0])


def _images(events: Sequence[tuple[float, TrainEvent]]) -> int:
    """As of the last report."""
    return next((event.images for _, event in reversed(events) if isinstance(event, Report)), 0)
