"""The comparison of engines counts what was read right, what was taken for a phrase, and what a second look says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.readers import SIZES, Drawn, drawn_lines, false_share, read_all, right_share, second_look
from redaction.images.verify import Verifier
from redaction.lexicon import Lexicon, load_lexicon
from redaction.readers import Word
from redaction.readers.fake import FakeReader

LINES = 1


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def lines(lexicon: Lexicon) -> tuple[Drawn, ...]:
    return tuple(drawn_lines(lexicon, LINES))


def reader(lines: tuple[Drawn, ...], said: str | None = None, confidence: float = 1.0) -> FakeReader:
    """A reader that says the same of every line; each line must stand at a place of its own."""
    return FakeReader(tuple((Word(said or line.text, confidence, line.strip.box),) for line in lines))


def apart(lines: tuple[Drawn, ...]) -> tuple[Drawn, ...]:
    """The lines, each moved to rows of its own, so that a told reader knows them."""
    return tuple(
        replace(line, strip=replace(line.strip, box=line.strip.box.moved(0, 100 * row)))
        for row, line in enumerate(lines)
    )


def test_all_sizes_are_drawn_with_as_many_phrases_as_other_texts(lines: tuple[Drawn, ...], lexicon: Lexicon) -> None:
    assert {line.size for line in lines} == set(SIZES)
    assert sum(line.is_phrase for line in lines) * 2 == len(lines)
    assert all(lexicon.has(line.text) is line.is_phrase for line in lines)


def test_the_same_lines_are_drawn_each_time(lines: tuple[Drawn, ...], lexicon: Lexicon) -> None:
    assert [line.text for line in drawn_lines(lexicon, LINES)] == [line.text for line in lines]


def test_an_engine_that_reads_all_is_right_and_never_false(lines: tuple[Drawn, ...], lexicon: Lexicon) -> None:
    result = read_all(reader(apart(lines)), apart(lines))
    assert (right_share(result), right_share(result, SIZES[0]), false_share(result, lexicon)) == (1, 1, 0)


def test_an_engine_that_takes_everything_for_a_phrase_is_false(lines: tuple[Drawn, ...], lexicon: Lexicon) -> None:
    result = read_all(reader(apart(lines), "Settings"), apart(lines))
    assert false_share(result, lexicon) == 1


def test_what_is_read_without_confidence_counts_as_nothing(lines: tuple[Drawn, ...], lexicon: Lexicon) -> None:
    unsure = read_all(reader(apart(lines), confidence=0.3), apart(lines))
    assert (right_share(unsure), false_share(unsure, lexicon)) == (0, 0)


def test_a_second_engine_that_reads_nothing_contradicts_all(lines: tuple[Drawn, ...], lexicon: Lexicon) -> None:
    result = read_all(reader(apart(lines)), apart(lines))
    right = sum(line.is_phrase for line in lines)
    assert second_look(result, Verifier(FakeReader()), lexicon) == (right, right, 0, 0)


def test_every_line_has_ink_on_its_strip(lines: tuple[Drawn, ...]) -> None:
    assert all((line.strip.plane < 128).any() for line in lines)
