"""The end of a log file that is being written: new lines in bounded bites, and the level of each. Imports no Qt."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Level = Literal["debug", "info", "warning", "error"]
LEVELS: tuple[Level, ...] = ("debug", "info", "warning", "error")
FIRST_BYTES = 512 * 1024
"""Of a long file only the end is read at first."""
BITE_BYTES = 64 * 1024
"""Most that is read at once after that; the rest comes next time."""
_LEVEL = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) ")


@dataclass(frozen=True)
class LogLine:
    text: str
    level: Level


class LogTail:
    """Reads one file. A file that shrank or was exchanged is read anew from its beginning."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._offset = -1
        self._inode = 0
        self._rest = b""
        self._level: Level = "info"

    def read(self) -> list[LogLine]:
        """Whole lines that came since the last call; none where the file is not there or cannot be read."""
        try:
            with self.path.open("rb") as file:
                self._find_place(os.fstat(file.fileno()))
                file.seek(self._offset)
                data = file.read(BITE_BYTES if self._offset or self._rest else FIRST_BYTES)
        except OSError:
            return []
        self._offset += len(data)
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [self._line(line.decode("utf-8", "replace").rstrip("\r")) for line in whole]

    def _find_place(self, status: os.stat_result) -> None:
        if self._offset < 0:
            self._offset = max(0, status.st_size - FIRST_BYTES)
        elif status.st_size < self._offset or status.st_ino != self._inode:
            self._offset, self._rest = 0, b""
        self._inode = status.st_ino

    def _line(self, text: str) -> LogLine:
        """A line without a level, such as one of a traceback, belongs to the one before."""
        found = _LEVEL.match(text)
        if found:
            name = found[1].lower()
            self._level = "error" if name == "critical" else next(level for level in LEVELS if level == name)
        return LogLine(text, self._level)
