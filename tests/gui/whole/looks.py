"""What does not fit: texts that are cut off, widgets that lie over one another or outside of what holds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import combinations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QSizeGrip,
    QSplitterHandle,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gan_studio.gui.widgets.elided_button import ElidedButton
from gan_studio.gui.widgets.elided_label import ElidedLabel

LEAST_OF_A_NAME = 60
"""Pixels that a name or path must have at least, where it is shortened."""
_SLACK = 1


def faults(root: QWidget) -> list[str]:
    """Everything below `root` that can be seen and does not fit."""
    return [*cut_off(root), *overlapping(root), *outside(root), *cut_areas(root)]


def lasting_faults(root: QWidget, qtbot: QtBot) -> list[str]:
    """What still does not fit once layouts had time to settle.

    A label whose text came from another thread a moment ago (the size of a run on disk) gets its room only in the next
    turn of the event loop, which a busy machine may put after the look.
    """
    qtbot.wait(30)
    with suppress(QtBot.TimeoutError):
        qtbot.waitUntil(lambda: not faults(root), timeout=2000)
    return faults(root)


def cut_off(root: QWidget) -> Iterator[str]:
    for widget in shown(root, QWidget):
        missing = _missing(widget)
        if missing > _SLACK:
            yield f"{named(widget)} lacks {missing} px for {_text(widget)!r}"


def overlapping(root: QWidget) -> Iterator[str]:
    for parent in (root, *shown(root, QWidget)):
        if isinstance(parent, QStackedWidget | QAbstractItemView | QGraphicsView | QComboBox | QAbstractSpinBox):
            continue
        children = [child for child in parent.children() if isinstance(child, QWidget) and _counts(child)]
        for one, other in combinations(children, 2):
            common = one.geometry().intersected(other.geometry())
            if min(common.width(), common.height()) > _SLACK:
                yield f"{named(one)} and {named(other)} lie over one another ({common.width()} × {common.height()})"


def outside(root: QWidget) -> Iterator[str]:
    for widget in shown(root, QWidget):
        parent = widget.parentWidget()
        if parent is None or widget.isWindow() or _scrolls(parent) or isinstance(parent, QAbstractScrollArea):
            continue
        room = parent.rect().adjusted(-_SLACK, -_SLACK, _SLACK, _SLACK)
        if not room.contains(widget.geometry()):
            yield f"{named(widget)} {_rect(widget.geometry())} is not inside {named(parent)} {_rect(parent.rect())}"


def cut_areas(root: QWidget) -> Iterator[str]:
    """What scrolls up and down only must not be wider than the room it has."""
    for area in shown(root, QScrollArea):
        inside = area.widget()
        if inside is None or area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff:
            continue
        if inside.width() > area.viewport().width() + _SLACK:
            yield f"{named(inside)} is {inside.width()} px wide in {area.viewport().width()} px of {named(area)}"


def shown(root: QWidget, kind: type) -> Iterator:
    """Widgets of a kind below `root` that are visible and in the same window."""
    for widget in root.findChildren(kind):
        if widget.isVisible() and QWidget.window(widget) is root.window() and not widget.visibleRegion().isEmpty():
            yield widget


def named(widget: QWidget) -> str:
    """Kind and name, with the nearest parent that has a name where it has none."""
    own: QWidget | None = widget
    while own is not None and not own.objectName():
        own = own.parentWidget()
    name = own.objectName() if own is not None else "nothing"
    return f"{type(widget).__name__} {name if own is widget else 'in ' + name}"


def _missing(widget: QWidget) -> int:
    """Pixels that its text needs and does not have."""
    if isinstance(widget, ElidedLabel | ElidedButton):
        # Those two are made for names and paths; their tip holds all of them
        return 0 if widget.shown_text() == widget.text() else LEAST_OF_A_NAME - widget.width()
    if isinstance(widget, QLabel):
        return _missing_in_label(widget)
    if isinstance(widget, QAbstractButton):
        return widget.sizeHint().width() - widget.width() if widget.text() else 0
    if isinstance(widget, QComboBox):
        return _missing_in_combo(widget)
    if isinstance(widget, QLineEdit) and isinstance(widget.parentWidget(), QAbstractSpinBox):
        margins = widget.textMargins()
        room = widget.contentsRect().width() - margins.left() - margins.right()
        return widget.fontMetrics().horizontalAdvance(widget.text()) - room
    if isinstance(widget, QTabBar):
        return max([0, *(_missing_in_tab(widget, index) for index in range(widget.count()))])
    return 0


def _missing_in_label(label: QLabel) -> int:
    if not label.text():
        return 0
    if label.wordWrap():
        return label.heightForWidth(label.width()) - label.height()
    return max(label.sizeHint().width() - label.width(), label.sizeHint().height() - label.height())


def _missing_in_combo(combo: QComboBox) -> int:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = combo.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, combo
    )
    return combo.fontMetrics().horizontalAdvance(combo.currentText()) - field.width()


def _missing_in_tab(bar: QTabBar, index: int) -> int:
    text = bar.fontMetrics().horizontalAdvance(bar.tabText(index).replace("&", ""))
    return text - bar.tabRect(index).width()


def _counts(child: QWidget) -> bool:
    """Whether two of these beside one another must not overlap. What floats on purpose says so."""
    passive = isinstance(child, QScrollBar | QSplitterHandle | QSizeGrip) or child.property("overlay")
    return child.isVisible() and not child.isWindow() and not passive and not child.objectName().startswith("qt_")


def _scrolls(parent: QWidget) -> bool:
    area = parent.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is parent


def _text(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""


def _rect(rect: QRect) -> str:
    return f"({rect.x()}, {rect.y()}, {rect.width()} × {rect.height()})"
