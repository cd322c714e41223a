"""The three products of a 4×4 layer of stride 2 and padding 1, in several ways.

A convolution takes a wide map to a narrow one. Its gradient with respect to the wide map is the transposed convolution
of the narrow map's gradient, and the other way round: the layers of a discriminator and of a generator need the same
three products. Maps `[N, C, 2H, 2W]` and `[N, K, H, W]` and weights `[K, C, 4, 4]` lie in memory by pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional

from gan_studio.engine.kernels import winograd
from gan_studio.engine.kernels.pixels import by_channels, by_pixels
from gan_studio.engine.kernels.planes import wide_from_planes
from gan_studio.engine.kernels.spread_weights import SpreadWeight, spread_weight
from gan_studio.engine.kernels.workers import share

SIDE, STRIDE, PADDING = 4, 2, 1


class TorchProducts:
    """As torch computes them. What is given as None is not needed for the products that are asked for."""

    def __init__(self, weight: Tensor, wide: Tensor | None = None, narrow: Tensor | None = None) -> None:
        self.weight, self.wide, self.narrow = weight, wide, narrow

    @classmethod
    def fit(cls, pictures: Tensor, height: int, width: int) -> bool:
        """Whether `pictures`, either map, can be computed so; the narrow map is of this size."""
        return height > 0 and width > 0

    def narrow_map(self) -> Tensor:
        """The convolution of the wide map."""
        assert self.wide is not None
        return functional.conv2d(self.wide, self.weight, None, STRIDE, PADDING)

    def wide_map(self) -> Tensor:
        """The transposed convolution of the narrow map."""
        assert self.narrow is not None
        return functional.conv_transpose2d(self.narrow, self.weight, None, STRIDE, PADDING)

    def weight_gradient(self) -> Tensor:
        """Of either layer, given what went in and the gradient of what came out."""
        assert self.wide is not None
        assert self.narrow is not None
        gradients = convolution_backward(self.narrow, self.wide, self.weight, (False, True))
        return gradients[1]


class WinogradProducts(TorchProducts):
    """All three by Winograd's algorithm; each operand is transformed once, and work is shared out by pictures."""

    tile = winograd.OF_TWO

    @classmethod
    def fit(cls, pictures: Tensor, height: int, width: int) -> bool:
        plain = pictures.dtype == torch.float32 and pictures.device.type == "cpu"
        return plain and cls.tile.fits(height, width)

    def narrow_map(self) -> Tensor:
        assert self.wide is not None
        tile, wide, weight = self.tile, by_pixels(self.wide), self._spread_weight.mirrored
        narrow = wide.new_empty(wide.shape[0], wide.shape[1] // 2, wide.shape[2] // 2, len(self.weight))
        self._spread_wide = spread = self._room(narrow.shape, 4 * wide.shape[3])
        products = self._room(narrow.shape, narrow.shape[3])

        def work(part: slice) -> None:
            winograd.spread_wide(tile, wide, spread, part)
            _multiply(spread, weight, products, part)
            winograd.collect_narrow(tile, products, narrow, part)

        share(len(wide), work)
        return by_channels(narrow)

    def wide_map(self) -> Tensor:
        assert self.narrow is not None
        tile, narrow, weight = self.tile, by_pixels(self.narrow), self._spread_weight.plain
        count, height, width, channels = narrow.shape
        wide = narrow.new_empty(count, 2 * height, 2 * width, self.weight.shape[1])
        self._spread_narrow = spread = self._room(narrow.shape, channels)
        products = self._room(narrow.shape, 4 * wide.shape[3])

        def work(part: slice) -> None:
            winograd.spread_narrow(tile, narrow, spread, part)
            _multiply(spread, weight, products, part)
            winograd.collect_wide(tile, products, wide, part)

        share(count, work)
        return by_channels(wide)

    def weight_gradient(self) -> Tensor:
        wide, narrow = self._spread_wide.flatten(1, 2), self._spread_narrow.flatten(1, 2)
        gradient = torch.empty_like(by_pixels(self.weight))
        products = wide.new_empty(len(wide), narrow.shape[2], wide.shape[2])

        def work(part: slice) -> None:
            torch.bmm(narrow[:, :, part].mT, wide, out=products[:, part])
            winograd.collect_weight(self.tile, products, gradient, part)

        share(len(gradient), work)
        return by_channels(gradient)

    @cached_property
    def _spread_wide(self) -> Tensor:
        """V, `[P², N, tiles, 4C]`."""
        assert self.wide is not None
        wide = by_pixels(self.wide)
        count, height, width, channels = wide.shape
        spread = self._room((count, height // 2, width // 2), 4 * channels)
        share(count, lambda part: winograd.spread_wide(self.tile, wide, spread, part))
        return spread

    @cached_property
    def _spread_narrow(self) -> Tensor:
        """A, `[P², N, tiles, K]`."""
        assert self.narrow is not None
        narrow = by_pixels(self.narrow)
        spread = self._room(narrow.shape, narrow.shape[3])
        share(len(narrow), lambda part: winograd.spread_narrow(self.tile, narrow, spread, part))
        return spread

    @property
    def _spread_weight(self) -> SpreadWeight:
        return spread_weight(self.tile, self.weight)

    def _room(self, narrow: Sequence[int], channels: int) -> Tensor:
        """For all points of all tiles of narrow maps of this shape."""
        tiles = narrow[1] // self.tile.side * (narrow[2] // self.tile.side)
        return self.weight.new_empty(self.tile.points**2, narrow[0], tiles, channels)


class LargeTileProducts(WinogradProducts):
    """The same in tiles of four outputs a side: fewer products, of more matrices."""

    tile = winograd.OF_FOUR


class UnfoldedGradientProducts(TorchProducts):
    """The weight gradient alone as one matrix product with the windows of the wide map (im2col); in any precision."""

    def weight_gradient(self) -> Tensor:
        assert self.wide is not None
        assert self.narrow is not None
        wide = functional.pad(by_pixels(self.wide), (0, 0, PADDING, PADDING, PADDING, PADDING))
        narrow = by_pixels(self.narrow)
        count, height, width, channels = narrow.shape
        picture, line, pixel, _ = wide.stride()
        windows = wide.as_strided(
            (count, height, width, SIDE, SIDE * wide.shape[3]), (picture, STRIDE * line, STRIDE * pixel, line, 1)
        )
        products = narrow.view(-1, channels).mT @ windows.reshape(count * height * width, -1)
        return by_channels(products.view(channels, SIDE, SIDE, -1))


class PlanesProducts(TorchProducts):
    """For a wide map of few channels, a picture: it is summed up from planes of one matrix product."""

    def wide_map(self) -> Tensor:
        assert self.narrow is not None
        return by_channels(wide_from_planes(by_pixels(self.narrow), by_pixels(self.weight)))


def convolution_backward(
    narrow: Tensor, wide: Tensor, weight: Tensor, wanted: tuple[bool, bool]
) -> tuple[Tensor, Tensor]:
    """Gradients of the convolution with respect to wide map and weight, by torch; they can be differentiated again."""
    stride, padding, none = [STRIDE, STRIDE], [PADDING, PADDING], [0, 0]
    mask = [*wanted, False]
    return torch.ops.aten.convolution_backward(
        narrow, wide, weight, None, stride, padding, [1, 1], False, none, 1, mask
    )[:2]


def _multiply(spread: Tensor, weight: Tensor, products: Tensor, part: slice) -> None:
    """`[P², N, tiles, rows]` by `[P², rows, columns]`, for these pictures."""
    torch.bmm(spread[:, part].flatten(1, 2), weight, out=products[:, part].flatten(1, 2))
