"""The theme: contrast that can be read, a palette that leaves nothing to the platform, a change that is told."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gan_studio.gui import stylesheet, theme
from gan_studio.gui.theme import DARK, LIGHT, Colours, apply_theme, colours, theme_changed

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "surface", "raised", "field")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 to 1."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_the_contrast_of_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@SCHEMES
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("role", ["text", "muted", "accent_text", "info", "warning", "error", "success"])
def test_text_reaches_aa_on_every_ground(tokens: Colours, role: str, ground: str) -> None:
    assert contrast(getattr(tokens, role), getattr(tokens, ground)) >= 4.5


@SCHEMES
@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("on_accent", "accent"),
        ("on_accent", "accent_hover"),
        ("on_accent", "accent_pressed"),
        ("on_accent", "danger"),
        ("on_accent", "danger_hover"),
        ("on_tooltip", "tooltip"),
        ("text", "hover"),
        ("text", "pressed"),
        ("muted", "hover"),
        ("text", "accent_soft"),
        ("accent_text", "accent_soft"),
        ("info", "info_soft"),
        ("warning", "warning_soft"),
        ("error", "error_soft"),
        ("success", "success_soft"),
        ("text", "error_soft"),
    ],
)
def test_text_on_tinted_grounds_reaches_aa(tokens: Colours, ink: str, ground: str) -> None:
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= 4.5


@SCHEMES
@pytest.mark.parametrize("role", ["discriminator", "generator", "real", "focus", "outline", "disabled"])
def test_lines_outlines_focus_rings_and_what_is_greyed_reach_three_to_one(tokens: Colours, role: str) -> None:
    assert all(contrast(getattr(tokens, role), getattr(tokens, ground)) >= 3 for ground in GROUNDS)


def rules() -> list[tuple[str, str, str]]:
    """Selector, text colour and ground of every rule of the style sheet that names both."""
    sheet = "".join(stylesheet._PARTS)
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^{}]+)\}", sheet.replace("${", "$")):
        ink = re.search(r"(?<![-\w])color: \$(\w+)", body)
        ground = re.search(r"background: \$(\w+)", body)
        if ink and ground:
            found.append((" ".join(selector.split()), ink[1], ground[1]))
    return found


@SCHEMES
def test_every_rule_that_sets_text_on_a_ground_can_be_read(tokens: Colours) -> None:
    assert len(rules()) > 15
    poor = {
        selector: round(contrast(getattr(tokens, ink), getattr(tokens, ground)), 2)
        for selector, ink, ground in rules()
        if contrast(getattr(tokens, ink), getattr(tokens, ground)) < (3 if "disabled" in selector else 4.5)
    }
    assert poor == {}


def test_the_networks_have_their_known_colours_in_the_light_scheme() -> None:
    assert (LIGHT.discriminator, LIGHT.generator, LIGHT.real) == ("#447ce4", "#a33ebd", "#008837")


@SCHEMES
def test_the_style_sheet_resolves_every_token(tokens: Colours) -> None:
    assert "$" not in stylesheet.build(tokens)


@SCHEMES
def test_every_colour_is_a_full_hexadecimal_one(tokens: Colours) -> None:
    assert all(len(getattr(tokens, field.name)) == 7 for field in fields(tokens))


def test_changing_the_scheme_restyles_and_says_so(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "light")
    with qtbot.waitSignal(theme_changed):
        apply_theme(qapp, "dark")
    assert colours() is DARK
    assert theme.is_dark()
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window


def test_the_system_scheme_is_light_where_the_platform_knows_none(qapp: QApplication) -> None:
    apply_theme(qapp, "system")
    assert colours() is LIGHT


def test_a_primary_button_is_filled_with_the_accent(qapp: QApplication, qtbot: QtBot) -> None:
    apply_theme(qapp, "dark")
    button = QPushButton("Train")
    qtbot.addWidget(button)
    button.resize(120, 32)
    plain = button.grab().toImage().pixelColor(60, 4).name()
    stylesheet.set_role(button, "primary")
    filled = button.grab().toImage().pixelColor(60, 4).name()
    assert plain == DARK.raised
    assert filled == DARK.accent
