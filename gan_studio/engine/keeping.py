"""How many checkpoints of a run are kept, changed when it is not being trained. Imports no torch."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from gan_studio.engine.lock import RunLock
from gan_studio.engine.run import RunFolder


def checkpoint_sizes(path: Path) -> dict[int, int]:
    """Bytes by step, state and generator together, in the order of the steps."""
    run, sizes = RunFolder(path), {}
    for files in (run.state_files(), run.generator_files()):
        for step, file in files.items():
            with suppress(OSError):
                sizes[step] = sizes.get(step, 0) + file.stat().st_size
    return dict(sorted(sizes.items()))


def freed_bytes(sizes: dict[int, int], keep: int) -> int:
    """What keeping so many checkpoints would free at once."""
    return sum(list(sizes.values())[:-keep])


def keep_checkpoints(path: Path, keep: int) -> int:
    """Keep the newest `keep` from now on, and delete the others at once; returns the bytes that became free.

    Raises RunError where somebody trains the run, or SettingsError for a number that cannot be.
    """
    run = RunFolder.open(path)
    with RunLock(path).held():
        config = run.config()
        config = config.changed(training=config.training.changed(keep_checkpoints=keep).model_dump())
        freed = freed_bytes(checkpoint_sizes(path), keep)
        run.write_config(config)
        run.prune_checkpoints(keep)
    return freed
