"""From a request to a training: pictures → networks → run folder → trainer, and one terminal event whatever happens.

Both front ends come through here, so the window and the command line train alike.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from gan_studio.engine.assembly import assemble, count_parameters, show_examples
from gan_studio.engine.averaging import Mirrors
from gan_studio.engine.checkpoint import load_state, make_family
from gan_studio.engine.config import RunConfig, load_run_config
from gan_studio.engine.control import Control
from gan_studio.engine.data.batches import Batches, BatchSource
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.domains import Domain, examples, split
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.point_batches import PointBatches
from gan_studio.engine.data.points import shape_called
from gan_studio.engine.data.report import ScanReport
from gan_studio.engine.data.scan import scan
from gan_studio.engine.decisions import continued, decide, domains_of
from gan_studio.engine.distributed import ALONE, World
from gan_studio.engine.errors import Cancelled, StudioError, first_line
from gan_studio.engine.events import Emit, Failed, Notice, Preparing, Started, Stopped, TerminalEvent, TrainEvent
from gan_studio.engine.families import family_class
from gan_studio.engine.families.base import Family
from gan_studio.engine.fine_tune import StartingPoint, starting_point
from gan_studio.engine.following import follow
from gan_studio.engine.lock import RunLock
from gan_studio.engine.metrics.subject import RealPictures, Subject
from gan_studio.engine.metrics.while_training import TrainingMetrics, picture_count
from gan_studio.engine.reception import Reception
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.run import RunFolder, new_run_path
from gan_studio.engine.samples import GridMaker, RawGrids, grid_size, write_reals
from gan_studio.engine.speed import Plan, choose_plan, plan_of
from gan_studio.engine.speed.measure import fastest_plan
from gan_studio.engine.state import TrainingState, seed_everything
from gan_studio.engine.stats import Statistics
from gan_studio.engine.trainer import Trainer

PROGRESS_SECONDS = 0.1
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
    report = _scan(request.source, request.second_source, emit, control)
    config = decide(request, report, start.config if start else None)
    unknown = len(frozenset(request.excluded)) - len(config.excluded)
    if unknown:
        what = "1 name" if unknown == 1 else f"{unknown:,} names"
        emit(Notice(f"{what} in the list of pictures to leave out is not that of any picture here."))
    if start:
        start.check(config)
    pictures = _load_first(report, config, emit, control, world)
    config = config.changed(
        fingerprint=pictures.fingerprint(),
        picture_count=len(pictures),
        started_from=start.origin.model_dump() if start else None,
    )
    domains = _domains(config, pictures)
    plan = _fastest_plan(config, pictures, domains, emit, control, world)
    path = request.outdir or new_run_path(config.source, config.family, config.picture.size)
    run = RunFolder.create(path, config)
    with plan.working(), _received(run, emit, control) as reception:
        return reception.follow(_train(config, run, reception, pictures, domains, plan, start, world))


def _fastest_plan(
    config: RunConfig,
    pictures: PictureSet,
    domains: Mapping[str, Domain],
    emit: Emit,
    control: Control,
    world: World,
) -> Plan:
    """For a new run. What is tried are networks and batches of its own: the run has not begun yet."""
    family, settings = make_family(config), config.training

    def build(plan: Plan, statistics: Statistics, batch_size: int) -> TrainingState:
        emit(Preparing("Measuring what is fastest here"))
        smaller = config.changed(training=settings.changed(batch_size=batch_size).model_dump())
        data = {name: _batches(smaller, pictures, domain, plan, world) for name, domain in domains.items()}
        training = assemble(make_family(config), data, plan, statistics, settings.average_images)
        show_examples(family, training, examples(pictures, domains))
        return training

    base = replace(choose_plan(settings), processes=world.size)
    return fastest_plan(base, settings, family, build, _cancelled(control))


def _resume(request: ResumeRequest, emit: Emit, control: Control, world: World) -> TerminalEvent:
    run = RunFolder.open(request.run)
    with _received(run, emit, control) as reception:
        return reception.follow(_resume_held(request, run, reception, world))


def _resume_held(request: ResumeRequest, run: RunFolder, reception: Reception, world: World) -> TerminalEvent:
    emit, control = reception.tell, reception.control
    path = run.state_to_resume(request.from_step)
    state = load_state(path)
    config = continued(run.config(), request, state)
    report = _scan(*_sources(config), emit, control)
    pictures = _load_first(report, config, emit, control, world)
    if pictures.fingerprint() != config.fingerprint:
        what = f"The pictures in {config.source} have changed since this run began."
        emit(Notice(what, "Training goes on with what is there now."))
    plan = plan_of(state, path).shared_by(world.size, config.training.threads)
    with plan.working():
        return _train(config, run, reception, pictures, _domains(config, pictures), plan, state, world)


def _sources(config: RunConfig) -> tuple[Path, Path | None]:
    return Path(config.source), Path(config.second_source) if config.second_source else None


def _scan(source: Path, second: Path | None, emit: Emit, control: Control) -> ScanReport:
    return scan(
        source,
        second,
        progress=_progress(emit, "Looking at the pictures"),
        examining=_progress(emit, "Looking for colour"),
        cancelled=_cancelled(control),
    )


def _load_first(report: ScanReport, config: RunConfig, emit: Emit, control: Control, world: World) -> PictureSet:
    """The pictures, decoded before the other processes of this machine look for them."""
    world.check_batch(config.training.batch_size)
    world.same(config.model_dump_json())
    with world.first_here():
        return _load(report, config, emit, control)


def _load(report: ScanReport, config: RunConfig, emit: Emit, control: Control) -> PictureSet:
    pictures = load_pictures(
        domains_of(report, config),
        config.decided_data(),
        crops=family_class(config.family).data().crop > 0,
        progress=_progress(emit, "Decoding"),
        cancelled=_cancelled(control),
    )
    for notice in pictures.notices:
        emit(Notice(notice))
    pictures = pictures.without(config.excluded)
    for name in config.data.held_out_list:
        if not len(pictures.numbers_of([name])):
            emit(Notice(f"No picture here is called {name}: it cannot be held out."))
    return pictures


def _train(
    config: RunConfig,
    run: RunFolder,
    reception: Reception,
    pictures: PictureSet,
    domains: Mapping[str, Domain],
    plan: Plan,
    beginning: dict[str, Any] | StartingPoint | None,
    world: World,
) -> TerminalEvent:
    """Train from a checkpoint's state, from the weights of another run, or from random ones."""
    emit = reception.tell
    emit(Preparing("Building the networks"))
    world.same(plan.to_dict())
    family, statistics = make_family(config), Statistics(world)
    training = _assembled(config, family, pictures, domains, plan, statistics, world)
    grids, raw_grids = _grids(config, family, training, plan)
    initial_rates = dict(training.stepper.rates)
    metrics = _metrics(config, family, training, pictures, domains, plan)
    trainer = Trainer(config, run, reception, training, statistics, grids, plan, raw_grids, metrics)
    if isinstance(beginning, dict):
        trainer.load(beginning)
        run.cut(training.counters.step)
        run.write_config(config)
    else:
        write_reals(run.reals_file, pictures, domains)
        if beginning:
            beginning.fill(training)
            run.log(f"Begins with the weights of {beginning.origin.run}, step {beginning.origin.step}.")
        show_examples(family, training, examples(pictures, domains))
    training.spread()
    for remark in family.remarks():
        run.log(remark)
    resumed, how = isinstance(beginning, dict), training.stepper.plan.describe()
    run.log(f"{'Resumed' if resumed else 'Started'} at step {training.counters.step}: {how}.")
    emit(replace(_started(config, run, family, training, pictures), initial_rates=initial_rates))
    end = trainer.run(emit, reception.control)
    world.announce("end")
    return end


