"""Which pictures belong to which domain, which are held out, and which are shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.engine.config import PictureSpec
from gan_studio.engine.data.domains import EXAMPLES, chosen_pair, examples, reals, split
from gan_studio.engine.data.pictures import PictureSet
from gan_studio.engine.errors import DatasetError, SettingsError


def picture_set(labels, classes=("A", "B")):
    """Each picture is filled with its number."""
    pixels = np.broadcast_to(np.arange(len(labels), dtype=np.uint8)[:, None, None, None], (len(labels), 4, 4, 1))
    spec = PictureSpec(size=4, channels=1, classes=classes)
    return PictureSet(pixels, np.array(labels), tuple(map(str, range(len(labels)))), classes, spec, ())


labels_of_two = st.lists(st.integers(0, 1), min_size=2, max_size=60).filter(lambda labels: len(set(labels)) == 2)


@given(labels_of_two, st.sampled_from([0.0, 0.1, 0.5]), st.integers(0, 2**31 - 1))
def test_each_picture_is_trained_on_or_held_out_in_its_own_domain_alone(labels, share, seed):
    pictures = picture_set(labels)
    for number, domain in enumerate(split(pictures, ("A", "B"), share, seed).values()):
        both = np.concatenate([domain.trained_on, domain.held_out])
        assert sorted(both) == [index for index, label in enumerate(labels) if label == number]
        assert len(domain.trained_on) >= 1
        assert bool(len(domain.held_out)) == (share > 0 and len(both) > 1)


def test_a_single_domain_has_all_pictures_split_as_the_set_itself_would():
    pictures = picture_set([0, 1] * 20)
    domain = split(pictures, ("image",), 0.25, 7)["image"]
    for found, expected in zip((domain.trained_on, domain.held_out), pictures.held_out(0.25, 7), strict=True):
        assert found.tolist() == expected.tolist()
    assert domain.seed == 7


def test_domains_of_equal_size_are_drawn_in_different_orders():
    domains = split(picture_set([0] * 30 + [1] * 30), ("A", "B"), 0.5, 0)
    assert domains["A"].seed != domains["B"].seed
    assert domains["A"].held_out.tolist() != (domains["B"].held_out - 30).tolist()


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_examples_are_held_out_pictures_where_there_are_any(share):
    pictures = picture_set([0] * 40 + [1] * 3)
    domains = split(pictures, ("A", "B"), share, 0)
    for name, shown in examples(pictures, domains).items():
        assert shown.shape == (EXAMPLES, 4, 4, 1)
        assert set(shown[:, 0, 0, 0]) <= set(domains[name].held_out if share else domains[name].trained_on)
    assert len(set(examples(pictures, domains)["A"][:, 0, 0, 0])) == EXAMPLES


def test_the_grid_of_reals_shows_one_domain_above_the_other():
    pictures = picture_set([0, 1] * 40)
    domains = split(pictures, ("A", "B"), 0.0, 3)
    shown = reals(pictures, domains, 64, 8)[:, 0, 0, 0]
    assert (shown % 2).tolist() == [0] * 32 + [1] * 32
    few = picture_set([0] * 3 + [1] * 40)
    assert len(reals(few, split(few, ("A", "B"), 0.0, 3), 64, 8)) == 64


def test_the_grid_of_reals_of_a_single_domain_shows_no_picture_twice():
    pictures = picture_set([-1] * 5, ())
    assert sorted(reals(pictures, split(pictures, ("image",), 0.2, 0), 64, 8)[:, 0, 0, 0]) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("classes", "asked", "pair"),
    [
        (("ant", "bee"), ("", ""), ("ant", "bee")),
        (("ant", "bee"), ("bee", ""), ("bee", "ant")),
        (("ant", "bee", "cow"), ("", "ant"), ("bee", "ant")),
        (("ant", "bee", "cow"), ("cow", "bee"), ("cow", "bee")),
        (("testA", "testB", "trainA", "trainB"), ("", ""), ("trainA", "trainB")),
        (("testA", "testB", "trainA", "trainB"), ("testA", ""), ("testA", "trainA")),
    ],
)
def test_a_and_b_are_what_was_asked_for_or_a_usual_pair_or_the_first_two(classes, asked, pair):
    assert chosen_pair(classes, *asked) == pair


@pytest.mark.parametrize(("asked", "words"), [(("dog", ""), "no class “dog”"), (("ant", "ant"), "both “ant”")])
def test_a_class_that_is_not_there_or_is_both_is_refused(asked, words):
    with pytest.raises(SettingsError, match=words):
        chosen_pair(("ant", "bee"), *asked)


def test_a_domain_without_a_picture_is_refused():
    with pytest.raises(DatasetError, match="domain B"):
        split(picture_set([0, 0], ("A", "B")), ("A", "B"), 0.0, 0)


def test_pictures_are_held_out_by_name_in_every_domain():
    pictures = picture_set([0, 1] * 10)
    names = ("3", "4", "none such")
    (single,) = split(pictures, ("image",), 0.5, 0, names).values()
    assert single.held_out.tolist() == [3, 4] and len(single.trained_on) == 18
    both = split(pictures, ("A", "B"), 0.0, 0, names)
    assert both["A"].held_out.tolist() == [4] and both["B"].held_out.tolist() == [3]
    with pytest.raises(DatasetError, match="Every picture is held out"):
        split(pictures, ("image",), 0.0, 0, pictures.names)
