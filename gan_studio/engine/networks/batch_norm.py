"""BatchNorm over the pictures of all processes, on any device that can add up between processes.

torch's own SyncBatchNorm refuses the processor.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn


class _Summed(torch.autograd.Function):
    """The sum over all processes. Its gradient is the sum of theirs, and can itself be differentiated."""

    @staticmethod
    def forward(ctx: Any, value: Tensor) -> Tensor:
        total = value.clone()
        dist.all_reduce(total)
        return total

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        return _Summed.apply(gradients[0].contiguous())  # pyright: ignore[reportReturnType]


class _OverAll(nn.modules.batchnorm._BatchNorm):
    """Mean and variance of `[N, C, …]` over the whole batch, equal shares of which lie in several processes."""

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        values, inner = input.float(), [0, *range(2, input.dim())]
        shape = [1, -1, *[1] * (input.dim() - 2)]
        mean = _mean_over_all(values.mean(inner))
        centred = values - mean.view(shape)
        variance = _mean_over_all(centred.square().mean(inner))
        self._keep(mean.detach(), variance.detach(), values.numel() // values.shape[1] * dist.get_world_size())
        scale = (variance + self.eps).rsqrt() * self.weight
        return (centred * scale.view(shape) + self.bias.view(shape)).to(input.dtype)

    @torch.no_grad()
    def _keep(self, mean: Tensor, variance: Tensor, count: int) -> None:
        """Running statistics as torch keeps them, of the unbiased variance."""
        if self.running_mean is not None and self.running_var is not None and self.num_batches_tracked is not None:
            self.num_batches_tracked += 1
            momentum = 1 / int(self.num_batches_tracked) if self.momentum is None else self.momentum
            self.running_mean.lerp_(mean, momentum)
            self.running_var.lerp_(variance * (count / max(1, count - 1)), momentum)


class SynchronisedBatchNorm1d(_OverAll, nn.BatchNorm1d):
    """Of vectors."""


class SynchronisedBatchNorm2d(_OverAll, nn.BatchNorm2d):
    """Of pictures."""


_SYNCHRONISED = {nn.BatchNorm1d: SynchronisedBatchNorm1d, nn.BatchNorm2d: SynchronisedBatchNorm2d}


def synchronise(network: nn.Module) -> None:
    """From now on every BatchNorm in it, parameters and buffers as they are, looks at the whole batch."""
    for module in network.modules():
        if type(module) in _SYNCHRONISED:
            module.__class__ = _SYNCHRONISED[type(module)]


def _mean_over_all(mean: Tensor) -> Tensor:
    """The mean of means over equal shares."""
    total: Any = _Summed.apply(mean)
    return total / dist.get_world_size()
