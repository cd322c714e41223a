"""What is said when a training has come to its end, and what can be done next."""

from __future__ import annotations

from dataclasses import dataclass

from gan_studio.engine.events import Failed, Finished, Stopped, TerminalEvent
from gan_studio.gui.quantities import duration, whole
from gan_studio.gui.widgets.banner import Kind

EXPLORE, FOLDER, LONGER = "explore", "folder", "longer"
_NEXT = ((EXPLORE, "Explore it"), (FOLDER, "Open its folder"), (LONGER, "Train longer"))


@dataclass(frozen=True)
class Ending:
    """For the status line, and for the banner unless its message is empty."""

    status: str
    message: str = ""
    advice: str = ""
    kind: Kind = "success"
    details: str = ""
    actions: tuple[tuple[str, str], ...] = ()


def ending(event: TerminalEvent, began: bool, seconds: float) -> Ending:
    """How to tell of the end.

    Args:
        began: whether the training came to its first step.
        seconds: of training, all in all.
    """
    match event:
        case Finished(step):
            said = f"Finished: {whole(step)} steps in {duration(seconds)}."
            return Ending(f"Finished at step {whole(step)}", said, "Everything is saved.", actions=_NEXT)
        case Stopped(step, _, saved):
            return _stopped(step, saved) if began else Ending("Stopped before the first step")
        case Failed(message, advice, details):
            actions = _NEXT[1:2] if began else ()
            return Ending("Training ended early", message, advice, "error", details, actions)


def _stopped(step: int, saved: bool) -> Ending:
    status = f"Stopped at step {whole(step)}"
    if not saved:
        return Ending(f"{status}; its checkpoint could not be written")
    return Ending(status, f"{status}.", "Everything is saved.", actions=_NEXT)
