"""Distances between pictures as people see them: LPIPS where the user has VGG-16, else by our own features."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gan_studio.engine.errors import CheckpointError, first_line
from gan_studio.engine.metrics.features import RandomFeatures
from gan_studio.engine.metrics.weights import ADVICE, read_tensors

PerceptualDistance = Callable[[Tensor, Tensor], Tensor]
"""Of two batches float `[N, C, H, W]` in [-1, 1], float32 `[N]`."""
_EPSILON = 1e-10


def own_distance(network: RandomFeatures) -> PerceptualDistance:
    """LPIPS's formula (Zhang 2018, equation 1) with all weights 1, over the maps of our random network."""

    @torch.no_grad()
    def distance(a: Tensor, b: Tensor) -> Tensor:
        gaps = [
            (_unit(x) - _unit(y)).square().sum(1).mean((1, 2))
            for x, y in zip(network.maps(a), network.maps(b), strict=True)
        ]
        return torch.stack(gaps).sum(0)

    return distance


def lpips_distance(vgg: Path, device: str = "cpu") -> PerceptualDistance:
    """LPIPS by torchmetrics, with the user's VGG-16. Raises CheckpointError for weights that do not fit."""
    network = _lpips(vgg).to(device)

    @torch.no_grad()
    def distance(a: Tensor, b: Tensor) -> Tensor:
        return network(a.expand(-1, 3, -1, -1), b.expand(-1, 3, -1, -1)).flatten()

    return distance


def _unit(maps: Tensor) -> Tensor:
    """Each position's channels `[N, C, H, W]` scaled to length 1."""
    return maps / (maps.square().sum(1, keepdim=True) + _EPSILON).sqrt()


def _lpips(vgg: Path) -> Any:
    """torchmetrics' network, built empty: its own way would download VGG-16, and draw from torch's random state."""
    from torchmetrics.functional.image import lpips

    network = lpips._LPIPS.__new__(lpips._LPIPS)
    with torch.device("meta"):
        network.__init__(pretrained=False, net="vgg", pnet_rand=True)
    # Five slices of VGG's layers, each under its number in the whole
    slices = {name: re.sub(r"net\.slice\d\.", "features.", name) for name in network.state_dict() if "slice" in name}
    known = read_tensors(vgg)
    linear = torch.load(
        Path(inspect.getfile(lpips)).parent / "lpips_models/vgg.pth", map_location="cpu", weights_only=True
    )
    try:
        network.load_state_dict(
            {name: known[own].float() for name, own in slices.items()} | linear, assign=True, strict=False
        )
    except (KeyError, RuntimeError) as error:
        raise CheckpointError(f"The weights in {vgg} do not fit VGG-16 ({first_line(error)}).", ADVICE) from error
    network.scaling_layer = lpips.ScalingLayer()
    return network.eval().requires_grad_(False)
