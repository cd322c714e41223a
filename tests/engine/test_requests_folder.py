"""What lies in a run's folder of requests: taken once where it is a request, ignored with a line where it is not."""

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.engine.errors import RunError
from gan_studio.engine.requests_folder import (
    MOST_BYTES,
    MOST_COMPLAINTS,
    MOST_FILES,
    WORDS,
    RequestsFolder,
    post,
    withdraw,
)

ID = "0123456789abcdef" * 2


class Desk:
    """A trainer's side, and what it complained of."""

    def __init__(self, run: Path) -> None:
        self.lines: list[str] = []
        self.folder = RequestsFolder(run, self.lines.append)
        self.path = run / "requests"
        self.path.mkdir(exist_ok=True)

    def words(self) -> list[str]:
        return [request.word for request in self.folder.take()]


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory) -> Desk:
    """For what hypothesis writes again and again."""
    return Desk(tmp_path_factory.mktemp("run"))


def request(word: Any = "stop", **changes: Any) -> str:
    return json.dumps({"id": ID, "word": word, "time": time.time()} | changes)


@pytest.mark.parametrize("word", WORDS)
def test_what_is_posted_is_taken_once(desk, tmp_path, word):
    id_ = post(tmp_path, word)
    assert [(taken.id, taken.word) for taken in desk.folder.take()] == [(id_, word)]
    assert desk.words() == [] and desk.lines == []


def test_a_run_that_is_gone_is_not_made_again_by_whoever_asks(tmp_path):
    with pytest.raises(RunError, match="no folder that a trainer looks into"):
        post(tmp_path / "gone", "stop")
    assert not (tmp_path / "gone").exists()


def test_nothing_is_written_where_a_link_leads(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "requests").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunError, match="requests"):
        post(tmp_path, "stop")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_is_withdrawn_is_never_taken(desk, tmp_path):
    withdraw(tmp_path, post(tmp_path, "stop"))
    withdraw(tmp_path, ID)
    assert desk.words() == []


def test_what_an_earlier_trainer_did_not_hear_does_not_end_the_next_training(desk, tmp_path):
    post(tmp_path, "stop")
    desk.folder.clear()
    assert desk.words() == [] and "earlier training" in desk.lines[0]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (request("format the disk"), "unknown word"),
        (request(["stop"]), "unknown word"),
        (request(id="f" * 32), "another id"),
        (request(id="../../config"), "damaged"),
        (request(time="now"), "damaged"),
        ("", "damaged"),
        ("[" * 900, "damaged"),
        (request(padding="x" * MOST_BYTES), "bytes"),
        ('{"id": "\ud83d"}'.encode("utf-8", "surrogatepass"), "damaged"),
    ],
    # The texts hold the time, and processes that share the tests must call them alike
    ids=["word", "no word", "foreign", "path", "no time", "empty", "deep", "long", "surrogate"],
)
def test_damaged_long_and_unknown_requests_are_taken_away_with_a_line(desk, text, reason):
    file = desk.path / f"{ID}.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert desk.words() == [] and not file.exists()
    assert len(desk.lines) == 1 and reason in desk.lines[0]


@given(content=st.one_of(st.binary(max_size=2000), st.text(max_size=300).map(lambda text: request(text).encode())))
def test_no_content_does_harm(shared_desk, content):
    desk = shared_desk
    (desk.path / f"{ID}.json").write_bytes(content)
    assert all(word in WORDS for word in desk.words())
    assert list(desk.path.iterdir()) == []


@pytest.mark.parametrize("make", ["link", "pipe", "folder"])
def test_links_pipes_and_folders_are_not_followed(desk, tmp_path, make):
    secret, file = tmp_path / "secret.json", desk.path / f"{ID}.json"
    secret.write_text(request())
    if make == "link":
        file.symlink_to(secret)
    elif make == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    assert desk.words() == [] and secret.exists()
    assert desk.words() == [] and 1 <= len(desk.lines) <= 2


def test_a_folder_of_requests_that_is_a_link_is_left_alone(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"{ID}.json").write_text(request())
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "requests").symlink_to(elsewhere)
    folder = RequestsFolder(tmp_path / "run", lambda line: None)
    folder.clear()
    assert folder.take() == [] and (elsewhere / f"{ID}.json").exists()


def test_however_many_were_asked_of_an_earlier_training_none_is_left(desk):
    for number in range(MOST_FILES + 5):
        (desk.path / f"{number:032x}.json").write_text(request(id=f"{number:032x}"))
    desk.folder.clear()
    assert desk.words() == [] and not list(desk.path.iterdir())


def test_files_that_are_no_requests_are_in_nobodys_way(desk, tmp_path):
    for number in range(MOST_FILES * 2):
        (desk.path / f"{number}.txt").touch()
    post(tmp_path, "stop")
    assert desk.words() == ["stop"]


@pytest.mark.parametrize(
    "name", [f"{ID}.JSON", f"{ID.upper()}.json", f"{ID}.json\n", f"{'٣' * 32}.json", "a\x1b[2Jb", "\udcff"]
)
def test_odd_names_are_no_requests_and_harm_no_log(desk, name):
    (desk.path / name).write_text(request())
    assert desk.words() == []
    assert len(desk.lines) == 1 and desk.lines[0].isprintable() and desk.lines[0].encode()


def test_other_files_stay_and_are_complained_of_once_each_and_not_for_ever(desk, tmp_path):
    for number in range(MOST_COMPLAINTS + 10):
        (desk.path / f"{number}.txt").touch()
    (desk.path / f".{ID}.json.77.tmp").touch()
    post(tmp_path, "pause")
    assert desk.words() == ["pause"] and desk.words() == []
    assert len(desk.lines) == MOST_COMPLAINTS and "Further ones" in desk.lines[-1]
    assert len(list(desk.path.iterdir())) == MOST_COMPLAINTS + 11


def test_a_folder_that_somebody_filled_costs_a_bounded_look(desk):
    for number in range(MOST_FILES * 2):
        (desk.path / f"{number:032x}.json").write_text(request(id=f"{number:032x}"))
    assert len(desk.folder.take()) == MOST_FILES
