"""Scalars accumulated on the device, read once per report: nothing waits for a loss."""

from __future__ import annotations

from collections import Counter

import torch
from torch import Tensor

from gan_studio.engine.distributed import ALONE, World


class Statistics:
    """Running means by name, and counters of skipped updates.

    Each lives in a tensor of its own that is added to in place, so that a captured step adds to the same ones.
    """

    def __init__(self, world: World = ALONE) -> None:
        self._world = world
        self._sums: dict[str, Tensor] = {}
        self.counts: Counter[str] = Counter()
        """How often each name was added since the last reading."""
        self._skipped: dict[str, Tensor] = {}

    def add(self, name: str, value: Tensor) -> None:
        """Add a scalar; its graph is dropped."""
        value = value.detach().float()
        if name not in self._sums:
            self._sums[name] = torch.zeros_like(value)
        self._sums[name].add_(value)
        self.counts[name] += 1

    def add_update(self, optimizer: str, found_inf: Tensor) -> None:
        """Count how many updates in a row an optimiser has skipped. `found_inf` is 1 for a skipped one, else 0."""
        if optimizer not in self._skipped:
            self._skipped[optimizer] = torch.zeros_like(found_inf)
        self._skipped[optimizer].add_(found_inf).mul_(found_inf)

    def read(self) -> tuple[dict[str, float], int]:
        """The means since the last reading, over all processes, and the longest row of skipped updates.

        Waits for the device once.
        """
        self._world.announce("report")
        names = list(self.counts)
        values = [self._sums[name].reshape(()) for name in names]
        skipped = [count.reshape(()) for count in self._skipped.values()]
        numbers = self._world.average(torch.stack(values + skipped)).tolist() if values or skipped else []
        means = {name: number / self.counts[name] for name, number in zip(names, numbers, strict=False)}
        self.forget()
        return means, int(max(numbers[len(names) :], default=0))

    def forget(self) -> None:
        """Drop what was not read yet: it belongs to a step that did not happen."""
        for name in self.counts:
            self._sums[name].zero_()
        self.counts.clear()

    def forget_skipped(self) -> None:
        self._world.announce("forget_skipped")
        for count in self._skipped.values():
            count.zero_()
