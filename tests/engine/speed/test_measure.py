"""What is fastest is found out once for a machine and a model, and finding it out leaves no trace in a training."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
import torch

from gan_studio.engine import bench, folders
from gan_studio.engine.config import PictureSpec, TrainingSettings
from gan_studio.engine.errors import Cancelled
from gan_studio.engine.families import family_class
from gan_studio.engine.kernels import layers, products
from gan_studio.engine.speed import Plan, measure
from gan_studio.engine.speed.layer_times import Call, fastest_way
from gan_studio.engine.state import TrainingState
from gan_studio.engine.stats import Statistics

BASE = Plan("cpu", 1)


class Setting:
    """A tiny model, and how often a training was built to measure it."""

    def __init__(self, **training: Any) -> None:
        dcgan = family_class("dcgan")
        self.family = dcgan(dcgan.tiny(), PictureSpec(size=16))
        self.settings = TrainingSettings(batch_size=4, threads=1, **training)
        self.built: list[int] = []
        self.networks: list[TrainingState] = []

    def build(self, plan: Plan, statistics: Statistics, batch_size: int) -> TrainingState:
        self.built.append(batch_size)
        return bench._build(self.family, plan, statistics, batch_size, 100)

    def measure(self, cancelled=lambda: False) -> Plan:
        return measure.fastest_plan(BASE, self.settings, self.family, self.build, cancelled)


@pytest.fixture
def worth_it(monkeypatch):
    """Tiny models are measured, on a machine that counts as quiet, where every other way is the faster one."""
    monkeypatch.setattr(measure, "WORTH_MULTIPLICATIONS", 0)
    monkeypatch.setattr(measure, "MOST_OTHER_CORES", 1e9)
    monkeypatch.setattr(measure, "fastest_way", lambda layer, calls, plan, go_on: layers.ways(layer)[0])


def test_small_models_short_trainings_and_those_who_do_not_want_it_are_not_measured(monkeypatch):
    assert Setting().measure() == BASE
    monkeypatch.setattr(measure, "WORTH_MULTIPLICATIONS", 0)
    for limits in ({"steps": 100}, {"images": 500}, {"minutes": 0.5}, {"speed": "default"}):
        setting = Setting(**limits)
        assert setting.measure() == BASE and not setting.built


def test_layers_of_both_networks_are_tried(worth_it):
    assert Setting().measure().kernels == {
        "D.0": "planes", "D.2": "winograd", "D.5": "matrix", "G.1": "matrix", "G.4": "winograd", "G.7": "planes",
    }  # fmt: skip


def test_a_model_is_measured_once_and_another_one_anew(worth_it):
    first = Setting()
    plan = first.measure()
    again = Setting()
    assert again.measure() == plan and first.built and not again.built
    other = Setting(precision="fp32")
    other.measure()
    assert other.built


def test_what_was_measured_beside_other_load_is_not_remembered(worth_it, monkeypatch):
    monkeypatch.setattr(measure, "MOST_OTHER_CORES", -1.0)
    assert Setting().measure().kernels
    assert not list(folders.plans_folder().glob("*"))


def test_a_damaged_memory_is_measured_again(worth_it):
    plan = Setting().measure()
    (path,) = folders.plans_folder().glob("*")
    path.write_text("{")
    again = Setting()
    assert again.measure() == plan and again.built


def test_random_states_are_as_before(worth_it):
    torch.manual_seed(3)
    random.seed(3)
    before, python = torch.get_rng_state(), random.getstate()
    Setting().measure()
    assert torch.equal(torch.get_rng_state(), before) and random.getstate() == python


def test_whoever_stops_meanwhile_begins_no_training(worth_it):
    with pytest.raises(Cancelled):
        Setting().measure(cancelled=lambda: True)


def test_what_cannot_be_measured_costs_no_training(worth_it, monkeypatch):
    def fail(*arguments: Any) -> TrainingState:
        raise RuntimeError("no memory for that")

    setting = Setting()
    monkeypatch.setattr(setting, "build", fail)
    assert setting.measure() == BASE


@pytest.mark.parametrize(("agreement", "expected"), [(1e-9, "fp32"), (1e9, "bf16")])
def test_a_precision_that_does_not_agree_is_not_taken_however_fast(worth_it, monkeypatch, agreement, expected):
    monkeypatch.setattr(measure, "_precisions", lambda device: ("bf16",))
    monkeypatch.setattr("gan_studio.engine.speed.capture_trial.AGREEMENT", agreement)
    monkeypatch.setattr(measure, "GAIN", 1e9)
    assert Setting().measure().precision == expected


def test_a_way_that_is_wrong_is_never_the_fastest(monkeypatch):
    layer, calls = torch.nn.Conv2d(6, 8, 4, 2, 1), Counter([Call((2, 6, 8, 8), True, True)])
    monkeypatch.setattr("gan_studio.engine.speed.layer_times.GAIN", 1e9)
    assert fastest_way(layer, calls, BASE, lambda: True) in layers.ways(layer)
    monkeypatch.setattr(
        products.UnfoldedGradientProducts, "weight_gradient", lambda self: torch.zeros_like(self.weight)
    )
    monkeypatch.setattr(
        "gan_studio.engine.kernels.winograd.collect_narrow", lambda tile, products, out, part: out.zero_()
    )
    monkeypatch.setattr(
        "gan_studio.engine.kernels.winograd.collect_weight", lambda tile, products, out, part: out.zero_()
    )
    assert fastest_way(layer, calls, BASE, lambda: True) is None
    assert fastest_way(layer, calls, BASE, lambda: False) is None
