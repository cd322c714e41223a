"""The loop: what it tells, what may be asked of it, and that it always ends with one terminal event."""

import os
import shutil
import time

import pytest
import torch

from gan_studio.engine import trainer
from gan_studio.engine.checkpoint import generator_from_tensors, load_generator, load_state
from gan_studio.engine.control import Control
from gan_studio.engine.events import (
    CheckpointSaved,
    Failed,
    Finished,
    GridSaved,
    LearningRateChanged,
    Paused,
    Preparing,
    Report,
    Resumed,
    SnapshotReady,
    Started,
    Stopped,
    TerminalEvent,
)
from gan_studio.engine.families.dcgan import DCGAN
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import differences, final_state, new_run, play, train


def kinds(events):
    return [type(event).__name__ for event in events]


def only(events, kind):
    return [event for event in events if isinstance(event, kind)]


def in_step(monkeypatch, step, action):
    """Call `action(ctx)` at the start of D's loss in one step (from 1), before anything is computed."""
    d_loss, calls = DCGAN.d_loss, []

    def loss(self, ctx):
        calls.append(1)
        if len(calls) == step:
            action(ctx)
        return d_loss(self, ctx)

    monkeypatch.setattr(DCGAN, "d_loss", loss)


# --- events ---


def test_events_come_in_their_order(tmp_path, pictures):
    events = train(new_run(pictures, tmp_path / "r", steps=5))
    assert kinds(events)[:2] == ["Preparing", "Preparing"]
    begin = next(index for index, event in enumerate(events) if isinstance(event, Started))
    assert all(isinstance(event, Preparing) for event in events[:begin])
    assert kinds(events[begin + 1 : begin + 3]) == ["GridSaved", "CheckpointSaved"]
    assert [events[begin + 1].step, events[begin + 2].step] == [0, 0]
    assert kinds(events[-3:]) == ["GridSaved", "CheckpointSaved", "Finished"]
    assert [event.step for event in events[-3:]] == [5, 5, 5]
    assert only(events, Report)[-1].step == 5


def test_the_first_grid_and_the_reals_lie_on_disk_when_they_are_told(tmp_path, pictures):
    def look(event, control):
        if isinstance(event, Started):
            assert RunFolder(event.run).reals_file.is_file()
        if isinstance(event, GridSaved | CheckpointSaved):
            assert event.path.is_file()

    assert isinstance(train(new_run(pictures, tmp_path / "r", steps=2), react=look)[-1], Finished)


def test_started_says_what_a_front_end_shows(tmp_path, pictures):
    started = only(train(new_run(pictures, tmp_path / "r", steps=1)), Started)[0]
    assert (started.run, started.step, started.total_steps) == (tmp_path / "r", 0, 1)
    assert (started.batch_size, started.picture_count) == (4, 10)
    assert started.learning_rates == {"D": 2e-4, "G": 2e-4}
    assert started.phase_networks == ("D", "G")
    assert started.reference_lines["score/real"] == 0.5
    assert set(started.parameter_counts) == {"G", "D"}


def test_reports_hold_losses_scores_norms_and_rates(tmp_path, pictures):
    report = only(train(new_run(pictures, tmp_path / "r", steps=5)), Report)[-1]
    names = {"loss/D", "loss/G", "score/real", "score/fake", "grad/D", "grad/G", "rate/D", "rate/G"}
    assert set(report.scalars) == names
    assert all(type(value) is float for value in report.scalars.values())
    assert report.images == 20
    assert report.memory_bytes > 0


def test_reports_are_paced_by_the_clock_and_not_by_steps(tmp_path, pictures):
    start = time.monotonic()
    events = train(new_run(pictures, tmp_path / "r", steps=100))
    most = (time.monotonic() - start) / trainer.REPORT_SECONDS
    reports = len(only(events, Report))
    assert reports <= most + 2
    assert reports < 100


# --- one terminal event ---


