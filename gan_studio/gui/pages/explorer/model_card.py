"""Which model is open, which checkpoint of its run, and how to open another one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.explorer.checkpoint_row import CheckpointRow
from gan_studio.gui.pages.explorer.open_menu import OpenMenu
from gan_studio.gui.quantities import whole
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import ModelView
from gan_studio.gui.views.explorer import Checkpoints
from gan_studio.gui.widgets.elided_label import ElidedLabel

_LIVE_TIP = "Show the model that is being trained, and keep up with it about once a second"
_NOTHING_TIP = "Start a training first"


class ModelCard(QFrame):
    """Title, family and step; `explorer_open`, `export_model`, `checkpoint_slider` and `explorer_live`."""

    open_requested = Signal(object)
    live_toggled = Signal(bool)
    """The user's click; `set_following` does not emit it."""
    step_requested = Signal(int)

    def __init__(self, example: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._build_labels()
        self._view: ModelView | None = None
        self._build_open(example)
        self._build_export()
        self._build_live()
        self.checkpoints = CheckpointRow()
        self.checkpoints.step_requested.connect(self.step_requested)
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

    def _build_export(self) -> None:
        self.export_button = QToolButton()
        self.export_button.setObjectName("export_model")
        self.export_button.setIcon(icon("export"))
        self.export_button.setIconSize(QSize(18, 18))
        self.export_button.setToolTip("Export model… as .safetensors or ONNX (Ctrl+E)")
        self.export_button.setAccessibleName("Export model")
        self.export_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.export_button.setEnabled(False)

    def _build_live(self) -> None:
        self.live_check = QCheckBox("Fo&llow the model in training")
        self.live_check.setObjectName("explorer_live")
        self.live_check.clicked.connect(self._ask_for_live)

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(SPACING.xs)
        top.addWidget(self._title, 1)
        top.addWidget(self.export_button)
        top.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._details)
        column.addWidget(self.checkpoints)
        column.addWidget(self.live_check)

    def show_model(self, view: ModelView) -> None:
        """Name the model that is open."""
        self._view = view
        self.export_button.setEnabled(True)
        self.checkpoints.show_model(view)
        place = "in training, step" if view.live else "step"
        self._title.setText(view.title)
        self._details.setText(f"{view.family} · {place} {whole(view.step)} · {view.size} px")
        set_role(self._details, "success" if view.live else "muted")

    @Slot(object)
    def show_checkpoints(self, found: Checkpoints) -> None:
        """What else the run has kept, and whether it is newer than what is open."""
        self.checkpoints.show_checkpoints(found)

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
