"""`gan-studio train`: a new run, or `--resume RUN` to continue one."""

from __future__ import annotations

import math
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, make_dataclass
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn
from rich.text import Text

from gan_studio.cli.arguments import UsageError, flags_of, given_names, only_given, parse, usage_errors
from gan_studio.cli.console import PlainPace, console, put_json, say
from gan_studio.engine import events
from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.control import Control
from gan_studio.engine.data.choice import read_list
from gan_studio.engine.errors import StudioError
from gan_studio.engine.events import TrainEvent
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import refuse_full
from gan_studio.engine.settings import Settings, validated

LIMITS = {"steps", "images", "minutes"}
DEFAULT_FAMILY = "dcgan"
_OTHER_QUESTIONS = {"-h", "--help", "--resume"}
"""With these, a folder that is full is not what is wrong."""


@dataclass(frozen=True)
class TrainArguments:
    data: Path | None = None
    """Folder, class folders or zip of pictures."""
    data_b: Path | None = None
    """For families that translate between A and B: the pictures of B, if --data holds those of A alone."""
    domain_a: str = ""
    """For these families too: the class in --data that is A; the first one if not given."""
    domain_b: str = ""
    """The class in --data that is B."""
    outdir: Path | None = None
    """Where the run is written; a new folder among your runs if not given."""
    family: str = DEFAULT_FAMILY
    """Kind of GAN; `gan-studio families` lists them."""
    exclude: Path | None = None
    """A text file of pictures to leave out: a line each, with the folders inside the data, as in `cats/12.png`."""
    resume: Path | None = None
    """Continue this run exactly; --steps, --images and --minutes are then new totals."""
    from_step: int | None = None
    """With --resume: the checkpoint to continue from; the newest if not given."""
    start_from: Path | None = None
    """Begin a new run with the weights of this run or generator file; its network settings are taken over."""
    json: bool = False
    """Print one JSON object about the run at the end."""


def run(arguments: Sequence[str]) -> int:
    if int(os.environ.get("RANK", "0")) > 0:
        return _take_part()
    _refuse_full_folder(arguments)
    parsed, request = _parse(arguments)
    from gan_studio.engine.distributed import joined
    from gan_studio.engine.training import run_training

    control = Control()
    terminal = TrainingConsole()
    with joined() as world:
        with _stopping_on_signals(control), terminal:
            run_training(request, terminal.show, control, world)
        return terminal.finish(as_json=parsed.json)


def _take_part() -> int:
    """One of the processes that torchrun started beside the first, which alone reads the command line and decides."""
    from gan_studio.engine.distributed import PeerLost, joined
    from gan_studio.engine.training import take_part

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        with joined() as world:
            take_part(world)
    except PeerLost:  # whoever is gone, or the first process, has said why
        return 1
    return 0


def _parse(arguments: Sequence[str]) -> tuple[TrainArguments, TrainingRequest | ResumeRequest]:
    """The family is read first, because its own settings decide which flags there are. Raises UsageError."""
    groups = {"data": DataSettings, "training": TrainingSettings, "family": _family_settings(_family_name(arguments))}
    flags = [(f"{name}_flags", kind, field(default_factory=kind)) for name, kind in _flags(groups).items()]
    cls = make_dataclass("TrainArguments", flags, bases=(TrainArguments,), frozen=True)
    description = f"Train a GAN on your pictures. The settings below are those of {_family_name(arguments)}."
    parsed = parse(cls, "train", arguments, description)
    given = given_names(arguments)
    settings = {name: only_given(getattr(parsed, f"{name}_flags"), given) for name in groups}
    with usage_errors():
        for name, group in groups.items():
            validated(group, settings[name])
    return parsed, _request(parsed, given, settings)


def _flags(groups: dict[str, type[Settings]]) -> dict[str, type]:
    return {name: flags_of(group) for name, group in groups.items()}


def _refuse_full_folder(arguments: Sequence[str]) -> None:
    """Before torch is imported for the settings of the family, which takes seconds. Raises RunError."""
    outdir = _given(arguments, "--outdir")
    if outdir and not _OTHER_QUESTIONS & set(arguments):
        with suppress(OSError):  # who makes the folder says what is wrong with it
            refuse_full(Path(outdir))


def _family_name(arguments: Sequence[str]) -> str:
    return _given(arguments, "--family") or DEFAULT_FAMILY


def _given(arguments: Sequence[str], flag: str) -> str:
    """What stands behind a flag, read before all flags are known; empty where it does not."""
    words = list(arguments)
    for index, word in enumerate(words):
        if word.startswith(f"{flag}="):
            return word.partition("=")[2]
        if word == flag and index + 1 < len(words):
            return words[index + 1]
    return ""


def _family_settings(name: str) -> type[Settings]:
    from gan_studio.engine.families import family_class

    with usage_errors():
        return family_class(name).Config


