"""What a benchmark found: rounds, figures beside their aims, and the conditions they were measured under."""

from __future__ import annotations

import json
import math
import os
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gan_studio.cli.console import put
from tests.bench.load import MOST_OTHER_CORES

PACKAGES = ("torch", "PySide6-Essentials", "pyqtgraph", "numpy")


@dataclass(frozen=True)
class Figure:
    """One number."""

    name: str
    value: float
    unit: str = ""
    aim: float | None = None
    at_least: bool = False
    """Whether more is better."""

    @property
    def met(self) -> bool | None:
        """None where there is no aim."""
        if self.aim is None:
            return None
        return self.value >= self.aim if self.at_least else self.value <= self.aim

    def in_words(self) -> str:
        number = f"{self.value:.3g}" if abs(self.value) < 1000 else f"{self.value:.0f}"
        return f"{number} {self.unit}".strip()

    def aim_in_words(self) -> str:
        if self.aim is None:
            return ""
        return f"{'≥' if self.at_least else '≤'} {self.aim:g} {self.unit}".strip()


@dataclass(frozen=True)
class Round:
    """One repetition. Its values are seconds, shares or paces by name."""

    values: dict[str, float]
    other_cores: float
    """Processors that were busy with something else."""

    @property
    def quiet(self) -> bool:
        return self.other_cores <= MOST_OTHER_CORES


@dataclass(frozen=True)
class Result:
    title: str
    setting: str
    """What ran: network, batch, plan, sizes."""
    figures: tuple[Figure, ...]
    rounds: tuple[Round, ...]
    conditions: dict[str, Any] = field(default_factory=dict)

    @property
    def disturbed(self) -> bool:
        """True where no round was quiet, so that the figures come from disturbed ones."""
        return not any(one.quiet for one in self.rounds)


def kept(rounds: Sequence[Round]) -> list[Round]:
    """The quiet rounds; all of them where none was, and the result then counts as disturbed."""
    return [one for one in rounds if one.quiet] or list(rounds)


def values_of(rounds: Sequence[Round], name: str) -> list[float]:
    """What the rounds that count have under a name."""
    return [one.values[name] for one in kept(rounds) if name in one.values]


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` (0 to 1) of all do not exceed. Raises ValueError without values."""
    if not values:
        raise ValueError("nothing was measured")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def conditions(load_before: float, load_after: float) -> dict[str, Any]:
    """Machine, versions and load."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "screen": os.environ.get("QT_QPA_PLATFORM", ""),
        "load_average_before": load_before,
        "load_average_after": load_after,
    }


def show(result: Result, as_json: bool) -> None:
    """Print a result for people, or for programs."""
    if as_json:
        put(json.dumps({**asdict(result), "disturbed": result.disturbed}))
        return
    put(f"{result.title}\n  {result.setting}")
    put("  " + ", ".join(f"{name} {value}" for name, value in result.conditions.items()))
    for number, one in enumerate(result.rounds, 1):
        mark = "" if one.quiet else "  thrown away: other load"
        values = ", ".join(f"{name} {value:.4g}" for name, value in one.values.items())
        put(f"  round {number}: {values} (others used {one.other_cores:.2f} cores){mark}")
    if result.disturbed:
        put("  Every round was disturbed by other load: these figures are no evidence.")
    for figure in result.figures:
        put(f"  {figure.name}: {figure.in_words()}{_verdict(figure)}")


def from_json(text: str) -> tuple[Result, bool]:
    """A result that `show` printed, and whether it was disturbed. Raises ValueError."""
    values = json.loads(text)
    disturbed = values.pop("disturbed")
    figures = tuple(Figure(**one) for one in values.pop("figures"))
    rounds = tuple(Round(**one) for one in values.pop("rounds"))
    return Result(figures=figures, rounds=rounds, **values), disturbed


def _verdict(figure: Figure) -> str:
    if figure.met is None:
        return ""
    return f"  (aim {figure.aim_in_words()}: {'met' if figure.met else 'MISSED'})"


def _processor() -> str:
    read: Callable[[], str] = Path("/proc/cpuinfo").read_text
    try:
        names = [line.partition(":")[2].strip() for line in read().splitlines() if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()
