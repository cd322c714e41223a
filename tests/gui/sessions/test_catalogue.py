"""The engine loads behind the window, once, and with all that a training would otherwise wait for."""

from __future__ import annotations

import gc
import sys

import pytest

from gan_studio.app import open_window
from gan_studio.gui.sessions.catalogue import NEEDED_BY_OPTIMIZERS, CatalogueSession
from gan_studio.gui.views import FamilyForm

PATIENCE_MS = 150_000


def test_families_come_before_what_only_a_training_needs(qtbot):
    session = CatalogueSession()
    told = []
    session.loaded.connect(told.append)
    with qtbot.waitSignal(session.settled, timeout=PATIENCE_MS):
        session.load()
    assert [type(form) for form in told[0]] == [FamilyForm] * len(told[0])
    assert "dcgan" in [form.name for form in told[0]]
    assert NEEDED_BY_OPTIMIZERS in sys.modules


def test_an_engine_that_does_not_load_is_told_and_settles(qtbot, monkeypatch, log_guard):
    log_guard.allow("engine did not load")
    monkeypatch.setitem(sys.modules, "gan_studio.engine.training", None)
    session = CatalogueSession()
    failures = []
    session.failed.connect(lambda message, advice: failures.append(message))
    with qtbot.waitSignal(session.settled, timeout=PATIENCE_MS):
        session.load()
    assert "did not load" in failures[0]


@pytest.fixture
def collector():
    """Garbage collection as it was."""
    yield
    gc.unfreeze()
    gc.enable()


def test_the_window_is_spared_collections_through_the_modules(qtbot, collector):
    window = open_window(None)
    qtbot.addWidget(window)
    assert not gc.isenabled()
    qtbot.waitSignal(window.wiring.catalogue.settled, timeout=PATIENCE_MS).wait()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000
