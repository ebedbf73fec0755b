"""Folding takes disguises off a text, and knows for each of its characters where it came from."""

from __future__ import annotations

import json
import unicodedata
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redaction.hunting.folding import fold_text, ocr_key, ocr_letters
from redaction.hunting.twins import DIGIT_TWINS, LOOSE_TWINS, TWINS

ANY = st.text(
    st.characters(codec=None, categories=None)
    | st.sampled_from("abcXYZ019 аоерсухкАВ\u0301\u0308\u200b\u202e\ud800\ufdd0ᄀ\u1161\u11a8\r\n\t½ﬁ①"),
    max_size=24,
)


@given(ANY)
@settings(max_examples=150)
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = fold_text(text).text
    assert fold_text(once).text == once


@given(ANY)
@settings(max_examples=150)
def test_every_character_came_from_somewhere_in_order(text: str) -> None:
    folded = fold_text(text)
    places = [folded.original(index, index + 1) for index in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(ANY)
@settings(max_examples=100)
def test_what_is_no_character_becomes_the_sign_for_that(text: str) -> None:
    fold_text(text).text.encode("utf-8")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("\n\t"), max_size=40))
@settings(max_examples=50)
def test_printable_ascii_is_never_changed(text: str) -> None:
    folded = fold_text(text)
    assert folded.text == text
    assert folded.original(0, len(text)) == (0, len(text))


@given(ANY)
@settings(max_examples=100)
def test_a_key_of_a_folded_text_has_letters_and_digits_only(text: str) -> None:
    key = ocr_key(fold_text(text).text)
    assert all(char.isalnum() for char in key)


@given(ANY)
@settings(max_examples=100)
def test_each_letter_of_a_key_lies_where_it_stands_in_the_text(text: str) -> None:
    for letters in (ocr_letters(text), ocr_letters(text).merged()):
        assert len(letters.key) == len(letters.starts) == len(letters.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(letters.starts, letters.ends, strict=True))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Mu\u0308ller", "Müller"),
        ("Jose\u0301", "José"),
        ("J\u0308ohn", "John"),
        ("\u1100\u1161\u11a8", "각"),
        ("\uff4a\uff4f\uff48\uff4e\uff20\uff58\uff0e\uff4f\uff52\uff47", "john@x.org"),
        ("\uff11\uff12\uff13", "123"),
        ("١٢٣-४५", "123-45"),
        ("1\ufe0f\u20e32\ufe0f\u20e3", "12"),
        ("①②", "12"),
        ("\U0001d409\U0001d428\U0001d421\U0001d427", "John"),
        ("ᴊᴏʜɴ", "john"),
        ("ﬁle", "file"),
        ("½", "1/2"),
    ],
)
def test_compatibility_forms_and_accents_become_plain_characters(text: str, folded: str) -> None:
    assert fold_text(text).text == folded


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\ufeff", "\u00ad", "\u202e", "\u2066", "\ufe0f", "\u034f", "\x00"]
)
def test_what_cannot_be_seen_goes(hidden: str) -> None:
    assert fold_text(f"Mar{hidden}garet").text == "Margaret"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("\u201cAnn\u2019s\u201d", '"Ann\'s"'),
        ("123\u201345\u20146789", "123-45-6789"),
        ("123\u221245", "123-45"),
        ("John\u00a0Smith\u3000x", "John Smith x"),
        ("a\r\nb\u2028c\x0bd", "a\nb\nc\nd"),
        ("wait\u2026", "wait..."),
        ("mail\u3002org", "mail.org"),
    ],
)
def test_quotes_dashes_spaces_and_line_ends_become_plain(text: str, folded: str) -> None:
    assert fold_text(text).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("M\u0430rg\u0430ret", "Margaret"),
        ("\u041cary", "Mary"),
        ("Mar\u043a", "Mark"),
        ("hello \u0421\u043e\u0440", "hello Cop"),
        ("12\u0417-4\u041e", "123-40"),
        ("AN\u039d", "ANN"),
    ],
)
def test_a_letter_that_looks_like_a_latin_one_becomes_it_inside_latin_text(text: str, folded: str) -> None:
    assert fold_text(text).text == folded


