"""The pictures of a data set: all of them to look through, to take out and to put back, and what they are like.

Of points, which have no files, their shape is shown, and nothing that only pictures need.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from gan_studio.gui.images import to_qimage
from gan_studio.gui.pages.train.data_view.choice import Choice
from gan_studio.gui.pages.train.data_view.overview import Overview
from gan_studio.gui.pages.train.data_view.picture_dialog import PictureDialog
from gan_studio.gui.pages.train.data_view.skipped import SkippedFiles
from gan_studio.gui.pages.train.data_view.toolbar import ALL, FIRST_CLASS, KEPT, OUT, SheetToolbar, hint
from gan_studio.gui.pages.train.grid_canvas import GridCanvas
from gan_studio.gui.quantities import whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import DatasetView
from gan_studio.gui.views.dataset import PictureView
from gan_studio.gui.widgets.contact_sheet import ContactSheet
from gan_studio.gui.widgets.empty_state import EmptyState

_REDO = (QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y"))
PICTURES, SKIPPED = 0, 1
_PICTURES, _POINTS = "P&ictures", "Po&ints"


class DataView(QTabWidget):
    """Two tabs: the pictures with their overview, and the files that were skipped."""

    key_help = (("Ctrl+Z / Ctrl+Shift+Z", "Pictures: take back or do again what was taken out"),)

    thumbnails_wanted = Signal(list)
    """Numbers of pictures, most urgent first."""
    picture_wanted = Signal(int)
    """Number of a picture to be shown large."""
    choice_made = Signal(Path, tuple)
    """The user took pictures out or put some back: the source, and the names of all that are out now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: DatasetView | None = None
        self.choice = Choice(self)
        self._dialog: PictureDialog | None = None
        self._training = False
        self._build_widgets()
        self._build_layout()
        self._connect()

    # --- what the page calls ---

    def show_dataset(self, view: DatasetView) -> None:
        """Show all pictures of a set; those that were taken out before are out."""
        self._close_dialog()
        self._view = None  # what changes now is nobody's choice
        self._folded = [name.casefold() for name in view.names]
        out = frozenset(view.taken_out)
        self.sheet.sheet.set_pictures(view.names)
        self.toolbar.begin([name for name, _ in view.classes])
        self.overview.show_dataset(view)
        self.choice.begin(len(view.names), [number for number, name in enumerate(view.names) if name in out])
        self.skipped.show_files(view.skipped)
        self.setTabVisible(SKIPPED, bool(view.skipped))
        self.setTabText(SKIPPED, f"S&kipped files ({whole(len(view.skipped))})")
        self._view = view
        self._show_kind(view)
        self._filter()

    def show_skipped(self) -> None:
        """Bring the list of skipped files to the front."""
        self.setCurrentIndex(SKIPPED)

    def taken_out(self) -> tuple[str, ...]:
        """Names of the pictures that are not to be trained on."""
        names = self._view.names if self._view else ()
        return tuple(names[number] for number in np.flatnonzero(self.choice.out))

    def problem(self) -> str:
        """Why these pictures cannot be trained on; empty where they can."""
        nothing_left = self._view is not None and bool(self._view.names) and self.choice.kept_count == 0
        return "Every picture has been taken out; put some back." if nothing_left else ""

    def caption(self) -> str:
        """The set, and how many of its pictures are trained on."""
        if self._view is None or self._view.points:
            return self._view.title if self._view else ""
        out = f" · {whole(self.choice.out_count)} taken out" if self.choice.out_count else ""
        pictures = "picture" if self._view.picture_count == 1 else "pictures"
        return f"{self._view.title} · {whole(self._view.picture_count)} {pictures}{out}"

    def set_training(self, training: bool) -> None:
        """While one trains, say that a choice counts for the next training only."""
        self._training = training
        self._say_hint()

    def add_thumbnails(self, source: Path, numbers: Sequence[int], pictures: Sequence[np.ndarray | None]) -> None:
        """Small pictures that were read; those of another set are passed over."""
        if self._view is not None and source == self._view.source:
            self.sheet.sheet.add_thumbnails(numbers, pictures)

    def show_picture(self, view: PictureView) -> None:
        """A picture was read large: that of a shape of points stays on show, another one has its dialog."""
        if self._view is not None and self._view.points:
            self.shape.set_pixmap(QPixmap.fromImage(to_qimage(view.original)))
        elif self._dialog is not None:
            self._dialog.show_picture(view)

    def show_picture_problem(self, message: str, advice: str) -> None:
        """A picture could not be read large, or a choice not be kept."""
        if self._dialog is not None:
            self._dialog.show_problem(f"{message} {advice}".strip())
        else:
            self.hint.setText(f"{message} {advice}".strip())

    @property
    def dialog(self) -> PictureDialog | None:
        """The large view, while it is open."""
        return self._dialog

    # --- building ---

    def _build_widgets(self) -> None:
        self.setObjectName("data_view")
        self.tabBar().setAccessibleName("Pictures or skipped files")
        self.setDocumentMode(True)
        self._folded: list[str] = []
        self.toolbar = SheetToolbar()
        self.sheet = ContactSheet()
        self.sheet.setObjectName("contact_sheet")
        self.overview = Overview()
        self.skipped = SkippedFiles()
        self.hint: QLabel = hint()
        self.none_shown = EmptyState("magnifying-glass", "No picture is shown", names="sheet_empty")
        self.shape = GridCanvas("Shape of the points", "")
        self.shape.setObjectName("points_shape")

    def _build_layout(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sheet)
        self._stack.addWidget(self.none_shown)
        self._stack.addWidget(self.shape)
        middle = QHBoxLayout()
        middle.setSpacing(SPACING.m)
        middle.addWidget(self._stack, 1)
        middle.addWidget(self.overview)
        pictures = QWidget()
        column = QVBoxLayout(pictures)
        column.setContentsMargins(0, SPACING.s, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.toolbar)
        column.addLayout(middle, 1)
        column.addWidget(self.hint)
        self.addTab(pictures, _PICTURES)
        self.addTab(self.skipped, "S&kipped files")

    def _connect(self) -> None:
        self.sheet.wanted.connect(self.thumbnails_wanted)
        self.sheet.opened.connect(self._open)
        self.sheet.selection_changed.connect(self._offer)
        self.overview.class_chosen.connect(self.toolbar.show_class)
        self.none_shown.action_triggered.connect(self.toolbar.show_all)
        self.choice.changed.connect(self._show_choice)
        self.toolbar.filter_changed.connect(self._filter)
        for source in (self.toolbar.take_out, self.sheet.take_out_requested):
            source.connect(self._take_out)
        for source in (self.toolbar.put_back, self.sheet.put_back_requested):
            source.connect(self._put_back)
        self.toolbar.put_all_back.connect(self.choice.put_all_back)
        self.toolbar.undo.connect(self._undo)
        self.toolbar.redo.connect(self._redo)

    # --- what is shown ---

    def _show_kind(self, view: DatasetView) -> None:
        """Points are drawn without end: there is nothing to look through, to select or to take out."""
        self.setTabText(PICTURES, _POINTS if view.points else _PICTURES)
        self.toolbar.setVisible(not view.points)
        self.hint.setVisible(not view.points)
        if view.points:
            self.shape.set_pixmap(None)
            self._stack.setCurrentWidget(self.shape)
            self.picture_wanted.emit(0)

    @Slot()
    def _filter(self) -> None:
        """Show what both filters let through, and keep what is selected as far as it is still there."""
        if self._view is None or self._view.points:
            return
        selected = self.sheet.selected() if self.sheet.selected_count() < len(self._view.names) else []
        self.sheet.sheet.show_only(self._let_through())
        if selected:
            self.sheet.select(selected)
        what = self.toolbar.shown()
        self.overview.select_class(what - FIRST_CLASS if what >= FIRST_CLASS else -1)
        self._say_none_shown(what)
        self._offer()

    def _let_through(self) -> np.ndarray:
        assert self._view is not None
        what, words, out = self.toolbar.shown(), self.toolbar.words().casefold(), self.choice.out
        passing = {ALL: np.ones_like(out), KEPT: ~out, OUT: out}.get(what)
        if passing is None:
            passing = self._view.labels == what - FIRST_CLASS
        numbers = np.flatnonzero(passing)
        return np.array([n for n in numbers if words in self._folded[n]], np.int64) if words else numbers

    def _say_none_shown(self, what: int) -> None:
        if len(self.sheet.sheet.shown):
            self._stack.setCurrentWidget(self.sheet)
            return
        if what == OUT and not self.toolbar.words():
            text = "None is taken out. Select pictures that should not be trained on, and press Delete."
        else:
            text = "Nothing passes the filter and the name above."
        self.none_shown.set_content("No picture is shown", text, "Show all pictures")
        self._stack.setCurrentWidget(self.none_shown)

    @Slot()
    def _offer(self) -> None:
        """Buttons for what makes sense with what is selected."""
        count = self.sheet.selected_count()
        out = self.choice.out
        selected = self.sheet.selected() if 0 < count < 5000 else []
        some_in = count >= 5000 or any(not out[number] for number in selected)
        some_out = (count >= 5000 and bool(out.any())) or any(out[number] for number in selected)
        self.toolbar.offer(some_in, some_out, self.choice.can_undo, self.choice.can_redo)
        self._say_hint()

    def _say_hint(self) -> None:
        count = self.sheet.selected_count()
        if count:
            text = f"{whole(count)} selected · Delete takes out, Insert puts back, Enter shows one large"
        else:
            text = "Click, drag or Ctrl+A to select · Delete takes pictures out of the training; their files stay"
        if self._training:
            text = "A training is under way: what you change here counts from the next one on"
        self.hint.setText(text)

    # --- what the user does ---

    @Slot()
    def _take_out(self) -> None:
        self.choice.take_out(self.sheet.selected())

    @Slot()
    def _put_back(self) -> None:
        self.choice.put_back(self.sheet.selected())

    @Slot()
    def _undo(self) -> None:
        self._go_to(self.choice.undo())

    @Slot()
    def _redo(self) -> None:
        self._go_to(self.choice.redo())

    def _go_to(self, numbers: np.ndarray) -> None:
        """What was undone should be seen."""
        if 0 < len(numbers) < 5000:
            self.sheet.select(int(number) for number in numbers)

    @Slot()
    def _show_choice(self) -> None:
        out = self.choice.out
        self.sheet.sheet.set_taken_out(out)
        self.overview.show_choice(out)
        self.toolbar.say_counts(self.choice.kept_count, self.choice.out_count)
        if self._dialog is not None:
            self._dialog.set_out(bool(out[self._dialog.number]))
        if self.toolbar.shown() in (KEPT, OUT):
            self._filter()
        self._offer()
        if self._view is not None:
            self.choice_made.emit(self._view.source, self.taken_out())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo, from wherever the focus is in here: an action's key would be the explorer's as well."""
        keys = QKeySequence(event.keyCombination())
        if keys == QKeySequence("Ctrl+Z"):
            self._undo()
        elif keys in _REDO:
            self._redo()
        else:
            super().keyPressEvent(event)

    # --- one picture large ---

    @Slot(int)
    def _open(self, number: int) -> None:
        self._dialog = PictureDialog(self)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.moved.connect(self._move)
        self._dialog.toggled.connect(self._toggle)
        self._dialog.finished.connect(self._forget_dialog)
        self._expect(number)
        self._dialog.open()

    def _expect(self, number: int) -> None:
        assert self._dialog is not None
        shown = self.sheet.sheet
        place = f"{whole(shown.row_of(number) + 1)} of {whole(shown.rowCount())}"
        self._dialog.expect(number, shown.name_of(number), shown.is_out(number), place)
        self.picture_wanted.emit(number)

    @Slot(int)
    def _move(self, by: int) -> None:
        """To the next picture that is shown; the sheet goes along."""
        if self._dialog is None:
            return
        # One that was taken out, and is filtered away since, still has its place between its neighbours.
        before = int(np.searchsorted(self.sheet.sheet.shown, self._dialog.number))
        gone = self.sheet.sheet.row_of(self._dialog.number) < 0
        row = before + by - (1 if gone and by > 0 else 0)
        if 0 <= row < self.sheet.sheet.rowCount():
            number = int(self.sheet.sheet.shown[row])
            self.sheet.select([number])
            self._expect(number)

    @Slot()
    def _toggle(self) -> None:
        if self._dialog is not None:
            number = self._dialog.number
            (self.choice.put_back if self.sheet.sheet.is_out(number) else self.choice.take_out)([number])

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None
        self.sheet.setFocus()

    def _close_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.reject()
