"""One person has one number in a bundle, however they are called; what has few possible values has none."""

from __future__ import annotations

import pytest

from redaction.hunting.entities import Entities
from redaction.spans import Category


def tags(*values: str) -> list[str]:
    """The tags of these values, in this order, in one bundle."""
    entities = Entities()
    return [entities.tag(value, Category.PERSON) for value in values]


def are_one(*values: str) -> bool:
    return set(tags(*values)) == {"<PERSON_1>"}


@pytest.mark.parametrize(
    ("category", "tag"),
    [
        (Category.SECRET, "<SECRET>"),
        (Category.MEDICAL, "<MEDICAL>"),
        (Category.TAX, "<TAX>"),
        (Category.FINANCIAL, "<FINANCIAL>"),
        (Category.CLASSIFIED, "<CLASSIFIED>"),
        (Category.HR, "<HR>"),
        (Category.CHAT, "<CHAT>"),
        (Category.AI_PROMPT, "<AI_PROMPT>"),
        (Category.UNKNOWN, "<TEXT>"),
    ],
)
def test_only_people_are_numbered(category: Category, tag: str) -> None:
    entities = Entities()
    assert {entities.tag(value, category) for value in ("one", "two")} == {tag}


def test_numbers_count_by_first_appearance() -> None:
    assert tags("Mary Jones", "Ann Lee", "Mary Jones") == ["<PERSON_1>", "<PERSON_2>", "<PERSON_1>"]


def test_another_bundle_counts_anew() -> None:
    assert tags("Ann Lee") == tags("Mary Jones")


@pytest.mark.parametrize(
    "other",
    [
        "JOHN SMITH",
        "Smith, John",
        "smith john",
        "John  Smith",
        "John\nSmith",
        "Dr. John Smith",
        "John A. Smith",
        "Smith, John A.",
        "J. Smith",
        "John S.",
        "Mr. Smith",
        "Smith",
        "John",
        "Smith's",
        "(Smith)",
        "J0hn Srnith",
        "J\u043ehn Smith",
        "John\u200b Smith",
        "jsmith",
        "j.smith",
        "j_smith",
        "smithj",
        "john.smith@example.org",
        "jsmith@example.org",
        "JSmith99",
    ],
)
def test_a_person_is_known_by_another_name_whichever_comes_first(other: str) -> None:
    assert are_one("John Smith", other)
    assert are_one(other, "John Smith")


@pytest.mark.parametrize(
    "other",
    [
        "John Jones",
        "Jane Smythe",
        "K. Smith",
        "John T.",
        "Smithson",
        "jsmithers",
        "info@example.org",
        "k.smith",
        "Johnson",
    ],
)
def test_somebody_else_has_another_number(other: str) -> None:
    assert tags("John Smith", other) == ["<PERSON_1>", "<PERSON_2>"]


@pytest.mark.parametrize("shared", ["Smith", "J. Smith", "jsmith", "j.smith@example.org"])
def test_what_fits_two_people_is_a_third(shared: str) -> None:
    assert tags("John Smith", "Jane Smith", shared)[-1] == "<PERSON_3>"


def test_a_value_keeps_its_number_when_it_becomes_ambiguous() -> None:
    assert tags("John Smith", "Smith", "Jane Smith", "Smith") == [
        "<PERSON_1>",
        "<PERSON_1>",
        "<PERSON_2>",
        "<PERSON_1>",
    ]


def test_a_person_of_whom_more_becomes_known_is_known_by_that_too() -> None:
    assert are_one("Smith", "John Smith", "John", "jsmith@example.org")


def test_a_full_name_joins_the_first_of_its_parts_that_is_known() -> None:
    assert tags("John", "Smith", "John Smith") == ["<PERSON_1>", "<PERSON_2>", "<PERSON_1>"]


def test_two_people_of_one_first_name_stay_two() -> None:
    assert tags("John", "John Smith", "John Doe") == ["<PERSON_1>", "<PERSON_1>", "<PERSON_2>"]


@pytest.mark.parametrize("other", ["(555) 014-7733", "555.014.7733", "+1-555-014-7733", "00 1 555 014 7733"])
def test_a_phone_number_is_one_with_and_without_its_country(other: str) -> None:
    assert are_one("+1 555 014 7733", other)


@pytest.mark.parametrize("other", ["+1 555 014 7734", "14 Elm Street", "????"])
def test_other_values_of_people_are_numbered_each(other: str) -> None:
    assert tags("+1 555 014 7733", other) == ["<PERSON_1>", "<PERSON_2>"]


def test_names_in_other_scripts_are_joined_as_well() -> None:
    assert are_one("Анна Петрова", "Петрова")
