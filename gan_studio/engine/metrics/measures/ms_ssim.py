"""Variety by multi-scale structural similarity (Wang 2003): how alike two samples are, on the average of many pairs.

Odena 2017, section 4.2: a generator that has collapsed makes pictures that are more alike than real ones are.
"""

from __future__ import annotations

import torch
from torch import Tensor

from gan_studio.engine.metrics.measure import Measured, PictureMeasure, register_measure
from gan_studio.engine.metrics.subject import Subject

PAPER_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Of the five scales (Wang 2003, section 4)."""
CHUNK = 32


@register_measure
class Similarity(PictureMeasure):
    name = "ms_ssim"
    title = "MS-SSIM of pairs"
    summary = "How alike two samples are; above real pairs, variety is lacking."
    better = "lower"
    cost = 6
    order = 10

    def measure(self, subject: Subject) -> Measured:
        scales = scales_of(subject.picture.size)
        value = similarity_of_pairs(subject.fakes, subject)
        floor = subject.reals_know("ms_ssim", lambda: similarity_of_pairs(subject.reals, subject))
        note = f"{len(subject.reals) // 2:,} pairs, {'1 scale' if scales == 1 else f'{scales} scales'}"
        return Measured(value, floor, note=note)


def scales_of(size: int) -> int:
    """3 from 64 px on, 2 at 32 px, 1 below: the coarsest map is then no smaller than 16 px."""
    return 3 if size >= 64 else 2 if size >= 32 else 1


def scale_weights(scales: int) -> tuple[float, ...]:
    """The paper's weights of the finest scales, summing up to 1 again."""
    chosen = PAPER_WEIGHTS[:scales]
    return tuple(weight / sum(chosen) for weight in chosen)


def similarity_of_pairs(pictures: Tensor, subject: Subject) -> float:
    """Mean MS-SSIM, from 0 to 1, of each picture with the next: disjoint pairs of uint8 `[N, C, H, W]`."""
    pairs = len(pictures) // 2
    if pairs < 1:
        return 1.0
    total = 0.0
    for start in range(0, pairs, CHUNK):
        subject.check()
        some = pictures[2 * start : 2 * min(start + CHUNK, pairs)].to(subject.device).float()
        total += float(ms_ssim(some[0::2], some[1::2]).sum())
    return total / pairs


@torch.no_grad()
def ms_ssim(a: Tensor, b: Tensor) -> Tensor:
    """MS-SSIM `[N]` of pairs of pictures `[N, C, H, W]`, float from 0 to 255; H and W at least 16."""
    from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

    scores = multiscale_structural_similarity_index_measure(
        a, b, data_range=255.0, betas=scale_weights(scales_of(min(a.shape[2:]))), normalize="relu", reduction="none"
    )
    assert isinstance(scores, Tensor)
    return scores.reshape(-1)
