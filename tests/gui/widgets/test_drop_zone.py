"""Dropping things: what can hold pictures is taken, all else is left."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gan_studio.gui.widgets.drop_zone import DropZone

COPY, BUTTON, NO_KEYS = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def zone(qtbot: QtBot) -> DropZone:
    made = DropZone("Drop a folder or zip", hint="PNG, JPEG")
    qtbot.addWidget(made)
    return made


def mime(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def enter(zone: DropZone, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(5, 5), COPY, data, BUTTON, NO_KEYS)
    event.ignore()
    QApplication.sendEvent(zone, event)
    return event.isAccepted()


def drop(zone: DropZone, data: QMimeData) -> None:
    QApplication.sendEvent(zone, QDropEvent(QPointF(5, 5), COPY, data, BUTTON, NO_KEYS, QEvent.Type.Drop))


def test_a_folder_is_taken(zone: DropZone, qtbot: QtBot, tmp_path: Path) -> None:
    data = mime(tmp_path)
    assert enter(zone, data)
    assert zone.is_hovered()
    with qtbot.waitSignal(zone.dropped) as told:
        drop(zone, data)
    assert told.args == [tmp_path]
    assert not zone.is_hovered()


def test_a_zip_is_found_among_other_files(zone: DropZone, qtbot: QtBot, tmp_path: Path) -> None:
    archive = tmp_path / "Bilder ü 🙂.ZIP"
    data = mime(tmp_path / "notes.txt", archive)
    assert enter(zone, data)
    with qtbot.waitSignal(zone.dropped) as told:
        drop(zone, data)
    assert told.args == [archive]


def test_other_files_and_addresses_are_left(zone: DropZone, qtbot: QtBot, tmp_path: Path) -> None:
    elsewhere = QMimeData()
    elsewhere.setUrls([QUrl("https://example.org/pictures.zip")])
    for data in (mime(tmp_path / "notes.txt"), elsewhere, QMimeData()):
        assert not enter(zone, data)
        assert not zone.is_hovered()
        with qtbot.assertNotEmitted(zone.dropped):
            drop(zone, data)


def test_leaving_takes_the_highlight_away(zone: DropZone, tmp_path: Path) -> None:
    data = mime(tmp_path)
    enter(zone, data)
    QApplication.sendEvent(zone, QDragLeaveEvent())
    assert not zone.is_hovered()


def test_what_is_taken_can_be_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    zone = DropZone("Drop a picture", accepts=lambda path: path.suffix == ".png")
    qtbot.addWidget(zone)
    keep = mime(tmp_path), mime(tmp_path / "a.png")
    assert not enter(zone, keep[0])
    assert enter(zone, keep[1])


def test_it_holds_further_widgets(zone: DropZone, qtbot: QtBot) -> None:
    button = QPushButton("Choose folder…")
    zone.body.addWidget(button)
    with qtbot.waitExposed(zone):
        zone.show()
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
