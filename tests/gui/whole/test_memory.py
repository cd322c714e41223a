"""A window that is left open for days must not grow: ten trainings in a row take no more memory than two."""

from __future__ import annotations

import ctypes
import ctypes.util
import gc
import sys

import psutil
import pytest

from tests.gui.studio import Studio
from tests.gui.whole.conftest import tiny_request
from tests.gui.whole.hands import forget_what_was_deleted

TRAININGS = 10
GROWTH = 1.05


def settled_bytes() -> int:
    """Memory of this process alone, after everything that can be given back was."""
    forget_what_was_deleted()
    gc.collect()
    if sys.platform == "linux":
        ctypes.CDLL(ctypes.util.find_library("c")).malloc_trim(0)
    return psutil.Process().memory_full_info().uss


def train_once(studio: Studio, request) -> None:
    studio.window.training.start(request)
    studio.wait(lambda: not studio.window.training.active)
    assert studio.banner()[0] != "error"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_trainings_in_a_row_take_no_more_memory_than_two(qtbot, real_data):
    studio = Studio(qtbot)
    studio.wait(lambda: studio.window.train_page.settings.ready)
    source = real_data("emoji_faces")
    studio.window.open_path(source)
    studio.wait(lambda: studio.looked_at(source))
    sizes = []
    for _ in range(TRAININGS):
        train_once(studio, tiny_request(source, steps=60, batch_size=16))
        sizes.append(settled_bytes())
    studio.end()
    shown = ", ".join(f"{size / 1024**2:.0f}" for size in sizes)
    print(f"MiB after each training: {shown}")  # noqa: T201 - read with -s
    assert sizes[-1] <= sizes[1] * GROWTH, shown
