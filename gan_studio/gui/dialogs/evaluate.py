"""Evaluate: which measures, beside which pictures; then the numbers, in the same table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gan_studio.gui.dialogs.parts import bottom_buttons, fit_to_screen, heading, small_button, wrapped
from gan_studio.gui.quantities import scalar, whole
from gan_studio.gui.theme import SPACING
from gan_studio.gui.views.evaluation import Evaluation, EvaluationRequest, MeasureView, ModelToMeasure
from gan_studio.gui.widgets.elided_label import ElidedLabel

SIZE = QSize(860, 600)
COUNT, MOST = 1000, 50_000
_MEASURE_WIDTH = 230
_MEASURE, _SAMPLES, _BESIDE, _BETTER, _NOTE = range(5)
_NAME = Qt.ItemDataRole.UserRole
_WEIGHTS_FILTER = "Weights (*.pth *.pt)"


class EvaluateDialog(QDialog):
    """Asks for what is to be measured; what comes of it is shown where it was asked."""

    look_requested = Signal(object, object)
    """Path of a run or generator file, and paths of weights."""
    evaluate_requested = Signal(object)
    """EvaluationRequest."""

    def __init__(self, model: Path, weights: tuple[Path, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_dialog")
        self.setWindowTitle("Evaluate")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._asked, self.weights = model, weights
        self._model: ModelToMeasure | None = None
        self._source: Path | None = None
        self._busy = False
        self._build_widgets()
        self._build_layout()
        self._connect_widgets()
        self._follow()
        self.table.setFocus()
        fit_to_screen(self, SIZE)

    # --- what is told ---

    @Slot(object)
    def show_model(self, model: ModelToMeasure) -> None:
        """The model was opened: these measures there are."""
        self._model = model
        self._source = self._source or model.source
        self.title.setText(f"How good are the pictures of “{model.title}”, step {whole(model.step)}?")
        self.table.clear()
        for measure in model.measures:
            self.table.addTopLevelItem(_row(measure))
        self._say("Tick what is to be measured. Rest on a name to read what it sees.")

    @Slot(str, str)
    def show_problem(self, message: str, advice: str) -> None:
        """The model, the weights or the pictures cannot be used."""
        self._busy = False
        self._say(f"{message} {advice}".strip())

    def show_ended(self) -> None:
        """The job was called off."""
        self._busy = False
        self._say("Called off; nothing was kept.")

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Numbers beside the names, each beside what reals reach."""
        self._busy = False
        for row in self._rows():
            name = row.data(_MEASURE, _NAME)
            if values := evaluation["measures"].get(name):
                _fill(row, values)
            elif reason := evaluation["not_measured"].get(name):
                row.setText(_NOTE, reason)
                row.setToolTip(_NOTE, reason)
        kind = "held-out real ones" if evaluation["held_out"] else "real ones"
        self._say(f"{whole(evaluation['pictures'])} samples beside as many {kind}. Kept in the run, if it has one.")

    # --- building ---

    def _build_widgets(self) -> None:
        self.title = heading("Opening the model…")
        self.title.setObjectName("evaluate_title")
        self.title.setWordWrap(True)
        self.source = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self.source.setObjectName("evaluate_source")
        self.choose_folder = small_button("evaluate_folder", "&Folder…", "folder-open", "Other real pictures: a folder")
        self.choose_zip = small_button("evaluate_zip", "&Zip…", "archive", "Other real pictures: a zip")
        self.count = QSpinBox()
        self.count.setObjectName("evaluate_count")
        self.count.setAccessibleName("Samples to compare")
        self.count.setRange(1, MOST)
        self.count.setValue(COUNT)
        self.count.setGroupSeparatorShown(True)
        self.choose_weights = small_button(
            "evaluate_weights", "&Weights…", "brain",
            "Weights that you have: Inception for FID and KID, VGG-16 for LPIPS. Nothing is downloaded.",
        )  # fmt: skip
        self.table = QTreeWidget()
        self.table.setObjectName("evaluate_table")
        self.table.setAccessibleName("Measures")
        self.table.setRootIsDecorated(False)
        self.table.setHeaderLabels(["Measure", "Model", "Beside", "Better", "Note"])
        self.table.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # Its own boxes are wider than those that the size hint reckons with
        self.table.header().setSectionResizeMode(_MEASURE, QHeaderView.ResizeMode.Interactive)
        self.table.setColumnWidth(_MEASURE, _MEASURE_WIDTH)
        self.table.header().setStretchLastSection(True)
        self.state = wrapped("")
        self.state.setObjectName("evaluate_state")

    def _build_layout(self) -> None:
        data = QHBoxLayout()
        data.setSpacing(SPACING.s)
        data.addWidget(QLabel("Beside the pictures in"))
        data.addWidget(self.source, 1)
        data.addWidget(self.choose_folder)
        data.addWidget(self.choose_zip)
        amount = QHBoxLayout()
        amount.setSpacing(SPACING.s)
        label = QLabel("&Samples")
        label.setBuddy(self.count)
        amount.addWidget(label)
        amount.addWidget(self.count)
        amount.addStretch(1)
        amount.addWidget(self.choose_weights)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACING.xl, SPACING.l, SPACING.xl, SPACING.l)
        column.setSpacing(SPACING.s)
        column.addWidget(self.title)
        column.addLayout(data)
        column.addLayout(amount)
        column.addWidget(self.table, 1)
        column.addWidget(self.state)
        column.addWidget(self._build_buttons())

    def _build_buttons(self) -> QWidget:
        self.copy = small_button("evaluate_copy", "&Copy", "copy", "Copy the table as text")
        box = bottom_buttons(self, self.copy)
        self.evaluate = QPushButton("&Evaluate")
        self.evaluate.setObjectName("evaluate_start")
        self.evaluate.setProperty("role", "primary")
        box.addButton(self.evaluate, box.ButtonRole.ActionRole)
        return box

    def _connect_widgets(self) -> None:
        self.choose_folder.clicked.connect(self._ask_folder)
        self.choose_zip.clicked.connect(self._ask_zip)
        self.choose_weights.clicked.connect(self._ask_weights)
        self.table.itemChanged.connect(self._follow)
        self.copy.clicked.connect(self._copy)
        self.evaluate.clicked.connect(self._start)

    # --- what the user does ---

    @Slot()
    def _ask_folder(self) -> None:
        self._take_source(QFileDialog.getExistingDirectory(self, "Real pictures", str(self._source or "")))

    @Slot()
    def _ask_zip(self) -> None:
        self._take_source(QFileDialog.getOpenFileName(self, "Real pictures", "", "Zip (*.zip)")[0])

    def _take_source(self, text: str) -> None:
        if text:
            self._source = Path(text)
            self._follow()

    @Slot()
    def _ask_weights(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Weights that you have", "", _WEIGHTS_FILTER)
        if names:
            self.weights = tuple(Path(name) for name in names)
            self.look_requested.emit(self._asked, self.weights)

    @Slot()
    def _start(self) -> None:
        if self._model is None or self._source is None:
            return
        self._busy = True
        for row in self._rows():
            for column in (_SAMPLES, _BESIDE):
                row.setText(column, "")
        self._say("Measuring; the foot of the window shows how far it is. This sheet may be closed meanwhile.")
        request = EvaluationRequest(self._model.path, self._source, self.chosen(), self.count.value(), self.weights)
        self.evaluate_requested.emit(request)

    def chosen(self) -> tuple[str, ...]:
        """Names of the measures that are ticked."""
        ticked = (row for row in self._rows() if row.checkState(_MEASURE) == Qt.CheckState.Checked)
        return tuple(row.data(_MEASURE, _NAME) for row in ticked)

    @Slot()
    def _copy(self) -> None:
        """Tab-separated, as tables and texts take it."""
        head = self.table.headerItem()
        rows = [head, *self._rows()] if head else self._rows()
        lines = ["\t".join(row.text(column) for column in range(_NOTE + 1)) for row in rows]
        QGuiApplication.clipboard().setText("\n".join([self.title.text(), *lines]))

    # --- showing ---

    def _rows(self) -> list[QTreeWidgetItem]:
        items = (self.table.topLevelItem(place) for place in range(self.table.topLevelItemCount()))
        return [item for item in items if item is not None]

    def _say(self, text: str) -> None:
        self.state.setText(text)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.source.setText(str(self._source) if self._source else "none chosen yet")
        ready = self._model is not None and self._source is not None and not self._busy
        self.evaluate.setEnabled(ready and bool(self.chosen()))
        self.copy.setEnabled(self._model is not None)


def _row(measure: MeasureView) -> QTreeWidgetItem:
    row = QTreeWidgetItem([measure.title, "", "", measure.better, measure.reason])
    row.setData(_MEASURE, _NAME, measure.name)
    row.setToolTip(_MEASURE, measure.summary)
    row.setToolTip(_NOTE, measure.reason)
    row.setCheckState(_MEASURE, Qt.CheckState.Unchecked if measure.reason else Qt.CheckState.Checked)
    if measure.reason:
        row.setDisabled(True)
    for column in (_SAMPLES, _BESIDE):
        row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row


def _fill(row: QTreeWidgetItem, values: Evaluation) -> None:
    row.setText(_SAMPLES, scalar(values["value"]))
    row.setText(_BESIDE, "–" if values["floor"] is None else scalar(values["floor"]))
    row.setText(_NOTE, values["note"])
    details = (
        f"{word}: {detail if isinstance(detail, str) else scalar(detail)}" for word, detail in values["details"].items()
    )
    row.setToolTip(_NOTE, "\n".join([values["note"], *details]).strip())
