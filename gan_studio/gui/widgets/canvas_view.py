"""Where a picture lies in a canvas: fitted by whole numbers, or at a zoom and a place that somebody chose."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF

from gan_studio.gui.images import pixel_zoom

HARD_PIXELS_UP_TO = 128
"""Pictures with longer sides are enlarged smoothly."""
LARGEST_ZOOM = 64.0
SMALLEST_ZOOM = 0.125


class CanvasView:
    """Zooms count the screen's own pixels per picture pixel; places are in them, too, from the canvas's corner."""

    def __init__(self) -> None:
        self._zoom: float | None = None
        self._shift = QPointF(0, 0)

    @property
    def fits(self) -> bool:
        """Whether the picture is as large as the room allows."""
        return self._zoom is None

    def fit(self) -> None:
        self._zoom, self._shift = None, QPointF(0, 0)

    def zoom(self, picture: QSize, room: QSizeF) -> float:
        """What is shown now."""
        return self._zoom if self._zoom is not None else fitting_zoom(picture, room)

    def set_zoom(self, zoom: float, picture: QSize, room: QSizeF, about: QPointF) -> None:
        """Zoom so that what lies under `about` stays there."""
        before = self.target(picture, room)
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        inside = (about - before.topLeft()) / max(1e-9, self.zoom(picture, room))
        self._zoom = zoom
        middle = QPointF(room.width() - picture.width() * zoom, room.height() - picture.height() * zoom) / 2
        self._shift = about - inside * zoom - middle
        self._hold(picture, room)

    def pan(self, by: QPointF, picture: QSize, room: QSizeF) -> None:
        self._shift += by
        self._hold(picture, room)

    def target(self, picture: QSize, room: QSizeF) -> QRectF:
        """Where the picture is drawn; corners lie on whole pixels."""
        zoom = self.zoom(picture, room)
        width, height = picture.width() * zoom, picture.height() * zoom
        left = math.floor((room.width() - width) / 2 + self._shift.x())
        top = math.floor((room.height() - height) / 2 + self._shift.y())
        return QRectF(left, top, width, height)

    def _hold(self, picture: QSize, room: QSizeF) -> None:
        """Keep what is larger than the room from leaving it, and what is smaller in the middle."""
        zoom = self.zoom(picture, room)
        spare_x = max(0.0, (picture.width() * zoom - room.width()) / 2)
        spare_y = max(0.0, (picture.height() * zoom - room.height()) / 2)
        self._shift = QPointF(
            min(max(self._shift.x(), -spare_x), spare_x), min(max(self._shift.y(), -spare_y), spare_y)
        )


def fitting_zoom(picture: QSize, room: QSizeF) -> float:
    """The largest zoom at which all is seen: whole for small pictures that fit."""
    width, height = max(1, picture.width()), max(1, picture.height())
    fit = min(room.width() / width, room.height() / height)
    if fit >= 1 and max(width, height) <= HARD_PIXELS_UP_TO:
        return float(min(pixel_zoom(width, int(room.width())), pixel_zoom(height, int(room.height()))))
    return max(fit, 0.01)


def next_zoom(zoom: float, up: bool) -> float:
    """The next step of a ladder of whole numbers, and of halves below 1."""
    if up:
        return math.floor(zoom) + 1.0 if zoom >= 1 else min(1.0, zoom * 2)
    return math.ceil(zoom) - 1.0 if zoom > 1 else zoom / 2
