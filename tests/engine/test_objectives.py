"""Losses against values worked out by hand, and their gradients against finite differences in float64."""

import math

import pytest
import torch

from gan_studio.engine.objectives import (
    OBJECTIVES,
    critic_g_loss,
    cross_entropy_d_loss,
    hinge_d_loss,
    least_squares_d_loss,
    least_squares_g_loss,
    minimax_g_loss,
    non_saturating_g_loss,
    relativistic_d_loss,
    relativistic_g_loss,
    wasserstein_d_loss,
)

LOG2 = math.log(2)


def log_sigmoid(logit: float) -> float:
    return math.log(1 / (1 + math.exp(-logit)))


def test_the_discriminator_loss_is_the_sum_of_both_mean_log_likelihoods():
    real, fake = torch.tensor([2.0, -1.0]), torch.tensor([0.5, 3.0])
    by_hand = -(log_sigmoid(2) + log_sigmoid(-1)) / 2 - (log_sigmoid(-0.5) + log_sigmoid(-3)) / 2
    assert cross_entropy_d_loss(real, fake).item() == pytest.approx(by_hand, rel=1e-6)


@pytest.mark.parametrize("target", [0.9, 0.7, 0.5])
def test_a_smoothed_target_is_the_cross_entropy_with_that_target(target):
    real, fake = torch.tensor([1.5, -0.5]), torch.tensor([-2.0])
    smoothed = [-target * log_sigmoid(x) - (1 - target) * log_sigmoid(-x) for x in (1.5, -0.5)]
    by_hand = sum(smoothed) / 2 - log_sigmoid(2)
    assert cross_entropy_d_loss(real, fake, target).item() == pytest.approx(by_hand, rel=1e-6)


def test_a_smoothed_target_is_best_where_d_says_the_target():
    real = torch.tensor([math.log(0.9 / 0.1)], dtype=torch.float64, requires_grad=True)
    cross_entropy_d_loss(real, torch.zeros(1, dtype=torch.float64), 0.9).backward()
    assert real.grad is not None
    assert real.grad.item() == pytest.approx(0, abs=1e-12)


def test_the_generator_losses_by_hand():
    fake = torch.tensor([0.3, -1.2])
    assert non_saturating_g_loss(fake).item() == pytest.approx(-(log_sigmoid(0.3) + log_sigmoid(-1.2)) / 2, rel=1e-6)
    assert minimax_g_loss(fake).item() == pytest.approx((log_sigmoid(-0.3) + log_sigmoid(1.2)) / 2, rel=1e-6)


def test_the_least_squares_losses_by_hand():
    real, fake = torch.tensor([1.5, 0.0]), torch.tensor([0.5, -1.0])
    assert least_squares_d_loss(real, fake).item() == pytest.approx((0.25 + 1) / 4 + (0.25 + 1) / 4)
    assert least_squares_d_loss(real, fake, 0.9).item() == pytest.approx((0.36 + 0.81) / 4 + 1.25 / 4)
    assert least_squares_g_loss(fake).item() == pytest.approx((0.25 + 4) / 4)


def test_the_hinge_losses_by_hand():
    real, fake = torch.tensor([2.0, 0.25]), torch.tensor([-3.0, 0.5])
    assert hinge_d_loss(real, fake).item() == pytest.approx((0 + 0.75) / 2 + (0 + 1.5) / 2)
    assert critic_g_loss(fake).item() == pytest.approx(1.25)


def test_the_wasserstein_losses_by_hand():
    real, fake = torch.tensor([2.0, 1.0]), torch.tensor([-3.0, 0.5])
    assert wasserstein_d_loss(real, fake).item() == pytest.approx(-1.25 - 1.5)
    assert critic_g_loss(fake).item() == pytest.approx(1.25)


