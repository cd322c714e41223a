"""The explorer's session: models open, the newest request wins, pictures return from their recipe."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan_studio.engine.checkpoint import flat_tensors, make_family, save_generator
from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.control import Control
from gan_studio.engine.export.png import read_recipe
from gan_studio.engine.run import RunFolder
from gan_studio.gui.sessions import worker_thread
from gan_studio.gui.sessions.explorer import ExplorerSession
from gan_studio.gui.views import Viewpoint

WAIT = 20_000


def config():
    settings = {"latent_size": 6, "features": 2, "most_features": 4}
    return RunConfig(family="dcgan", family_settings=settings, picture=PictureSpec(size=16))


def tensors(seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        generator = make_family(config()).build().networks["G"]
    return flat_tensors({"G": generator})


@pytest.fixture
def run(tmp_path):
    folder = RunFolder.create(tmp_path / "runs" / "faces", config())
    save_generator(folder.generator_file(10), config(), 10, tensors(1))
    save_generator(folder.generator_file(20), config(), 20, tensors(2))
    return folder


@pytest.fixture
def session(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("GAN_STUDIO_HOME", str(tmp_path))
    made = ExplorerSession()
    yield made
    made.shutdown()


def opened(qtbot, session, path):
    with qtbot.waitSignal(session.model_opened, timeout=WAIT) as signal:
        session.open_file(path)
    return signal.args


def picture(qtbot, session, stamp, viewpoint, from_seed=False):
    """The picture of this very request: one that was asked for before may still be on its way."""
    with qtbot.waitSignal(
        session.picture_ready, timeout=WAIT, check_params_cb=lambda made: made.stamp == stamp
    ) as signal:
        (session.request_seed if from_seed else session.request)(stamp, viewpoint)
    return signal.args[0]


def test_a_run_opens_its_newest_generator_and_a_file_itself(qtbot, session, run):
    view, viewpoint = opened(qtbot, session, run.path)
    assert (view.step, view.title, view.size, view.live) == (20, "faces", 16, False)
    assert viewpoint is None and view.controls[0].shape == (6,)
    assert opened(qtbot, session, run.generator_file(10))[0].step == 10


def test_a_seed_gives_its_latents_and_the_same_picture_each_time(qtbot, session, run):
    opened(qtbot, session, run.path)
    with qtbot.waitSignal(session.seed_drawn, timeout=WAIT) as drawn:
        session.request_seed(1, Viewpoint(seed=3))
    assert drawn.args[0] == 1
    z = drawn.args[1].controls["z"]
    assert z.dtype == np.float32 and z.shape == (6,)
    first = picture(qtbot, session, 2, Viewpoint(seed=3), from_seed=True)
    again = picture(qtbot, session, 3, Viewpoint(controls={"z": z}))
    other = picture(qtbot, session, 4, Viewpoint(seed=4), from_seed=True)
    assert first.pixels.shape == (16, 16, 3) and first.pixels.flags["C_CONTIGUOUS"]
    assert np.array_equal(first.pixels, again.pixels)
    assert not np.array_equal(first.pixels, other.pixels)


def test_a_flood_of_requests_is_answered_by_the_newest_and_few_others(qtbot, session, run):
    opened(qtbot, session, run.path)
    stamps = []
    session.picture_ready.connect(lambda made: stamps.append(made.stamp))
    for stamp in range(3000):
        session.request(stamp, Viewpoint(controls={"z": np.full(6, stamp / 1000, np.float32)}))
    qtbot.waitUntil(lambda: bool(stamps) and stamps[-1] == 2999, timeout=WAIT)
    assert stamps == sorted(stamps)
    assert len(stamps) < 1500


def test_requests_for_another_models_controls_are_dropped(qtbot, session, run):
    opened(qtbot, session, run.path)
    stamps = []
    session.picture_ready.connect(lambda made: stamps.append(made.stamp))
    session.request(1, Viewpoint(controls={"z": np.zeros(99, np.float32)}))
    picture(qtbot, session, 2, Viewpoint(controls={"z": np.zeros(6, np.float32)}))
    assert stamps == [2]


def test_a_saved_picture_returns_to_the_same_controls_and_pixels(qtbot, session, run, tmp_path):
    opened(qtbot, session, run.generator_file(10))
    shown = picture(qtbot, session, 1, Viewpoint(2.5, -1.25, {"z": np.array([0.1, -2, 3.3, 9, 0, 1e-40], np.float32)}))
    path = tmp_path / "face.png"
    with qtbot.waitSignal(session.saved, timeout=WAIT):
        session.save(path)
    run.prune_checkpoints(1)
    view, viewpoint = opened(qtbot, session, path)
    assert view.step == 10 and (viewpoint.seed, viewpoint.row) == (2.5, -1.25)
    again = picture(qtbot, session, 2, viewpoint)
    assert np.array_equal(again.pixels, shown.pixels)
    assert np.array_equal(np.asarray(Image.open(path)), shown.pixels)


REOPEN = """
import sys
from pathlib import Path
import numpy as np
from PIL import Image
from PySide6.QtCore import QCoreApplication, QTimer
from gan_studio.gui.sessions.explorer import ExplorerSession

app, session, path, equal = QCoreApplication([]), ExplorerSession(), Path(sys.argv[1]), []

class Receiver:
    def opened(self, view, viewpoint):
        session.request(1, viewpoint)
    def pictured(self, picture):
        equal.append(np.array_equal(picture.pixels, np.asarray(Image.open(path))))
        app.quit()
    def failed(self, message, advice):
        print(message, advice)
        app.quit()

