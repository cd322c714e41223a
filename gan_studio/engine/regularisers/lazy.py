"""What lazy penalties ask of an optimiser (Karras 2020b, appendix B)."""

from __future__ import annotations

from torch import nn
from torch.optim import Adam


def lazy_adam(network: nn.Module, rate: float, betas: tuple[float, float], share: float = 1.0) -> Adam:
    """Adam with its rate times `share` and each β to the power of it; 1 where no penalty is lazy."""
    return Adam(network.parameters(), rate * share, (betas[0] ** share, betas[1] ** share), fused=True)
