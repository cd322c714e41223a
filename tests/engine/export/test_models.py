"""A saved picture's model is found by its hash, wherever it went, and pruning cannot take it away."""

import pytest
import torch

from gan_studio.engine.checkpoint import flat_tensors, load_generator, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.errors import StudioError
from gan_studio.engine.export.models import find_model, keep_model
from gan_studio.engine.run import RunFolder


def config():
    settings = {"latent_size": 4, "features": 2, "most_features": 4}
    return RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16))


def write(path, seed, step=1):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        generator = make_family(config()).build().networks["G"]
    return save_generator(path, config(), step, flat_tensors({"G": generator}))


@pytest.fixture
def runs(tmp_path):
    """Two runs with two checkpoints each; the last one's hash."""
    folders = [RunFolder.create(tmp_path / name, config()) for name in ("a", "b")]
    hashes = [
        write(run.generator_file(step), 10 * index + step) for index, run in enumerate(folders) for step in (1, 2)
    ]
    return folders, hashes


def test_a_checkpoint_of_any_known_run_is_found(runs):
    folders, hashes = runs
    for sha256 in hashes:
        found = find_model(sha256, [run.path for run in folders])
        assert found is not None and found[1].sha256 == sha256


def test_an_unknown_hash_finds_nothing_and_damaged_files_are_passed_over(runs):
    folders, hashes = runs
    folders[0].generator_file(1).write_bytes(b"x" * 30)
    assert find_model("0" * 64, [run.path for run in folders]) is None
    assert find_model(hashes[3], [run.path for run in folders]) is not None


def test_a_kept_model_outlives_the_pruning_of_checkpoints(runs):
    folders, hashes = runs
    source = folders[0].generator_file(1)
    kept = keep_model(folders[0].path, load_generator(source), source)
    folders[0].prune_checkpoints(1)
    assert not source.exists()
    found = find_model(hashes[0], [run.path for run in folders])
    assert found is not None and found[0] == kept


def test_a_model_without_a_file_is_written_once(runs):
    folders, hashes = runs
    loaded = load_generator(folders[0].generator_file(1))
    kept = keep_model(folders[1].path, loaded)
    written = kept.stat().st_mtime_ns
    assert keep_model(folders[1].path, loaded) == kept and kept.stat().st_mtime_ns == written
    assert load_generator(kept).sha256 == hashes[0]


def test_a_source_that_was_replaced_meanwhile_is_not_linked(runs):
    folders, hashes = runs
    source = folders[0].generator_file(1)
    loaded = load_generator(source)
    write(source, 99)
    assert load_generator(keep_model(folders[0].path, loaded, source)).sha256 == hashes[0]


def test_a_file_that_claims_a_hash_it_has_not_is_passed_over(runs):
    folders, hashes = runs
    liar = folders[1].generators / f"{hashes[0]}.safetensors"
    write(liar, 5)
    found = find_model(hashes[0], [folders[1].path, folders[0].path])
    assert found is not None and found[0] == folders[0].generator_file(1)


def test_a_single_file_outside_of_runs_is_found(tmp_path):
    path = tmp_path / "lone.safetensors"
    sha256 = write(path, 3)
    found = find_model(sha256, [], [tmp_path / "gone.safetensors", path])
    assert found is not None and found[0] == path


def test_a_folder_that_cannot_be_made_is_said_in_words(runs, tmp_path):
    folders, _ = runs
    (tmp_path / "file").touch()
    with pytest.raises(StudioError, match="Could not write"):
        keep_model(tmp_path / "file", load_generator(folders[0].generator_file(1)))
