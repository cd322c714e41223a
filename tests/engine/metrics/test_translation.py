"""Measures of models that translate, on translations whose worth is known."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from gan_studio.engine.data.domains import Domain
from gan_studio.engine.families.base import DataSpec, Sampler
from gan_studio.engine.metrics import classifier
from gan_studio.engine.metrics.measures.translation import CycleError, TakenForTarget
from gan_studio.engine.metrics.subject import RealPictures
from gan_studio.engine.sampler_controls import ControlSpec
from tests.engine.metrics.subjects import subject

DOMAINS = {"A": Domain(np.arange(30), np.arange(30, 40), 0), "B": Domain(np.arange(40, 70), np.arange(70, 80), 1)}


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Bars are told apart at once."""
    monkeypatch.setattr(classifier, "MOST_ROUNDS", 12)


def bars(count, upright, seed):
    """Dark pictures `[count, 1, 16, 16]` with one bright bar, upright or lying."""
    places = torch.randint(2, 14, (count,), generator=torch.Generator().manual_seed(seed))
    pictures = torch.full((count, 1, 16, 16), -1.0)
    for picture, place in zip(pictures, places, strict=True):
        picture[0, :, place] = 1.0
    return pictures if upright else pictures.mT.contiguous()


class Turning(Sampler):
    """Turns bars, so that translations are perfect, or leaves them; `off` is added on the way back."""

    controls = (ControlSpec("direction", "Direction", "choice", choices=("A → B", "B → A")),)
    main_output = "translation"

    def __init__(self, turns=True, off=0.0):
        self.turns, self.off = turns, off

    def __call__(self, controls):
        pictures = controls["picture"]
        turned = pictures.mT if self.turns else pictures
        return {"picture": pictures, "translation": turned, "back": pictures + self.off * (1 + controls["direction"])}


def measured(measure, sampler):
    reals = torch.cat([bars(40, True, 0), bars(40, False, 1)])
    made = subject(reals, reals, labels=[0] * 40 + [1] * 40, classes=("a", "b"))
    known = RealPictures(made.load().pictures, DOMAINS)
    return measure.measure(replace(made, sampler=sampler, data=DataSpec(domains=("A", "B")), load=lambda: known))


def test_the_cycle_error_is_the_mean_difference_in_grey_levels():
    found = measured(CycleError(), Turning(off=0.1))
    assert found.details == pytest.approx({"A → B": 12.75, "B → A": 25.5}, rel=1e-4)
    assert found.value == pytest.approx(19.125, rel=1e-4)
    assert found.note == "of 20 held-out pictures"


def test_perfect_translations_are_taken_for_the_target_and_pictures_left_as_they_are_for_their_own_kind():
    good, bad = measured(TakenForTarget(), Turning()), measured(TakenForTarget(), Turning(turns=False))
    assert good.floor is not None
    assert good.floor > 0.9
    assert good.value > 0.9
    assert bad.value < 0.1


def test_models_that_do_not_translate_say_so():
    reals = torch.zeros(4, 1, 16, 16)
    assert "does not translate" in CycleError().why_not(subject(reals, reals))
