"""Points in the plane: where they lie, how they are drawn, and how they look."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.point_batches import PointBatches
from gan_studio.engine.data.points import SHAPES, shape_name
from gan_studio.engine.data.scan import scan
from gan_studio.engine.data.scatter import FAINT, HIGH, LOW, MARKED, PAPER, Scatter
from gan_studio.engine.errors import DatasetError

each_shape = pytest.mark.parametrize("name", SHAPES)


def test_the_ring_has_eight_modes_at_radius_two_and_the_grid_25_two_apart():
    ring, grid = SHAPES["ring"].modes, SHAPES["grid"].modes
    assert ring is not None and grid is not None
    assert np.allclose(np.hypot(*ring.T), 2)
    assert np.allclose(ring[:3], [[2, 0], [2**0.5, 2**0.5], [0, 2]])
    assert sorted(map(tuple, grid.tolist())) == [(x, y) for x in (-4, -2, 0, 2, 4) for y in (-4, -2, 0, 2, 4)]


@pytest.mark.parametrize("name", ["ring", "grid", "gaussian"])
def test_every_mode_gets_its_share_with_its_deviation(name):
    shape = SHAPES[name]
    assert shape.modes is not None
    points = shape.draw(1, np.arange(40_000))
    nearest = np.linalg.norm(points[:, None] - shape.modes, axis=2).argmin(1)
    assert np.bincount(nearest) / len(points) == pytest.approx(np.full(len(shape.modes), 1 / len(shape.modes)), rel=0.1)
    assert (points - shape.modes[nearest]).std() == pytest.approx(shape.sigma, rel=0.02)
    assert abs(np.corrcoef((points - shape.modes[nearest]).T)[0, 1]) < 0.02


@each_shape
def test_the_nth_point_depends_on_seed_and_number_alone(name):
    shape = SHAPES[name]
    some = shape.draw(7, np.arange(100))
    assert np.array_equal(some[40:60], shape.draw(7, np.arange(40, 60)))
    assert not np.array_equal(some, shape.draw(8, np.arange(100)))
    assert some.dtype == np.float32
    assert np.abs(shape.draw(0, np.arange(5_000))).max() < shape.extent


def test_batches_go_on_where_their_state_says():
    def batches():
        return PointBatches(SHAPES["grid"], batch_size=8, seed=3, device="cpu")

    whole, parts = batches(), batches()
    expected = torch.cat([whole.next().images for _ in range(3)])
    first = parts.next().images
    again = batches()
    again.load_state_dict(parts.state_dict())
    assert torch.equal(torch.cat([first, again.next(16).images]), expected)


def test_a_picture_of_points_shows_them_where_they_are():
    scatter = Scatter(100, extent=1.0)
    scatter.field(np.array([[0.0, 1.0], [0.0, 1.0]]))
    scatter.faint(np.array([[-0.5, 0.5]] * 50))
    pixels = scatter.pixels(mark=np.array([0.5, -0.5]))
    assert tuple(pixels[90, 10]) == LOW
    assert tuple(pixels[10, 90]) == HIGH
    assert np.abs(pixels[25, 25].astype(int) - FAINT).max() <= 1, "upper left"
    assert MARKED in {tuple(pixel) for pixel in pixels[73:78, 73:78].reshape(-1, 3).tolist()}, "lower right"


def test_points_outside_and_points_that_are_no_numbers_are_left_out():
    scatter = Scatter(32, extent=1.0)
    scatter.strong(np.array([[2.0, 0.0], [np.nan, 0.0], [np.inf, -np.inf], [-1e30, 1e30]]))
    assert (scatter.pixels(mark=np.array([np.nan, np.nan])) == PAPER).all()


@each_shape
def test_a_shape_is_looked_at_like_a_folder_with_one_picture(name, home):
    report = scan(Path(f"points:{name}"))
    assert (len(report.files), report.points, report.classes) == (1, name, ())
    assert SHAPES[name].sentence in report.summary()[0]
    spec = report.picture_spec(DataSettings())
    assert (spec.points, spec.size, spec.channels) == (name, 256, 3)
    assert report.suggestions()["batch_size"] == 256
    pictures = load_pictures(report, DataSettings(image_size=256, channels="colour"))
    assert Image.fromarray(pictures.pixels[0]).getcolors(256**2) is not None


def test_a_shape_that_nobody_knows_is_refused_with_those_that_there_are():
    with pytest.raises(DatasetError, match="'cube'") as refused:
        scan(Path("points:cube"))
    assert "ring, grid" in refused.value.advice
    assert (shape_name("points:ring"), shape_name("/tmp/ring")) == ("ring", "")
