"""The lexicon knows interface phrases and no values, and refuses to be damaged."""

from __future__ import annotations

import time
from importlib import resources
from pathlib import Path

import pytest

from redaction.lexicon import (
    MAX_LENGTH,
    MAX_WORDS,
    Lexicon,
    LexiconMissing,
    fold,
    load_lexicon,
    load_words,
    parse_lexicon,
    visible,
)

COMMON = [
    "File",
    "Edit",
    "View",
    "Save",
    "Cancel",
    "Open",
    "Close",
    "Search",
    "Settings",
    "Help",
    "Print",
    "Submit",
    "New",
    "Delete",
    "Copy",
    "Paste",
    "Undo",
    "Inbox",
    "Reply",
    "Category",
    "Amount",
    "Date",
    "Description",
    "Status",
    "Report",
]
BUSINESS = (
    "Add comment",
    "Add to cart",
    "Billing address",
    "Close date",
    "Create invoice",
    "Due date",
    "Forgot password?",
    "Job position",
    "New event",
    "Order history",
    "Payment method",
    "Purchase order",
    "Reply all",
    "Shipping address",
    "Source control",
    "Time off",
    "Unit price",
    "Unread messages",
)
VALUES = (
    "Mark",
    "Will",
    "Grace",
    "Rose",
    "Smith",
    "Margaret",
    "Monday",
    "March",
    "Germany",
    "London",
    "Spanish",
    "Single",
    "Married",
    "Head of Household",
    "Exceeds Expectations",
    "Excellent",
    "Diabetes",
    "Metformin",
    "Yes",
    "No",
    "Thank you",
    "Facebook",
    "Low",
    "Seven",
    "Approved",
    "Pending",
    "Denied",
    "Overdue",
    "Active",
    "Senior",
    "Engineering",
    "Software engineer",
    "Sick leave",
    "Project manager",
    "Nurse",
    "Catholic",
    "Vegetarian",
    "Male",
    "Divorced",
    "Full-time",
    "Confidential",
    "Glucose",
    "Hypertension",
    "Breast cancer",
    "Lisinopril",
    "Ibuprofen",
    "Tablet",
    "Cardiology",
    "Brazilian",
    "New York",
    "Jordan",
    "Taylor",
    "Grant",
    "Hunter",
    "Salary",
    "Mortgage",
    "Sounds good",
    "See you",
    "On my way",
    "I agree",
    "Please call",
    "We have a problem",
    "Sorry",
    "Weekly",
    "Brown",
    "Gmail",
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize("phrase", COMMON)
def test_common_phrases_are_known(lexicon: Lexicon, phrase: str) -> None:
    assert lexicon.has(phrase)


@pytest.mark.parametrize("value", VALUES)
def test_values_are_not_known_though_programmes_may_use_the_word(lexicon: Lexicon, value: str) -> None:
    assert not lexicon.has(value)


def test_every_phrase_is_short_folded_and_free_of_digits(lexicon: Lexicon) -> None:
    for phrase in lexicon.phrases:
        assert fold(phrase) == phrase
        assert len(phrase) <= MAX_LENGTH
        assert len(phrase.split()) <= MAX_WORDS
        assert not any(char.isdigit() for char in phrase)


@pytest.mark.parametrize("phrase", BUSINESS)
def test_phrases_of_business_software_are_known(lexicon: Lexicon, phrase: str) -> None:
    assert lexicon.has(phrase)


def test_tens_of_thousands_of_phrases_load_in_less_than_60_ms() -> None:
    times = []
    for _ in range(5):
        start = time.perf_counter()
        load_lexicon()
        times.append(time.perf_counter() - start)
    assert min(times) < 0.06
    assert len(load_lexicon().phrases) > 25_000


@pytest.mark.parametrize("text", ["_Save", "&Save", "SAVE", "Save...", "Save…", "Save:", "  sa\u200bve ", "\uff33ave"])
def test_what_a_programme_adds_to_a_phrase_is_folded_away(lexicon: Lexicon, text: str) -> None:
    assert lexicon.has(text)


def test_a_doubled_ampersand_is_an_ampersand() -> None:
    assert fold("Find && Replace") == "find & replace"


@pytest.mark.parametrize(
    ("reading", "phrase"),
    [
        ("Clairn number", "claim number"),
        ("|nbox fiIters", "inbox filters"),
        ("Downl0ad fi1e", "download file"),
        ("Addto cart", "add to cart"),
        ("Add corn ment", "add comment"),
        ("Vvindow size", "window size"),
        ("Print", "print"),
    ],
)
def test_a_reading_that_differs_by_confusions_only_resembles_its_phrase(reading: str, phrase: str) -> None:
    phrases = ("claim number", "inbox filters", "download file", "add to cart", "add comment", "window size", "print")
    assert Lexicon(frozenset(phrases), "0").resembles(reading) == phrase


@pytest.mark.parametrize("reading", ["Prlntt", "Pr nt", "Cost", "Prior", "Tab1e", "Ta", "", "5ave"])
def test_other_readings_resemble_nothing(reading: str) -> None:
    assert Lexicon(frozenset({"print", "ports", "save", "tab"}), "0").resembles(reading) is None


def test_a_reading_of_two_phrases_resembles_neither() -> None:
    assert Lexicon(frozenset({"modem", "modern"}), "0").resembles("M0dem") is None


def test_a_phrase_that_is_to_be_read_exactly_is_known_but_never_resembled() -> None:
    lexicon = Lexicon(frozenset({"bill", "invoice"}), "0", frozenset({"bill"}))
    assert lexicon.has("Bill")
    assert (lexicon.resembles("Bill"), lexicon.resembles("Biil")) == ("bill", None)


@pytest.mark.parametrize(
    "reading",
    ["Biil", "BiIl", "Wi1l", "Ros3", "C1ark", "Mi1es", "Ciark", "Wllliam", "Jo rdan", "Dlana", "Rornan", "Vvard"],
)
def test_a_misread_name_resembles_nothing(lexicon: Lexicon, reading: str) -> None:
    assert lexicon.resembles(reading) is None


def test_words_for_native_menus_are_single_and_no_names_or_values(lexicon: Lexicon) -> None:
    words = load_words()
    assert {"save", "print", "open", "edit", "file"} <= words.phrases
    assert all(" " not in word for word in words.phrases)
    assert {word for word in words.phrases if word in {fold(value) for value in VALUES}} == set()
    assert words.digest != lexicon.digest


@pytest.mark.parametrize("text", ["Saye", "5ave", "Sav", "Save Margaret", "", ":", "7"])
def test_nothing_near_a_phrase_is_taken_for_it(lexicon: Lexicon, text: str) -> None:
    assert not lexicon.has(text)


def test_the_same_file_gives_the_same_digest(lexicon: Lexicon) -> None:
    assert load_lexicon().digest == lexicon.digest


def _file() -> bytes:
    return (resources.files("redaction") / "data" / "lexicon.txt").read_bytes()


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"save\nprint\n",
        _file()[:-40],
        _file() + b"margaret\n",
        _file().replace(b"\nsave\n", b"\nmargaret\n"),
        b"\xff" + _file(),
    ],
    ids=["empty", "headless", "cut", "longer", "exchanged", "not text"],
)
def test_a_damaged_list_is_refused(damaged: bytes) -> None:
    with pytest.raises(LexiconMissing, match="install optin again"):
        parse_lexicon(damaged)


def test_sources_stand_in_the_file_with_their_versions() -> None:
    sources = [line.split() for line in _file().decode().splitlines() if line.startswith("# source ")]
    assert len(sources) > 50
    assert all(len(source) == 4 for source in sources)


def test_each_source_stands_in_the_list_of_parts_with_its_licence() -> None:
    parts = (Path(__file__).parents[2] / "docs" / "parts.md").read_text("utf-8")
    sources = [line.split()[2] for line in _file().decode().splitlines() if line.startswith("# source ")]
    assert [source for source in sources if f"`{source}`" not in parts] == []


def test_what_cannot_be_seen_is_taken_out() -> None:
    assert visible("a\u200b\u202eb\u00a0 \tc\x00") == "ab c"
