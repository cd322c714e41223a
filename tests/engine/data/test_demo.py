"""The demonstration pictures."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.data.demo import draw_demo
from gan_studio.engine.data.demo_shapes import SHAPES
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import Cancelled, DatasetError


def test_they_scan_as_labelled_colour_pictures_with_nothing_skipped(tmp_path: Path):
    report = scan(draw_demo(tmp_path / "demo", count=40))
    assert report.classes == tuple(SHAPES) and set(report.class_counts().values()) == {5}
    assert not report.skipped and not report.is_grey
    assert set(report.sizes) == {(64, 64)}


def test_factors_are_written_for_each_picture(tmp_path: Path):
    folder = draw_demo(tmp_path / "demo", count=24)
    with (folder / "factors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 24
    assert all((folder / row["file"]).is_file() and row["file"].startswith(row["kind"]) for row in rows)
    assert {row["mirrored"] for row in rows} == {"True", "False"}


def test_the_same_seed_draws_the_same_and_another_does_not(tmp_path: Path):
    pictures = [
        np.asarray(Image.open(draw_demo(tmp_path / name, count=8, seed=seed) / "fish" / "00000.png"))
        for name, seed in (("a", 0), ("b", 0), ("c", 1))
    ]
    assert np.array_equal(pictures[0], pictures[1]) and not np.array_equal(pictures[0], pictures[2])


def test_drawn_once(tmp_path: Path):
    first: list[int] = []
    second: list[int] = []
    draw_demo(tmp_path / "demo", count=8, progress=lambda done, _: first.append(done))
    draw_demo(tmp_path / "demo", count=8, progress=lambda done, _: second.append(done))
    assert first and not second


def test_half_a_set_is_drawn_again(tmp_path: Path):
    folder = draw_demo(tmp_path / "demo", count=8)
    (folder / "fish" / "00000.png").unlink()
    assert (draw_demo(folder, count=8) / "fish" / "00000.png").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_cancel_leaves_nothing(tmp_path: Path):
    with pytest.raises(Cancelled):
        draw_demo(tmp_path / "demo", count=8, cancelled=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DatasetError, match="other files"):
        draw_demo(tmp_path, count=8)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatasetError, match="cannot be drawn"):
        draw_demo(tmp_path / "file" / "demo", count=8)
