"""What each command does when it is used right."""

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from gan_studio.cli import main
from gan_studio.cli.train import TrainingConsole
from gan_studio.engine.checkpoint import load_generator
from gan_studio.engine.events import Notice, Report, Started
from gan_studio.engine.folders import demo_folder, runs_folder
from gan_studio.engine.run import RunFolder
from tests.engine.courses import ROOT, differences, draw_pictures, final_state

SMALL = [
    "--image-size", "16", "--features", "4", "--most-features", "8", "--latent-size", "4",
    "--precision", "fp32", "--threads", "1", "--device", "cpu",
]  # fmt: skip


@pytest.fixture(scope="module")
def trained(tmp_path_factory, pictures):
    """A run of four steps, made by the command line."""
    run = tmp_path_factory.mktemp("trained") / "run"
    assert main(["train", "--data", str(pictures), "--outdir", str(run), *SMALL, "--steps", "4"]) == 0
    return run


def output(capsys, *words):
    assert main(words) == 0
    return capsys.readouterr().out


def test_train_writes_a_run_with_what_was_typed(trained):
    config = RunFolder.open(trained).config()
    assert config.family_settings["features"] == 4
    assert config.picture.size == 16
    assert config.training.steps == 4
    assert list(RunFolder(trained).state_files()) == [0, 4]


def test_train_without_an_outdir_makes_a_run_among_the_users(pictures, capsys):
    summary = json.loads(output(capsys, "train", "--data", str(pictures), *SMALL, "--steps", "1", "--json"))
    assert [str(path) for path in runs_folder().iterdir()] == [summary["run"]]


def test_train_json_is_one_object_about_the_run(pictures, tmp_path, capsys):
    words = ["train", "--data", str(pictures), "--outdir", str(tmp_path / "r"), *SMALL, "--steps", "3", "--json"]
    summary = json.loads(output(capsys, *words))
    assert summary["run"] == str(tmp_path / "r")
    assert (summary["step"], summary["images"], summary["end"], summary["saved"]) == (3, 48, "finished", True)
    assert {"loss/D", "loss/G", "parameters", "plan"} <= summary.keys()


def test_what_was_typed_wins_over_what_the_pictures_suggest(pictures, tmp_path):
    """Ten pictures suggest batches of 16; also a typed default is typed."""
    for name, typed, expected in (("a", [], 16), ("b", ["--batch-size", "64"], 64), ("c", ["--batch-size=5"], 5)):
        words = ["train", "--data", str(pictures), "--outdir", str(tmp_path / name), *SMALL, *typed, "--steps", "1"]
        assert main(words) == 0
        assert RunFolder(tmp_path / name).config().training.batch_size == expected


def test_resume_goes_on_to_the_new_total_exactly(pictures, tmp_path):
    data = ["train", "--data", str(pictures), *SMALL, "--flip", "--d-dropout", "0.2"]
    assert main([*data, "--outdir", str(tmp_path / "whole"), "--steps", "7"]) == 0
    assert main([*data, "--outdir", str(tmp_path / "parts"), "--steps", "3"]) == 0
    assert main(["train", "--resume", str(tmp_path / "parts"), "--steps", "7"]) == 0
    assert differences(final_state(tmp_path / "whole"), final_state(tmp_path / "parts")) == []


def test_resuming_a_run_that_has_reached_its_total_says_how_it_goes_on(pictures, tmp_path, capsys):
    run = tmp_path / "r"
    assert main(["train", "--data", str(pictures), *SMALL, "--outdir", str(run), "--steps", "1"]) == 0
    assert "Finished at step 1." in capsys.readouterr().err
    assert main(["train", "--resume", str(run)]) == 0
    said = " ".join(capsys.readouterr().err.split())
    assert "Nothing is left to train at step 1. Raise the total with --steps" in said


def test_scan_counts_and_names_what_it_skips(pictures, tmp_path, capsys):
    for file in pictures.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    said = output(capsys, "scan", str(tmp_path))
    assert "10 pictures" in said
    assert "skipped torn.png: " in said
    report = json.loads(output(capsys, "scan", str(tmp_path), "--json"))
    assert report["pictures"] == 10
    assert [skipped["name"] for skipped in report["skipped"]] == ["torn.png"]


def test_families_lists_settings_that_programs_can_read(capsys):
    assert "DCGAN" in output(capsys, "families")
    families = json.loads(output(capsys, "families", "--json"))
    assert families["dcgan"]["settings"]["latent_size"]["default"] == 100
    assert families["dcgan"]["settings"]["real_target"]["maximum"] == 1


