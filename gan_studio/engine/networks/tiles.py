"""A picture of any size through a convolutional network, tile by tile: seamless where tiles overlap far enough."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

from gan_studio.engine.progress import IsCancelled, Progress, check


def in_tiles(
    network: Callable[[Tensor], Tensor],
    picture: Tensor,
    *,
    scale: int,
    tile: int,
    overlap: int,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Tensor:
    """What `network` makes of a picture `[C, H, W]`: `[C', H * scale, W * scale]`.

    Args:
        scale: how many times as large the network's picture is.
        tile: side of the square that is kept of each tile, in pixels of `picture`.
        overlap: what is added on each side and cut off again. Where it covers the network's reach, and the network
            works on every place alike, the result is that of the whole picture.
        progress: called with tiles done and their number.

    Raises Cancelled.
    """
    _, height, width = picture.shape
    corners = [(top, left) for top in range(0, height, tile) for left in range(0, width, tile)]
    whole: Tensor | None = None
    for done, (top, left) in enumerate(corners, start=1):
        check(cancelled)
        (rows, kept_rows), (columns, kept_columns) = (
            _reach(top, height, tile, overlap),
            _reach(left, width, tile, overlap),
        )
        made = network(picture[None, :, rows, columns])[0]
        if whole is None:
            whole = made.new_empty((len(made), height * scale, width * scale))
        target = [slice(start * scale, min(start + tile, end) * scale) for start, end in ((top, height), (left, width))]
        whole[:, target[0], target[1]] = made[:, _times(kept_rows, scale), _times(kept_columns, scale)]
        if progress is not None:
            progress(done, len(corners))
    assert whole is not None
    return whole


def _reach(start: int, end: int, tile: int, overlap: int) -> tuple[slice, slice]:
    """Where a tile is read, and which part of what was read is kept."""
    first, last = max(0, start - overlap), min(end, start + tile + overlap)
    return slice(first, last), slice(start - first, min(start + tile, end) - first)


def _times(part: slice, scale: int) -> slice:
    return slice(part.start * scale, part.stop * scale)
