"""Which way to compute a layer is the fastest here: each is tried on the shapes of a real step."""

from __future__ import annotations

import copy
import math
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
TORCH = "torch"
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
    """The way in which the layer takes the least time, or None where that is torch's own, or `go_on` said no.

    The ways are tried by turns, so that a moment in which the machine does something else meets them all.
    """
    trial = _Trial(copy.deepcopy(layer), _largest(calls), plan)
    expected, best = trial.results(TORCH), {TORCH: float("inf")}
    with working(plan.threads):
        for way in layers.ways(layer):
            if not go_on():
                return None
            if _agree(trial.results(way), expected, plan):
                best[way] = float("inf")
        for _ in range(REPEATS):
            for way in best:
                if not go_on():
                    return None
                best[way] = min(best[way], trial.seconds(way))
    limit = GAIN * best.pop(TORCH)
    fastest = min(best, key=lambda way: best[way], default=None)
    return fastest if fastest is not None and best[fastest] < limit else None


def _largest(calls: Counter[Call]) -> Call:
    """Of all calls the one that asks for most: the others are shares of it."""
    return max(calls, key=lambda call: (call.for_input + call.for_weight, math.prod(call.shape), calls[call]))


class _Trial:
    """One call of a layer on noise, again and again."""

    def __init__(self, layer: nn.Module, call: Call, plan: Plan) -> None:
        self._layer, self._plan = layer, plan
        generator = torch.Generator().manual_seed(0)
        pictures = torch.empty(call.shape).to(memory_format=torch.channels_last).normal_(generator=generator)
        self._pictures = pictures.requires_grad_(call.for_input)
        weights = [weight.requires_grad_(call.for_weight) for weight in layer.parameters()]
        self._wanted = [pictures] * call.for_input + weights * call.for_weight
        self._slope: Tensor | None = None

    def results(self, way: str) -> list[Tensor]:
        """Output and gradients."""
        layers.compute_as_torch(self._layer)
        if way != TORCH:
            layers.compute_by(self._layer, way)
        with torch.enable_grad(), self._plan.autocast():
            output = self._layer(self._pictures)
        if self._slope is None:
            self._slope = output.detach().cos()
        return [output.detach(), *torch.autograd.grad(output, self._wanted, self._slope)]

    def seconds(self, way: str) -> float:
        """Of the processor, because other programs take nothing of those."""
        for weight in self._layer.parameters():
            weight.detach().mul_(1.0)  # as an update does: what a way keeps of a weight is made anew
        start = time.process_time()
        self.results(way)
        return time.process_time() - start


def _agree(results: list[Tensor], expected: list[Tensor], plan: Plan) -> bool:
    limit = TOLERANCE[plan.precision]
    return all(
        bool((one.float() - other.float()).norm() <= limit * other.float().norm())
        for one, other in zip(results, expected, strict=True)
    )
