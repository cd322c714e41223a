"""The first GAN: layers, parameters, and the options of its paper."""

import pytest
import torch
from torch import nn

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.vanilla import Vanilla, VanillaSettings
from gan_studio.engine.networks.perceptron import Maxout
from gan_studio.engine.request import ResumeRequest, TrainingRequest
from gan_studio.engine.settings import validated
from tests.engine.courses import TRAINING, differences, draw_pictures, final_state, play


def networks(spec: PictureSpec, **settings):
    parts = Vanilla(VanillaSettings(**settings), spec).build()
    return parts.networks["G"], parts.networks["D"]


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_the_numbers_of_parameters_by_hand():
    generator, discriminator = networks(PictureSpec(size=16, channels=1), latent_size=10, width=32, g_norm=False)
    assert count(generator) == (10 * 32 + 32) + (32 * 32 + 32) + (32 * 256 + 256)
    assert count(discriminator) == (256 * 32 + 32) + (32 * 32 + 32) + (32 + 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_of_any_size_go_in_and_out(channels):
    generator, discriminator = networks(PictureSpec(size=28, channels=channels), latent_size=6, width=16)
    pictures = generator(torch.randn(5, 6))
    assert pictures.shape == (5, channels, 28, 28)
    assert discriminator(pictures).shape == (5,)


def test_the_paper_preset_is_maxout_with_dropout_and_no_normalisation():
    with torch.device("meta"):
        parts = Vanilla(Vanilla.presets()["Vanilla, as first written down (2014)"], PictureSpec(size=32)).build()
    kinds = [type(module) for network in parts.networks.values() for module in network.modules()]
    assert kinds.count(Maxout) == 2
    assert sum(issubclass(kind, nn.Dropout) for kind in kinds) == 2
    assert nn.BatchNorm1d not in kinds


def test_maxout_takes_the_largest_of_its_pieces():
    layer = Maxout(2, 2, pieces=2)
    with torch.no_grad():
        layer.linear.weight.copy_(torch.tensor([[1.0, 0], [0, 1], [-1, 0], [0, -1]]))
        layer.linear.bias.zero_()
    assert layer(torch.tensor([[3.0, 5.0]])).tolist() == [[5.0, -3.0]]


def test_a_wasserstein_critic_without_bounds_is_refused():
    with pytest.raises(SettingsError, match="bounded slope"):
        validated(VanillaSettings, {"objective": "wasserstein"})
    assert validated(VanillaSettings, {"objective": "wasserstein", "gradient_penalty": 10})


def test_a_resume_is_exact_with_dropout_and_unrolled_steps(tmp_path, home):
    (tmp_path / "pictures").mkdir()
    source = draw_pictures(tmp_path / "pictures")

    def new(outdir):
        settings = Vanilla.tiny().changed(unrolled_steps=2, d_dropout=0.3, augmentation="ada").model_dump()
        return TrainingRequest(source, "vanilla", settings, {"image_size": 16, "flip": True}, TRAINING, outdir)

    play(new(tmp_path / "whole"), 9)
    play(new(tmp_path / "parts"), 4)
    play(ResumeRequest(tmp_path / "parts"), 9)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []
