"""Pictures are decoded once, whatever happens meanwhile."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data import cache
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.cache_files import CacheWriter
from gan_studio.engine.data.cache_upkeep import mark_used, release
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import Cancelled, DatasetError
from tests.engine.data.samples import numbered_set, write_folder, write_picture, zip_of

SMALL = DataSettings(image_size=16)


class Loader:
    """Loads a source and tells whether anything had to be decoded."""

    def __init__(self, source: Path, home: Path) -> None:
        self.source, self.home = source, home

    def __call__(self, settings: DataSettings = SMALL, source: Path | None = None) -> tuple[PictureSet, bool]:
        calls: list[int] = []
        report = scan(source or self.source)
        pictures = load_pictures(report, settings, cache_folder=self.home, progress=lambda *_: calls.append(1))
        return pictures, bool(calls)


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    return Loader(write_folder(tmp_path / "set", classes=("a", "b")), tmp_path / "cache")


def test_second_load_is_mapped_and_equal(load: Loader):
    first, decoded_first = load()
    second, decoded_second = load()
    assert decoded_first and not decoded_second
    assert isinstance(second.pixels, np.memmap) and not second.pixels.flags.writeable
    assert np.array_equal(first.pixels, second.pixels) and first.names == second.names
    assert np.array_equal(first.labels, [0] * 6 + [1] * 6) and second.classes == ("a", "b")


def test_pixels_are_those_of_the_files(load: Loader):
    pictures, _ = load()
    place = pictures.names.index("b/5.png")
    assert tuple(pictures.pixels[place, 8, 8]) == (85, 250, 25)


@pytest.mark.parametrize("changed", [{"flip": True}, {"held_out": 0.2}, {"background": "#FFFFFF"}])
def test_settings_that_do_not_change_pixels_hit(load: Loader, changed: dict):
    load()
    assert not load(SMALL.changed(**changed))[1]


@pytest.mark.parametrize(
    "changed", [{"image_size": 32}, {"channels": "grey"}, {"fit": "pad"}, {"fit": "stretch"}, {"background": "#000000"}]
)
def test_settings_that_change_pixels_miss(load: Loader, changed: dict):
    load()
    assert load(SMALL.changed(**changed))[1]


def test_touched_new_and_removed_files_miss(load: Loader):
    load()
    file = load.source / "a" / "0.png"
    os.utime(file, ns=(1, 1))
    assert load()[1]
    write_picture(load.source / "a" / "new.png")
    assert load()[1]
    file.unlink()
    pictures, decoded = load()
    assert decoded and len(pictures) == 12


def test_zip_gives_the_same_arrays_and_is_known_when_moved(load: Loader, tmp_path: Path):
    folder, _ = load()
    archive = zip_of(load.source, tmp_path / "set.zip")
    zipped, _ = load(source=archive)
    assert np.array_equal(folder.pixels, zipped.pixels) and np.array_equal(folder.labels, zipped.labels)
    (tmp_path / "elsewhere").mkdir()
    moved = archive.rename(tmp_path / "elsewhere" / "set.zip")
    assert not load(source=moved)[1]


def test_damaged_cache_is_built_again(load: Loader):
    good, _ = load()
    before = np.array(good.pixels)
    (pixels,) = load.home.glob("*/pixels.bin")
    pixels.write_bytes(pixels.read_bytes()[:-1])
    again, decoded = load()
    assert decoded and np.array_equal(again.pixels, before)
    (index,) = load.home.glob("*/index.json")
    index.write_text("{")
    assert load()[1] and not load()[1]


def test_cancel_leaves_nothing(load: Loader):
    with pytest.raises(Cancelled):
        load_pictures(scan(load.source), SMALL, cache_folder=load.home, cancelled=lambda: True)
    assert list(load.home.iterdir()) == []


def test_cancel_halfway(tmp_path: Path):
    source = write_folder(tmp_path / "set", 300)
    seen: list[int] = []
    with pytest.raises(Cancelled):
        load_pictures(
            scan(source), SMALL, cache_folder=tmp_path / "cache",
            progress=lambda done, _: seen.append(done), cancelled=lambda: bool(seen),
        )  # fmt: skip
    assert seen and seen[-1] < 300


# --- interruptions ---

HALF = """
import os, signal, sys
from pathlib import Path
from gan_studio.engine.config import DataSettings
from gan_studio.engine.data import cache_progress
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.scan import scan