@pytest.mark.parametrize("end", ["finish", "stop", "cancel", "error", "memory", "no pictures", "no folder"])
def test_every_training_ends_with_exactly_one_terminal_event(end, tmp_path, pictures, monkeypatch):
    def fail(ctx):
        raise ZeroDivisionError("a mistake in a loss")

    def exhaust(ctx):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB")

    control, source = Control(), pictures
    if end == "stop":
        in_step(monkeypatch, 3, lambda ctx: control.stop())
    elif end in ("error", "memory"):
        in_step(monkeypatch, 3, fail if end == "error" else exhaust)
    elif end == "cancel":
        control.stop()
    elif end == "no pictures":
        (source := tmp_path / "empty").mkdir()
    elif end == "no folder":
        source = tmp_path / "nowhere"
    events = train(new_run(source, tmp_path / "r", steps=6), control)
    assert len(only(events, TerminalEvent)) == 1
    assert isinstance(events[-1], {"finish": Finished, "stop": Stopped, "cancel": Stopped}.get(end, Failed))
    assert not (tmp_path / "r" / "lock.json").exists()


def test_an_error_in_a_loss_keeps_what_was_saved_and_the_traceback(tmp_path, pictures, monkeypatch):
    def fail(ctx):
        raise ZeroDivisionError("a mistake in a loss")

    in_step(monkeypatch, 4, fail)
    end = train(new_run(pictures, tmp_path / "r", steps=9, checkpoint_steps=2))[-1]
    assert isinstance(end, Failed)
    assert "a mistake in a loss" in end.message
    assert "ZeroDivisionError" in end.details
    assert list(RunFolder(tmp_path / "r").state_files()) == [0, 2]


def test_running_out_of_memory_offers_a_smaller_batch(tmp_path, pictures, monkeypatch):
    def exhaust(ctx):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB")

    in_step(monkeypatch, 2, exhaust)
    end = train(new_run(pictures, tmp_path / "r", steps=9))[-1]
    assert isinstance(end, Failed)
    assert "memory" in end.message
    assert "batch" in end.advice


def test_the_run_is_free_again_when_the_terminal_event_comes(tmp_path, pictures):
    def look(event, control):
        if isinstance(event, Report | TerminalEvent):
            locks.append((tmp_path / "r" / "lock.json").exists())

    locks: list[bool] = []
    train(new_run(pictures, tmp_path / "r", steps=3), react=look)
    assert locks[-1] is False
    assert locks[0] is True


# --- limits ---


@pytest.mark.parametrize(("limit", "steps"), [({"steps": 7}, 7), ({"images": 25}, 7), ({"steps": 3, "images": 99}, 3)])
def test_the_limit_that_is_reached_first_ends_a_training(limit, steps, tmp_path, pictures):
    assert train(new_run(pictures, tmp_path / "r", **limit))[-1] == Finished(steps, tmp_path / "r")


def test_minutes_end_a_training(tmp_path, pictures):
    end = train(new_run(pictures, tmp_path / "r", minutes=0.001))[-1]
    assert isinstance(end, Finished)
    assert final_seconds(tmp_path / "r") >= 0.06


def test_without_a_limit_it_trains_until_it_is_stopped(tmp_path, pictures, monkeypatch):
    control = Control()
    in_step(monkeypatch, 12, lambda ctx: control.stop())
    assert train(new_run(pictures, tmp_path / "r"), control)[-1] == Stopped(12, tmp_path / "r", saved=True)


def final_seconds(run):
    return load_state(RunFolder(run).state_to_resume())["counters"]["seconds"]


# --- pause, steps, slow motion ---


def test_pausing_holds_until_it_is_resumed(tmp_path, pictures):
    control = Control()
    control.pause()

    def react(event, control):
        if isinstance(event, Paused):
            control.resume()

    events = train(new_run(pictures, tmp_path / "r", steps=3), control, react)
    told = [event for event in events if isinstance(event, Paused | Resumed | Finished)]
    assert told == [Paused(0), Resumed(0), Finished(3, tmp_path / "r")]


def test_one_step_at_a_time(tmp_path, pictures):
    events = play(new_run(pictures, tmp_path / "r"), 3)
    assert [event.step for event in only(events, Paused)] == [0, 1, 2, 3]
    assert [event.step for event in only(events, Report)] == [1, 2, 3]
    assert events[-1] == Stopped(3, tmp_path / "r")


def test_a_single_step_of_a_training_that_runs_leads_to_a_hold(tmp_path, pictures):
    control = Control()
    control.step_once()

    def react(event, control):
        if isinstance(event, Paused):
            control.stop()

    events = train(new_run(pictures, tmp_path / "r"), control, react)
    assert only(events, Paused) == [Paused(1)]


