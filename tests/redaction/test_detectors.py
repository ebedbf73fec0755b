"""What holds for all detectors of shapes: exact offsets on any text, and no finds in interface phrases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.detectors import Detector, Role, light_detectors
from redaction.detectors.handles import Handles
from redaction.detectors.identifiers import Identifiers
from redaction.detectors.secrets import Secrets
from redaction.detectors.tax import Tax
from redaction.lexicon import load_lexicon
from redaction.spans import SEVERITY, Category, gravest
from tests.redaction.finds import found, uncovered

SHAPES: tuple[Detector, ...] = (Identifiers(), Tax(), Secrets(), Handles())
EVERY = 25
"""Each so many-th phrase of the lexicon is examined here."""


@pytest.mark.parametrize("detector", SHAPES, ids=lambda detector: detector.name)
def test_no_interface_phrase_is_a_find(detector: Detector) -> None:
    phrases = sorted(load_lexicon().phrases)[::EVERY]
    assert [phrase for phrase in phrases if detector.find(phrase) or detector.find(phrase.title())] == []


@given(st.text(max_size=80))
@settings(max_examples=40)
def test_spans_lie_in_the_text_in_order_and_none_is_empty(text: str) -> None:
    for detector in SHAPES:
        spans = detector.find(text)
        assert list(spans) == sorted(set(spans))
        assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize("text", ["", " ", "\n", "\ud800", "\x00", "\u0130\u0130 password: \u0130x1", "\U0001f600" * 9])
def test_odd_characters_are_examined_as_any_others(text: str) -> None:
    assert all(isinstance(detector.find(text), tuple) for detector in SHAPES)


def test_offsets_count_code_points_behind_characters_that_change_their_length_in_small_letters() -> None:
    assert ("hunter2", Category.SECRET) in found(Secrets(), "\u0130\u0130\u0130 password: hunter2")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "Name      SSN           Account      DOB\nAnn Lee   123-45-6789   99120034   03/04/1971",
            ("123-45-6789", "99120034", "03/04/1971"),
        ),
        ("SSN 123-45-6789, card 4111 1111 1111 1111, pw: hunter2", ("123-45-6789", "4111 1111 1111 1111", "hunter2")),
        ("https://x.org/?user=jsmith&email=a@b.org&token=Zx81kQ0pLm27", ("jsmith", "a@b.org", "Zx81kQ0pLm27")),
        ("/home/jsmith/taxes/123-45-6789.pdf", ("jsmith", "123-45-6789")),
    ],
)
def test_together_they_cover_every_value_of_a_line_or_table(text: str, values: tuple[str, ...]) -> None:
    for value in values:
        assert "" in {uncovered(detector, text, value) for detector in SHAPES}


def test_only_vocabulary_leaves_phrases_alone() -> None:
    roles = {detector.name: detector.role for detector in light_detectors()}
    assert {name for name, role in roles.items() if role is Role.LABEL} == {"vocabulary"}


def test_each_detector_has_a_name_of_its_own() -> None:
    names = [detector.name for detector in light_detectors()]
    assert len(names) == len(set(names))


def test_severity_ranks_every_category_once() -> None:
    assert sorted(SEVERITY) == sorted(Category)


def test_the_gravest_category_names_a_mask_and_none_is_unknown() -> None:
    assert gravest((Category.CHAT, Category.SECRET)) is Category.SECRET
    assert gravest(()) is Category.UNKNOWN
