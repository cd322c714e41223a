"""What every family keeps, whatever it is: taken through by the same tests."""

import json
from pathlib import Path

import pytest
import torch

from gan_studio.engine.checkpoint import flat_tensors, load_generator, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.errors import SettingsError
from gan_studio.engine.events import Finished, Report, Started
from gan_studio.engine.families import all_families, family_class
from gan_studio.engine.request import TrainingRequest
from gan_studio.engine.run import RunFolder
from gan_studio.engine.settings import describe, validated
from tests.engine.courses import TRAINING, train
from tests.engine.families.builds import BATCH, build

FAMILIES = all_families()
SPECS = [PictureSpec(size=16, channels=3), PictureSpec(size=32, channels=1, classes=("a", "b"))]
CLASSES = ("a", "b", "c")
each_family = pytest.mark.parametrize("cls", FAMILIES.values(), ids=FAMILIES)
each_spec = pytest.mark.parametrize("spec", SPECS, ids=["16 px colour", "32 px grey"])


def suited(cls, spec):
    """With classes, or with points, where the family needs them."""
    if cls.data().kind == "points":
        spec = spec.model_copy(update={"points": "ring"})
    needs = cls.data().labels == "needed" and not spec.classes
    return spec.model_copy(update={"classes": CLASSES}) if needs else spec


def tiny(cls, spec=SPECS[0]):
    return cls(cls.tiny(), suited(cls, spec))


@each_family
@each_spec
def test_samples_have_the_asked_for_shape_and_range(cls, spec):
    family = tiny(cls, spec)
    networks = build(family).parts.networks
    for network in networks.values():
        network.eval()
    sampler = family.sampler(networks)
    controls = sampler.fixed_controls(3, torch.Generator().manual_seed(0))
    with torch.inference_mode():
        pictures = sampler(controls)[sampler.main_output]
        alone = sampler({})[sampler.main_output]
    assert pictures.shape == (3, spec.channels, spec.size, spec.size)
    assert pictures.dtype == torch.float32
    assert pictures.abs().max() <= 1
    assert alone.shape == (1, *pictures.shape[1:])


@each_family
@each_spec
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_losses_scores_and_gradient_norms_are_finite(cls, spec, precision):
    built = build(tiny(cls, spec), precision=precision)
    for step in range(3):
        assert built.stepper.step(step, step * BATCH) == BATCH
    scalars, skipped = built.statistics.read()
    assert skipped == 0
    assert any(name.startswith("loss/") for name in scalars)
    assert any(name.startswith("grad/") for name in scalars)
    assert all(torch.tensor(value).isfinite() for value in scalars.values())


@each_family
def test_each_network_gets_gradients_in_its_own_phases_and_in_no_others(cls):
    built = build(tiny(cls))
    phases = built.family.phases(built.family.stage(0))
    for step in range(max(phase.every for phase in phases)):
        built.stepper.step(step, step * BATCH)
    assert built.stepper.gradients == {phase.name: set(phase.trains) for phase in phases}
    trained = {name for phase in phases for name in phase.trains}
    assert trained == {
        name for name in built.parts.networks if any(True for _ in built.parts.networks[name].parameters())
    }


@each_family
def test_a_step_leaves_every_network_as_trainable_as_it_was_and_no_gradients_behind(cls):
    built = build(tiny(cls))
    built.stepper.step(0, 0)
    parameters = [p for network in built.parts.networks.values() for p in network.parameters()]
    assert all(p.requires_grad for p in parameters)
    assert all(p.grad is None for p in parameters)


@each_family
def test_fakes_are_made_once_for_all_phases_until_a_generator_is_updated(cls, monkeypatch):
    built = build(tiny(cls))
    made = []
    generate = built.family.generate
    monkeypatch.setattr(built.family, "generate", lambda ctx: made.append(generate(ctx)) or made[-1])
    built.stepper.step(0, 0)
    assert len(made) == 1
    phases = built.family.phases(built.family.stage(0))
    monkeypatch.setattr(built.family, "phases", lambda stage: phases[::-1])
    built.stepper.step(1, BATCH)
    assert len(made) == 3, "D must see what the updated generator makes"


