"""Any number of pictures in a grid: what is read, selected, opened, and how it looks."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView

from gan_studio.gui.widgets.contact_sheet import ContactSheet
from gan_studio.gui.widgets.sheet_delegate import fitted_size
from gan_studio.gui.widgets.sheet_model import KEPT_THUMBNAILS

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def grey(number, side=64):
    return np.full((side, side, 3), number % 200 + 20, np.uint8)


class WatchedSheet(ContactSheet):
    """Keeps what was wished for."""

    def __init__(self):
        super().__init__()
        self.wishes: list[list[int]] = []
        self.wanted.connect(self.wishes.append)


@pytest.fixture
def sheet(qtbot):
    made = WatchedSheet()
    qtbot.addWidget(made)
    made.resize(520, 420)
    made.show()
    qtbot.waitExposed(made)
    return made


def fill(sheet, qtbot, count, side=64):
    sheet.sheet.set_pictures([f"{number}.png" for number in range(count)])
    qtbot.waitUntil(lambda: bool(sheet.wishes))
    sheet.sheet.add_thumbnails(sheet.wishes[-1], [grey(number, side) for number in sheet.wishes[-1]])


def place(sheet, number):
    return sheet.visualRect(sheet.sheet.index(sheet.sheet.row_of(number))).center()


def click(sheet, qtbot, number, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.mouseClick(sheet.viewport(), LEFT, modifier, place(sheet, number))


@pytest.mark.parametrize("side", [28, 64, 128])
def test_pictures_fill_the_width_in_order(sheet, qtbot, side):
    fill(sheet, qtbot, 200, side)
    columns = sheet.viewport().width() // sheet.gridSize().width()
    assert columns >= 3 and sheet.viewport().width() - columns * sheet.gridSize().width() <= columns
    picture = sheet.viewport().grab().toImage()
    for number in (0, 1, columns - 1, columns, 2 * columns + 1):
        assert picture.pixelColor(place(sheet, number)).red() == number % 200 + 20
        assert sheet.indexAt(place(sheet, number)).row() == number


def test_every_picture_of_a_hundred_thousand_is_reached_at_once_and_memory_stays_bounded(sheet, qtbot):
    sheet.sheet.set_pictures([f"{number}.png" for number in range(100_000)])
    bar = sheet.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100_000)
    started = time.thread_time()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: bool(sheet.wishes) and 99_999 in sheet.wishes[-1])
    assert time.thread_time() - started < 2
    assert len(sheet.wishes[-1]) < 200
    assert sheet.viewport().rect().contains(place(sheet, 99_999))
    for start in range(0, 3 * KEPT_THUMBNAILS, 500):
        numbers = range(start, start + 500)
        sheet.sheet.add_thumbnails(numbers, [grey(number, 2) for number in numbers])
    assert sheet.sheet.kept_thumbnails == KEPT_THUMBNAILS


def test_what_is_in_sight_is_wished_for_first_and_only_once(sheet, qtbot):
    fill(sheet, qtbot, 2000)
    first, last = sheet.rows_in_sight()
    assert sheet.wishes[0][: last - first + 1] == list(range(first, last + 1))
    sheet.verticalScrollBar().setValue(5000)
    qtbot.waitUntil(lambda: sheet.wishes[-1][0] > 100)
    seen = len(sheet.wishes)
    sheet.viewport().repaint()
    assert len(sheet.wishes) == seen


def test_a_picture_that_cannot_be_read_is_not_asked_for_again(sheet, qtbot):
    sheet.sheet.set_pictures(["broken.png"])
    qtbot.waitUntil(lambda: sheet.wishes == [[0]])
    sheet.sheet.add_thumbnails([0], [None])
    sheet.viewport().repaint()
    assert sheet.wishes == [[0]] and sheet.sheet.missing([0]) == []


def test_clicks_select_one_several_and_a_range(sheet, qtbot):
    fill(sheet, qtbot, 50)
    click(sheet, qtbot, 2)
    assert sheet.selected() == [2]
    click(sheet, qtbot, 7, CONTROL)
    assert sheet.selected() == [2, 7]
    click(sheet, qtbot, 0)
    click(sheet, qtbot, 3, SHIFT)
    assert sheet.selected() == [0, 1, 2, 3] and sheet.selected_count() == 4


def test_a_rubber_band_selects_what_it_touches(sheet, qtbot):
    fill(sheet, qtbot, 12)
    columns = sheet.viewport().width() // sheet.gridSize().width()
    # From the empty room below the last row, up over the first two pictures of it
    start = QPoint(4, place(sheet, 11).y() + sheet.gridSize().height())
    end = place(sheet, (11 // columns) * columns + 1)
    QTest.mousePress(sheet.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, start)
    for part in range(1, 6):
        QTest.mouseMove(sheet.viewport(), start + (end - start) * part / 5)
    assert sheet.state() == QAbstractItemView.State.DragSelectingState
    QTest.mouseRelease(sheet.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, end)
    assert sheet.selected() == [(11 // columns) * columns, (11 // columns) * columns + 1]


def test_keys_walk_select_open_take_out_and_put_back(sheet, qtbot):
    fill(sheet, qtbot, 50)
    sheet.setFocus()
    click(sheet, qtbot, 0)
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    qtbot.keyClick(sheet, Qt.Key.Key_Right, SHIFT)
    assert sheet.selected() == [1, 2]
    opened = []
    sheet.opened.connect(opened.append)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
        qtbot.keyClick(sheet, key)
    click(sheet, qtbot, 5)
    qtbot.mouseDClick(sheet.viewport(), LEFT, pos=place(sheet, 5))
    assert opened == [2, 2, 5]
    with qtbot.waitSignal(sheet.take_out_requested, timeout=1000):
        qtbot.keyClick(sheet, Qt.Key.Key_Delete)
    with qtbot.waitSignal(sheet.put_back_requested, timeout=1000):
        qtbot.keyClick(sheet, Qt.Key.Key_Insert)
    qtbot.keyClick(sheet, Qt.Key.Key_A, CONTROL)
    assert sheet.selected_count() == 50


def test_what_is_taken_out_is_pale_wears_a_badge_and_says_so(sheet, qtbot):
    sheet.sheet.set_pictures([f"{number}.png" for number in range(4)])
    qtbot.waitUntil(lambda: bool(sheet.wishes))
    red = np.zeros((64, 64, 3), np.uint8)
    red[..., 0] = 255
    sheet.sheet.add_thumbnails(range(4), [red] * 4)
    sheet.sheet.set_taken_out(np.array([False, True, False, False]))
    picture = sheet.viewport().grab().toImage()
    kept, out = picture.pixelColor(place(sheet, 0)), picture.pixelColor(place(sheet, 1))
    assert kept.saturation() > 200 > 60 > out.saturation()
    assert sheet.sheet.index(1).data(Qt.ItemDataRole.ToolTipRole) == "1.png (taken out)"

    def corner(number):
        rect = sheet.visualRect(sheet.sheet.index(number))
        return picture.copy(rect.right() - 30, rect.top() + 4, 26, 26)

    inside = {corner(1).pixelColor(x, y).name() for x in range(26) for y in range(26)}
    assert len(inside) > 5 > len({corner(0).pixelColor(x, 8).name() for x in range(8, 20)})


def test_small_pictures_keep_hard_pixels_and_others_their_shape():
    from PySide6.QtCore import QSize

    assert fitted_size(QSize(28, 28), QSize(100, 100)) == (QSize(84, 84), False)
    assert fitted_size(QSize(128, 64), QSize(100, 100)) == (QSize(100, 50), True)
    assert fitted_size(QSize(20, 40), QSize(100, 100)) == (QSize(40, 80), False)
