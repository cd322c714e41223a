"""Makes columns of the text of a `metrics.jsonl`. Imports no torch."""

from __future__ import annotations

import json
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import orjson

from gan_studio.engine.metrics_table import STEP, MetricsTable

Row = dict[str, Any]


def parse(lines: bytes) -> MetricsTable:
    """The reports in whole lines; a line that is no object, or has no step, is passed over."""
    rows = _rows_at_once(lines) or _rows_one_by_one(lines)
    return _of_equal_rows(rows, lines) or MetricsTable.of(rows)


def _rows_at_once(lines: bytes) -> list[Row]:
    """Empty where a line is anything but an object as JSON defines it, which knows no NaN."""
    try:
        rows = orjson.loads(b"[%b]" % lines.rstrip(b"\n").replace(b"\n", b","))
    except ValueError:
        return []
    whole = len(rows) == lines.count(b"\n") and all(type(row) is dict for row in rows)
    return rows if whole else []


def _rows_one_by_one(lines: bytes) -> list[Row]:
    found = []
    for line in lines.splitlines():
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            found.append(row)
    return found


def _of_equal_rows(rows: list[Row], lines: bytes) -> MetricsTable | None:
    """Five times faster than row by row; None unless all have the same names, and numbers alone."""
    names = list(rows[0]) if rows else []
    if STEP not in names or lines.count(b'"') != 2 * len(names) * len(rows):
        return None
    try:
        numbers = np.fromiter(chain.from_iterable(map(itemgetter(*names), rows)), float, len(names) * len(rows))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    return MetricsTable.of_columns(dict(zip(names, numbers.reshape(len(rows), -1).T.copy(), strict=True)))
