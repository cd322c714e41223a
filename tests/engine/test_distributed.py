"""Several processes on one training: they do what one does, go on as another number, and end together."""

import json
import os
import re
import signal
import time
from itertools import pairwise
from types import SimpleNamespace

import psutil
import pytest
import torch
from torch import nn

from gan_studio.engine.checkpoint import load_state, make_family
from gan_studio.engine.config import PictureSpec
from gan_studio.engine.distributed import ALONE, Order, World
from gan_studio.engine.errors import SettingsError, StudioError
from gan_studio.engine.families.dcgan import DCGAN
from gan_studio.engine.following import follow
from gan_studio.engine.run import RunFolder
from gan_studio.engine.speed import Plan
from gan_studio.engine.stats import Statistics
from gan_studio.engine.step import Stepper
from tests.engine.courses import draw_pictures
from tests.engine.processes import FROM_PICTURES, SMALL, start, train

NORM_FREE = ["--family", "vanilla", "--no-g-norm", "--width", "32"]
CONVOLUTIONAL = ["--features", "8", "--most-features", "16"]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return draw_pictures(tmp_path_factory.mktemp("pictures"), count=12)


def lines(run):
    return {line["step"]: line for line in RunFolder(run).metrics()}


def losses(run, step):
    return {name: value for name, value in lines(run)[step].items() if name.startswith(("loss/", "score/", "grad/"))}


def weights(run):
    modules = load_state(RunFolder(run).state_to_resume())["modules"]
    return torch.cat([value.float().reshape(-1) for module in modules.values() for value in module.values()])


def test_a_batch_that_cannot_be_shared_is_refused_in_words():
    world = World()
    world.size = 3
    world.check_batch(9)
    with pytest.raises(SettingsError, match="8 pictures cannot be shared by 3 processes"):
        world.check_batch(8)
    ALONE.check_batch(7)


class Second(World):
    """The second of two processes, the first of which has two pictures and asks for something unheard of."""

    rank, size = 1, 2

    def gather(self, value):
        return torch.cat([value - 10, value])

    def hear(self):
        return Order("dance")


def test_what_is_done_with_a_whole_batch_is_handed_out_by_shares():
    seen = []

    def swap(pictures):
        seen.append(pictures.tolist())
        return pictures.flip(0)

    family = DCGAN(DCGAN.tiny(), PictureSpec(size=16))
    stepper = Stepper(family, family.build(), {}, {}, Plan("cpu", 1), Statistics(), Second())
    assert stepper.over_batch(swap, torch.tensor([11.0, 12.0])).tolist() == [2, 1]
    assert seen == [[1, 2, 11, 12]]


