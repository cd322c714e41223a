"""From a request to a training: pictures → networks → run folder → trainer, and one terminal event whatever happens.

Both front ends come through here, so the window and the command line train alike.
"""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from gan_studio import __version__
from gan_studio.engine.averaging import Averages
from gan_studio.engine.checkpoint import load_state, make_family
from gan_studio.engine.config import DataSettings, RunConfig, TrainingSettings, validated
from gan_studio.engine.control import Control
from gan_studio.engine.data.batches import Batches
from gan_studio.engine.data.cache import PictureSet, load_pictures
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.scan import ScanReport, scan
from gan_studio.engine.errors import Cancelled, CheckpointError, DatasetError, StudioError
from gan_studio.engine.events import Emit, Failed, Notice, Preparing, Started, Stopped, TerminalEvent
from gan_studio.engine.export.grids import tile, to_pixels
from gan_studio.engine.families import family_class
from gan_studio.engine.families.base import Family, Parts
from gan_studio.engine.limits import lifted
from gan_studio.engine.lock import RunLock
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder, new_run_path
from gan_studio.engine.samples import GridMaker, grid_size, write_png
from gan_studio.engine.speed import Plan, choose_device, choose_plan
from gan_studio.engine.state import TrainingState, seed_everything
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import Stepper
from gan_studio.engine.trainer import Trainer

PROGRESS_SECONDS = 0.1
FINGERPRINT_PICTURES = 64
MEMORY_ADVICE = "Lower the batch size, the picture size or the features, and train again; the run so far is kept."


def run_training(request: TrainingRequest | ResumeRequest, emit: Emit, control: Control) -> None:
    """Train in the calling thread until done, stopped or failed. Never raises; ends with one terminal event.

    When that event comes, everything is written and closed, and the run is free for others.
    """
    emit(_train_to_the_end(request, emit, control))


def _train_to_the_end(request: TrainingRequest | ResumeRequest, emit: Emit, control: Control) -> TerminalEvent:
    try:
        if isinstance(request, ResumeRequest):
            return _resume(request, emit, control)
        return _start(request, emit, control)
    except Cancelled:
        return Stopped(0, request.run if isinstance(request, ResumeRequest) else Path(), saved=False)
    except StudioError as error:
        return Failed(error.message, error.advice, traceback.format_exc())
    except (MemoryError, torch.OutOfMemoryError) as error:
        return Failed(f"Out of memory ({_first_line(error)}).", MEMORY_ADVICE, traceback.format_exc())
    except Exception as error:
        advice = MEMORY_ADVICE if "memory" in str(error).lower() else "Please report it, with the details."
        return Failed(f"Training broke off: {_first_line(error)}.", advice, traceback.format_exc())


def _start(request: TrainingRequest, emit: Emit, control: Control) -> TerminalEvent:
    report = scan(request.source, progress=_progress(emit, "Looking at the pictures"), cancelled=_cancelled(control))
    config = decide(request, report)
    pictures = _load(report, config, emit, control)
    config = config.changed(fingerprint=fingerprint(pictures))
    plan = choose_plan(config.training)
    path = request.outdir or new_run_path(config.source, config.family, config.picture.size)
    run = RunFolder.create(path, config)
    with RunLock(run.path).held() as lock:
        return _train(config, run, lock, pictures, plan, None, emit, control)


def _resume(request: ResumeRequest, emit: Emit, control: Control) -> TerminalEvent:
    run = RunFolder.open(request.run)
    with RunLock(run.path).held() as lock:
        return _resume_held(request, run, lock, emit, control)


def _resume_held(request: ResumeRequest, run: RunFolder, lock: RunLock, emit: Emit, control: Control) -> TerminalEvent:
    path = run.state_to_resume(request.from_step)
    state = load_state(path)
    config = _with_new_limits(run.config(), request, state)
    source = Path(config.source)
    report = scan(source, progress=_progress(emit, "Looking at the pictures"), cancelled=_cancelled(control))
    pictures = _load(report, config, emit, control)
    if fingerprint(pictures) != config.fingerprint:
        what = f"The pictures in {source} have changed since this run began."
        emit(Notice(what, "Training goes on with what is there now."))
    plan = plan_of(state, path)
    return _train(config, run, lock, pictures, plan, state, emit, control)


def _with_new_limits(config: RunConfig, request: ResumeRequest, state: dict[str, Any]) -> RunConfig:
    limits = dict(request.limits)
    if request.lift_reached_limits:
        counters = state["counters"]
        limits |= lifted(config.training, counters["step"], counters["images"], counters["seconds"])
    return config.changed(training=config.training.changed(**limits).model_dump())


def decide(request: TrainingRequest, report: ScanReport) -> RunConfig:
    """The config of a new run: what was asked for, else what the pictures suggest. Raises SettingsError."""
    family = family_class(request.family)
    family_settings = validated(family.Config, dict(request.family_settings), f"Settings of {family.title}")
    data = validated(DataSettings, dict(request.data), "Settings of the pictures")
    suggested = {key: value for key, value in report.suggestions().items() if key in TrainingSettings.model_fields}
    training = validated(TrainingSettings, suggested | dict(request.training), "Settings of the training")
    return RunConfig(
        program=__version__,
        name=display_name(report.source.stem),
        source=_remembered(report.source),
        family=request.family,
        family_settings=family_settings.model_dump(),
        picture=report.picture_spec(data),
        data=data,
        training=training,
    )


