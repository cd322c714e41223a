"""Unrolled GANs (Metz 2017): G learns against the D that would answer it k updates later."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call

Judge = Callable[[Tensor], Tensor]


def unrolled_judge(
    network: nn.Module,
    d_loss: Callable[[nn.Module], Tensor],
    *,
    steps: int,
    rate: float,
    check_stop: Callable[[], None] = lambda: None,
) -> nn.Module:
    """D after `steps` differentiable updates by gradient descent on `d_loss` (Metz 2017, eq. 7 and 8).

    The weights that the result judges with are functions of everything `d_loss` depends on, the fakes among it, so a
    gradient of its logits with respect to G goes *through* the updates. `network` itself is left as it is: its weights
    are copied, and running statistics that the updates would move are copies too.

    Args:
        d_loss: takes something that is called like D, returns D's loss with the graph of the fakes.
        rate: step size of the inner updates.
        check_stop: called between them; leaves by an exception when the user wants to stop.
    """
    weights = {name: weight.detach().requires_grad_() for name, weight in network.named_parameters()}
    buffers = {name: buffer.clone() for name, buffer in network.named_buffers()}
    for _ in range(steps):
        check_stop()
        loss = d_loss(_With(network, {**weights, **buffers}))
        gradients = torch.autograd.grad(loss, list(weights.values()), create_graph=True, materialize_grads=True)
        weights = {
            name: weight - rate * gradient for (name, weight), gradient in zip(weights.items(), gradients, strict=True)
        }
    return _With(network, {**weights, **buffers})


class _With(nn.Module):
    """A network called with other tensors in the place of its parameters and buffers."""

    def __init__(self, network: nn.Module, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        # In a list, so that the network does not become a part of this one
        self._network, self._tensors = [network], tensors

    def forward(self, *inputs: Tensor) -> Tensor:
        return functional_call(self._network[0], self._tensors, inputs)
