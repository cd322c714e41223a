"""A folder full of odd files trains: what cannot be read is skipped with its reason, the rest is learned from."""

from __future__ import annotations

from pathlib import Path

from gan_studio.engine.control import Control
from gan_studio.engine.events import Finished, Started, TrainEvent
from gan_studio.engine.request import TrainingRequest
from gan_studio.engine.training import run_training
from tests.engine.courses import FAMILY, TRAINING
from tests.engine.data.hostile import make_hostile_folder


def test_a_folder_of_hostile_files_trains_with_nothing_set_about_the_pictures(tmp_path: Path):
    expected = make_hostile_folder(tmp_path / "pictures")
    readable = sum(expectation.is_read for expectation in expected.values())
    events: list[TrainEvent] = []
    request = TrainingRequest(
        tmp_path / "pictures", family_settings=FAMILY, training=TRAINING | {"steps": 2}, outdir=tmp_path / "run"
    )

    run_training(request, events.append, Control())

    assert isinstance(events[-1], Finished), events[-1]
    assert len(expected) >= 60
    assert [event.picture_count for event in events if isinstance(event, Started)] == [readable]