def _remembered(source: Path) -> str:
    """The absolute path, as `config.json` can hold it. Raises DatasetError."""
    path = str(source.resolve())
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise DatasetError(
            f"The name {display_name(path)} is not Unicode, and a run could not find it again.", "Rename the folder."
        ) from error
    return path


def _load(report: ScanReport, config: RunConfig, emit: Emit, control: Control) -> PictureSet:
    fixed = config.data.changed(
        image_size=config.picture.size, channels="grey" if config.picture.channels == 1 else "colour"
    )
    pictures = load_pictures(report, fixed, progress=_progress(emit, "Decoding"), cancelled=_cancelled(control))
    for notice in pictures.notices:
        emit(Notice(notice))
    return pictures


def _train(
    config: RunConfig,
    run: RunFolder,
    lock: RunLock,
    pictures: PictureSet,
    plan: Plan,
    state: dict[str, Any] | None,
    emit: Emit,
    control: Control,
) -> TerminalEvent:
    emit(Preparing("Building the networks"))
    plan.apply_threads()
    seed_everything(config.training.seed)
    family = make_family(config)
    training, statistics = _assemble(config, family, pictures, plan)
    count, seed = grid_size(config.picture.size), config.training.seed
    grids = GridMaker(family.sampler(training.averages.networks), count, seed, plan.device)
    trainer = Trainer(config, run, lock, training, statistics, grids, plan)
    if state is None:
        _write_reals(run, pictures, config)
    else:
        trainer.load(state)
        run.cut(training.counters.step)
        run.write_config(config)
    run.log(f"{'Started' if state is None else 'Resumed'} at step {training.counters.step}: {plan.describe()}.")
    emit(_started(config, run, family, training, pictures, plan))
    return trainer.run(emit, control)


def _assemble(config: RunConfig, family: Family, pictures: PictureSet, plan: Plan) -> tuple[TrainingState, Statistics]:
    parts = family.build()
    for network in parts.modules().values():
        plan.place(network).train()
    optimizers = family.optimizers(parts)
    settings = config.training
    indices, _ = pictures.held_out(config.data.held_out, settings.seed)
    batches = Batches(
        pictures,
        indices,
        batch_size=settings.batch_size,
        seed=settings.seed,
        flip=config.data.flip,
        device=torch.device(plan.device),
    )
    data = dict.fromkeys(family.data().domains, batches)
    statistics = Statistics()
    averages = Averages(parts.networks, parts.averaged, settings.average_images)
    stepper = Stepper(family, parts, optimizers, data, plan, statistics)
    return TrainingState(parts, averages, optimizers, data, stepper), statistics


def _started(
    config: RunConfig, run: RunFolder, family: Family, training: TrainingState, pictures: PictureSet, plan: Plan
) -> Started:
    phases = family.phases(family.stage(training.counters.images))
    return Started(
        run=run.path,
        step=training.counters.step,
        total_steps=config.training.steps or None,
        batch_size=config.training.batch_size,
        picture_count=len(pictures.names),
        parameter_counts={name: count_parameters(training.parts, name) for name in training.parts.networks},
        learning_rates=dict(training.stepper.rates),
        phase_networks=tuple(dict.fromkeys(name for phase in phases for name in phase.trains)),
        plan=plan.describe(),
        reference_lines=dict(family.reference_lines()),
    )


def plan_of(state: dict[str, Any], path: Path) -> Plan:
    """The plan a checkpoint was trained with. Raises CheckpointError, or DeviceError where its device is gone."""
    try:
        plan = Plan(**state["plan"])
    except (KeyError, TypeError) as error:
        raise CheckpointError(f"{path} does not say how it was trained ({error}).") from error
    choose_device(plan.device)
    return plan


def fingerprint(pictures: PictureSet) -> str:
    """A hash of the pictures' names, shape and a few of their pixels."""
    digest = hashlib.sha256(repr((pictures.pixels.shape, pictures.names)).encode())
    for index in np.linspace(0, len(pictures) - 1, min(FINGERPRINT_PICTURES, len(pictures))).astype(int):
        digest.update(pictures.pixels[index].tobytes())
    return digest.hexdigest()


def count_parameters(parts: Parts, network: str) -> int:
    return sum(parameter.numel() for parameter in parts.networks[network].parameters())


def _write_reals(run: RunFolder, pictures: PictureSet, config: RunConfig) -> None:
    """The grid of reals beside the samples: as many pictures, drawn by the run's seed."""
    count = grid_size(config.picture.size)
    total = len(pictures.names)
    random = np.random.default_rng(config.training.seed)
    chosen = np.sort(random.choice(total, min(count, total), replace=False))
    pixels = torch.from_numpy(np.ascontiguousarray(pictures.pixels[chosen])).permute(0, 3, 1, 2)
    write_png(run.reals_file, tile(to_pixels(pixels.float() / 127.5 - 1), round(count**0.5)))


def _progress(emit: Emit, what: str) -> Callable[[int, int], None]:
    """Progress as events, paced by the clock: a hundred thousand files must not become as many events."""
    last = 0.0

    def report(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PROGRESS_SECONDS or done == total:
            last = now
            emit(Preparing(what, done, total))

    return report


def _cancelled(control: Control) -> Callable[[], bool]:
    return lambda: control.stopping


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
