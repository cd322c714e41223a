"""Tells who looks elsewhere that a training has come to its end."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from gan_studio.engine.events import Failed, Finished, Started, TrainEvent
from gan_studio.gui.icons import icon
from gan_studio.gui.quantities import run_title, whole
from gan_studio.gui.settings import UserSettings

_SHOWN_MS = 10_000


class EndNotice(QObject):
    """Marks the window in the task bar, and says it on the desktop where that has a tray.

    The icon in the tray is there from the message until the window is looked at again.
    """

    def __init__(self, window: QWidget, settings: UserSettings) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self._run = ""
        self._tray: QSystemTrayIcon | None = None
        window.installEventFilter(self)

    @Slot(object)
    def follow(self, event: TrainEvent) -> None:
        """Something that a trainer reports. A stop by hand needs no notice: whoever pressed it was there."""
        match event:
            case Started(run):
                self._run = run_title(run.name)
            case Finished(step):
                self._tell("Training finished", f"{self._run}: {whole(step)} steps")
            case Failed(message):
                self._tell("Training ended early", message)
            case _:
                pass

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.Close):
            self._put_away()
        return False

    def _tell(self, title: str, text: str) -> None:
        if self._window.isActiveWindow() or not self._settings.notice_when_done:
            return
        QApplication.alert(self._window)
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._show_in_tray(title, text)

    def _show_in_tray(self, title: str, text: str) -> None:
        self._put_away()
        symbol = self._window.windowIcon()
        self._tray = QSystemTrayIcon(icon("chart-line-up") if symbol.isNull() else symbol, self)
        self._tray.setToolTip(f"{title} – GAN Studio")
        for signal in (self._tray.messageClicked, self._tray.activated):
            signal.connect(self._look)
        self._tray.show()
        self._tray.showMessage(title, text, self._tray.icon(), _SHOWN_MS)

    @Slot()
    def _look(self) -> None:
        """Bring the window to the front."""
        if self._window.isMinimized():
            self._window.showNormal()
        self._window.raise_()
        self._window.activateWindow()

    def _put_away(self) -> None:
        if self._tray:
            self._tray.hide()
            self._tray.deleteLater()
            self._tray = None
