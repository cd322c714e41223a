"""What is remembered comes back with its type, also from a file that somebody edited."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from gan_studio.gui.settings import RECENT_LIMIT, UserSettings


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def test_a_first_start_has_defaults(ini: Path) -> None:
    settings = UserSettings(ini)
    assert settings.scheme == "system"
    assert settings.geometry.isEmpty()
    assert settings.recent_folders == []
    assert settings.save_folder is None
    assert settings.flag("coach", True) is True


def test_values_come_back_in_another_process_with_their_types(ini: Path) -> None:
    first = UserSettings(ini)
    first.scheme = "dark"
    first.geometry = QByteArray(b"\x00\x01geometry")
    first.set_splitter("train", QByteArray(b"\x00split"))
    first.set_flag("coach", False)
    first.family = "dcgan"
    first.save_folder = Path("/pictures")
    first.sync()
    # A second object on the same file would share what is in memory: a copy of the file cannot.
    copy = ini.with_name("copy.ini")
    copy.write_bytes(ini.read_bytes())
    second = UserSettings(copy)
    assert second.scheme == "dark"
    assert second.geometry == QByteArray(b"\x00\x01geometry")
    assert second.splitter("train") == QByteArray(b"\x00split")
    assert second.flag("coach", True) is False
    assert second.family == "dcgan"
    assert second.save_folder == Path("/pictures")


@pytest.mark.parametrize("names", [["one"], ["a, with comma", "ümläut 🙂"], []])
def test_recent_lists_of_any_length_survive(ini: Path, names: list[str]) -> None:
    settings = UserSettings(ini)
    for name in names:
        settings.add_recent_folder(Path("/data") / name)
        settings.add_recent_run(Path("/runs") / name)
    settings.sync()
    copy = ini.with_name("copy.ini")
    copy.write_bytes(ini.read_bytes() if ini.exists() else b"")
    assert UserSettings(copy).recent_folders == [Path("/data") / name for name in reversed(names)]
    assert UserSettings(copy).recent_runs == [Path("/runs") / name for name in reversed(names)]


def test_the_newest_is_first_once_and_the_list_ends(ini: Path) -> None:
    settings = UserSettings(ini)
    for number in range(RECENT_LIMIT + 3):
        settings.add_recent_folder(Path(f"/data/{number}"))
    settings.add_recent_folder(Path("/data/5"))
    recent = settings.recent_folders
    assert recent[0] == Path("/data/5")
    assert len(recent) == len(set(recent)) == RECENT_LIMIT
    settings.clear_recent()
    assert settings.recent_folders == []


def test_nonsense_in_the_file_counts_as_the_default(ini: Path) -> None:
    ini.write_text("[look]\nscheme=mauve\n[window]\ngeometry=@Variant(broken\n")
    settings = UserSettings(ini)
    assert settings.scheme == "system"
    assert isinstance(settings.geometry, QByteArray)


def test_the_home_variable_decides_where_the_file_lies(home: Path) -> None:
    settings = UserSettings()
    settings.scheme = "light"
    settings.sync()
    assert (home / "settings.ini").exists()


def test_recent_runs_follow_one_that_is_renamed_and_forget_one_that_is_thrown_away(tmp_path):
    settings = UserSettings(tmp_path / "settings.ini")
    for path in ("/runs/other", "/runs/old", "/runs/old/checkpoints/step-1.safetensors"):
        settings.add_recent_run(Path(path))
    settings.move_recent_run(Path("/runs/old"), Path("/runs/new"))
    assert settings.recent_runs == [
        Path("/runs/new/checkpoints/step-1.safetensors"),
        Path("/runs/new"),
        Path("/runs/other"),
    ]
    settings.move_recent_run(Path("/runs/new"), None)
    assert settings.recent_runs == [Path("/runs/other")]