def test_sample_makes_a_grid_from_a_run_and_from_its_file(trained, tmp_path, capsys):
    file = RunFolder(trained).newest_generator()
    for model, name in ((trained, "run"), (file, "file")):
        out = tmp_path / f"{name}.png"
        written = json.loads(output(capsys, "sample", str(model), "--seeds", "0-3", "--out", str(out), "--json"))
        assert written == {"files": [str(out)], "seeds": [0, 1, 2, 3]}
        with Image.open(out) as picture:
            assert picture.size == (34, 34)
    assert (tmp_path / "run.png").read_bytes() == (tmp_path / "file.png").read_bytes()


def test_sample_gives_the_same_picture_for_a_seed_alone_and_among_others(trained, tmp_path, capsys):
    output(capsys, "sample", str(trained), "--seeds", "0-20", "--out", str(tmp_path / "many"), "--separate")
    output(capsys, "sample", str(trained), "--seeds", "17", "--out", str(tmp_path / "one"), "--separate")
    pictures = [np.asarray(Image.open(tmp_path / name / "seed-000017.png")) for name in ("many", "one")]
    assert np.array_equal(pictures[0], pictures[1])
    assert (trained / "generators").exists()
    kept = [load_generator(path).sha256 for path in (trained / "generators").iterdir()]
    assert kept == [load_generator(RunFolder(trained).newest_generator()).sha256]


def test_sample_refuses_controls_that_the_model_does_not_have(trained, tmp_path, capsys):
    for words, said in (
        (["--class", "sandal"], "This model has no class. Its controls beside the latent: truncation."),
        (["--control", "noise=3"], "This model has no noise."),
        (["--control", "truncation"], "has no value"),
        (["--control", "truncation=much"], "is no number"),
    ):
        assert main(["sample", str(trained), *words, "--out", str(tmp_path / "grid.png")]) == 2
        assert said in capsys.readouterr().err
    for name, words in (("a", ["--truncation", "0.5"]), ("b", ["--control", "truncation=0.5"])):
        output(capsys, "sample", str(trained), *words, "--out", str(tmp_path / f"{name}.png"))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_sample_makes_the_class_that_is_asked_for(tmp_path, capsys):
    run, class_folders = str(tmp_path / "run"), tmp_path / "classes"
    for name in ("anemone", "bluebell", "crocus"):
        (class_folders / name).mkdir(parents=True)
        draw_pictures(class_folders / name, count=4)
    words = [*SMALL, "--family", "cgan", "--steps", "2", "--batch-size", "4"]
    assert main(["train", "--data", str(class_folders), "--outdir", run, *words]) == 0
    for name, chosen in (("a", ["--class", "bluebell"]), ("b", ["--control", "class=bluebell"]), ("c", [])):
        output(capsys, "sample", run, *chosen, "--seeds", "0-3", "--out", str(tmp_path / f"{name}.png"))
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c
    assert main(["sample", run, "--class", "rose", "--out", str(tmp_path / "d.png")]) == 2
    assert "There is no class 'rose'. There are: anemone, bluebell, crocus." in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--out", "{file}/grid.png"], ["--out", "{file}", "--separate"]])
def test_sample_says_where_it_cannot_write(words, trained, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["sample", str(trained), *(word.format(file=tmp_path / "file") for word in words)]) == 1
    assert f"Could not write {tmp_path / 'file'}" in capsys.readouterr().err


def test_evaluate_needs_two_real_pictures(trained, pictures, tmp_path, capsys):
    one = next(pictures.iterdir())
    (tmp_path / one.name).write_bytes(one.read_bytes())
    assert main(["evaluate", str(trained), "--data", str(tmp_path)]) == 1
    assert "at least two real pictures" in capsys.readouterr().err


def test_evaluate_measures_what_applies_and_says_why_the_rest_does_not(trained, pictures, capsys):
    said = output(capsys, "evaluate", str(trained), "--data", str(pictures), "--device", "cpu")
    assert "5 samples beside as many reals" in said
    assert "Sliced Wasserstein" in said
    assert "closest picture: " in said
    assert "not measured: FID. It needs the weights of Inception" in said
    words = ("--metrics", "recall,sliced_wasserstein", "--count", "3", "--device", "cpu", "--json")
    figures = json.loads(output(capsys, "evaluate", str(trained), "--data", str(pictures), *words))
    assert list(figures["measures"]) == ["recall", "sliced_wasserstein"]
    assert figures["pictures"] == 3
    assert figures["measures"]["sliced_wasserstein"]["floor"] > 0
    kept = RunFolder(trained).evaluations()
    assert [list(entry["measures"]) for entry in kept[-1:]] == [["recall", "sliced_wasserstein"]]
    assert len(kept) == 2


