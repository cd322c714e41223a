"""What the import contracts of pyproject.toml cannot say about who may import and start what."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "gan_studio"
THREAD_STARTERS = {"QThread", "QThreadPool", "QRunnable", "QtConcurrent", "Thread", "ThreadPoolExecutor", "Timer"}
FAMILY_MAY_IMPORT = (
    "gan_studio.engine.families",
    "gan_studio.engine.networks",
    "gan_studio.engine.objectives",
    "gan_studio.engine.regularisers",
    "gan_studio.engine.latent",
    "gan_studio.engine.adam",
    "gan_studio.engine.data",
    "gan_studio.engine.config",
    "gan_studio.engine.errors",
    "gan_studio.engine.progress",
    "gan_studio.engine.sampler_controls",
    "gan_studio.engine.settings",
)
LIGHT_MODULES = (
    "gan_studio.app",
    "gan_studio.engine.config",
    "gan_studio.engine.control",
    "gan_studio.engine.errors",
    "gan_studio.engine.events",
    "gan_studio.engine.folders",
    "gan_studio.engine.sampler_controls",
    "gan_studio.engine.settings",
    "gan_studio.gui.views",
    "gan_studio.gui.views.jobs",
)


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("gan_studio", include_external_packages=True, cache_dir=None)


def test_families_import_only_what_a_family_may(graph: grimp.ImportGraph) -> None:
    families = graph.find_descendants("gan_studio.engine.families")
    forbidden = [
        f"{family} imports {imported}"
        for family in sorted(families)
        for imported in sorted(graph.find_modules_directly_imported_by(family))
        if imported.startswith("gan_studio.") and not imported.startswith(FAMILY_MAY_IMPORT)
    ]
    assert not forbidden


@pytest.mark.parametrize("package", ["torch", "torchvision"])
def test_in_the_window_only_sessions_import_torch(graph: grimp.ImportGraph, package: str) -> None:
    importers = graph.find_modules_that_directly_import(package) if package in graph.modules else set()
    front_end = {name for name in importers if not name.startswith(("gan_studio.engine", "gan_studio.cli"))}
    assert {name for name in front_end if not name.startswith("gan_studio.gui.sessions")} == set()


def test_only_sessions_start_threads() -> None:
    files = [PACKAGE / "app.py", *(PACKAGE / "gui").rglob("*.py")]
    outside = [path for path in files if "sessions" not in path.relative_to(PACKAGE).parts]
    assert [f"{path.relative_to(ROOT)}: {name}" for path in outside for name in thread_starters(path.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        "from PySide6.QtCore import QObject, QThread",
        "import threading\nthreading.Thread(target=print).start()",
        "from PySide6 import QtCore\npool = QtCore.QThreadPool.globalInstance()",
        "import concurrent.futures as cf\ncf.ThreadPoolExecutor()",
        "from threading import Timer",
    ],
)
def test_threads_are_found_however_they_are_written(source: str) -> None:
    assert list(thread_starters(source))


def test_a_lock_is_no_thread() -> None:
    assert not list(
        thread_starters("import threading\nlock = threading.Lock()\nname = threading.current_thread().name")
    )


@pytest.mark.parametrize("module", LIGHT_MODULES)
def test_contracts_import_no_torch(module: str) -> None:
    assert "torch" not in modules_after_importing(module)


def test_the_engine_and_the_command_line_load_no_qt() -> None:
    loaded = modules_after_importing("gan_studio.cli", "gan_studio.engine.trainer", "gan_studio.engine.families.dcgan")
    assert loaded.isdisjoint({"PySide6", "shiboken6", "pyqtgraph", "superqt", "qtawesome", "qtpy"})


def thread_starters(source: str) -> Iterator[str]:
    """Names in `source` that belong to classes which start threads; Qt's own QTimer is none of them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names if alias.name in THREAD_STARTERS)
        elif isinstance(node, ast.Attribute) and node.attr in THREAD_STARTERS:
            yield node.attr


def modules_after_importing(*names: str) -> set[str]:
    """Top-level packages that a new interpreter has loaded after importing `names`."""
    code = (
        f"import json, sys, {', '.join(names)}; print(json.dumps(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))
