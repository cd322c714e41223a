"""Every odd file is read right, or skipped with its reason; none of them stops a data set."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.decode import Target
from gan_studio.engine.data.names import display_name
from gan_studio.engine.data.previews import THUMBNAIL_SIDE, large_preview, thumbnail
from gan_studio.engine.data.scan import scan
from gan_studio.engine.data.sources import open_source
from tests.engine.data.hostile import Expectation, encoded, make_hostile_folder, solid

SIZE = 32


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("hostile")
    expected = make_hostile_folder(folder / "pictures")
    report = scan(folder / "pictures")
    settings = DataSettings(image_size=SIZE)
    return expected, report, load_pictures(report, settings, cache_folder=folder / "cache")


def test_there_are_at_least_sixty_of_them(hostile):
    expected, _, _ = hostile
    assert len(expected) >= 60


def test_each_is_read_or_skipped_with_the_right_reason(hostile):
    expected, _, pictures = hostile
    pixels = dict(zip(pictures.names, pictures.pixels, strict=True))
    reasons = {skip.name: skip.reason for skip in pictures.skipped}
    problems = [
        problem
        for name, expectation in expected.items()
        if (problem := _problem(display_name(name), expectation, pixels, reasons))
    ]
    assert not problems, "\n".join(problems)


def test_nothing_is_both_or_invented(hostile):
    expected, _, pictures = hostile
    read, left_out = set(pictures.names), {skip.name for skip in pictures.skipped}
    assert not read & left_out
    assert read | left_out == {display_name(name) for name in expected}


def test_a_small_set_is_judged_in_full_by_the_scan_alone(hostile):
    _, report, pictures = hostile
    assert len(report.files) == len(pictures)
    assert all(skip.reason for skip in report.skipped)


def test_each_of_what_is_left_has_a_thumbnail_in_its_own_shape(hostile):
    _, report, _ = hostile
    with open_source(report.source) as source:
        for entry in report.files:
            pixels = thumbnail(source, entry)
            assert pixels is not None and pixels.dtype == np.uint8 and pixels.shape[2] == 3
            assert max(pixels.shape[:2]) <= THUMBNAIL_SIDE


def test_a_large_preview_shows_what_a_network_sees(hostile):
    _, report, pictures = hostile
    with open_source(report.source) as source:
        for entry in report.files[:4]:
            preview = large_preview(source, entry, Target(SIZE))
            shown = pictures.names.index(display_name(entry.name))
            assert np.array_equal(preview.seen, pictures.pixels[shown])


def test_a_zip_of_them_gives_the_same_pictures(hostile, tmp_path: Path):
    expected, report, pictures = hostile
    with zipfile.ZipFile(tmp_path / "hostile.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in expected:
            path = report.source / name
            if path.is_file() and display_name(name) == name:  # a zip holds no other names
                archive.write(path, name)
    zipped = load_pictures(
        scan(tmp_path / "hostile.zip"), DataSettings(image_size=SIZE), cache_folder=tmp_path / "cache"
    )
    from_folder = dict(zip(pictures.names, pictures.pixels, strict=True))
    assert len(zipped) >= len(pictures) - 1
    assert all(np.array_equal(from_folder[name], one) for name, one in zip(zipped.names, zipped.pixels, strict=True))


def test_names_can_be_printed(hostile):
    _, _, pictures = hostile
    printable = "\n".join((*pictures.names, *(skip.name for skip in pictures.skipped)))
    assert printable.encode("utf-8").decode("utf-8") == printable


def test_no_permission_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(encoded(solid()))
    real_open = Path.open

    def guarded(self: Path, *arguments, **options):
        if self.name == "b.png":
            raise PermissionError(13, "Permission denied")
        return real_open(self, *arguments, **options)

    monkeypatch.setattr(Path, "open", guarded)
    report = scan(tmp_path)
    assert [(skip.name, skip.reason) for skip in report.skipped] == [("b.png", "no permission to read it")]


def _problem(name: str, expectation: Expectation, pixels: dict[str, np.ndarray], reasons: dict[str, str]) -> str:
    if not expectation.is_read or name in reasons:
        if name not in reasons:
            return f"{name}: read, although expected: {expectation.reason}"
        fits = not expectation.is_read and expectation.reason in reasons[name]
        return "" if fits else f"{name}: skipped as {reasons[name]!r}, expected {expectation.reason!r}"
    for (x, y), colour in expectation.colours:
        found = pixels[name][int(y * SIZE), int(x * SIZE)].astype(int)
        if np.abs(found - colour).max() > expectation.tolerance:
            return f"{name}: {found} at {x}, {y}, expected {colour}"
    return ""
