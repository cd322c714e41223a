"""What a scan finds in folders and zips."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.layout import find_classes
from gan_studio.engine.data.names import natural_key
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import Cancelled, DatasetError
from tests.engine.data.hostile import encoded, solid
from tests.engine.data.samples import write_folder, write_picture, zip_of

CLASSES = ("1 cats", "2 dogs", "10 birds")


def test_flat_folder_has_no_classes_and_a_natural_order(tmp_path: Path):
    report = scan(write_folder(tmp_path))
    assert [file.name for file in report.files] == [f"{number}.png" for number in range(12)]
    assert report.classes == () and {file.label for file in report.files} == {-1}


def test_class_folders_give_labels_also_from_below(tmp_path: Path):
    write_folder(tmp_path, classes=CLASSES)
    write_picture(tmp_path / "1 cats" / "young" / "kitten.png")
    report = scan(tmp_path)
    assert report.classes == CLASSES
    labels = {file.name: file.label for file in report.files}
    assert labels["1 cats/young/kitten.png"] == 0 and labels["10 birds/2.png"] == 2
    assert report.class_counts() == {"1 cats": 5, "2 dogs": 4, "10 birds": 4}


def test_mixed_folder_is_read_below_without_classes(tmp_path: Path):
    write_folder(tmp_path, classes=CLASSES)
    write_picture(tmp_path / "stray.png")
    report = scan(tmp_path)
    assert len(report.files) == 13 and report.classes == ()


def test_a_text_file_beside_class_folders_does_not_make_them_mixed(tmp_path: Path):
    write_folder(tmp_path, classes=CLASSES)
    (tmp_path / "readme.txt").write_text("hello")
    (tmp_path / "factors.csv").write_text("file,kind")
    report = scan(tmp_path)
    assert report.classes == CLASSES
    assert [skip.name for skip in report.skipped] == ["readme.txt"]


def test_zip_reads_as_its_folder_does(tmp_path: Path):
    folder = write_folder(tmp_path / "set", classes=CLASSES)
    here = scan(folder)
    for wrapped in ("", "set", "a/b"):
        there = scan(zip_of(folder, tmp_path / "set.zip", wrapped=wrapped))
        assert there.classes == here.classes
        assert [file.label for file in there.files] == [file.label for file in here.files]


def test_hostile_zip_members_are_skipped_with_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("gan_studio.engine.data.zip_source.MEMBER_LIMIT_BYTES", 100_000)
    picture = encoded(solid())
    path = tmp_path / "hostile.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("good.png", "../up.png", "/root.png", "C:/drive.png", "__MACOSX/._good.png", "win\\dows.png"):
            archive.writestr(name, picture)
        archive.writestr("bomb.bmp", bytes(1_000_000))
        archive.writestr("empty.png", b"")
        archive.writestr("damaged.png", picture)
    _spoil(path, b"damaged.png", picture)
    report = scan(path)
    assert {file.name for file in report.files} == {"good.png", "win/dows.png"}
    reasons = {skip.name: skip.reason for skip in report.skipped}
    assert "leads out" in reasons["../up.png"] and "leads out" in reasons["/root.png"]
    assert "leads out" in reasons["C:/drive.png"] and "hidden" in reasons["__MACOSX/._good.png"]
    assert "unpacks" in reasons["bomb.bmp"] and "zero" in reasons["empty.png"]
    assert "damaged" in reasons["damaged.png"]


def test_encrypted_members_are_skipped(tmp_path: Path):
    path = tmp_path / "locked.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("good.png", encoded(solid()))
        archive.writestr("locked.png", encoded(solid()))
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\1\2")
    content[entry + 8] |= 1
    path.write_bytes(content)
    assert [(skip.name, skip.reason) for skip in scan(path).skipped] == [("locked.png", "encrypted")]


@pytest.mark.parametrize("wanted", ["missing", "empty", "nothing usable", "a picture", "damaged zip", "empty zip"])
def test_what_cannot_be_trained_on_is_said(tmp_path: Path, wanted: str):
    source, words = _unusable(tmp_path, wanted)
    with pytest.raises(DatasetError, match=words) as caught:
        scan(source)
    assert str(source) in caught.value.message and caught.value.advice


def test_unreadable_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_folder(tmp_path)

    def refuse(path):
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DatasetError, match="Permission denied"):
        scan(tmp_path)


def test_one_unreadable_folder_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_folder(tmp_path)
    write_picture(tmp_path / "locked" / "a.png")
    real = os.scandir

    def guarded(path):
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", guarded)
    report = scan(tmp_path)
    assert len(report.files) == 12
    assert [tuple(skip) for skip in report.skipped] == [("locked", "no permission to read it")]


def test_links_between_folders_end(tmp_path: Path):
    for name in ("a", "b"):
        write_picture(tmp_path / name / f"{name}.png")
    (tmp_path / "a" / "to_b").symlink_to(tmp_path / "b", target_is_directory=True)
    (tmp_path / "b" / "to_a").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "b" / "up").symlink_to(tmp_path, target_is_directory=True)
    report = scan(tmp_path)
    assert [file.name for file in report.files] == ["a/a.png", "b/b.png"]
    assert {skip.name for skip in report.skipped} == {"a/to_b", "b/to_a", "b/up"}


def test_linked_folder_outside_is_read(tmp_path: Path):
    write_folder(tmp_path / "outside", 3)
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "link").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert len(scan(tmp_path / "set").files) == 3


@pytest.mark.parametrize(("side", "size"), [(1, 16), (16, 16), (22, 16), (24, 32), (28, 32), (45, 32), (46, 64),
                                            (64, 64), (128, 64), (2000, 64)])  # fmt: skip
def test_automatic_size(tmp_path: Path, side: int, size: int):
    write_picture(tmp_path / "a.png", size=(side, side + 7))
    assert scan(tmp_path).picture_spec(DataSettings()).size == size


def test_colour_is_found_by_looking_at_pixels(tmp_path: Path):
    Image.new("RGB", (20, 20), (90, 90, 90)).save(tmp_path / "grey in RGB.png")
    assert scan(tmp_path).picture_spec(DataSettings()).channels == 1
    assert scan(tmp_path).picture_spec(DataSettings(fit="pad", background="#ff0000")).channels == 3
    write_picture(tmp_path / "red.png")
    report = scan(tmp_path)
    assert report.picture_spec(DataSettings()).channels == 3
    assert report.picture_spec(DataSettings(channels="grey")).channels == 1
    assert report.suggestions() == {"image_size": 16, "channels": "colour", "batch_size": 16}


def test_transparency_is_found_by_looking_at_pixels(tmp_path: Path):
    Image.new("RGBA", (20, 20), (200, 30, 40, 255)).save(tmp_path / "opaque.png")
    assert not scan(tmp_path).has_transparency
    Image.new("RGBA", (20, 20), (200, 30, 40, 100)).save(tmp_path / "glass.png")
    assert scan(tmp_path).has_transparency


def test_report_in_words_and_in_json(tmp_path: Path):
    write_folder(tmp_path, classes=CLASSES)
    (tmp_path / "notes.txt").write_text("hello")
    report = scan(tmp_path)
    plain = json.loads(json.dumps(report.to_json()))
    assert plain["pictures"] == 12 and plain["classes"]["2 dogs"] == 4
    assert plain["skipped"][0]["name"] == "notes.txt"
    words = " ".join(report.summary())
    assert "12 pictures, each 20 × 20 pixels." in words and "3 classes" in words and "1 file skipped" in words
    assert report.sizes == Counter({(20, 20): 12})


def test_progress_rises_to_the_end_and_cancel_is_heard(tmp_path: Path):
    write_folder(tmp_path)
    files, looks = [], []
    scan(
        tmp_path,
        progress=lambda done, total: files.append((done, total)),
        examining=lambda done, total: looks.append((done, total)),
    )
    assert files == sorted(files) and looks == sorted(looks)
    assert files[-1] == looks[-1] == (12, 12)
    with pytest.raises(Cancelled):
        scan(tmp_path, cancelled=lambda: True)


def test_reading_pictures_imports_neither_torch_nor_qt():
    code = (
        "import sys, gan_studio.engine.data.cache, gan_studio.engine.data.previews, gan_studio.engine.data.demo; "
        "sys.exit(bool({'torch', 'PySide6'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


NAMES = st.text("ab1", min_size=1, max_size=2)
TREES = st.lists(st.lists(NAMES, min_size=0, max_size=3), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(TREES)
def test_any_tree_is_read_in_full_and_in_order(tmp_path_factory: pytest.TempPathFactory, tree: list[list[str]]):
    root = tmp_path_factory.mktemp("tree")
    names = {"/".join([*(f"d{part}" for part in path), f"p{number}.png"]) for number, path in enumerate(tree)}
    for name in names:
        write_picture(root / name, size=(4, 4))
    report = scan(root)
    assert [file.name for file in report.files] == sorted(names, key=natural_key)
    assert report == scan(root)
    as_zip = scan(zip_of(root, root.with_suffix(".zip")))
    assert [(file.name, file.label) for file in as_zip.files] == [(file.name, file.label) for file in report.files]


@given(st.lists(st.text("a0/1b", min_size=1, max_size=8), unique=True))
def test_classes_cover_all_pictures_or_none(names: list[str]):
    classes, labels = find_classes(names)
    assert len(labels) == len(names)
    assert set(labels) == (set(range(len(classes))) if classes else {-1} if names else set())


@given(st.lists(st.text(max_size=12)))
def test_natural_order_is_total(names: list[str]):
    backwards = list(reversed(names))
    assert sorted(names, key=natural_key) == sorted(backwards, key=natural_key)


def _spoil(path: Path, name: bytes, member: bytes) -> None:
    content = bytearray(path.read_bytes())
    start = content.index(name) + len(name)
    content[start + 5 : start + 25] = bytes(20)
    path.write_bytes(content)


def _unusable(folder: Path, wanted: str) -> tuple[Path, str]:
    target = folder / wanted.replace(" ", "_")
    match wanted:
        case "missing":
            return target, "does not exist"
        case "empty":
            target.mkdir()
            return target, "is empty"
        case "nothing usable":
            target.mkdir()
            (target / "notes.txt").write_text("hello")
            return target, "no picture.*notes.txt"
        case "a picture":
            return write_picture(target.with_suffix(".png")), "neither a folder nor a zip"
        case "damaged zip":
            whole = zip_of(write_folder(folder / "set"), target.with_suffix(".zip"))
            whole.write_bytes(whole.read_bytes()[:-200])
            return whole, "damaged zip"
    with zipfile.ZipFile(target.with_suffix(".zip"), "w"):
        return target.with_suffix(".zip"), "is empty"
