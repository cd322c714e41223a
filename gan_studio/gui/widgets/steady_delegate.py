"""A delegate whose editors keep what is being typed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QStyledItemDelegate, QWidget

_BEGUN = "begun"
"""Property of an editor that holds the value already."""


class SteadyDelegate(QStyledItemDelegate):
    """Views fill an editor again whenever its row changes: a thumbnail that arrives would wipe out the text."""

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802 - Qt's
        """Once for each editor."""
        if not editor.property(_BEGUN):
            editor.setProperty(_BEGUN, True)
            super().setEditorData(editor, index)
