"""Augmentations: what they change and what not, and that gradients pass through."""

import pytest
import torch

from gan_studio.engine.data import augment
from gan_studio.engine.data.augment import adaptive_augment, diff_augment


@pytest.fixture
def pictures():
    torch.manual_seed(0)
    return torch.rand(16, 3, 32, 32) * 2 - 1


def test_diff_augment_cuts_a_square_of_half_the_side_at_most(pictures):
    cut = augment._cut_out(pictures)
    holes = (cut == 0).all(1)
    assert (holes.flatten(1).sum(1) <= 16 * 16).all()
    assert (holes.flatten(1).sum(1) >= 8 * 8).all()
    kept = ~holes.unsqueeze(1).expand_as(pictures)
    assert torch.equal(cut[kept], pictures[kept])


def test_diff_augment_translates_by_an_eighth_at_most_and_brings_zeros_in():
    marked = torch.zeros(200, 1, 32, 32)
    marked[:, :, 16, 16] = 1
    places = augment._translate(marked).nonzero()[:, 2:]
    assert len(places) == 200
    assert places.min() == 16 - 4 and places.max() == 16 + 4
    ones = augment._translate(torch.ones(50, 1, 32, 32))
    assert set(ones.unique().tolist()) == {0.0, 1.0}
    assert (ones.flatten(1).mean(1) >= (28 / 32) ** 2 - 1e-6).all()


def test_colour_changes_are_the_same_for_every_pixel_of_a_picture():
    flat = torch.full((8, 3, 4, 4), 0.25)
    changed = augment._jitter(flat)
    assert torch.allclose(changed, changed[:, :, :1, :1].expand_as(changed))
    assert len(changed[:, 0, 0, 0].unique()) == 8


@pytest.mark.parametrize("channels", [1, 3])
def test_gradients_pass_through_to_every_picture(channels):
    torch.manual_seed(0)
    for function in (diff_augment, lambda p: adaptive_augment(p, torch.tensor(0.7))):
        pictures = torch.rand(6, channels, 16, 16, requires_grad=True)
        changed = function(pictures)
        assert changed.shape == pictures.shape
        changed.square().sum().backward()
        assert pictures.grad is not None
        assert (pictures.grad.flatten(1).abs().sum(1) > 0).all()


def test_adaptive_augmentation_without_probability_changes_nothing(pictures):
    assert torch.allclose(adaptive_augment(pictures, torch.tensor(0.0)), pictures, atol=1e-5)


def test_adaptive_augmentation_changes_about_as_many_pictures_as_its_probability_says():
    pictures = torch.rand(400, 1, 8, 8)
    changed = adaptive_augment(pictures, torch.tensor(0.02))
    share = ((changed - pictures).abs().flatten(1).amax(1) > 1e-3).float().mean().item()
    # Nine transforms a picture, of which a flip and a quarter turn may come out as no change
    assert 0.05 < share < 0.25


def test_an_adaptive_flip_is_exact(monkeypatch):
    pictures = torch.rand(2, 3, 8, 8)
    matrix = augment._scaling(torch.tensor([-1.0, 1.0]), torch.ones(2))
    grid = torch.nn.functional.affine_grid(matrix[:, :2], [2, 3, 8, 8], align_corners=False)
    moved = torch.nn.functional.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    assert torch.allclose(moved[0], pictures[0].flip(2), atol=1e-5)
    assert torch.allclose(moved[1], pictures[1], atol=1e-5)


def test_a_turn_of_colours_about_the_grey_axis_keeps_grey():
    axis = torch.full((3,), 3**-0.5)
    turn = augment._turn_about(axis, torch.tensor([0.7, 2.0]))
    assert torch.allclose(turn @ torch.ones(3), torch.ones(2, 3), atol=1e-6)
    assert torch.allclose(turn @ turn.transpose(1, 2), torch.eye(3).expand(2, 3, 3), atol=1e-6)
