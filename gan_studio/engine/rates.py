"""Learning rates in optimisers: plain numbers, or tensors where a captured step reads them again in each replay."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.optim import Optimizer


class Rates:
    """Sets the rate of an optimiser, and of its parameter groups in proportion."""

    def __init__(self, optimizers: Mapping[str, Optimizer], tensors_on: torch.device | None = None) -> None:
        """`tensors_on` is where rates lie as tensors; None keeps them plain."""
        self.first = {name: float(optimizer.defaults["lr"]) for name, optimizer in optimizers.items()}
        """As the optimisers were made."""
        self._optimizers, self._device = optimizers, tensors_on
        self._factors = {
            name: [group["lr"] / self.first[name] for group in optimizer.param_groups]
            for name, optimizer in optimizers.items()
        }
        self._held: dict[str, tuple[float, list[Tensor]]] = {}

    def set(self, name: str, rate: float) -> None:
        """A tensor that holds the rate already is left alone: nothing of this becomes part of a captured step."""
        if self._device is not None:
            self._set_tensors(name, rate, self._device)
            return
        for group, factor in zip(self._optimizers[name].param_groups, self._factors[name], strict=True):
            if not math.isclose(group["lr"], rate * factor, rel_tol=1e-12):
                group["lr"] = rate * factor

    def forget(self) -> None:
        """The optimisers were loaded: their groups are others than before."""
        self._held.clear()

    def _set_tensors(self, name: str, rate: float, device: torch.device) -> None:
        held, groups = self._held.get(name), self._optimizers[name].param_groups
        if held is None:
            tensors = [torch.full((), rate * factor, device=device) for factor in self._factors[name]]
            for group, tensor in zip(groups, tensors, strict=True):
                group["lr"] = tensor
            self._held[name] = rate, tensors
        elif held[0] != rate:
            for tensor, factor in zip(held[1], self._factors[name], strict=True):
                tensor.fill_(rate * factor)
            self._held[name] = rate, held[1]