def take_part(world: World) -> None:
    """What every process but the first does: train what that one decides, and write nothing.

    Raises PeerLost where another process is gone, and whatever a loss raises.
    """
    config = load_run_config(world.same(None), "the first process")
    with world.first_here():
        report = _scan(*_sources(config), _to_nobody, Control())
        pictures = _load(report, config, _to_nobody, Control())
    plan, statistics = Plan(**world.same(None)), Statistics(world)
    domains, family = _domains(config, pictures), make_family(config)
    with replace(plan, device=world.device_of(plan.device)).working():
        follow(world, _assembled(config, family, pictures, domains, plan, statistics, world), statistics)


def _to_nobody(event: TrainEvent) -> None:
    """The first process tells of everything."""


def _assembled(
    config: RunConfig,
    family: Family,
    pictures: PictureSet,
    domains: Mapping[str, Domain],
    plan: Plan,
    statistics: Statistics,
    world: World,
) -> TrainingState:
    """On this process's device, with its share of the pictures."""
    plan = replace(plan, device=world.device_of(plan.device))
    settings = config.training
    seed_everything(settings.seed)
    data = {name: _batches(config, pictures, domain, plan, world) for name, domain in domains.items()}
    return assemble(family, data, plan, statistics, settings.average_images, world, settings.sync_batch_norm)


