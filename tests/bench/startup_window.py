"""The program, started as `main.py` starts it, that says when its window was painted and took a click and a drop.

Run by `tests.bench.startup`. Prints one line of JSON: seconds since the epoch by what was reached, and the processor
time, user and system, that it took.
"""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import gan_studio.app as app
from gan_studio.cli.console import put
from gan_studio.engine.folders import HOME_VARIABLE


def main() -> int:
    open_window = app.open_window

    def open_and_watch(path: Path | None) -> Any:
        window = open_window(path)
        from tests.bench.first_paint import FirstPaint

        FirstPaint(window, Path(os.environ[HOME_VARIABLE]), report)
        return window

    app.open_window = open_and_watch
    return app.main([])


def report(painted: float, working: float) -> None:
    put(json.dumps({"painted": painted, "working": working, "processor": time.process_time()}))
    # What loads behind the window would be waited for otherwise
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