receiver = Receiver()
session.model_opened.connect(receiver.opened)
session.picture_ready.connect(receiver.pictured)
session.failed.connect(receiver.failed)
session.open_file(path)
QTimer.singleShot(50_000, app.quit)
app.exec()
session.shutdown()
sys.exit(0 if equal == [True] else 1)
"""


def test_a_new_process_makes_the_same_pixels_after_the_run_was_trained_on(qtbot, session, run, tmp_path):
    opened(qtbot, session, run.path)
    picture(qtbot, session, 1, Viewpoint(seed=7.3, row=0.4), from_seed=True)
    with qtbot.waitSignal(session.saved, timeout=WAIT):
        session.save(tmp_path / "face.png")
    save_generator(run.generator_file(30), config(), 30, tensors(3))
    run.prune_checkpoints(1)
    done = subprocess.run(
        [sys.executable, "-c", REOPEN, str(tmp_path / "face.png")], capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_picture_whose_model_is_unknown_asks_for_it_and_takes_the_right_one_only(qtbot, session, run, tmp_path):
    opened(qtbot, session, run.path)
    shown = picture(qtbot, session, 1, Viewpoint(seed=5), from_seed=True)
    with qtbot.waitSignal(session.saved, timeout=WAIT):
        session.save(tmp_path / "face.png")
    assert read_recipe(tmp_path / "face.png").family == "dcgan"
    moved = tmp_path / "elsewhere"
    run.path.rename(moved)
    with qtbot.waitSignal(session.model_needed, timeout=WAIT) as needed:
        session.open_file(tmp_path / "face.png")
    assert needed.args[0] == read_recipe(tmp_path / "face.png").sha256 and "faces" in needed.args[1]
    with qtbot.waitSignal(session.failed, timeout=WAIT):
        session.provide_model(moved / "checkpoints" / "step-00000010.safetensors")
    with qtbot.waitSignal(session.model_opened, timeout=WAIT) as signal:
        session.provide_model(moved)
    assert np.array_equal(picture(qtbot, session, 2, signal.args[1]).pixels, shown.pixels)


@pytest.mark.parametrize("content", [None, b"", b"\x80\x04pickle", b"\xff" * 100])
def test_files_that_are_no_model_fail_in_words_and_the_session_goes_on(qtbot, session, run, tmp_path, content):
    path = tmp_path / "bad.safetensors"
    if content is not None:
        path.write_bytes(content)
    with qtbot.waitSignal(session.failed, timeout=WAIT) as failed:
        session.open_file(path)
    assert "bad.safetensors" in failed.args[0] and failed.args[1]
    assert opened(qtbot, session, run.path)[0].step == 20


def test_a_full_disk_fails_in_words(qtbot, session, run, tmp_path):
    opened(qtbot, session, run.path)
    picture(qtbot, session, 1, Viewpoint(), from_seed=True)
    with qtbot.waitSignal(session.failed, timeout=WAIT) as failed:
        session.save(tmp_path / "gone" / "face.png")
    assert "Could not write" in failed.args[0]


def test_saving_without_a_picture_says_so(qtbot, session, tmp_path):
    with qtbot.waitSignal(session.failed, timeout=WAIT) as failed:
        session.save(tmp_path / "a.png")
    assert "no picture" in failed.args[0]


def test_the_model_in_training_is_followed_and_its_pictures_keep_their_model(qtbot, session, run, tmp_path):
    control = Control()
    session.follow(control, run.path)
    assert control.take_request("snapshot")
    for step in (31, 32):
        control.put_snapshot(step, tensors(step))
        with qtbot.waitSignal(session.model_opened, timeout=WAIT) as signal:
            session.look_for_snapshot()
        assert signal.args[0].live and signal.args[0].step == step and signal.args[0].source is None
    shown = picture(qtbot, session, 1, Viewpoint(seed=1), from_seed=True)
    with qtbot.waitSignal(session.saved, timeout=WAIT):
        session.save(tmp_path / "live.png")
    view, viewpoint = opened(qtbot, session, tmp_path / "live.png")
    assert view.step == 32 and not view.live and view.source is not None
    assert np.array_equal(picture(qtbot, session, 2, viewpoint).pixels, shown.pixels)


def test_opening_a_file_ends_the_following(qtbot, session, run):
    control = Control()
    session.follow(control, run.path)
    with qtbot.waitSignal(session.following_changed, timeout=WAIT) as signal:
        opened(qtbot, session, run.path)
    assert signal.args == [False]
    control.take_request("snapshot")
    session.look_for_snapshot()
    assert not control.take_request("snapshot")


def test_the_explorer_leaves_threads_gradients_and_randomness_of_others_alone(qtbot, session, run):
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    state = torch.get_rng_state()
    opened(qtbot, session, run.path)
    picture(qtbot, session, 1, Viewpoint(seed=2.5, row=0.5), from_seed=True)
    later = []
    thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    in_this_thread = torch.get_num_threads()
    torch.set_num_threads(before)
    assert (later, in_this_thread) == ([3], 3)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.is_grad_enabled()


def test_shutdown_is_quick_also_when_nothing_was_started_and_when_called_twice(qapp, qtbot, run):
    for path in (None, run.path):
        session = ExplorerSession()
        if path is not None:
            session.open_file(path)
        session.shutdown()
        session.shutdown()
        session.request(1, Viewpoint())
    assert worker_thread._unfinished == []


def test_the_session_imports_no_torch_by_itself():
    code = "import sys, gan_studio.gui.sessions.explorer; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3]).returncode == 0
