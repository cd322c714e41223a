"""Makes columns of the text of a `metrics.jsonl`, by numpy where all lines have one form. Imports no torch.

`json` takes 4.3 s for a million lines of eleven numbers, and putting their objects into columns another second; numpy
takes 4.6 s for both on the same two cores, most of it for the digits.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from gan_studio.engine.metrics_table import STEP, MetricsTable

_QUOTE = ord('"')
_OF_NUMBERS = b"0123456789.+-eE "
_BETWEEN_NUMBERS = bytes.maketrans(b"{}:,\n", b"     ")


def parse(lines: bytes) -> MetricsTable:
    """The reports in whole lines; a line that is no object, or has no step, is passed over."""
    return _of_one_form(lines) or MetricsTable.of(_objects(lines))


def _of_one_form(lines: bytes) -> MetricsTable | None:
    """None unless each line is an object of numbers, with the names of the first one in their order."""
    first = lines[: lines.find(b"\n") + 1]
    names = _names(first)
    if not names or names[0] != STEP:
        return None
    count = lines.count(b"\n")
    text = np.frombuffer(lines, np.uint8)
    quotes = text == _QUOTE
    named = np.bitwise_xor.accumulate(quotes) | quotes
    between = text[~named].tobytes()
    same_names = text[named].tobytes() == b"".join(f'"{name}"'.encode() for name in names) * count
    form = "{" + ",".join(":" * len(names)) + "}\n"
    if not same_names or between.translate(None, _OF_NUMBERS) != form.encode() * count:
        return None
    return _table(between, names, count)


def _table(between: bytes, names: list[str], count: int) -> MetricsTable | None:
    try:
        numbers = np.fromstring(between.translate(_BETWEEN_NUMBERS), sep=" ")
    except (ValueError, DeprecationWarning):  # what is no number, in numpy's new and in its old way
        return None
    if numbers.size != count * len(names):
        return None
    columns = np.ascontiguousarray(numbers.reshape(count, len(names)).T)
    return MetricsTable(columns[0], dict(zip(names[1:], columns[1:], strict=True)))


def _names(line: bytes) -> list[str]:
    """Those of an object of plain numbers; none where it is anything else, or its names need a closer look."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return []
    plain = isinstance(values, dict) and all(type(value) in (int, float) for value in values.values())
    return list(values) if plain and line.count(b'"') == 2 * len(values) and b"\\" not in line else []


def _objects(lines: bytes) -> list[dict[str, Any]]:
    found = []
    for line in lines.splitlines():
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(values, dict):
            found.append(values)
    return found
