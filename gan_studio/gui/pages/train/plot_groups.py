"""Which scalars stand in one plot: those whose names begin alike (`loss/D`, `loss/G`). New families need no line here.

Known names have their own words and colours; whatever else a run holds gets a plot by its prefix, and colours and
patterns by turns.
"""

from __future__ import annotations

from dataclasses import dataclass

from gan_studio.gui.views.scalars import SPEED
from gan_studio.gui.widgets.plot_line import DASHED, PATTERNS, PlotLine

OTHER = "other"
"""The group of names without a prefix."""
_ROLES = ("accent_text", "warning", "info", "success", "error", "muted")


@dataclass(frozen=True)
class PlotGroup:
    """One plot."""

    key: str
    """The prefix of its scalars' names."""
    title: str
    tab: str
    """The title where there is little room."""
    name: str
    """objectName of the plot."""
    lines: tuple[PlotLine, ...] = ()
    """Those that are there before a run holds any."""
    stacked: bool = True
    """Whether it is among the stacked plots until the user says otherwise."""


GROUPS = (
    PlotGroup(
        "loss",
        "Losses",
        "Losses",
        "loss_plot",
        (PlotLine("loss/D", "D", "discriminator"), PlotLine("loss/G", "G", "generator", DASHED)),
    ),
    PlotGroup(
        "score",
        "Scores",
        "Scores",
        "score_plot",
        (PlotLine("score/real", "D(x)", "real"), PlotLine("score/fake", "D(G(z))", "generator", DASHED)),
    ),
    PlotGroup(
        "grad",
        "Gradient norms",
        "Gradients",
        "gradient_plot",
        (PlotLine("grad/D", "D", "discriminator"), PlotLine("grad/G", "G", "generator", DASHED)),
    ),
    PlotGroup(
        "speed",
        "Throughput",
        "Speed",
        "throughput_plot",
        (PlotLine(SPEED, "Images/s", "accent_text"),),
        stacked=False,
    ),
)
_TITLES = {
    "rate": ("Learning rates", "Rates"),
    "metric": ("Metrics", "Metrics"),
    "metrics": ("Time spent measuring", "Measuring"),
    OTHER: ("Other values", "Other"),
}
_LEVELS = {"metric": "what reals reach"}
"""What levels of a group mean, unless it is that D cannot tell."""
_NOT_STACKED = ("rate", "metrics")


def key_of(name: str) -> str:
    """The group of a scalar."""
    prefix, slash, _ = name.partition("/")
    return prefix if slash and prefix else OTHER


def made_group(key: str) -> PlotGroup:
    """A group for a prefix that is not known."""
    title, tab = _TITLES.get(key, (key[:1].upper() + key[1:], key[:1].upper() + key[1:]))
    return PlotGroup(key, title, tab, f"{key}_plot", stacked=key not in _NOT_STACKED)


def made_line(name: str, number: int) -> PlotLine:
    """A line for a scalar that is not known, the `number`-th of its plot.

    Names of discriminators (`D`, `D_A`) and generators keep their colours; a pattern tells them apart. Others are put
    in words.
    """
    label = name.partition("/")[2] or name
    roles = {"D": "discriminator", "G": "generator"}
    role = roles.get(label.split("_")[0]) or _ROLES[number % len(_ROLES)]
    means = _LEVELS.get(key_of(name), PlotLine.level_means)
    words = label.replace("_", " ") if label.islower() else label
    return PlotLine(name, words, role, PATTERNS[number % len(PATTERNS)], means)
