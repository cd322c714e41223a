"""What every test stands on: no screen, its own home, the same random numbers, guards against what it leaves."""

from __future__ import annotations

import gc
import logging
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import hypothesis
import pytest

from tests.guards import LogGuard, ThreadGuard, guard_qt

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Read by torch and numpy when they are imported: training and window tests share the cores with the GUI thread
_THREADS = str(max(1, min(4, (os.cpu_count() or 1) // 2)))
os.environ.setdefault("OMP_NUM_THREADS", _THREADS)
os.environ.setdefault("MKL_NUM_THREADS", _THREADS)
# Threads that wait for one another leave the cores to whoever has work
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Where tqdm is installed, the progress bars of torch's ONNX export would leave a thread that watches them for ever
with suppress(ImportError):
    from tqdm import tqdm

    tqdm.monitor_interval = 0

# A loaded machine is no failure; what hypothesis finds is the same for everybody
hypothesis.settings.register_profile("gan_studio", deadline=None, derandomize=True)
hypothesis.settings.load_profile("gan_studio")

_PASSED = pytest.StashKey[bool]()


def pytest_collection_finish() -> None:
    """A collection of garbage looks at what tests make, not each time at the modules they import."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    report = yield
    if call.when == "call":
        item.stash[_PASSED] = report.passed
    return report


@pytest.fixture(scope="session", autouse=True)
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For fixtures that outlive a test; each test has a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAN_STUDIO_HOME", str(tmp_path_factory.mktemp("session-home")))
        yield


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's runs, cache, settings and logs go: never into the home of whoever runs it."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("GAN_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _seeds() -> None:
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)
    if "torch" in sys.modules and hasattr(sys.modules["torch"], "manual_seed"):
        sys.modules["torch"].manual_seed(0)


@pytest.fixture(autouse=True)
def log_guard() -> Iterator[LogGuard]:
    """Fails the test for errors in the log, apart from those it allows: `log_guard.allow("disk is full")`."""
    guard = LogGuard()
    logger = logging.getLogger("gan_studio")
    logger.addHandler(guard)
    yield guard
    logger.removeHandler(guard)
    unexpected = guard.unexpected()
    if unexpected:
        pytest.fail("Errors in the log that the test did not expect:\n" + "\n".join(unexpected), pytrace=False)


@pytest.fixture(autouse=True)
def _no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a passing test that leaves threads, timers or windows behind; a failing one has said enough."""
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qapp")
    threads = ThreadGuard()
    with pytest.MonkeyPatch.context() as patch:
        qt = guard_qt(patch)
        yield
    leaks = [*(qt.leaks() if qt else []), *threads.leaks()]
    if leaks and request.node.stash.get(_PASSED, False):
        pytest.fail("Left behind: " + "; ".join(leaks), pytrace=False)


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Finds a real set of pictures by name (`real_data("fashion")`): a zip, or a folder of that name.

    Skips the test where GAN_STUDIO_TEST_DATA names no folder that holds it.
    """

    def find(name: str) -> Path:
        root = os.environ.get("GAN_STUDIO_TEST_DATA")
        if not root:
            pytest.skip("wants real pictures: set GAN_STUDIO_TEST_DATA to a folder that holds them")
        for path in (Path(root) / f"{name}.zip", Path(root) / name):
            if path.exists():
                return path
        pytest.skip(f"wants {name}.zip or a folder {name} in GAN_STUDIO_TEST_DATA ({root})")

    return find
