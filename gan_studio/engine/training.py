"""From a request to a training: pictures → networks → run folder → trainer, and one terminal event whatever happens.

Both front ends come through here, so the window and the command line train alike.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from gan_studio.engine.assembly import assemble, count_parameters, show_examples
from gan_studio.engine.checkpoint import load_state, make_family
from gan_studio.engine.config import RunConfig, load_run_config
from gan_studio.engine.control import Control
from gan_studio.engine.decisions import continued, decide
from gan_studio.engine.distributed import ALONE, World
from gan_studio.engine.errors import Cancelled, StudioError, first_line
from gan_studio.engine.events import Emit, Failed, Notice, Preparing, Started, Stopped, TerminalEvent, TrainEvent
from gan_studio.engine.families.base import Family
from gan_studio.engine.fine_tune import StartingPoint, starting_point
from gan_studio.engine.following import follow
from gan_studio.engine.lock import RunLock
from gan_studio.engine.metrics.subject import RealPictures
from gan_studio.engine.metrics.while_training import training_metrics
from gan_studio.engine.reception import Reception
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder, new_run_path
from gan_studio.engine.samples import run_grids, write_reals
from gan_studio.engine.speed import Plan, choose_plan, plan_of
from gan_studio.engine.speed.measure import fastest_plan
from gan_studio.engine.state import TrainingState, seed_everything
from gan_studio.engine.stats import Statistics
from gan_studio.engine.trainer import Trainer
from gan_studio.engine.training_data import TrainingData, load, load_first, scan_source, scan_sources_of

MEMORY_ADVICE = "Lower the batch size, the picture size or the features, and train again; the run so far is kept."


def run_training(request: TrainingRequest | ResumeRequest, emit: Emit, control: Control, world: World = ALONE) -> None:
    """Train in the calling thread until done, stopped or failed. Never raises; ends with one terminal event.

    When that event comes, everything is written and closed, and the run is free for others.
    """
    emit(_train_to_the_end(request, emit, control, world))


def _train_to_the_end(
    request: TrainingRequest | ResumeRequest, emit: Emit, control: Control, world: World
) -> TerminalEvent:
    try:
        if isinstance(request, ResumeRequest):
            return _resume(request, emit, control, world)
        return _start(request, emit, control, world)
    except Cancelled:
        return Stopped(0, request.run if isinstance(request, ResumeRequest) else Path(), saved=False)
    except Exception as error:
        return failure(error)


def failure(error: BaseException) -> Failed:
    """What broke a training off, in words, with what can be done about it."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, StudioError):
        return Failed(error.message, error.advice, details)
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return Failed(f"Out of memory ({first_line(error, 300)}).", MEMORY_ADVICE, details)
    advice = MEMORY_ADVICE if "memory" in str(error).lower() else "Please report it, with the details."
    return Failed(f"Training broke off: {first_line(error, 300)}.", advice, details)


@contextmanager
def _received(run: RunFolder, emit: Emit, control: Control) -> Iterator[Reception]:
    """The run is locked inside the block, and its folder tells others how the training stands and how it ended."""
    with RunLock(run.path).held() as lock:
        reception = Reception(run, lock, emit, control)
        try:
            yield reception
        except Cancelled:
            reception.follow(Stopped(0, run.path, saved=False))
            raise
        except BaseException as error:
            reception.follow(failure(error))
            raise


def _start(request: TrainingRequest, emit: Emit, control: Control, world: World) -> TerminalEvent:
    start = starting_point(request.start_from) if request.start_from else None
    report = scan_source(request.source, request.second_source, emit, control)
    config = decide(request, report, start.config if start else None)
    unknown = len(frozenset(request.excluded)) - len(config.excluded)
    if unknown:
        what = "1 name" if unknown == 1 else f"{unknown:,} names"
        emit(Notice(f"{what} in the list of pictures to leave out is not that of any picture here."))
    if start:
        start.check(config)
    pictures = load_first(report, config, emit, control, world)
    config = config.changed(
        fingerprint=pictures.fingerprint(),
        picture_count=len(pictures),
        started_from=start.origin.model_dump() if start else None,
    )
    data = TrainingData.divided(pictures, config)
    plan = _fastest_plan(config, data, emit, control, world)
    path = request.outdir or new_run_path(config.source, config.family, config.picture.size)
    run = RunFolder.create(path, config)
    with plan.working(), _received(run, emit, control) as reception:
        return reception.follow(_train(config, run, reception, data, plan, start, world))


def _fastest_plan(config: RunConfig, data: TrainingData, emit: Emit, control: Control, world: World) -> Plan:
    """For a new run. What is tried are networks and batches of its own: the run has not begun yet."""
    family, settings = make_family(config), config.training

    def build(plan: Plan, statistics: Statistics, batch_size: int) -> TrainingState:
        emit(Preparing("Measuring what is fastest here"))
        smaller = config.changed(training=settings.changed(batch_size=batch_size).model_dump())
        batches = data.batches(smaller, plan.device, world.share)
        training = assemble(make_family(config), batches, plan, statistics, settings.average_images)
        show_examples(family, training, data.examples())
        return training

    base = replace(choose_plan(settings), processes=world.size)
    return fastest_plan(base, settings, family, build, lambda: control.stopping)


