"""A pool of past fakes: D does not forget what the generator made before (Shrivastava 2017, section 2.3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PicturePool(nn.Module):
    """Buffers alone, so that a checkpoint holds the pool as it is."""

    pictures: Tensor
    filled: Tensor

    def __init__(self, capacity: int, channels: int, size: int) -> None:
        super().__init__()
        self.register_buffer("pictures", torch.zeros(capacity, channels, size, size))
        self.register_buffer("filled", torch.zeros((), dtype=torch.int64))

    @torch.no_grad()
    def swap(self, fakes: Tensor) -> Tensor:
        """Fakes `[N, C, H, W]` → as many, about half of them from the past.

        While the pool fills, each fake goes in and comes back as it is. From then on half of the fakes, by chance, are
        kept in the place of one that is handed out. Draws from torch's global random state and never waits for the
        device. Of more fakes than the pool holds, those beyond it come back as they are.
        """
        capacity, device = len(self.pictures), fakes.device
        count = min(len(fakes), capacity)
        if not count:
            return fakes
        fresh = fakes[:count].to(self.pictures.dtype)
        filling = self.filled < capacity
        # Different places within a batch: no fake may write over another of its own batch
        drawn = torch.rand(capacity, device=device).argsort()[:count]
        places = torch.where(filling, (self.filled + torch.arange(count, device=device)) % capacity, drawn)
        swapped = ~filling & (torch.rand(count, device=device) < 0.5)
        past = self.pictures[places]
        kept = (filling | swapped).view(-1, 1, 1, 1)
        self.pictures[places] = torch.where(kept, fresh, past)
        self.filled.add_(count).clamp_(max=capacity)
        handed_out = torch.where(swapped.view(-1, 1, 1, 1), past, fresh).to(fakes.dtype)
        return torch.cat([handed_out, fakes[count:]])
