"""Preferences: what is chosen counts at once and is remembered; one card a subject."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.folders import pictures_folder, runs_folder
from gan_studio.gui.dialogs.parts import bottom_buttons, fit_to_screen, heading, small_button, wrapped
from gan_studio.gui.dialogs.questions import ask_folder
from gan_studio.gui.sessions.storage import NOTHING
from gan_studio.gui.settings import SCALES, UserSettings
from gan_studio.gui.theme import SPACING, Scheme
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.number_edits import IntSpinBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

SIZE = QSize(640, 700)
_LABEL_WIDTH = 150
_SCHEMES: dict[Scheme, str] = {"system": "As the system", "light": "Light", "dark": "Dark"}
COUNTING = "Counting…"


class PreferencesDialog(QDialog):
    """Reads and writes the user's settings; what has to follow them is told by signals."""

    scheme_chosen = Signal(str)
    folders_changed = Signal()
    keep_checkpoints_changed = Signal(int)
    emptying_wanted = Signal()

    def __init__(self, settings: UserSettings, training: bool, parent: QWidget | None = None) -> None:
        """`training`: whether one is under way, whose pictures must stay decoded."""
        super().__init__(parent)
        self.setObjectName("preferences_dialog")
        self.setWindowTitle("Preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._training = settings, training
        self._guard = WheelGuard(self)
        self._build_look()
        self._build_folders()
        self._build_training()
        self._build_storage()
        self._build_layout()
        self._show_settings()
        self._connect()
        fit_to_screen(self, SIZE)

    @Slot(str)
    def show_cache_size(self, text: str) -> None:
        self.cache_size.setText(text)
        self.empty.setEnabled(not self._training and text != NOTHING)

    # --- building ---

    def _build_look(self) -> None:
        self.scheme, self.scale = QComboBox(), QComboBox()
        self.scheme.setObjectName("preference_scheme")
        for scheme, text in _SCHEMES.items():
            self.scheme.addItem(text, scheme)
        self.scale.setObjectName("preference_scale")
        for size in SCALES:
            self.scale.addItem(f"{size} %", size)
        self.scale_note = wrapped("The new size counts from the next start.", "small")
        self.scale_note.setObjectName("preference_scale_note")
        self.scale_note.hide()

    def _build_folders(self) -> None:
        self.runs, self.pictures = FolderRow("runs", "New runs"), FolderRow("pictures", "Saved pictures")

    def _build_training(self) -> None:
        self.keep = IntSpinBox(1, 1000)
        self.keep.setObjectName("preference_keep_checkpoints")
        self.keep.setSuffix(" checkpoints")
        self.awake = QCheckBox("Keep the computer a&wake while it trains")
        self.awake.setObjectName("preference_keep_awake")
        self.notify = QCheckBox("Say when a training is &done")
        self.notify.setObjectName("preference_notify")
        self.notify.setToolTip("With a notice of the desktop, where the window is not in front")

    def _build_storage(self) -> None:
        self.cache_size = QLabel(COUNTING)
        self.cache_size.setObjectName("preference_cache_size")
        self.empty = QPushButton("&Empty")
        self.empty.setObjectName("preference_empty_cache")
        self.empty.setAutoDefault(False)
        self.empty.setEnabled(False)
        self.empty.setToolTip("Not while a training uses them" if self._training else "Delete the decoded pictures")

    def _build_layout(self) -> None:
        sheet = QWidget()
        sheet.setProperty("role", "scrolled")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.s)
        column.setSpacing(SPACING.m)
        for card in (self._look_card(), self._folder_card(), self._training_card(), self._storage_card()):
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setObjectName("preferences_scroll")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(sheet)
        self.restore = small_button(
            "preferences_restore",
            "Restore de&faults",
            "arrow-counter-clockwise",
            "Everything here as at the first start",
        )
        buttons = bottom_buttons(self, self.restore)
        buttons.setContentsMargins(SPACING.xl, SPACING.s, SPACING.xl, SPACING.l)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area, 1)
        whole.addWidget(buttons)

    def _look_card(self) -> QFrame:
        card, form = _card("Appearance")
        _add(form, "&Colours", self.scheme)
        _add(form, "Si&ze of the interface", self.scale)
        form.addRow("", self.scale_note)
        return card

    def _folder_card(self) -> QFrame:
        card, form = _card("Folders")
        for text, row in (("New &runs go to", self.runs), ("&Pictures are saved in", self.pictures)):
            _add(form, text, row, row.choose)
        form.addRow(wrapped("Runs that are there already stay where they are.", "small"))
        return card

    def _training_card(self) -> QFrame:
        card, form = _card("Training")
        _add(form, "A new run &keeps", self.keep)
        form.addRow(self.awake)
        form.addRow(self.notify)
        return card

    def _storage_card(self) -> QFrame:
        card, form = _card("Storage")
        row = QHBoxLayout()
        row.addWidget(self.cache_size, 1)
        row.addWidget(self.empty)
        label = QLabel("Decoded pictures")
        label.setMinimumWidth(_LABEL_WIDTH)
        form.addRow(label, row)
        form.addRow(wrapped("They make the next training start at once, and are made again when needed.", "small"))
        return card

    def _connect(self) -> None:
        self._guard.guard(self.scheme, self.scale, self.keep)
        self.scheme.currentIndexChanged.connect(self._keep_scheme)
        self.scale.currentIndexChanged.connect(self._keep_scale)
        self.runs.chosen.connect(self._keep_runs)
        self.pictures.chosen.connect(self._keep_pictures)
        self.keep.valueChanged.connect(self._keep_checkpoints)
        self.awake.toggled.connect(self._keep_awake)
        self.notify.toggled.connect(self._keep_notify)
        self.empty.clicked.connect(self._empty)
        self.restore.clicked.connect(self._restore)

    # --- what was chosen ---

    def _show_settings(self) -> None:
        settings = self._settings
        self.scheme.setCurrentIndex(self.scheme.findData(settings.scheme))
        self.scale.setCurrentIndex(self.scale.findData(settings.scale))
        self.runs.show_folder(settings.runs_folder or runs_folder(), settings.runs_folder is not None)
        self.pictures.show_folder(settings.pictures_folder or pictures_folder(), settings.pictures_folder is not None)
        self.keep.setValue(settings.keep_checkpoints)
        self.awake.setChecked(settings.keep_awake)
        self.notify.setChecked(settings.notice_when_done)

    @Slot()
    def _keep_scheme(self) -> None:
        self._settings.scheme = self.scheme.currentData()
        self.scheme_chosen.emit(self._settings.scheme)

    @Slot()
    def _keep_scale(self) -> None:
        self._settings.scale = self.scale.currentData()
        self.scale_note.show()

    @Slot(object)
    def _keep_runs(self, folder: Path | None) -> None:
        self._settings.runs_folder = folder
        self._follow_folders()

    @Slot(object)
    def _keep_pictures(self, folder: Path | None) -> None:
        self._settings.pictures_folder = folder
        self._follow_folders()

    def _follow_folders(self) -> None:
        self.folders_changed.emit()
        self._show_settings()

    @Slot(int)
    def _keep_checkpoints(self, number: int) -> None:
        self._settings.keep_checkpoints = number
        self.keep_checkpoints_changed.emit(number)

    @Slot(bool)
    def _keep_awake(self, wanted: bool) -> None:
        self._settings.keep_awake = wanted

    @Slot(bool)
    def _keep_notify(self, wanted: bool) -> None:
        self._settings.notice_when_done = wanted

    @Slot()
    def _empty(self) -> None:
        self.cache_size.setText(COUNTING)
        self.emptying_wanted.emit()

    @Slot()
    def _restore(self) -> None:
        """The editors tell on, one by one, what became of them; the folders have no editor that would."""
        self._settings.restore_defaults()
        self.folders_changed.emit()
        self._show_settings()


