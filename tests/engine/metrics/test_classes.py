from __future__ import annotations

import pytest
import torch

from gan_studio.engine.folders import classifiers_folder
from gan_studio.engine.metrics import classifier
from gan_studio.engine.metrics.classifier import classifier_for
from gan_studio.engine.metrics.measure import measures_called
from gan_studio.engine.metrics.measures.classes import mean_pair_distance
from tests.engine.metrics.pictures import discs
from tests.engine.metrics.subjects import subject

CLASSES = ("bright", "dark")


def halves(count: int, seed: int = 0):
    """Noise pictures: the first half bright, the second dark."""
    labels = torch.arange(count) * 2 // count
    noise = torch.rand(count, 1, 16, 16, generator=torch.Generator().manual_seed(seed)) * 0.4 - 0.2
    return noise + torch.where(labels == 0, 0.5, -0.5).view(-1, 1, 1, 1), labels


@pytest.fixture(autouse=True)
def _little_training(monkeypatch):
    monkeypatch.setattr(classifier, "PICTURES_SEEN", 600)
    monkeypatch.setattr(classifier, "MOST_ROUNDS", 6)


def given(fakes, fake_labels):
    reals, labels = halves(120)
    return subject(reals, fakes, labels=labels.tolist(), classes=CLASSES, fake_labels=fake_labels)


def test_the_classifier_is_good_on_what_it_never_saw_is_kept_and_leaves_the_random_state_alone(monkeypatch) -> None:
    before = torch.get_rng_state()
    fakes, labels = halves(60, seed=1)
    trained = classifier_for(given(fakes, labels))
    assert (trained.accuracy, trained.tested) == (1.0, 20)
    assert len(list(classifiers_folder().iterdir())) == 1
    monkeypatch.setattr(classifier, "train_classifier", None)
    again = classifier_for(given(fakes, labels))
    assert again.accuracy == 1.0
    for name, tensor in trained.network.state_dict().items():
        assert torch.equal(tensor, again.network.state_dict()[name])
    assert torch.equal(torch.get_rng_state(), before)


def test_class_accuracy_is_the_share_of_samples_named_as_asked_for() -> None:
    fakes, labels = halves(60, seed=1)
    wrong = labels.clone()
    wrong[:6] = 1  # six bright ones were asked for as dark
    found = measures_called(("class_accuracy",))[0].measure(given(fakes, wrong))
    assert found.value == pytest.approx(0.9)
    assert found.details == pytest.approx({"bright": 1.0, "dark": 30 / 36})
    assert found.floor == 1.0
    assert found.note == "the classifier names 100.0% of 20 reals it never saw"


def test_one_picture_a_class_is_seen_as_collapse() -> None:
    fakes, labels = halves(60, seed=1)
    varied = measures_called(("class_variety",))[0].measure(given(fakes, labels))
    assert varied.value == pytest.approx(1, abs=0.1)
    assert varied.floor == pytest.approx(1, abs=0.1)
    collapsed = torch.where(labels.view(-1, 1, 1, 1) == 0, fakes[:1], fakes[-1:])
    assert measures_called(("class_variety",))[0].measure(given(collapsed, labels)).value == 0


def test_the_mean_pair_distance_by_hand() -> None:
    """Grey levels 0, 30 and 90: pairs 30, 60 and 90 apart."""
    pictures = torch.tensor([0, 30, 90]).view(3, 1, 1, 1).expand(-1, 3, 4, 4).to(torch.uint8)
    assert mean_pair_distance(pictures) == pytest.approx(60)


def test_models_without_classes_are_told_so() -> None:
    for measure in measures_called(("class_accuracy", "class_variety")):
        assert "no control that chooses a class" in measure.why_not(subject(discs(4, 16), discs(4, 16)))
