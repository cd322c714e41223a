"""Draws traced networks side by side as SVG: a bar a layer, as wide as its map is large, as dark as it has weights."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from docs.figures.trace import Network, Row

COLUMN, ROW, GAP, MARGIN = 430, 30, 28, 16
BAR, NARROWEST = 390, 215
INK, MUTED, PAPER, LINE = "#1f2430", "#5d6675", "#ffffff", "#d5dae2"
COLOURS = ("#dbe7fb", "#dcf1e4", "#fbe9d7", "#efe2f8")


def drawing(title: str, networks: Sequence[Network]) -> str:
    """An SVG document. A network beyond the fourth begins a second row."""
    columns = [networks[start : start + 4] for start in range(0, len(networks), 4)]
    width = MARGIN * 2 + max(map(len, columns)) * (COLUMN + GAP) - GAP
    heights = [max(len(network.rows) for network in row) * ROW + 64 for row in columns]
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
    share = math.log2(_size(row) + 1) / math.log2(largest + 1) if largest else 1.0
    width = NARROWEST + round((BAR + 40 - NARROWEST) * share)
    yield f'<rect x="{left}" y="{top}" width="{width}" height="{ROW - 5}" rx="4" fill="{colour}" stroke="{LINE}"/>'
    times = f"{row.times} × " if row.times > 1 else ""
    text = escape(_cut(times + row.text, width))
    yield f'<text x="{left + 8}" y="{top + 17}" fill="{INK}">{text}</text>'
    yield f'<text x="{left + width - 8}" y="{top + 17}" text-anchor="end" fill="{MUTED}">{_shape(row.shape)}</text>'


def _size(row: Row) -> int:
    """Side of the map; 0 for plain numbers."""
    return row.shape[-1] if len(row.shape) == 3 else 0


def _shape(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape)) if shape else "1"


def _cut(text: str, width: int) -> str:
    """As much as fits beside the shape, at about seven pixels a letter."""
    most = (width - 100) // 7
    return text if len(text) <= most else text[: most - 1] + "…"
