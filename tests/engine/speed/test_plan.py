"""A plan says how a training computes, in words and in values that outlive it."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from gan_studio.engine.config import TrainingSettings
from gan_studio.engine.errors import DeviceError
from gan_studio.engine.kernels import layers
from gan_studio.engine.speed import Plan, choose_device, choose_plan
from gan_studio.engine.speed.devices import choose_precision


def test_a_plan_is_told_in_words():
    assert Plan("cpu", 1).describe() == "CPU, 1 thread, fp32, channels last"
    assert Plan("cuda:0", 4, "bf16", channels_last=False).describe() == "CUDA:0, bf16"
    assert Plan("cuda:0", 4, "bf16", capture=True).describe() == "CUDA:0, bf16, channels last, CUDA graphs"
    assert Plan("cpu", 2, kernels={"D.2": "winograd"}).describe().endswith("1 layer in a faster way")
    assert Plan("cpu", 2, kernels=dict.fromkeys("abc", "planes")).describe().endswith("3 layers in faster ways")


def test_a_plan_outlives_its_values_and_older_plans_are_read():
    plan = Plan("cpu", 2, kernels={"D.2": "winograd"})
    assert Plan(**plan.to_dict()) == plan
    assert Plan(device="cpu", threads=2, precision="fp32", channels_last=True).kernels == {}


def test_graphs_are_captured_by_one_process_on_a_gpu_alone():
    assert Plan("cuda:0", 1, capture=True).captures
    others = Plan("cuda:0", 1), Plan("cpu", 1, capture=True), Plan("cuda:0", 1, capture=True, processes=2)
    assert not any(plan.captures for plan in others)
    assert not choose_plan(TrainingSettings(device="cpu", cuda_graphs="on")).capture


def test_layers_are_found_by_network_and_name_and_others_left_alone():
    networks = {"D": nn.Sequential(nn.Conv2d(6, 8, 4, 2, 1), nn.Conv2d(8, 8, 4, 2, 1)), "G": nn.Sequential()}
    Plan("cpu", 1, kernels={"D.1": "winograd", "D.7": "winograd", "E.0": "winograd", "D.0": "unheard of"}).speed_up(
        networks
    )
    assert "forward" in vars(networks["D"][1]) and "forward" not in vars(networks["D"][0])
    assert [name for name, _ in layers.layers(networks["D"])] == ["0", "1"]


def test_the_settings_decide_threads_and_precision():
    plan = choose_plan(TrainingSettings(device="cpu", threads=3, precision="bf16"))
    assert (plan.threads, plan.precision, plan.kernels) == (3, "bf16", {})
    assert choose_precision("tf32", "cpu") == "fp32"
    with pytest.raises(DeviceError):
        choose_device("cuda:99")


def test_a_training_computes_with_the_threads_of_its_plan():
    before = torch.get_num_threads()
    try:
        with Plan("cpu", 2, kernels={"D.1": "winograd"}).working():
            assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
