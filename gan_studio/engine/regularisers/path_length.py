"""Path length regularisation: equal steps in w change the picture equally far (Karras 2020b, section 3.2)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gan_studio.engine.latent import drawing

DECAY = 0.01
"""How far the running mean goes towards each new one."""


def path_lengths(pictures: Tensor, styles: Tensor) -> Tensor:
    """‖Jᵀy‖ of each picture, y random of unit expected length, root mean square over layers; `[N]`, with graph.

    Args:
        pictures: `[N, C, H, W]`, made from
        styles: `[N, layers, size]`, which need a gradient. fp32, because the result is differentiated again.
    """
    directions = drawing.randn_like(pictures) / math.sqrt(pictures.shape[2] * pictures.shape[3])
    return projected_lengths(pictures, styles, directions)


def projected_lengths(pictures: Tensor, styles: Tensor, directions: Tensor) -> Tensor:
    """‖Jᵀy‖ for given directions y, shaped like the pictures."""
    gradient = torch.autograd.grad((pictures * directions).sum(), styles, create_graph=True)[0]
    return gradient.square().sum(2).mean(1).sqrt()


def path_penalty(lengths: Tensor, mean: Tensor) -> Tensor:
    """E(length - a)², a being the running mean, which moves on first and in place."""
    mean.lerp_(lengths.detach().mean(), DECAY)
    return (lengths - mean.clone()).square().mean()
