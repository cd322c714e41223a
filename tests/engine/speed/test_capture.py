"""Captured steps do what eager ones do, whatever changes between them, and give way where they cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from gan_studio.engine.assembly import assemble
from gan_studio.engine.checkpoint import load_state
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.events import Notice, PlanChanged, Started
from gan_studio.engine.families import family_class
from gan_studio.engine.families.base import Family
from gan_studio.engine.run import RunFolder
from gan_studio.engine.run_status import read_status
from gan_studio.engine.speed import Plan, capture
from gan_studio.engine.speed.capture import WARM_UP_STEPS, CudaGraphs, Graphs
from gan_studio.engine.speed.capture_trial import STEPS, Trial, worth_capturing
from gan_studio.engine.state import TrainingState, copied, seed_everything
from gan_studio.engine.stats import Statistics
from gan_studio.engine.trainer import NO_GRAPHS
from tests.engine.courses import FAMILY, differences, draw_pictures, final_state, new_run, play
from tests.engine.families.builds import BATCH, _batches
from tests.engine.speed.tape import TapeGraphs

STEPS_MADE = 12
NEVER = 10**9
CLASSES = ("a", "b")


def family(name: str, **settings: Any) -> Family:
    cls = family_class(name)
    points = "ring" if cls.data().kind == "points" else ""
    picture = PictureSpec(size=16, classes=CLASSES if name == "cgan" else (), points=points)
    return cls(cls.tiny().changed(**settings), picture)


class Training:
    """A training of a few steps, and what each of them logged."""

    def __init__(self, model: Family, graphs: Graphs | None, monkeypatch, plan: Plan = Plan("cpu", 1)) -> None:  # noqa: B008
        monkeypatch.setattr("gan_studio.engine.assembly.graphs_of", lambda plan: graphs)
        seed_everything(0)
        self.statistics = Statistics()
        batches = dict.fromkeys(model.data().domains, _batches(model.picture))
        self.state: TrainingState = assemble(model, batches, plan, self.statistics, 100)
        self.logged: list[dict[str, float]] = []
        self.step, self.images = 0, 0

    @property
    def steps(self):
        captured = self.state.stepper.captured
        assert captured
        return captured

    def run(self, count: int = STEPS_MADE) -> Training:
        for _ in range(count):
            self.images += self.state.stepper.step(self.step, self.images)
            self.step += 1
            self.logged.append(self.statistics.read()[0])
        return self

    def end(self) -> dict[str, Any]:
        return copied(self.state.capture())


def warming(monkeypatch, do: Callable[[], Training]) -> Training:
    """The same without a capture: rates are tensors too, every step is a warm-up."""
    with monkeypatch.context() as patch:
        patch.setattr(capture, "WARM_UP_STEPS", NEVER)
        return do()


def slow(name: str, **settings: Any) -> Any:
    return pytest.param(name, settings, marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("dcgan", {"critic_steps": 3, "objective": "relativistic", "augmentation": "ada", "d_dropout": 0.2}),
        ("cgan", {}),
        ("points", {}),
        slow("dcgan", weight_clip=0.01, objective="wasserstein"),
        slow("dcgan", spectral_norm=True, d_norm="none", objective="hinge", augmentation="diffaugment"),
        slow("dcgan", r1=1.0, penalty_every=4, d_norm="instance", minibatch_deviation=True),
        slow("cgan", conditioning="projection", d_norm="none"),
        slow("vanilla", d_layers="maxout", prior="uniform"),
        slow("stylegan"),
        slow("stylegan", modulation="adain", augmentation="ada"),
        slow("progan", gradient_penalty=0, objective="non-saturating", drift=0, stable_images=200),
    ],
)
def test_a_replayed_step_is_bit_for_bit_the_eager_one(monkeypatch, name, settings):
    model, graphs = family(name, **settings), TapeGraphs()
    captured = Training(model, graphs, monkeypatch).run()
    assert graphs.replays >= 3 and not captured.steps.failure
    eager = warming(monkeypatch, lambda: Training(model, TapeGraphs(), monkeypatch).run())
    assert captured.logged == eager.logged
    assert differences(captured.end(), eager.end()) == []


def test_each_kind_of_step_warms_up_and_is_captured_once(monkeypatch):
    model, graphs = family("dcgan", critic_steps=3), TapeGraphs()
    Training(model, graphs, monkeypatch).run(18)
    # Twelve steps of D alone, six of both
    assert (graphs.warm_ups, graphs.records) == (2 * WARM_UP_STEPS, 2)
    assert graphs.replays == 18 - 2 * WARM_UP_STEPS


def test_a_rate_is_changed_without_another_capture(monkeypatch):
    def course() -> Training:
        training = Training(family("dcgan"), graphs[0], monkeypatch).run(8)
        training.state.stepper.rates["G"] = 1e-3
        return training.run(8)

    graphs = [TapeGraphs()]
    captured = course()
    assert graphs[0].records == 1
    graphs[0] = TapeGraphs()
    eager = warming(monkeypatch, course)
    assert differences(captured.end(), eager.end()) == []
    rate = captured.end()["optimizers"]["G"]["param_groups"][0]["lr"]
    assert isinstance(rate, float) and rate == pytest.approx(1e-3)


def test_another_stage_is_captured_anew_and_one_that_changes_in_each_step_never(monkeypatch):
    noisy = TapeGraphs()
    Training(family("dcgan", instance_noise=0.5), noisy, monkeypatch).run(8)
    assert noisy.records == 0
    growing = TapeGraphs()
    settings = {"gradient_penalty": 0, "objective": "non-saturating", "drift": 0, "batch_growth": 1}
    model = family("progan", **settings, stable_images=8 * BATCH, fade_images=BATCH)
    training = Training(model, growing, monkeypatch).run(8)
    assert growing.records == 1
    training.run(8)
    assert growing.records == 2 and training.steps.captured == 1


def test_where_nothing_may_be_captured_nothing_is_and_the_plan_says_so(monkeypatch):
    plan = Plan("cpu", 1, capture=True)
    lazy = family("dcgan", r1=1.0, penalty_every=4, d_norm="none")
    assert Training(lazy, TapeGraphs(), monkeypatch, plan).state.stepper.plan == plan, "three steps of four can be"
    for model in (
        family("dcgan", gradient_penalty=10, d_norm="none"),
        family("dcgan", unrolled_steps=1),
        family("dcgan", optimizer="rmsprop"),
        family("cgan", architecture="perceptron"),
        family("lapgan"),
        family("srgan"),
    ):
        graphs = TapeGraphs()
        stepper = Training(model, graphs, monkeypatch, plan).run(5).state.stepper
        assert (graphs.records, stepper.captured, stepper.plan) == (0, None, Plan("cpu", 1))


class Broken(TapeGraphs):
    """No capture comes to its end."""

    def record(self, work: Callable[[], None]) -> Callable[[], None]:
        def and_then_read() -> None:
            work()
            torch.ones(()).item()

        return super().record(and_then_read)


def test_a_capture_that_fails_costs_nothing_but_the_graphs(monkeypatch):
    model, plan = family("dcgan", objective="relativistic", d_dropout=0.2), Plan("cpu", 1, capture=True)
    broken = Training(model, Broken(), monkeypatch, plan).run(WARM_UP_STEPS)
    assert broken.state.stepper.plan == plan
    broken.run(12 - WARM_UP_STEPS)
    assert broken.steps.failure == "it reads the device" and broken.state.stepper.plan == Plan("cpu", 1)
    eager = warming(monkeypatch, lambda: Training(model, TapeGraphs(), monkeypatch).run(12))
    assert broken.logged == eager.logged and differences(broken.end(), eager.end()) == []


def test_a_step_that_does_something_else_in_its_capture_is_not_replayed(monkeypatch):
    training = Training(family("dcgan"), TapeGraphs(), monkeypatch).run(WARM_UP_STEPS)
    stepper = training.state.stepper
    monkeypatch.setattr(stepper._family, "after_step", lambda ctx: ctx.log("new", torch.zeros(())))
    training.run(3)
    assert training.steps.failure and "new" in training.logged[-1]


def test_a_half_step_by_hand_and_a_state_that_is_put_back_are_exact(monkeypatch):
    def course() -> Training:
        training = Training(family("dcgan"), graphs[0], monkeypatch).run(6)
        kept = training.end()
        training.state.stepper.half_step("D", training.images)
        training.run(3)
        training.state.restore(kept)
        training.step = 6
        return training.run(8)

    graphs = [TapeGraphs()]
    captured = course()
    assert graphs[0].records == 2, "tensors of optimisers are others after a state was put back"
    graphs[0] = TapeGraphs()
    assert differences(captured.end(), warming(monkeypatch, course).end()) == []


def test_a_run_with_captured_steps_goes_on_exactly_from_its_checkpoint(tmp_path, monkeypatch):
    """Through the files, with a rate that is changed live."""
    made: list[TapeGraphs] = []

    def graphs_of(plan: Plan) -> TapeGraphs:
        made.append(TapeGraphs())
        return made[-1]

    monkeypatch.setattr("gan_studio.engine.assembly.graphs_of", graphs_of)
    (tmp_path / "pictures").mkdir()
    source = draw_pictures(tmp_path / "pictures")
    actions: dict[int, list[tuple]] = {7: [("set_learning_rate", "D", 1e-4)]}
    play(new_run(source, tmp_path / "whole", family=FAMILY), 14, actions)
    from gan_studio.engine.request import ResumeRequest

    play(new_run(source, tmp_path / "parted", family=FAMILY), 9, actions)
    play(ResumeRequest(tmp_path / "parted"), 14)
    assert [graphs.records for graphs in made] == [1, 1, 1]
    whole, parted = final_state(tmp_path / "whole"), final_state(tmp_path / "parted")
    assert differences(whole, parted) == []


@pytest.mark.parametrize(
    ("settings", "plans", "told"),
    [
        ({}, (True, False), "A step could not be captured as a CUDA graph (it reads the device)."),
        ({"gradient_penalty": 10.0, "d_norm": "none"}, (False, False), NO_GRAPHS),
    ],
)
def test_a_run_that_goes_on_without_graphs_says_so_and_its_checkpoints_too(
    tmp_path, monkeypatch, settings, plans, told
):
    """By the plan of a GPU's training, computed on the processor."""
    monkeypatch.setattr("gan_studio.engine.assembly.graphs_of", lambda plan: Broken())
    monkeypatch.setattr("gan_studio.engine.training.choose_plan", lambda settings: Plan("cpu", 1, capture=True))
    monkeypatch.setattr(Plan, "captures", property(lambda plan: plan.capture))
    (tmp_path / "pictures").mkdir()
    source, run = draw_pictures(tmp_path / "pictures"), RunFolder(tmp_path / "run")
    events = play(new_run(source, run.path, family={**FAMILY, **settings}, checkpoint_steps=2), 6)
    words = ("CPU, 1 thread, fp32, channels last, CUDA graphs", "CPU, 1 thread, fp32, channels last")
    assert [event.plan for event in events if isinstance(event, Started)] == [words[0] if plans[0] else words[1]]
    assert [event.plan for event in events if isinstance(event, PlanChanged)] == [words[1]]
    assert [event.message for event in events if isinstance(event, Notice)] == [told]
    states = [load_state(run.state_file(step)) for step in (2, 6)]
    assert tuple(state["plan"]["capture"] for state in states) == plans
    status = read_status(run.path)
    assert status and status.plan == words[1] and f"{told} Goes on: {words[1]}." in run.log_file.read_text()


