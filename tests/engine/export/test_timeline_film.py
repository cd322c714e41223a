"""The film of a timeline: the right grids, the right cell, and the step written below."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gan_studio.engine.errors import StudioError
from gan_studio.engine.export.png import save_png
from gan_studio.engine.export.timeline_film import captioned, write_timeline_film
from gan_studio.engine.film_plan import FilmPlan, caption_height, film_steps, frame_size
from gan_studio.engine.grid_layout import GridLayout

SIZE, COLUMNS = 6, 3


@pytest.fixture
def grids(tmp_path):
    """Three grids of 3 × 3 cells, each cell in a colour of its own."""
    made = {}
    for step in (0, 100, 200):
        pixels = np.zeros((22, 22, 3), np.uint8)
        for cell in range(9):
            left, top, width, height = GridLayout.of(22, 22, SIZE).rect(cell)
            pixels[top : top + height, left : left + width] = (step, 20 * cell, 7)
        made[step] = tmp_path / f"step-{step:08d}.png"
        save_png(made[step], pixels)
    return made


def read(path):
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            yield np.asarray(image.convert("RGB"))


def test_whole_grids_enlarged(grids, tmp_path):
    write_timeline_film(tmp_path / "a.png", grids, SIZE, FilmPlan((0, 200), 5, zoom=2))
    first, second = read(tmp_path / "a.png")
    assert first.shape == (44, 44, 3)
    assert first[20, 20].tolist() == [0, 80, 7] and second[43, 43].tolist() == [200, 160, 7]


def test_one_cell_with_its_caption(grids, tmp_path):
    plan = FilmPlan((0, 100, 200), 5, zoom=8, cell=5, caption=True)
    write_timeline_film(tmp_path / "a.webp", grids, SIZE, plan)
    frames = list(read(tmp_path / "a.webp"))
    assert frames[0].shape[1::-1] == frame_size(SIZE, SIZE, 8, True)
    assert [frame[47, 47].tolist() for frame in frames] == [[step, 100, 7] for step in (0, 100, 200)]
    assert len({frame[48:].tobytes() for frame in frames}) == 3, "each says another step"


def test_what_cannot_be_filmed_is_said_in_words(grids, tmp_path):
    with pytest.raises(StudioError, match="no cell 10"):
        write_timeline_film(tmp_path / "a.gif", grids, SIZE, FilmPlan((0,), 5, cell=9))
    grids[100].write_bytes(b"\x89PNG\r\n\x1a\nnonsense")
    with pytest.raises(StudioError, match="step-00000100"):
        write_timeline_film(tmp_path / "a.gif", grids, SIZE, FilmPlan((0, 100), 5))
    assert not list(tmp_path.glob("*.gif"))


def test_a_caption_fits_however_narrow_the_frame():
    pixels = captioned(np.zeros((10, 40, 3), np.uint8), "step 12,000")
    assert pixels.shape == (10 + caption_height(10), 40, 3)
    assert pixels[10:, 2:-2].std() > 5 and (pixels[10:, 0] == pixels[-1, 0]).all()


@given(
    st.sets(st.integers(0, 500), max_size=40),
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(1, 9),
    st.booleans(),
)
def test_steps_lie_in_the_range_and_end_with_its_last(steps, first, last, every, marked_only):
    marked = {step for step in steps if step % 3 == 0} if marked_only else None
    chosen = film_steps(steps, first, last, every, marked)
    allowed = [step for step in sorted(steps) if first <= step <= last and (marked is None or step in marked)]
    assert list(chosen[:-1]) == allowed[::every][: len(chosen) - 1]
    assert chosen[-1:] == tuple(allowed[-1:])


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 70))
def test_cells_are_found_again_where_they_lie(columns, rows, size):
    layout = GridLayout.of(columns * (size + 2) - 2, rows * (size + 2) - 2, size)
    assert (layout.columns, layout.rows) == (columns, rows)
    for cell in (0, layout.cells - 1):
        left, top, width, height = layout.rect(cell)
        assert layout.at(left, top) == layout.at(left + width - 1, top + height - 1) == cell
        assert layout.moved(cell, 0, 0) == cell
    assert layout.at(-1, 0) is None and layout.moved(0, -1, -1) == 0


def test_a_picture_that_is_no_grid_of_such_cells_is_one_cell():
    assert GridLayout.of(100, 50, 64) == GridLayout(1, 1, 100, 50)
    assert GridLayout.of(100, 50, 0).cells == 1