def test_single_steps_that_were_not_taken_are_forgotten_on_resuming(tmp_path, pictures):
    control = Control()
    for _ in range(3):
        control.step_once()
    control.resume()

    def react(event, control):
        if isinstance(event, Report) and event.step == 2:
            control.pause()
        if isinstance(event, Paused):
            control.stop()

    control.pause()
    control.resume()
    events = train(new_run(pictures, tmp_path / "r", checkpoint_steps=1), control, react)
    assert only(events, Paused) == [Paused(2)]


def test_stop_ends_a_pause(tmp_path, pictures):
    control = Control()
    control.pause()
    events = train(new_run(pictures, tmp_path / "r"), control, lambda e, c: isinstance(e, Paused) and c.stop())
    assert events[-1] == Stopped(0, tmp_path / "r")
    assert not only(events, Resumed)


@pytest.mark.parametrize("ask", ["stop", "pause", "request_sample"])
def test_slow_motion_answers_at_once(ask, tmp_path, pictures):
    """Otherwise this rests for hours."""
    control = Control()
    control.seconds_between_steps = 10_000

    def react(event, control):
        if isinstance(event, Report):
            getattr(control, ask)()
        if isinstance(event, Paused) or (isinstance(event, GridSaved) and event.step == 1):
            control.stop()

    events = train(new_run(pictures, tmp_path / "r", checkpoint_steps=1), control, react)
    assert events[-1] == Stopped(1, tmp_path / "r")


# --- requests ---


def test_a_grid_and_a_checkpoint_are_made_when_asked_for(tmp_path, pictures):
    actions = {2: [("request_sample",)], 3: [("request_checkpoint",)]}
    events = play(new_run(pictures, tmp_path / "r"), 5, actions)
    assert [event.step for event in only(events, GridSaved)] == [0, 2, 5]
    assert [event.step for event in only(events, CheckpointSaved)] == [0, 3, 5]
    assert CheckpointSaved in map(type, events)


def test_a_checkpoint_event_tells_the_size_of_state_and_generator(tmp_path, pictures):
    saved = only(train(new_run(pictures, tmp_path / "r", steps=1)), CheckpointSaved)[-1]
    run = RunFolder(tmp_path / "r")
    assert saved.size_bytes == run.state_file(1).stat().st_size + run.generator_file(1).stat().st_size


def test_a_snapshot_is_the_averaged_generator_of_that_step(tmp_path, pictures):
    control, taken = Control(), []

    def react(event, control):
        if isinstance(event, Paused) and event.step == 2:
            control.request_snapshot()
            control.request_checkpoint()
        if isinstance(event, SnapshotReady):
            taken.append(control.take_snapshot())
            assert control.take_snapshot() is None
            control.stop()
        if isinstance(event, Paused) and event.step < 2:
            control.step_once()

    control.pause()
    events = train(new_run(pictures, tmp_path / "r"), control, react)
    ready = only(events, SnapshotReady)[0]
    assert (ready.version, ready.step) == (taken[0].version, taken[0].step) == (1, 2)
    run = RunFolder(tmp_path / "r")
    snapshot = generator_from_tensors(run.config(), 2, taken[0].tensors)
    assert snapshot.sha256 == load_generator(run.generator_file(2)).sha256


def test_a_snapshot_does_not_change_while_training_goes_on(tmp_path, pictures):
    control, kept = Control(), []

    def react(event, control):
        if isinstance(event, Started):
            control.request_snapshot()
        if isinstance(event, SnapshotReady):
            snapshot = control.take_snapshot()
            kept.append((snapshot, {name: tensor.clone() for name, tensor in snapshot.tensors.items()}))

    train(new_run(pictures, tmp_path / "r", steps=5), control, react)
    snapshot, copy = kept[0]
    assert differences(dict(snapshot.tensors), copy) == []


def test_the_mailbox_keeps_the_newest_snapshot(tmp_path, pictures):
    control = Control()

    def react(event, control):
        if isinstance(event, Paused):
            control.request_snapshot()
        if isinstance(event, SnapshotReady):
            control.step_once() if event.step < 3 else control.stop()

    control.pause()
    train(new_run(pictures, tmp_path / "r"), control, react)
    snapshot = control.take_snapshot()
    assert snapshot is not None
    assert (snapshot.version, snapshot.step) == (4, 3)


