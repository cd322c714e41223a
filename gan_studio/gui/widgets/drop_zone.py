"""A place to drop a folder or a file on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.theme import SPACING, colours, theme_changed

_ICON = 32
_RADIUS = 10.0


class DropZone(QFrame):
    """A dashed frame with icon and text; `body` takes further widgets below them.

    Args:
        accepts: whether a path may be dropped; folders and zips when not given.
    """

    dropped = Signal(Path)

    def __init__(
        self,
        text: str,
        icon_name: str = "folder-open",
        hint: str = "",
        accepts: Callable[[Path], bool] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._accepts = accepts or folder_or_zip
        self._icon_name = icon_name
        self._hovered = False
        self.setAcceptDrops(True)
        self._build_labels(text, hint)
        theme_changed.connect(self._paint_icon)
        self._paint_icon()

    def _build_labels(self, text: str, hint: str) -> None:
        self._icon = QLabel()
        self._text = QLabel(text)
        self._text.setProperty("role", "heading")
        self._hint = QLabel(hint)
        self._hint.setProperty("role", "muted")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SPACING.l, SPACING.l, SPACING.l, SPACING.l)
        self.body.setSpacing(SPACING.xs)
        for label in (self._icon, self._text, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(label is not self._icon)
            self.body.addWidget(label)
        # Only now: a label without a parent would be shown as a window of its own.
        self._hint.setVisible(bool(hint))

    def set_text(self, text: str, hint: str = "") -> None:
        self._text.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def is_hovered(self) -> bool:
        """Whether something acceptable hovers over it."""
        return self._hovered

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._acceptable(event.mimeData()) is not None:
            event.acceptProposedAction()
            self._set_hovered(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_hovered(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_hovered(False)
        path = self._acceptable(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    def _acceptable(self, data: QMimeData) -> Path | None:
        return next((path for path in local_paths(data) if self._accepts(path)), None)

    def _set_hovered(self, hovered: bool) -> None:
        self._hovered = hovered
        self._paint_icon()
        self.update()

    def _paint_icon(self) -> None:
        role = "accent_text" if self._hovered else "muted"
        self._icon.setPixmap(icon_pixmap(self._icon_name, role, _ICON, self.devicePixelRatioF()))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(tokens.accent_soft if self._hovered else tokens.surface))
        pen = QPen(QColor(tokens.focus if self._hovered else tokens.border_strong), 2 if self._hovered else 1.5)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.end()


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this computer that are being dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def folder_or_zip(path: Path) -> bool:
    """Whether a path can hold a data set."""
    return path.is_dir() or path.suffix.lower() == ".zip"
