"""Layers that compute in another way than torch does: which ways fit a layer, and how one is put in its place.

Nothing about a network changes but the time it takes: names, weights, copies and files stay as they are, and without
gradients (sampling, exports, the averaged generator) a layer computes as torch does, so that a picture is the same
wherever its generator is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function

from gan_studio.engine.kernels import products, winograd
from gan_studio.engine.kernels.pixels import by_channels, by_pixels
from gan_studio.engine.kernels.products import TorchProducts, convolution_backward

Layer = nn.Conv2d | nn.ConvTranspose2d
_FEW_CHANNELS = 4


def ways(layer: nn.Module) -> tuple[str, ...]:
    """Names of the ways in which a layer can be computed beside torch's own."""
    return tuple(name for name, (fits, _) in _WAYS.items() if isinstance(layer, Layer) and fits(layer))


def layers(network: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Those of a network that there are other ways for, by their names in it."""
    return ((name, module) for name, module in network.named_modules() if ways(module))


def compute_by(layer: nn.Module, way: str) -> None:
    """Compute a layer in one of `ways(layer)` from now on. Raises KeyError for a way that does not exist."""
    # A method, because copies of methods belong to the copied layer
    layer.forward = MethodType(_WAYS[way][1], layer)


def compute_as_torch(layer: nn.Module) -> None:
    """Undo `compute_by`."""
    vars(layer).pop("forward", None)


def compute_by_name(network: nn.Module, name: str, way: str) -> None:
    """`compute_by` for the layer of this name, unless the network has none that the way fits."""
    layer = dict(network.named_modules()).get(name)
    if layer is not None and way in ways(layer):
        compute_by(layer, way)


class _Halving(Function):
    """The convolution, from a wide map to a narrow one."""

    @staticmethod
    def forward(ctx: Any, kind: type[TorchProducts], wide: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(wide, weight)
        ctx.products = kind(weight, wide=wide)
        return ctx.products.narrow_map()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        (gradient,) = gradients
        wide, weight = ctx.saved_tensors
        _, for_wide, for_weight = ctx.needs_input_grad
        if torch.is_grad_enabled():
            return None, *convolution_backward(gradient, wide, weight, (for_wide, for_weight))
        ctx.products.narrow = gradient
        return (
            None,
            ctx.products.wide_map() if for_wide else None,
            ctx.products.weight_gradient() if for_weight else None,
        )


class _Doubling(Function):
    """The transposed convolution, from a narrow map to a wide one."""

    @staticmethod
    def forward(ctx: Any, kind: type[TorchProducts], narrow: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(narrow, weight)
        ctx.products = kind(weight, narrow=narrow)
        return ctx.products.wide_map()

    @staticmethod
    def backward(ctx: Any, *gradients: Any) -> Any:
        (gradient,) = gradients
        narrow, weight = ctx.saved_tensors
        _, for_narrow, for_weight = ctx.needs_input_grad
        if torch.is_grad_enabled():
            return None, *_transposed_backward(gradient, narrow, weight, (for_narrow, for_weight))
        ctx.products.wide = gradient
        return (
            None,
            ctx.products.narrow_map() if for_narrow else None,
            ctx.products.weight_gradient() if for_weight else None,
        )


def _transposed_backward(wide: Tensor, narrow: Tensor, weight: Tensor, wanted: tuple[bool, bool]) -> Any:
    stride, padding = [products.STRIDE] * 2, [products.PADDING] * 2
    return torch.ops.aten.convolution_backward(
        wide, narrow, weight, None, stride, padding, [1, 1], True, [0, 0], 1, [*wanted, False]
    )[:2]


def _paired(kind: type[TorchProducts]) -> Callable[[Any, Tensor], Tensor]:
    """A forward method that computes by these products where they apply, and as torch does elsewhere."""

    def forward(layer: Any, pictures: Tensor) -> Tensor:
        transposed = isinstance(layer, nn.ConvTranspose2d)
        sides = pictures.shape[2:] if transposed else [side // 2 for side in pictures.shape[2:]]
        whole = transposed or all(side % 2 == 0 for side in pictures.shape[2:])
        if not (torch.is_grad_enabled() and pictures.dim() == 4 and whole):
            return type(layer).forward(layer, pictures)
        operands = _widened(pictures, layer.weight)
        if not kind.fit(operands[0], *sides):
            return type(layer).forward(layer, pictures)
        function = _Doubling if transposed else _Halving
        result = function.apply(kind, *operands)
        return result if layer.bias is None else result + layer.bias.view(-1, 1, 1)

    return forward


def _as_matrix(layer: Any, pictures: Tensor) -> Tensor:
    """A kernel as large as the map it sees, or that it makes, is one matrix."""
    if isinstance(layer, nn.ConvTranspose2d):
        if not torch.is_grad_enabled() or pictures.shape[2:] != (1, 1):
            return nn.ConvTranspose2d.forward(layer, pictures)
        pictures, weight = _widened(pictures, layer.weight)
        pixels = by_pixels(weight)
        result = by_channels((pictures.flatten(1) @ pixels.flatten(1)).view(-1, *pixels.shape[1:]))
    else:
        if not torch.is_grad_enabled() or pictures.shape[2:] != layer.weight.shape[2:]:
            return nn.Conv2d.forward(layer, pictures)
        pictures, weight = _widened(pictures, layer.weight)
        result = (by_pixels(pictures).flatten(1) @ by_pixels(weight).flatten(1).mT)[:, :, None, None]
    return result if layer.bias is None else result + layer.bias.view(-1, 1, 1)


def _widened(pictures: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    """Both in the precision of the autocast that a layer runs under, or as they are."""
    kind = pictures.device.type
    if not torch.is_autocast_enabled(kind):
        return pictures, weight
    return pictures.to(torch.get_autocast_dtype(kind)), weight.to(torch.get_autocast_dtype(kind))


def _plain(layer: Layer) -> bool:
    padded = layer.padding_mode == "zeros" and not any(getattr(layer, "output_padding", (0,)))
    return padded and layer.groups == 1 and set(layer.dilation) == {1} and not isinstance(layer.padding, str)


def _is_paired(layer: Layer) -> bool:
    shape = (tuple(layer.kernel_size), tuple(layer.stride), tuple(layer.padding))
    return _plain(layer) and shape == ((4, 4), (2, 2), (1, 1))


def _is_thin(layer: Layer) -> bool:
    """Whether the wide map of the layer is a picture."""
    wide = layer.out_channels if isinstance(layer, nn.ConvTranspose2d) else layer.in_channels
    return _is_paired(layer) and wide <= _FEW_CHANNELS


def _is_matrix(layer: Layer) -> bool:
    return _plain(layer) and set(layer.stride) == {1} and set(layer.padding) == {0} and set(layer.kernel_size) != {1}


def _is_wide(layer: Layer) -> bool:
    return _is_paired(layer) and not _is_thin(layer)


def _is_compiled(layer: Layer) -> bool:
    return _is_wide(layer) and winograd.available()


_WAYS: Mapping[str, tuple[Callable[[Any], bool], Callable[[Any, Tensor], Tensor]]] = {
    "winograd": (_is_compiled, _paired(products.WinogradProducts)),
    "winograd of four": (_is_compiled, _paired(products.LargeTileProducts)),
    "unfolded gradient": (_is_wide, _paired(products.UnfoldedGradientProducts)),
    "planes": (_is_thin, _paired(products.PlanesProducts)),
    "matrix": (_is_matrix, _as_matrix),
}
