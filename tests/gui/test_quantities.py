"""Numbers read as people write them."""

import pytest

from gan_studio.gui.quantities import duration, memory, scalar, short_count, whole


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (950, "950"), (999, "999"), (1000, "1k"), (1234, "1.2k"), (9960, "10k"), (77_000, "77k"),
     (999_600, "1M"), (2_500_000, "2.5M"), (3_000_000_000, "3G")],
)  # fmt: skip
def test_short_counts(number, text):
    assert short_count(number) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (42.4, "42 s"), (187, "3 min 07 s"), (3840, "1 h 04 min"), (200_000, "2 d 7 h"), (-3, "0 s")],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_other_numbers():
    assert whole(1_234_567) == "1,234,567"
    assert memory(640 * 2**20) == "640 MiB"
    assert memory(int(2.4 * 2**30)) == "2.4 GiB"
    assert [scalar(value) for value in (0.6931, 12.44, 0.0, 31e-6, float("nan"))] == [
        "0.693", "12.4", "0.000", "3.1e-05", "–",
    ]  # fmt: skip
