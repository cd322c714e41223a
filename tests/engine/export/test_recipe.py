"""Recipes keep every float32 exactly and refuse what does not hold together."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

from gan_studio.engine.errors import RecipeError
from gan_studio.engine.export.recipe import MOST_BYTES, Recipe, make_recipe, parse_recipe

SHA = "0123456789abcdef" * 4
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False, allow_subnormal=True)


def recipe(**changes) -> Recipe:
    values = {"family": "dcgan", "sha256": SHA, "step": 12, "controls": {"z": np.zeros(4, np.float32)}}
    return make_recipe(**{**values, **changes})


def parsed(**changes) -> Recipe:
    """A recipe's JSON with some fields replaced, read back."""
    values = json.loads(recipe().to_json())
    return parse_recipe(json.dumps({**values, **changes}), "a.png")


@settings(max_examples=200, deadline=None)
@given(nps.arrays(np.float32, nps.array_shapes(min_dims=1, max_dims=3, max_side=8), elements=FLOATS), st.text())
def test_every_float32_returns_bit_for_bit(array, title):
    back = parse_recipe(recipe(controls={"z": array}, title=title).to_json(), "a.png")
    values = back.values()["z"]
    assert isinstance(values, np.ndarray) and values.dtype == np.float32 and values.shape == array.shape
    assert values.tobytes() == array.tobytes()
    assert back.title == title[:500]


@pytest.mark.parametrize("bits", [0x00000001, 0x807FFFFF, 0x80000000, 0x7F7FFFFF, 0x00800000, 0x3F800001])
def test_denormals_negative_zero_and_the_largest_return_bit_for_bit(bits):
    array = np.array([bits], np.uint32).view(np.float32)
    back = parse_recipe(recipe(controls={"z": array}).to_json(), "a.png").values()["z"]
    assert np.asarray(back).tobytes() == array.tobytes()


@given(FLOATS, st.integers(0, 1000))
def test_plain_numbers_keep_value_and_type(number, choice):
    back = parse_recipe(recipe(controls={"truncation": number, "class": choice}).to_json(), "a").values()
    assert back == {"truncation": number, "class": choice}
    assert isinstance(back["class"], int) and isinstance(back["truncation"], float)


def test_everything_else_returns_too():
    made = recipe(title="Grüße", seed=3.25, row=-1.5, output="image")
    assert parse_recipe(made.to_json(), "a.png") == made


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused_when_writing(value):
    with pytest.raises(RecipeError):
        recipe(controls={"z": np.array([0, value], np.float32)})
    with pytest.raises(RecipeError):
        recipe(controls={"truncation": value})


@pytest.mark.parametrize(
    "controls",
    [
        '{"z": {"shape": [2], "values": [NaN, 0]}}',
        '{"z": {"shape": [2], "values": [Infinity, 0]}}',
        '{"z": {"shape": [2], "values": [1e999, 0]}}',
        '{"z": {"shape": [2], "values": [1e300, 0]}}',
        '{"z": {"shape": [2], "values": [' + "9" * 4000 + ", 0]}}",
        '{"z": {"shape": [2], "values": [1, 2, 3]}}',
        '{"z": {"shape": [-1], "values": []}}',
        '{"z": {"shape": [99999999999], "values": []}}',
        '{"z": {"shape": [1,1,1,1,1,1,1,1], "values": [0]}}',
        '{"z": {"path": "/etc/passwd"}}',
        '{"z": "words"}',
        '["z"]',
        "9" * 5000,
    ],
)
def test_controls_that_do_not_hold_together_are_refused_when_reading(controls):
    text = recipe().to_json().replace('{"z":{"shape":[4],"values":[0.0,0.0,0.0,0.0]}}', controls)
    with pytest.raises(RecipeError):
        parse_recipe(text, "a.png")


@pytest.mark.parametrize("field", ["/etc/passwd", "../" * 20, SHA.upper(), SHA + "\n", ""])
def test_a_hash_that_is_none_is_refused(field):
    with pytest.raises(RecipeError):
        parsed(sha256=field)


def test_unknown_words_are_refused():
    with pytest.raises(RecipeError):
        parsed(command="rm")


def test_a_recipe_from_the_future_says_who_wrote_it():
    with pytest.raises(RecipeError, match=r"9\.9"):
        parsed(schema=2, program="9.9")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"schema": "1"}', b"\xff\xfe", "\ud800"])
def test_text_that_is_no_recipe_is_refused(text):
    with pytest.raises(RecipeError):
        parse_recipe(text, "a.png")


@pytest.mark.parametrize("text", ["[" * 60_000, '{"a":' * 10_000, " " * (MOST_BYTES + 1)])
def test_depth_and_size_are_checked_before_parsing(text):
    with pytest.raises(RecipeError, match=r"deeply|larger"):
        parse_recipe(text, "a.png")


def test_a_recipe_that_would_be_too_large_is_not_written():
    with pytest.raises(RecipeError, match="64 KiB"):
        recipe(controls={"z": np.full(9000, 0.123456, np.float32)}).to_json()


def test_a_latent_of_512_values_fits_easily():
    z = np.random.default_rng(0).standard_normal(512).astype(np.float32)
    assert len(recipe(controls={"z": z}).to_json()) < MOST_BYTES // 8
