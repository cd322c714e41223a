"""Two folders or zips as one set of pictures: A and B."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data import choice
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.scan import scan
from gan_studio.engine.data.sources import open_source
from gan_studio.engine.errors import DatasetError


def draw(folder, levels, size=16):
    folder.mkdir(parents=True, exist_ok=True)
    for level in levels:
        Image.fromarray(np.full((size, size, 3), (level, 0, 0), np.uint8)).save(folder / f"{level}.png")
    return folder


@pytest.fixture
def dark(tmp_path):
    return draw(tmp_path / "dark", [10, 20, 30])


@pytest.fixture
def light(tmp_path):
    """A zip, with a folder around its pictures and a file that is no picture."""
    folder = draw(tmp_path / "unpacked", [200, 210])
    with zipfile.ZipFile(tmp_path / "light.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"inside/{file.name}")
        archive.writestr("inside/read me.txt", "nothing")
    return tmp_path / "light.zip"


def test_a_pair_is_scanned_as_two_classes(dark, light):
    report = scan(dark, light)
    assert report.classes == ("A", "B")
    names = ["A/10.png", "A/20.png", "A/30.png", "B/inside/200.png", "B/inside/210.png"]
    assert [(entry.name, entry.label) for entry in report.files] == list(zip(names, [0, 0, 0, 1, 1], strict=True))
    assert [skip.name for skip in report.skipped] == ["B/inside/read me.txt"]
    assert (report.source, report.second) == (dark, light)


def test_its_pictures_are_decoded_from_both_sides_and_cached_as_a_pair(dark, light):
    for _ in range(2):
        pictures = load_pictures(scan(dark, light), DataSettings(image_size=16))
        assert pictures.take(np.arange(5))[:, 0, 0, 0].tolist() == [10, 20, 30, 200, 210]
    swapped = load_pictures(scan(light, dark), DataSettings(image_size=16))
    assert swapped.take(np.arange(5))[:, 0, 0, 0].tolist() == [200, 210, 10, 20, 30]


def test_classes_are_picked_and_numbered_in_the_order_asked_for(tmp_path):
    for name, level in (("ant", 1), ("bee", 2), ("cow", 3)):
        draw(tmp_path / "set" / name, [level])
    report = scan(tmp_path / "set").only(("cow", "ant"))
    assert report.classes == ("cow", "ant")
    assert [(entry.name, entry.label) for entry in report.files] == [("ant/1.png", 1), ("cow/3.png", 0)]
    assert report.sizes.total() == len(report.looks) == 2


def test_an_empty_side_is_named(dark, tmp_path):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(DatasetError, match=r"nothing is empty.* for B"):
        scan(dark, tmp_path / "nothing")


def test_a_side_that_is_not_there_is_named_and_the_other_is_closed(light, tmp_path):
    with pytest.raises(DatasetError, match="gone does not exist"):
        open_source(light, tmp_path / "gone")
    light.unlink()  # which Windows refuses while it is open


def test_names_of_neither_side_are_not_found(dark, light):
    with open_source(dark, light) as source, pytest.raises(FileNotFoundError):
        source.open("C/10.png")


def test_what_was_taken_out_of_a_pair_is_remembered_for_the_pair_alone(dark, light):
    choice.remember(dark, ["A/10.png"], light)
    assert choice.recall(dark, light) == ("A/10.png",)
    assert choice.recall(dark) == choice.recall(light, dark) == ()
