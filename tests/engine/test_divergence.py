"""Gradients that are not finite: skipped by the optimiser itself, retried a few times, then given up."""

import math

import pytest
import torch

from gan_studio.engine.checkpoint import load_state
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.events import Failed, Finished, Notice, Report, Stopped
from gan_studio.engine.families.dcgan import DCGAN
from gan_studio.engine.run import RunFolder
from gan_studio.engine.trainer import MOST_RETRIES, SKIPPED_IN_A_ROW
from tests.engine.courses import new_run, train
from tests.engine.families.builds import build


@pytest.fixture
def diverging(monkeypatch):
    """Makes D's loss not a number in the steps (counted from 1 over the whole training) that `when(n, ctx)` picks."""

    def install(when):
        d_loss, calls = DCGAN.d_loss, []

        def loss(self, ctx):
            calls.append(1)
            return d_loss(self, ctx) * (math.nan if when(len(calls), ctx) else 1.0)

        monkeypatch.setattr(DCGAN, "d_loss", loss)
        return calls

    return install


def test_an_update_that_is_not_finite_leaves_weights_and_adams_counter_alone(diverging):
    diverging(lambda n, ctx: n == 3)
    built = build(DCGAN(DCGAN.tiny(), PictureSpec(size=16)))
    adam, weights = built.optimizers["D"], list(built.parts.networks["D"].parameters())
    for step in range(2):
        built.stepper.step(step, 0)
    before = [weight.detach().clone() for weight in weights]
    moments = [adam.state[weight]["exp_avg"].clone() for weight in weights]
    generator = next(built.parts.networks["G"].parameters()).detach().clone()
    built.stepper.step(2, 0)
    assert all(torch.equal(weight, old) for weight, old in zip(weights, before, strict=True))
    assert all(torch.equal(adam.state[w]["exp_avg"], old) for w, old in zip(weights, moments, strict=True))
    assert {adam.state[weight]["step"].item() for weight in weights} == {2}
    assert not torch.equal(generator, next(built.parts.networks["G"].parameters()))
    assert built.statistics.read()[1] == 1
    built.stepper.step(3, 0)
    assert {adam.state[weight]["step"].item() for weight in weights} == {3}
    assert built.statistics.read()[1] == 0


def test_an_optimiser_that_cannot_skip_by_itself_is_not_stepped(diverging, monkeypatch):
    diverging(lambda n, ctx: True)
    monkeypatch.setattr(
        DCGAN,
        "optimizers",
        lambda self, parts: {name: torch.optim.RMSprop(n.parameters(), 1e-4) for name, n in parts.networks.items()},
    )
    built = build(DCGAN(DCGAN.tiny(), PictureSpec(size=16)))
    built.stepper.step(0, 0)
    assert all(p.isfinite().all() for p in built.parts.networks["D"].parameters())
    assert not built.optimizers["D"].state
    assert built.optimizers["G"].state


def test_a_single_bad_batch_is_passed_over(tmp_path, pictures, diverging):
    diverging(lambda n, ctx: n == 4)
    events = train(new_run(pictures, tmp_path / "r", steps=8, checkpoint_steps=1))
    assert isinstance(events[-1], Finished)
    assert not [event for event in events if isinstance(event, Notice)]
    lines = {line["step"]: line for line in RunFolder(tmp_path / "r").metrics()}
    assert "grad/D" not in lines[4], "JSON knows no NaN"
    assert "grad/G" in lines[4]
    reports = {event.step: event for event in events if isinstance(event, Report)}
    assert math.isnan(reports[4].scalars["grad/D"])


def test_no_checkpoint_is_written_while_updates_are_skipped(tmp_path, pictures, diverging):
    diverging(lambda n, ctx: 3 <= n <= 6)
    train(new_run(pictures, tmp_path / "r", steps=8, checkpoint_steps=1, keep_checkpoints=99))
    assert list(RunFolder(tmp_path / "r").state_files()) == [0, 1, 2, 7, 8]


def test_training_goes_back_with_ever_lower_rates_until_it_holds(tmp_path, pictures, diverging):
    diverging(lambda n, ctx: n > 6 and ctx.rates["D"] > 6e-5)
    events = train(new_run(pictures, tmp_path / "r", steps=60, checkpoint_steps=5, tensorboard=True))
    assert events[-1] == Finished(60, tmp_path / "r")
    notices = [event.message for event in events if isinstance(event, Notice)]
    assert len(notices) == 2
    assert "back to step 5" in notices[0]
    assert "retry 2 of 3" in notices[1]
    run = RunFolder(tmp_path / "r")
    state = load_state(run.state_to_resume())
    assert state["rates"] == {"D": pytest.approx(5e-5), "G": pytest.approx(5e-5)}, "halved twice"
    assert state["counters"]["retries"] == 2
    steps = [line["step"] for line in run.metrics()]
    assert steps == sorted(set(steps)), "what is trained again is written again, not twice"
    assert [line["value"] for line in run.interventions()] == [5e-5, 5e-5]


def test_a_retry_costs_at_most_a_few_dozen_steps(tmp_path, pictures, diverging):
    calls = diverging(lambda n, ctx: True)
    end = train(new_run(pictures, tmp_path / "r", steps=10_000, sample_steps=1, checkpoint_steps=1))[-1]
    assert isinstance(end, Failed)
    assert f"after {MOST_RETRIES} retries" in end.message
    assert "lower learning rates" in end.advice
    assert len(calls) == SKIPPED_IN_A_ROW * (MOST_RETRIES + 1)


def test_giving_up_leaves_the_last_good_checkpoint(tmp_path, pictures, diverging):
    diverging(lambda n, ctx: n > 4)
    end = train(new_run(pictures, tmp_path / "r", steps=10_000, checkpoint_steps=2))[-1]
    assert isinstance(end, Failed)
    run = RunFolder(tmp_path / "r")
    assert max(run.state_files()) == 4
    state = load_state(run.state_to_resume())
    assert all(t.isfinite().all() for module in state["modules"].values() for t in module.values())


def test_networks_that_broke_are_not_saved_when_stopping(tmp_path, pictures, monkeypatch):
    def react(event, control):
        if isinstance(event, Report) and event.step >= 3:
            control.stop()

    d_loss, calls = DCGAN.d_loss, []

    def loss(self, ctx):
        calls.append(1)
        if len(calls) >= 3:
            ctx.networks["G"][2].running_mean.fill_(math.nan)
        return d_loss(self, ctx) * (math.nan if len(calls) >= 3 else 1.0)

    monkeypatch.setattr(DCGAN, "d_loss", loss)
    events = train(new_run(pictures, tmp_path / "r", checkpoint_steps=1, keep_checkpoints=9), react=react)
    assert isinstance(events[-1], Stopped)
    assert events[-1].saved is False
    assert max(RunFolder(tmp_path / "r").state_files()) == 2
    assert any("not finite" in event.message for event in events if isinstance(event, Notice))
