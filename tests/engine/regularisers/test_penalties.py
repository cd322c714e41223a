"""Penalties against values worked out by hand and against finite differences in float64."""

import pytest
import torch

from gan_studio.engine.regularisers.penalties import clip_weights, gradient_penalty, zero_centred_penalty


def quadratic(pictures):
    """½‖x‖² of each picture: its gradient is the picture itself."""
    return pictures.square().flatten(1).sum(1) / 2


def test_r1_of_a_quadratic_is_half_the_mean_squared_norm():
    pictures = torch.tensor([[[[3.0, 4.0]]], [[[0.0, 1.0]]]])
    assert zero_centred_penalty(quadratic, pictures).item() == pytest.approx((25 + 1) / 2 / 2)


def test_the_gradient_penalty_takes_the_norm_of_the_whole_picture():
    slope = torch.tensor([3.0, 0.0, 4.0, 0.0]).view(1, 1, 2, 2)

    def linear(pictures):
        return (pictures * slope).flatten(1).sum(1)

    reals, fakes = torch.randn(5, 1, 2, 2), torch.randn(5, 1, 2, 2)
    assert gradient_penalty(linear, reals, fakes).item() == pytest.approx((5 - 1) ** 2)


def test_the_gradient_penalty_looks_between_reals_and_fakes(monkeypatch):
    monkeypatch.setattr(torch, "rand", lambda shape, device=None: torch.full(shape, 0.25))
    reals, fakes = torch.tensor([[[[4.0, 0.0]]]]), torch.tensor([[[[0.0, 4.0]]]])
    # At (3, 1), where the gradient of the quadratic is (3, 1) as well
    assert gradient_penalty(quadratic, reals, fakes).item() == pytest.approx((10**0.5 - 1) ** 2, rel=1e-6)


def test_a_patch_of_logits_counts_with_their_sum():
    def two(pictures):
        return torch.stack([quadratic(pictures), quadratic(pictures)], 1)

    pictures = torch.tensor([[[[1.0, 2.0]]]])
    assert zero_centred_penalty(two, pictures).item() == pytest.approx(4 * 5 / 2)


@pytest.mark.parametrize("penalty", ["gradient", "zero-centred"])
def test_gradients_of_penalties_agree_with_finite_differences(penalty, monkeypatch):
    """The second derivative is what trains D."""
    monkeypatch.setattr(torch.Tensor, "float", torch.Tensor.double)
    monkeypatch.setattr(torch, "rand", lambda shape, device=None: torch.full(shape, 0.3, dtype=torch.float64))
    torch.manual_seed(1)
    first, second = (torch.randn(4, 6, dtype=torch.float64, requires_grad=True) for _ in range(2))
    reals, fakes = torch.randn(3, 1, 2, 3, dtype=torch.float64), torch.randn(3, 1, 2, 3, dtype=torch.float64)

    def loss(a, b):
        def judge(pictures):
            return torch.tanh(pictures.flatten(1) @ a.T).mul(torch.tanh(pictures.flatten(1) @ b.T)).sum(1)

        return gradient_penalty(judge, reals, fakes) if penalty == "gradient" else zero_centred_penalty(judge, reals)

    assert torch.autograd.gradcheck(loss, (first, second))


def test_penalties_leave_what_they_were_given_as_it_was():
    pictures = torch.randn(2, 1, 2, 2)
    zero_centred_penalty(quadratic, pictures)
    assert not pictures.requires_grad


def test_penalties_are_computed_in_full_precision_under_autocast():
    network = torch.nn.Conv2d(1, 1, 3)
    seen = []

    def judge(pictures):
        seen.append(network(pictures))
        return seen[-1].flatten(1).sum(1)

    with torch.autocast("cpu", torch.bfloat16):
        zero_centred_penalty(judge, torch.randn(2, 1, 5, 5).bfloat16())
    assert seen[0].dtype == torch.float32


def test_clipping_keeps_small_weights_and_bounds_large_ones():
    weights = [torch.nn.Parameter(torch.tensor([-5.0, 0.005, 0.02]))]
    clip_weights(weights, 0.01)
    assert weights[0].tolist() == pytest.approx([-0.01, 0.005, 0.01])
