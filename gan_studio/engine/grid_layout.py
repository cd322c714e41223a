"""Where the cells of a sample grid lie. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GAP = 2
"""Pixels between the cells of a run's grids."""


@dataclass(frozen=True)
class GridLayout:
    """A grid of equal cells with gaps between; all in pixels of the grid."""

    columns: int
    rows: int
    cell_width: int
    cell_height: int
    gap: int = GAP

    @classmethod
    def of(cls, width: int, height: int, picture_size: int) -> GridLayout:
        """The layout of a grid of this size that shows square pictures; one cell where they do not fill it evenly."""
        pitch = picture_size + GAP
        if picture_size > 0 and (width + GAP) % pitch == 0 and (height + GAP) % pitch == 0:
            return cls((width + GAP) // pitch, (height + GAP) // pitch, picture_size, picture_size)
        return cls(1, 1, width, height)

    @property
    def cells(self) -> int:
        return self.columns * self.rows

    def rect(self, cell: int) -> tuple[int, int, int, int]:
        """Left, top, width and height of a cell, counted row by row from 0. Raises IndexError."""
        if not 0 <= cell < self.cells:
            raise IndexError(f"There is no cell {cell}: the grid has {self.cells}.")
        row, column = divmod(cell, self.columns)
        left, top = column * (self.cell_width + self.gap), row * (self.cell_height + self.gap)
        return left, top, self.cell_width, self.cell_height

    def at(self, x: float, y: float) -> int | None:
        """The cell at a pixel; a gap belongs to the cell before it; None outside."""
        column, row = int(x // (self.cell_width + self.gap)), int(y // (self.cell_height + self.gap))
        inside = 0 <= column < self.columns and 0 <= row < self.rows
        return row * self.columns + column if inside else None

    def moved(self, cell: int, right: int, down: int) -> int:
        """The cell so many columns and rows away, as far as the grid goes."""
        row, column = divmod(cell, self.columns)
        column = min(max(column + right, 0), self.columns - 1)
        return min(max(row + down, 0), self.rows - 1) * self.columns + column


def cut_cell(pixels: np.ndarray, layout: GridLayout, cell: int) -> np.ndarray:
    """One cell of a grid uint8 `[H, W, 3]`, C-contiguous. Raises IndexError."""
    left, top, width, height = layout.rect(cell)
    return np.ascontiguousarray(pixels[top : top + height, left : left + width])
