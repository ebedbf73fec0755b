"""Labels name the category of what stands beside them, in several languages, whole and misread; other words do not."""

from __future__ import annotations

import pytest

from redaction.detectors.base import Role
from redaction.detectors.vocabulary import Vocabulary
from redaction.spans import Category


def told(text: str) -> set[tuple[str, Category]]:
    return {(text[span.start : span.end], span.category) for span in Vocabulary().find(text)}


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Diagnosis", Category.MEDICAL),
        ("Allergies", Category.MEDICAL),
        ("Medikamente", Category.MEDICAL),
        ("Ordonnance", Category.MEDICAL),
        ("Presi\u00f3n arterial", Category.MEDICAL),
        ("Filing status", Category.TAX),
        ("Wages, tips, other compensation", Category.TAX),
        ("W-2", Category.TAX),
        ("Steuerklasse", Category.TAX),
        ("Revenu imposable", Category.TAX),
        ("Declaraci\u00f3n de la renta", Category.TAX),
        ("Account number", Category.FINANCIAL),
        ("Kontostand", Category.FINANCIAL),
        ("Num\u00e9ro de compte", Category.FINANCIAL),
        ("Importe", Category.FINANCIAL),
        ("Overall rating", Category.HR),
        ("Leistungsbeurteilung", Category.HR),
        ("Points forts", Category.HR),
        ("Evaluaci\u00f3n", Category.HR),
        ("Subject", Category.CHAT),
        ("Betreff", Category.CHAT),
        ("Bo\u00eete de r\u00e9ception", Category.CHAT),
        ("Bandeja de entrada", Category.CHAT),
        ("System prompt", Category.AI_PROMPT),
        ("Du bist ein", Category.AI_PROMPT),
        ("Tu es un", Category.AI_PROMPT),
        ("Eres un", Category.AI_PROMPT),
        ("Date of birth", Category.PERSON),
        ("Geburtsdatum", Category.PERSON),
        ("Pr\u00e9nom", Category.PERSON),
        ("Tel\u00e9fono", Category.PERSON),
        ("Verification code", Category.SECRET),
        ("Kennwort", Category.SECRET),
        ("Mot de passe", Category.SECRET),
        ("Contrase\u00f1a", Category.SECRET),
        ("Vertraulich", Category.CLASSIFIED),
        ("Diffusion restreinte", Category.CLASSIFIED),
        ("Confidencial", Category.CLASSIFIED),
        ("DSS-3", Category.CLASSIFIED),
    ],
)
def test_a_label_names_its_category_wherever_it_stands(text: str, category: Category) -> None:
    assert (text, category) in told(f"12: {text}: x")


def test_the_longest_label_counts() -> None:
    assert told("Social security tax withheld") == {("Social security tax withheld", Category.TAX)}


def test_plurals_and_case_do_not_matter() -> None:
    assert told("INVOICES") == {("INVOICES", Category.FINANCIAL)}


@pytest.mark.parametrize("text", ["Dateofbirth", "Date of b1rth", "Pat1ent", "Accou nt number", "Ful1 name"])
def test_long_labels_are_recognised_when_they_are_misread(text: str) -> None:
    assert text in {part for part, _ in told(text)}


@pytest.mark.parametrize("text", ["Close", "Open", "Save As", "Zoom in", "Undo", "Printer", "W $4", "Copy | B"])
def test_interface_words_are_no_labels(text: str) -> None:
    assert told(text) == set()


def test_a_label_ends_at_a_colon() -> None:
    assert ("Account", Category.FINANCIAL) in told("Account: number of rows")


def test_labels_mask_nothing_themselves() -> None:
    assert Vocabulary().role is Role.LABEL


def test_a_word_of_two_meanings_names_both() -> None:
    assert {category for _, category in told("\u00dcberweisung")} == {Category.MEDICAL, Category.FINANCIAL}
