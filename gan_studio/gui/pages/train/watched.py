"""What is said of a training that another process or machine does. Imports no Qt."""

from __future__ import annotations

from collections.abc import Mapping

from gan_studio.gui.views.watching import WatchView, Word

HANGS_SECONDS = 5.0
"""After so long without an answer it is the disk that is told of, not the trainer."""
ASKED: Mapping[Word, str] = {
    "pause": "to pause",
    "resume": "to go on",
    "stop": "to stop",
    "sample": "for a grid",
    "checkpoint": "for a checkpoint",
}


def watch_line(view: WatchView) -> str:
    """`Watching: trains on gpu-7, updated 2 s ago`; the step stands beside it in the strip."""
    where = "this computer" if view.here else view.host
    if view.waiting_seconds >= HANGS_SECONDS:
        return f"Watching: the run's folder has not answered for {view.waiting_seconds:.0f} s"
    if view.asked:
        return f"Asked {where} {' and '.join(ASKED[word] for word in ASKED if word in view.asked)}…"
    return f"Watching: trains on {where}, updated {view.quiet_seconds:.0f} s ago"


def unanswered(word: Word, seconds: float) -> tuple[str, str]:
    """Message and advice."""
    return (
        f"No answer for {seconds:.0f} s: the trainer may be gone.",
        f"It was asked {ASKED[word]}; that is taken back. Ask again, or look at the machine on which it runs.",
    )