def _request(
    parsed: TrainArguments, given: set[str], settings: dict[str, dict[str, Any]]
) -> TrainingRequest | ResumeRequest:
    if parsed.resume is not None:
        return _resume_request(parsed.resume, parsed.from_step, given, settings["training"])
    if parsed.data is None:
        raise UsageError("There is nothing to train on.", "Name the pictures with --data, or a run with --resume.")
    if parsed.from_step is not None:
        raise UsageError("--from-step names a checkpoint of a run.", "Name the run with --resume.")
    return TrainingRequest(
        source=parsed.data,
        second_source=parsed.data_b,
        domain_a=parsed.domain_a,
        domain_b=parsed.domain_b,
        family=parsed.family,
        family_settings=settings["family"],
        data=settings["data"],
        training=settings["training"],
        excluded=read_list(parsed.exclude) if parsed.exclude else (),
        outdir=parsed.outdir,
        start_from=parsed.start_from,
    )


def _resume_request(run: Path, from_step: int | None, given: set[str], limits: dict[str, Any]) -> ResumeRequest:
    fixed = given - LIMITS - {"resume", "from_step", "json"}
    if fixed:
        raise UsageError(f"A run keeps its settings: --{sorted(fixed)[0].replace('_', '-')} cannot be changed.")
    return ResumeRequest(run, limits, from_step=from_step)


@contextmanager
def _stopping_on_signals(control: Control) -> Iterator[None]:
    """The first Ctrl+C stops and saves; a second one ends the program at once."""

    def stop(number: int, frame: Any) -> None:
        control.stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with suppress(RuntimeError):  # the signal may have come in the middle of another line
            say("Stopping after this step; the checkpoint is then written. Ctrl+C again quits without it.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class TrainingConsole:
    """Shows a training's events in a terminal: a bar that is redrawn, or a line every few seconds."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[text]}"))
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._progress.add_task("Starting", total=None, text="")
        self._pace = PlainPace()
        self._summary: dict[str, Any] = {}
        self._error: StudioError | None = None
        self._first_step = 0
        self._total_steps: int | None = None

    def __enter__(self) -> TrainingConsole:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, event: TrainEvent) -> None:
        match event:
            case events.Preparing():
                self._update(event.what, event.done, event.total or None, "")
            case events.Started():
                self._show_start(event)
            case events.Report():
                self._show_report(event)
            case events.Notice():
                # Names of files may hold what rich takes for markup
                console.print(Text.assemble(("Note:", "yellow"), f" {event.message} {event.advice}"))
            case events.Finished() | events.Stopped():
                self._show_end(event)
            case events.Failed():
                self._error = StudioError(event.message, event.advice)
            case _:
                pass

    def finish(self, *, as_json: bool) -> int:
        """Print what remains to be said; returns the exit code."""
        if self._error:
            raise self._error
        if as_json:
            put_json(self._summary)
        return 0 if self._summary.get("saved", True) else 1

    def _show_start(self, event: events.Started) -> None:
        self._first_step, self._total_steps = event.step, event.total_steps
        counts = ", ".join(f"{name} {count:,}" for name, count in event.parameter_counts.items())
        say(f"Run: {event.run}")
        say(f"{event.picture_count:,} pictures, batch {event.batch_size}; parameters: {counts}; {event.plan}")
        for remark in event.remarks:
            say(remark)
        self._summary = {"run": str(event.run), "parameters": dict(event.parameter_counts), "plan": event.plan}

    def _show_report(self, event: events.Report) -> None:
        losses = "  ".join(f"{name[5:]} {value:.3f}" for name, value in event.scalars.items() if name[:5] == "loss/")
        text = f"step {event.step:,}  {event.images_per_second:.0f} images/s  {losses}"
        finite = {name: value for name, value in event.scalars.items() if math.isfinite(value)}
        self._summary |= {"step": event.step, "images": event.images, "seconds": event.seconds, **finite}
        self._update("Training", event.step, self._total_steps, text)
        if self._progress.disable and self._pace.due():
            say(text)

    def _show_end(self, event: events.Finished | events.Stopped) -> None:
        if not self._summary:
            self._summary = {"end": "stopped", "saved": False}
            say("Stopped before the first step; nothing was changed.")
            return
        saved = getattr(event, "saved", True)
        word = "Finished" if isinstance(event, events.Finished) else "Stopped"
        self._summary |= {"end": word.lower(), "step": event.step, "saved": saved}
        if word == "Finished" and event.step == self._first_step:
            say(
                f"Nothing is left to train at step {event.step:,}. Raise the total with --steps, --images or --minutes."
            )
            return
        say(f"{word} at step {event.step:,}." + ("" if saved else " The last checkpoint could not be written."))

    def _update(self, what: str, done: int, total: int | None, text: str) -> None:
        self._progress.update(self._task, description=what, completed=done, total=total, text=text)
