"""Watches a window that was just shown for its first paint, then tries what the first user would."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from gan_studio.gui.main_window import MainWindow

NONE, LEFT, NO_KEYS = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class FirstPaint(QObject):
    """Once drop zone and Demo button are painted: a click, a drop, and the times.

    Where one of the two was not taken, nothing is reported and the window is closed.

    Args:
        folder: what is dropped.
        report: takes the times at which the window was painted, and had taken both; seconds since the epoch.
    """

    def __init__(self, window: MainWindow, folder: Path, report: Callable[[float, float], None]) -> None:
        super().__init__(window)
        self._window, self._folder, self._report = window, folder, report
        card = window.train_page.data_card
        self._unpainted: list[QWidget] = [card.drop_zone, card.demo]
        self._taken: set[str] = set()
        card.demo_requested.connect(self._take_click)
        card.dataset_chosen.connect(self._take_drop)
        for widget in self._unpainted:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched in self._unpainted:
            self._unpainted.remove(watched)  # type: ignore[arg-type]
            if not self._unpainted:
                # By then the paint, of which this is the beginning, is on the screen.
                QTimer.singleShot(0, self._try)
        return False

    @Slot()
    def _try(self) -> None:
        painted = time.time()
        card = self._window.train_page.data_card
        _click(card.demo)
        _drop(card.drop_zone, self._folder)
        working = time.time()
        if self._taken == {"click", "drop"}:
            self._report(painted, working)
        else:
            self._window.close()

    @Slot()
    def _take_click(self) -> None:
        self._taken.add("click")

    @Slot(Path)
    def _take_drop(self, path: Path) -> None:
        if path == self._folder:
            self._taken.add("drop")


def _click(widget: QWidget) -> None:
    place = QPointF(widget.rect().center())
    pressed, released = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
    for kind, held in ((pressed, LEFT), (released, NONE)):
        QApplication.sendEvent(widget, QMouseEvent(kind, place, widget.mapToGlobal(place), LEFT, held, NO_KEYS))


def _drop(widget: QWidget, path: Path) -> None:
    data, place = QMimeData(), widget.rect().center()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action = Qt.DropAction.CopyAction
    entered = QDragEnterEvent(place, action, data, LEFT, NO_KEYS)
    QApplication.sendEvent(widget, entered)
    if entered.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(place), action, data, LEFT, NO_KEYS))