def _resume(request: ResumeRequest, emit: Emit, control: Control, world: World) -> TerminalEvent:
    run = RunFolder.open(request.run)
    with _received(run, emit, control) as reception:
        return reception.follow(_resume_held(request, run, reception, world))


def _resume_held(request: ResumeRequest, run: RunFolder, reception: Reception, world: World) -> TerminalEvent:
    emit, control = reception.tell, reception.control
    path = run.state_to_resume(request.from_step)
    state = load_state(path)
    config = continued(run.config(), request, state)
    report = scan_sources_of(config, emit, control)
    pictures = load_first(report, config, emit, control, world)
    if pictures.fingerprint() != config.fingerprint:
        what = f"The pictures in {config.source} have changed since this run began."
        emit(Notice(what, "Training goes on with what is there now."))
    plan = plan_of(state, path).shared_by(world.size, config.training.threads)
    with plan.working():
        data = TrainingData.divided(pictures, config)
        return _train(config, run, reception, data, plan, state, world)


def _train(
    config: RunConfig,
    run: RunFolder,
    reception: Reception,
    data: TrainingData,
    plan: Plan,
    beginning: dict[str, Any] | StartingPoint | None,
    world: World,
) -> TerminalEvent:
    """Train from a checkpoint's state, from the weights of another run, or from random ones."""
    emit = reception.tell
    emit(Preparing("Building the networks"))
    world.same(plan.to_dict())
    family, statistics = make_family(config), Statistics(world)
    training = _assembled(config, family, data, plan, statistics, world)
    initial_rates = dict(training.stepper.rates)
    grids, raw_grids = run_grids(config, family, training.parts, training.averages, plan.device)
    reals = RealPictures(data.pictures, data.domains)
    metrics = training_metrics(config, family, training.averages, reals, plan.device)
    trainer = Trainer(config, run, reception, training, statistics, grids, plan, raw_grids, metrics)
    if isinstance(beginning, dict):
        trainer.load(beginning)
        run.cut(training.counters.step)
        run.write_config(config)
    else:
        write_reals(run.reals_file, data.pictures, data.domains)
        if beginning:
            beginning.fill(training)
            run.log(f"Begins with the weights of {beginning.origin.run}, step {beginning.origin.step}.")
        show_examples(family, training, data.examples())
    training.spread()
    for remark in family.remarks():
        run.log(remark)
    resumed, how = isinstance(beginning, dict), training.stepper.plan.describe()
    run.log(f"{'Resumed' if resumed else 'Started'} at step {training.counters.step}: {how}.")
    emit(replace(_started(config, run, family, training, data), initial_rates=initial_rates))
    end = trainer.run(emit, reception.control)
    world.announce("end")
    return end


def take_part(world: World) -> None:
    """What every process but the first does: train what that one decides, and write nothing.

    Raises PeerLost where another process is gone, and whatever a loss raises.
    """
    config = load_run_config(world.same(None), "the first process")
    with world.first_here():
        report = scan_sources_of(config, _to_nobody, Control())
        data = TrainingData.divided(load(report, config, _to_nobody, Control()), config)
    plan, statistics = Plan(**world.same(None)), Statistics(world)
    with replace(plan, device=world.device_of(plan.device)).working():
        follow(world, _assembled(config, make_family(config), data, plan, statistics, world), statistics)


def _to_nobody(event: TrainEvent) -> None:
    """The first process tells of everything."""


def _assembled(
    config: RunConfig, family: Family, data: TrainingData, plan: Plan, statistics: Statistics, world: World
) -> TrainingState:
    """On this process's device, with its share of the pictures."""
    plan, settings = replace(plan, device=world.device_of(plan.device)), config.training
    seed_everything(settings.seed)
    batches = data.batches(config, plan.device, world.share)
    return assemble(family, batches, plan, statistics, settings.average_images, world, settings.sync_batch_norm)


def _started(config: RunConfig, run: RunFolder, family: Family, training: TrainingState, data: TrainingData) -> Started:
    phases = family.phases(family.stage(training.counters.images))
    return Started(
        run=run.path,
        step=training.counters.step,
        total_steps=config.training.steps or None,
        batch_size=config.training.batch_size,
        picture_count=len(data.pictures.names),
        parameter_counts={name: count_parameters(network) for name, network in training.parts.networks.items()},
        learning_rates=dict(training.stepper.rates),
        phase_networks=tuple(dict.fromkeys(name for phase in phases for name in phase.trains)),
        plan=training.stepper.plan.describe(),
        reference_lines=dict(family.reference_lines()),
        remarks=tuple(family.remarks()),
    )