cache_progress.SAVE_SECONDS = 0.01
def kill(done, total):
    if done > 100:
        os.kill(os.getpid(), signal.SIGKILL)
load_pictures(scan(Path(sys.argv[1])), DataSettings(image_size=16), cache_folder=Path(sys.argv[2]), progress=kill)
"""


@pytest.fixture
def half_done(tmp_path: Path) -> Loader:
    """A cache whose maker was killed in the middle; two files are no pictures any more when it comes to them."""
    source = write_folder(tmp_path / "set", 500)
    for number in (5, 490):
        (source / f"{number}.png").write_bytes((source / f"{number}.png").read_bytes()[:60])
    done = subprocess.run([sys.executable, "-c", HALF, str(source), str(tmp_path / "cache")], timeout=60)
    assert done.returncode == -signal.SIGKILL
    return Loader(source, tmp_path / "cache")


def load_and_watch(load: Loader) -> tuple[PictureSet, int]:
    """The pictures, and how many files were dealt with when progress was told first."""
    seen: list[int] = []
    pictures = load_pictures(
        scan(load.source), SMALL, cache_folder=load.home, progress=lambda done, _: seen.append(done)
    )
    return pictures, seen[0]


def afresh(load: Loader) -> PictureSet:
    return load_pictures(scan(load.source), SMALL, cache_folder=load.home.with_name("other"))


def same(one: PictureSet, other: PictureSet) -> bool:
    return np.array_equal(one.pixels, other.pixels) and one.names == other.names and one.skipped == other.skipped


def unfinished(load: Loader) -> Path:
    (folder,) = load.home.iterdir()
    return folder


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_after_a_kill_decoding_goes_on_where_it_was(half_done: Loader):
    pictures, first = load_and_watch(half_done)
    assert first > 1, "a decoding that begins anew tells of its first picture"
    assert same(pictures, afresh(half_done)) and len(pictures) == 498
    assert not half_done()[1], "and the whole one is known from then on"
    assert [folder.name[0] for folder in half_done.home.iterdir()] != ["."]


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize(("file", "kept"), [("pixels.bin", 0.5), ("entries.bin", 0.5), ("left_out.jsonl", 0.0)])
def test_what_a_power_cut_took_is_decoded_again(half_done: Loader, file: str, kept: float):
    damaged = unfinished(half_done) / file
    content = damaged.read_bytes()
    damaged.write_bytes(content[: int(len(content) * kept)])
    assert same(load_and_watch(half_done)[0], afresh(half_done))


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_what_a_living_process_works_on_is_left_alone(half_done: Loader):
    folder = unfinished(half_done)
    mark_used(folder)
    pictures, first = load_and_watch(half_done)
    assert first == 1 and folder.exists() and same(pictures, afresh(half_done))
    release(folder)


def test_calling_off_keeps_what_was_decoded(tmp_path: Path):
    load = Loader(write_folder(tmp_path / "set", 600), tmp_path / "cache")
    seen: list[int] = []
    with pytest.raises(Cancelled):
        load_pictures(
            scan(load.source), SMALL, cache_folder=load.home,
            progress=lambda done, _: seen.append(done), cancelled=lambda: len(seen) > 1,
        )  # fmt: skip
    pictures, first = load_and_watch(load)
    assert first > seen[-1] and same(pictures, afresh(load))


def test_other_settings_do_not_go_on_with_what_was_begun(tmp_path: Path):
    load = Loader(write_folder(tmp_path / "set", 600), tmp_path / "cache")
    with pytest.raises(Cancelled):
        seen: list[int] = []
        load_pictures(
            scan(load.source), SMALL.changed(image_size=32), cache_folder=load.home,
            progress=lambda done, _: seen.append(done), cancelled=lambda: len(seen) > 1,
        )  # fmt: skip
    assert load_and_watch(load)[1] == 1


def test_two_threads_at_once(load: Loader):
    results: list[PictureSet] = []
    gate = threading.Barrier(2)

    def work():
        report = scan(load.source)
        gate.wait()
        results.append(load_pictures(report, SMALL, cache_folder=load.home))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 2 and np.array_equal(results[0].pixels, results[1].pixels)
    assert len(list(load.home.iterdir())) == 1


def test_file_cut_after_the_scan_is_skipped_with_its_reason(load: Loader):
    report = scan(load.source)
    file = load.source / "a" / "0.png"
    file.write_bytes(file.read_bytes()[:60])
    pictures = load_pictures(report, SMALL, cache_folder=load.home)
    assert len(pictures) == len(pictures.labels) == len(pictures.names) == 11
    assert pictures.skipped[-1].name == "a/0.png" and pictures.skipped[-1].reason


def test_file_gone_for_a_while_is_read_again_later(load: Loader):
    report = scan(load.source)
    hidden = (load.source / "a" / "0.png").rename(load.source / "away")
    assert len(load_pictures(report, SMALL, cache_folder=load.home)) == 11
    hidden.rename(load.source / "a" / "0.png")
    assert len(load_pictures(report, SMALL, cache_folder=load.home)) == 12


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_a_file_that_became_another_is_left_out_with_a_notice(load: Loader, tmp_path: Path, kind: str):
    source = load.source if kind == "folder" else zip_of(load.source, tmp_path / "set.zip")
    report = scan(source)
    write_picture(load.source / "a" / "0.png", (1, 2, 3))
    (load.source / "b" / "1.png").unlink()
    if kind == "zip":
        zip_of(load.source, source)
    pictures = load_pictures(report, SMALL, cache_folder=load.home)
    assert len(pictures) == 10 and "a/0.png" not in pictures.names
    assert ("a/0.png", "was changed after it was looked at") in pictures.skipped
    assert pictures.notices == (
        "2 files were changed or removed after the pictures were looked at, and left out. Open the pictures again.",
    )
    again, decoded = load(source=source)
    assert decoded and len(again) == 11 and again.notices == ()


def test_the_fingerprint_is_that_of_runs_from_before():
    for count in (1, 2, 5000):
        pictures = numbered_set(count)
        digest = hashlib.sha256(repr(((count, 4, 4, 3), pictures.names)).encode())
        for place in np.linspace(0, count - 1, min(64, count)).astype(int):
            digest.update(pictures.pixels[place].tobytes())
        assert pictures.fingerprint() == digest.hexdigest()


def test_folder_that_vanished_is_said(load: Loader):
    report = scan(load.source)
    load.source.rename(load.source.with_name("gone"))
    with pytest.raises(DatasetError, match="does not exist"):
        load_pictures(report, SMALL, cache_folder=load.home)


def test_folder_that_was_emptied_is_said(load: Loader):
    report = scan(load.source)
    for file in load.source.rglob("*.png"):
        file.unlink()
    with pytest.raises(DatasetError, match=r"None of the 12 pictures.*gone"):
        load_pictures(report, SMALL, cache_folder=load.home)
    assert list(load.home.iterdir()) == []


def test_without_a_writable_cache_pictures_stay_in_memory(load: Loader, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    blocked = load_pictures(scan(load.source), SMALL, cache_folder=tmp_path / "file" / "cache")
    cached, _ = load()
    assert np.array_equal(blocked.pixels, cached.pixels) and not blocked.pixels.flags.writeable
    assert "in memory" in blocked.notices[0] and not cached.notices


def test_disk_that_fills_up_halfway(load: Loader, monkeypatch: pytest.MonkeyPatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(CacheWriter, "add", full)
    pictures, _ = load()
    assert len(pictures) == 12 and "No space left" in pictures.notices[0]
    assert list(load.home.iterdir()) == []
    monkeypatch.setattr(cache, "MEMORY_LIMIT_BYTES", 100)
    with pytest.raises(DatasetError, match="No space left") as caught:
        load()
    assert "Make room" in caught.value.advice


def test_held_out_share_is_a_partition_and_repeats():
    pictures = numbered_set(100)
    train, away = pictures.held_out(0.2, seed=3)
    assert len(away) == 20 and sorted([*train, *away]) == list(range(100))
    assert np.array_equal(away, pictures.held_out(0.2, seed=3)[1])
    assert not np.array_equal(away, pictures.held_out(0.2, seed=4)[1])
    assert len(pictures.held_out(0, seed=3)[1]) == 0


def test_something_is_always_left_to_train_on():
    train, away = numbered_set(1).held_out(0.5, seed=0)
    assert len(train) == 1 and len(away) == 0
