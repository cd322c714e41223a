"""A run that was stopped or killed continues bit for bit as if nothing had happened, in a new process."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from gan_studio.engine import training
from gan_studio.engine.checkpoint import load_generator, load_state
from gan_studio.engine.control import Control
from gan_studio.engine.events import Failed, Finished, Notice, Started, Stopped
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.speed import Plan
from tests.engine.courses import differences, final_state, in_another_process, new_run, play, train

LAST = 20
STOPPED_AT = 9
KILLED_AT = 13
CHECKPOINT = 10
BY_HAND: dict[int, list[tuple]] = {
    3: [("set_learning_rate", "D", 1e-4)],
    11: [("train_only", "D")],
    12: [("set_learning_rate", "G", 5e-4)],
}
HARD: dict[str, Any] = {"family": {"d_dropout": 0.3}, "data": {"flip": True}, "steps": LAST, "tensorboard": True}
"""Flips and dropout on, ten pictures in batches of four: epochs end within batches."""


@pytest.fixture(scope="module")
def courses(tmp_path_factory, pictures):
    """`whole` ran through; `stopped` and `killed` did not, and were continued in a new process."""
    folder = tmp_path_factory.mktemp("courses")
    whole, stopped, killed = folder / "whole", folder / "stopped", folder / "killed"
    play(new_run(pictures, whole, **HARD), LAST, BY_HAND)
    play(new_run(pictures, stopped, **HARD), STOPPED_AT, BY_HAND)
    new = {"source": str(pictures), "outdir": str(killed), **HARD, "checkpoint_steps": CHECKPOINT}
    end = in_another_process({"new": new, "last_step": KILLED_AT, "actions": BY_HAND, "kill": True})
    assert end.returncode == -9, end.stderr
    before = RunFolder(killed).metrics()
    later = {step: todo for step, todo in BY_HAND.items() if step > STOPPED_AT}
    faster = stopped_with_layers_in_faster_ways(pictures, folder / "faster")
    end = in_another_process(
        {"run": str(stopped), "last_step": LAST, "actions": later},
        {"run": str(killed), "last_step": LAST},
        {"run": str(faster), "last_step": LAST},
    )
    assert end.stdout.count("Finished(step=20") == 3, end.stdout + end.stderr
    return {"whole": whole, "stopped": stopped, "killed": killed, "faster": faster, "before the end": before}


FASTER = Plan("cpu", 2, kernels={"D.0": "planes", "D.2": "winograd", "G.1": "matrix", "G.4": "winograd"})


def stopped_with_layers_in_faster_ways(pictures: Path, outdir: Path) -> Path:
    with in_faster_ways():
        play(new_run(pictures, outdir, steps=LAST), STOPPED_AT)
    return outdir


@contextmanager
def in_faster_ways() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(training, "fastest_plan", lambda *arguments: FASTER)
        yield


@pytest.mark.parametrize("course", ["stopped", "killed"])
def test_networks_averages_optimisers_and_random_states_are_equal_bit_for_bit(courses, course):
    whole, resumed = final_state(courses["whole"]), final_state(courses[course])
    assert {"modules", "averages", "optimizers", "random", "data", "rates", "counters"} <= whole.keys()
    assert differences(whole, resumed) == []


@pytest.mark.parametrize("course", ["stopped", "killed"])
def test_generator_files_and_grids_are_equal(courses, course):
    whole, resumed = RunFolder(courses["whole"]), RunFolder(courses[course])
    hashes = [load_generator(run.generator_file(LAST)).sha256 for run in (whole, resumed)]
    assert hashes[0] == hashes[1]
    assert whole.sample_file(LAST).read_bytes() == resumed.sample_file(LAST).read_bytes()
    assert whole.raw_sample_file(LAST).read_bytes() == resumed.raw_sample_file(LAST).read_bytes()


def test_the_comparison_notices_a_single_changed_bit(courses):
    whole, other = final_state(courses["whole"]), final_state(courses["whole"])
    other["modules"]["G"]["2.weight"].view(torch.int32)[0] ^= 1
    assert differences(whole, other) == ["/modules/G/2.weight"]


def test_the_scripted_interventions_took_part_in_the_course(courses):
    """Without this, equality would say nothing about them."""
    state = final_state(courses["whole"])
    assert state["counters"]["interventions"] == 3
    assert state["rates"] == {"D": 1e-4, "G": 5e-4}
    assert state["data"]["image"]["drawn"] == 4 * (LAST + 1)  # one more batch: D's half-step


def test_what_was_done_after_the_last_checkpoint_is_repeated_from_the_journal(courses):
    kinds = [(line["step"], line["kind"]) for line in RunFolder(courses["killed"]).interventions()]
    assert kinds == [(3, "learning_rate"), (11, "phase"), (12, "learning_rate")]


@pytest.mark.parametrize("course", ["stopped", "killed"])
def test_metrics_behind_the_checkpoint_are_cut_and_come_out_the_same(courses, course):
    assert max(line["step"] for line in courses["before the end"]) > CHECKPOINT
    whole, resumed = (_without_clock(RunFolder(courses[name]).metrics()) for name in ("whole", course))
    for step in set(range(1, LAST + 1)) - BY_HAND.keys():
        assert whole[step] == resumed[step]
        assert len(resumed[step]) == 1


@pytest.mark.parametrize("course", ["whole", "stopped", "killed"])
def test_tensorboard_shows_each_step_once_with_the_values_of_the_metrics(courses, course):
    run = RunFolder(courses[course])
    events = EventAccumulator(str(run.tensorboard), size_guidance={"scalars": 0}).Reload()
    scalars = events.Scalars("loss/G")
    assert [event.step for event in scalars] == sorted({line["step"] for line in run.metrics() if "loss/G" in line})
    values = {line["step"]: line["loss/G"] for line in run.metrics() if "loss/G" in line}
    assert all(event.value == pytest.approx(values[event.step], rel=1e-6) for event in scalars)


def test_grids_checkpoints_and_metrics_behind_an_earlier_checkpoint_are_cut(tmp_path, pictures):
    request = new_run(
        pictures, tmp_path / "r", steps=8, sample_steps=2, checkpoint_steps=4, keep_checkpoints=9, tensorboard=True
    )
    train(request)
    run = RunFolder(tmp_path / "r")
    assert list(run.state_files()) == [0, 4, 8]
    train(ResumeRequest(run.path, {"steps": 4}, from_step=4))
    assert list(run.state_files()) == list(run.generator_files()) == [0, 4]
    assert list(run.sample_files()) == list(run.raw_sample_files()) == [0, 2, 4]
    assert max(line["step"] for line in run.metrics()) == 4


def test_tensorboard_forgets_what_a_run_resumed_from_step_0_had_written(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=6, tensorboard=True))
    train(ResumeRequest(tmp_path / "r", {"steps": 2}, from_step=0))
    events = EventAccumulator(str(tmp_path / "r" / "tensorboard")).Reload()
    assert max(event.step for event in events.Scalars("loss/D")) == 2


def test_a_resumed_run_keeps_its_plan(tmp_path, pictures, monkeypatch):
    train(new_run(pictures, tmp_path / "r", steps=2))
    path = tmp_path / "r" / "config.json"
    config = json.loads(path.read_text())
    config["training"] |= {"threads": 2, "precision": "bf16"}
    path.write_text(json.dumps(config))
    monkeypatch.setattr(training, "choose_plan", lambda settings: pytest.fail("a new plan was chosen"))
    monkeypatch.setattr(training, "fastest_plan", lambda *arguments: pytest.fail("a plan was measured"))
    events = train(ResumeRequest(tmp_path / "r", {"steps": 3}))
    assert isinstance(events[-1], Finished), events[-1]
    plans = {event.plan for event in events if isinstance(event, Started)}
    assert plans == {"CPU, 1 thread, fp32, channels last"}
    assert final_state(tmp_path / "r")["plan"]["threads"] == 1


def test_resume_is_exact_with_layers_in_faster_ways(courses, tmp_path, pictures):
    with in_faster_ways():
        train(new_run(pictures, tmp_path / "whole", steps=LAST))
    whole, resumed = final_state(tmp_path / "whole"), final_state(courses["faster"])
    assert whole["plan"]["kernels"] == FASTER.kernels and differences(whole, resumed) == []
    plain = tmp_path / "plain"
    train(new_run(pictures, plain, steps=LAST, threads=2))
    assert differences(final_state(plain)["modules"], whole["modules"]), "the ways were not in place"


def test_a_checkpoint_of_a_device_that_is_gone_says_so(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=1))
    run = RunFolder(tmp_path / "r")
    state = load_state(run.state_file(1))
    state["plan"]["device"] = "cuda:7"
    torch.save(state, run.state_file(1))
    end = train(ResumeRequest(run.path, {"steps": 2}))[-1]
    assert isinstance(end, Failed)
    assert "cuda:7" in end.message


def test_total_steps_that_are_reached_already_end_at_once_and_change_nothing(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=3))
    before = (tmp_path / "r" / "checkpoints" / "step-00000003.pt").read_bytes()
    assert isinstance(train(ResumeRequest(tmp_path / "r"))[-1], Finished)
    assert (tmp_path / "r" / "checkpoints" / "step-00000003.pt").read_bytes() == before


def test_a_state_of_other_networks_is_refused(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "a", steps=1))
    train(new_run(pictures, tmp_path / "b", steps=1, family={"features": 8}))
    a, b = RunFolder(tmp_path / "a"), RunFolder(tmp_path / "b")
    a.state_file(1).write_bytes(b.state_file(1).read_bytes())
    end = train(ResumeRequest(a.path, {"steps": 2}))[-1]
    assert isinstance(end, Failed)
    assert "does not fit" in end.message


def test_pictures_that_changed_since_are_said(tmp_path, pictures):
    folder = tmp_path / "own"
    folder.mkdir()
    for file in pictures.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    train(new_run(folder, tmp_path / "r", steps=1))
    (folder / "0.png").unlink()
    events = train(ResumeRequest(tmp_path / "r", {"steps": 2}))
    assert isinstance(events[-1], Finished)
    assert any(isinstance(event, Notice) and "changed" in event.message for event in events)


def test_reading_and_building_a_generator_in_between_leaves_the_course_alone(tmp_path, pictures):
    def look(event, control: Control) -> None:
        if isinstance(event, Started):
            seen.append(torch.get_rng_state())
            load_generator(RunFolder(tmp_path / "a").newest_generator())
            assert torch.equal(seen[0], torch.get_rng_state())

    seen: list[torch.Tensor] = []
    train(new_run(pictures, tmp_path / "a", steps=3))
    train(new_run(pictures, tmp_path / "b", steps=3), react=look)
    assert seen
    assert differences(final_state(tmp_path / "a"), final_state(tmp_path / "b")) == []


def test_a_stop_while_decoding_a_resumed_run_leaves_it_as_it_was(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=2))
    control = Control()
    control.stop()
    events = train(ResumeRequest(tmp_path / "r", {"steps": 9}), control)
    assert events[-1] == Stopped(0, tmp_path / "r", saved=False)
    assert list(RunFolder(tmp_path / "r").state_files()) == [0, 2]
    assert RunFolder(tmp_path / "r").config().training.steps == 2


def _without_clock(lines: list[dict]) -> dict[int, list[dict]]:
    by_step: dict[int, list[dict]] = {step: [] for step in Counter(line["step"] for line in lines)}
    for line in lines:
        by_step[line["step"]].append({key: value for key, value in line.items() if key != "seconds"})
    return by_step


def test_paths_of_a_run_stay_valid_when_it_moves(tmp_path, pictures):
    train(new_run(pictures, tmp_path / "r", steps=1))
    moved = Path(tmp_path / "moved")
    (tmp_path / "r").rename(moved)
    assert isinstance(train(ResumeRequest(moved, {"steps": 2}))[-1], Finished)
