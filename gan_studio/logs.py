"""The program's own log: a file that cannot grow without end, and a trace of crashes below Python."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
from pathlib import Path

from gan_studio.engine.folders import log_folder

LOG_BYTES = 1_000_000
OLD_LOGS = 3
FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"

logger = logging.getLogger("gan_studio")


def start_logging(folder: Path | None = None) -> Path | None:
    """Log to `gan-studio.log` in `folder`, and warnings to stderr also.

    Returns the log file; None where it cannot be written, which is no reason not to start.
    """
    folder = folder or log_folder()
    logger.setLevel(logging.INFO)
    _add(logging.StreamHandler(), logging.WARNING)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "gan-studio.log"
        _add(_rotating(path), logging.INFO)
    except OSError as error:
        logger.warning("No log is kept: %s", error)
        return None
    _trace_crashes(folder / "crash.log")
    return path


def stop_logging() -> None:
    """Close the files and take the handlers away again."""
    for handler in list(logger.handlers):
        if handler.name == __name__:
            logger.removeHandler(handler)
            handler.close()
    if faulthandler.is_enabled() and _crash_file:
        faulthandler.disable()
        _crash_file.pop().close()


_crash_file: list = []


def _rotating(path: Path) -> logging.Handler:
    return logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=OLD_LOGS, encoding="utf-8")


def _add(handler: logging.Handler, level: int) -> None:
    handler.set_name(__name__)
    handler.setLevel(level)
    handler.setFormatter(logging.Formatter(FORMAT))
    logger.addHandler(handler)


def _trace_crashes(path: Path) -> None:
    """A crash in native code leaves every thread's Python stack in `path`, and on stderr where there is none."""
    try:
        _crash_file.append(path.open("a", encoding="utf-8"))
        faulthandler.enable(_crash_file[-1])
    except OSError:
        if sys.stderr is not None:
            faulthandler.enable()
