"""Takes a folder or zip of pictures, and says what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.domain_rows import DomainRows
from gan_studio.gui.pages.train.points_chooser import PointsChooser
from gan_studio.gui.quantities import whole
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views import DatasetView
from gan_studio.gui.widgets.drop_zone import DropZone
from gan_studio.gui.widgets.mnemonics import escaped

_INVITATION = ("Drop pictures here", "a folder, folders by class, or a zip")


class DataCard(QWidget):
    """Path, browse menu and demonstration button inside a drop zone; report, progress or error below it."""

    dataset_chosen = Signal(Path)
    demo_requested = Signal()
    dataset_cancelled = Signal()
    get_requested = Signal()
    """A public data set shall be fetched."""
    second_chosen = Signal(Path)
    """A folder or zip of pictures B, for families that translate."""
    second_removed = Signal()
    domains_changed = Signal()
    skipped_wanted = Signal()
    """The list of skipped files shall be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: DatasetView | None = None
        self._pictures: Path | None = None
        """The pictures that were shown last."""
        self._recent: tuple[Path, ...] = ()
        self._build_chooser()
        self._build_menu()
        self._build_progress()
        self._build_report()
        self._build_layout()
        self._connect_signals()

    # --- what the page calls ---

    def show_dataset(self, view: DatasetView) -> None:
        """Show a finished report."""
        self._view = view
        if view.points:
            self.points.show_source(view.source)
        else:
            self._pictures = view.source
            self.edit.setText(str(view.source))
        pictures = "picture" if view.picture_count == 1 else "pictures"
        self.drop_zone.set_text(view.title, f"{whole(view.picture_count)} {pictures}")
        self._say("\n".join(view.summary), "muted")
        self.skipped_button.setVisible(bool(view.skipped))
        files = "file was" if len(view.skipped) == 1 else "files were"
        self.skipped_button.setText(f"{whole(len(view.skipped))} {files} skipped")
        self.domains.show_dataset(view)
        self._set_busy(False)

    def show_progress(self, what: str, done: int, total: int) -> None:
        """Looking at the files goes on; `total` 0 means that the amount is not known."""
        self._set_busy(True)
        self.skipped_button.hide()
        self._say(f"{what} {whole(done)} of {whole(total)}" if total else what, "muted")
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def show_error(self, message: str, advice: str) -> None:
        """Nothing came of it: say why, and invite again."""
        self._view = None
        self.drop_zone.set_text(*_INVITATION)
        self._say(" ".join(part for part in (message, advice) if part), "error")
        self.skipped_button.hide()
        self._set_busy(False)

    def show_cancelled(self) -> None:
        """Back to the report that was there before, or to the invitation."""
        if self._view is not None:
            self.show_dataset(self._view)
            return
        self._say("", "muted")
        self._set_busy(False)

    def ask_for_points(self, explanation: str, shapes: Sequence[tuple[str, str]]) -> None:
        """Ask for one of these shapes instead of pictures; none asks for pictures, those that were there before."""
        self.drop_zone.setVisible(not shapes)
        self.points.ask(explanation, shapes)
        shows_points = self._view is not None and self._view.points
        if shapes and not shows_points:
            self.dataset_chosen.emit(self.points.source())
        elif shows_points and not shapes and self._pictures is not None:
            self.dataset_chosen.emit(self._pictures)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Folders and zips for the browse menu, newest first."""
        self._recent = tuple(paths)

    def set_locked(self, locked: bool) -> None:
        """While training the pictures cannot be exchanged."""
        self.drop_zone.setAcceptDrops(not locked)
        for widget in (self.edit, self.browse, self.demo, self.points):
            widget.setEnabled(not locked)
        self.domains.set_locked(locked)

    # --- building ---

    def _build_chooser(self) -> None:
        self.drop_zone = DropZone(_INVITATION[0], "folder-open", _INVITATION[1])
        self.edit = QLineEdit()
        self.edit.setObjectName("dataset_edit")
        self.edit.setPlaceholderText("Folder or zip of pictures")
        self.edit.setAccessibleName("Folder or zip of pictures")
        self.edit.setToolTip("Type or paste a path and press Enter")
        self.browse = QToolButton()
        self.browse.setObjectName("dataset_browse")
        self.browse.setIcon(icon("folder-open"))
        self.browse.setText("Browse")
        self.browse.setIconSize(QSize(18, 18))
        self.browse.setToolTip("Choose a folder or a zip, or take a recent one")
        self.browse.setAccessibleName("Browse for pictures")
        self.browse.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.browse.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.demo = QPushButton("Use &demonstration pictures")
        self.demo.setObjectName("dataset_demo")
        self.demo.setIcon(icon("sparkle"))
        self.demo.setToolTip("Draw some thousand small pictures to try things out with")

    def _build_menu(self) -> None:
        self.menu = QMenu(self)
        self.browse.setMenu(self.menu)
        self._fill_menu()

    def _build_progress(self) -> None:
        self.progress_row = QWidget()
        row = QHBoxLayout(self.progress_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACING.s)
        self.progress = QProgressBar()
        self.progress.setObjectName("dataset_progress")
        self.progress.setAccessibleName("Progress of reading pictures")
        self.progress.setTextVisible(False)
        self.cancel = QPushButton("Cancel")
        self.cancel.setObjectName("dataset_cancel")
        self.cancel.setProperty("role", "quiet")
        row.addWidget(self.progress, 1)
        row.addWidget(self.cancel)
        self.progress_row.hide()

    def _build_report(self) -> None:
        self.report = QLabel()
        self.report.setObjectName("dataset_report")
        self.report.setAccessibleName("Report on the pictures")
        self.report.setWordWrap(True)
        # A report quotes file names; a name must never be read as markup.
        self.report.setTextFormat(Qt.TextFormat.PlainText)
        self.report.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.report.hide()
        self.skipped_button = QPushButton()
        self.skipped_button.setObjectName("dataset_skipped")
        self.skipped_button.setIcon(icon("warning", "warning"))
        self.skipped_button.setProperty("role", "quiet")
        self.skipped_button.setToolTip("Show which files were skipped, and why")
        self.skipped_button.hide()

    def _build_layout(self) -> None:
        path_row = QHBoxLayout()
        path_row.setSpacing(SPACING.xs)
        path_row.addWidget(self.edit, 1)
        path_row.addWidget(self.browse)
        self.drop_zone.body.addSpacing(SPACING.s)
        self.drop_zone.body.addLayout(path_row)
        self.drop_zone.body.addWidget(self.demo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        self.points, self.domains = PointsChooser(), DomainRows()
        for widget in (self.drop_zone, self.points, self.domains, self.report, self.progress_row):
            column.addWidget(widget)
        column.addWidget(self.skipped_button, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect_signals(self) -> None:
        self.drop_zone.dropped.connect(self.dataset_chosen)
        self.edit.returnPressed.connect(self._choose_typed)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.menu.triggered.connect(self._choose_from_menu)
        self.demo.clicked.connect(self.demo_requested)
        self.points.chosen.connect(self.dataset_chosen)
        self.domains.second_chosen.connect(self.second_chosen)
        self.domains.second_removed.connect(self.second_removed)
        self.domains.changed.connect(self.domains_changed)
        self.cancel.clicked.connect(self.dataset_cancelled)
        self.skipped_button.clicked.connect(self.skipped_wanted)

    # --- reacting ---

    @Slot()
    def _fill_menu(self) -> None:
        self.menu.clear()
        self.menu.addAction(icon("folder"), "&Folder…").setData("folder")
        self.menu.addAction(icon("archive"), "&Zip archive…").setData("zip")
        self.menu.addAction(icon("download-simple"), "&Get a data set…").setData("get")
        if self._recent:
            self.menu.addSeparator()
        for path in self._recent:
            self.menu.addAction(icon("clock-counter-clockwise"), escaped(str(path))).setData(path)

    @Slot(object)
    def _choose_from_menu(self, action: object) -> None:
        wanted = action.data()  # type: ignore[attr-defined]
        if wanted == "folder":
            self._choose(QFileDialog.getExistingDirectory(self, "Folder of pictures", self.edit.text()))
        elif wanted == "get":
            self.get_requested.emit()
        elif wanted == "zip":
            chosen = QFileDialog.getOpenFileName(self, "Zip of pictures", self.edit.text(), "Zip archives (*.zip)")
            self._choose(chosen[0])
        else:
            self._choose(str(wanted))

    @Slot()
    def _choose_typed(self) -> None:
        self._choose(self.edit.text().strip().strip("\"'"))

    def _choose(self, text: str) -> None:
        if text:
            self.dataset_chosen.emit(Path(text).expanduser())

    def _say(self, text: str, role: str) -> None:
        self.report.setText(text)
        self.report.setVisible(bool(text))
        set_role(self.report, role)

    def _set_busy(self, busy: bool) -> None:
        self.progress_row.setVisible(busy)
        self.demo.setEnabled(not busy)
