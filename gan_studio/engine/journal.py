"""What people do by hand during a training, written down so that a run which is resumed repeats it. Imports no torch.

A learning rate changed at step 150 belongs to the course of a run as much as its seed does. When a run is killed and
resumed from step 100, the change is made again at step 150. As soon as somebody intervenes anew, history has
diverged, and what is left of the old journal is dropped.
"""

from __future__ import annotations

from gan_studio.engine.control import Control, Intervention
from gan_studio.engine.run import RunFolder


class Journal:
    """Interventions of a run, in order; the first `done` of them are part of the training's state."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._entries = [_entry(line) for line in run.interventions()]

    def next(self, step: int, done: int, control: Control) -> Intervention | None:
        """The next thing to do at the end of `step`: what a person asks for now, else what was done here before."""
        asked = control.take_intervention()
        if asked:
            self.add(step, done, asked)
            return asked
        if done < len(self._entries) and self._entries[done][0] <= step:
            return self._entries[done][1]
        return None

    def add(self, step: int, done: int, intervention: Intervention) -> None:
        """Write an intervention down before it is carried out. Raises RunError."""
        if done < len(self._entries):
            self._entries = self._entries[:done]
            self._run.cut_interventions(done)
        self._run.append_intervention({"step": step, **vars(intervention)})
        self._entries.append((step, intervention))


def _entry(line: dict) -> tuple[int, Intervention]:
    return int(line["step"]), Intervention(str(line["kind"]), str(line["name"]), float(line.get("value", 0.0)))
