"""The panel beside the table: the run that is chosen, looked at closely, with what can be done with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gan_studio.engine.settings import Settings
from gan_studio.gui.icons import icon_pixmap
from gan_studio.gui.pages.runs.actions import RunActions
from gan_studio.gui.pages.runs.preview import GridPreview
from gan_studio.gui.pages.runs.words import (
    STANDING_ICONS,
    STANDING_TIPS,
    STANDINGS,
    counted,
    differences,
    evaluation_text,
    facts,
)
from gan_studio.gui.stylesheet import set_role
from gan_studio.gui.theme import SPACING, theme_changed
from gan_studio.gui.views import RunDetails, RunStanding
from gan_studio.gui.widgets.collapsible_section import CollapsibleSection
from gan_studio.gui.widgets.elided_label import ElidedLabel

NARROWEST = 320
_ICON = 16
_LOG_HEIGHT = 150
_LABEL_WIDTH = 108
_COLUMNS = 3
"""Of buttons."""


class DetailsPanel(QFrame):
    """Shows what it is told; its buttons trigger the page's actions."""

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setMinimumWidth(NARROWEST)
        self._details: RunDetails | None = None
        self._shown_facts: tuple[tuple[str, str], ...] = ()
        self._buttons: dict[QAction, QPushButton | QToolButton] = {}
        self._build_head()
        self._build_texts()
        self._build_buttons(actions)
        self._build_layout()
        theme_changed.connect(self._paint_standing)

    @property
    def details(self) -> RunDetails | None:
        """What is on show."""
        return self._details

    # --- what the page calls ---

    def show_run(
        self, details: RunDetails, families: Mapping[str, str], settings: type[Settings] | None, size_bytes: int | None
    ) -> None:
        """A run; `settings` is the class of its family's settings, whose defaults are compared."""
        self._details = details
        run = details.summary
        self.preview.show_grid(details.grid)
        self.name.setText(run.name)
        self.path.setText(str(run.path))
        self.path.setCursorPosition(0)
        self._paint_standing()
        self.problem.setText(run.problem or STANDING_TIPS[run.standing])
        set_role(self.problem, "error" if run.standing is RunStanding.DAMAGED else "muted")
        changed = differences(details, settings)
        self.settings.setText("\n".join(f"•  {words}" for words in changed) or "Everything is at its default.")
        self.settings_section.setVisible(bool(run.family))
        self.log.setPlainText("\n".join(details.log))
        self.log_section.setVisible(bool(details.log))
        self.measured.setText("\n\n".join(map(evaluation_text, reversed(details.evaluations))))
        self.measured_section.setVisible(bool(details.evaluations))
        self.body.show()
        self.several.hide()
        self._fill_facts(facts(details, families, size_bytes) if run.family else ())
        self._settle()

    def show_several(self, count: int) -> None:
        """More than one is chosen, or none."""
        self._details = None
        hint = "Compare shows them on one set of plots." if count == 2 else ""
        self.several.setText(f"{counted(count, 'run')} selected\n{hint}".strip() if count else "Choose a run.")
        self.body.hide()
        self.several.show()

    # --- building ---

    def _build_head(self) -> None:
        self.preview = GridPreview()
        self.name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.name.setObjectName("run_name")
        self.name.setProperty("role", "heading")
        self.standing_icon, self.standing = QLabel(), QLabel()
        self.standing.setObjectName("run_standing")
        self.problem = _wrapped("run_problem", "muted")
        self.several = _wrapped("runs_selected", "muted")
        self.several.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _build_texts(self) -> None:
        self.facts = QVBoxLayout()
        self.facts.setSpacing(SPACING.xs)
        self.path = QLineEdit()
        self.path.setObjectName("run_path")
        self.path.setAccessibleName("Folder of the run")
        self.path.setToolTip("Folder of the run; it can be selected and copied")
        self.path.setReadOnly(True)
        self.settings = _wrapped("run_settings", "")
        self.settings_section = CollapsibleSection("Not at their defaults", "Settings that were chosen for this run")
        self.settings_section.body.addWidget(self.settings)
        self.measured = _wrapped("run_measured", "")
        self.measured_section = CollapsibleSection("Measured", "Its pictures beside real ones; Evaluate measures them")
        self.measured_section.body.addWidget(self.measured)
        self.log = QPlainTextEdit()
        self.log.setObjectName("run_log")
        self.log.setAccessibleName("End of the run's log")
        self.log.setReadOnly(True)
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setFixedHeight(_LOG_HEIGHT)
        self.log.setTabChangesFocus(True)
        self.log_section = CollapsibleSection("Log", "What was written down while it trained")
        self.log_section.body.addWidget(self.log)
        self.log_section.set_expanded(False)

    def _build_buttons(self, actions: RunActions) -> None:
        for action, text, role in (
            (actions.open, "&Open", "primary"),
            (actions.explore, "&Explore", ""),
            (actions.resume, "&Continue", ""),
            (actions.again, "&Train again", ""),
            (actions.fine_tune, "Fine-t&une", ""),
            (actions.compare, "Com&pare", ""),
        ):
            self._buttons[action] = self._push_button(action, text, role)
        for action in (actions.evaluate, actions.rename, actions.keep, actions.folder, actions.trash):
            self._buttons[action] = self._tool_button(action)
        for action in self._buttons:
            action.changed.connect(self._follow_action)

    def _build_layout(self) -> None:
        self._content = QWidget()
        self._content.setProperty("role", "scrolled")
        column = QVBoxLayout(self._content)
        column.setContentsMargins(SPACING.m, SPACING.m, SPACING.m, SPACING.m)
        column.addWidget(self._build_body())
        column.addWidget(self.several, 1)
        column.addStretch(0)
        area = QScrollArea()
        area.setObjectName("run_details")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self._content)
        line = QFrame()
        line.setProperty("role", "line")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addWidget(line)
        whole.addLayout(self._build_foot())

    def _build_body(self) -> QWidget:
        self.body = QWidget()
        state = QHBoxLayout()
        state.setSpacing(SPACING.xs + 2)
        state.addWidget(self.standing_icon)
        state.addWidget(self.standing, 1)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING.s)
        column.addWidget(self.preview)
        column.addSpacing(SPACING.xs)
        column.addWidget(self.name)
        column.addLayout(state)
        column.addWidget(self.problem)
        column.addSpacing(SPACING.xs)
        column.addLayout(self.facts)
        column.addWidget(self.path)
        column.addWidget(self.measured_section)
        column.addWidget(self.settings_section)
        column.addWidget(self.log_section)
        return self.body

    def _build_foot(self) -> QVBoxLayout:
        grid = QGridLayout()
        grid.setSpacing(SPACING.s)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        for place, button in enumerate(self._buttons.values()):
            if isinstance(button, QPushButton):
                grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        tools = QHBoxLayout()
        tools.setSpacing(SPACING.xs)
        for button in self._buttons.values():
            if isinstance(button, QToolButton):
                tools.addWidget(button)
        foot = QVBoxLayout()
        foot.setContentsMargins(SPACING.m, SPACING.s, SPACING.m, SPACING.s)
        foot.setSpacing(SPACING.s)
        foot.addLayout(grid)
        foot.addLayout(tools)
        return foot

    def _push_button(self, action: QAction, text: str, role: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(action.objectName().replace("action_", "button_"))
        button.setToolTip(action.toolTip())
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if role:
            button.setProperty("role", role)
        button.clicked.connect(action.trigger)
        return button

    def _tool_button(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setObjectName(action.objectName().replace("action_", "button_"))
        button.setIcon(action.icon())
        button.setIconSize(QSize(18, 18))
        keys = action.shortcut().toString()
        words = action.text().replace("&", "")
        button.setToolTip(f"{words} ({keys})" if keys else words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(action.trigger)
        return button

    # --- reacting ---

    @Slot()
    def _follow_action(self) -> None:
        for action, button in self._buttons.items():
            button.setEnabled(action.isEnabled())

    def _fill_facts(self, rows: Iterable[tuple[str, str]]) -> None:
        wanted = tuple(rows)
        if wanted == self._shown_facts:
            return
        self._shown_facts = wanted
        while (item := self.facts.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for label, value in wanted:
            fact = _fact(label, value)
            self.facts.addWidget(fact)
            fact.show()

    def _settle(self) -> None:
        """Give everything its place at once: Qt does that in later turns, and squeezes it into the old room before."""
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        # The area that scrolls looks at how tall its content is when that asks for it
        QCoreApplication.sendEvent(self._content, QEvent(QEvent.Type.LayoutRequest))

    @Slot()
    def _paint_standing(self) -> None:
        if self._details is not None:
            standing = self._details.summary.standing
            symbol, role = STANDING_ICONS[standing]
            self.standing_icon.setPixmap(icon_pixmap(symbol, role, _ICON, self.devicePixelRatioF()))
            self.standing.setText(STANDINGS[standing])


def _fact(label: str, value: str) -> QWidget:
    """One row. (A form's rows are squeezed where one of them wraps inside something that scrolls.)"""
    row = QWidget()
    said = QLabel(label)
    said.setProperty("role", "muted")
    said.setFixedWidth(_LABEL_WIDTH)
    said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    columns = QHBoxLayout(row)
    columns.setContentsMargins(0, 0, 0, 0)
    columns.setSpacing(0)
    columns.addWidget(said, 0, Qt.AlignmentFlag.AlignTop)
    columns.addWidget(_wrapped(f"fact_{label.lower().replace(' ', '_')}", "", value), 1)
    return row


def _wrapped(name: str, role: str, text: str = "") -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setWordWrap(True)
    # Names of files stand in it, and must never be read as markup
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label