def test_what_is_asked_for_in_the_last_step_is_still_served(tmp_path, pictures, monkeypatch):
    control = Control()

    def ask(ctx):
        control.request_snapshot()
        control.set_learning_rate("G", 1e-5)
        control.stop()

    in_step(monkeypatch, 2, ask)
    events = train(new_run(pictures, tmp_path / "r"), control)
    assert only(events, SnapshotReady)
    assert final_state(tmp_path / "r")["rates"]["G"] == 1e-5


def test_learning_rates_change_from_the_next_step_on(tmp_path, pictures):
    actions = {2: [("set_learning_rate", "G", 3e-3), ("set_learning_rate", "no such", 1.0)]}
    events = play(new_run(pictures, tmp_path / "r"), 4, actions)
    assert only(events, LearningRateChanged) == [LearningRateChanged(2, "G", 3e-3)]
    rates = {event.step: event.scalars["rate/G"] for event in only(events, Report)}
    assert (rates[2], rates[3]) == (2e-4, 3e-3)
    state = final_state(tmp_path / "r")
    assert state["optimizers"]["G"]["param_groups"][0]["lr"] == 3e-3
    assert state["optimizers"]["D"]["param_groups"][0]["lr"] == 2e-4


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), -1e-3])
def test_a_learning_rate_that_no_training_survives_is_refused(rate):
    control = Control()
    with pytest.raises(ValueError, match="learning rate"):
        control.set_learning_rate("G", rate)
    assert control.take_intervention() is None


def test_a_learning_rate_of_nought_freezes_a_network(tmp_path, pictures):
    play(
        new_run(pictures, tmp_path / "a", checkpoint_steps=1, keep_checkpoints=9),
        3,
        {1: [("set_learning_rate", "D", 0)]},
    )
    run = RunFolder(tmp_path / "a")
    weights = [load_state(run.state_file(step))["modules"] for step in (1, 3)]
    assert torch.equal(weights[0]["D"]["0.weight"], weights[1]["D"]["0.weight"])
    assert not torch.equal(weights[0]["G"]["1.weight"], weights[1]["G"]["1.weight"])


@pytest.mark.parametrize(("network", "other"), [("D", "G"), ("G", "D")])
def test_one_network_can_be_trained_alone_outside_the_count_of_steps(network, other, tmp_path, pictures):
    play(new_run(pictures, tmp_path / "plain"), 2)
    events = play(new_run(pictures, tmp_path / "by hand"), 2, {2: [("train_only", network)]})
    plain, by_hand = final_state(tmp_path / "plain"), final_state(tmp_path / "by hand")
    assert by_hand["counters"]["step"] == plain["counters"]["step"] == 2
    assert by_hand["counters"]["images"] == plain["counters"]["images"]
    changed = {place.split("/")[2] for place in differences(plain["optimizers"], by_hand["optimizers"], "/o")}
    assert changed == {network}
    assert f"grad/{other}" not in only(events, Report)[-1].scalars


def test_training_a_network_that_is_not_there_changes_nothing(tmp_path, pictures):
    play(new_run(pictures, tmp_path / "plain", average_images=0), 2)
    play(new_run(pictures, tmp_path / "by hand", average_images=0), 2, {1: [("train_only", "no such")]})
    states = final_state(tmp_path / "plain"), final_state(tmp_path / "by hand")
    assert set(differences(*states)) == {"/counters/interventions"}


# --- exactness ---


