"""Data sets as people have them, from the folder that GAN_STUDIO_TEST_DATA names."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.scan import scan

pytestmark = pytest.mark.skipif(
    not os.environ.get("GAN_STUDIO_TEST_DATA"), reason="GAN_STUDIO_TEST_DATA names no folder with real pictures"
)


def source(name: str) -> Path:
    path = Path(os.environ["GAN_STUDIO_TEST_DATA"]) / f"{name}.zip"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    return path


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("fashion", (10_000, 32, 32, 1), 10),
        ("flags", (160, 64, 64, 3), 0),
        ("emoji_rgba", (1_200, 64, 64, 3), 0),
        ("emoji_faces", (873, 64, 64, 3), 0),
        ("photos_kodak", (12, 64, 64, 3), 0),
    ],
)
def test_read_with_nothing_set(tmp_path: Path, name: str, shape: tuple[int, ...], classes: int):
    start = time.perf_counter()
    report = scan(source(name))
    scanned = time.perf_counter()
    pictures = load_pictures(report, DataSettings(), cache_folder=tmp_path)
    decoded = time.perf_counter()
    load_pictures(report, DataSettings(), cache_folder=tmp_path)
    mapped = time.perf_counter()
    times = f"scan {scanned - start:.2f} s, decode {decoded - scanned:.2f} s, again {mapped - decoded:.3f} s"
    print(f"{name}: {times}")  # noqa: T201
    assert pictures.pixels.shape == shape and len(pictures.classes) == classes
    assert not pictures.skipped and set(pictures.labels) == (set(range(classes)) or {-1})


def test_transparent_emoji_stand_on_the_chosen_colour(tmp_path: Path):
    report = scan(source("emoji_rgba"))
    assert report.has_transparency
    pictures = load_pictures(report, DataSettings(background="#336699"), cache_folder=tmp_path)
    assert np.median(pictures.pixels[:, 0, 0], axis=0).tolist() == [0x33, 0x66, 0x99]


def test_zip_and_its_unpacked_folder_give_the_same_arrays(tmp_path: Path):
    archive, folder = tmp_path / "flags.zip", tmp_path / "flags"
    with zipfile.ZipFile(source("flags")) as whole, zipfile.ZipFile(archive, "w") as part:
        for entry in [entry for entry in whole.infolist() if not entry.is_dir()][:40]:
            part.writestr(entry, whole.read(entry))
    with zipfile.ZipFile(archive) as content:
        content.extractall(folder)
    here, there = (
        load_pictures(scan(path), DataSettings(fit="pad"), cache_folder=tmp_path / "cache")
        for path in (archive, folder)
    )
    assert here.names == there.names and np.array_equal(here.pixels, there.pixels)
