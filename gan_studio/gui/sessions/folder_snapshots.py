"""The newest generator of a run that is trained elsewhere, in the place of a trainer's snapshots."""

from __future__ import annotations

import importlib
from pathlib import Path

from gan_studio.engine.control import Snapshot
from gan_studio.engine.errors import CheckpointError
from gan_studio.engine.run import RunFolder


class FolderSnapshots:
    """Answers like a `Control`: a snapshot is the generator file of the newest checkpoint, once each."""

    def __init__(self, run: Path) -> None:
        self._run = RunFolder(run)
        self._taken = -1

    def request_snapshot(self) -> None:
        """Nothing is asked of a trainer elsewhere: checkpoints come when they come."""

    def take_snapshot(self) -> Snapshot | None:
        """In the explorer's thread. None where there is nothing new, or it is pruned at this very moment."""
        steps = self._run.generator_files()
        if not steps or max(steps) <= self._taken:
            return None
        self._taken = step = max(steps)
        checkpoint = importlib.import_module("gan_studio.engine.checkpoint")
        try:
            loaded = checkpoint.load_generator(steps[step])
        except CheckpointError:
            if steps[step].exists():
                raise
            return None
        return Snapshot(step, step, checkpoint.flat_tensors(loaded.networks))
