"""Setting up and starting: what a person without packages, libraries, a screen or rights is told."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from gan_studio import qt_libraries, startup_checks

ROOT = Path(__file__).resolve().parent.parent
SCREENLESS = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
posix_only = pytest.mark.skipif(os.name != "posix", reason="make and sh are used on Linux and macOS")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems bring what Qt needs")


def run_main(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *options, "main.py"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_without_packages_one_line_says_what_to_do() -> None:
    done = run_main("-S", **os.environ)
    assert done.returncode == 1
    assert "pip install ." in done.stderr
    assert "PySide6" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@linux_only
def test_without_a_screen_the_command_line_is_named() -> None:
    done = run_main(**{key: value for key, value in SCREENLESS.items() if key != "QT_QPA_PLATFORM"})
    assert done.returncode == 1
    assert "gan-studio train" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@linux_only
def test_a_screen_that_does_not_answer_is_named() -> None:
    if qt_libraries.missing_library("xcb"):
        pytest.skip("Qt's libraries for X are not installed")
    problem = startup_checks.missing_screen({"DISPLAY": ":4711"})
    assert problem is not None
    assert ":4711" in problem
    assert "gan-studio train" in problem


@linux_only
def test_missing_libraries_are_named_with_the_line_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qt_libraries, "missing_library", lambda platform: "libEGL.so.1: cannot open shared object file")
    monkeypatch.setattr(qt_libraries, "has_apt", lambda: True)
    problem = startup_checks.missing_screen({"DISPLAY": ":0"})
    assert problem is not None
    assert "libEGL.so.1" in problem
    assert "apt-get install" in problem
    assert "libxcb-cursor0" in problem
    assert "sudo" not in problem


@linux_only
def test_a_library_that_is_not_there_is_found_by_loading_the_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qt_libraries, "_plugin_folder", lambda: tmp_path)
    assert "libqxcb.so" in (qt_libraries.missing_library("xcb") or "")


@pytest.mark.parametrize(
    ("environment", "platform"),
    [
        ({}, None),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ({"QT_QPA_PLATFORM": "offscreen"}, "offscreen"),
        ({"QT_QPA_PLATFORM": "xcb:foo=1;offscreen", "DISPLAY": ":0"}, "xcb"),
    ],
)
@linux_only
def test_the_platform_follows_the_environment(environment: dict[str, str], platform: str | None) -> None:
    assert qt_libraries.platform_name(environment) == platform


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`.ci/qt_libraries.py` on a Debian where Qt's libraries are missing until they are installed."""
    spec = importlib.util.spec_from_file_location("ci_qt_libraries", ROOT / ".ci" / "qt_libraries.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", list(sys.path))
    spec.loader.exec_module(module)
    installed: list[str] = []
    monkeypatch.setattr(module, "installed", installed, raising=False)
    monkeypatch.setattr(module, "install", lambda packages: installed.extend(packages))
    monkeypatch.setattr(module, "start_problem", lambda platform: None if installed else "libEGL.so.1 is missing")
    monkeypatch.setattr(qt_libraries, "has_apt", lambda: True)
    return module


@posix_only
def test_anybody_but_root_gets_the_line_to_type(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert installer.ensure("offscreen") == 1
    assert installer.installed == []
    said = capsys.readouterr().err
    assert qt_libraries.apt_line(qt_libraries.PICTURE_PACKAGES) in said
    assert "sudo" not in said


@posix_only
def test_root_gets_the_packages_installed(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert installer.ensure("xcb") == 0
    assert set(installer.installed) == {*qt_libraries.PICTURE_PACKAGES, *qt_libraries.SCREEN_PACKAGES}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with our set-up script, and a Python that writes down what it is asked to do."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "set_up.sh", tmp_path / ".ci")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    fake_python(tmp_path / "python", "")
    return tmp_path


def fake_python(path: Path, behaviour: str) -> None:
    """A stand-in that makes a stand-in virtual environment; `behaviour` is shell that comes first."""
    path.write_text(
        "#!/bin/sh\n"
        + behaviour
        + f'\necho "$@" >> "{path.parent}/calls"\n'
        + 'if [ "$2" = venv ]; then mkdir -p .venv/bin && cp "$0" .venv/bin/python; fi\nexit 0\n'
    )
    path.chmod(0o755)


def set_up(project: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", ".ci/set_up.sh", str(project / "python")]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=60)


@posix_only
def test_packages_are_installed_once_for_each_state_of_pyproject(project: Path) -> None:
    def installs() -> int:
        calls = [path.read_text() for path in project.rglob("calls")]
        return sum(text.count("pip install") for text in calls)

    assert set_up(project).returncode == 0
    assert installs() == 1
    assert set_up(project).returncode == 0
    assert installs() == 1
    (project / "pyproject.toml").write_text("[project]\nname = 'changed'\n")
    assert set_up(project).returncode == 0
    assert installs() == 2


@posix_only
@pytest.mark.parametrize(
    ("behaviour", "said"),
    [
        ('case "$*" in *version_info*) exit 1;; esac', "Python 3.11 or newer"),
        ('case "$*" in *ensurepip*) exit 1;; esac', "python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_told_in_one_line(project: Path, behaviour: str, said: str) -> None:
    fake_python(project / "python", behaviour)
    done = set_up(project)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@posix_only
def test_a_missing_python_is_told_in_one_line(project: Path) -> None:
    (project / "python").unlink()
    done = set_up(project)
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr


@posix_only
@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("target", ["run", "test", "test-all", "check", "bench", "screenshots"])
def test_every_target_sets_up_first(target: str) -> None:
    # Without the flags of the make that may have started these tests
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "--dry-run", target]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("sh .ci/set_up.sh")
