"""Jobs beside the window: in their order, with progress, called off, failing, and gone with the window."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gan_studio.engine.errors import Cancelled, RunError
from gan_studio.gui.views.jobs import JobResult
from gan_studio.gui.widgets.job_strip import JobStrip
from gan_studio.gui.wiring.jobs import JobsWiring

PATIENCE_MS = 10_000


@pytest.fixture
def strip(qtbot):
    made = JobStrip()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def jobs(strip):
    made = JobsWiring(strip)
    yield made
    made.shutdown()


def counting(progress, cancelled):
    for done in range(4):
        progress(done, 4)
    progress(4, 4)
    return JobResult("Counted to 4", Path("four.txt"))


def waiting(progress, cancelled):
    while not cancelled():
        threading.Event().wait(0.005)
    raise Cancelled


def test_a_job_tells_its_progress_and_what_came_of_it(qtbot, jobs, strip):
    told = []
    jobs.exports.progress.connect(lambda number, done, total: told.append((done, total)))
    with qtbot.waitSignal(jobs.exports.finished, timeout=PATIENCE_MS):
        number = jobs.exports.start("Counting", counting)
    assert told[-1] == (4, 4)
    row = strip.row(number)
    assert row.label.text() == "Counted to 4"
    assert row.bar.isHidden() and not row.show_button.isHidden()
    row.close_button.click()
    assert strip.isHidden() and not jobs.busy


def test_cancel_ends_a_job_and_the_next_one_begins(qtbot, jobs, strip):
    number = jobs.exports.start("Waiting", waiting)
    after = jobs.exports.start("Counting", counting)
    assert jobs.busy
    with qtbot.waitSignals([jobs.exports.cancelled, jobs.exports.finished], timeout=PATIENCE_MS):
        strip.row(number).cancel.click()
    with pytest.raises(KeyError):
        strip.row(number)
    assert strip.row(after).label.text() == "Counted to 4"


def test_a_job_that_waits_can_be_called_off_before_it_begins(qtbot, jobs, strip):
    begun = []
    first = jobs.exports.start("Waiting", waiting)
    second = jobs.exports.start("Never", lambda progress, cancelled: begun.append(1))
    strip.row(second).cancel.click()
    with qtbot.waitSignals([jobs.exports.cancelled] * 2, timeout=PATIENCE_MS):
        strip.row(first).cancel.click()
    assert begun == [] and not jobs.busy


def test_a_failure_stays_in_words_until_it_is_closed(qtbot, jobs, strip, log_guard):
    def full(progress, cancelled):
        raise RunError("No space left on the disk.", "Free some space.")

    def broken(progress, cancelled):
        raise ZeroDivisionError("seven by nothing")

    log_guard.allow("A job failed")
    with qtbot.waitSignals([jobs.exports.failed] * 2, timeout=PATIENCE_MS):
        first, second = jobs.exports.start("A film", full), jobs.exports.start("Another", broken)
    assert strip.row(first).label.text() == "A film failed: No space left on the disk. Free some space."
    assert "seven by nothing" in strip.row(second).label.text()
    assert not strip.isHidden()


def test_downloads_do_not_wait_for_exports(qtbot, jobs):
    jobs.exports.start("Waiting", waiting)
    with qtbot.waitSignal(jobs.downloads.finished, timeout=PATIENCE_MS):
        jobs.downloads.start("Counting", counting)
    assert jobs.exports.busy and not jobs.downloads.busy
