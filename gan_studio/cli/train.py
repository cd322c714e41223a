"""`gan-studio train`: a new run, or `--resume RUN` to continue one."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field, make_dataclass
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, Progress, TextColumn

from gan_studio.cli.arguments import given_names, only_given, parse
from gan_studio.cli.console import PlainPace, console, put_json, say
from gan_studio.engine import events
from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.control import Control
from gan_studio.engine.errors import StudioError
from gan_studio.engine.events import TrainEvent
from gan_studio.engine.request import ResumeRequest, TrainingRequest

LIMITS = {"steps", "images", "minutes"}
DEFAULT_FAMILY = "dcgan"


@dataclass(frozen=True)
class TrainArguments:
    data: Path | None = None
    """Folder, class folders or zip of pictures."""
    outdir: Path | None = None
    """Where the run is written; a new folder among your runs if not given."""
    family: str = DEFAULT_FAMILY
    """Kind of GAN; `gan-studio families` lists them."""
    resume: Path | None = None
    """Continue this run exactly; --steps, --images and --minutes are then new totals."""
    from_step: int | None = None
    """With --resume: the checkpoint to continue from; the newest if not given."""
    json: bool = False
    """Print one JSON object about the run at the end."""
    pictures: DataSettings = field(default_factory=DataSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)


def run(arguments: Sequence[str]) -> int:
    parsed, given = _parse(arguments)
    request = _request(parsed, given)
    if request is None:
        return 2
    from gan_studio.engine.training import run_training  # torch loads after the usage was found right

    control = Control()
    _stop_on_signals(control)
    terminal = TrainingConsole()
    with terminal:
        run_training(request, terminal.show, control)
    return terminal.finish(as_json=parsed.json)


def _parse(arguments: Sequence[str]) -> tuple[Any, set[str]]:
    """The family is read first, because its own settings decide which flags there are."""
    name = _family_name(arguments)
    settings_class = _family_settings(name)
    cls = make_dataclass(
        "TrainArguments",
        [("family_settings", settings_class, field(default_factory=settings_class))],
        bases=(TrainArguments,),
        frozen=True,
    )
    description = f"Train a GAN on your pictures. The settings below are those of {name}."
    return parse(cls, "train", arguments, description), given_names(arguments)


def _family_name(arguments: Sequence[str]) -> str:
    words = list(arguments)
    for index, word in enumerate(words):
        if word.startswith("--family="):
            return word.partition("=")[2]
        if word == "--family" and index + 1 < len(words):
            return words[index + 1]
    return DEFAULT_FAMILY


def _family_settings(name: str) -> Any:
    from gan_studio.engine.families import family_class

    return family_class(name).Config


def _request(parsed: Any, given: set[str]) -> TrainingRequest | ResumeRequest | None:
    if parsed.resume is not None:
        return _resume_request(parsed, given)
    if parsed.data is None:
        say("gan-studio train: name the pictures with --data FOLDER, or a run with --resume RUN.")
        return None
    return TrainingRequest(
        source=parsed.data,
        family=parsed.family,
        family_settings=only_given(parsed.family_settings, given),
        data=only_given(parsed.pictures, given),
        training=only_given(parsed.training, given),
        outdir=parsed.outdir,
    )


def _resume_request(parsed: Any, given: set[str]) -> ResumeRequest | None:
    fixed = given - LIMITS - {"resume", "from_step", "json"}
    if fixed:
        say(f"gan-studio train: a run keeps its settings; --{sorted(fixed)[0].replace('_', '-')} cannot be changed.")
        return None
    return ResumeRequest(parsed.resume, only_given(parsed.training, given & LIMITS), parsed.from_step)


def _stop_on_signals(control: Control) -> None:
    """The first Ctrl+C stops and saves; a second one ends the program at once."""

    def stop(number: int, frame: Any) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        say("Stopping after this step; the checkpoint is then written. Ctrl+C again quits without it.")
        control.stop()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


class TrainingConsole:
    """Shows a training's events in a terminal: a bar that is redrawn, or a line every few seconds."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[text]}"))
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._progress.add_task("Starting", total=None, text="")
        self._pace = PlainPace()
        self._summary: dict[str, Any] = {}
        self._error: StudioError | None = None
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
                console.print(f"[yellow]Note:[/] {event.message} {event.advice}", highlight=False)
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
        self._total_steps = event.total_steps
        counts = ", ".join(f"{name} {count:,}" for name, count in event.parameter_counts.items())
        say(f"Run: {event.run}")
        say(f"{event.picture_count:,} pictures, batch {event.batch_size}; parameters: {counts}; {event.plan}")
        self._summary = {"run": str(event.run), "parameters": dict(event.parameter_counts), "plan": event.plan}

    def _show_report(self, event: events.Report) -> None:
        losses = "  ".join(f"{name[5:]} {value:.3f}" for name, value in event.scalars.items() if name[:5] == "loss/")
        text = f"step {event.step:,}  {event.images_per_second:.0f} images/s  {losses}"
        self._summary |= {"step": event.step, "images": event.images, "seconds": event.seconds, **event.scalars}
        self._update("Training", event.step, self._total_steps, text)
        if self._progress.disable and self._pace.due():
            say(text)

    def _show_end(self, event: events.Finished | events.Stopped) -> None:
        saved = getattr(event, "saved", True)
        word = "Finished" if isinstance(event, events.Finished) else "Stopped"
        self._summary |= {"end": word.lower(), "step": event.step, "saved": saved}
        say(f"{word} at step {event.step:,}." + ("" if saved else " The last checkpoint could not be written."))

    def _update(self, what: str, done: int, total: int | None, text: str) -> None:
        self._progress.update(self._task, description=what, completed=done, total=total, text=text)
