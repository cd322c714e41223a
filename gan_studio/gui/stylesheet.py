"""The one Qt style sheet, made from colour tokens.

Buttons take their weight from a dynamic property: `setProperty("role", "primary")`; also `danger` and `quiet`.
Labels know `title`, `heading`, `muted`, `small`, `error`, `warning`, `success`; frames know `card`, `panel`, `line`.
Change the role of a widget that is shown with `set_role`.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtWidgets import QWidget

from gan_studio.assets import asset_path
from gan_studio.gui.tokens import TYPE, Colours


def build(tokens: Colours) -> str:
    """The style sheet in the colours of one scheme."""
    values = asdict(tokens) | {f"size_{name}": f"{size}px" for name, size in asdict(TYPE).items()}
    values["art"] = asset_path("theme").as_posix()
    return Template("".join(_PARTS)).substitute(values)


def repolish(widget: QWidget) -> None:
    """Apply the style sheet again after a dynamic property of `widget` changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget its role and restyle it; nothing happens when it has it already."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        repolish(widget)


_BASE = """
QMainWindow, QDialog { background: $window; }
QToolTip {
    background: $tooltip; color: $on_tooltip; border: 1px solid $border_strong; padding: 5px 8px; font-size: 12px;
}
QLabel { background: transparent; }
QLabel:disabled { color: $disabled; }
QLabel[role="title"] { font-size: $size_title; font-weight: 600; }
QLabel[role="heading"] { font-size: $size_heading; font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: $size_small; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="success"] { color: $success; }
QLabel[role]:disabled { color: $disabled; }
QLabel[role="key"] {
    background: $raised; border: 1px solid $border_strong; border-bottom-width: 2px; border-radius: 5px;
    padding: 1px 7px; font-size: $size_small; font-weight: 600;
}
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[role="panel"] { background: $surface; border: none; }
QFrame[role="strip"] { background: $surface; border: none; border-top: 1px solid $border; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget[role="scrolled"] { background: transparent; }
"""

_BUTTONS = """
QPushButton {
    background: $raised; color: $text; border: 1px solid $border_strong; border-radius: 6px;
    padding: 5px 14px; min-height: 18px; font-weight: 500;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked { background: $pressed; }
QPushButton:focus { border: 2px solid $focus; padding: 4px 13px; }
QPushButton:disabled { color: $disabled; background: $surface; border-color: $border; }
QPushButton::menu-indicator {
    image: url("$art/chevron-down.svg"); width: 14px; height: 14px; subcontrol-origin: padding;
    subcontrol-position: right center; right: 6px;
}
QPushButton[role="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $hover; color: $disabled; border-color: $border; }
QPushButton[role="danger"] { background: $danger; color: $on_accent; border: 1px solid $danger; font-weight: 600; }
QPushButton[role="danger"]:hover { background: $danger_hover; border-color: $danger_hover; }
QPushButton[role="danger"]:focus { border: 2px solid $text; }
QPushButton[role="danger"]:disabled { background: $hover; color: $disabled; border-color: $border; }
QPushButton[role="quiet"] { background: transparent; border: 1px solid transparent; color: $text; padding: 5px 10px; }
QPushButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:pressed, QPushButton[role="quiet"]:checked { background: $pressed; }
QPushButton[role="quiet"]:focus { border: 2px solid $focus; padding: 4px 9px; }
QPushButton[role="quiet"]:disabled { color: $disabled; }
QToolButton {
    background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; color: $text;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $pressed; }
QToolButton:focus { border: 2px solid $focus; padding: 3px; }
QToolButton:disabled { color: $disabled; }
QToolButton::menu-indicator { image: none; }
"""

