"""Grids are read in a thread, the newest wish first; marks are written there."""

import pytest
from PySide6.QtGui import QColor, QImage

from gan_studio.engine.config import PictureSpec, RunConfig
from gan_studio.engine.run import RunFolder
from gan_studio.gui.sessions.pictures import PictureSession
from gan_studio.gui.views.gallery import PictureWish
from gan_studio.gui.widgets.grid_pictures import AHEAD, GridPictures


@pytest.fixture
def session():
    made = PictureSession()
    yield made
    made.shutdown()


def make(path, width=40, height=20):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    image.save(str(path))
    return path


def test_pictures_are_read_at_their_size_or_as_thumbnails(session, tmp_path, qtbot):
    path, answers = make(tmp_path / "a.png"), []
    session.read.connect(answers.append)
    session.request([PictureWish(path), PictureWish(path, 10), PictureWish(tmp_path / "gone.png")])
    qtbot.waitUntil(lambda: len(answers) == 3)
    assert [answer.image.size().toTuple() for answer in answers] == [(40, 20), (10, 5), (0, 0)]
    assert answers[0].changed_ns == path.stat().st_mtime_ns


def test_the_newest_wish_is_read_first_and_the_rest_can_be_forgotten(session, tmp_path, qtbot):
    paths = [make(tmp_path / f"{number}.png") for number in range(5)]
    answers = []
    session.read.connect(lambda read: answers.append(read.wish.path))
    session._worker.put([PictureWish(path) for path in paths[:3]])
    session.request([PictureWish(path) for path in paths[3:]])
    qtbot.waitUntil(lambda: len(answers) == 5)
    assert answers == [*paths[3:], *paths[:3]]
    session._worker.put([PictureWish(path) for path in paths])
    session.forget()
    session.request([PictureWish(paths[0])])
    qtbot.waitUntil(lambda: len(answers) == 6)


def test_marks_are_written_into_the_run_also_when_the_window_closes(session, tmp_path):
    run = RunFolder.create(tmp_path / "run", RunConfig(family="dcgan", picture=PictureSpec(size=16)))
    session.write_favourites(run.path, frozenset({5, 10}))
    session.shutdown()
    assert run.favourites() == {5, 10}


def test_marks_that_cannot_be_written_are_told(session, tmp_path, qtbot):
    with qtbot.waitSignal(session.failed) as signal:
        session.write_favourites(tmp_path / "gone", frozenset({5}))
    assert "favourites.json" in signal.args[0]


def test_a_timeline_asks_ahead_for_what_it_has_not(session, tmp_path, qtbot):
    paths = [make(tmp_path / f"{number:02d}.png") for number in range(AHEAD + 3)]
    pictures, wishes = GridPictures(), []
    pictures.wanted.connect(session.request)
    pictures.wanted.connect(wishes.extend)
    session.read.connect(pictures.keep)
    pictures.load(paths[0])
    pictures.prepare(paths)
    pictures.prepare(paths)
    assert [wish.path for wish in wishes] == paths[1:AHEAD]
    qtbot.waitUntil(lambda: not pictures._asked)
    assert {path for path, _ in pictures._pixmaps} == set(paths[:AHEAD])
