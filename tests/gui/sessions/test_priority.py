"""A training steps back behind the window, with every thread that it starts."""

import os
import sys
import threading

import pytest

from gan_studio.gui.sessions.priority import STEPS, step_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities of their own on Linux alone")


def own_priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def in_a_thread(work):
    results = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join()
    return results[0]


def test_a_thread_that_steps_back_takes_those_it_starts_with_it_and_no_other():
    before = own_priority()

    def train():
        step_back()
        step_back()  # the next training in the same thread
        return own_priority(), in_a_thread(own_priority)

    assert in_a_thread(train) == (min(19, before + STEPS),) * 2
    assert own_priority() == before
