"""What families that translate ask for beside the first pictures: which of them are A, and which are B."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.source_button import SourceButton
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import DatasetView
from gan_studio.gui.widgets.drop_zone import DropZone
from gan_studio.gui.widgets.elided_combo import ElidedComboBox
from gan_studio.gui.widgets.wheel_guard import WheelGuard

_INVITATION = ("Pictures B", "drop a second folder or zip here")


class DomainRows(QWidget):
    """A sentence, a choice of two classes where there are any, and a place for a second folder or zip."""

    second_chosen = Signal(Path)
    second_removed = Signal()
    changed = Signal()
    """Another class was chosen for A or B."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: DatasetView | None = None
        self._explanation = ""
        self._wished: tuple[str, ...] = ()
        self._pair = ("", "")
        self._locked = False
        self._guard = WheelGuard(self)
        self._build_classes()
        self._build_second()
        self._build_layout()
        self._connect_signals()
        self._refresh()

    # --- what the card calls ---

    def ask(self, explanation: str) -> None:
        """What the chosen family wants, in a sentence; empty where it takes one set of pictures."""
        self._explanation = explanation
        self.explanation.setText(explanation)
        self._refresh()

    def show_dataset(self, view: DatasetView) -> None:
        """Offer the classes of these pictures, or show that they are a pair."""
        self._view = view
        names = [name for name, _ in view.classes]
        for combo in self._combos:
            combo.clear()
            combo.addItems(names)
        wished = self._wished if len(self._wished) == 2 and set(self._wished) <= set(names) else view.domains
        self._wished = ()
        self._choose(wished)
        self.edit.setText(str(view.second or ""))
        self._refresh()

    def wish(self, classes: tuple[str, ...]) -> None:
        """Choose these two for A and B in the pictures that come next, where they have them."""
        self._wished = classes

    def classes(self) -> tuple[str, str]:
        """Names of the classes that are A and B; empty where nothing is to be chosen."""
        return self._pair if self._offers_classes() else ("", "")

    def problem(self, title: str) -> str:
        """Why a family of this title cannot train on these pictures; empty where it can."""
        if self._view is None:
            return ""
        if not self._explanation:
            return f"{title} takes one set of pictures: remove pictures B." if self._view.second else ""
        return "" if len(self._view.classes) > 1 else f"{title} needs pictures B as well: a second folder or zip."

    def set_locked(self, locked: bool) -> None:
        """While training the pictures cannot be exchanged."""
        self._locked = locked
        self._refresh()

    # --- building ---

    def _build_classes(self) -> None:
        self.explanation = QLabel()
        self.explanation.setObjectName("domains_explanation")
        self.explanation.setWordWrap(True)
        self.explanation.setProperty("role", "muted")
        self._combos = (ElidedComboBox(), ElidedComboBox())
        self.class_rows = QWidget()
        rows = QFormLayout(self.class_rows)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACING.s)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for letter, combo in zip("ab", self._combos, strict=True):
            combo.setObjectName(f"domain_{letter}_combo")
            combo.setAccessibleName(f"Class of pictures {letter.upper()}")
            combo.setMinimumContentsLength(4)
            self._guard.guard(combo)
            rows.addRow(f"Pictures {letter.upper()}", combo)

    def _build_second(self) -> None:
        self.zone = DropZone(_INVITATION[0], "folder-open", _INVITATION[1])
        self.edit = QLineEdit()
        self.edit.setObjectName("dataset_b_edit")
        self.edit.setPlaceholderText("Folder or zip of pictures B")
        self.edit.setAccessibleName("Folder or zip of pictures B")
        self.edit.setToolTip("Type or paste a path and press Enter")
        self.browse = SourceButton("dataset_b_browse", "Browse for pictures B")
        self.remove = QToolButton()
        self.remove.setObjectName("dataset_b_remove")
        self.remove.setIcon(icon("x"))
        self.remove.setToolTip("Do without pictures B")
        self.remove.setAccessibleName("Remove pictures B")

    def _build_layout(self) -> None:
        path_row = QHBoxLayout()
        path_row.setSpacing(SPACING.xs)
        path_row.addWidget(self.edit, 1)
        path_row.addWidget(self.browse)
        path_row.addWidget(self.remove)
        self.zone.body.addLayout(path_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        for widget in (self.explanation, self.class_rows, self.zone):
            column.addWidget(widget)

    def _connect_signals(self) -> None:
        for combo in self._combos:
            combo.currentTextChanged.connect(self._on_class)
        self.zone.dropped.connect(self.second_chosen)
        self.edit.returnPressed.connect(self._choose_typed)
        self.browse.chosen.connect(self.second_chosen)
        self.remove.clicked.connect(self.second_removed)

    # --- reacting ---

    def _offers_classes(self) -> bool:
        return bool(self._explanation) and self._view is not None and not self._view.second and bool(self._pair[0])

    def _refresh(self) -> None:
        paired = self._view is not None and self._view.second is not None
        self.setVisible(bool(self._explanation) or paired)
        self.explanation.setVisible(bool(self._explanation))
        self.class_rows.setVisible(self._offers_classes())
        self.remove.setVisible(paired)
        self.zone.set_text(*((self._view.second.name, "pictures B") if paired else _INVITATION))  # type: ignore[union-attr]
        usable = self._view is not None and not self._locked
        self.zone.setAcceptDrops(usable)
        for widget in (*self._combos, self.edit, self.browse, self.remove):
            widget.setEnabled(usable)

    @Slot()
    def _on_class(self) -> None:
        """A class chosen for one side that was the other's is exchanged."""
        before, (first, second) = self._pair, (combo.currentText() for combo in self._combos)
        if first == second:
            first, second = (first, before[0]) if first != before[0] else (before[1], second)
        self._choose((first, second))
        self.changed.emit()

    def _choose(self, pair: tuple[str, ...]) -> None:
        self._pair = (pair[0], pair[1]) if len(pair) == 2 else ("", "")
        for combo, name in zip(self._combos, self._pair, strict=True):
            combo.blockSignals(True)
            combo.setCurrentIndex(combo.findText(name, Qt.MatchFlag.MatchExactly))
            combo.blockSignals(False)

    @Slot()
    def _choose_typed(self) -> None:
        text = self.edit.text().strip().strip("\"'")
        if text:
            self.second_chosen.emit(Path(text).expanduser())
