"""What is made after the first paint: when, in which order, and by whom it can be asked for sooner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from gan_studio.gui.idle_work import IdleWork
from gan_studio.gui.late_pages import EXPLORER, GALLERY, RUNS, TRAIN
from gan_studio.gui.main_window import MainWindow
from gan_studio.gui.settings import UserSettings
from tests.gui.studio import Studio


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """One that is not shown: nothing is idle yet."""
    made = MainWindow(UserSettings())
    yield made
    made.close()
    made.deleteLater()


def is_there(window: MainWindow, name: str) -> bool:
    return window.findChild(QWidget, name) is not None


def test_pieces_are_done_in_their_order_with_events_in_between(qtbot: QtBot) -> None:
    done: list[int | str] = []

    class Other(QObject):
        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.User:
                done.append("an event")
            return super().event(event)

    parent = Other()

    def first() -> None:
        done.append(1)
        QApplication.postEvent(parent, QEvent(QEvent.Type.User))

    work = IdleWork((first, lambda: done.append(2)), parent)
    with qtbot.waitSignal(work.finished):
        work.start()
    assert done == [1, "an event", 2] and work.done


def test_what_is_left_can_be_done_at_once_and_is_told_once(qtbot: QtBot) -> None:
    done: list[int] = []
    parent = QObject()
    work, told = IdleWork((lambda: done.append(1), lambda: done.append(2)), parent), []
    work.finished.connect(lambda: told.append(True))
    work.finish()
    work.finish()
    assert done == [1, 2] and told == [True]


def test_the_first_paint_waits_for_no_other_page(window: MainWindow) -> None:
    assert is_there(window, "dataset_demo")
    for name in ("loss_plot", "gallery_view", "explorer_canvas", "runs_splitter"):
        assert not is_there(window, name), name
    assert not window.complete


@pytest.mark.parametrize(
    ("page", "name"), [(GALLERY, "gallery_view"), (EXPLORER, "explorer_canvas"), (RUNS, "runs_splitter")]
)
def test_a_page_that_is_gone_to_is_made_for_it(window: MainWindow, page: int, name: str) -> None:
    window.rail.set_current(page)
    assert is_there(window, name)
    assert window.pages.currentIndex() == page
    shown = window.pages.currentWidget()
    assert shown is not None and shown.findChild(QWidget, name) is not None


def test_a_page_that_is_made_takes_nobody_away_from_where_they_are(studio: Studio) -> None:
    assert studio.window.complete
    assert studio.page() == TRAIN
    assert studio.window.pages.count() == 4


def test_what_comes_later_has_its_menu_its_keys_and_its_splitters(studio: Studio) -> None:
    menus = {menu.text(): menu.menu().actions() for menu in studio.window.menuBar().actions()}  # type: ignore[attr-defined]
    for title in ("G&allery", "E&xplorer", "&Runs"):
        assert menus[title], title
    assert {"monitor_splitter", "runs_splitter"} <= {s.objectName() for s in studio.window.findChildren(QSplitter)}


@pytest.mark.usefixtures("studio")
def test_no_other_window_comes_up_while_pages_are_made(qtbot: QtBot, window: MainWindow) -> None:
    shown: list[str] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched.objectName())
            return False

    watch = Watch()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    window.show()
    qtbot.waitUntil(lambda: window.complete)
    application.removeEventFilter(watch)
    assert shown == ["main_window"]


def test_a_window_that_was_never_seen_loads_no_engine(window: MainWindow) -> None:
    window.close()
    assert window.complete
    assert not window.train_page.settings.ready
    assert not window.testAttribute(Qt.WidgetAttribute.WA_WState_Visible)
