"""The row that names the run whose lines are drawn behind those on show."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gan_studio.gui import theme
from gan_studio.gui.icons import icon
from gan_studio.gui.theme import SPACING
from gan_studio.gui.widgets.elided_label import ElidedLabel
from gan_studio.gui.widgets.plot_line import COMPARED
from gan_studio.gui.widgets.plot_parts import make_pen


class ComparisonRow(QWidget):
    """A thin dotted stroke, the other run's name, and a button that ends the comparison. Hidden until `show_run`."""

    close_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("plots_comparison")
        self.title = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.title.setObjectName("plots_comparison_title")
        self.title.setProperty("role", "muted")
        self.close_button = QToolButton()
        self.close_button.setObjectName("plots_comparison_close")
        self.close_button.setIcon(icon("x", "muted"))
        self.close_button.setIconSize(QSize(12, 12))
        self.close_button.setToolTip("Compare no longer")
        self.close_button.setAccessibleName("Compare no longer")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.clicked.connect(self.close_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACING.xs, 0, 0, 0)
        row.setSpacing(SPACING.s)
        row.addWidget(_Stroke())
        row.addWidget(self.title, 1)
        row.addWidget(self.close_button)
        self.hide()

    def show_run(self, title: str) -> None:
        """Name the other run."""
        self.title.setText(f"Behind: {title}")
        self.setAccessibleName(f"Compared with {title}")
        self.show()


class _Stroke(QWidget):
    """A sample of the other run's lines."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(24, 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(make_pen(QColor(theme.colours().muted), 1.2, COMPARED))
        middle = self.height() / 2
        painter.drawLine(QPointF(0, middle), QPointF(self.width(), middle))