_EDITORS = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $outline; border-radius: 6px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QAbstractSpinBox, QComboBox { padding: 3px 8px; min-height: 20px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus {
    border: 2px solid $focus;
}
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus { padding: 2px 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    background: $surface; color: $disabled; border-color: $border;
}
QLineEdit[problem="true"], QAbstractSpinBox[problem="true"], QComboBox[problem="true"] { border: 2px solid $error; }
QLineEdit[problem="true"] { padding: 2px 7px; }
QAbstractSpinBox QLineEdit { border: none; min-height: 0; background: transparent; }
QAbstractSpinBox { padding: 3px 20px 3px 0; }
QAbstractSpinBox:focus { padding: 2px 19px 2px 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 20px; background: transparent; border: none; border-left: 1px solid $border;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; border-top-right-radius: 5px; }
QAbstractSpinBox::down-button {
    subcontrol-position: bottom right; margin: 0 2px 2px 0; border-bottom-right-radius: 5px;
}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed { background: $pressed; }
QAbstractSpinBox::up-arrow { image: url("$art/chevron-up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$art/chevron-down.svg"); width: 10px; height: 10px; }
QComboBox { padding-right: 22px; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: none; }
QComboBox::down-arrow { image: url("$art/chevron-down.svg"); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $border_strong; padding: 4px; outline: 0;
    selection-background-color: $accent_soft; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 8px; border-radius: 4px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator, QGroupBox::indicator, QTreeView::indicator {
    width: 16px; height: 16px; background: $field; border: 1px solid $outline; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $muted; }
QCheckBox::indicator:checked, QTreeView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$art/check.svg");
}
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url("$art/dash.svg"); }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $focus; width: 14px; height: 14px; }
QCheckBox::indicator:checked:focus { border: 2px solid $text; }
QCheckBox::indicator:disabled, QTreeView::indicator:disabled { background: $surface; border-color: $border; }
QCheckBox::indicator:checked:disabled { background: $disabled; border-color: $disabled; }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url("$art/dot.svg"); }
QRadioButton::indicator:checked:focus { border: 2px solid $text; }
QRadioButton::indicator:checked:disabled { background: $disabled; border-color: $disabled; }
QSlider { background: transparent; min-height: 20px; }
QSlider::groove:horizontal { height: 4px; background: $border_strong; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $on_accent; border: 1px solid $accent;
}
QSlider::groove:vertical { width: 4px; background: $border_strong; border-radius: 2px; }
QSlider::add-page:vertical { background: $accent; border-radius: 2px; }
QSlider::handle:vertical {
    width: 14px; height: 14px; margin: 0 -6px; border-radius: 8px; background: $on_accent; border: 1px solid $accent;
}
QSlider::handle:hover { border-color: $accent_hover; background: $accent_soft; }
QSlider::handle:focus { border: 2px solid $focus; }
QSlider::handle:horizontal:focus { width: 12px; height: 12px; }
QSlider::sub-page:disabled, QSlider::add-page:vertical:disabled { background: $disabled; }
QSlider::handle:disabled { background: $raised; border-color: $disabled; }
"""

_VIEWS = """
QAbstractItemView { background: $field; border: 1px solid $border; border-radius: 6px; outline: 0; }
QTreeView::item, QListView::item { min-height: 26px; padding: 0 6px; }
QTableView::item { padding: 2px 6px; }
QAbstractItemView::item:hover { background: $hover; }
QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $muted; border: none; border-bottom: 1px solid $border; padding: 5px 8px;
    font-weight: 600;
}
QTableCornerButton::section { background: $surface; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }
QTabWidget::pane { border: none; border-top: 1px solid $border; top: -1px; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: $muted; padding: 7px 12px; border: none; border-bottom: 2px solid transparent;
    font-weight: 500;
}
QTabBar#plots_tabs::tab { padding: 4px 8px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent_text; }
QTabBar::tab:focus { color: $accent_text; }
QTabBar::tab:disabled { color: $disabled; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: $focus; }
QProgressBar {
    background: $border; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; color: transparent;
}
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QGroupBox { border: 1px solid $border; border-radius: 8px; margin-top: 10px; padding-top: 8px; font-weight: 600; }
QGroupBox::title { subcontrol-origin: margin; left: 12px; padding: 0 4px; }
QMenuBar { background: $window; border-bottom: 1px solid $border; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 5px 10px; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenu { background: $raised; border: 1px solid $border_strong; padding: 5px; }
QMenu::item { padding: 6px 28px 6px 10px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QStatusBar { background: $window; border-top: 1px solid $border; color: $muted; }
QSizeGrip { image: none; width: 0; height: 0; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; padding: 0 6px; }
QToolBar { background: $window; border: none; spacing: 4px; padding: 4px; }
"""

_OWN = """
QToolButton#section_toggle {
    font-weight: 600; text-align: left; padding: 6px 4px 6px 2px;
    border: 1px solid transparent; background: transparent;
}
QToolButton#section_toggle:checked { background: transparent; }
QToolButton#section_toggle:hover { background: $hover; }
QToolButton#section_toggle:focus { border: 2px solid $focus; padding: 5px 3px 5px 1px; }
QToolButton[role="menu"] { padding: 4px 20px 4px 6px; }
QToolButton[role="menu"]:focus { padding: 3px 19px 3px 5px; }
QToolButton[role="menu"]::menu-indicator {
    image: url("$art/chevron-down.svg"); width: 12px; height: 12px; subcontrol-origin: padding;
    subcontrol-position: right center; right: 5px;
}
QToolButton[role="small"] { color: $muted; font-size: $size_small; padding: 0 5px; }
QToolButton[role="small"]:checked { color: $text; }
QToolButton[role="small"]:focus { border: 2px solid $focus; padding: 0 4px; }
QToolButton[role="fold"] { color: $accent_text; padding: 2px 4px 2px 0; font-weight: 500; }
QToolButton[role="fold"]:focus { border: 2px solid $focus; padding: 1px 3px 1px 0; }
QToolButton[role="fold"]:checked, QFrame[banner] QToolButton:checked { background: transparent; }
QFrame[banner] QToolButton:hover { background: transparent; border-color: $muted; }
QPushButton[role="field"] {
    background: $field; border-color: $outline; font-weight: normal; text-align: left; padding: 4px 8px;
}
QPushButton[role="field"]:hover { border-color: $muted; }
QPushButton[role="field"]:focus { padding: 3px 7px; }
QPushButton[role="field"]:disabled { background: $surface; }
QFrame[role="segments"] { background: $pressed; border: none; border-radius: 7px; }
QFrame[role="segments"] QPushButton {
    background: transparent; border: 1px solid transparent; border-radius: 5px; color: $muted; padding: 3px 12px;
    min-height: 16px;
}
QFrame[role="segments"] QPushButton:hover { color: $text; }
QFrame[role="segments"] QPushButton:checked { background: $raised; color: $text; border-color: $border_strong; }
QFrame[role="segments"] QPushButton:focus { border: 2px solid $focus; padding: 2px 11px; }
QFrame[role="segments"] QPushButton[compact="true"] { padding: 3px 6px; }
QFrame[role="segments"] QPushButton[compact="true"]:focus { padding: 2px 5px; }
QFrame[role="segments"] QPushButton:disabled { color: $disabled; }
QFrame[role="rail"] { background: $window; border: none; border-right: 1px solid $border; }
QFrame[role="rail"] QToolButton {
    color: $muted; font-size: $size_small; font-weight: 500; padding: 7px 2px; border-radius: 8px;
}
QFrame[role="rail"] QToolButton:hover { color: $text; background: $hover; }
QFrame[role="rail"] QToolButton:checked { color: $accent_text; background: $accent_soft; }
QFrame[role="rail"] QToolButton:focus { border: 2px solid $focus; padding: 6px 1px; }
QFrame[banner="info"] { background: $info_soft; border: 1px solid $info; border-radius: 8px; }
QFrame[banner="success"] { background: $success_soft; border: 1px solid $success; border-radius: 8px; }
QFrame[banner="warning"] { background: $warning_soft; border: 1px solid $warning; border-radius: 8px; }
QFrame[banner="error"] { background: $error_soft; border: 1px solid $error; border-radius: 8px; }
QFrame[banner="info"] QLabel#banner_kind { color: $info; font-weight: 600; }
QFrame[banner="success"] QLabel#banner_kind { color: $success; font-weight: 600; }
QFrame[banner="warning"] QLabel#banner_kind { color: $warning; font-weight: 600; }
QFrame[banner="error"] QLabel#banner_kind { color: $error; font-weight: 600; }
"""

_PARTS = (_BASE, _BUTTONS, _EDITORS, _VIEWS, _OWN)
