"""Weights as Winograd's products take them, made once for all passes between two updates.

A step takes the real and the fake pictures through the same D, and goes back through both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook
from torch.utils.weak import WeakTensorKeyDictionary

from gan_studio.engine.kernels import winograd
from gan_studio.engine.kernels.pixels import by_pixels
from gan_studio.engine.kernels.winograd import Tile
from gan_studio.engine.kernels.workers import share


@dataclass(frozen=True)
class SpreadWeight:
    """U in two layouts, because matrix products read their second matrix faster row by row.

    Attributes:
        plain: `[P², K, 4C]`.
        mirrored: `[P², 4C, K]`.
    """

    plain: Tensor
    mirrored: Tensor


_kept = WeakTensorKeyDictionary()
"""The latest of each weight and what it was made from, for as long as the weight lives."""


def _forget(optimizer: Optimizer, *_: Any) -> None:
    for group in optimizer.param_groups:
        for weight in group["params"]:
            _kept.pop(weight, None)


# Whatever writes to a tensor counts its version up; fused optimisers alone do not
register_optimizer_step_post_hook(_forget)


def spread_weight(tile: Tile, weight: Tensor) -> SpreadWeight:
    """Of a weight `[K, C, 4, 4]` as it is now."""
    state = (tile, weight._version, weight.data_ptr())
    kept = _kept.get(weight)
    if kept is None or kept[0] != state:
        kept = _kept[weight] = (state, _spread(tile, by_pixels(weight)))
    return kept[1]


def _spread(tile: Tile, weight: Tensor) -> SpreadWeight:
    outputs, channels = len(weight), weight.shape[3]
    plain = weight.new_empty(tile.points**2, outputs, 4 * channels)
    mirrored = weight.new_empty(tile.points**2, 4 * channels, outputs)

    def work(part: slice) -> None:
        winograd.spread_weight(tile, weight, plain, part)
        mirrored[:, :, part] = plain[:, part].mT

    share(outputs, work)
    return SpreadWeight(plain, mirrored)
