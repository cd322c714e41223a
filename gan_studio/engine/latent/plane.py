"""A plane of seeds to walk on: along a row from seed to seed, across from row to row."""

from __future__ import annotations

import math

from torch import Tensor

from gan_studio.engine.latent.seeds import at_position, blend
from gan_studio.engine.sampler_controls import ControlSpec

ROW_LENGTH = 1000
"""Row r starts at seed 1000 r, so that row 0 is the seeds as people type them."""


def at_point(spec: ControlSpec, seed: float, row: float = 0.0) -> Tensor:
    """The latent `[*spec.shape]` at a point of the plane; at whole numbers exactly that of seed `seed + 1000 row`."""
    start_row = math.floor(row)
    fraction = row - start_row
    start = at_position(spec, seed + ROW_LENGTH * start_row)
    if fraction == 0:
        return start
    return blend(start, at_position(spec, seed + ROW_LENGTH * (start_row + 1)), fraction, spec.prior)
