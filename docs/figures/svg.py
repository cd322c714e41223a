"""Draws traced networks side by side as SVG: a line for each layer, its bar as wide as its map is large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from docs.figures.trace import Network, Row

COLUMN, ROW, GAP, MARGIN = 450, 24, 36, 18
BAR, THIN = 84, 8
"""Widths of the widest bar and of one that stands for plain numbers."""
INK, MUTED, PAPER, LINE = "#1f2430", "#5d6675", "#ffffff", "#d5dae2"
COLOURS = ("#8fb4ee", "#8fcfa8", "#f0b884", "#c9a6e6")


def drawing(title: str, networks: Sequence[Network]) -> str:
    """An SVG document. A network beyond the fourth begins a second row."""
    columns = [networks[start : start + 4] for start in range(0, len(networks), 4)]
    width = MARGIN * 2 + max(map(len, columns)) * (COLUMN + GAP) - GAP
    heights = [max(len(network.rows) for network in row) * ROW + 52 for row in columns]
    body = [f'<text x="{MARGIN}" y="30" font-size="17" font-weight="600" fill="{INK}">{escape(title)}</text>']
    top = 44
    for row, height in zip(columns, heights, strict=True):
        for place, network in enumerate(row):
            body += _network(network, MARGIN + place * (COLUMN + GAP), top, COLOURS[place % len(COLOURS)])
        top += height
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top}" viewBox="0 0 {width} {top}" '
            'font-family="DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif" font-size="12">',
            f'<rect width="{width}" height="{top}" rx="8" fill="{PAPER}" stroke="{LINE}"/>',
            *body,
            "</svg>",
            "",
        )
    )


def _network(network: Network, left: int, top: int, colour: str) -> Iterator[str]:
    largest = max(_size(row) for row in network.rows)
    yield f'<text x="{left}" y="{top + 18}" font-size="14" font-weight="600" fill="{INK}">{escape(network.name)}</text>'
    total = f"{network.parameters:,} parameters"
    yield f'<text x="{left + COLUMN}" y="{top + 18}" text-anchor="end" fill="{MUTED}">{total}</text>'
    for place, row in enumerate(network.rows):
        yield from _row(row, left, top + 28 + place * ROW, largest, colour)


def _row(row: Row, left: int, top: int, largest: int, colour: str) -> Iterator[str]:
    share = math.log2(_size(row) + 1) / math.log2(largest + 1) if largest else 0.0
    width = max(THIN, round(BAR * share))
    middle, base = left + BAR // 2, top + 14
    yield f'<rect x="{middle - width // 2}" y="{top + 2}" width="{width}" height="{ROW - 8}" rx="3" fill="{colour}"/>'
    times = f"{row.times} × " if row.times > 1 else ""
    yield f'<text x="{left + BAR + 12}" y="{base}" fill="{INK}">{escape(times + row.text)}</text>'
    yield f'<text x="{left + COLUMN}" y="{base}" text-anchor="end" fill="{MUTED}">{_shape(row.shape)}</text>'


def _size(row: Row) -> int:
    """Side of the map; 0 for plain numbers."""
    return row.shape[-1] if len(row.shape) == 3 else 0


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) if shape else "1"
