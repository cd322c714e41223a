"""G's gradient goes through the updates of D that it is unrolled over."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from gan_studio.engine.objectives import cross_entropy_d_loss, non_saturating_g_loss
from gan_studio.engine.regularisers.unrolling import unrolled_judge

RATE = 0.3


class Judge(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))

    def forward(self, points):
        return self.layers(points)[:, 0]


@pytest.fixture
def game():
    torch.manual_seed(0)
    judge = Judge().double()
    reals = torch.randn(6, 2, dtype=torch.float64)
    fakes = torch.randn(6, 2, dtype=torch.float64, requires_grad=True)
    return judge, reals, fakes


def g_loss(judge, reals, fakes, steps):
    def d_loss(discriminate):
        return cross_entropy_d_loss(discriminate(reals), discriminate(fakes))

    return non_saturating_g_loss(unrolled_judge(judge, d_loss, steps=steps, rate=RATE)(fakes))


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_the_gradient_of_the_fakes_agrees_with_finite_differences(game, steps):
    judge, reals, fakes = game
    assert torch.autograd.gradcheck(lambda f: g_loss(judge, reals, f, steps), (fakes,))


def test_it_is_not_the_gradient_against_a_copy_that_was_stepped(game):
    """Stepping a copy and taking the gradient at its end leaves out what the fakes did to the copy."""
    judge, reals, fakes = game
    through = torch.autograd.grad(g_loss(judge, reals, fakes, 3), fakes)[0]
    copy = Judge().double()
    copy.load_state_dict(judge.state_dict())
    optimizer = torch.optim.SGD(copy.parameters(), RATE)
    for _ in range(3):
        optimizer.zero_grad()
        cross_entropy_d_loss(copy(reals), copy(fakes.detach())).backward()
        optimizer.step()
    loss = non_saturating_g_loss(copy(fakes))
    assert loss.item() == pytest.approx(g_loss(judge, reals, fakes, 3).item(), rel=1e-12)
    around = torch.autograd.grad(loss, fakes)[0]
    assert (through - around).norm() > 0.05 * around.norm()


def test_no_steps_are_the_plain_loss_and_the_network_stays_as_it_was(game):
    judge, reals, fakes = game
    before = {name: tensor.clone() for name, tensor in judge.state_dict().items()}
    assert torch.equal(g_loss(judge, reals, fakes, 0), non_saturating_g_loss(judge(fakes)))
    g_loss(judge, reals, fakes, 2).backward()
    assert all(torch.equal(before[name], tensor) for name, tensor in judge.state_dict().items())
    assert all(parameter.grad is None for parameter in judge.parameters())


def test_running_statistics_of_the_network_are_not_moved():
    torch.manual_seed(0)
    judge = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 1), nn.Flatten(0))
    reals, fakes = torch.randn(8, 2), torch.randn(8, 2, requires_grad=True)
    before = {name: tensor.clone() for name, tensor in judge.state_dict().items()}
    after = unrolled_judge(judge, lambda d: F.softplus(d(fakes)).mean() - d(reals).mean(), steps=2, rate=0.1)
    after(fakes).sum().backward()
    assert all(torch.equal(before[name], tensor) for name, tensor in judge.state_dict().items())
    assert fakes.grad is not None and fakes.grad.isfinite().all()


def test_a_stop_is_looked_for_between_the_steps(game):
    judge, reals, fakes = game
    asked = []
    unrolled_judge(
        judge, lambda d: d(fakes).mean() - d(reals).mean(), steps=4, rate=0.1, check_stop=lambda: asked.append(1)
    )
    assert len(asked) == 4