def test_an_order_of_another_version_is_refused_in_words():
    training = SimpleNamespace(stepper=None)
    with pytest.raises(StudioError, match="'dance'") as refused:
        follow(Second(), training, Statistics())  # type: ignore[arg-type]
    assert "same version" in refused.value.advice


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "settings",
    [
        NORM_FREE,
        [*NORM_FREE, "--augmentation", "diffaugment", "--instance-noise", "0.1"],
        [*CONVOLUTIONAL, "--sync-batch-norm"],
    ],
    ids=["plain", "with noise of every kind", "with synchronised BatchNorm"],
)
def test_two_processes_do_what_one_does(pictures, tmp_path, settings):
    """The losses of each of twenty steps, within 1e-5."""
    each = ["--data", str(pictures), *SMALL, *settings, "--flip", "--steps", "20", "--checkpoint-steps", "1"]
    for count, run in ((1, "one"), (2, "two")):
        done = train(count, *each, "--outdir", str(tmp_path / run))
        assert done.returncode == 0, done.stderr
    one, two = lines(tmp_path / "one"), lines(tmp_path / "two")
    assert sorted(one) == sorted(two) == list(range(1, 21))
    for step in one:
        assert losses(tmp_path / "two", step) == pytest.approx(losses(tmp_path / "one", step), abs=1e-5, rel=1e-5)
    assert torch.allclose(weights(tmp_path / "one"), weights(tmp_path / "two"), atol=1e-5)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "settings",
    [
        ["--family", "cyclegan", "--halvings", "1", "--blocks", "1", "--d-features", "4", "--pool-size", "20"],
        ["--family", "srgan", "--scale", "2", "--blocks", "1", "--d-features", "2", "--warmup-images", "40"],
    ],
    ids=["CycleGAN with past pictures", "SRGAN through its warm-up"],
)
def test_two_processes_translate_and_enlarge_as_one_does(tmp_path, settings):
    """The losses of each of twelve steps, all weights that have an effect, and past pictures, within 1e-5."""
    for name in ("anemone", "bluebell"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        draw_pictures(tmp_path / "pictures" / name, count=12, size=24)
    each = ["--data", str(tmp_path / "pictures"), *FROM_PICTURES, *settings, "--features", "4", "--sync-batch-norm"]
    for count, run in ((1, "one"), (2, "two")):
        done = train(count, *each, "--steps", "12", "--checkpoint-steps", "1", "--outdir", str(tmp_path / run))
        assert done.returncode == 0, done.stderr
    for step in range(1, 13):
        assert losses(tmp_path / "two", step) == pytest.approx(losses(tmp_path / "one", step), abs=1e-5, rel=1e-5)
    one, two = (load_state(RunFolder(tmp_path / run).state_to_resume())["modules"] for run in ("one", "two"))
    of_no_effect = biases_without_effect(RunFolder(tmp_path / "one"))
    for name, value in named(one).items():
        assert name in of_no_effect or torch.allclose(value.float(), named(two)[name].float(), atol=1e-5), name


def named(modules):
    return {f"{module}.{name}": value for module, values in modules.items() for name, value in values.items()}


def biases_without_effect(run):
    """Of layers before InstanceNorm: it takes away what they add, so their gradients are rounding alone, of which Adam
    makes whole strides."""
    with torch.device("meta"):
        networks = nn.ModuleDict(make_family(run.config()).build().networks)
    rows = [(path, row) for path, row in networks.named_modules() if isinstance(row, nn.Sequential)]
    return {
        f"{path}.{layer}.bias"
        for path, row in rows
        for (layer, _), (_, following) in pairwise(row.named_children())
        if isinstance(following, nn.InstanceNorm2d)
    }


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_run_of_two_goes_on_as_one_and_as_two_again(pictures, tmp_path):
    each = ["--data", str(pictures), *SMALL, *NORM_FREE, "--checkpoint-steps", "1"]
    assert train(1, *each, "--steps", "12", "--outdir", str(tmp_path / "whole")).returncode == 0
    parts = tmp_path / "parts"
    assert train(2, *each, "--steps", "4", "--outdir", str(parts)).returncode == 0
    assert train(1, "--resume", str(parts), "--steps", "8").returncode == 0
    assert train(2, "--resume", str(parts), "--steps", "12").returncode == 0
    assert losses(parts, 12) == pytest.approx(losses(tmp_path / "whole", 12), abs=1e-5, rel=1e-5)
    log = RunFolder(parts).log_file.read_text()
    assert len(re.findall(r"step \d+: 2 processes: CPU", log)) == 2


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("victim", [0, 1])
def test_when_a_process_is_killed_all_end_soon_and_the_last_checkpoint_is_whole(pictures, tmp_path, victim):
    run = tmp_path / "run"
    words = ["--data", str(pictures), *SMALL, "--outdir", str(run), "--checkpoint-steps", "10"]
    process = start(2, *words, log=tmp_path / "log.txt")
    try:
        _wait(lambda: any(RunFolder(run).state_files()) and max(RunFolder(run).state_files()) >= 10)
        ranks = {_rank(child): child for child in psutil.Process(process.pid).children(recursive=True)}
        os.kill(ranks[victim].pid, signal.SIGKILL)
        began = time.monotonic()
        assert process.wait(60) != 0
        seconds = time.monotonic() - began
        assert not any(child.is_running() and child.status() != "zombie" for child in ranks.values())
    finally:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    print(f"all ended after {seconds:.1f} s")  # noqa: T201
    state = load_state(RunFolder(run).state_to_resume())
    assert state["counters"]["step"] % 10 == 0
    done = train(1, "--resume", str(run), "--steps", str(state["counters"]["step"] + 1))
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_stop_through_the_folder_ends_all_of_them_in_good_order(pictures, tmp_path):
    run = tmp_path / "run"
    process = start(2, "--data", str(pictures), *SMALL, "--outdir", str(run), log=tmp_path / "log.txt")
    try:
        _wait(lambda: (run / "status.json").exists() and json.loads((run / "status.json").read_text())["step"] > 5)
        assert train_word(run, "pause") == 0
        assert train_word(run, "stop") == 0
        assert process.wait(30) == 0, (tmp_path / "log.txt").read_text()
    finally:
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
    assert json.loads((run / "status.json").read_text())["state"] == "stopped"


def train_word(run, word):
    from gan_studio.cli import main

    return main(["ask", str(run), word])


def _rank(process):
    return int(process.environ().get("RANK", "-1"))


def _wait(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing came of it"
        time.sleep(0.05)
