"""The loops of `winograd`, compiled by numba when first called: each goes over its picture once, in the caches.

All arrays are flat fp32 and lie by pixels. `first` and `last` bound the pictures, or the outputs, that a call works on,
so that threads share an array out; no loop holds Python's lock. Loops write to one array and read from another, at
unsigned places: only then the compiler knows that it may compute many numbers at a time.
"""

from __future__ import annotations

import numpy as np
from numba import njit, uintp

# Products and sums may be joined and reordered; what is not finite stays so, because the step looks for it
_compiled = njit(nogil=True, cache=True, error_model="numpy", fastmath={"contract", "reassoc", "nsz"})


@_compiled
def _copy(target, at, source, start, count):
    at, start, count = uintp(at), uintp(start), uintp(count)
    for x in range(count):
        target[at + x] = source[start + x]


@_compiled
def _mix(target, at, source, start, step, count, factors, row):
    """`target = Σ factors[row, k] · source[start + k · step]` for so many numbers from `at` on."""
    at, start, step, count = uintp(at), uintp(start), uintp(step), uintp(count)
    f0, f1 = factors[row, 0], factors[row, 1]
    second, third, fourth = start + step, start + step + step, start + step + step + step
    fifth = fourth + step
    terms = factors.shape[1]
    if terms == 2:
        for x in range(count):
            target[at + x] = f0 * source[start + x] + f1 * source[second + x]
    elif terms == 3:
        f2 = factors[row, 2]
        for x in range(count):
            target[at + x] = f0 * source[start + x] + f1 * source[second + x] + f2 * source[third + x]
    elif terms == 4:
        f2, f3 = factors[row, 2], factors[row, 3]
        for x in range(count):
            near = f0 * source[start + x] + f1 * source[second + x]
            target[at + x] = near + f2 * source[third + x] + f3 * source[fourth + x]
    else:
        f2, f3, f4 = factors[row, 2], factors[row, 3], factors[row, 4]
        for x in range(count):
            near = f0 * source[start + x] + f1 * source[second + x] + f2 * source[third + x]
            target[at + x] = near + f3 * source[fourth + x] + f4 * source[fifth + x]


@_compiled
def _add_mix(target, at, source, start, step, count, factors, row):
    """The same, added to what is there."""
    at, start, step, count = uintp(at), uintp(start), uintp(step), uintp(count)
    f0, f1, f2 = factors[row, 0], factors[row, 1], factors[row, 2]
    second, third, fourth = start + step, start + step + step, start + step + step + step
    fifth = fourth + step
    if factors.shape[1] == 3:
        for x in range(count):
            target[at + x] += f0 * source[start + x] + f1 * source[second + x] + f2 * source[third + x]
    else:
        f3, f4 = factors[row, 3], factors[row, 4]
        for x in range(count):
            near = f0 * source[start + x] + f1 * source[second + x] + f2 * source[third + x]
            target[at + x] += near + f3 * source[fourth + x] + f4 * source[fifth + x]


@_compiled
def spread_wide(wide, spread, factors, tile, count, height, width, channels, first, last):
    """`[N, 2H, 2W, C]` → `[P, P, N, H/tile, W/tile, 2, 2C]` by `factors` `[P, P]`, rows first."""
    points, rows, columns, block = factors.shape[0], height // tile, width // tile, 2 * channels
    line = width * block
    padded_line, plane = line + block, count * rows * columns * 2 * block
    padded = np.zeros((2 * height + 2) * padded_line, np.float32)
    mixed = np.empty(points * 2 * padded_line, np.float32)
    for n in range(first, last):
        for y in range(2 * height):
            _copy(padded, (y + 1) * padded_line + channels, wide, (n * 2 * height + y) * line, line)
        for r in range(rows):
            for half in range(2):
                top = (2 * tile * r + half) * padded_line
                for i in range(points):
                    _mix(mixed, (2 * i + half) * padded_line, padded, top, 2 * padded_line, padded_line, factors, i)
            for i in range(points):
                for c in range(columns):
                    for half in range(2):
                        left = (2 * i + half) * padded_line + tile * c * block
                        at = (((n * rows + r) * columns + c) * 2 + half) * block
                        for j in range(points):
                            _mix(spread, (i * points + j) * plane + at, mixed, left, block, block, factors, j)


