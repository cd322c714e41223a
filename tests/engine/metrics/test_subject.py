from __future__ import annotations

import numpy as np
import pytest
import torch

from gan_studio.engine.data.domains import Domain
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.metrics.subject import RealPictures
from tests.engine.metrics.pictures import discs
from tests.engine.metrics.subjects import picture_set, subject


def real(count: int, held_out: int) -> RealPictures:
    return RealPictures(
        picture_set(discs(count, 16)), {"image": Domain(np.arange(held_out, count), np.arange(held_out), 0)}
    )


def test_two_sets_of_reals_share_no_picture_and_depend_on_the_seed_alone() -> None:
    first, second = real(101, 0).split(1000, 2)
    assert len(first) == len(second) == 50
    assert len({*first, *second}) == 100
    assert np.array_equal(first, real(101, 0).split(1000, 2)[0])
    assert not np.array_equal(first, real(101, 0).split(1000, 3)[0])


def test_held_out_pictures_are_the_reference_where_there_are_enough() -> None:
    reference, others = real(200, 70).split(1000, 0)
    assert set(reference) == set(range(70))
    assert len(others) == 70
    assert min(others) >= 70
    reference, _ = real(200, 10).split(1000, 0)
    assert len(reference) == 100


def test_as_many_samples_are_made_as_there_are_reals() -> None:
    assert len(subject(discs(41, 16), discs(7, 16)).fakes) == 20
    assert len(subject(discs(41, 16), discs(7, 16), count=5).fakes) == 5


def test_a_single_real_picture_is_not_enough() -> None:
    with pytest.raises(DatasetError, match="at least two real pictures"):
        _ = subject(discs(1, 16), discs(1, 16)).reals


def test_samples_that_are_no_numbers_are_refused_in_words() -> None:
    with pytest.raises(DatasetError, match="diverged"):
        _ = subject(discs(4, 16), torch.full((2, 3, 16, 16), torch.nan)).fakes


def test_samples_are_what_would_be_saved() -> None:
    fakes = torch.tensor([-1.0, 0.0, 0.5, 1.0, 7.0]).view(5, 1, 1, 1).expand(-1, 3, 16, 16)
    assert subject(discs(10, 16), fakes).fakes[:, 0, 0, 0].tolist() == [0, 128, 191, 255, 255]
