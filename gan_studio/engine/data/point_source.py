"""A shape in the plane as a source like a folder: it holds one picture, which shows its points.

What looks at sources, keeps them or shows them needs to know nothing of points; what trains draws them by `points.py`.
Imports no torch.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from gan_studio.engine.data.points import shape_called, shape_name
from gan_studio.engine.data.scatter import Scatter
from gan_studio.engine.data.sources import Entry, Listing
from gan_studio.engine.progress import IsCancelled

SIDE = 256
SHOWN = 2_500
_SEED = 0


class PointSource:
    def __init__(self, path: Path) -> None:
        """Raises DatasetError for a shape that nobody knows."""
        self.path = path
        self._name = shape_name(path)
        shape = shape_called(self._name)
        scatter = Scatter(SIDE, shape.extent)
        scatter.strong(shape.draw(_SEED, np.arange(SHOWN)))
        file = io.BytesIO()
        Image.fromarray(scatter.pixels()).save(file, "PNG")
        self._png = file.getvalue()

    @property
    def identity(self) -> str:
        return f"points {self._name}"

    def listing(self, cancelled: IsCancelled | None = None) -> Listing:
        return Listing((self.now(f"{self._name}.png"),), ())

    def now(self, name: str) -> Entry:
        return Entry(name, len(self._png), 0)

    @contextmanager
    def peek(self, name: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._png)

    open = peek

    def close(self) -> None:
        return

    def __enter__(self) -> PointSource:
        return self

    def __exit__(self, *error: object) -> None:
        return