PLAN = Plan("cuda:0", 1)


@pytest.mark.parametrize(
    ("loss", "seconds", "kinds", "expected"),
    [
        (1.0, 0.5, 1, True),
        (1.2, 0.5, 1, False),
        (float("nan"), 0.5, 1, False),
        (1.0, 1.0, 1, False),
        (1.0, 0.5, 0, False),
    ],
)  # fmt: skip
def test_graphs_are_taken_where_they_were_made_agree_and_save_time(loss, seconds, kinds, expected):
    def trial(plan: Plan, count: int) -> Trial:
        captured = plan == "captured"
        scalars = [{"loss/D": 1.0, "time": 1.0}] * (count - 1) + [{"loss/D": loss if captured else 1.0}]
        return Trial(scalars, [seconds if captured else 1.0] * count, kinds if captured else 0)

    assert worth_capturing("eager", "captured", trial) is expected  # type: ignore[arg-type]


def test_what_cannot_be_tried_is_not_taken():
    def trial(plan: Plan, count: int) -> Trial:
        raise RuntimeError("out of memory")

    assert STEPS > WARM_UP_STEPS + 1
    assert not worth_capturing(PLAN, PLAN, trial)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, to capture real graphs")
@pytest.mark.parametrize("name", ["dcgan", "cgan", "vanilla", "points", "stylegan", "progan"])
def test_on_a_gpu_twenty_captured_steps_have_the_losses_of_eager_ones(monkeypatch, name):
    plan, model = Plan("cuda:0", 1, capture=True), family(name)
    with plan.working():
        captured = _on_gpu(model, CudaGraphs(torch.device("cuda:0")), monkeypatch, plan)
        eager = _on_gpu(model, None, monkeypatch, plan)
    assert not captured.steps.failure
    for one, other in zip(captured.logged, eager.logged, strict=True):
        assert one.keys() == other.keys()
        values = torch.tensor(list(one.values())), torch.tensor([other[key] for key in one])
        torch.testing.assert_close(*values, rtol=1e-3, atol=1e-4)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, to capture real graphs")
