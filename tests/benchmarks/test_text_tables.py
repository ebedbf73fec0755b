"""The titles and secrets that contenders are measured with have their truth, and enough of every kind."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.text.judge import left_of, output
from benchmarks.text.planting import DRAWS
from benchmarks.text.secrets import AS_IS, BENIGN, EACH, KINDS, VARIANTS, SecretLine, secret_lines
from benchmarks.text.speed import LENGTH, many_titles, singles
from benchmarks.text.titles import parse, titles


def test_a_marked_line_becomes_text_values_and_rest() -> None:
    title = parse("Jira", "[SEC-1] {secret|hunter2} of {person|Ann Roe} - Jira")
    assert title.text == "[SEC-1] hunter2 of Ann Roe - Jira"
    assert [(one.category, one.value) for one in title.planted] == [("secret", "hunter2"), ("person", "Ann Roe")]
    assert title.benign.split() == ["[SEC-1]", "of", "-", "Jira"]


def test_forty_programmes_have_values_of_every_category_planted() -> None:
    planted = Counter(one.category for title in titles() for one in title.planted)
    assert len({title.programme for title in titles()}) == 40
    assert set(planted) == set(DRAWS)
    assert min(planted.values()) >= 5


def test_no_mark_is_left_in_a_title() -> None:
    assert not any(set("{}|") & set(title.text.replace(" | ", " ")) for title in titles())


def test_every_planted_value_is_found_in_its_own_title() -> None:
    assert all(left_of(one, output(title.text)).whole for title in titles() for one in title.planted)


def test_no_planted_value_is_found_in_what_is_benign() -> None:
    benign = ((one, title.benign) for title in titles() for one in title.planted)
    assert not any(left_of(one, output(text), benign=(text,)).part for one, text in benign)


@pytest.fixture(scope="module")
def lines() -> tuple[SecretLine, ...]:
    return secret_lines()


def test_there_are_eleven_kinds_of_secrets_in_all_variants(lines: tuple[SecretLine, ...]) -> None:
    assert len(KINDS) == 11
    assert Counter(line.kind for line in lines if line.variant == AS_IS) == dict.fromkeys(
        (kind.name for kind in KINDS), EACH
    )
    assert {line.variant for line in lines} == set(VARIANTS)


def test_the_same_secrets_come_every_time(lines: tuple[SecretLine, ...]) -> None:
    assert lines == secret_lines()


def test_every_secret_stands_in_its_line(lines: tuple[SecretLine, ...]) -> None:
    assert all(line.body in line.text for line in lines)
    assert all(left_of(line.planted, output(line.text)).part for line in lines)


def test_no_secret_is_drawn_twice(lines: tuple[SecretLine, ...]) -> None:
    bodies = [line.body for line in lines if line.variant == AS_IS]
    assert len(set(bodies)) > 0.9 * len(bodies)


def test_harmless_lines_hold_no_secret(lines: tuple[SecretLine, ...]) -> None:
    assert not any(left_of(line.planted, output(*BENIGN)).whole for line in lines)


def test_texts_to_be_timed_with_are_distinct_and_of_one_length() -> None:
    assert len(set(singles(60))) == 60
    assert {len(text) for text in singles(60)} == {LENGTH}
    assert len(set(many_titles(300))) == 300
