"""Each detector finds its family, in exact code points, and a checksum never talks it out of a find."""

from __future__ import annotations

import pytest

from redaction.detectors import Role, default_detectors
from redaction.detectors.identifiers import Identifiers
from redaction.detectors.secrets import Secrets
from redaction.detectors.vocabulary import Vocabulary
from redaction.spans import SEVERITY, Category, gravest


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("123-45-6789", Category.TAX),
        ("912-70-1234", Category.TAX),
        ("l23-45-6789", Category.TAX),
        ("12-3456789", Category.TAX),
        ("P01234567", Category.TAX),
        ("EIN 123456789", Category.TAX),
        ("jane@build-host.local", Category.PERSON),
        ("@margaret", Category.PERSON),
        ("+44 20 7946 0958", Category.PERSON),
        ("(555) 014-7733", Category.PERSON),
        ("DOB: 4 March 1971", Category.PERSON),
        ("4532-1234-5678-9012", Category.FINANCIAL),
        ("4111 1111 1111 1112", Category.FINANCIAL),
        ("MRN 00482-A", Category.MEDICAL),
        ("Member ID: XQ1234567", Category.MEDICAL),
        ("Account number 99120034", Category.FINANCIAL),
        ("$1,280.00", Category.FINANCIAL),
    ],
)
def test_identifiers_are_found(text: str, category: Category) -> None:
    assert category in {span.category for span in Identifiers().find(f"see {text} there")}


@pytest.mark.parametrize(
    "text",
    [
        "ghp_abcdEFGH1234567890",
        "AKIAIOSFODNN7EXAMPLE",
        "xoxb-123456789012-abcdef",
        "-----BEGIN PRIVATE KEY----- MIIE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
        "postgres://me:hunter2@db.example/x",
        "PASSWORD: hunter2!",
        "api_key = 12345",
        "Zx81kQ0pLm27VbN4tRw9",
    ],
)
def test_secrets_are_found(text: str) -> None:
    assert Secrets().find(text)


@pytest.mark.parametrize("text", ["Save changes before closing", "Internationalization settings", "Open File"])
def test_plain_phrases_are_neither_identifiers_nor_secrets(text: str) -> None:
    assert not Identifiers().find(text)
    assert not Secrets().find(text)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Diagnosis", Category.MEDICAL),
        ("Filing status", Category.TAX),
        ("Balance", Category.FINANCIAL),
        ("Performance rating", Category.HR),
        ("Subject", Category.CHAT),
        ("You are a helpful", Category.AI_PROMPT),
        ("DSS-3", Category.CLASSIFIED),
        ("Last name", Category.PERSON),
    ],
)
def test_vocabulary_tells_what_a_line_is_about(text: str, category: Category) -> None:
    assert category in {span.category for span in Vocabulary().find(text)}


def test_spans_are_counted_in_code_points() -> None:
    (span,) = [found for found in Identifiers().find("\U0001f600\u2019 a@b.org") if found.category is Category.PERSON]
    assert (span.start, span.end) == (3, 10)


def test_only_vocabulary_leaves_phrases_alone() -> None:
    assert [detector.role for detector in default_detectors()] == [Role.DENY, Role.DENY, Role.LABEL]


def test_severity_ranks_every_category_once() -> None:
    assert sorted(SEVERITY) == sorted(Category)


def test_the_gravest_category_names_a_mask_and_none_is_unknown() -> None:
    assert gravest((Category.CHAT, Category.SECRET)) is Category.SECRET
    assert gravest(()) is Category.UNKNOWN
