"""What is taken out of the plots: a picture of them, and the scalars in sight as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from gan_studio.engine.files import atomic_write
from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.gui.icons import icon
from gan_studio.gui.pages.train.plot_column import PlotColumn
from gan_studio.gui.views.jobs import JobResult
from gan_studio.gui.widgets.plots import LivePlot

_SHARPNESS = 2.0
"""Pixels of a saved picture for one on the screen, so that it can be printed."""


class PlotExport(QObject):
    """Asks where to, and hands the writing on as a job."""

    wanted = Signal(str, object)
    """Title and `Work` of an export."""

    def __init__(self, plots: PlotColumn) -> None:
        super().__init__(plots)
        self._plots = plots
        self._folder = Path.home()
        plots.bar.picture_wanted.connect(self.save_picture)
        plots.bar.table_wanted.connect(self.save_table)
        plots.menu_requested.connect(self._show_menu)

    @Slot()
    def save_picture(self) -> None:
        """All plots in sight as one PNG."""
        self._save_picture(self._plots.splitter, "plots")

    @Slot()
    def save_table(self) -> None:
        """The scalars in sight as CSV."""
        self._save_table(self._plots.shown_plots(), "scalars")

    # --- the menu of one plot ---

    @Slot(object, QPoint)
    def _show_menu(self, plot: LivePlot, place: QPoint) -> None:
        self._asked = plot
        menu = QMenu(plot)
        menu.setObjectName("plot_menu")
        for name, text, symbol, slot in (
            ("plot_save_picture", "Save this plot as picture…", "image", self._save_asked_picture),
            ("plot_copy_picture", "Copy picture", "copy", self._copy_asked),
            ("plot_save_table", "Save its scalars as CSV…", "table", self._save_asked_table),
            ("plot_show_all", "Show all steps", "arrows-out-line-horizontal", plot.steps_view.show_all),
        ):
            action = menu.addAction(icon(symbol), text)
            action.setObjectName(name)
            action.triggered.connect(slot)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    @Slot()
    def _save_asked_picture(self) -> None:
        self._save_picture(self._asked, self._asked.title.lower())

    @Slot()
    def _save_asked_table(self) -> None:
        self._save_table((self._asked,), self._asked.title.lower())

    @Slot()
    def _copy_asked(self) -> None:
        QGuiApplication.clipboard().setImage(picture(self._asked))

    # --- asking and writing ---

    def _save_picture(self, widget: QWidget, name: str) -> None:
        path = self._ask("Save plots as picture", f"{name}.png", "Picture (*.png)")
        if path:
            image = picture(widget)

            def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
                return _written(path, png(image))

            self.wanted.emit(f"Saving {path.name}", work)

    def _save_table(self, plots: Sequence[LivePlot], name: str) -> None:
        path = self._ask("Save visible scalars", f"{name}.csv", "Table (*.csv)")
        if path:
            columns = visible_columns(plots)

            def work(progress: Progress, cancelled: IsCancelled) -> JobResult:
                return _written(path, table(columns).encode())

            self.wanted.emit(f"Saving {path.name}", work)

    def _ask(self, title: str, name: str, kinds: str) -> Path | None:
        text, _ = QFileDialog.getSaveFileName(self._plots.window(), title, str(self._folder / name), kinds)
        if not text:
            return None
        path = Path(text)
        if path.suffix.lower() != Path(name).suffix:
            path = path.with_name(path.name + Path(name).suffix)
        self._folder = path.parent
        return path


def picture(widget: QWidget) -> QImage:
    """The widget as it looks, twice as sharp as an ordinary screen."""
    image = QImage(widget.size() * _SHARPNESS, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(_SHARPNESS)
    image.fill(widget.palette().window().color())
    widget.render(image)
    return image


def png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def visible_columns(plots: Sequence[LivePlot]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Steps and values as they came, of every line that is not hidden, within the steps in view; copies, by name."""
    columns = {}
    for plot in plots:
        first, last = plot.steps_view.visible()
        for name in plot.names():
            series = plot.series(name)
            inside = (series.steps >= first) & (series.steps <= last)
            if name not in plot.hidden() and inside.any():
                columns[name] = (series.steps[inside], series.values[inside])
    return columns


def table(columns: dict[str, tuple[np.ndarray, np.ndarray]]) -> str:
    """One row a step in CSV; a cell is empty where a scalar has no value at its step."""
    rows: dict[float, dict[str, float]] = {}
    for name, (steps, values) in columns.items():
        for step, value in zip(steps.tolist(), values.tolist(), strict=True):
            rows.setdefault(step, {})[name] = value
    text = io.StringIO()
    writer = csv.DictWriter(text, ["step", *columns], lineterminator="\n")
    writer.writeheader()
    writer.writerows({"step": f"{step:.0f}", **rows[step]} for step in sorted(rows))
    return text.getvalue()


def _written(path: Path, content: bytes) -> JobResult:
    with atomic_write(path) as file:
        file.write(content)
    return JobResult(f"Saved {path.name}", path)
