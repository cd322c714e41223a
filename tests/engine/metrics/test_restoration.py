"""PSNR and SSIM on luma, worked out by hand."""

import math

import numpy as np
import pytest
import torch

from gan_studio.engine.metrics.restoration import likeness, luma, psnr, ssim


def test_luma_goes_from_16_to_235():
    pixels = np.array([[[0, 0, 0], [255, 255, 255], [255, 0, 0]]], np.uint8)
    assert luma(pixels)[0] == pytest.approx([16, 235, 81.481])


def test_psnr_of_known_errors():
    truth = np.full((4, 4), 100.0)
    assert psnr(truth + 1, truth) == pytest.approx(20 * math.log10(255))
    half = truth.copy()
    half[:2] += 10
    assert psnr(half, truth) == pytest.approx(10 * math.log10(255**2 / 50))
    assert psnr(truth, truth) == math.inf


def test_ssim_of_planes_that_differ_in_brightness_alone():
    c1 = (0.01 * 255) ** 2
    one, other = np.full((16, 20), 100.0), np.full((16, 20), 120.0)
    assert ssim(one, other) == pytest.approx((2 * 100 * 120 + c1) / (100**2 + 120**2 + c1))
    assert ssim(one, one) == pytest.approx(1)


def test_ssim_of_planes_that_differ_in_contrast_alone():
    plane = np.random.default_rng(0).normal(0, 20, (11, 11))
    taps = np.exp(-((np.arange(11) - 5) ** 2) / 4.5)
    window = np.outer(taps, taps) / taps.sum() ** 2
    plane -= (window * plane).sum()
    variance, c2 = (window * plane**2).sum(), (0.03 * 255) ** 2
    c1 = (0.01 * 255) ** 2
    wanted = (2 * 100 * 100 + c1) / (2 * 100**2 + c1) * (variance + c2) / (1.25 * variance + c2)
    assert ssim(100 + plane / 2, 100 + plane) == pytest.approx(wanted)


def test_a_border_is_left_out_and_pictures_count_as_saved():
    truth = torch.zeros(1, 3, 20, 20)
    made = truth + 1e-4
    made[:, :, :2] = made[:, :, :, -2:] = 1
    assert likeness(made, truth, 2).psnr == math.inf
    assert likeness(made, truth, 0).psnr < 20