@pytest.mark.parametrize(
    "text",
    [
        "Привет мир",
        "\u0441\u043e\u0440\u043e\u043a",
        "Κατερίνα Παππά",
        "Hello \u041f\u0440\u0438\u0432\u0435\u0442 \u0441\u043e\u0440",
        "שלום עולם",
        "مرحبا",
        "山田太郎",
    ],
)
def test_real_words_of_other_scripts_stay_in_their_logical_order(text: str) -> None:
    assert fold_text(text).text == text


@pytest.mark.parametrize(
    ("text", "start", "end", "cover"),
    [
        ("Mu\u0308ller", 1, 2, (1, 3)),
        ("a\u200bb", 0, 2, (0, 3)),
        ("ﬁle", 1, 2, (0, 1)),
        ("\U0001f600 x", 2, 3, (2, 3)),
        ("ab", 1, 1, (1, 1)),
        ("ab", 2, 2, (2, 2)),
        ("", 0, 0, (0, 0)),
    ],
)
def test_a_stretch_is_mapped_to_all_that_it_came_from(text: str, start: int, end: int, cover: tuple[int, int]) -> None:
    assert fold_text(text).original(start, end) == cover


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("O0oQ", "0000"),
        ("l1I|i", "11111"),
        ("S5$a", "55Sa"),
        ("B8 Z2 G6", "88-22-66"),
        ("rnargaret", "Margaret"),
        ("vvill", "will"),
        ("clark", "dark"),
        ("Muller", "Mu\u0308ller"),
        ("Lukasz", "Łukasz"),
        ("Straße", "STRASSE"),
        ("Sm|th", "Smith"),
        ("$mith", "Smith"),
        ("John  Smith", "john-smith"),
        ("\u0441\u043e\u0440", "cop"),
        ("\uff14\uff11\uff11\uff11", "41 11"),
    ],
)
def test_readings_of_one_text_have_one_key(first: str, second: str) -> None:
    assert ocr_key(first) == ocr_key(second)


@pytest.mark.parametrize(("first", "second"), [("Ann", "Anna"), ("4321", "4327"), ("Mark", "Bark"), ("John", "Jane")])
def test_different_texts_have_different_keys(first: str, second: str) -> None:
    assert ocr_key(first) != ocr_key(second)


@pytest.mark.parametrize("text", ["Save!", "| Name |", "US$ 40", "Hello!!", "41|11"])
def test_a_mark_that_is_no_misread_letter_is_no_letter(text: str) -> None:
    assert ocr_key(text) == ocr_key("".join(char for char in text if char.isalnum()))


def test_very_many_accents_on_one_letter_are_one_letter() -> None:
    assert fold_text("a" + "\u0301\u0316" * 5000 + "b").original(1, 2) == (10001, 10002)


def test_each_twin_is_one_that_unicode_names() -> None:
    untrusted = (resources.files("confusable_homoglyphs") / "confusables.json").read_text("utf-8")
    named = {twin: {one["c"] for one in like} for twin, like in json.loads(untrusted).items()}
    unnamed = {
        twin
        for twin, letter in TWINS.items()
        if not {letter, "l" if letter == "I" else letter} & named.get(twin, set())
        and not unicodedata.name(twin).startswith(f"LATIN LETTER SMALL CAPITAL {letter.upper()}")
    }
    assert unnamed == set()


def test_no_latin_letter_is_taken_for_another() -> None:
    twins = (*TWINS, *LOOSE_TWINS, *DIGIT_TWINS)
    assert not [twin for twin in twins if twin.isascii() or ("\u00c0" <= twin <= "\u024f")]
