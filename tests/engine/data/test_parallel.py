"""Work in several threads: whole and in order, little of it in memory, and left when called off."""

from __future__ import annotations

import threading

import pytest

from gan_studio.engine.data import parallel
from gan_studio.engine.data.parallel import ordered_map
from gan_studio.engine.errors import Cancelled


@pytest.mark.parametrize("job_seconds", [0.0, 0.001, 1.0])
def test_results_are_whole_and_in_order_however_many_items_a_job_takes(monkeypatch, job_seconds):
    monkeypatch.setattr(parallel, "_JOB_SECONDS", job_seconds)
    told: list[tuple[int, int]] = []
    results = ordered_map(lambda item: item * item, range(1000), progress=lambda *one: told.append(one))
    assert list(results) == [item * item for item in range(1000)]
    assert told[-1] == (1000, 1000)
    assert not list(ordered_map(str, []))


def test_quick_items_are_done_several_in_a_row(monkeypatch):
    rows: list[int] = []
    timed = parallel.timed
    monkeypatch.setattr(parallel, "timed", lambda work, items: rows.append(len(items)) or timed(work, items))
    monkeypatch.setattr(parallel, "_JOB_SECONDS", 10.0)
    assert list(ordered_map(str, range(2000))) == list(map(str, range(2000)))
    assert rows[0] == 1 and sum(rows) == 2000 and max(rows) == parallel._MOST_ITEMS


@pytest.mark.parametrize("job_seconds", [0.0, 10.0])
def test_little_waits_in_memory_for_whoever_takes_it_slowly(monkeypatch, job_seconds):
    monkeypatch.setattr(parallel, "_JOB_SECONDS", job_seconds)
    monkeypatch.setattr(parallel, "_MOST_ITEMS", 4)
    monkeypatch.setattr(parallel.os, "cpu_count", lambda: 2)
    done, lock = set[int](), threading.Lock()

    def work(item: int) -> int:
        with lock:
            done.add(item)
        return item

    for taken, _ in enumerate(ordered_map(work, range(2000)), start=1):
        with lock:
            assert len(done) - taken < 2 * parallel.JOBS_A_WORKER * 4


def test_who_calls_it_off_waits_for_few_items():
    done: list[int] = []
    results = ordered_map(done.append, range(100_000), cancelled=lambda: len(done) > 500)
    with pytest.raises(Cancelled):
        list(results)
    assert len(done) < 5000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pictures")]
