"""Colours, spacing and type sizes by name. Imports no Qt.

Text colours reach WCAG AA (4.5:1) on window, surface and raised; lines of plots, outlines of editors and what is greyed
reach 3:1. A test computes all of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """One scheme; every colour as `#rrggbb`."""

    window: str
    surface: str
    """Panels and cards on the window."""
    raised: str
    """Buttons, menus, headers on a surface."""
    hover: str
    pressed: str
    field: str
    """Inside of editors, lists and picture views."""
    border: str
    border_strong: str
    """Edges of buttons and menus, whose text tells where they are."""
    outline: str
    """Outlines of editors and check boxes, which nothing else shows: 3:1 on every ground."""
    text: str
    muted: str
    disabled: str
    accent: str
    """Fill of the primary button, selection, progress; `on_accent` is written on it."""
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_text: str
    """The accent as text, icon or line."""
    accent_soft: str
    """A tint of the surface: selected rows, drop targets."""
    focus: str
    discriminator: str
    generator: str
    real: str
    info: str
    info_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str
    success: str
    success_soft: str
    danger: str
    danger_hover: str
    tooltip: str
    on_tooltip: str


LIGHT = Colours(
    window="#f3f4f7",
    surface="#fbfbfd",
    raised="#ffffff",
    hover="#eceef3",
    pressed="#e0e3ea",
    field="#ffffff",
    border="#dfe2e9",
    border_strong="#c3c8d3",
    outline="#868c9b",
    text="#1b1d24",
    muted="#5b6170",
    disabled="#7f8594",
    accent="#5753c9",
    accent_hover="#4b46b8",
    accent_pressed="#403ba3",
    on_accent="#ffffff",
    accent_text="#4a45b5",
    accent_soft="#e8e7fa",
    focus="#7a76e0",
    discriminator="#447ce4",
    generator="#a33ebd",
    real="#008837",
    info="#2b5fc0",
    info_soft="#e6eefb",
    warning="#8a5300",
    warning_soft="#fcf0d9",
    error="#b3261e",
    error_soft="#fce8e6",
    success="#00702d",
    success_soft="#e2f4e8",
    danger="#c2342b",
    danger_hover="#a92a22",
    tooltip="#23252d",
    on_tooltip="#f2f3f7",
)

DARK = Colours(
    window="#141519",
    surface="#1a1c21",
    raised="#24262d",
    hover="#2c2f37",
    pressed="#353943",
    field="#101115",
    border="#2c2f37",
    border_strong="#434854",
    outline="#6b7180",
    text="#e7e9ef",
    muted="#9ea4b3",
    disabled="#787e8d",
    accent="#5f5bd6",
    accent_hover="#6a66de",
    accent_pressed="#524ec4",
    on_accent="#ffffff",
    accent_text="#aaa7f8",
    accent_soft="#28274a",
    focus="#8582ee",
    discriminator="#6c9bf2",
    generator="#cf7fe2",
    real="#3dbd72",
    info="#8ab2f7",
    info_soft="#1b2740",
    warning="#e9b45c",
    warning_soft="#33270f",
    error="#f58f87",
    error_soft="#3a1c1b",
    success="#5ccb88",
    success_soft="#142a1d",
    danger="#b53730",
    danger_hover="#c2403a",
    tooltip="#33363f",
    on_tooltip="#f0f1f5",
)


@dataclass(frozen=True)
class Spacing:
    """Gaps and margins in device-independent pixels."""

    xs: int = 4
    s: int = 8
    m: int = 12
    l: int = 16  # noqa: E741 - the usual name of the step between medium and extra large
    xl: int = 24


@dataclass(frozen=True)
class TypeSizes:
    """Font sizes in device-independent pixels."""

    small: int = 11
    body: int = 13
    heading: int = 14
    title: int = 20


SPACING = Spacing()
TYPE = TypeSizes()