@_compiled
def collect_wide(products, wide, factors, tile, count, height, width, channels, first, last):
    """The adjoint of `spread_wide`: `factors` transposed; tiles overlap by a block, and add up where they do."""
    points, rows, columns, block = factors.shape[0], height // tile, width // tile, 2 * channels
    line = width * block
    padded_line, plane = line + block, count * rows * columns * 2 * block
    padded = np.zeros((2 * height + 2) * padded_line, np.float32)
    mixed = np.empty(points * 2 * padded_line, np.float32)
    for n in range(first, last):
        for r in range(rows):
            for i in range(points):
                for half in range(2):
                    for c in range(columns):
                        left = (2 * i + half) * padded_line + tile * c * block
                        at = i * points * plane + (((n * rows + r) * columns + c) * 2 + half) * block
                        if c:
                            _add_mix(mixed, left, products, at, plane, block, factors, 0)
                        else:
                            _mix(mixed, left, products, at, plane, block, factors, 0)
                        for k in range(1, points):
                            _mix(mixed, left + k * block, products, at, plane, block, factors, k)
            for half in range(2):
                top = (2 * tile * r + half) * padded_line
                if r:
                    _add_mix(padded, top, mixed, half * padded_line, 2 * padded_line, padded_line, factors, 0)
                else:
                    _mix(padded, top, mixed, half * padded_line, 2 * padded_line, padded_line, factors, 0)
                for k in range(1, points):
                    row = top + 2 * k * padded_line
                    _mix(padded, row, mixed, half * padded_line, 2 * padded_line, padded_line, factors, k)
        for y in range(2 * height):
            _copy(wide, (n * 2 * height + y) * line, padded, (y + 1) * padded_line + channels, line)


@_compiled
def spread_narrow(narrow, spread, factors, count, height, width, channels, first, last):
    """`[N, H, W, K]` → `[P, P, N, H/tile, W/tile, K]` by `factors` `[P, tile]`, rows first."""
    points, tile = factors.shape
    rows, columns, line = height // tile, width // tile, width * channels
    plane = count * rows * columns * channels
    mixed = np.empty(points * line, np.float32)
    for n in range(first, last):
        for r in range(rows):
            for i in range(points):
                _mix(mixed, i * line, narrow, (n * height + tile * r) * line, line, line, factors, i)
            for i in range(points):
                for c in range(columns):
                    at = ((n * rows + r) * columns + c) * channels
                    for j in range(points):
                        place = (i * points + j) * plane + at
                        _mix(spread, place, mixed, i * line + tile * c * channels, channels, channels, factors, j)


@_compiled
def collect_narrow(products, narrow, factors, count, height, width, channels, first, last):
    """The adjoint of `spread_narrow`: `factors` `[tile, P]`."""
    tile, points = factors.shape
    rows, columns, line = height // tile, width // tile, width * channels
    plane = count * rows * columns * channels
    mixed = np.empty(points * channels, np.float32)
    for n in range(first, last):
        for r in range(rows):
            for c in range(columns):
                at = ((n * rows + r) * columns + c) * channels
                for i in range(tile):
                    for j in range(points):
                        place = at + j * plane
                        _mix(mixed, j * channels, products, place, points * plane, channels, factors, i)
                    row = (n * height + tile * r + i) * line + tile * c * channels
                    for j in range(tile):
                        _mix(narrow, row + j * channels, mixed, 0, channels, channels, factors, j)


@_compiled
def spread_weight(weight, spread, factors, outputs, channels, first, last):
    """`[K, 4, 4, C]` → `[P, P, K, 2, 2C]` by `factors` `[P, 2]`."""
    points, block = factors.shape[0], 2 * channels
    plane = outputs * 2 * block
    mixed = np.empty(2 * block, np.float32)
    for k in range(first, last):
        for i in range(points):
            for half in range(2):
                _mix(mixed, 0, weight, (4 * k + half) * 2 * block, 4 * block, 2 * block, factors, i)
                for j in range(points):
                    place = (i * points + j) * plane + (2 * k + half) * block
                    _mix(spread, place, mixed, 0, block, block, factors, j)


@_compiled
def collect_weight(products, gradient, factors, outputs, channels, first, last):
    """The adjoint of `spread_weight`: `factors` `[2, P]`."""
    points, block = factors.shape[1], 2 * channels
    plane = outputs * 2 * block
    mixed = np.empty(points * block, np.float32)
    for k in range(first, last):
        for half in range(2):
            at = (2 * k + half) * block
            for i in range(2):
                for j in range(points):
                    _mix(mixed, j * block, products, j * plane + at, points * plane, block, factors, i)
                for j in range(2):
                    place = (4 * k + 2 * i + half) * 2 * block + j * block
                    _mix(gradient, place, mixed, 0, block, block, factors, j)
