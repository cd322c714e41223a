"""Random numbers without state: a number is a pure function of a seed and of what it is for. Imports no torch."""

from __future__ import annotations

import numpy as np

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def mix(seed: int, *path: int, counter: np.ndarray) -> np.ndarray:
    """64 random bits for each number of `counter`, uint64 of the same shape.

    `seed` and `path` (purpose, epoch …) choose the stream. splitmix64 (Steele, Lea and Flood 2014, "Fast splittable
    pseudorandom number generators", figure 17), so the numbers are the same on every machine and numpy version.
    """
    stream = _scramble(seed & _MASK)
    for part in path:
        stream = _scramble(stream ^ _scramble((part + 1) & _MASK))
    with np.errstate(over="ignore"):
        bits = np.uint64(stream) + (counter.astype(np.uint64) + np.uint64(1)) * np.uint64(_GOLDEN)
        bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


def permutation(count: int, seed: int, *path: int) -> np.ndarray:
    """The numbers below `count` in a random order, int64 `[count]`."""
    return np.argsort(mix(seed, *path, counter=np.arange(count)), kind="stable")


def _scramble(value: int) -> int:
    value = (value + _GOLDEN) & _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)
