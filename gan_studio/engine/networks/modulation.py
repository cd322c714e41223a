"""How a style steers a layer: modulated convolutions (Karras 2020b, section 2.2), and AdaIN (Karras 2019, eq. 1)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gan_studio.engine.networks.equalised import EqualisedConv, EqualisedLinear
from gan_studio.engine.networks.resampling import blurred, doubled

EPSILON = 1e-8


class ModulatedConv(nn.Module):
    """A convolution whose inputs are scaled by a style, and whose outputs are scaled back to unit variance.

    Scaling features before and after the convolution gives the same as a weight of its own for each picture, without
    a convolution of its own for each.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int, style_size: int, *, demodulate: bool = True, double: bool = False
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.style = EqualisedLinear(style_size, inputs, gain=1, bias=1.0)
        self.scale = 1 / math.sqrt(inputs * kernel**2)
        self.demodulate, self.doubles = demodulate, double

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        """`[N, inputs, S, S]`, w `[N, style_size]` → `[N, outputs, S, S]`, or twice the side."""
        scales = self.style(style)
        weight = self.weight * self.scale
        outputs = self._convolved(features * scales[:, :, None, None].to(features.dtype), weight)
        if self.demodulate:
            outputs = outputs * demodulation(weight, scales)[:, :, None, None].to(outputs.dtype)
        return outputs

    def _convolved(self, features: Tensor, weight: Tensor) -> Tensor:
        if not self.doubles:
            return F.conv2d(features, weight, padding=weight.shape[-1] // 2)
        spread = F.conv_transpose2d(features, weight.transpose(0, 1), stride=2)
        return blurred(spread, padding=1, gain=4.0)


def demodulation(weight: Tensor, scales: Tensor) -> Tensor:
    """1 / √(Σ(s w)² + 1e-8) over each output's inputs and places; `[O, I, K, K]`, `[N, I]` → `[N, O]`, in fp32."""
    with torch.autocast(weight.device.type, enabled=False):
        energies = weight.float().square().sum((2, 3))
        return (scales.float().square() @ energies.t() + EPSILON).rsqrt()


class AdaIN(nn.Module):
    """Instance normalisation, then a scale and an offset from the style."""

    def __init__(self, width: int, style_size: int) -> None:
        super().__init__()
        self.style = EqualisedLinear(style_size, 2 * width, gain=1)

    def forward(self, features: Tensor, style: Tensor) -> Tensor:
        scale, offset = self.style(style)[:, :, None, None].float().chunk(2, 1)
        wide = features.float()
        variance, mean = torch.var_mean(wide, (2, 3), correction=0, keepdim=True)
        return ((wide - mean) * (variance + EPSILON).rsqrt() * (scale + 1) + offset).to(features.dtype)


class DoublingConv(nn.Module):
    """An unmodulated 3×3 convolution, to the same side or twice the side; what AdaIN comes after."""

    def __init__(self, inputs: int, outputs: int, *, double: bool) -> None:
        super().__init__()
        self.convolution = EqualisedConv(inputs, outputs, 3, gain=1, bias=False)
        self.doubles = double

    def forward(self, features: Tensor) -> Tensor:
        return self.convolution(doubled(features) if self.doubles else features)
