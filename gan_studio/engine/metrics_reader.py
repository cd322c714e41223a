"""Reads all metrics of a run, a little at a time, so that whoever reads can do something else meanwhile.

Imports no torch.
"""

from __future__ import annotations

import time
from pathlib import Path

from gan_studio.engine.metrics_index import WORTH_ROWS, read_columns, write_columns
from gan_studio.engine.metrics_log import MetricsLog, overview
from gan_studio.engine.metrics_table import MetricsTable, joined


class MetricsReader:
    """Begins with the rows of the columns file, where there is a good one; the lines behind them follow."""

    def __init__(self, metrics: Path) -> None:
        known = read_columns(metrics)
        self._parts = [known[0]] if known else []
        self._known_rows = len(known[0]) if known else 0
        self.log = MetricsLog(metrics, known[1] if known else 0)
        """Stands behind what was read: it goes on with what is written from now on."""

    def read_on(self, seconds: float) -> bool:
        """Read for about so long; False once there is nothing more."""
        until = time.monotonic() + seconds
        while part := self.log.read_more():
            if part.restarted:
                self._parts, self._known_rows = [], 0
            self._parts.append(part.table)
            if time.monotonic() > until:
                return True
        return False

    def table(self) -> MetricsTable:
        """What was read so far, by ascending steps."""
        table = joined(self._parts).ascending()
        self._parts = [table]
        return table

    def overview(self) -> MetricsTable:
        """Reports spread over the whole file, whatever was read so far."""
        return overview(self.log.path)

    def keep(self) -> None:
        """Write the columns file anew where that saves the next reader a noticeable time."""
        table = self.table()
        if len(table) - self._known_rows >= WORTH_ROWS:
            write_columns(self.log.path, table, self.log.offset)
            self._known_rows = len(table)
