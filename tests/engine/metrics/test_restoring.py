"""PSNR and SSIM as measures: of held-out pictures, whole or their middles, beside bicubic enlargement."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from gan_studio.engine.data.domains import Domain
from gan_studio.engine.data.whole_pictures import WholePictures
from gan_studio.engine.families.base import Sampler
from gan_studio.engine.metrics.evaluate import evaluate
from gan_studio.engine.metrics.measure import measures_called
from gan_studio.engine.metrics.measures.restoration import MOST_PSNR, PSNR, SSIM
from gan_studio.engine.metrics.subject import RealPictures
from gan_studio.engine.metrics.while_training import TrainingMetrics
from gan_studio.engine.sampler_controls import ControlSpec
from tests.engine.metrics.subjects import subject

SIDE, HEIGHT, WIDTH = 32, 40, 48


class Halving(Sampler):
    """Hands the truth back with something added; stands for bicubic with twice as much."""

    controls = (ControlSpec("picture", "Picture", "picture", (1, SIDE // 2, SIDE // 2)),)
    main_output, before_output = "result", "bicubic"

    def __init__(self, off):
        self.off = off

    def degraded(self, truth):
        return {"picture": F.avg_pool2d(truth, 2), "truth": truth}

    def __call__(self, controls):
        truth = controls["truth"]
        return {"result": truth + self.off / 127.5, "bicubic": truth + 2 * self.off / 127.5}


def enlarging(off, count=3, held_out=(1,)):
    """Pictures of 40 × 48 that crops of 32 px are trained on."""
    grey = torch.rand(count, 1, SIDE, SIDE) - 0.5
    made = subject(grey, grey, held_out=held_out)
    drawn = np.random.default_rng(0).integers(64, 190, (count, HEIGHT, WIDTH, 1), np.uint8)
    whole = WholePictures(drawn.reshape(-1), [(HEIGHT, WIDTH)] * count, 1, SIDE)
    pictures = replace(made.load().pictures, pixels=np.empty((0, SIDE, SIDE, 1), np.uint8), whole=whole)
    away = np.array(held_out, np.int64)
    known = RealPictures(pictures, {"image": Domain(np.setdiff1d(np.arange(count), away), away, 0)})
    return replace(made, sampler=Halving(off), load=lambda: known)


def test_psnr_is_that_of_the_known_error_on_luma_beside_bicubic():
    found = PSNR().measure(enlarging(off=2))
    share = (65.481 + 128.553 + 24.966) / 255
    assert found.value == pytest.approx(-20 * np.log10(2 * share / 255))
    assert found.floor == pytest.approx(-20 * np.log10(4 * share / 255))
    assert list(found.details) == ["1.png"]
    assert found.note == "beside bicubic enlargement; of 1 held-out picture"


def test_what_comes_back_as_it_was_counts_finitely():
    subject = enlarging(off=0, held_out=())
    assert PSNR().measure(subject).value == MOST_PSNR
    assert SSIM().measure(subject).value == pytest.approx(1)
    assert len(SSIM().measure(subject).details) == 3


def test_other_models_and_small_crops_are_refused_before_a_picture_is_read():
    grey = torch.zeros(4, 1, 16, 16)
    assert PSNR().why_not(subject(grey, grey)) == "The model does not enlarge pictures."
    small = enlarging(off=1)
    assert "15 px" in PSNR().why_not(replace(small, picture=small.picture.changed(size=14)))


def test_while_training_a_few_pictures_are_enough():
    scalars = TrainingMetrics(enlarging(off=2)).measure()
    assert set(scalars) == {f"{kind}/{name}" for kind in ("metric", "floor") for name in ("psnr", "ssim")}
    assert scalars["metric/psnr"] > scalars["floor/psnr"]


def test_one_picture_is_enough_for_an_evaluation(tmp_path):
    found = evaluate(
        enlarging(off=2, count=1, held_out=()), measures_called(("psnr", "sliced_wasserstein")), 1, tmp_path
    )
    assert found.pictures == 1 and not found.held_out
    assert [bool(result.measured) for result in found.results] == [True, False]
