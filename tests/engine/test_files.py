"""An interrupted write leaves the old file or the new one, never half of one."""

import errno
import os
from pathlib import Path

import pytest

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write, open_plain, read_small


def test_the_new_content_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "file"
    for content in (b"one", b"two"):
        with atomic_write(path) as file:
            file.write(content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_the_old_file_stands_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"


@pytest.mark.parametrize("error", [ValueError("broken off"), KeyboardInterrupt()], ids=["error", "Ctrl+C"])
def test_an_interruption_leaves_the_old_file_and_nothing_else(error, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(type(error)), atomic_write(path) as file:
        file.write(b"half of the new")
        raise error
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_laid_in_the_way_of_a_write_is_not_followed(tmp_path):
    victim, path = tmp_path / "victim", tmp_path / "file"
    victim.write_bytes(b"mine")
    (tmp_path / f".file.{os.getpid()}.tmp").symlink_to(victim)
    with atomic_write(path) as file:
        file.write(b"new")
    assert victim.read_bytes() == b"mine" and path.read_bytes() == b"new" and not path.is_symlink()


def test_a_disk_that_became_read_only_is_said_in_words(tmp_path, monkeypatch):
    """It refuses to delete too, even what is not there."""

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(RunError, match="Read-only file system"), atomic_write(tmp_path / "file"):
        pass


@pytest.mark.parametrize("make", ["link", "pipe", "folder"])
def test_only_plain_files_are_read_and_nothing_is_waited_for(tmp_path, make):
    path = tmp_path / "file"
    if make == "link":
        (tmp_path / "secret").write_bytes(b"secret")
        path.symlink_to(tmp_path / "secret")
    elif make == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    for read in (open_plain, lambda path: read_small(path, 100)):
        with pytest.raises(OSError):
            read(path)


def test_a_folder_that_is_missing_is_named(tmp_path):
    path = tmp_path / "no" / "file"
    with pytest.raises(RunError, match="file") as refused, atomic_write(path):
        pass
    assert refused.value.advice
