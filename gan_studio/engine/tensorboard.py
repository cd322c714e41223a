"""TensorBoard event files beside our own: the same scalars for those who have their dashboards there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import write_error


class TensorBoard:
    """Writes scalars; on resume, TensorBoard is told to forget what lies behind the checkpoint."""

    def __init__(self, folder: Path, first_step: int) -> None:
        """`first_step` is the first that will be written. Raises RunError."""
        from torch.utils.tensorboard import SummaryWriter  # slow to import, and only wanted where switched on

        try:
            self._writer = SummaryWriter(str(folder), purge_step=first_step if first_step > 1 else None)
        except OSError as error:
            raise write_error(folder, error) from error

    def add(self, step: int, scalars: Mapping[str, float]) -> None:
        """Raises RunError."""
        try:
            for name, value in scalars.items():
                self._writer.add_scalar(name, value, step)
        except OSError as error:
            raise RunError(f"TensorBoard's event file cannot be written: {error.strerror}.") from error

    def close(self) -> None:
        try:
            self._writer.close()
        except OSError:
            return
