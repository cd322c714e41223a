"""Measures of how good samples are: each with the floor that real pictures reach, none with downloaded weights."""

from gan_studio.engine.metrics.floor import BesideFloor, beside_floor, real_floor
from gan_studio.engine.metrics.sliced_wasserstein import SlicedWasserstein, sliced_wasserstein

__all__ = ["BesideFloor", "SlicedWasserstein", "beside_floor", "real_floor", "sliced_wasserstein"]
