"""The columns of a `metrics.jsonl` in a file beside it, so that a run of a million lines opens at once.

The file may be missing, damaged, or of another run: it is then made anew from the lines, which stay the truth. It holds
one line of JSON, then each column's numbers, as float32 where that loses nothing. Imports no torch.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import IO, Any

import numpy as np

from gan_studio.engine.errors import RunError
from gan_studio.engine.files import atomic_write, open_plain
from gan_studio.engine.metrics_table import MOST_COLUMNS, STEP, MetricsTable

logger = logging.getLogger(__name__)

WORTH_ROWS = 50_000
"""Fewer are read again in a quarter of a second."""
_VERSION = 1
_LONGEST_HEADER = 256 * 1024
_SPOTS, _SPOT_BYTES = 64, 256
_TYPES = ("<f4", "<f8")


def columns_file(metrics: Path) -> Path:
    """Where the columns of these metrics lie."""
    return metrics.with_name("metrics.columns")


def read_columns(metrics: Path) -> tuple[MetricsTable, int] | None:
    """The rows that are known, and the bytes of the metrics that they stand for; None where the file is of no use."""
    try:
        with open_plain(columns_file(metrics)) as file, open_plain(metrics) as lines:
            header = json.loads(file.readline(_LONGEST_HEADER))
            if header["version"] != _VERSION or header["fingerprint"] != _fingerprint(lines, header["covers"]):
                return None
            return _read_table(file, header), header["covers"]
    except (OSError, ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError, MemoryError):
        return None


def write_columns(metrics: Path, table: MetricsTable, covers: int) -> None:
    """Keep a table for the next time; where that is not possible, the next time takes as long as this one."""
    try:
        columns = {STEP: table.steps, **table.columns}
        stored = {name: _smallest(values) for name, values in columns.items()}
        with open_plain(metrics) as lines:
            header = {
                "version": _VERSION,
                "covers": covers,
                "fingerprint": _fingerprint(lines, covers),
                "rows": len(table),
                "columns": [[name, values.dtype.str] for name, values in stored.items()],
            }
        with atomic_write(columns_file(metrics)) as file:
            file.write(json.dumps(header).encode() + b"\n")
            for values in stored.values():
                file.write(values.tobytes())
    except (OSError, ValueError, RunError):
        logger.info("The columns of %s could not be kept.", metrics, exc_info=True)


def _read_table(file: IO[bytes], header: dict[str, Any]) -> MetricsTable:
    """Raises ValueError where the header does not fit the file."""
    rows, described, start = header["rows"], header["columns"], file.tell()
    names, types = [str(name) for name, _ in described], [kind for _, kind in described]
    if type(rows) is not int or rows < 0 or len(names) > MOST_COLUMNS + 1 or len(set(names)) != len(names):
        raise ValueError("that is no table")
    if names[0] != STEP or any(kind not in _TYPES for kind in types):
        raise ValueError("that is no table")
    sizes = [rows * np.dtype(kind).itemsize for kind in types]
    if file.seek(0, 2) != start + sum(sizes):
        raise ValueError("the file was cut off")
    file.seek(start)
    values = [np.frombuffer(file.read(size), kind).astype(float) for size, kind in zip(sizes, types, strict=True)]
    if not np.isfinite(values[0]).all():
        raise ValueError("a row has no step")
    return MetricsTable(values[0], dict(zip(names[1:], values[1:], strict=True)))


def _smallest(values: np.ndarray) -> np.ndarray:
    """As float32 where each number stays what it is."""
    with np.errstate(over="ignore"):
        short = values.astype("<f4")
    return short if np.array_equal(short, values, equal_nan=True) else values.astype("<f8")


def _fingerprint(lines: IO[bytes], covers: int) -> str:
    """Of what lies at a few dozen places of the metrics, beginning and end among them. Raises ValueError."""
    size = lines.seek(0, 2)
    if type(covers) is not int or not 0 < covers <= size:
        raise ValueError("the metrics have been cut since")
    digest = hashlib.blake2b(str(covers).encode(), digest_size=16)
    for place in np.linspace(0, max(0, covers - _SPOT_BYTES), _SPOTS).astype(np.int64):
        lines.seek(int(place))
        digest.update(lines.read(min(_SPOT_BYTES, covers)))
    return digest.hexdigest()
