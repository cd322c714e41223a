"""Saved pictures keep their pixels and recipe, and failures leave nothing half done."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from gan_studio.engine.errors import RecipeError, StudioError
from gan_studio.engine.export.png import RECIPE_KEYWORD, free_path, read_recipe, save_png
from gan_studio.engine.export.recipe import MOST_BYTES, make_recipe

PIXELS = np.random.default_rng(1).integers(0, 256, (7, 5, 3), np.uint8)
RECIPE = make_recipe(
    family="dcgan", sha256="ab" * 32, step=7, title="Gesichter", controls={"z": np.linspace(-3, 3, 9, dtype=np.float32)}
)


def write_png(path, text):
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text(RECIPE_KEYWORD, text)
    Image.fromarray(PIXELS).save(path, pnginfo=chunks)


def test_pixels_and_recipe_return(tmp_path):
    path = tmp_path / "Übung 1.png"
    save_png(path, PIXELS, RECIPE)
    assert read_recipe(path) == RECIPE
    assert np.array_equal(np.asarray(Image.open(path)), PIXELS)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_said_in_words_and_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.png"
    save_png(path, PIXELS, RECIPE)
    before = path.read_bytes()
    whole = Path.open
    monkeypatch.setattr(Path, "open", lambda self, mode: whole(Path("/dev/full"), "wb"))
    with pytest.raises(StudioError, match="No space left"):
        save_png(path, PIXELS[::-1], RECIPE)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.png"]


def test_an_error_while_flushing_leaves_no_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudioError, match="No space left"):
        save_png(tmp_path / "a.png", PIXELS, RECIPE)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_gone_is_said_in_words(tmp_path):
    with pytest.raises(StudioError, match="Could not write"):
        save_png(tmp_path / "gone" / "a.png", PIXELS, RECIPE)


def test_free_names_never_meet_a_file_that_exists(tmp_path):
    first = free_path(tmp_path, "face 3/4: best?")
    first.touch()
    second = free_path(tmp_path, "face 3/4: best?")
    assert first.parent == second.parent == tmp_path
    assert first != second and not second.exists()


@pytest.mark.parametrize("title", ["", "..", "///", "\n"])
def test_titles_without_a_usable_letter_get_a_name(tmp_path, title):
    assert free_path(tmp_path, title).name == "picture.png"


def test_a_picture_without_recipe_says_so(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    with pytest.raises(RecipeError, match="holds no recipe"):
        read_recipe(tmp_path / "a.png")


@pytest.mark.parametrize(
    "content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + b"\0" * 50, b"\x89PNG\r\n\x1a\n" + b"\xff" * 64]
)
def test_files_that_are_no_png_are_refused(tmp_path, content):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(RecipeError):
        read_recipe(tmp_path / "a.png")


def test_a_file_that_is_gone_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "gone.png", tmp_path):
        with pytest.raises(RecipeError):
            read_recipe(path)


def test_a_recipe_that_is_too_large_or_foreign_is_refused(tmp_path):
    write_png(tmp_path / "a.png", "x" * (MOST_BYTES + 1))
    with pytest.raises(RecipeError, match="larger"):
        read_recipe(tmp_path / "a.png")
    write_png(tmp_path / "b.png", "steps: 20, sampler: Euler")
    with pytest.raises(RecipeError):
        read_recipe(tmp_path / "b.png")


def test_every_truncation_of_a_saved_file_is_refused_or_read_right(tmp_path):
    save_png(tmp_path / "a.png", PIXELS, RECIPE)
    data = (tmp_path / "a.png").read_bytes()
    for length in range(0, len(data), 7):
        (tmp_path / "b.png").write_bytes(data[:length])
        try:
            assert read_recipe(tmp_path / "b.png") == RECIPE
        except RecipeError:
            continue