class FolderRow(QWidget):
    """A folder, a button to choose another, and one to go back to the usual place."""

    chosen = Signal(object)
    """Path; None for the usual place."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__()
        self._what = what
        self.path = ElidedLabel()
        self.path.setObjectName(f"preference_{name}_folder")
        self.choose = QPushButton("Choose…")
        self.choose.setObjectName(f"preference_choose_{name}")
        self.choose.setAccessibleName(f"{what}: choose a folder")
        self.usual = QPushButton("Usual place")
        self.usual.setObjectName(f"preference_usual_{name}")
        self.usual.setAccessibleName(f"{what}: back to the usual place")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.s)
        row.addWidget(self.path, 1)
        for button in (self.usual, self.choose):
            button.setAutoDefault(False)
            row.addWidget(button)
        self.choose.clicked.connect(self._ask)
        self.usual.clicked.connect(self._go_back)

    def show_folder(self, path: Path, is_chosen: bool) -> None:
        self.path.setText(str(path))
        self.usual.setVisible(is_chosen)

    @Slot()
    def _ask(self) -> None:
        folder = ask_folder(self, self._what, Path(self.path.text()))
        if folder is not None:
            self.chosen.emit(folder)

    @Slot()
    def _go_back(self) -> None:
        self.chosen.emit(None)


def _card(title: str) -> tuple[QFrame, QFormLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    form = QFormLayout(card)
    form.setContentsMargins(SPACING.l, SPACING.m, SPACING.l, SPACING.m)
    form.setHorizontalSpacing(SPACING.m)
    form.setVerticalSpacing(SPACING.s)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.addRow(heading(title))
    return card, form


def _add(form: QFormLayout, text: str, field: QWidget, buddy: QWidget | None = None) -> None:
    label = QLabel(text)
    label.setMinimumWidth(_LABEL_WIDTH)
    label.setBuddy(buddy or field)
    form.addRow(label, field)
