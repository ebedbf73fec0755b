"""Windows cover a text without a hole, each sharing its beginning with the one before."""

from __future__ import annotations

import itertools

import pytest

from redaction.detectors.windows import readable, windows


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 13, 14, 15, 100])
def test_windows_cover_a_text_and_overlap(length: int) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(length))
    found = tuple(windows(text, 8, 3))
    assert all(text[one.start :].startswith(one.text) and len(one.text) <= 8 for one in found)
    assert all(
        later.start == earlier.start + 5 and len(earlier.text) == 8 for earlier, later in itertools.pairwise(found)
    )
    assert (found[0].start, found[-1].start + len(found[-1].text)) == (0, length)


def test_a_text_that_fits_is_one_window() -> None:
    assert [one.text for one in windows("12345678", 8, 3)] == ["12345678"]


def test_lone_surrogates_are_marked_and_nothing_moves() -> None:
    assert readable("a\ud800b\udfff🙂") == "a?b?🙂"
