"""A training page, a data set, a family and a run folder of small grids, made without torch."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from gan_studio.engine.config import DataSettings, TrainingSettings
from gan_studio.engine.events import GridSaved, Report, Started
from gan_studio.engine.settings import Settings, setting
from gan_studio.gui.pages.train import TrainPage
from gan_studio.gui.views import DatasetView, FamilyForm


class ToySettings(Settings):
    features: int = setting(8, label="Features", help="Width.", group="Networks", ge=1, le=64)


class OtherSettings(Settings):
    depth: int = setting(3, label="Depth", help="Layers.", group="Networks", ge=1, le=9)


FAMILIES = [
    FamilyForm("toy", "Toy GAN", "Small and quick.", ToySettings, {"Wide": ToySettings(features=32)}),
    FamilyForm("other", "Other GAN", "Deep.", OtherSettings, {}),
]


@pytest.fixture
def families() -> list[FamilyForm]:
    return FAMILIES


@pytest.fixture
def page(qtbot) -> TrainPage:
    made = TrainPage()
    qtbot.addWidget(made)
    made.resize(1294, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def dataset(tmp_path) -> DatasetView:
    return DatasetView(
        source=tmp_path / "faces",
        title="faces",
        picture_count=1234,
        summary=("1,234 pictures, all 32 × 32.", "Grey."),
        skipped=(("broken.jpg", "ends too early"), ("<b>notes</b>.txt", "not a picture")),
        classes=(("cats", 1000), ("dogs", 234)),
        suggestions={"image_size": 32, "channels": "grey", "batch_size": 16},
        names=tuple(f"{'cats' if number < 1000 else 'dogs'}/{number}.png" for number in range(1234)),
        labels=(np.arange(1234) >= 1000).astype(np.int64),
        sizes=np.full((1234, 2), 32, np.int64),
        kinds=(("grey", 1234),),
        reasons=("32 px, because all are.",),
    )


@pytest.fixture
def ready_page(page, dataset) -> TrainPage:
    """Everything is there but the press of Train."""
    page.set_families(FAMILIES, DataSettings, TrainingSettings)
    page.show_dataset(dataset)
    return page


@pytest.fixture
def run_folder(tmp_path) -> Path:
    folder = tmp_path / "runs" / "faces-1"
    (folder / "samples").mkdir(parents=True)
    write_grid(folder / "samples" / "reals.png", "green")
    return folder


def write_grid(path: Path, colour: str) -> Path:
    image = QImage(16, 16, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    path.parent.mkdir(parents=True, exist_ok=True)
    assert image.save(str(path))
    return path


@pytest.fixture
def started(run_folder) -> Callable[..., Started]:
    def make(step: int = 0, run: Path = run_folder) -> Started:
        rates = {"D": 2e-4, "G": 1e-4}
        counts = {"G": 10, "D": 20}
        lines, initial = {"loss/D": 1.386}, {"D": 2e-4, "G": 2e-4}
        return Started(run, step, 1000, 64, 1234, counts, rates, ("D", "G"), "CPU · fp32", lines, initial)

    return make


def report(step: int, **scalars: float) -> Report:
    values = {"loss/D": 1.0, "loss/G": 2.0, "score/real": 0.7, "score/fake": 0.3, "grad/D": 1.0, "grad/G": 1.0}
    return Report(step, step * 64, step * 0.5, values | scalars, 128.0, 60.0, 2**30)


@pytest.fixture
def trained_page(ready_page, started, run_folder) -> TrainPage:
    """A training that has come to step 400, with a grid at every hundredth."""
    ready_page.show_event(started())
    for step in range(0, 500, 100):
        path = write_grid(run_folder / "samples" / f"step-{step:08d}.png", f"#0000{step // 4:02x}")
        ready_page.show_event(GridSaved(step, path))
        ready_page.show_event(report(step))
    return ready_page


@pytest.fixture
def make_report() -> Callable[..., Report]:
    return report


@pytest.fixture
def make_grid() -> Callable[[Path, str], Path]:
    return write_grid