def _grids(config: RunConfig, family: Family, training: TrainingState, plan: Plan) -> tuple[GridMaker, RawGrids | None]:
    """From the same latents: grids of the averaged generator, and of the raw one where that is another and wanted."""
    settings, count = config.training, grid_size(config.picture.size)

    def maker(networks: Mapping[str, nn.Module]) -> GridMaker:
        return GridMaker(family.sampler(networks), count, settings.seed, plan.device)

    if not (settings.raw_grids and settings.average_images):
        return maker(training.averages.networks), None
    mirrors = Mirrors(training.parts.networks, training.parts.averaged)
    return maker(training.averages.networks), RawGrids(mirrors, maker(mirrors.networks))


def _metrics(
    config: RunConfig,
    family: Family,
    training: TrainingState,
    pictures: PictureSet,
    domains: Mapping[str, Domain],
    plan: Plan,
) -> TrainingMetrics | None:
    """Of the averaged generator; None where the user wants none, or nothing can be measured quickly."""
    if not config.training.measure:
        return None
    subject = Subject(
        family.sampler(training.averages.networks),
        type(family).data(),
        config.picture,
        lambda: RealPictures(pictures, domains),
        count=picture_count(config.picture.size),
        seed=config.training.seed,
        device=plan.device,
    )
    return TrainingMetrics(subject) or None


def _domains(config: RunConfig, pictures: PictureSet) -> dict[str, Domain]:
    names = family_class(config.family).data().domains
    return split(pictures, names, config.data.held_out, config.training.seed, config.data.held_out_list)


def _batches(config: RunConfig, pictures: PictureSet, domain: Domain, plan: Plan, world: World) -> BatchSource:
    if config.picture.points:
        shape = shape_called(config.picture.points)
        size, device = config.training.batch_size, plan.device
        return PointBatches(shape, batch_size=size, seed=domain.seed, device=device, share=world.share)
    return Batches(
        pictures,
        domain.trained_on,
        batch_size=config.training.batch_size,
        seed=domain.seed,
        flip=config.data.flip,
        device=plan.device,
        share=world.share,
    )


def _started(
    config: RunConfig, run: RunFolder, family: Family, training: TrainingState, pictures: PictureSet
) -> Started:
    phases = family.phases(family.stage(training.counters.images))
    return Started(
        run=run.path,
        step=training.counters.step,
        total_steps=config.training.steps or None,
        batch_size=config.training.batch_size,
        picture_count=len(pictures.names),
        parameter_counts={name: count_parameters(network) for name, network in training.parts.networks.items()},
        learning_rates=dict(training.stepper.rates),
        phase_networks=tuple(dict.fromkeys(name for phase in phases for name in phase.trains)),
        plan=training.stepper.plan.describe(),
        reference_lines=dict(family.reference_lines()),
        remarks=tuple(family.remarks()),
    )


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
