"""A grid, or one of its cells, as large as one likes: whole-number zoom with hard pixels, dragged when it is larger."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from gan_studio.engine.grid_layout import GridLayout
from gan_studio.gui.theme import colours

MOST_ZOOM = 64
_MARGIN = 8
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ZOOMS = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}


class PictureStage(QWidget):
    """Shows a pixmap. A click tells which cell was meant; arrow keys and zooms are told too."""

    key_help = (
        ("← / →", "Large grid: the step before or after; one picture: its neighbours, also ↑ / ↓"),
        ("+ / − / 0", "Large grid: zoom in, zoom out, fit"),
    )

    cell_clicked = Signal(int)
    arrow_pressed = Signal(int, int)
    """Right and down."""
    zoom_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery_stage")
        self.setAccessibleName("Sample grid, large")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 160)
        self.setMouseTracking(True)
        self._pixmap: QPixmap | None = None
        self._layout = GridLayout(1, 1, 1, 1)
        self._cell: int | None = None
        self._hovered: int | None = None
        self._zoom: int | None = None
        self._middle = QPointF()
        """What lies in the middle of the widget, in pixels of the part that is shown."""
        self._pressed: QPointF | None = None
        self._dragged = False

    # --- what is shown ---

    @property
    def cell(self) -> int | None:
        """The cell that fills the view; None for the whole grid."""
        return self._cell

    def set_picture(self, pixmap: QPixmap | None, layout: GridLayout) -> None:
        """Another grid; zoom and place stay where the size is the same."""
        before = self.part()
        self._pixmap, self._layout = pixmap, layout
        if self._cell is not None and self._cell >= layout.cells:
            self._cell = None
        if self.part().size() != before.size():
            self.fit()
        self.update()

    def show_cell(self, cell: int | None) -> None:
        """Fill the view with one cell, or with the whole grid."""
        keep = self._cell is not None and cell is not None
        self._cell, self._hovered = cell, None
        if not keep:
            self.fit()
        self.update()

    def part(self) -> QRect:
        """What is shown of the picture, in its pixels."""
        if self._pixmap is None:
            return QRect()
        return self._pixmap.rect() if self._cell is None else QRect(*self._layout.rect(self._cell))

    def picture(self) -> QPixmap | None:
        """What is shown, pixel for pixel."""
        return None if self._pixmap is None else self._pixmap.copy(self.part())

    # --- zoom ---

    def zoom(self) -> float:
        """Screen pixels per picture pixel."""
        if self._zoom is not None:
            return self._zoom
        size, ratio = self.part().size(), self.devicePixelRatioF()
        if size.isEmpty():
            return 1.0
        room_x, room_y = ((side - 2 * _MARGIN) * ratio for side in (self.width(), self.height()))
        fitting = max(0.01, min(room_x / size.width(), room_y / size.height()))
        return min(MOST_ZOOM, math.floor(fitting)) if fitting >= 1 else fitting

    @Slot()
    def fit(self) -> None:
        """As large as the room allows."""
        self._zoom = None
        self._middle = QRectF(self.part().translated(-self.part().topLeft())).center()
        self.update()
        self.zoom_changed.emit()

    @Slot()
    def zoom_in(self) -> None:
        self._zoom_by(1)

    @Slot()
    def zoom_out(self) -> None:
        self._zoom_by(-1)

    def _zoom_by(self, direction: int) -> None:
        """To the next larger whole number, in bigger strides where it is large already, or to the next smaller."""
        now = self.zoom()
        stride = max(1, int(now) // 6)
        wanted = math.floor(now) + stride if direction > 0 else math.ceil(now) - stride
        self._zoom = min(MOST_ZOOM, max(1, wanted))
        self._keep_in_sight()
        self.update()
        self.zoom_changed.emit()

    def target(self) -> QRectF:
        """Where the picture lies, in the widget's coordinates: its edges on whole screen pixels."""
        ratio, scale = self.devicePixelRatioF(), self.zoom()
        size = self.part().size()
        left = round(self.width() * ratio / 2 - self._middle.x() * scale)
        top = round(self.height() * ratio / 2 - self._middle.y() * scale)
        return QRectF(left / ratio, top / ratio, size.width() * scale / ratio, size.height() * scale / ratio)

    def _keep_in_sight(self) -> None:
        """What is smaller than the room stands in the middle; of what is larger, an edge never leaves the room."""
        size, scale = self.part().size(), self.zoom() / self.devicePixelRatioF()
        half_x, half_y = self.width() / scale / 2, self.height() / scale / 2
        self._middle = QPointF(
            _kept(self._middle.x(), half_x, size.width()), _kept(self._middle.y(), half_y, size.height())
        )

    # --- painting ---

    def sizeHint(self) -> QSize:
        return QSize(640, 560)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.field))
        painter.setPen(QPen(QColor(theme.focus if self.hasFocus() else theme.border), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._pixmap is not None:
            painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self.zoom() < 1)
            painter.drawPixmap(self.target(), self._pixmap, QRectF(self.part()))
            self._paint_hovered(painter)
        painter.end()

    def _paint_hovered(self, painter: QPainter) -> None:
        if self._hovered is None or self._cell is not None or self._layout.cells < 2:
            return
        target, scale = self.target(), self.zoom() / self.devicePixelRatioF()
        left, top, width, height = (side * scale for side in self._layout.rect(self._hovered))
        painter.setPen(QPen(QColor(colours().focus), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(target.left() + left, target.top() + top, width, height).adjusted(-1, -1, 1, 1))

    def resizeEvent(self, event: object) -> None:
        if self._zoom is None:
            self.fit()
        else:
            self._keep_in_sight()

    # --- hands ---

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._pixmap is not None:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(self._cell_at(event.position()))
            return
        moved = event.position() - self._pressed
        if not self._dragged and moved.manhattanLength() < QApplication.startDragDistance():
            return
        self._dragged, self._pressed = True, event.position()
        self._middle -= moved * self.devicePixelRatioF() / self.zoom()
        self._keep_in_sight()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        cell = self._cell_at(event.position())
        if not self._dragged and cell is not None and self._layout.cells > 1:
            self.cell_clicked.emit(cell)

    def leaveEvent(self, event: object) -> None:
        self._hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self._zoom_by(1 if event.angleDelta().y() > 0 else -1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.arrow_pressed.emit(*_ARROWS[key])
        elif key in _ZOOMS:
            self._zoom_by(_ZOOMS[key])
        elif key == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _hover(self, cell: int | None) -> None:
        several = self._cell is None and self._layout.cells > 1
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if several and cell is not None else Qt.CursorShape.ArrowCursor
        )
        if cell != self._hovered:
            self._hovered = cell
            self.update()

    def _cell_at(self, place: QPointF) -> int | None:
        """The cell below a point, that fills the view where one does."""
        target, scale = self.target(), self.zoom() / self.devicePixelRatioF()
        if self._pixmap is None or not target.contains(place):
            return None
        if self._cell is not None:
            return self._cell
        return self._layout.at((place.x() - target.left()) / scale, (place.y() - target.top()) / scale)


def _kept(middle: float, half: float, size: int) -> float:
    return size / 2 if 2 * half >= size else min(max(middle, half), size - half)
