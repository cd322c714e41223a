"""A home of its own for a benchmark: runs, cache and settings of the user are neither read nor touched."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from gan_studio.engine.folders import HOME_VARIABLE


@contextmanager
def temporary_home() -> Iterator[str]:
    """Runs, cache, settings and pictures go into a folder that is deleted at the end."""
    before = os.environ.get(HOME_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="gan-studio-bench-", ignore_cleanup_errors=True) as folder:
        os.environ[HOME_VARIABLE] = folder
        try:
            yield folder
        finally:
            os.environ.pop(HOME_VARIABLE)
            if before is not None:
                os.environ[HOME_VARIABLE] = before
