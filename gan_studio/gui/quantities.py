"""Numbers as people read them: steps, pictures, durations, memory, rates. Imports no Qt."""

from __future__ import annotations

import math
import re

_GIB = 1024**3
_MIB = 1024**2
_TIME = re.compile(r" \d{4}-\d\d-\d\d \d\d\.\d\d( \(\d+\))?$")


def whole(number: int) -> str:
    """1200 → "1,200"."""
    return f"{number:,}"


def short_count(number: float) -> str:
    """Three significant digits at most: 950 → "950", 1234 → "1.2k", 77_000 → "77k", 2_500_000 → "2.5M"."""
    for unit, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= 0.9995 * unit:
            scaled = number / unit
            return f"{scaled:.0f}{suffix}" if abs(scaled) >= 9.95 else f"{scaled:.1f}".removesuffix(".0") + suffix
    return f"{number:.0f}"


def duration(seconds: float) -> str:
    """42 → "42 s", 187 → "3 min 07 s", 3840 → "1 h 04 min", 200_000 → "2 d 7 h"."""
    total = max(0, round(seconds))
    minutes, rest = divmod(total, 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    days, hours_of_day = divmod(hours, 24)
    if days:
        return f"{days} d {hours_of_day} h"
    if hours:
        return f"{hours} h {minutes_of_hour:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def memory(size_bytes: int) -> str:
    """Binary units: "640 MiB", "2.4 GiB"."""
    return f"{size_bytes / _GIB:.1f} GiB" if size_bytes >= _GIB else f"{size_bytes / _MIB:.0f} MiB"


def run_title(name: str) -> str:
    """A run's folder name without the time at its end: "flags dcgan 64 2026-11-21 14.05" → "flags dcgan 64"."""
    return _TIME.sub("", name) or name


def scalar(value: float) -> str:
    """A plotted number in about four characters: "0.693", "12.4", "3.1e-05"."""
    if not math.isfinite(value):
        return "–"
    magnitude = abs(value)
    if magnitude >= 1e5 or 0 < magnitude < 1e-3:
        return f"{value:.1e}"
    decimals = 3 if magnitude < 10 else 1 if magnitude < 1000 else 0
    return f"{value:.{decimals}f}"


def kind_in_words(mode: str) -> str:
    """One of Pillow's modes: "L" → "grey"."""
    return _KINDS.get(mode, "grey, 16 bits" if mode.startswith("I;16") else mode)


_KINDS = {
    "1": "black and white",
    "L": "grey",
    "LA": "grey, may be transparent",
    "RGB": "RGB",
    "RGBA": "RGB, may be transparent",
    "P": "palette",
    "PA": "palette, may be transparent",
    "CMYK": "CMYK, for printing",
    "YCbCr": "YCbCr",
    "I": "grey, more than 8 bits",
    "F": "grey, floating point",
}
