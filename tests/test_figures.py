"""The drawings in the documentation say what the networks are."""

import pytest
from torch import nn, zeros

from docs.figures.__main__ import draw
from docs.figures.trace import Row, collapsed, traced
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.families import all_families

FAMILIES = all_families()


def test_layers_are_named_with_what_follows_them_and_the_shape_they_hand_on():
    network = nn.Sequential(nn.Conv2d(3, 8, 4, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten())
    (drawn,) = traced({"D": network}, lambda: network(zeros(2, 3, 16, 16)))
    assert [(row.text, row.shape) for row in drawn.rows] == [("Conv 4×4 stride 2 · BN · ReLU", (512,))]
    assert drawn.parameters == 3 * 8 * 16 + 8 + 16


def test_layers_that_repeat_in_groups_are_drawn_once():
    pair = [Row(["a"], (1,), 10), Row(["b"], (2,), 1)]
    rows = [Row(list(row.words), row.shape, row.parameters) for row in pair * 3] + [Row(["c"], (1,), 5)]
    assert [(row.text, row.times, row.parameters) for row in collapsed(rows)] == [
        ("a", 3, 30),
        ("b", 3, 3),
        ("c", 1, 5),
    ]


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_can_be_drawn(name):
    cls = FAMILIES[name]
    points = "ring" if cls.data().kind == "points" else ""
    family = cls(cls.tiny(), PictureSpec(size=16, classes=("a", "b"), points=points))
    picture = draw(family)
    assert cls.title in picture and picture.count("parameters") >= 2
