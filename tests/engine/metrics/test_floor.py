from __future__ import annotations

import pytest
import torch

from gan_studio.engine.errors import DatasetError
from gan_studio.engine.metrics import beside_floor, real_floor
from gan_studio.engine.metrics.floor import disjoint_halves
from tests.engine.metrics.pictures import discs, noisy

QUICK = {"directions": 64, "patches_per_picture": 32}


def test_halves_share_no_picture_and_depend_on_the_seed_alone() -> None:
    pictures = torch.arange(101).view(101, 1, 1, 1).expand(-1, 1, 16, 16).to(torch.uint8)
    first, second = (half[:, 0, 0, 0].tolist() for half in disjoint_halves(pictures, 50, seed=2))
    assert len(first) == len(second) == 50
    assert len({*first, *second}) == 100
    assert first != sorted(first)
    assert disjoint_halves(pictures, 50, seed=2)[0][:, 0, 0, 0].tolist() == first
    assert disjoint_halves(pictures, 50, seed=3)[0][:, 0, 0, 0].tolist() != first


def test_the_floor_takes_half_of_the_pictures_unless_told() -> None:
    reals = discs(41)
    assert real_floor(reals, **QUICK).pictures == 20
    assert real_floor(reals, count=7, **QUICK).pictures == 7


def test_the_floor_sinks_with_more_pictures() -> None:
    reals = discs(800)
    assert real_floor(reals, **QUICK).mean < 0.6 * real_floor(reals, count=40, **QUICK).mean


def test_good_fakes_come_near_the_floor_and_bad_ones_do_not() -> None:
    reals, good = discs(600), discs(300, seed=1)
    near, far = beside_floor(good, reals, **QUICK), beside_floor(noisy(good, 0.3), reals, **QUICK)
    assert near.floor == far.floor == real_floor(reals, **QUICK)
    assert near.distance.mean < 1.5 * near.floor.mean
    assert far.distance.mean > 3 * far.floor.mean


@pytest.mark.parametrize(
    ("fakes", "reals", "count", "expected"), [(50, 40, None, 20), (9, 40, None, 9), (50, 40, 5, 5)]
)
def test_distance_and_floor_are_of_as_many_pictures(fakes: int, reals: int, count: int | None, expected: int) -> None:
    result = beside_floor(discs(fakes), discs(reals, seed=1), count=count, **QUICK)
    assert result.distance.pictures == result.floor.pictures == expected


def test_too_few_reals_are_refused_with_what_would_work() -> None:
    with pytest.raises(DatasetError, match=r"20 pictures needs 40 real ones, and there are 30.*15 pictures or fewer"):
        real_floor(discs(30), count=20)
    with pytest.raises(DatasetError, match="at least two"):
        beside_floor(discs(5), discs(1))
