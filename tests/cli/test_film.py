"""`gan-studio film` on a run that exists."""

import json

import numpy as np
import pytest
from PIL import Image

from gan_studio.cli import main
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.export.png import save_png
from gan_studio.engine.run import RunFolder


@pytest.fixture
def run(tmp_path):
    made = RunFolder.create(tmp_path / "run", RunConfig(family="dcgan", picture=PictureSpec(size=16)))
    for step in range(0, 500, 100):
        save_png(made.sample_file(step), np.full((34, 34, 3), step // 2, np.uint8))
    return made


def test_it_writes_what_was_asked_for(run, tmp_path, capsys):
    out = tmp_path / "films" / "a.png"
    words = ["film", str(run.path), "--out", str(out), "--every", "3", "--first", "100", "--cell", "4", "--zoom", "2"]
    assert main([*words, "--seconds", "1.5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "frames": 2, "seconds": 1.5}
    with Image.open(out) as image:
        assert (image.size, getattr(image, "n_frames", 1)) == ((32, 32), 2)
        assert np.asarray(image.convert("RGB"))[0, 0, 0] == 50


def test_only_marked_steps(run, tmp_path, capsys):
    run.write_favourites({200, 400})
    assert main(["film", str(run.path), "--out", str(tmp_path / "a.webp"), "--favourites", "--caption"]) == 0
    assert "2 frames" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--out", "film.txt"], 2, "film.txt"),
        (["--fps", "0"], 2, "takes time"),
        (["--every", "0"], 2, "out of range"),
        (["--favourites"], 1, "no such grids"),
        (["--cell", "9"], 1, "no cell 9"),
    ],
)
def test_what_cannot_be_made_is_said(run, tmp_path, monkeypatch, capsys, words, code, said):
    monkeypatch.chdir(tmp_path)
    assert main(["film", str(run.path), *words]) == code
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("film.*"))
