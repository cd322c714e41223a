"""A training that begins with the weights of another: what it takes over and refuses, and that it resumes exactly."""

import json

import pytest
import torch

from gan_studio.cli import main
from gan_studio.engine.checkpoint import load_generator, load_state
from gan_studio.engine.events import Failed, Finished
from gan_studio.engine.fine_tune import starting_point
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import differences, draw_pictures, final_state, new_run, play, train


@pytest.fixture(scope="module")
def first(tmp_path_factory, pictures):
    """A run of six steps."""
    path = tmp_path_factory.mktemp("first") / "first run"
    train(new_run(pictures, path, steps=6))
    return path


def tuned(source, outdir, start, **more):
    request = new_run(source, outdir, **more)
    return type(request)(**{**vars(request), "start_from": start})


def test_networks_and_averages_begin_with_what_was_learned_and_optimisers_afresh(first, pictures, tmp_path):
    assert isinstance(train(tuned(pictures, tmp_path / "r", first, steps=1))[-1], Finished)
    old, new = RunFolder(first), RunFolder(tmp_path / "r")
    learned = load_generator(old.newest_generator())
    began = load_state(new.state_file(0))
    assert load_generator(new.generator_file(0)).sha256 == learned.sha256
    averaged = learned.networks["G"].state_dict()
    assert differences(dict(averaged), dict(began["modules"]["G"])) == []
    assert differences(load_state(old.state_file(6))["modules"]["D"], began["modules"]["D"]) == []
    assert all(not optimizer["state"] for optimizer in began["optimizers"].values())
    assert began["counters"]["step"] == began["counters"]["images"] == 0


def test_the_first_grid_is_the_last_one_of_the_run_it_began_with(first, pictures, tmp_path):
    train(tuned(pictures, tmp_path / "r", first, steps=1))
    assert RunFolder(tmp_path / "r").sample_file(0).read_bytes() == RunFolder(first).sample_file(6).read_bytes()


def test_the_config_says_where_it_began_and_how_many_pictures_there_were(first, pictures, tmp_path):
    train(tuned(pictures, tmp_path / "r", first, steps=1))
    config = RunFolder(tmp_path / "r").config()
    origin = config.started_from
    assert origin is not None and (origin.run, origin.step, origin.discriminator) == ("first run", 6, True)
    assert origin.sha256 == load_generator(RunFolder(first).newest_generator()).sha256
    assert config.picture_count == 10 and RunFolder(first).config().started_from is None
    assert "first run, step 6" in RunFolder(tmp_path / "r").log_file.read_text()


def test_a_generator_file_alone_is_enough_and_its_discriminator_is_new(first, pictures, tmp_path):
    alone = tmp_path / "alone.safetensors"
    alone.write_bytes(RunFolder(first).newest_generator().read_bytes())
    train(tuned(pictures, tmp_path / "r", alone, steps=1))
    origin = RunFolder(tmp_path / "r").config().started_from
    assert origin is not None and (origin.run, origin.discriminator) == ("alone", False)
    began = load_state(RunFolder(tmp_path / "r").state_file(0))
    assert differences(load_state(RunFolder(first).state_file(6))["modules"]["D"], began["modules"]["D"]) != []


def test_other_pictures_can_be_trained_on(first, tmp_path):
    (tmp_path / "others").mkdir()
    others = draw_pictures(tmp_path / "others", count=7, size=24)
    assert isinstance(train(tuned(others, tmp_path / "r", first, steps=2))[-1], Finished)


def test_a_fine_tuned_run_continues_bit_for_bit(pictures, tmp_path):
    first, whole, halves = tmp_path / "first", tmp_path / "whole", tmp_path / "halves"
    hard = {"family": {"d_dropout": 0.3}, "data": {"flip": True}, "steps": 8}
    play(new_run(pictures, first, **hard), 4)
    play(tuned(pictures, whole, first, **hard), 8)
    play(tuned(pictures, halves, first, **hard), 3)
    assert isinstance(play(ResumeRequest(halves), 8)[-1], Finished)
    assert differences(final_state(whole), final_state(halves)) == []
    assert RunFolder(halves).config().started_from == RunFolder(whole).config().started_from


def test_a_run_that_was_fine_tuned_needs_the_first_one_no_longer(first, pictures, tmp_path):
    copy = tmp_path / "copy"
    train(new_run(pictures, copy, steps=1))
    train(tuned(pictures, tmp_path / "r", copy, steps=1))
    copy.rename(tmp_path / "elsewhere")
    assert isinstance(train(ResumeRequest(tmp_path / "r", {"steps": 2}))[-1], Finished)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"family": {"features": 8}}, "Features is 4 there and 8 here"),
        ({"family": {"latent_size": 9}}, "4 there and 9 here"),
        ({"data": {"image_size": 32}}, "16 px there and 32 px here"),
        ({"data": {"channels": "grey"}}, "in colour there and grey here"),
    ],
)
def test_networks_of_other_shapes_are_refused_by_the_setting_that_differs(first, pictures, tmp_path, settings, words):
    end = train(tuned(pictures, tmp_path / "r", first, steps=1, **settings))[-1]
    assert isinstance(end, Failed)
    assert words in end.message and "first run" in end.message
    assert "Learning rate" not in end.message
    assert not (tmp_path / "r").exists()


def test_learning_rates_may_differ(first, pictures, tmp_path):
    settings = {"g_learning_rate": 1e-5}
    train(tuned(pictures, tmp_path / "r", first, steps=1, family=settings))
    assert final_state(tmp_path / "r")["rates"]["G"] == 1e-5


def test_what_nobody_asked_for_is_as_in_the_run_it_begins_with(first, pictures, tmp_path):
    request = tuned(pictures, tmp_path / "r", first, steps=1, data={"image_size": "auto"})
    train(type(request)(**{**vars(request), "family_settings": {}}))
    config = RunFolder(tmp_path / "r").config()
    assert config.family_settings["features"] == 4 and config.picture.size == 16


def test_a_state_of_other_networks_beside_the_generator_is_refused(first, pictures, tmp_path):
    train(new_run(pictures, tmp_path / "b", steps=1, family={"features": 8}))
    run = RunFolder(tmp_path / "c")
    run.checkpoints.mkdir(parents=True)
    run.generator_file(6).write_bytes(RunFolder(first).generator_file(6).read_bytes())
    run.state_file(6).write_bytes(RunFolder(tmp_path / "b").state_file(1).read_bytes())
    end = train(tuned(pictures, tmp_path / "r", run.generator_file(6), steps=1))[-1]
    assert isinstance(end, Failed) and "does not fit" in end.message


def test_reading_a_start_leaves_the_random_state_alone(first):
    before = torch.get_rng_state()
    weights = starting_point(first).weights
    assert torch.equal(before, torch.get_rng_state())
    assert set(weights) == {"G", "D"}


def test_the_command_line_begins_with_a_run(first, pictures, tmp_path, capsys):
    words = ["train", "--data", str(pictures), "--start-from", str(first), "--outdir", str(tmp_path / "r"),
             "--steps", "2", "--batch-size", "4", "--device", "cpu", "--threads", "1", "--json"]  # fmt: skip
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["step"] == 2
    assert RunFolder(tmp_path / "r").config().started_from is not None
    assert main(["train", "--resume", str(first), "--start-from", str(first)]) == 2
    assert main(["train", "--data", str(pictures), "--start-from", str(tmp_path / "no")]) == 1
