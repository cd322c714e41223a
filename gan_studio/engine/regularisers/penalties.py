"""Penalties on the gradient of D with respect to pictures.

They differentiate twice, and the first gradient is squared: both are computed in fp32, whatever the plan's precision.
`judge` maps pictures `[N, C, H, W]` to logits `[N, …]`, where each logit depends on its own picture alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from gan_studio.engine.latent import drawing

Judge = Callable[[Tensor], Tensor]


def gradient_penalty(judge: Judge, reals: Tensor, fakes: Tensor) -> Tensor:
    """(‖∇D(x̂)‖₂ - 1)² at random points between reals and fakes (Gulrajani 2017, algorithm 1).

    The norm is that of the whole flattened picture. One random number a picture comes from torch's global state.
    """
    shares = drawing.rand(len(reals), *[1] * (reals.dim() - 1), device=reals.device)
    between = torch.lerp(reals.detach().float(), fakes.detach().float(), shares)
    return (_gradients(judge, between).flatten(1).norm(dim=1) - 1).square().mean()


def zero_centred_penalty(judge: Judge, pictures: Tensor) -> Tensor:
    """½ E‖∇D(x)‖²: R1 on reals, R2 on fakes (Mescheder 2018, eq. 9 and 10), to be multiplied by γ."""
    return _gradients(judge, pictures.detach().float()).square().flatten(1).sum(1).mean() / 2


def clip_weights(parameters: Iterable[nn.Parameter], limit: float) -> None:
    """Every weight into [-limit, limit] (Arjovsky 2017, algorithm 1)."""
    with torch.no_grad():
        for parameter in parameters:
            parameter.clamp_(-limit, limit)


def _gradients(judge: Judge, pictures: Tensor) -> Tensor:
    """∇ of each picture's own logit, with graph; `[N, C, H, W]`."""
    with torch.enable_grad(), torch.autocast(pictures.device.type, enabled=False):
        pictures = pictures.requires_grad_()
        return torch.autograd.grad(judge(pictures).float().sum(), pictures, create_graph=True)[0]
