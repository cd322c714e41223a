"""What the user chose about the plots, kept from one start to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from gan_studio.gui.pages.train.plot_bar import NEWEST, STACKED, TABS
from gan_studio.gui.widgets.plot_line import SMOOTHINGS, Look, Smoothing


@dataclass
class PlotMemory:
    """Choices by the names that plots (`loss`) and scalars (`loss/D`) have."""

    arrangement: int = STACKED
    tab: str = "loss"
    stacked: dict[str, bool] = field(default_factory=dict)
    """Plots that the user put among the stacked ones, or took out."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Heights of stacked plots."""
    hidden: set[str] = field(default_factory=set)
    """Scalars that are not drawn."""
    logarithmic: set[str] = field(default_factory=set)
    newest: int | None = None
    """How many of the newest steps are followed."""
    look: Look = field(default_factory=Look)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "arrangement": self.arrangement,
            "tab": self.tab,
            "stacked": self.stacked,
            "sizes": self.sizes,
            "hidden": sorted(self.hidden),
            "logarithmic": sorted(self.logarithmic),
            "newest": self.newest,
            "smoothing": self.look.smoothing,
            "raw": self.look.raw,
        }

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> PlotMemory:
        """From what `to_dict` made; what does not look like that is passed over: files are edited, and grow old."""
        usual = cls()
        smoothing = _one_of(state.get("smoothing"), SMOOTHINGS, usual.look.smoothing)
        return cls(
            arrangement=_one_of(state.get("arrangement"), (STACKED, TABS), usual.arrangement),
            tab=_one_of(state.get("tab"), (state.get("tab"),) if isinstance(state.get("tab"), str) else (), usual.tab),
            stacked=_mapping(state.get("stacked"), bool),
            sizes=_mapping(state.get("sizes"), int),
            hidden=_names(state.get("hidden")),
            logarithmic=_names(state.get("logarithmic")),
            newest=_one_of(state.get("newest"), NEWEST, usual.newest),
            look=Look(cast(Smoothing, smoothing), state.get("raw") is not False),
        )


def _one_of(value: Any, choices: tuple[Any, ...], usual: Any) -> Any:
    return value if any(value == choice and type(value) is type(choice) for choice in choices) else usual


def _mapping(value: Any, kind: type) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {}
    return {name: entry for name, entry in value.items() if isinstance(name, str) and type(entry) is kind}


def _names(value: Any) -> set[str]:
    return {name for name in value if isinstance(name, str)} if isinstance(value, list) else set()
