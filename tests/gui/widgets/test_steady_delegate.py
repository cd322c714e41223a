"""What is typed into a cell outlives changes of its row."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from gan_studio.gui.widgets.steady_delegate import SteadyDelegate


def test_an_icon_that_arrives_leaves_the_text_that_is_being_typed(qtbot):
    cells = QListWidget()
    cells.setItemDelegate(SteadyDelegate(cells))
    item = QListWidgetItem("before")
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    cells.addItem(item)
    qtbot.addWidget(cells)
    cells.show()
    cells.editItem(item)
    editor = cells.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit) and editor.text() == "before"
    editor.setText("after")
    item.setData(Qt.ItemDataRole.UserRole, "a thumbnail")
    assert editor.text() == "after"
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: item.text() == "after")
