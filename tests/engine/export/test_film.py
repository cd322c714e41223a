"""Films can be played: as many frames as went in, in their order, size, colours and time."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gan_studio.engine.errors import Cancelled, RunError, StudioError
from gan_studio.engine.export import film
from gan_studio.engine.export.film import write_film

SUFFIXES = (".mp4", ".webp", ".png", ".apng", ".gif")
COLOURS = ((200, 30, 40), (30, 180, 60), (40, 60, 220), (128, 128, 128), (250, 240, 20))


def frames(count=5, height=24, width=32):
    """Frames of one colour each with a mark that wanders, so that none can be taken for another."""
    for number in range(count):
        frame = np.full((height, width, 3), COLOURS[number % len(COLOURS)], np.uint8)
        frame[:8, 4 * number : 4 * number + 4] = 255
        yield frame


def read(path):
    """Frames uint8 `[N, H, W, 3]` and the duration of all of them in seconds, as other programs see them."""
    if path.suffix == ".mp4":
        with av.open(str(path)) as container:
            pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
            return np.stack(pictures), float(container.duration or 0) / 1e6
    pictures, duration = [], 0.0
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            pictures.append(np.asarray(image.convert("RGB")))
            duration += image.info.get("duration", 0) / 1000
        assert image.info.get("loop") == 0, "it plays for ever"
    return np.stack(pictures), duration


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_film_holds_the_frames_in_order_size_colour_and_time(tmp_path, suffix):
    path = tmp_path / f"film{suffix}"
    write_film(path, frames(), 5, 10)
    found, seconds = read(path)
    wanted = np.stack(list(frames()))
    assert found.shape == wanted.shape
    assert seconds == pytest.approx(0.5, abs=0.03)
    away_from_edges = (slice(None), slice(12, 22), slice(4, 28))
    assert np.abs(found[away_from_edges].astype(int) - wanted[away_from_edges]).max() <= 8


@pytest.mark.parametrize("suffix", [".webp", ".png"])
@given(data=st.data())
@settings(max_examples=15)
def test_webp_and_png_keep_every_pixel(tmp_path_factory, suffix, data):
    count, height, width = (data.draw(st.integers(2, 4)), data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9)))
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    wanted = random.integers(0, 256, (count, height, width, 3), np.uint8)
    path = tmp_path_factory.mktemp("film") / f"film{suffix}"
    write_film(path, iter(wanted), count, 25)
    assert np.array_equal(read(path)[0], wanted)


def test_odd_sides_are_made_even_for_mp4(tmp_path):
    write_film(tmp_path / "odd.mp4", frames(2, 25, 33), 2, 10)
    found, _ = read(tmp_path / "odd.mp4")
    assert found.shape == (2, 26, 34, 3)
    assert np.abs(found[0, 25, 33].astype(int) - COLOURS[0]).max() <= 6


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_zoom_makes_squares_with_hard_edges(tmp_path, suffix):
    frame = np.zeros((4, 4, 3), np.uint8)
    frame[1, 2] = (240, 240, 240)
    write_film(tmp_path / f"zoom{suffix}", [frame, 255 - frame], 2, 5, zoom=8)
    found, _ = read(tmp_path / f"zoom{suffix}")
    assert found.shape == (2, 32, 32, 3)
    assert found[0, 9:15, 17:23].min() > 225 and found[0, 8:16, :15].max() < 20


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_rate_with_a_fraction_keeps_the_length(tmp_path, suffix):
    write_film(tmp_path / f"film{suffix}", frames(5), 5, 5 / 1.7)
    assert read(tmp_path / f"film{suffix}")[1] == pytest.approx(1.7, abs=0.03)


def test_one_frame_is_a_film_too(tmp_path):
    write_film(tmp_path / "one.mp4", frames(1), 1, 10)
    assert len(read(tmp_path / "one.mp4")[0]) == 1


def test_frames_are_taken_one_at_a_time_and_progress_is_told(tmp_path):
    told, alive = [], []

    def watched():
        for number, frame in enumerate(frames(20)):
            alive.append(number)
            assert told[-1] == (number, 20), "the frame before was done with"
            yield frame

    write_film(tmp_path / "film.gif", watched(), 20, 10, lambda done, total: told.append((done, total)))
    assert told[0] == (0, 20) and told[-1] == (20, 20)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_cancel_leaves_nothing_behind_and_keeps_what_was_there(tmp_path, suffix):
    path = tmp_path / f"film{suffix}"
    path.write_bytes(b"an older film")
    seen = []
    with pytest.raises(Cancelled):
        write_film(path, frames(9), 9, 10, lambda done, _: seen.append(done), lambda: len(seen) > 3)
    assert path.read_bytes() == b"an older film"
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_said_in_words_and_leaves_nothing_behind(tmp_path, monkeypatch, suffix):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    sink: Any = film._Sink
    monkeypatch.setattr(film, "_Sink", lambda file: sink(SimpleNamespace(write=refuse, seek=file.seek, tell=file.tell)))
    with pytest.raises(RunError, match="No space left"):
        write_film(tmp_path / f"film{suffix}", frames(40, 64, 64), 40, 10)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(RunError, match="Could not write"):
        write_film(tmp_path / "gone" / "film.mp4", frames(), 5, 10)


def test_what_cannot_be_a_film_is_refused(tmp_path):
    with pytest.raises(StudioError, match="no name of a film"):
        write_film(tmp_path / "film.txt", frames(), 5, 10)
    with pytest.raises(StudioError, match="nothing to film"):
        write_film(tmp_path / "film.mp4", [], 0, 10)
    with pytest.raises(StudioError, match="differ in size"):
        write_film(tmp_path / "film.webp", [*frames(1, 8, 8), *frames(1, 9, 8)], 2, 10)
    with pytest.raises(StudioError, match="too large"):
        write_film(tmp_path / "film.mp4", [np.zeros((2, 5000, 3), np.uint8)], 1, 10, zoom=2)
    assert list(tmp_path.iterdir()) == []


def test_writing_a_film_imports_no_torch():
    code = "import sys, gan_studio.engine.export.film; assert not {'torch', 'av'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
