"""A training in a plain process, that runs for as many seconds as each line of stdin says, and pauses in between.

Run by `tests.bench.process`. The first line holds the request as JSON; when ready it answers with the plan in words.
For each further line it answers with the images per second of that stretch; at the end of stdin it stops.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from gan_studio.cli.console import put, say
from gan_studio.engine.control import Control
from gan_studio.engine.events import Failed, Paused, Started, TerminalEvent, TrainEvent
from gan_studio.engine.request import TrainingRequest
from gan_studio.engine.training import run_training
from tests.bench.pace import pace


class Stretches:
    """Pauses and resumes a training as stdin says."""

    def __init__(self) -> None:
        self.control = Control()
        self.control.pause()
        self._events: list[tuple[float, TrainEvent]] = []
        self._paused = threading.Event()
        self.end: TerminalEvent | None = None

    def emit(self, event: TrainEvent) -> None:
        """Called in the training's thread."""
        self._events.append((time.perf_counter(), event))
        if isinstance(event, TerminalEvent):
            self.end = event
        if isinstance(event, Paused | TerminalEvent):
            self._paused.set()

    def obey(self) -> None:
        """Until stdin ends, or the training does."""
        self._paused.wait()
        put(json.dumps(next((event.plan for _, event in self._events if isinstance(event, Started)), "")))
        for line in sys.stdin:
            if self.end:
                break
            self._stretch(float(line))
        self.control.stop()

    def _stretch(self, seconds: float) -> None:
        self._paused.clear()
        self.control.resume()
        time.sleep(seconds)
        self.control.pause()
        self._paused.wait()
        if not self.end:
            put(json.dumps(pace(self._events)))


def main() -> int:
    values = json.loads(sys.stdin.readline())
    request = TrainingRequest(**{**values, "source": Path(values["source"])})
    stretches = Stretches()
    commands = threading.Thread(target=stretches.obey)
    commands.start()
    run_training(request, stretches.emit, stretches.control)
    commands.join()
    if isinstance(stretches.end, Failed):
        say(stretches.end.message)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
