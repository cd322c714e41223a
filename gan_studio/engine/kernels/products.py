"""The three products of a 4×4 layer of stride 2 and padding 1, in several ways.

A convolution takes a wide map to a narrow one. Its gradient with respect to the wide map is the transposed convolution
of the narrow map's gradient, and the other way round: the layers of a discriminator and of a generator need the same
three products. Maps `[N, C, 2H, 2W]` and `[N, K, H, W]` and weights `[K, C, 4, 4]` lie in memory by pixels.
"""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor
from torch.nn import functional

from gan_studio.engine.kernels import winograd
from gan_studio.engine.kernels.planes import wide_from_planes
from gan_studio.engine.kernels.workers import share

SIDE, STRIDE, PADDING = 4, 2, 1


class TorchProducts:
    """As torch computes them. What is given as None is not needed for the products that are asked for."""

    def __init__(self, weight: Tensor, wide: Tensor | None = None, narrow: Tensor | None = None) -> None:
        self.weight, self.wide, self.narrow = weight, wide, narrow

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

    def narrow_map(self) -> Tensor:
        assert self.wide is not None
        wide, weight = by_pixels(self.wide), self._spread_weight
        count, height, width = wide.shape[0], wide.shape[1] // 2, wide.shape[2] // 2
        narrow = wide.new_empty(count, height, width, len(self.weight))
        self._spread_wide = spread = _spread(count, height, width, 4 * wide.shape[3], wide)

        def work(part: slice) -> None:
            mine = spread[:, part].flatten(1, 2)
            winograd.spread_wide(wide[part], mine)
            winograd.collect_narrow(torch.bmm(mine, weight.mT), narrow[part])

        share(count, work)
        return by_channels(narrow)

    def wide_map(self) -> Tensor:
        assert self.narrow is not None
        narrow, weight = by_pixels(self.narrow), self._spread_weight
        count, height, width, channels = narrow.shape
        wide = narrow.new_empty(count, 2 * height, 2 * width, self.weight.shape[1])
        self._spread_narrow = spread = _spread(count, height, width, channels, narrow)

        def work(part: slice) -> None:
            mine = spread[:, part].flatten(1, 2)
            winograd.spread_narrow(narrow[part], mine)
            winograd.collect_wide(torch.bmm(mine, weight), wide[part])

        share(count, work)
        return by_channels(wide)

    def weight_gradient(self) -> Tensor:
        wide, narrow = self._spread_wide.flatten(1, 2), self._spread_narrow.flatten(1, 2)
        gradient = wide.new_empty(by_pixels(self.weight).shape)

        def work(part: slice) -> None:
            winograd.collect_weight(torch.bmm(narrow[:, :, part].mT, wide), gradient[part])

        share(len(gradient), work)
        return by_channels(gradient)

    @cached_property
    def _spread_wide(self) -> Tensor:
        """V, `[9, N, tiles, 4C]`."""
        assert self.wide is not None
        wide = by_pixels(self.wide)
        spread = _spread(len(wide), wide.shape[1] // 2, wide.shape[2] // 2, 4 * wide.shape[3], wide)
        share(len(wide), lambda part: winograd.spread_wide(wide[part], spread[:, part].flatten(1, 2)))
        return spread

    @cached_property
    def _spread_narrow(self) -> Tensor:
        """A, `[9, N, tiles, K]`."""
        assert self.narrow is not None
        narrow = by_pixels(self.narrow)
        count, height, width, channels = narrow.shape
        spread = _spread(count, height, width, channels, narrow)
        share(len(narrow), lambda part: winograd.spread_narrow(narrow[part], spread[:, part].flatten(1, 2)))
        return spread

    @cached_property
    def _spread_weight(self) -> Tensor:
        """U, `[9, K, 4C]`."""
        weight = by_pixels(self.weight)
        spread = weight.new_empty(winograd.POINTS**2, len(weight), 4 * weight.shape[3])
        share(len(weight), lambda part: winograd.spread_weight(weight[part], spread[:, part]))
        return spread


class WinogradGradientProducts(WinogradProducts):
    """The weight gradient alone by Winograd's algorithm: for large maps, whose transformation costs most."""

    narrow_map = TorchProducts.narrow_map
    wide_map = TorchProducts.wide_map


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


def _spread(count: int, height: int, width: int, channels: int, like: Tensor) -> Tensor:
    """Room for the points of all tiles of narrow maps of this size."""
    return like.new_empty(winograd.POINTS**2, count, height // winograd.TILE * (width // winograd.TILE), channels)


def by_pixels(tensor: Tensor) -> Tensor:
    """`[N, C, H, W]` → contiguous `[N, H, W, C]`, a view where the memory lies so already."""
    return tensor.permute(0, 2, 3, 1).contiguous()


def by_channels(tensor: Tensor) -> Tensor:
    """`[N, H, W, C]` → a view `[N, C, H, W]`."""
    return tensor.permute(0, 3, 1, 2)
