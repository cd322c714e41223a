"""Looks what can be measured of a model, and makes the job that measures it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from gan_studio.engine.progress import IsCancelled, Progress
from gan_studio.gui.sessions.jobs import JobsSession
from gan_studio.gui.views.evaluation import EvaluationRequest, MeasureView, ModelToMeasure
from gan_studio.gui.views.jobs import JobResult, Work


class EvaluationSession(QObject):
    """Models are opened in a thread of its own; the measuring itself is a job like films and exports."""

    offered = Signal(object)
    """ModelToMeasure, in answer to `look`."""
    refused = Signal(str, str)
    """Message and advice: the model or the weights cannot be read."""
    measured = Signal(object, object)
    """EvaluationRequest, and the line of `evaluations.jsonl`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._looks = JobsSession("measures", self)
        self._looks.finished.connect(self._offer)
        self._looks.failed.connect(self._refuse)

    def look(self, model: Path, weights: Sequence[Path] = ()) -> None:
        """`model` is a run folder or a generator file."""
        self._looks.start("Looking at the model", lambda progress, cancelled: _Look(_look(model, weights)))

    def work(self, request: EvaluationRequest) -> Work:
        def measure(progress: Progress, cancelled: IsCancelled) -> JobResult:
            text, values = _evaluate(request, progress, cancelled)
            self.measured.emit(request, values)
            return JobResult(text)

        return measure

    def shutdown(self) -> None:
        self._looks.shutdown()

    @Slot(int, object)
    def _offer(self, number: int, result: object) -> None:
        if isinstance(result, _Look):
            self.offered.emit(result.model)

    @Slot(int, str, str)
    def _refuse(self, number: int, message: str, advice: str) -> None:
        self.refused.emit(message, advice)


class _Look(JobResult):
    """What a look found, on its way out of the thread."""

    def __init__(self, model: ModelToMeasure) -> None:
        super().__init__("")
        object.__setattr__(self, "model", model)

    model: ModelToMeasure


def _look(model: Path, weights: Sequence[Path]) -> ModelToMeasure:
    from gan_studio.engine.checkpoint import load_generator
    from gan_studio.engine.metrics.evaluate import subject_of
    from gan_studio.engine.metrics.measure import all_measures
    from gan_studio.engine.metrics.weights import find_weights
    from gan_studio.engine.run import find_run, generator_at

    path = generator_at(model)
    loaded, owner = load_generator(path), find_run(path)
    source = Path(owner.config().source) if owner else None
    subject = subject_of(loaded, source or Path(), weights=find_weights(weights))
    views = tuple(
        MeasureView(name, cls.title, cls.summary, cls.better, cls().why_not(subject))
        for name, cls in all_measures().items()
    )
    title = owner.path.name if owner else path.name
    return ModelToMeasure(path, title, loaded.step, source if source and source.exists() else None, views)


def _evaluate(request: EvaluationRequest, progress: Progress, cancelled: IsCancelled) -> tuple[str, dict]:
    from gan_studio.engine.checkpoint import load_generator
    from gan_studio.engine.metrics.evaluate import evaluate, subject_of
    from gan_studio.engine.metrics.measure import measures_called
    from gan_studio.engine.metrics.weights import find_weights
    from gan_studio.engine.run import find_run
    from gan_studio.gui.sessions import explorer_engine

    explorer_engine.use_one_thread()
    progress(0, 0)
    loaded, owner = load_generator(request.model), find_run(request.model)
    subject = subject_of(
        loaded, request.source, config=owner.config() if owner else None, count=request.count,
        weights=find_weights(request.weights), cancelled=cancelled,
    )  # fmt: skip
    measures = measures_called(request.measures)
    values = evaluate(subject, measures, loaded.step, request.source, progress).to_json()
    if owner:
        owner.append_evaluation(values)
    done = len(values["measures"])
    return f"Measured {loaded.config.name or request.model.stem}: {done} of {len(measures)} measures", values
