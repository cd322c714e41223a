"""4×4 convolutions of stride 2 and padding 1 with 1.78 or 2.56 times fewer multiplications.

Such a convolution is one of 2×2 and stride 1 over blocks of 2×2 pixels (space to depth), and of that two outputs a
side take three products instead of four, and four outputs five instead of eight: F(2, 2) and F(4, 2) of Winograd 1980,
nested in two dimensions as in Lavin 2016, section 4. F(2, 2):

    y₀ = d₀g₀ + d₁g₁ = (d₀ - d₁)g₀ + d₁(g₀ + g₁)
    y₁ = d₁g₀ + d₂g₁ = d₁(g₀ + g₁) + (d₂ - d₁)g₁

F(4, 2) is Toom and Cook's at the points 0, 1, -1, 2 and ∞. With V of the wide map (the one with more pixels), A of the
narrow one and U of the weights, each `[P², rows, columns]`, all three products of a layer and of its adjoint, the
transposed convolution, are P² matrix products:

    narrow = collect_narrow(V Uᵀ)    wide = collect_wide(A U)    weight gradient = collect_weight(Aᵀ V)

Wide maps are `[N, 2H, 2W, C]`, narrow ones `[N, H, W, K]`, weights `[K, 4, 4, C]`, all by pixels and in fp32. The loops
are in `compiled`; without numba there is no way but torch's.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from torch import Tensor

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Tile:
    """So many outputs a side, computed together.

    Attributes:
        inputs: `[P, P]`, from the blocks of a tile to its points.
        weights: `[P, 2]`, from the two taps to the points.
        outputs: `[P, side]`, whose transpose leads from the points to the outputs.
    """

    inputs: np.ndarray
    weights: np.ndarray
    outputs: np.ndarray

    @property
    def side(self) -> int:
        return self.outputs.shape[1]

    @property
    def points(self) -> int:
        """Products a side."""
        return self.outputs.shape[0]

    def fits(self, height: int, width: int) -> bool:
        """Whether a narrow map of this size can be cut into tiles."""
        return height > 0 and height % self.side == 0 and width % self.side == 0


def _matrix(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, np.float32)


OF_TWO = Tile(
    inputs=_matrix((1, -1, 0), (0, 1, 0), (0, -1, 1)),
    weights=_matrix((1, 0), (1, 1), (0, 1)),
    outputs=_matrix((1, 0), (1, 1), (0, 1)),
)
OF_FOUR = Tile(
    inputs=_matrix((2, -1, -2, 1, 0), (0, -2, -1, 1, 0), (0, 2, -3, 1, 0), (0, -1, 0, 1, 0), (0, 2, -1, -2, 1)),
    weights=_matrix((1 / 2, 0), (-1 / 2, -1 / 2), (-1 / 6, 1 / 6), (1 / 6, 1 / 3), (0, 1)),
    outputs=_matrix((1, 0, 0, 0), (1, 1, 1, 1), (1, -1, 1, -1), (1, 2, 4, 8), (0, 0, 0, 1)),
)


@cache
def available() -> bool:
    """Whether the loops can be compiled on this machine: with numba, and a folder where it may keep them."""
    try:
        _loops()
    except (ImportError, RuntimeError) as error:
        log.info("Strided convolutions are computed as torch does: %s", error)
        return False
    return True


def spread_wide(tile: Tile, wide: Tensor, spread: Tensor, part: slice) -> None:
    """V, `[P², N, tiles, 4C]`, of these pictures."""
    count, height, width, channels = wide.shape
    sizes = (tile.side, count, height // 2, width // 2, channels, part.start, part.stop)
    _loops().spread_wide(_flat(wide), _flat(spread), tile.inputs, *sizes)


def spread_narrow(tile: Tile, narrow: Tensor, spread: Tensor, part: slice) -> None:
    """A, `[P², N, tiles, K]`, of these pictures."""
    _loops().spread_narrow(_flat(narrow), _flat(spread), tile.outputs, *narrow.shape, part.start, part.stop)


def spread_weight(tile: Tile, weight: Tensor, spread: Tensor, part: slice) -> None:
    """U, `[P², K, 4C]`, of these outputs."""
    sizes = (weight.shape[0], weight.shape[3], part.start, part.stop)
    _loops().spread_weight(_flat(weight), _flat(spread), tile.weights, *sizes)


def collect_narrow(tile: Tile, products: Tensor, narrow: Tensor, part: slice) -> None:
    """These pictures of the narrow map from `[P², N, tiles, K]`."""
    factors = _turned(tile.outputs)
    _loops().collect_narrow(_flat(products), _flat(narrow), factors, *narrow.shape, part.start, part.stop)


def collect_wide(tile: Tile, products: Tensor, wide: Tensor, part: slice) -> None:
    """These pictures of the wide map from `[P², N, tiles, 4C]`."""
    count, height, width, channels = wide.shape
    sizes = (tile.side, count, height // 2, width // 2, channels, part.start, part.stop)
    _loops().collect_wide(_flat(products), _flat(wide), _turned(tile.inputs), *sizes)


def collect_weight(tile: Tile, products: Tensor, gradient: Tensor, part: slice) -> None:
    """The gradient `[K, 4, 4, C]` of these outputs from `[P², K, 4C]`."""
    sizes = (gradient.shape[0], gradient.shape[3], part.start, part.stop)
    _loops().collect_weight(_flat(products), _flat(gradient), _turned(tile.weights), *sizes)


def _loops() -> ModuleType:
    """Imported when first needed: numba takes half a second."""
    from gan_studio.engine.kernels import compiled

    return compiled


def _flat(tensor: Tensor) -> Any:
    return tensor.detach().view(-1).numpy()


def _turned(matrix: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(matrix.T)
