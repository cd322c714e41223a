"""Keeps out of imports what makes them slow and is of no use here. Imports Qt only where it is imported already."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def without_cuda_bindings() -> Iterator[None]:
    """pyqtgraph would load them for a widget that we do not have; torch takes them later, if it wants them."""
    name = "cuda.bindings"
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # pyright: ignore[reportArgumentType]  # importing it fails, as if it were not installed
    try:
        yield
    finally:
        del sys.modules[name]


def leave_sources_unread() -> None:
    """Spare Qt the look into the source of each module that is imported.

    Once PySide6 is there, it reads the source of every further module, and keeps it in memory, to see whether that
    might switch on `snake_case` or `true_property`. Nothing here does; of torch alone it reads 1500 files.
    """
    features = sys.modules.get("shibokensupport.feature")
    if hasattr(features, "_mod_uses_pyside"):
        features._mod_uses_pyside = _uses_no_features  # type: ignore[union-attr]


def _uses_no_features(_module: ModuleType) -> bool:
    return False
