"""numpy pictures to Qt and back: every shape, odd widths, views that are not contiguous."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from gan_studio.gui.images import device_pixmap, from_qimage, pixel_zoom, to_qimage

SIDES = st.integers(1, 13)


@given(st.tuples(SIDES, SIDES, st.just(3)).flatmap(lambda shape: arrays(np.uint8, shape)))
def test_a_colour_picture_comes_back_as_it_was(pixels: np.ndarray) -> None:
    assert np.array_equal(from_qimage(to_qimage(pixels)), pixels)


@given(st.tuples(SIDES, SIDES).flatmap(lambda shape: arrays(np.uint8, shape)))
def test_a_grey_picture_comes_back_with_equal_channels(pixels: np.ndarray) -> None:
    assert np.array_equal(from_qimage(to_qimage(pixels)), np.repeat(pixels[..., None], 3, axis=2))


def test_views_that_are_not_contiguous_are_taken() -> None:
    pixels = np.arange(8 * 10 * 3, dtype=np.uint8).reshape(8, 10, 3)[::2, ::3]
    assert np.array_equal(from_qimage(to_qimage(pixels)), pixels)


def test_the_picture_does_not_share_the_memory() -> None:
    pixels = np.zeros((4, 5, 3), np.uint8)
    image = to_qimage(pixels)
    pixels[:] = 255
    assert image.pixelColor(0, 0) == QColor(0, 0, 0)


@pytest.mark.parametrize(
    "wrong", [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 4), np.uint8), np.zeros((4,), np.uint8)]
)
def test_other_types_and_shapes_are_refused(wrong: np.ndarray) -> None:
    with pytest.raises(ValueError, match="uint8"):
        to_qimage(wrong)


def test_a_small_picture_keeps_hard_pixels_on_a_fine_screen(qtbot: QtBot) -> None:
    pixels = np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8)
    pixmap = device_pixmap(pixels, QSize(20, 10), ratio=2.0)
    image = from_qimage(pixmap.toImage())
    assert image.shape == (20, 40, 3)
    assert pixmap.deviceIndependentSize().toSize() == QSize(20, 10)
    assert {tuple(colour) for colour in image.reshape(-1, 3)} == {(255, 0, 0), (0, 0, 255)}


@pytest.mark.parametrize(("side", "available", "zoom"), [(28, 64, 2), (64, 64, 1), (128, 64, 1), (16, 100, 6)])
def test_the_zoom_is_a_whole_number(side: int, available: int, zoom: int) -> None:
    assert pixel_zoom(side, available) == zoom
