"""What people do by hand during a training, written down so that a run which is resumed repeats it. Imports no torch.

A learning rate changed at step 150 belongs to the course of a run as much as its seed does. When a run is killed and
resumed from step 100, the change is made again at step 150. As soon as somebody intervenes anew, history has
diverged, and what is left of the old journal is dropped.
"""

from __future__ import annotations

from typing import Any

from gan_studio.engine.control import Intervention
from gan_studio.engine.run import RunFolder


class Journal:
    """Interventions of a run, in order; as many of them as a state counts are part of it."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._entries = [_entry(line) for line in run.interventions()]
        self._written = len(self._entries)
        """How many of the entries the file holds; others where the disk was full, or history has diverged."""

    def recorded(self, step: int, done: int) -> Intervention | None:
        """What was done next at the end of `step`, `done` interventions being part of the state; None for nothing."""
        if done < len(self._entries) and self._entries[done][0] <= step:
            return self._entries[done][1]
        return None

    def add(self, step: int, done: int, intervention: Intervention) -> None:
        """Write down, before it is carried out, what follows the first `done` interventions.

        Raises RunError; the journal then knows it nevertheless, and writes it with the next one.
        """
        self._entries = [*self._entries[:done], (step, intervention)]
        if self._written == done:
            self._run.append_intervention(_line(step, intervention))
        else:
            self._run.write_interventions([_line(*entry) for entry in self._entries])
        self._written = len(self._entries)


def _line(step: int, intervention: Intervention) -> dict[str, Any]:
    return {"step": step, **vars(intervention)}


def _entry(line: dict[str, Any]) -> tuple[int, Intervention]:
    return int(line["step"]), Intervention(str(line["kind"]), str(line["name"]), float(line.get("value", 0.0)))