def test_relativistic_losses_look_at_pairs():
    real, fake = torch.tensor([2.0, -1.0]), torch.tensor([0.5, 1.0])
    assert relativistic_d_loss(real, fake).item() == pytest.approx(-(log_sigmoid(1.5) + log_sigmoid(-2)) / 2, rel=1e-6)
    assert relativistic_g_loss(fake, real).item() == pytest.approx(-(log_sigmoid(-1.5) + log_sigmoid(2)) / 2, rel=1e-6)
    with pytest.raises(ValueError, match="reals"):
        relativistic_g_loss(fake)


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("target", [1.0, 0.9])
def test_gradients_agree_with_finite_differences(name, target):
    torch.manual_seed(3)
    real = torch.randn(5, 2, dtype=torch.float64, requires_grad=True)
    fake = torch.randn(5, 2, dtype=torch.float64, requires_grad=True)
    objective = OBJECTIVES[name]
    assert torch.autograd.gradcheck(lambda r, f: objective.d_loss(r, f, target), (real, fake))
    assert torch.autograd.gradcheck(objective.g_loss, (fake, real))


def test_only_the_non_saturating_loss_keeps_its_gradient_while_d_wins():
    gradients = []
    for loss in (non_saturating_g_loss, minimax_g_loss):
        fake = torch.tensor([-10.0], requires_grad=True)
        loss(fake).backward()
        assert fake.grad is not None
        assert fake.grad.item() < 0
        gradients.append(abs(fake.grad.item()))
    assert gradients[0] > 0.99
    assert gradients[1] < 1e-4


@pytest.mark.parametrize("name", OBJECTIVES)
@pytest.mark.parametrize("size", [1e2, 1e4, 1e15])
def test_extreme_logits_give_finite_losses_and_gradients(name, size):
    objective = OBJECTIVES[name]
    for sign in (-size, size):
        real, fake = torch.full((4,), sign, requires_grad=True), torch.full((4,), sign, requires_grad=True)
        losses = objective.d_loss(real, fake, 0.9) + objective.g_loss(fake, real)
        losses.backward()
        assert losses.isfinite()
        assert real.grad is not None
        assert fake.grad is not None
        assert real.grad.isfinite().all()
        assert fake.grad.isfinite().all()


@pytest.mark.parametrize("name", OBJECTIVES)
def test_bf16_logits_are_widened_before_anything_is_rounded(name):
    torch.manual_seed(0)
    real, fake = torch.randn(1000).bfloat16(), torch.randn(1000).bfloat16()
    objective = OBJECTIVES[name]
    d_loss, g_loss = objective.d_loss(real, fake, 1.0), objective.g_loss(fake, real)
    assert d_loss.dtype == g_loss.dtype == torch.float32
    assert torch.equal(d_loss, objective.d_loss(real.float(), fake.float(), 1.0))
    assert torch.equal(g_loss, objective.g_loss(fake.float(), real.float()))


@pytest.mark.parametrize(
    ("name", "undecided", "d", "g"),
    [
        ("non-saturating", 0.0, 2 * LOG2, LOG2),
        ("minimax", 0.0, 2 * LOG2, -LOG2),
        ("least-squares", 0.5, 0.25, 0.125),
        ("relativistic", 0.0, LOG2, LOG2),
    ],
)
def test_reference_lines_are_the_losses_of_a_d_that_cannot_tell(name, undecided, d, g):
    logits, objective = torch.full((8, 1, 4, 4), undecided), OBJECTIVES[name]
    assert objective.references == {"loss/D": pytest.approx(d), "loss/G": pytest.approx(g)}
    assert objective.d_loss(logits, logits, 1.0).item() == pytest.approx(d, rel=1e-6)
    assert objective.g_loss(logits, logits).item() == pytest.approx(g, rel=1e-6)


@pytest.mark.parametrize("name", ["hinge", "wasserstein"])
def test_losses_without_a_meaningful_level_have_no_reference_line(name):
    assert OBJECTIVES[name].references == {}
