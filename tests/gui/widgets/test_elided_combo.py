"""A choice that is longer than its room ends in an ellipsis, and says all of itself on asking."""

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gan_studio.gui.widgets.elided_combo import ElidedComboBox

LONG = "DCGAN, small and gentle (few pictures, no GPU) <b>"


def test_a_long_choice_ends_in_an_ellipsis_until_there_is_room(qtbot):
    combo = ElidedComboBox()
    qtbot.addWidget(combo)
    combo.addItems(["Short", LONG])
    combo.setToolTip("What is trained & how")
    combo.setFixedWidth(160)
    combo.show()
    assert combo.shown_text() == "Short"
    combo.setCurrentIndex(1)
    assert combo.shown_text().endswith("…") and LONG.startswith(combo.shown_text()[:-1])
    place = combo.rect().center()
    QApplication.sendEvent(combo, QHelpEvent(QEvent.Type.ToolTip, place, combo.mapToGlobal(QPoint(place))))
    assert (
        QToolTip.text()
        == "<b>DCGAN, small and gentle (few pictures, no GPU) &lt;b&gt;</b><br>What is trained &amp; how"
    )
    QToolTip.hideText()
    combo.setFixedWidth(600)
    assert combo.shown_text() == LONG


def test_without_a_choice_the_placeholder_is_shown(qtbot):
    combo = ElidedComboBox()
    qtbot.addWidget(combo)
    combo.setPlaceholderText("Changed by hand")
    combo.setFixedWidth(300)
    assert combo.shown_text() == "Changed by hand"
