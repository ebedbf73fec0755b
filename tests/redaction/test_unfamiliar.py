"""Unfamiliar words with a capital, sentences about persons and amounts are found; what interfaces write is not."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from redaction.detectors import DetectorError, Role, unfamiliar
from redaction.detectors.unfamiliar import Doubted, Unfamiliar
from redaction.lexicon import load_lexicon
from redaction.spans import Category, TextSpan

FINDER = Unfamiliar(load_lexicon())


def stretches(text: str) -> set[tuple[str, Category]]:
    return {(text[span.start : span.end], span.category) for span in FINDER.find(text)}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Margaret Thornhill", "Thornhill"),
        ("Assigned to Haruka", "Haruka"),
        ("Björn", "Björn"),
        ("Оксана", "Оксана"),
        ("Sefina Kealoha-Drakos", "Kealoha-Drakos"),
    ],
)
def test_a_word_that_may_be_a_name_is_found(text: str, word: str) -> None:
    assert (word, Category.UNKNOWN) in stretches(text)


@pytest.mark.parametrize(
    "text",
    [
        "Save As…",
        "Coverage tier",
        "Mentions and replies",
        "Deleting your account removes all of your data.",
        "Mon 12 January",
        "JSON and CSV",
        "MyHealth",
        "I have read the plan documents",
        "Page 3 of 12",
        "1.24.4",
        "",
    ],
)
def test_what_interfaces_write_is_not_found(text: str) -> None:
    assert stretches(text) == set()


@pytest.mark.parametrize("text", ["She told him everything", "Dear all, it is over", "I will be late"])
def test_a_sentence_about_persons_is_found_as_a_whole(text: str) -> None:
    assert (text, Category.CHAT) in stretches(text)


@pytest.mark.parametrize(
    ("text", "amount"), [("costs $48.24", "$48.24"), ("€ 12", "€ 12"), ("paid 189,250", "189,250")]
)
def test_an_amount_is_found(text: str, amount: str) -> None:
    assert (amount, Category.FINANCIAL) in stretches(text)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Restart", True),
        ("7-56", True),
        ("2026-10-25", True),
        ("12/31/2026", True),
        ("Thornhill", False),
        ("Grace", False),
        ("55512", False),
        ("a@b", False),
    ],
)
def test_familiar_words_short_numbers_and_dates_are_known(text: str, is_so: bool) -> None:  # noqa: FBT001
    assert FINDER.knows(text) is is_so


@dataclass(frozen=True, slots=True)
class Guess:
    """A detector that takes every word for a name."""

    name: str = "guess"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        return self.find_many((text,))[0]

    def find_many(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        return tuple(
            tuple(TextSpan(text.index(word), text.index(word) + len(word), Category.PERSON) for word in text.split())
            for text in texts
        )


def test_guesses_about_familiar_words_are_not_believed() -> None:
    doubted = Doubted(Guess(), FINDER)
    assert doubted.find("Restart Thornhill") == (TextSpan(8, 17, Category.PERSON),)
    assert (doubted.name, doubted.role) == ("guess", Role.DENY)


def test_another_list_of_words_than_the_one_that_was_tried_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unfamiliar, "DIGEST", "0" * 64)
    unfamiliar.listed_words.cache_clear()
    with pytest.raises(DetectorError, match="install optin again"):
        unfamiliar.listed_words()
