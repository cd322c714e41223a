"""Settings: they survive JSON, refuse what they do not know, and say what is wrong in the form's words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gan_studio.engine.config import (
    CONFIG_VERSION,
    DataSettings,
    PictureSpec,
    RunConfig,
    TrainingSettings,
    load_run_config,
)
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.families.dcgan import DCGANSettings
from gan_studio.engine.settings import describe, explain, validated

EVERY = [DataSettings, TrainingSettings, DCGANSettings]
PATTERNS = {"background": r"\A#[0-9a-fA-F]{6}\Z", "device": r"\A(auto|cpu|mps|cuda(:[0-9]+)?)\Z"}
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def values_of(info):
    """Every value that a declared setting takes."""
    if info.kind == "choice":
        return st.sampled_from(info.choices)
    if info.kind == "bool":
        return st.booleans()
    if info.kind == "int":
        return st.integers(int(info.minimum), int(info.maximum))
    if info.kind == "float":
        # Some ends are excluded; which ones is the declaration's business
        inner = (info.minimum or 0) + 1e-6, info.maximum - 1e-6
        return st.floats(*inner)
    return st.from_regex(PATTERNS[info.name]) if info.name in PATTERNS else names


COMBINED = {"objective", "real_target", "gradient_penalty", "r1", "r2", "weight_clip", "unrolled_steps"}
"""Settings of which not every combination can work."""


def made(cls):
    infos = list(describe(cls))
    return st.fixed_dictionaries(
        {info.name: values_of(info) for info in infos if info.name not in COMBINED},
        optional={info.name: values_of(info) for info in infos if info.name in COMBINED},
    ).map(lambda values: settings_of(cls, values))


def settings_of(cls, values):
    """Those settings, or the same without what cannot be combined."""
    try:
        return cls.model_validate(values)
    except ValidationError:
        return cls.model_validate({name: value for name, value in values.items() if name not in COMBINED})


configs = st.builds(
    RunConfig,
    program=names,
    name=names,
    source=names,
    family=names,
    family_settings=made(DCGANSettings).map(lambda settings: settings.model_dump()),
    picture=st.builds(PictureSpec, size=st.integers(4, 1024), channels=st.sampled_from([1, 3]),
                      classes=st.lists(names, max_size=4).map(tuple)),
    data=made(DataSettings),
    training=made(TrainingSettings),
)  # fmt: skip


@pytest.mark.parametrize("cls", EVERY)
@given(data=st.data())
def test_any_settings_survive_json(cls, data):
    settings = data.draw(made(cls))
    assert cls.model_validate_json(settings.model_dump_json()) == settings
    assert validated(cls, json.loads(json.dumps(settings.model_dump()))) == settings


@given(configs)
def test_any_config_survives_its_file(config):
    again = load_run_config(config.model_dump_json(indent=2).encode(), "config.json")
    assert again == config
    assert validated(DCGANSettings, again.family_settings).model_dump() == config.family_settings


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_any_other_json_is_refused_by_name(values):
    with pytest.raises(SettingsError, match=r"config\.json"):
        load_run_config(json.dumps(values), "config.json")


@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused_by_name(content):
    with pytest.raises(SettingsError, match=r"config\.json"):
        load_run_config(content, "config.json")


@pytest.mark.parametrize("cls", [*EVERY, PictureSpec])
def test_a_word_that_is_not_known_is_refused(cls):
    with pytest.raises(SettingsError, match="no_such_word"):
        validated(cls, {"no_such_word": 1, **({"size": 16} if cls is PictureSpec else {})})


@pytest.mark.parametrize("cls", EVERY)
def test_every_limit_holds(cls):
    for info in describe(cls):
        for end, beyond in ((info.minimum, -1), (info.maximum, 1)):
            if end is not None:
                with pytest.raises(SettingsError, match=info.name):
                    validated(cls, {info.name: end + beyond})


@pytest.mark.parametrize("cls", EVERY)
def test_settings_do_not_change_under_way(cls):
    settings = cls()
    with pytest.raises(ValidationError):
        setattr(settings, next(iter(cls.model_fields)), 1)


def test_what_is_wrong_is_said_with_the_forms_label():
    with pytest.raises(ValidationError) as refused:
        TrainingSettings(batch_size=0)
    assert explain(TrainingSettings, refused.value).startswith("Batch (batch_size): ")
    with pytest.raises(SettingsError, match=r"^Settings of DCGAN: Target for reals \(real_target\): .*0\.5"):
        validated(DCGANSettings, {"real_target": 0.1}, "Settings of DCGAN")


def test_every_wrong_setting_is_named():
    with pytest.raises(SettingsError, match=r"batch_size.*; .*seed"):
        validated(TrainingSettings, {"batch_size": "many", "seed": -1})


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_numbers_that_are_not_finite_are_refused(number):
    with pytest.raises(SettingsError):
        validated(TrainingSettings, {"minutes": number})
    with pytest.raises(SettingsError):
        validated(DCGANSettings, {"g_learning_rate": number})


def test_a_changed_copy_is_checked_too():
    assert TrainingSettings().changed(steps=7).steps == 7
    with pytest.raises(SettingsError, match="steps"):
        TrainingSettings().changed(steps=-7)


def test_a_config_from_the_future_says_which_version_wrote_it():
    values = {"version": CONFIG_VERSION + 1, "program": "8.0", "family": "x", "new": 1}
    with pytest.raises(SettingsError, match=r"GAN Studio 8\.0") as refused:
        load_run_config(json.dumps(values), "config.json")
    assert "Install" in refused.value.advice


def test_a_config_from_the_future_that_names_nobody():
    with pytest.raises(SettingsError, match="a newer version"):
        load_run_config(json.dumps({"version": 10**6}), "config.json")


@pytest.mark.parametrize("cls", EVERY)
def test_every_setting_can_be_shown(cls):
    infos = list(describe(cls))
    assert [info.name for info in infos] == list(cls.model_fields)
    for info in infos:
        assert info.label and info.help and info.group, info.name
        assert set(info.choice_labels) <= set(map(str, info.choices))
        assert info.default == cls.model_fields[info.name].default


@pytest.mark.parametrize("cls", EVERY)
def test_every_group_says_what_it_is_for(cls):
    for group in {info.group for info in describe(cls)}:
        assert 2 <= cls.group_help(group).count(". ") + 1 <= 3, group
    assert cls.group_help("no such group") == ""
