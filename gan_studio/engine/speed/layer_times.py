"""Which way to compute a layer is the fastest here: each is tried on the shapes of a real step."""

from __future__ import annotations

import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from gan_studio.engine.kernels import layers
from gan_studio.engine.kernels.workers import working
from gan_studio.engine.speed.plan import Plan

GAIN = 0.95
"""A way must take less than this share of torch's time to be chosen."""
TOLERANCE = {"fp32": 1e-4, "bf16": 2e-2}
"""How far results may be from torch's: the norm of the difference over the norm."""
REPEATS = 2
Check = Callable[[], bool]


@dataclass(frozen=True)
class Call:
    """What a layer was asked for: its input, and which gradients."""

    shape: tuple[int, ...]
    for_input: bool
    for_weight: bool


@contextmanager
def recorded(networks: Mapping[str, nn.Module]) -> Iterator[dict[str, Counter[Call]]]:
    """How each layer that there are other ways for is called while this lasts, by `network.layer`."""
    calls: dict[str, Counter[Call]] = {}

    def watch(path: str) -> Callable[[nn.Module, Any], None]:
        def note(layer: nn.Module, inputs: Any) -> None:
            trained = any(parameter.requires_grad for parameter in layer.parameters())
            if torch.is_grad_enabled() and (trained or inputs[0].requires_grad):
                calls.setdefault(path, Counter())[Call(tuple(inputs[0].shape), inputs[0].requires_grad, trained)] += 1

        return note

    named = [(f"{name}.{path}", layer) for name, network in networks.items() for path, layer in layers.layers(network)]
    hooks = [layer.register_forward_pre_hook(watch(path)) for path, layer in named]
    try:
        yield calls
    finally:
        for hook in hooks:
            hook.remove()


def fastest_way(layer: nn.Module, calls: Counter[Call], plan: Plan, go_on: Check) -> str | None:
    """The way in which these calls take the least time, or None where that is torch's own, or `go_on` said no."""
    trial = copy.deepcopy(layer)
    layers.compute_as_torch(trial)
    expected = [_results(trial, call, plan) for call in calls]
    best, best_seconds = None, GAIN * _seconds(trial, calls, plan)
    for way in layers.ways(trial):
        if not go_on():
            return best
        layers.compute_by(trial, way)
        with working(plan.threads):
            agrees = all(
                _agree(_results(trial, call, plan), known, plan) for call, known in zip(calls, expected, strict=True)
            )
            seconds = _seconds(trial, calls, plan) if agrees else float("inf")
        if seconds < best_seconds:
            best, best_seconds = way, seconds
    return best


def _seconds(layer: nn.Module, calls: Counter[Call], plan: Plan) -> float:
    """Of all calls together, each at its best of a few."""
    total = 0.0
    for call, count in calls.items():
        durations = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            _results(layer, call, plan)
            durations.append(time.perf_counter() - start)
        total += count * min(durations)
    return total


def _results(layer: nn.Module, call: Call, plan: Plan) -> list[Tensor]:
    """Output and gradients of a call on noise."""
    generator = torch.Generator().manual_seed(0)
    pictures = torch.empty(call.shape).to(memory_format=torch.channels_last).normal_(generator=generator)
    pictures.requires_grad_(call.for_input)
    weights = [weight.requires_grad_(call.for_weight) for weight in layer.parameters()]
    wanted = [pictures] * call.for_input + weights * call.for_weight
    with torch.enable_grad(), plan.autocast():
        output = layer(pictures)
    return [output.detach(), *torch.autograd.grad(output, wanted, output.detach().cos())]


def _agree(results: list[Tensor], expected: list[Tensor], plan: Plan) -> bool:
    limit = TOLERANCE[plan.precision]
    return all(
        bool((one.float() - other.float()).norm() <= limit * other.float().norm())
        for one, other in zip(results, expected, strict=True)
    )
