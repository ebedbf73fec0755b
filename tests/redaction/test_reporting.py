"""The report tells what the episode shows and what was counted on the way, and nothing leaves without a last look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from redaction.redacted import Channel, Count, EntityCount, Episode, Isolation, NotExamined, Part, Report, TextCount
from redaction.reports.bounds import over_bounds
from redaction.reports.reporting import BINS, FrameFacts, ReportFacts, bins_of, report_of
from redaction.reports.walking import misformed, text_fields
from redaction.spans import Category
from tests.redaction.reports import POLICY, episode, step
from tests.redaction.test_residual import NOTHING, OKONKWO, Marks
from vault.canonical import canonical, digest, parse

WELL: Final = FrameFacts(kept=2, words=3, confidence=0.9, bins=bins_of((0.85, 0.9, 0.95)), second=1, unread_percent=0)
POORLY: Final = FrameFacts(kept=0, words=1, confidence=0.5, bins=bins_of((0.5,)), second=0, unread_percent=60)
EMPTY: Final = FrameFacts(kept=0, words=0, confidence=0.0, bins=bins_of(()), second=0, unread_percent=100)
FACTS: Final = ReportFacts(
    captured_from_ms=5,
    captured_until_ms=9,
    grant_digest="2" * 64,
    lease_digest="3" * 64,
    policy_digest="4" * 64,
    lexicon_digest="5" * 64,
    reader="tesseract 5.5.0",
    verifier="rapidocr 3.10.0",
    isolation=Isolation.SECCOMP,
    frames_recorded=12,
    frames_dropped=2,
    frames=(WELL, POORLY, EMPTY),
    texts={(Channel.TYPED, Category.SECRET): 4, (Channel.TITLE, Category.PERSON): 1, (Channel.TITLE, Category.CHAT): 2},
    entities=((Category.SECRET, 1, 4), (Category.PERSON, 2, 7)),
    detectors={"secrets": 4, "identifiers": 0},
    texts_examined=40,
    parts=(Part("b", "", "1"), Part("a", "6" * 64, "2")),
    actions_without_widget=3,
)


def made(session: Episode | None = None, *, marks: Marks = NOTHING, **changes: Any) -> Report:  # noqa: ANN401
    """The report of a session with three images."""
    facts = replace(FACTS, **changes)
    return report_of(episode() if session is None else session, facts, examine=marks.examine, hunt=NOTHING)


def test_masks_are_counted_from_the_session_itself() -> None:
    report = made()
    assert report.masks == (Count("person", 3), Count("secret", 1), Count("unknown", 1))
    assert [frame.masks for frame in report.frames] == [
        (Count("person", 2), Count("unknown", 1)),
        (),
        (Count("person", 1), Count("secret", 1)),
    ]


def test_each_image_has_its_moment_and_its_numbers() -> None:
    frames = made().frames
    assert [(one.image, one.at_ms, one.unread_percent) for one in frames] == [(0, 0, 0), (1, 1500, 60), (2, 3000, 100)]
    assert (frames[0].kept_phrases, frames[0].words_read, frames[0].confidence_percent) == (2, 3, 90)


def test_words_are_summed_by_confidence_and_their_mean_weighs_each_alike() -> None:
    report = made()
    assert report.confidence == (0, 0, 0, 0, 0, 1, 0, 0, 1, 2)
    assert (report.words_read, report.mean_confidence_percent) == (4, 80)


@pytest.mark.parametrize(("confidence", "place"), [(0.0, 0), (0.099, 0), (0.5, 5), (0.999, 9), (1.0, 9), (-1.0, 0)])
def test_a_confidence_falls_into_one_of_ten_bins(confidence: float, place: int) -> None:
    assert bins_of((confidence,)) == tuple(int(number == place) for number in range(BINS))


def test_texts_are_counted_by_channel_and_values_by_category() -> None:
    report = made()
    assert report.texts == (
        TextCount("chat", Channel.TITLE, 2),
        TextCount("person", Channel.TITLE, 1),
        TextCount("secret", Channel.TYPED, 4),
    )
    assert report.entities == (EntityCount("person", 2, 7), EntityCount("secret", 1, 4))


def test_every_detector_is_named_even_if_it_found_nothing() -> None:
    assert [(one.detector, one.findings, one.texts) for one in made().detectors] == [
        ("identifiers", 0, 40),
        ("secrets", 4, 40),
    ]


def test_what_was_not_examined_is_told_with_its_reason() -> None:
    assert made().not_examined == (
        NotExamined(3, "no_widget", "elements"),
        NotExamined(1, "paused", "recorder"),
        NotExamined(2, "classified", "screen"),
        NotExamined(7, "not_needed", "screen"),
        NotExamined(2, "unread", "screen"),
    )


def test_a_session_of_which_all_was_examined_says_nothing_else() -> None:
    report = made(frames_dropped=0, frames_recorded=3, frames=(WELL,) * 3, actions_without_widget=0)
    assert report.not_examined == (NotExamined(1, "paused", "recorder"),)


def test_parts_are_in_the_order_of_their_names() -> None:
    assert [part.name for part in made().parts] == ["a", "b"]


def test_a_session_without_images_has_a_report_all_the_same() -> None:
    report = made(episode(images=()), frames=())
    assert (report.frames, report.masks, report.confidence) == ((), (), (0,) * BINS)
    assert report.mean_confidence_percent == 0


def test_there_are_as_many_numbers_as_images_or_no_report() -> None:
    with pytest.raises(ValueError, match="shorter"):
        made(frames=(WELL, POORLY))


def test_what_the_last_look_finds_stands_in_the_report() -> None:
    report = made(episode(steps=(step(window_title="Okonkwo"),)), marks=OKONKWO)
    assert [(one.field, one.category, one.number) for one in report.residuals] == [
        ("episode.steps[].window_title", "person", 1)
    ]
    assert b"Okonkwo" not in canonical(report)


def test_the_report_belongs_to_its_session_and_keeps_to_its_forms() -> None:
    report = made()
    assert report.episode_digest == digest(canonical(episode()))
    assert misformed(text_fields(report)) == ()
    assert over_bounds(episode(), report, POLICY) == ()


def test_a_report_has_one_form_and_comes_back_from_it() -> None:
    assert parse(canonical(made()), Report) == made()
