"""Exported generators make the same pictures: our own format exactly, ONNX to 1e-4."""

import importlib.util

import numpy as np
import pytest
import torch

from gan_studio.cli import main
from gan_studio.engine.checkpoint import flat_tensors, load_generator, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.errors import DependencyError
from gan_studio.engine.export.onnx import require_onnx
from gan_studio.engine.run import RunFolder


def config():
    settings = {"latent_size": 6, "features": 2, "most_features": 4}
    return RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16), name="tiny")


@pytest.fixture
def run(tmp_path):
    folder = RunFolder.create(tmp_path / "a run", config())
    for step in (10, 20):
        with torch.random.fork_rng():
            torch.manual_seed(step)
            network = make_family(config()).build().networks["G"]
        save_generator(folder.generator_file(step), config(), step, flat_tensors({"G": network}))
    return folder


def test_the_own_format_is_the_same_generator(run, tmp_path, capsys):
    out = tmp_path / "new folder" / "mine.safetensors"
    assert main(["export", str(run.path), "--out", str(out), "--step", "10"]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert load_generator(out).sha256 == load_generator(run.generator_file(10)).sha256


def test_onnx_makes_the_same_pictures_for_any_number_of_latents(run, tmp_path):
    runtime, onnx = pytest.importorskip("onnxruntime"), pytest.importorskip("onnx")
    pytest.importorskip("onnxscript")
    out = tmp_path / "mine.onnx"
    arguments = ["export", str(run.path), "--format", "onnx", "--out", str(out), "--controls", '{"truncation": 0.5}']
    assert main(arguments) == 0
    assert sorted(path.name for path in tmp_path.glob("mine*")) == ["mine.onnx"]
    loaded, session = load_generator(run.newest_generator()), runtime.InferenceSession(str(out))
    for count in (1, 5):
        z = np.random.default_rng(count).normal(size=(count, 6)).astype(np.float32)
        (found,) = session.run(["image"], {"z": z})
        with torch.inference_mode():
            expected = loaded.sampler({"z": torch.from_numpy(z), "truncation": 0.5})["image"].numpy()
        assert found.shape == (count, 3, 16, 16) and np.abs(found - expected).max() < 1e-4
    props = {entry.key: entry.value for entry in onnx.load(str(out)).metadata_props}
    assert (props["step"], props["sha256"]) == ("20", loaded.sha256)


def generator_of(family, settings, picture, path):
    config = RunConfig(family=family, family_settings=settings, picture=picture)
    with torch.random.fork_rng():
        parts = make_family(config).build()
    save_generator(path, config, 1, flat_tensors({name: parts.networks[name] for name in parts.averaged}))
    return path


def test_points_are_exported_as_points(tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    settings = {"latent_size": 2, "layers": 1, "width": 8}
    file = generator_of("points", settings, PictureSpec(size=256, points="ring"), tmp_path / "points.safetensors")
    out = tmp_path / "points.onnx"
    assert main(["export", str(file), "--format", "onnx", "--out", str(out)]) == 0
    z = np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32)
    (found,) = runtime.InferenceSession(str(out)).run(["points"], {"z": z})
    with torch.inference_mode():
        expected = load_generator(file).sampler.points({"z": torch.from_numpy(z)}).numpy()
    assert found.shape == (3, 2) and np.abs(found - expected).max() < 1e-4


def test_models_that_take_pictures_are_refused_with_the_reason(tmp_path, capsys):
    settings = {"scale": 2, "features": 4, "blocks": 1, "d_features": 2}
    file = generator_of("srgan", settings, PictureSpec(size=16), tmp_path / "large.safetensors")
    assert main(["export", str(file), "--format", "onnx", "--out", str(tmp_path / "large.onnx")]) == 1
    assert "SRGAN takes pictures of any size" in capsys.readouterr().err
    assert not (tmp_path / "large.onnx").exists()


def test_what_is_missing_for_onnx_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DependencyError, match=r"onnx and onnxscript.*gan-studio\[onnx\]"):
        require_onnx()


@pytest.mark.parametrize("controls", ["nonsense", "[1]", '{"class": "a"}', '{"hat": 1}', '{"z": 1}'])
def test_controls_that_make_no_sense_are_wrong_usage(run, tmp_path, capsys, controls):
    assert main(["export", str(run.path), "--out", str(tmp_path / "a.onnx"), "--controls", controls]) == 2
    assert capsys.readouterr().err.startswith("gan-studio export: ")


def test_a_step_that_was_not_kept_is_named(run, tmp_path, capsys):
    assert main(["export", str(run.path), "--out", str(tmp_path / "a.safetensors"), "--step", "15"]) == 1
    assert "10, 20" in capsys.readouterr().err