@pytest.mark.parametrize("step", [1, 5])
def test_a_long_step_is_left_when_stopping_and_discarded_exactly(step, tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(trainer, "LONG_STEP_SECONDS", 0.0)
    control = Control()
    train(new_run(pictures, tmp_path / "before", steps=step - 1) if step > 1 else _stopped_at_0(pictures, tmp_path))
    with monkeypatch.context() as patch:
        g_loss, calls = DCGAN.g_loss, []

        def loss(self, ctx):
            calls.append(1)
            if len(calls) == step:  # D of this step is updated already
                control.stop()
            return g_loss(self, ctx)

        patch.setattr(DCGAN, "g_loss", loss)
        end = train(new_run(pictures, tmp_path / "left", checkpoint_steps=1), control)[-1]
    assert end == Stopped(step - 1, tmp_path / "left", saved=True)
    before = final_state(tmp_path / "before") if step > 1 else _state_0(tmp_path / "before")
    assert differences(before, final_state(tmp_path / "left")) == []
    lines = [line["step"] for line in RunFolder(tmp_path / "left").metrics()]
    assert lines == list(range(1, step)), "nothing is told of a step that did not happen"


def _stopped_at_0(pictures, folder):
    return new_run(pictures, folder / "before", steps=1, keep_checkpoints=5)


def _state_0(run):
    state = load_state(RunFolder(run).state_file(0))
    state["counters"].pop("seconds")
    return state


def test_a_short_step_is_finished_when_stopping(tmp_path, pictures, monkeypatch):
    monkeypatch.setattr(trainer, "LONG_STEP_SECONDS", 1e9)
    control = Control()
    in_step(monkeypatch, 5, lambda ctx: control.stop())
    assert train(new_run(pictures, tmp_path / "r"), control)[-1] == Stopped(5, tmp_path / "r")


def test_watching_does_not_change_the_course(tmp_path, pictures):
    """Grids, checkpoints, snapshots, TensorBoard and pauses take nothing from torch's random state."""
    quiet = new_run(pictures, tmp_path / "quiet", steps=6, family={"d_dropout": 0.2}, raw_grids=False)
    train(quiet)
    busy = new_run(
        pictures,
        tmp_path / "busy",
        steps=6,
        family={"d_dropout": 0.2},
        sample_steps=1,
        raw_grids=True,
        checkpoint_steps=1,
        tensorboard=True,
    )
    looks = [("request_snapshot",), ("request_sample",), ("request_checkpoint",)]
    play(busy, 6, dict.fromkeys(range(6), looks))
    assert differences(final_state(tmp_path / "quiet"), final_state(tmp_path / "busy")) == []


def test_each_grid_has_a_raw_one_of_the_same_latents(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=4, sample_steps=2, average_images=100_000))
    run = RunFolder(tmp_path / "r")
    assert list(run.raw_sample_files()) == list(run.sample_files()) == [0, 2, 4]
    same = [run.sample_file(step).read_bytes() == run.raw_sample_file(step).read_bytes() for step in (0, 4)]
    assert same == [True, False], "before the first step the average is the generator itself"


@pytest.mark.parametrize("unwanted", [{"raw_grids": False}, {"average_images": 0}])
def test_raw_grids_are_left_out_where_nobody_wants_them_or_nothing_is_averaged(unwanted, tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=1, **unwanted))
    run = RunFolder(tmp_path / "r")
    assert not run.raw_samples.exists() and list(run.sample_files()) == [0, 1]


def test_a_raw_grid_shows_what_the_generator_in_training_makes(tmp_path, pictures):
    """In evaluation mode, as the averaged one: a training without averaging gives the same picture."""
    train(new_run(pictures, tmp_path / "averaged", steps=3, average_images=100_000))
    train(new_run(pictures, tmp_path / "plain", steps=3, average_images=0))
    raw = RunFolder(tmp_path / "averaged").raw_sample_file(3).read_bytes()
    assert raw == RunFolder(tmp_path / "plain").sample_file(3).read_bytes()


def test_the_same_seed_gives_the_same_training_and_another_one_another(tmp_path, pictures):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        train(new_run(pictures, tmp_path / name, steps=4, seed=seed))
    a, b, c = (final_state(tmp_path / name) for name in "abc")
    assert differences(a, b) == []
    assert differences(a, c) != []


@pytest.mark.skipif(os.name != "posix", reason="names of bytes are a matter of POSIX")
def test_a_folder_whose_name_is_not_unicode_is_refused_in_words(tmp_path, pictures):
    odd = tmp_path / os.fsdecode(b"caf\xe9")
    shutil.copytree(pictures, odd)
    end = train(new_run(odd, tmp_path / "r", steps=1))[-1]
    assert isinstance(end, Failed)
    assert "not Unicode" in end.message
    end.message.encode()


def test_names_with_umlauts_spaces_and_emoji_train_and_resume(tmp_path, pictures):
    folder = tmp_path / "Süße Bilder 🌷"
    shutil.copytree(pictures, folder)
    run = tmp_path / "Läufe 🌷" / "erster Lauf"
    assert isinstance(train(new_run(folder, run, steps=1))[-1], Finished)
    assert train(ResumeRequest(run, {"steps": 2}))[-1] == Finished(2, run)
