"""Batches of points in the plane, drawn without end: no point comes twice."""

from __future__ import annotations

from typing import Any

import torch

from gan_studio.engine.data.batches import Batch
from gan_studio.engine.data.points import Shape
from gan_studio.engine.latent.drawing import Share


class PointBatches:
    """The counterpart of `Batches`. The only state is `drawn`."""

    def __init__(
        self,
        shape: Shape,
        *,
        batch_size: int,
        seed: int,
        device: torch.device | str,
        share: Share = Share(),  # noqa: B008
    ) -> None:
        """`share` is this process's part of each batch."""
        self.drawn = 0
        self.batch_size = batch_size
        self.device = torch.device(device)
        self._shape, self._seed, self._share = shape, seed, share

    def next(self, batch_size: int | None = None) -> Batch:
        """The next points, float32 `[N, 2]`; they have no classes."""
        count = self.batch_size if batch_size is None else batch_size
        own = self._share.of(self.drawn, count)
        points = self._shape.draw(self._seed, own)
        self.drawn += count
        return Batch(torch.from_numpy(points).to(self.device), torch.full((len(own),), -1, device=self.device))

    def state_dict(self) -> dict[str, Any]:
        return {"drawn": self.drawn}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.drawn = int(state["drawn"])
