"""Every regulariser inside a family: what is refused, what a step does, and that a resume is exact with each."""

from typing import Any

import pytest
import torch

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.adversarial import ADA_IMAGES
from gan_studio.engine.families.dcgan import DCGAN, DCGANSettings
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.settings import validated
from tests.engine.courses import differences, draw_pictures, final_state, new_run, play
from tests.engine.families.builds import BATCH, build

TINY: dict[str, Any] = {"latent_size": 8, "features": 8, "most_features": 16}
NO_NORM = {"d_norm": "none"}
GAMES = {
    "least squares": {"objective": "least-squares"},
    "hinge": {"objective": "hinge", "spectral_norm": True, **NO_NORM},
    "clipping": {"objective": "wasserstein", "weight_clip": 0.01, "critic_steps": 3, "optimizer": "rmsprop"},
    "gradient penalty": {"objective": "wasserstein", "gradient_penalty": 10, "critic_steps": 2, "d_norm": "instance"},
    "relativistic": {"objective": "relativistic", "r1": 1, "r2": 1, **NO_NORM},
    "lazy": {"r1": 1, "penalty_every": 3, **NO_NORM},
    "DiffAugment": {"augmentation": "diffaugment"},
    "ADA": {"augmentation": "ada"},
    "noise": {"instance_noise": 0.5, "noise_images": 40},
    "unrolled": {"unrolled_steps": 2},
    "deviation": {"minibatch_deviation": True},
}
each_game = pytest.mark.parametrize("settings", GAMES.values(), ids=GAMES)


def game(**settings: Any) -> Any:
    return build(DCGAN(DCGANSettings(**{**TINY, **settings}), PictureSpec(size=16)))


@each_game
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_every_game_steps_with_finite_losses_and_updates_both(settings, precision):
    built = build(DCGAN(DCGANSettings(**{**TINY, **settings}), PictureSpec(size=16)), precision=precision)
    before = {name: [p.detach().clone() for p in net.parameters()] for name, net in built.parts.networks.items()}
    for step in range(3):
        built.stepper.step(step, step * BATCH)
    scalars, skipped = built.statistics.read()
    assert skipped == 0
    assert {"loss/D", "score/real", "score/fake", "grad/D"} <= scalars.keys()
    assert all(torch.tensor(value).isfinite() for value in scalars.values())
    for name, network in built.parts.networks.items():
        due = name == "D" or settings.get("critic_steps", 1) <= 3
        changed = any(not torch.equal(p, q) for p, q in zip(network.parameters(), before[name], strict=True))
        assert changed == due, name


@each_game
def test_a_resume_is_exact_in_every_game(settings, tmp_path):
    """Stopped and continued at an odd step against a course that was never interrupted."""
    (tmp_path / "pictures").mkdir()
    source = draw_pictures(tmp_path / "pictures")
    play(new_run(source, tmp_path / "whole", family=settings), 7)
    play(new_run(source, tmp_path / "parts", family=settings), 3)
    play(ResumeRequest(tmp_path / "parts"), 7)
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []
    assert max(RunFolder(tmp_path / "parts").state_files()) == 7


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"gradient_penalty": 10}, "BatchNorm"),
        ({"r1": 1}, "BatchNorm"),
        ({"objective": "wasserstein"}, "bounded slope"),
        ({"objective": "hinge", "real_target": 0.9}, "target for reals"),
        ({"weight_clip": 0.01, "gradient_penalty": 10, **NO_NORM}, "same job"),
        ({"gradient_penalty": 1, "unrolled_steps": 2, **NO_NORM}, "third time"),
    ],
)
def test_what_theory_forbids_is_refused_with_the_reason(settings, words):
    with pytest.raises(SettingsError, match=words):
        validated(DCGANSettings, settings)


def test_the_generator_waits_for_the_critic_steps():
    built = game(**GAMES["gradient penalty"])
    before = [p.detach().clone() for p in built.parts.networks["G"].parameters()]
    built.stepper.step(0, 0)
    after = list(built.parts.networks["G"].parameters())
    assert all(torch.equal(p, q) for p, q in zip(before, after, strict=True))
    built.stepper.step(1, BATCH)
    assert not all(torch.equal(p, q) for p, q in zip(before, after, strict=True))


def test_clipped_weights_are_clipped_before_g_sees_d():
    built = game(objective="wasserstein", weight_clip=0.01, critic_steps=1)
    greatest = []
    g_loss = built.family.g_loss

    def watched(ctx):
        greatest.append(max(p.abs().max().item() for p in ctx.networks["D"].parameters()))
        return g_loss(ctx)

    built.family.g_loss = watched
    built.stepper.step(0, 0)
    assert greatest == [pytest.approx(0.01)]


def test_a_lazy_penalty_is_due_every_few_steps_and_weighted_up():
    built = game(r1=2, penalty_every=4, **NO_NORM)
    for step in range(4):
        built.stepper.step(step, step * BATCH)
        assert ("D_penalty" in built.stepper.gradients) == (step == 3)


def test_a_lazy_penalty_counts_for_the_steps_it_was_not_computed_in():
    lazy, eager = game(r1=2, penalty_every=4, **NO_NORM), game(r1=2, **NO_NORM)
    reals = lazy.family.shown_reals(lazy.stepper)
    each = eager.family._zero_centred(lazy.stepper, reals, reals)
    assert each > 0
    assert lazy.family.lazy_penalty(lazy.stepper).item() == pytest.approx(4 * each.item(), rel=1e-5)


def test_lazy_penalties_change_the_rates_of_d_as_their_authors_say():
    lazy, eager = game(r1=2, penalty_every=4, **NO_NORM), game(r1=2, **NO_NORM)
    share = 4 / 5
    assert lazy.optimizers["D"].defaults["lr"] == pytest.approx(eager.optimizers["D"].defaults["lr"] * share)
    assert lazy.optimizers["D"].defaults["betas"] == pytest.approx((0.5**share, 0.999**share))
    assert lazy.optimizers["G"].defaults == eager.optimizers["G"].defaults


def test_instance_noise_fades_with_the_images_seen():
    family = game(instance_noise=0.5, noise_images=1000).family
    assert [family.stage(images).values["instance_noise"] for images in (0, 500, 1000, 5000)] == [0.5, 0.25, 0, 0]
    assert game(instance_noise=0.5, noise_images=0).family.stage(10**9).values["instance_noise"] == 0.5


@pytest.mark.parametrize(("sign", "expected"), [(1.0, BATCH / ADA_IMAGES), (0.2, 0.0)])
def test_adaptive_augmentation_grows_while_d_is_too_sure(sign, expected):
    built = game(augmentation="ada")
    built.stepper.step(0, 0)
    built.parts.state.probability.zero_()  # type: ignore[operator, union-attr]
    built.parts.state.signs.fill_(sign)  # type: ignore[operator, union-attr]
    built.family.after_step(built.stepper)
    assert built.parts.state.probability.item() == pytest.approx(expected)  # type: ignore[union-attr, operator]


def test_reference_lines_are_drawn_only_where_they_mean_something():
    assert game().family.reference_lines().keys() == {"loss/D", "loss/G", "score/real", "score/fake"}
    assert game(objective="relativistic", r1=1, **NO_NORM).family.reference_lines().keys() == {"loss/G"}
    assert game(objective="hinge", spectral_norm=True, **NO_NORM).family.reference_lines() == {}
