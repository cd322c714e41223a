"""How one picture becomes a square array."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.data.decode import Looks, Target, decode, examine
from gan_studio.engine.data.reasons import UnreadablePicture
from tests.engine.data.hostile import BLUE, GREEN, RED, WHITE, encoded, png_claiming, solid


def flag(width: int, height: int) -> Image.Image:
    """Red on the left, green in the middle, blue on the right; the outer stripes take a quarter each."""
    picture = solid(colour=GREEN, size=(width, height))
    picture.paste(RED, (0, 0, width // 4, height))
    picture.paste(BLUE, (width - width // 4, 0, width, height))
    return picture


def decoded(picture: Image.Image, size: int = 32, **target) -> np.ndarray:
    return decode(io.BytesIO(encoded(picture)), Target(size, **target))


def colour_at(pixels: np.ndarray, x: float, y: float) -> tuple[int, ...]:
    size = len(pixels)
    return tuple(int(part) for part in pixels[int(y * size), int(x * size)])


def test_crop_keeps_the_middle():
    pixels = decoded(flag(80, 40))
    assert pixels.shape == (32, 32, 3) and pixels.dtype == np.uint8
    assert {colour_at(pixels, x, 0.5) for x in (0.1, 0.5, 0.9)} == {GREEN}


def test_stretch_keeps_all_and_pad_adds_borders():
    stretched = decoded(flag(80, 40), fit="stretch")
    assert [colour_at(stretched, x, 0.05) for x in (0.1, 0.5, 0.9)] == [RED, GREEN, BLUE]
    padded = decoded(flag(80, 40), fit="pad", background="#ffffff")
    assert [colour_at(padded, x, 0.5) for x in (0.1, 0.5, 0.9)] == [RED, GREEN, BLUE]
    assert colour_at(padded, 0.5, 0.05) == colour_at(padded, 0.5, 0.95) == WHITE


def test_pad_of_an_upright_picture_has_borders_at_its_sides():
    padded = decoded(solid(size=(10, 40)), fit="pad", background="#0000ff")
    assert colour_at(padded, 0.05, 0.5) == (0, 0, 255) and colour_at(padded, 0.5, 0.05) == RED


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (5, 4), (500, 400)])
def test_every_shape_fits(fit, size: tuple[int, int]):
    assert decoded(solid(size=size), fit=fit).shape == (32, 32, 3)


def test_grey_target_has_one_channel_of_brightness():
    pixels = decoded(solid(colour=(255, 0, 0)), channels=1)
    assert pixels.shape == (32, 32, 1) and int(pixels[5, 5, 0]) == 76


@pytest.mark.parametrize(("background", "seen"), [("#ffffff", (228, 142, 148)), ("#000000", (100, 15, 20))])
def test_glass_takes_on_the_background(background: str, seen: tuple[int, int, int]):
    pixels = decoded(solid("RGBA", (*RED, 128)), background=background)
    assert np.abs(pixels.astype(int) - seen).max() <= 1


def test_fine_patterns_are_averaged_not_picked():
    checks = np.indices((640, 640)).sum(0) % 2 * 255
    for file_format in ("PNG", "JPEG"):
        file = io.BytesIO(encoded(Image.fromarray(checks.astype(np.uint8)), file_format))
        pixels = decode(file, Target(32, 1)).astype(int)
        assert np.abs(pixels - 127).max() <= 3


def test_small_pictures_are_enlarged_smoothly():
    half = solid(colour=(0, 0, 0), size=(2, 1))
    half.putpixel((1, 0), (255, 255, 255))
    row = decoded(half, fit="stretch")[0, :, 0].astype(int)
    assert row[0] < 10 and row[-1] > 245 and (np.diff(row[4:28]) >= 0).all()


def test_a_path_is_read_as_a_file_is(tmp_path: Path):
    path = tmp_path / "flag.png"
    path.write_bytes(encoded(flag(40, 40)))
    assert np.array_equal(decode(path, Target(32)), decoded(flag(40, 40)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not really a picture"),
        (b"no picture", "not really a picture"),
        (encoded(flag(300, 300))[:200], "cut off"),
        (png_claiming(60_000, 60_000), "more pixels"),
    ],
)
def test_what_cannot_be_read_has_a_reason(content: bytes, reason: str):
    with pytest.raises(UnreadablePicture, match=reason) as caught:
        decode(io.BytesIO(content), Target(32))
    assert not caught.value.passing


def test_a_file_that_is_away_may_come_back(tmp_path: Path):
    with pytest.raises(UnreadablePicture, match="gone") as caught:
        decode(tmp_path / "away.png", Target(32))
    assert caught.value.passing


def test_looks():
    assert examine(io.BytesIO(encoded(solid()))) == Looks(grey=False, transparent=False)
    assert examine(io.BytesIO(encoded(solid(colour=(9, 9, 9))))) == Looks(grey=True, transparent=False)
    # A colour that nobody can see is none.
    assert examine(io.BytesIO(encoded(solid("RGBA", (*RED, 0))))) == Looks(grey=True, transparent=True)
