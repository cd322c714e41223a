"""Widgets stand in rows like words of a text."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from gan_studio.gui.widgets.flow_layout import FlowLayout


class Word(QWidget):
    def __init__(self, width):
        super().__init__()
        self.setFixedSize(width, 10 + width // 10)


@pytest.fixture
def text(qtbot):
    paper = QWidget()
    qtbot.addWidget(paper)
    flow = FlowLayout(paper, 5)
    for width in (40, 30, 60, 20):
        flow.addWidget(Word(width))
    yield flow
    assert paper.layout() is flow


def places(flow, width):
    flow.setGeometry(QRect(100, 50, width, flow.heightForWidth(width)))
    geometries = (flow.itemAt(number).geometry() for number in range(flow.count()))
    return [(place.x() - 100, place.y() - 50) for place in geometries]


def test_as_many_stand_in_a_row_as_there_is_room_for(text):
    assert places(text, 165) == [(0, 0), (45, 0), (80, 0), (145, 0)]
    assert places(text, 164) == [(0, 0), (45, 0), (80, 0), (0, 16)]
    assert places(text, 75) == [(0, 0), (45, 0), (0, 14), (0, 30)]
    assert text.heightForWidth(75) == 30 + 12


def test_one_wider_than_the_row_stands_alone(text):
    assert places(text, 10) == [(0, 0), (0, 14), (0, 27), (0, 43)]
    assert (text.minimumSize().width(), text.minimumSize().height()) == (60, 16)


def test_what_is_hidden_or_gone_takes_no_room(text):
    text.itemAt(0).widget().hide()
    text.removeWidget(text.itemAt(2).widget())
    assert places(text, 60)[1:] == [(0, 0), (35, 0)]
    assert text.itemAt(3) is None and text.takeAt(7) is None
