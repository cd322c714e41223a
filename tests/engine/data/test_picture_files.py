"""Pictures of a source as columns behave as the entries they were made of."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gan_studio.engine.data.picture_files import PictureEntry, PictureFiles

entries = st.lists(
    st.builds(
        PictureEntry,
        name=st.text(),
        label=st.integers(-1, 1000),
        size_bytes=st.integers(0, 2**40),
        stamp=st.integers(-(2**62), 2**62),
        size=st.tuples(st.integers(1, 90_000), st.integers(1, 90_000)),
        mode=st.sampled_from(["RGB", "L", "P", "I;16"]),
    )
)


@settings(max_examples=30)
@given(entries)
def test_what_goes_in_comes_out(given_entries):
    files = PictureFiles(given_entries)
    assert list(files) == given_entries and len(files) == len(given_entries)
    assert list(files[1:-1]) == given_entries[1:-1] and list(files[:0]) == []
    assert files.modes == [entry.mode for entry in given_entries]
    assert files.shapes.tolist() == [list(entry.size) for entry in given_entries]
    relabelled = files.labelled([7] * len(files))
    assert {entry.label for entry in relabelled} <= {7} and list(files) == given_entries


@settings(max_examples=30)
@given(entries, entries)
def test_digests_differ_where_files_do(one, other):
    facts = [[(file.name, file.label, file.size_bytes, file.stamp) for file in files] for files in (one, other)]
    assert (PictureFiles(one).digest() == PictureFiles(other).digest()) == (facts[0] == facts[1])