def test_on_a_gpu_training_goes_on_after_a_capture_that_broke_off(monkeypatch):
    plan = Plan("cuda:0", 1, capture=True)
    with plan.working():
        training = _on_gpu(family("dcgan"), CudaGraphs(torch.device("cuda:0")), monkeypatch, plan, steps=WARM_UP_STEPS)
        read: Callable[[Any], None] = lambda ctx: ctx.log("read", torch.full((), float(_sum(ctx))))  # noqa: E731
        monkeypatch.setattr(training.state.stepper._family, "after_step", read)
        training.run(5)
    assert training.steps.failure and torch.rand(2, device="cuda").isfinite().all()


def _on_gpu(model: Family, graphs: Graphs | None, monkeypatch, plan: Plan, steps: int = 20) -> Training:
    from gan_studio.engine.data.batches import Batches
    from tests.engine.data.samples import numbered_set

    def batches(spec: PictureSpec) -> Any:
        if spec.points:
            return _batches(spec)
        return Batches(numbered_set(16, side=16), range(16), batch_size=BATCH, seed=0, flip=False, device="cuda:0")

    monkeypatch.setattr("tests.engine.speed.test_capture._batches", batches)
    return Training(model, graphs, monkeypatch, plan).run(steps)


def _sum(ctx: Any) -> Tensor:
    return next(ctx.networks["D"].parameters()).sum()
