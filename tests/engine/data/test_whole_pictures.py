"""Random crops out of pictures that keep their size."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.batches import Batches
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.scan import scan
from gan_studio.engine.data.whole_pictures import WholePictures
from gan_studio.engine.errors import DatasetError

SIZES = [(40, 30), (32, 64), (50, 50), (16, 16), (12, 90)]
CROP = DataSettings(image_size=16)


def picture(height, width):
    """Red tells the row, green the column, blue the size."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows, columns, np.full_like(rows, height)], -1).astype(np.uint8)


def fill(folder):
    folder.mkdir()
    for number, size in enumerate(SIZES):
        Image.fromarray(picture(*size)).save(folder / f"{number}.png")
    return folder


def loaded(tmp_path, home="cache"):
    source = tmp_path / "set"
    return load_pictures(
        scan(source if source.exists() else fill(source)), CROP, crops=True, cache_folder=tmp_path / home
    )


def test_pictures_keep_their_pixels_and_small_ones_are_skipped_with_the_reason(tmp_path):
    pictures = loaded(tmp_path)
    assert pictures.whole is not None
    for number, size in enumerate(SIZES[:4]):
        assert np.array_equal(pictures.whole.whole(number), picture(*size))
    assert [(skip.name, skip.reason) for skip in pictures.skipped] == [("4.png", "smaller than the 16 px of a crop")]
    assert np.array_equal(pictures.take(np.array([0]))[0], picture(*SIZES[0])[12:28, 7:23])


def test_a_second_start_maps_the_cache_and_a_cut_off_one_is_made_anew(tmp_path):
    first, second = loaded(tmp_path), loaded(tmp_path)
    assert first.fingerprint() == second.fingerprint()
    (shapes,) = (tmp_path / "cache").glob("*/entries.bin")
    shapes.write_bytes(shapes.read_bytes()[:-8])
    assert loaded(tmp_path).fingerprint() == first.fingerprint()


def test_without_a_cache_they_are_kept_in_memory(tmp_path):
    (tmp_path / "file").write_text("no folder")
    kept, cached = loaded(tmp_path, "file/cache"), loaded(tmp_path)
    assert kept.notices and kept.fingerprint() == cached.fingerprint()


def test_nothing_but_small_pictures_is_refused(tmp_path):
    source = fill(tmp_path / "set")
    with pytest.raises(DatasetError, match="smaller than the 128 px of a crop"):
        load_pictures(scan(source), DataSettings(image_size=128), crops=True, cache_folder=tmp_path / "cache")


def batches(pictures, **changes):
    return Batches(
        pictures, np.arange(len(pictures)), **{"batch_size": 4, "seed": 3, "flip": False, "device": "cpu", **changes}
    )


def test_crops_are_parts_of_their_pictures_and_reach_every_edge(tmp_path):
    pictures = loaded(tmp_path)
    images = batches(pictures).at(np.arange(400)).images
    pixels = ((images + 1) * 127.5).round().permute(0, 2, 3, 1).numpy().astype(int)
    heights = dict(SIZES)
    corners = {height: set() for height in heights}
    for crop in pixels:
        top, left, height = crop[0, 0]
        assert np.array_equal(crop, picture(height, heights[height])[top : top + 16, left : left + 16])
        corners[height].add((top, left))
    assert corners[16] == {(0, 0)}
    assert {top for top, _ in corners[40]} >= {0, 24} and {left for _, left in corners[40]} == set(range(15))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**31 - 1), st.integers(0, 10**12))
def test_a_crop_is_a_pure_function_of_seed_and_sample_number(seed, sample):
    flat = np.concatenate([picture(*size).ravel() for size in SIZES[:3]])
    pixels = WholePictures(flat, SIZES[:3], 3, 16)
    places = np.array([seed * 2654435761 % 2**64, sample], np.uint64)
    assert np.array_equal(pixels.crops(np.array([0, 2]), places)[1], pixels.crops(np.array([2]), places[1:])[0])


def test_drawing_goes_on_from_its_state_with_crops_and_flips(tmp_path):
    pictures = loaded(tmp_path)
    straight, resumed = (batches(pictures, flip=True) for _ in range(2))
    for _ in range(5):
        state = straight.state_dict()
        wanted = straight.next().images
    resumed.load_state_dict(state)
    assert torch.equal(resumed.next().images, wanted)
