"""Icons exist, follow the theme without being made again, and show that they are disabled."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication

import gan_studio.gui
from gan_studio.assets import asset_path
from gan_studio.gui.icons import icon, icon_names
from gan_studio.gui.theme import DARK, LIGHT, apply_theme

_NAMED = re.compile(r"\bicon(?:_pixmap)?\(\s*\"([a-z-]+)\"")


def ink(pixmap: QPixmap) -> str:
    """The most opaque colour of a picture."""
    image = pixmap.toImage().convertToFormat(pixmap.toImage().Format.Format_RGBA8888)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(-1, 4)
    red, green, blue, _ = pixels[pixels[:, 3].argmax()]
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_an_icon_made_in_one_scheme_is_right_in_the_other(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    made = icon("folder-fill")
    assert ink(made.pixmap(32, 32)) == LIGHT.text
    apply_theme(qapp, "dark")
    assert ink(made.pixmap(32, 32)) == DARK.text


def test_disabled_and_checked_icons_have_their_own_colours(qapp: QApplication) -> None:
    apply_theme(qapp, "dark")
    made = icon("folder-fill", "muted", on_role="accent_text")
    assert ink(made.pixmap(32, 32, QIcon.Mode.Disabled)) == DARK.disabled
    assert ink(made.pixmap(32, 32, QIcon.Mode.Normal, QIcon.State.On)) == DARK.accent_text
    assert ink(QIcon(made).pixmap(32, 32)) == DARK.muted


def test_an_unknown_name_is_refused(qapp: QApplication) -> None:
    with pytest.raises(ValueError, match="no-such-icon"):
        icon("no-such-icon")


def test_every_icon_that_the_window_names_exists(qapp: QApplication) -> None:
    root = Path(gan_studio.gui.__file__).parent
    named = {name for path in root.rglob("*.py") for name in _NAMED.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert named <= icon_names()


def test_the_program_icon_can_be_drawn(qapp: QApplication) -> None:
    assert not QIcon(str(asset_path("icon.svg"))).pixmap(64, 64).isNull()
    assert QPixmap(str(asset_path("icon.png"))).width() == 512


def test_a_missing_asset_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match="install GAN Studio again"):
        asset_path("no", "such.file")
