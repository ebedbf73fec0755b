"""Masking a line of text keeps whole phrases, hides lengths and numbers, and fails when a detector fails."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redaction.detectors import DetectorError, Role, light_detectors
from redaction.lexicon import Lexicon, load_lexicon
from redaction.spans import Category, TextSpan
from redaction.text import MaskedText, mask_text

LEXICON = load_lexicon()


def masked(text: str, lexicon: Lexicon = LEXICON) -> MaskedText:
    return mask_text(text, lexicon=lexicon, detectors=light_detectors())


class BrokenDetector:
    name = "broken"
    role = Role.LABEL

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        raise DetectorError("the detector broke")


class EverythingIsSecret:
    name = "everything"
    role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        return (TextSpan(0, len(text), Category.SECRET),)


@pytest.mark.parametrize("phrase", ["Save", "Save As", "Print Preview", "Category"])
def test_an_interface_phrase_stays(phrase: str) -> None:
    assert masked(phrase).text == phrase


@pytest.mark.parametrize("text", ["Margaret", "Please ask Will and mark the sheet", "Save Margaret", "42", "A"])
def test_what_is_not_a_phrase_goes_as_a_whole(text: str) -> None:
    assert masked(text).text == "<TEXT>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SSN: 123-45-6789", "<TAX>"),
        ("Name: Margaret Thornhill", "Name: <PERSON>"),
        ("password = hunter2", "<SECRET>"),
        ("SSN 123-45-6789", "<TAX>"),
        ("Diagnosis: Lupus", "<MEDICAL>"),
        ("Amount: $45.20", "Amount: <FINANCIAL>"),
        ("m.thornhill@example.org", "<PERSON>"),
        ("Inbox - Margaret Thornhill", "Inbox - <CHAT>"),
    ],
)
def test_the_placeholder_names_the_category(text: str, expected: str) -> None:
    assert masked(text).text == expected


def test_length_and_number_of_unknown_fields_are_hidden() -> None:
    assert masked("Ann - Bo").text == masked("Margaret Thornhill - Jonathan - Bartholomew").text


def test_a_finding_takes_a_phrase_that_the_lexicon_knows() -> None:
    assert mask_text("Save", lexicon=LEXICON, detectors=(EverythingIsSecret(),)).text == "<SECRET>"


def test_a_failing_detector_is_an_error_even_for_a_known_phrase() -> None:
    with pytest.raises(DetectorError):
        mask_text("Save", lexicon=LEXICON, detectors=(BrokenDetector(),))


def test_counts_tell_what_was_put_in() -> None:
    result = masked("Save - Margaret")
    assert (dict(result.counts), result.kept) == ({Category.UNKNOWN: 1}, 1)


@given(st.text(max_size=60))
def test_no_word_outside_the_lexicon_survives(text: str) -> None:
    result = mask_text(text, lexicon=Lexicon(frozenset(), "0"), detectors=light_detectors())
    rest = result.text
    for category in Category:
        rest = rest.replace("<TEXT>" if category is Category.UNKNOWN else f"<{category.upper()}>", "")
    assert not any(char.isalnum() for char in rest)


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more_than_category_names(text: str) -> None:
    once = masked(text)
    assert masked(once.text).kept == once.kept


def numbered(value: str, category: Category) -> str:
    return f"<{category.value}:{value}>"


@dataclass(frozen=True, slots=True)
class FakeStretches:
    """Finds the same stretches in every text."""

    spans: tuple[TextSpan, ...]
    name: str = "stretches"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:  # noqa: ARG002 (the port has it)
        """These stretches."""
        return self.spans


PERSON, SECRET = Category.PERSON, Category.SECRET


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("to Ann", (TextSpan(3, 6, PERSON),), "<TEXT> <person:Ann>"),
        ("Ann, Lee, Ann", (TextSpan(0, 3, PERSON), TextSpan(5, 8, PERSON), TextSpan(10, 13, PERSON)),
         "<person:Ann> <person:Lee>"),
        ("Ann Lee", (TextSpan(0, 3, PERSON), TextSpan(0, 7, PERSON)), "<person:Ann Lee>"),
        ("Ann Lee", (TextSpan(0, 7, PERSON), TextSpan(4, 7, SECRET)), "<secret:Ann Lee>"),
        ("Inbox - Ann - Lee", (TextSpan(8, 17, PERSON),), "Inbox - <person:Ann> <person:Lee>"),
        ("Inbox - Ann", (TextSpan(0, 5, SECRET),), "<secret:Inbox> <TEXT>"),
    ],
)  # fmt: skip
def test_each_value_is_told_once_and_all_else_as_one(text: str, spans: tuple[TextSpan, ...], expected: str) -> None:
    assert mask_text(text, lexicon=LEXICON, detectors=(FakeStretches(spans),), tag=numbered).text == expected
