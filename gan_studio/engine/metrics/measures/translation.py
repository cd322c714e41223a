"""How good translations are: whether pictures come back as they were, and for what a classifier takes them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gan_studio.engine.metrics.classifier import Classifier, classifier_for
from gan_studio.engine.metrics.measure import Measure, Measured, register_measure
from gan_studio.engine.metrics.subject import CHUNK, Subject, to_grey_levels

DIRECTIONS = ("A → B", "B → A")
LEVELS = 127.5
"""Grey levels for a difference of 1 between pictures in [-1, 1]."""


@dataclass(frozen=True)
class Translated:
    """Of one direction: pictures, their translations, and these translated back; float `[N, C, H, W]` in [-1, 1]."""

    pictures: Tensor
    translations: Tensor
    back: Tensor


class TranslationMeasure(Measure):
    """Of models with two domains: looks at held-out pictures, or at all where none were held out."""

    def why_not(self, subject: Subject) -> str:
        if len(subject.data.domains) == 2:
            return ""
        return "The model does not translate between two kinds of pictures."


@register_measure
class CycleError(TranslationMeasure):
    name = "cycle_error"
    title = "Cycle error"
    summary = "Mean difference, in grey levels, of a picture and itself after a translation there and back."
    better = "lower"
    cost = 6
    order = 40

    def measure(self, subject: Subject) -> Measured:
        errors = [float((one.back - one.pictures).abs().mean()) * LEVELS for one in translated(subject)]
        return Measured(sum(errors) / 2, None, dict(zip(DIRECTIONS, errors, strict=True)), _note(subject))


@register_measure
class TakenForTarget(TranslationMeasure):
    name = "taken_for_target"
    title = "Taken for the target"
    summary = "Share of the translations that a classifier of A against B, trained on real pictures, takes for theirs."
    better = "higher"
    cost = 60
    order = 41

    def measure(self, subject: Subject) -> Measured:
        classifier: Classifier = subject.reals_know("classifier", lambda: classifier_for(subject))
        shares = []
        for direction, one in enumerate(translated(subject)):
            named = classifier.classes_of(to_grey_levels(one.translations), subject)
            shares.append(float((named == 1 - direction).float().mean()))
        note = f"{_note(subject)}; the classifier names {classifier.accuracy:.1%} of reals it never saw"
        details: dict[str, float | str] = dict(zip(DIRECTIONS, shares, strict=True))
        return Measured(sum(shares) / 2, classifier.accuracy, details, note)


def translated(subject: Subject) -> list[Translated]:
    """A → B and B → A of the pictures that are looked at, `subject.count` of each domain at most."""
    return subject.once("translated", lambda: [_translated(subject, direction) for direction in (0, 1)])


def _translated(subject: Subject, direction: int) -> Translated:
    domain = list(subject.real_pictures.domains.values())[direction]
    pictures, made = subject.pictures_of(domain.shown[: subject.count]).float() / 127.5 - 1, []
    for part in pictures.split(CHUNK):
        subject.check()
        with torch.inference_mode():
            made.append(subject.sampler({"picture": part.to(subject.device), "direction": direction}))
    translations, back = (torch.cat([one[name].cpu() for one in made]) for name in ("translation", "back"))
    return Translated(pictures, translations, back)


def _note(subject: Subject) -> str:
    held_out = bool(len(subject.real_pictures.held_out))
    count = sum(len(one.pictures) for one in translated(subject))
    return f"of {count:,} {'held-out ' if held_out else ''}pictures"
