"""An interrupted write leaves the old file or the new one, never half of one."""

import pytest

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write


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


def test_a_folder_that_is_missing_is_named(tmp_path):
    path = tmp_path / "no" / "file"
    with pytest.raises(RunError, match="file") as refused, atomic_write(path):
        pass
    assert refused.value.advice
