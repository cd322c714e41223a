"""The decoded pictures stay below a limit, and what somebody trains on stays."""

import os
import socket
import subprocess
import sys

import pytest

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data import cache, cache_upkeep
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.cache_upkeep import empty, in_use, mark_used, measure, prune
from gan_studio.engine.data.scan import scan
from tests.engine.data.samples import write_folder

SMALL = DataSettings(image_size=16, channels="colour")


@pytest.fixture
def caches(tmp_path):
    """Three caches of 1000 bytes and a few, used one after the other: a, b, c."""
    made = []
    for number, name in enumerate("abc"):
        folder = tmp_path / "cache" / name
        folder.mkdir(parents=True)
        (folder / "index.json").write_text("{}")
        (folder / "pixels.bin").write_bytes(bytes(998))
        os.utime(folder, (number, number))
        made.append(folder)
    return made


def left(caches):
    return [folder.name for folder in caches if folder.exists()]


def test_those_used_longest_ago_go_first_and_no_more_than_must(caches):
    home = caches[0].parent
    assert prune(home, 3000) == 0 and left(caches) == ["a", "b", "c"]
    assert prune(home, 3000, coming_bytes=500) == 1000 and left(caches) == ["b", "c"]
    assert prune(home, 0) == 2000 and list(home.iterdir()) == []


def test_one_in_use_stays_whatever_the_limit_is(caches):
    mark_used(caches[0])
    home = caches[0].parent
    assert measure(home).in_use_bytes >= 1000
    prune(home, 0)
    assert left(caches) == ["a"]
    assert empty(home) == 0 and left(caches) == ["a"]


def test_using_one_makes_it_the_last_to_go(caches):
    mark_used(caches[0])
    next(caches[0].glob("used-by-*")).unlink()
    prune(caches[0].parent, 1500)
    assert left(caches) == ["a"]


def test_a_cache_of_another_process_is_in_use_until_that_one_ends(caches):
    code = (
        "import sys; from pathlib import Path; from gan_studio.engine.data.cache_upkeep import mark_used; "
        "mark_used(Path(sys.argv[1])); print('marked', flush=True); sys.stdin.read()"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code, str(caches[1])], stdin=pipe, stdout=pipe) as other:
        assert other.stdout and other.stdout.readline()
        assert in_use(caches[1]) and empty(caches[1].parent) == 2000
        other.communicate()
    assert not in_use(caches[1]) and empty(caches[1].parent) == 1000


@pytest.mark.parametrize("text", ["", "nonsense", "1.5"])
def test_the_mark_of_a_process_that_is_gone_counts_for_nothing(caches, text):
    (caches[0] / f"used-by-{socket.gethostname()}-{os.getpid()}").write_text(text)
    assert not in_use(caches[0])


def test_a_folder_that_is_not_there_is_empty(tmp_path):
    assert measure(tmp_path / "none").size_bytes == 0 and empty(tmp_path / "none") == prune(tmp_path / "none", 0) == 0


def test_a_new_cache_makes_room_for_itself_and_is_marked(tmp_path, monkeypatch, caches):
    monkeypatch.setattr(cache, "prune", lambda home, coming_bytes: prune(home, 10_500, coming_bytes))
    home = caches[0].parent
    write_folder(tmp_path / "set", 12)
    load_pictures(scan(tmp_path / "set"), SMALL, cache_folder=home)
    assert left(caches) == ["c"]  # 12 × 16 × 16 × 3 bytes are to come
    made = next(folder for folder in home.iterdir() if folder.name.startswith("set"))
    assert in_use(made) and measure(home).in_use_bytes > 9216
    cache_upkeep._remove_marks()
    assert not in_use(made)
