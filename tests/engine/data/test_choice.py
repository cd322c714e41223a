"""Pictures that are taken out: of the report, of the set, of a run; and how the choice is remembered."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan_studio.engine.config import DataSettings
from gan_studio.engine.data.cache import load_pictures
from gan_studio.engine.data.choice import read_list, recall, remember, without_empty_classes
from gan_studio.engine.data.scan import scan
from gan_studio.engine.errors import DatasetError
from gan_studio.engine.events import Failed, Finished, Notice
from gan_studio.engine.request import ResumeRequest
from gan_studio.engine.run import RunFolder
from tests.engine.courses import differences, final_state, new_run, play, train
from tests.engine.data.samples import numbered_set, write_folder, write_picture

SMALL = DataSettings(image_size=16, channels="colour")


def test_a_report_without_some_pictures_is_as_if_they_were_not_there(tmp_path):
    write_folder(tmp_path / "all" / "a", 4)
    write_picture(tmp_path / "all" / "b" / "wide.png", (9, 9, 9), size=(80, 40))
    write_folder(tmp_path / "few" / "a", 3)
    whole, few = scan(tmp_path / "all"), scan(tmp_path / "few")
    left = whole.without(["a/3.png", "b/wide.png"])
    assert [entry.name for entry in left.files] == ["a/0.png", "a/1.png", "a/2.png"]
    assert (left.classes, left.sizes, left.modes) == ((), few.sizes, few.modes)
    assert left.suggestions() == few.suggestions()
    assert whole.without([]) is whole


def test_a_set_without_colour_is_grey(tmp_path):
    write_picture(tmp_path / "grey.png", (90, 90, 90))
    write_picture(tmp_path / "red.png", (200, 0, 0))
    report = scan(tmp_path)
    assert not report.is_grey and report.without(["red.png"]).is_grey


def test_nobody_can_train_on_nothing(tmp_path):
    write_folder(tmp_path, 2)
    with pytest.raises(DatasetError, match="Every picture"):
        scan(tmp_path).without(["0.png", "1.png"])


def test_a_choice_shares_the_pixels_and_the_cache_of_the_whole_set(tmp_path):
    write_folder(tmp_path / "set", 9, ("x", "y", "z"))
    whole = load_pictures(scan(tmp_path / "set"), SMALL, cache_folder=tmp_path / "cache")
    left = whole.without([name for name in whole.names if name.startswith("y/")])
    assert left.pixels is whole.pixels
    assert (left.classes, sorted(set(left.labels)), len(left)) == (("x", "z"), [0, 1], 6)
    assert left.spec.classes == ("x", "z")
    kept = [number for number, name in enumerate(whole.names) if not name.startswith("y/")]
    assert np.array_equal(left.take(np.arange(6)), whole.pixels[kept])
    assert len({whole.fingerprint(), left.fingerprint(), whole.without(["x/0.png"]).fingerprint()}) == 3


def test_a_choice_has_the_fingerprint_of_a_folder_with_the_same_pictures(tmp_path):
    write_folder(tmp_path / "all", 6)
    write_folder(tmp_path / "few", 4)
    cache = tmp_path / "cache"
    whole = load_pictures(scan(tmp_path / "all"), SMALL, cache_folder=cache)
    few = load_pictures(scan(tmp_path / "few"), SMALL, cache_folder=cache)
    assert whole.without(["4.png", "5.png"]).fingerprint() == few.fingerprint()


@given(st.sets(st.integers(0, 19), min_size=1, max_size=19), st.sets(st.integers(0, 19)))
def test_taking_out_in_two_steps_is_taking_out_at_once(first, second):
    if len(first | second) == 20:
        return
    whole, names = numbered_set(20), lambda numbers: [f"{number}.png" for number in numbers]
    twice, once = whole.without(names(first)).without(names(second - first)), whole.without(names(first | second))
    assert twice.names == once.names and np.array_equal(
        twice.rows_of(np.arange(len(twice))), once.rows_of(np.arange(len(once)))
    )
    assert np.array_equal(twice.labels, once.labels) and twice.fingerprint() == once.fingerprint()


def test_classes_are_numbered_anew_when_one_is_empty():
    assert without_empty_classes([0, 2, 2], ("a", "b", "c")) == ((0, 1, 1), ("a", "c"))
    assert without_empty_classes([2, 2], ("a", "b", "c")) == ((-1, -1), ())
    assert without_empty_classes([-1, -1], ()) == ((-1, -1), ())


def test_a_choice_is_remembered_for_its_source_alone(tmp_path, home):
    remember(tmp_path / "cats", ["ä 1.png", "x/2.png"])
    assert recall(tmp_path / "cats") == recall(tmp_path / "cats" / ".." / "cats") == ("ä 1.png", "x/2.png")
    assert recall(tmp_path / "dogs") == ()
    remember(tmp_path / "cats", [])
    assert recall(tmp_path / "cats") == () and list((home / "choices").iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"taken_out": 3}', "{"])
def test_a_damaged_memory_counts_as_none(tmp_path, home, content):
    remember(tmp_path, ["a"])
    next((home / "choices").iterdir()).write_text(content)
    assert recall(tmp_path) == ()


def test_a_list_may_come_from_any_editor(tmp_path):
    (tmp_path / "list").write_bytes(b"\xef\xbb\xbf# not these\r\na/1.png\r\n\r\n  b 2.png \r\n")
    assert read_list(tmp_path / "list") == ("a/1.png", "b 2.png")
    with pytest.raises(DatasetError, match="cannot be read"):
        read_list(tmp_path / "none")


def test_a_run_keeps_its_choice_and_resumes_on_it_bit_for_bit(tmp_path, pictures):
    out = ("3.png", "7.png")
    whole, halves = (replace(new_run(pictures, tmp_path / name, steps=8), excluded=out) for name in ("one", "two"))
    play(whole, 8)
    play(halves, 3)
    assert json.loads((tmp_path / "two" / "config.json").read_text())["excluded"] == list(out)
    play(ResumeRequest(tmp_path / "two", {"steps": 8}), 8)
    assert differences(final_state(tmp_path / "one"), final_state(tmp_path / "two")) == []
    assert RunFolder(tmp_path / "two").config().picture_count == 8


def test_a_resume_says_nothing_of_pictures_that_were_left_out_before(tmp_path, pictures):
    train(replace(new_run(pictures, tmp_path / "r", steps=1), excluded=("3.png",)))
    events = train(ResumeRequest(tmp_path / "r", {"steps": 2}))
    assert isinstance(events[-1], Finished)
    assert not [event for event in events if isinstance(event, Notice)]


def test_names_that_no_picture_has_are_told(tmp_path, pictures):
    events = train(replace(new_run(pictures, tmp_path / "r", steps=1), excluded=("3.png", "gone.png")))
    assert [event.message[:6] for event in events if isinstance(event, Notice)] == ["1 name"]
    assert RunFolder(tmp_path / "r").config().excluded == ("3.png",)


def test_taking_everything_out_is_an_error_with_advice(tmp_path, pictures):
    every = tuple(path.name for path in Path(pictures).iterdir())
    events = train(replace(new_run(pictures, tmp_path / "r", steps=1), excluded=every))
    assert isinstance(events[-1], Failed) and "Every picture" in events[-1].message
