"""The canvas shows the newest picture, undistorted, and turns drags into walks."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gan_studio.gui.images import from_qimage
from gan_studio.gui.widgets.image_canvas import ImageCanvas


@pytest.fixture
def canvas(qtbot):
    made = ImageCanvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def picture(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def shown_pixels(canvas):
    """What is on the screen inside the picture's rectangle."""
    image = canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    rect = canvas.picture_rect()
    left, top, width, height = (round(side * ratio) for side in (rect.x(), rect.y(), rect.width(), rect.height()))
    return from_qimage(image.copy(left, top, width, height))


@pytest.mark.parametrize(("height", "width"), [(16, 16), (17, 13), (33, 5), (1, 1), (64, 64)])
def test_small_pictures_have_hard_pixels_in_whole_zoom(canvas, height, width):
    pixels = picture(height, width)
    canvas.set_picture(0, pixels)
    zoom = canvas.zoom()
    assert zoom == int(zoom) >= 1
    block = np.ones((int(zoom), int(zoom), 1), np.uint8)
    assert np.array_equal(shown_pixels(canvas), np.kron(pixels, block))


@pytest.mark.parametrize(("height", "width"), [(200, 200), (151, 333), (999, 201)])
def test_large_pictures_fit_and_keep_their_shape(canvas, height, width):
    canvas.set_picture(0, picture(height, width))
    rect = canvas.picture_rect()
    assert canvas.rect().contains(rect.toAlignedRect())
    assert rect.width() / rect.height() == pytest.approx(width / height, rel=0.02)


def test_a_small_picture_that_does_not_fit_is_shrunk(canvas):
    canvas.setMinimumSize(10, 10)
    canvas.resize(80, 80)
    canvas.set_picture(0, picture(100, 100))
    assert canvas.zoom() < 1 and canvas.rect().contains(canvas.picture_rect().toAlignedRect())


def test_older_pictures_are_dropped_and_the_newest_stays(canvas):
    new, old = picture(9, 7, 1), picture(9, 7, 2)
    assert canvas.set_picture(5, new)
    assert not canvas.set_picture(4, old)
    assert np.array_equal(from_qimage(canvas.image()), new) and canvas.stamp() == 5
    assert canvas.set_picture(5, old)


def test_the_array_may_change_afterwards(canvas):
    pixels = picture(8, 7)
    before = pixels.copy()
    canvas.set_picture(0, pixels)
    pixels[:] = 0
    assert np.array_equal(from_qimage(canvas.image()), before)


def test_a_drag_walks_by_shares_of_the_picture_and_ends(qtbot, canvas):
    canvas.set_picture(0, picture(16, 16))
    walks = []
    canvas.walked.connect(lambda dx, dy: walks.append((dx, dy)))
    side = canvas.picture_rect().width()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    qtbot.mouseMove(canvas, QPoint(100 + round(side / 4), 100))
    qtbot.mouseMove(canvas, QPoint(100 + round(side / 4), 100 + round(side / 2)))
    with qtbot.waitSignal(canvas.walk_finished):
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(120, 120))
    dx, dy = np.sum(walks, axis=0)
    assert (dx, dy) == (pytest.approx(0.25, abs=0.01), pytest.approx(0.5, abs=0.01))
    qtbot.mouseMove(canvas, QPoint(10, 10))
    assert np.allclose(np.sum(walks, axis=0), (dx, dy))


def test_arrow_keys_walk_and_shift_makes_small_steps(qtbot, canvas):
    canvas.set_picture(0, picture(16, 16))
    with qtbot.waitSignal(canvas.walked) as plain:
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    with qtbot.waitSignal(canvas.walked) as fine:
        qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert 0 < fine.args[0] < plain.args[0] and plain.args[1] == 0


def test_an_empty_canvas_paints_and_does_not_walk(qtbot, canvas):
    with qtbot.assertNotEmitted(canvas.walked):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton)
        qtbot.mouseMove(canvas, QPoint(5, 5))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    assert canvas.image() is None and not canvas.grab().isNull()
    canvas.set_picture(3, picture(4, 4))
    canvas.clear()
    assert canvas.image() is None and not canvas.set_picture(2, picture(4, 4))
