"""Models with a class control: whether a sample shows the class that was asked for, and whether classes are varied."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_studio.engine.metrics.classifier import Classifier, classifier_for
from gan_studio.engine.metrics.measure import Measured, PictureMeasure, register_measure
from gan_studio.engine.metrics.subject import Subject

MOST_A_CLASS = 200
"""Pictures of a class of which every pair is compared."""


class _ClassMeasure(PictureMeasure):
    better = "higher"

    def why_not(self, subject: Subject) -> str:
        if subject.class_control is None:
            return super().why_not(subject) or "The model has no control that chooses a class of the data."
        return super().why_not(subject)


@register_measure
class ClassAccuracy(_ClassMeasure):
    """The score of Ravuri 2019 turned round: a classifier of reals names samples."""

    name = "class_accuracy"
    title = "Class accuracy"
    summary = "Share of the samples whose class a classifier, trained on the real pictures, names as it was asked for."
    cost = 60
    order = 32

    def measure(self, subject: Subject) -> Measured:
        classifier: Classifier = subject.reals_know("classifier", lambda: classifier_for(subject))
        asked = subject.fake_labels
        named = classifier.classes_of(subject.fakes, subject)
        right = (named == asked).float()
        details: dict[str, float | str] = {
            name: float(right[asked == number].mean())
            for number, name in enumerate(subject.picture.classes)
            if bool((asked == number).any())
        }
        note = f"the classifier names {classifier.accuracy:.1%} of {classifier.tested:,} reals it never saw"
        return Measured(float(right.mean()), classifier.accuracy, details, note)


@register_measure
class ClassVariety(_ClassMeasure):
    name = "class_variety"
    title = "Distance within a class"
    summary = (
        "Mean difference of two samples of one class, as a share of that of two reals; one good picture a class "
        "is collapse."
    )
    cost = 2
    order = 33

    def measure(self, subject: Subject) -> Measured:
        asked = subject.fake_labels
        reals = subject.reals_know("class pairs", lambda: self._reals(subject))
        others = subject.reals_know("other class pairs", lambda: self._others(subject))
        names = subject.picture.classes
        shares = {
            name: mean_pair_distance(subject.fakes[asked == number]) / reals[number]
            for number, name in enumerate(names)
            if reals[number] > 0 and int((asked == number).sum()) > 1
        }
        kept = [other / real for other, real in zip(others, reals, strict=True) if real > 0 and other > 0]
        value = sum(shares.values()) / len(shares) if shares else 0.0
        floor = sum(kept) / len(kept) if kept else None
        return Measured(value, floor, shares, "as a share of that of reals, by class")

    def _reals(self, subject: Subject) -> list[float]:
        return _by_class(subject.reals, subject.labels_of(subject.numbers[0]), len(subject.picture.classes))

    def _others(self, subject: Subject) -> list[float]:
        return _by_class(subject.other_reals, subject.labels_of(subject.numbers[1]), len(subject.picture.classes))


def _by_class(pictures: Tensor, labels: Tensor, classes: int) -> list[float]:
    return [mean_pair_distance(pictures[labels == number]) for number in range(classes)]


@torch.no_grad()
def mean_pair_distance(pictures: Tensor) -> float:
    """Mean over all pairs of the root mean square difference in grey levels, of uint8 `[N, C, H, W]`; 0 for one."""
    rows = pictures[:MOST_A_CLASS].flatten(1).float()
    return float(torch.pdist(rows).mean()) / rows.shape[1] ** 0.5 if len(rows) > 1 else 0.0
