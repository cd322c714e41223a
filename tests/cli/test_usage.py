"""Wrong usage is exit code 2 with one clear line; nothing is trained or written."""

import subprocess
import sys

import pytest

from gan_studio.cli import COMMANDS, main
from tests.engine.courses import ROOT, new_run, train


def typed(words):
    return " ".join(words) if isinstance(words, list) else ""


def failing(capsys, *words):
    """Exit code and what was said on stderr."""
    code = main(words)
    captured = capsys.readouterr()
    assert captured.out == ""
    return code, captured.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["train"], "--data"),
        (["train", "--data"], "--data"),
        (["train", "--data", "x", "--no-such-flag"], "--no-such-flag"),
        (["train", "--data", "x", "--batch", "64"], "--batch"),
        (
            ["train", "--data", "x", "--batch-size", "0"],
            "Batch (batch_size): Input should be greater",
        ),
        (["train", "--data", "x", "--batch-size", "many"], "--batch-size"),
        (["train", "--data", "x", "--real-target", "2"], "Target for reals (real_target)"),
        (
            ["train", "--data", "x", "--background", "red"],
            "Background (background): 'red' is not written like '#ffffff'",
        ),
        (["train", "--data", "x", "--image-size", "48"], "48"),
        (["train", "--data", "x", "--family", "dreamgan"], "dreamgan"),
        (["train", "--data", "x", "--family=dreamgan"], "dreamgan"),
        (["train", "--data", "x", "--from-step", "5"], "--resume"),
        (["train", "--resume", "x", "--batch-size", "8"], "--batch-size"),
        (["train", "--resume", "x", "--no-tensorboard"], "--tensorboard"),
        (["train", "--resume", "x", "--family", "dcgan"], "--family"),
        (["train", "--resume", "x", "--data", "y"], "--data"),
        (["train", "--resume", "x", "--steps", "-1"], "Steps (steps)"),
        (["scan"], "PATH"),
        (["scan", "a", "b"], "b"),
        (["families", "--loud"], "--loud"),
        (["sample", "x", "--seeds", "some"], "--seeds"),
        (["sample", "x", "--seeds", "5-3"], "--seeds"),
        (["sample", "x", "--seeds", "²"], "--seeds"),
        (["sample", "x", "--seeds", "99999999999999999999"], "--seeds"),
        (["evaluate", "x", "--data", "y", "--count", "0"], "--count"),
        (["bench", "--seconds", "long"], "--seconds"),
        (["bench", "--device", "abacus"], "Device (device)"),
        (["bench", "--batch-size", "0"], "Batch (batch_size)"),
    ],
    ids=typed,
)
def test_what_is_typed_wrong_is_said_in_one_line(words, said, capsys):
    code, message = failing(capsys, *words)
    assert code == 2
    assert said in message
    assert message.count("\n") == 1
    assert message.startswith(f"gan-studio {words[0]}: ")


def test_a_command_that_is_not_there_names_those_that_are(capsys):
    code, message = failing(capsys, "dream")
    assert code == 2
    assert all(name in message for name in COMMANDS)


def test_no_command_at_all_shows_the_help(capsys):
    assert main([]) == 2
    assert "train" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)], ids=typed)
def test_help_and_version_are_no_failures(words, capsys):
    try:
        code = main(words)
    except SystemExit as end:
        code = end.code
    assert code in (0, None)
    assert capsys.readouterr().out


def test_the_help_of_train_shows_the_settings_of_data_training_and_family(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "--no-tensorboard Turns this off: Also" in said.replace("│ ", "").replace(" │", "")
    for flag in ("--image-size", "--batch-size", "--latent-size", "--objective", "--no-tensorboard", "--resume"):
        assert flag in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scan", "{tmp}/nowhere"], "nowhere"),
        (["scan", "{tmp}/empty"], "empty"),
        (["train", "--data", "{tmp}/nowhere"], "nowhere"),
        (["train", "--data", "{tmp}/empty"], "empty"),
        (["train", "--data", "{tmp}/texts"], "texts"),
        (["train", "--data", "{tmp}/file.txt"], "file.txt"),
        (["train", "--data", "{pictures}", "--outdir", "{tmp}/texts"], "not empty"),
        (["train", "--data", "{pictures}", "--device", "cuda:99"], "cuda:99"),
        (["train", "--resume", "{tmp}/nowhere"], "nowhere"),
        (["train", "--resume", "{tmp}/empty"], "not a run"),
        (["sample", "{tmp}/nowhere"], "nowhere"),
        (["sample", "{tmp}/file.txt"], "file.txt"),
    ],
    ids=typed,
)
def test_what_cannot_be_done_is_exit_code_1_with_one_clear_line(words, said, tmp_path, pictures, capsys):
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    for file in (tmp_path / "texts" / "notes.txt", tmp_path / "file.txt"):
        file.write_text("no picture")
    code, message = failing(capsys, *(word.format(tmp=tmp_path, pictures=pictures) for word in words))
    assert code == 1
    assert said in message
    assert message.splitlines()[-1].startswith(f"gan-studio {words[0]}: ")
    assert "Traceback" not in message


def test_a_folder_that_is_not_empty_is_refused_before_torch_is_imported(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    words = f"['train', '--data', 'x', '--outdir={tmp_path}']"
    program = f"import sys; from gan_studio.cli import main; code = main({words})"
    program += "; sys.exit(code + 10 * ('torch' in sys.modules))"
    end = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (end.returncode, "not empty" in end.stderr) == (1, True)


def test_an_unreadable_folder_is_exit_code_1(tmp_path, capsys, monkeypatch):
    """Root reads everything: the system's refusal is made here."""
    import os

    locked = tmp_path / "locked"
    locked.mkdir()
    scandir, listdir = os.scandir, os.listdir

    def refuse(original):
        def look(path="."):
            if str(path).startswith(str(locked)):
                raise PermissionError(13, "Permission denied", str(path))
            return original(path)

        return look

    monkeypatch.setattr(os, "scandir", refuse(scandir))
    monkeypatch.setattr(os, "listdir", refuse(listdir))
    for words in (("scan", str(locked)), ("train", "--data", str(locked))):
        code, message = failing(capsys, *words)
        assert code == 1
        assert "locked" in message


def test_a_damaged_checkpoint_is_exit_code_1_and_everything_else_stays(tmp_path, pictures, capsys):
    run = tmp_path / "r"
    train(new_run(pictures, run, steps=2, checkpoint_steps=1))
    newest = run / "checkpoints" / "step-00000002.pt"
    newest.write_bytes(newest.read_bytes()[:3000])
    before = sorted(run.rglob("*"))
    code, message = failing(capsys, "train", "--resume", str(run), "--steps", "4")
    assert code == 1
    assert "step-00000002.pt is damaged" in message
    assert sorted(run.rglob("*")) == before
    assert main(["train", "--resume", str(run), "--steps", "3", "--from-step", "1"]) == 0


def test_nothing_of_the_command_line_needs_qt_and_usage_needs_no_torch():
    """One process in which Qt cannot be imported; torch is looked for after what needs none of it."""
    code = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pyqtgraph", "superqt", "qtawesome", "qtpy"):
            raise ImportError(f"{name} is not here")

sys.meta_path.insert(0, Blocker())
from gan_studio.cli import main
assert main(["--version"]) == 0
assert main(["dream"]) == 2
assert main(["scan", "/no/such/folder"]) == 1
assert "torch" not in sys.modules, "torch was loaded for nothing"
assert main(["families", "--json"]) == 0
import gan_studio.cli.train, gan_studio.engine.training, gan_studio.cli.sample, gan_studio.engine.bench
"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
