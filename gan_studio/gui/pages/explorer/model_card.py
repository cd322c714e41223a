"""Which model is open, and how to open another one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.explorer.open_menu import OpenMenu
from gan_studio.gui.quantities import whole
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import ModelView
from gan_studio.gui.widgets.elided_label import ElidedLabel

_LIVE_TIP = "Show the model that is being trained, and keep up with it about once a second"
_NOTHING_TIP = "Start a training first"


class ModelCard(QFrame):
    """Title, family and step; `explorer_open` and `explorer_live`."""

    open_requested = Signal(object)
    live_toggled = Signal(bool)
    """The user's click; `set_following` does not emit it."""

    def __init__(self, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._build_labels()
        self._build_open(example)
        self._build_live()
        self._build_layout()
        self.set_training(False)

    def _build_labels(self) -> None:
        self._title = ElidedLabel("No model", Qt.TextElideMode.ElideRight)
        self._title.setProperty("role", "heading")
        self._details = ElidedLabel("", Qt.TextElideMode.ElideRight)
        self._details.setObjectName("model_details")
        self._details.setProperty("role", "muted")

    def _build_open(self, example: Path | None) -> None:
        self.open_button = QPushButton("&Open")
        self.open_button.setObjectName("explorer_open")
        self.open_button.setIcon(icon("folder-open"))
        self.open_button.setToolTip("Open a run, a generator, or a picture that was saved here")
        self.open_button.setAccessibleName("Open a model")
        self.menu = OpenMenu(self.open_button, example)
        self.menu.chosen.connect(self.open_requested)
        self.open_button.setMenu(self.menu)

    def _build_live(self) -> None:
        self.live_check = QCheckBox("Fo&llow the model in training")
        self.live_check.setObjectName("explorer_live")
        self.live_check.clicked.connect(self._ask_for_live)

    def _build_layout(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self._title)
        texts.addWidget(self._details)
        top = QHBoxLayout()
        top.setSpacing(SPACING.s)
        top.addLayout(texts, 1)
        top.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        column.setSpacing(SPACING.s)
        column.addLayout(top)
        column.addWidget(self.live_check)

    def show_model(self, view: ModelView) -> None:
        """Name the model that is open."""
        place = "in training, step" if view.live else "step"
        self._title.setText(view.title)
        self._details.setText(f"{view.family} · {place} {whole(view.step)} · {view.size} px")
        set_role(self._details, "success" if view.live else "muted")

    def show_opening(self, name: str) -> None:
        """A model is being read."""
        self._details.setText(f"Opening {name}…")

    def show_nothing(self) -> None:
        self._title.setText("No model")
        self._details.setText("")

    @Slot(bool)
    def set_training(self, running: bool) -> None:
        """Whether there is a model in training that could be followed."""
        self.live_check.setEnabled(running)
        self.live_check.setToolTip(_LIVE_TIP if running else _NOTHING_TIP)

    @Slot(bool)
    def _ask_for_live(self, wanted: bool) -> None:
        # The tick says what is so, not what was asked for: `set_following` sets it.
        self.live_check.setChecked(not wanted)
        self.live_toggled.emit(wanted)

    @Slot(bool)
    def set_following(self, following: bool) -> None:
        self.live_check.setChecked(following)
