"""A family of GANs, as the form needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gan_studio.engine.settings import Settings


@dataclass(frozen=True)
class FamilyForm:
    """A family as the form needs it."""

    name: str
    title: str
    summary: str
    settings_class: type[Settings]
    presets: Mapping[str, Settings]
    explanation: str = ""
    """What pictures it wants, in a sentence."""
    needs_classes: bool = False
    """Whether it trains on class folders alone."""
    shapes: tuple[tuple[str, str], ...] = ()
    """Source and title of each shape, where it trains on points in the plane; none for pictures."""
    translates: bool = False
    """Whether it wants pictures of two kinds, A and B."""
    suggestions: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the training that suit it, where the user chose nothing else."""
