"""Work in processes: whole and in order, told as progress, left when called off, and nobody stays behind."""

from __future__ import annotations

import operator
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data import decoding
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.decode import Target
from gan_studio.engine.data.decoding import MemoryWriter, decode_all
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.data.processes import mapped_in_processes
from gan_studio.engine.data.reasons import UnreadablePicture
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import Cancelled, DatasetError
from tests.engine.data.samples import write_folder, write_picture, zip_of

# What is sent to a process has to be known there: functions of the standard library are
DOUBLING = partial(partial, operator.mul, 2)
DYING = partial(partial, os._exit)


@pytest.fixture(autouse=True)
def _nobody_stays_behind() -> Iterator[None]:
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    yield
    assert not [one for one in psutil.Process().children(recursive=True) if one.pid not in before]


def test_results_are_whole_and_in_order():
    told: list[tuple[int, int]] = []
    results = mapped_in_processes(DOUBLING, range(3000), progress=lambda *one: told.append(one))
    assert list(results) == [2 * item for item in range(3000)]
    assert told[-1] == (3000, 3000)


def test_whoever_calls_it_off_or_takes_no_more_leaves_no_process():
    with pytest.raises(Cancelled):
        list(mapped_in_processes(DOUBLING, range(100_000), cancelled=iter([False] * 100 + [True] * 9).__next__))
    results = mapped_in_processes(DOUBLING, range(100_000))
    assert next(results) == 0
    results.close()


def test_a_process_that_died_is_told():
    with pytest.raises((EOFError, OSError)):
        list(mapped_in_processes(DYING, range(100)))


def test_an_error_arrives_as_it_was_raised(capfd):
    with pytest.raises(ZeroDivisionError):
        list(mapped_in_processes(partial(operator.truediv, 1, 0), range(100)))
    with pytest.raises(ZeroDivisionError):
        list(mapped_in_processes(partial(partial, operator.truediv, 1), [2, 1, 0]))
    assert not capfd.readouterr().err


def test_processes_end_with_a_program_that_is_killed():
    """The program says which processes it started, and is killed while they wait for work."""
    program = (
        "import operator, psutil, time; from functools import partial\n"
        "from gan_studio.engine.data.processes import mapped_in_processes\n"
        "results = mapped_in_processes(partial(partial, operator.mul, 2), range(100_000))\n"
        "next(results)\n"
        "print(*(child.pid for child in psutil.Process().children()), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        helpers = [psutil.Process(int(number)) for number in running.stdout.readline().split()]
        running.kill()
    assert helpers
    _, alive = psutil.wait_procs(helpers, timeout=20)
    assert not alive


def test_a_reason_survives_the_way_between_processes():
    there = pickle.loads(pickle.dumps(UnreadablePicture("no permission", passing=True)))
    assert (there.message, there.passing, str(there)) == ("no permission", True, "no permission")


class Sources:
    """A folder with a damaged file, loaded in threads or in processes."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._homes = folder, iter(range(99))
        self.folder = write_folder(folder / "set", 40, classes=("a", "b"))
        (self.folder / "a" / "5.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
        self.zip = zip_of(self.folder, folder / "set.zip")

    def load(self, source: Path, spoil: Path | None = None) -> PictureSet:
        report = scan(source)
        if spoil:
            write_picture(spoil, size=(30, 30))
        home = self._folder / f"cache-{next(self._homes)}"
        return load_pictures(report, DataSettings(image_size=16), cache_folder=home)


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path)


@pytest.fixture
def in_processes(monkeypatch) -> list[int]:
    """Even few pictures are decoded in processes, how many of them is noted."""
    counts: list[int] = []

    def noted(begin: Any, files: Any, **options: Any) -> Any:
        counts.append(len(files))
        return mapped_in_processes(begin, files, **options)

    monkeypatch.setattr(decoding, "mapped_in_processes", noted)
    monkeypatch.setattr(decoding, "MANY_FILES", 1)
    monkeypatch.setattr(decoding.os, "cpu_count", lambda: 2)
    return counts


def same(one: PictureSet, other: PictureSet) -> bool:
    facts = [(each.names, each.skipped, each.labels.tolist(), each.notices) for each in (one, other)]
    return facts[0] == facts[1] and np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("kind", ["folder", "zip"])
def test_pictures_are_those_that_threads_decode(sources, kind, request):
    source = getattr(sources, kind)
    expected = sources.load(source)
    counts = request.getfixturevalue("in_processes")
    assert same(sources.load(source), expected) and counts == [len(expected)]


def test_a_file_that_changed_since_the_scan_is_left_out_with_a_notice(sources, in_processes):
    pictures = sources.load(sources.folder, spoil=sources.folder / "a" / "6.png")
    assert in_processes and "a/6.png" not in pictures.names and "changed" in pictures.notices[0]


def test_where_processes_break_off_threads_go_on_in_the_same_place(sources, monkeypatch, caplog):
    expected = sources.load(sources.folder)

    def breaking_off(begin: Any, files: Any, **options: Any) -> Iterator[Any]:
        yield from map(begin(), files[:7])
        raise EOFError

    monkeypatch.setattr(decoding, "MANY_FILES", 1)
    monkeypatch.setattr(decoding.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(decoding, "mapped_in_processes", breaking_off)
    assert same(sources.load(sources.folder), expected)
    assert "threads go on at picture 7" in caplog.text


def test_a_source_that_went_away_is_told_in_words(sources, in_processes):
    report, target = scan(sources.zip), Target(16)
    sources.zip.unlink()
    with pytest.raises(DatasetError, match=r"set\.zip does not exist"):
        decode_all(report, target, MemoryWriter(report, target))
    assert in_processes


def test_few_or_large_pictures_take_no_processes(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MANY_FILES", 3)
    monkeypatch.setattr(decoding.os, "cpu_count", lambda: 2)
    files = scan(write_folder(tmp_path / "set", 3)).files
    assert decoding._are_many_and_small(files)
    assert not decoding._are_many_and_small(files[:2])
    monkeypatch.setattr(decoding, "SMALL_PIXELS", 19 * 20)
    assert not decoding._are_many_and_small(files)