def test_evaluate_refuses_what_is_no_measure_and_no_weights(trained, pictures, tmp_path, capsys):
    assert main(["evaluate", str(trained), "--data", str(pictures), "--metrics", "beauty"]) == 2
    assert "no measure called 'beauty'" in capsys.readouterr().err
    (tmp_path / "weights.pth").write_bytes(b"nothing")
    words = ["evaluate", str(trained), "--data", str(pictures), "--weights", str(tmp_path / "weights.pth")]
    assert main(words) == 1
    assert "cannot be read as weights" in capsys.readouterr().err


def test_demo_draws_where_it_is_told_and_prints_the_folder(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("gan_studio.cli.demo.draw_demo", lambda folder, progress: progress(1, 1) or folder)
    assert output(capsys, "demo", "--out", str(tmp_path / "d")) == f"{tmp_path / 'd'}\n"
    assert output(capsys, "demo") == f"{demo_folder()}\n"


def test_bench_prints_figures_with_their_conditions(capsys):
    words = ["bench", "--image-size", "16", "--batch-size", "2", "--seconds", "0.1", "--threads", "1"]
    figures = json.loads(output(capsys, *words, "--precision", "fp32", "--device", "cpu", "--json"))
    assert figures["images_per_second"] > 0
    assert "1 thread" in figures["plan"]


def test_numbers_that_json_cannot_hold_are_left_out_of_the_summary(tmp_path, capsys):
    console = TrainingConsole()
    console.show(Started(tmp_path, 0, 5, 4, 10, {"G": 1}, {"G": 1e-4}, ("G",), "CPU"))
    console.show(Report(1, 4, 0.1, {"loss/D": float("nan"), "loss/G": 0.5}, 40.0, None, 10**6))
    assert console.finish(as_json=True) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["loss/G"] == 0.5
    assert "loss/D" not in summary


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
def test_a_terminated_process_stops_after_the_step_and_saves(pictures, tmp_path):
    """In a new process, terminated when it says that it trains."""
    words = ["train", "--data", str(pictures), "--outdir", str(tmp_path / "r"), *SMALL, "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gan_studio", *words],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("step "):
            break
    process.terminate()
    out, err = process.communicate(timeout=50)
    assert process.returncode == 0, err
    stopped_and_saved(json.loads(out), tmp_path / "r")
    assert "Traceback" not in err


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
def test_ctrl_c_stops_after_the_step_and_saves(pictures, tmp_path, capsys, monkeypatch):
    show, interrupted = TrainingConsole.show, []

    def show_and_interrupt(console, event):
        show(console, event)
        if isinstance(event, Report) and not interrupted:
            interrupted.append(event.step)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(TrainingConsole, "show", show_and_interrupt)
    words = ["train", "--data", str(pictures), "--outdir", str(tmp_path / "r"), *SMALL, "--json"]
    stopped_and_saved(json.loads(output(capsys, *words)), tmp_path / "r")


def stopped_and_saved(summary, run):
    assert (summary["end"], summary["saved"]) == ("stopped", True)
    assert max(RunFolder(run).state_files()) == summary["step"] > 0


def test_a_reader_that_has_seen_enough_is_no_error(pictures):
    words = [sys.executable, "-m", "gan_studio", "scan", str(pictures), "--json"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=50) == 0


def test_signals_are_handled_as_before_once_a_training_has_ended(trained):
    before = signal.getsignal(signal.SIGINT)
    assert main(["train", "--resume", str(trained)]) == 0
    assert signal.getsignal(signal.SIGINT) is before


def test_stopping_before_the_first_step_is_said_so(pictures, tmp_path, capsys, monkeypatch):
    from gan_studio.engine.control import Control

    monkeypatch.setattr(Control, "stopping", property(lambda self: True))
    assert main(["train", "--data", str(pictures), "--outdir", str(tmp_path / "r"), *SMALL]) == 1
    assert "before the first step" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_pictures_of_a_list_are_left_out(tmp_path, pictures, capsys):
    names = sorted(path.name for path in pictures.iterdir())
    (tmp_path / "out.txt").write_text(f"# blurred\n{names[0]}\n")
    line = ["train", "--data", str(pictures), "--outdir", str(tmp_path / "run"), "--exclude", str(tmp_path / "out.txt")]
    assert main([*line, "--steps", "1", *SMALL]) == 0
    assert json.loads((tmp_path / "run" / "config.json").read_text())["excluded"] == [names[0]]


def test_a_name_that_looks_like_markup_is_told_as_it_is(capsys):
    """rich would take it for the end of a colour, and refuse."""
    with TrainingConsole() as console:
        console.show(Notice("No picture here is called [/red]: it cannot be held out.", "Look at [bold]."))
    said = " ".join(capsys.readouterr().err.split())
    assert said == "Note: No picture here is called [/red]: it cannot be held out. Look at [bold]."
