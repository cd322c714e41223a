"""Scalars accumulated on the device, read once per report: nothing waits for a loss."""

from __future__ import annotations

import torch
from torch import Tensor

from gan_studio.engine.distributed import ALONE, World


class Statistics:
    """Running means by name, and counters of skipped updates."""

    def __init__(self, world: World = ALONE) -> None:
        self._world = world
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = {}
        self._skipped: dict[str, Tensor] = {}

    def add(self, name: str, value: Tensor) -> None:
        """Add a scalar; its graph is dropped."""
        value = value.detach().float()
        self._sums[name] = self._sums[name] + value if name in self._sums else value
        self._counts[name] = self._counts.get(name, 0) + 1

    def add_update(self, optimizer: str, found_inf: Tensor) -> None:
        """Count how many updates in a row an optimiser has skipped. `found_inf` is 1 for a skipped one, else 0."""
        before = self._skipped.get(optimizer)
        self._skipped[optimizer] = found_inf if before is None else (before + found_inf) * found_inf

    def read(self) -> tuple[dict[str, float], int]:
        """The means since the last reading, over all processes, and the longest row of skipped updates.

        Waits for the device once.
        """
        self._world.announce("report")
        names = list(self._sums)
        values = [self._sums[name].reshape(()) for name in names]
        skipped = [count.reshape(()) for count in self._skipped.values()]
        numbers = self._world.average(torch.stack(values + skipped)).tolist() if values or skipped else []
        means = {name: number / self._counts[name] for name, number in zip(names, numbers, strict=False)}
        self.forget()
        return means, int(max(numbers[len(names) :], default=0))

    def forget(self) -> None:
        """Drop what was not read yet: it belongs to a step that did not happen."""
        self._sums.clear()
        self._counts.clear()

    def forget_skipped(self) -> None:
        self._world.announce("forget_skipped")
        self._skipped.clear()
