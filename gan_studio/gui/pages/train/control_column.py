"""The left side of the training page: pictures and settings in one scrolling column, the run's buttons always below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gan_studio.gui.pages.train.data_card import DataCard
from gan_studio.gui.pages.train.run_bar import RunBar
from gan_studio.gui.pages.train.settings_panel import SettingsPanel
from gan_studio.gui.pages.train.start_chip import StartChip
from gan_studio.gui.theme import SPACING

NARROWEST, WIDEST = 340, 480
"""The user draws it as wide as the settings should be; narrower, their labels and editors would not fit."""


class ControlColumn(QFrame):
    """Holds the three panels; knows nothing of what they do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setMinimumWidth(NARROWEST)
        self.setMaximumWidth(WIDEST)
        self.data_card = DataCard()
        self.settings = SettingsPanel()
        self.run_bar, self.start_chip = RunBar(), StartChip()
        self._build_layout()

    def _build_layout(self) -> None:
        scrolled = QWidget()
        scrolled.setProperty("role", "scrolled")
        content = QVBoxLayout(scrolled)
        content.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        content.setSpacing(SPACING.l)
        content.addWidget(self.data_card)
        content.addWidget(self.settings)
        content.addStretch(1)
        area = QScrollArea()
        area.setObjectName("settings_scroll")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(scrolled)
        foot = QWidget()
        foot_column = QVBoxLayout(foot)
        foot_column.setContentsMargins(SPACING.m, SPACING.s, SPACING.m, SPACING.m)
        foot_column.addWidget(self.start_chip)
        foot_column.addWidget(self.run_bar)
        line = QFrame()
        line.setProperty("role", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(line)
        column.addWidget(foot)
