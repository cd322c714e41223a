"""What a trainer says of itself in its run folder, for windows and terminals that watch from afar. Imports no torch.

`status.json` takes the place of the one before about once a second, whole or not at all. It is read as strictly as
anything that strangers may have written: a size, types, ranges, and letters that can be shown.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write, read_small
from gan_studio.engine.limits import MOST_STEPS
from gan_studio.engine.lock import LONGEST_HOST, LockHolder
from gan_studio.engine.one_line import LONGEST_TEXT, shown

STATUS_NAME = "status.json"
STATUS_VERSION = 1
MOST_BYTES = 64 * 1024
MOST_ANSWERS = 32
"""So many requests are remembered as answered."""
State = Literal["preparing", "training", "paused", "finished", "stopped", "failed"]


Step = Annotated[int, Field(ge=0, le=MOST_STEPS)]
Count = Annotated[int, Field(ge=0, le=10**15)]
Amount = Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(shown)]


class RunStatus(BaseModel):
    """Where a training is. What it says of time is by its own machine's clock, and compared with no other's."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    version: Literal[1] = STATUS_VERSION
    pid: Count
    host: Annotated[str, Field(max_length=LONGEST_HOST), AfterValidator(shown)]
    started: Amount
    """Of the process, as in the lock."""
    beat: Count = 0
    """Rises with every writing: who sees the same one for long sees a trainer that hangs or is gone."""
    state: State = "preparing"
    doing: Text = ""
    """In words, while it prepares."""
    first_step: Step = 0
    """The step that this training began at; more than 0 where a run is continued."""
    step: Step = 0
    images: Count = 0
    seconds: Amount = 0.0
    images_per_second: Amount = 0.0
    seconds_left: Amount | None = None
    progress: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None = None
    memory_bytes: Count = 0
    batch_size: Count = 0
    plan: Text = ""
    grid: Step | None = None
    """Step of the newest sample grid."""
    checkpoint: Step | None = None
    """Step of the newest checkpoint."""
    notices: Count = 0
    """How many there were; the last one follows."""
    message: Text = ""
    advice: Text = ""
    saved: bool = True
    """Of a training that was stopped: whether its last step is on disk."""
    answered: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=MOST_ANSWERS)] = ()
    """Requests that were carried out, by their id; the newest last."""

    @property
    def ended(self) -> bool:
        return self.state in ("finished", "stopped", "failed")

    @property
    def trainer(self) -> LockHolder:
        return LockHolder(self.pid, self.host, self.started)


def read_status(run: Path) -> RunStatus | None:
    """What the last trainer of this run said; None where it said nothing, or nothing that can be believed."""
    try:
        return RunStatus.model_validate_json(read_small(run / STATUS_NAME, MOST_BYTES))
    except (OSError, ValidationError):
        return None


def write_status(run: Path, status: RunStatus) -> None:
    """Put it in the place of the one before. On a full disk nobody is told: the trainer says so elsewhere."""
    with suppress(RunError), atomic_write(run / STATUS_NAME, durable=False) as file:
        file.write(status.model_dump_json().encode())