@each_family
def test_half_steps_by_hand_train_one_network_alone(cls):
    built = build(tiny(cls))
    phases = built.family.phases(built.family.stage(0))
    for network in {name for phase in phases for name in phase.trains}:
        before = _weights(built.parts)
        assert built.stepper.half_step(network, 0) == BATCH
        after = _weights(built.parts)
        together = {name for phase in phases if network in phase.trains for name in phase.trains}
        assert {name for name in before if not torch.equal(before[name], after[name])} == together


@each_family
def test_the_same_seed_makes_the_same_step(cls):
    weights = []
    for _ in range(2):
        built = build(tiny(cls), seed=7)
        built.stepper.step(0, 0)
        weights.append(_weights(built.parts))
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


@each_family
@each_spec
def test_a_saved_generator_makes_the_same_pictures_again(cls, spec, tmp_path):
    family = tiny(cls, spec)
    parts = build(family).parts
    averaged = {name: parts.networks[name].eval() for name in parts.averaged}
    config = RunConfig(family=cls.name, family_settings=family.config.model_dump(), picture=family.picture)
    save_generator(tmp_path / "g.safetensors", config, 5, flat_tensors(averaged))
    loaded = load_generator(tmp_path / "g.safetensors")
    sampler = family.sampler(averaged)
    controls = sampler.fixed_controls(4, torch.Generator().manual_seed(1))
    with torch.inference_mode():
        expected, found = sampler(controls)[sampler.main_output], loaded.sampler(controls)[sampler.main_output]
    assert torch.allclose(expected, found, atol=1e-5), (
        "the same but for how floats are rounded in another memory format"
    )
    assert (loaded.step, loaded.config) == (5, config)


@each_family
def test_settings_survive_json(cls):
    for settings in (cls.tiny(), cls.Config(), *cls.presets().values()):
        config = RunConfig(family=cls.name, family_settings=settings.model_dump(), picture=suited(cls, SPECS[0]))
        again = RunConfig.model_validate_json(config.model_dump_json())
        assert again == config
        assert validated(cls.Config, json.loads(json.dumps(again.family_settings))) == settings
        assert make_family(again).config == settings


@each_family
def test_every_setting_has_words_for_the_form(cls):
    infos = list(describe(cls.Config))
    assert {info.name for info in infos} == set(cls.Config.model_fields)
    assert all(info.label and info.help and info.group for info in infos)


@each_family
def test_building_under_the_meta_device_takes_no_random_numbers_and_no_memory(cls):
    before = torch.get_rng_state()
    with torch.device("meta"):
        parts = tiny(cls).build()
    assert torch.equal(before, torch.get_rng_state())
    assert all(p.is_meta for network in parts.networks.values() for p in network.parameters())


@each_family
def test_a_tiny_preset_trains_for_real(cls, tmp_path, pictures, class_folders):
    source = class_folders if cls.data().labels == "needed" or len(cls.data().domains) > 1 else pictures
    source = Path("points:ring") if cls.data().kind == "points" else source
    request = TrainingRequest(
        source, cls.name, cls.tiny().model_dump(), {"image_size": 16}, {**TRAINING, "steps": 12}, tmp_path / "r"
    )
    events = train(request)
    assert isinstance(events[-1], Finished), events[-1]
    started = next(event for event in events if isinstance(event, Started))
    assert set(started.phase_networks) == {name for name, count in started.parameter_counts.items() if count}
    reports = [event for event in events if isinstance(event, Report)]
    assert reports[-1].step == 12
    assert set(started.reference_lines) <= set(reports[-1].scalars)
    assert load_generator(RunFolder(tmp_path / "r").newest_generator()).step == 12


def test_an_unknown_family_is_refused_with_the_known_ones():
    with pytest.raises(SettingsError, match="dcgan"):
        family_class("no such")


def _weights(parts):
    """All parameters of each network in one row."""
    return {
        name: torch.cat([p.detach().flatten().clone() for p in network.parameters()])
        for name, network in parts.networks.items()
    }
