"""The forms in which an entity may stand in another text: a value and its category enter, forms leave. Pure.

`redaction.hunting.hunt` says what is hunted for each category; this module makes the list for one value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from redaction.hunting.dates import writings_of
from redaction.hunting.folding import fold_text, ocr_letters
from redaction.hunting.names import COMMON, account_names, account_of, account_parts, bare_name, name_parts
from redaction.spans import Category

LEAST_FUZZY: Final = 8
"""Letters of a key for each edit that a reading may differ by; a shorter form is found without edits only."""
LONG_WORDS: Final = 6
"""Words from which on a value is hunted piece by piece as well, since a screen breaks it into lines."""
_BREAKS: Final = re.compile(r"[\n,;|\t]+")
_LEAST_LINE: Final = 8
"""Letters of the shortest line of a value that is hunted without the others."""
_PIECE_WORDS: Final = 4
_PIECE_LETTERS: Final = 14
_PLAIN_LETTERS: Final = 20
"""Letters of the shortest stretch of common words that is hunted."""
LEAST_GROUP: Final = 7
"""Digits of the shortest run of a number's groups that is hunted without the rest."""
_MOST_GROUPS: Final = 8
"""Groups of the longest number; what has more is a list of numbers, and is hunted group by group."""
LEAST_LAST_FOUR: Final = 9
"""Digits of the shortest number whose last four are hunted near a mask sign."""
_WORDS: Final = re.compile(r"\S+")
_RTL: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_IDEOGRAPHS: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]{2,}")
_CENTS: Final = re.compile(r"(?<=\d)[.,]00?$")


@dataclass(frozen=True, slots=True)
class Entity:
    """A sensitive string of a session, as it was found, and its category."""

    value: str
    category: Category


class Match(Enum):
    """How nearly a text must agree with a form."""

    READING = auto()
    """In its key: case, spaces, marks and confusions do not count."""
    FUZZY = auto()
    """As a reading, and one edit for each eight letters."""
    NAME = auto()
    """As a reading, but where it is a common word as well, only with a capital and beside another capital, or alone."""
    EXACT = auto()
    """Character by character, as a whole word."""
    ALONE = auto()
    """Character by character, as the whole text."""


@dataclass(frozen=True, slots=True)
class Form:
    """A way in which an entity is written, and how it is to be found; `value` is folded."""

    value: str
    match: Match
    category: Category


def forms_of(entity: Entity) -> Iterator[Form]:
    """Every form in which this entity is hunted, and whether by reading, word or whole text."""
    whole = fold_text(entity.value).text.strip()
    value = bare_name(whole) if entity.category is Category.PERSON else whole
    if not value:
        return
    yield from (Form(text, Match.ALONE, entity.category) for text in dict.fromkeys((whole, value)))
    for text, match in dict.fromkeys(
        (*_whole(value, entity.category), *_pieces(value), *_lines(value), *_parts(value, entity))
    ):
        yield Form(text, match if len(ocr_letters(text).key) > 1 else Match.EXACT, entity.category)
        if _RTL.search(text) is not None:
            yield Form(text[::-1], match, entity.category)


_Written = tuple[str, Match]


def _whole(value: str, category: Category) -> Iterator[_Written]:
    """How the value itself is hunted besides as the whole text."""
    key = ocr_letters(value).key
    is_person = category is Category.PERSON
    if is_number(value):
        yield from _number(value)
    elif len(value) < 3 and not _IDEOGRAPHS.fullmatch(value):
        if is_person and len(value) == 2 and value.istitle() and value.lower() not in COMMON:
            yield value, Match.EXACT
    elif len(key) < 3 and not _IDEOGRAPHS.fullmatch(value):
        yield value, Match.EXACT
    elif category is Category.SECRET or value.casefold() not in COMMON:
        yield value, Match.FUZZY if len(key) >= LEAST_FUZZY else Match.READING
    elif is_person:
        yield value, Match.NAME


def _number(value: str) -> Iterator[_Written]:
    digits = "".join(re.findall(r"\d", value))
    if len(digits) == 3 or re.fullmatch(r"(?:19|20)\d\d", value):
        yield value, Match.EXACT
        yield digits, Match.EXACT
    elif len(digits) > 3:
        yield value, Match.FUZZY if len(digits) >= LEAST_FUZZY else Match.READING
        if _CENTS.search(value) and len(digits) > 5:
            yield _CENTS.sub("", value), Match.READING
        for run in _runs(value, digits):
            yield run, Match.FUZZY if len(run) >= LEAST_FUZZY else Match.READING


def _runs(value: str, digits: str) -> Iterator[str]:
    """The runs of neighbouring groups of a number that tell it without the others."""
    groups = re.findall(r"\d+", value)
    if len(groups) == 1 and len(digits) >= 13:
        groups = re.findall(r"\d{1,4}", digits)
    if len(groups) > _MOST_GROUPS:
        yield from (group for group in groups if len(group) >= LEAST_GROUP)
        return
    for first in range(len(groups)):
        for last in range(first + 1, len(groups) + 1):
            run = "".join(groups[first:last])
            if LEAST_GROUP <= len(run) < len(digits):
                yield run


def last_four(entity: Entity) -> str | None:
    """The last four digits of a number of nine or more; None for other values."""
    value = fold_text(entity.value).text
    digits = "".join(re.findall(r"\d", value))
    return digits[-4:] if is_number(value) and len(digits) >= LEAST_LAST_FOUR else None


def is_number(value: str) -> bool:
    """Whether a value has digits, and more of them than letters."""
    digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    return digits > letters


def _pieces(value: str) -> Iterator[_Written]:
    """The stretches of four words of a long value, or of as many as it takes to be no stretch of any text."""
    words = _WORDS.findall(value)
    for first in range(len(words) if len(words) >= LONG_WORDS else 0):
        for last in range(first + _PIECE_WORDS, len(words) + 1):
            piece = " ".join(words[first:last])
            plain = all(word.strip(".,;:!?'\"()").lower() in COMMON for word in words[first:last])
            if len(ocr_letters(piece).key) >= (_PLAIN_LETTERS if plain else _PIECE_LETTERS):
                yield piece, Match.READING
                break


def _lines(value: str) -> Iterator[_Written]:
    """The lines of a value, what stands between its commas, and a date in its other writings."""
    for line in _BREAKS.split(value):
        letters = len(ocr_letters(line).key)
        if letters >= _LEAST_LINE and line != value and not all(word.lower() in COMMON for word in line.split()):
            yield line.strip(), Match.FUZZY
    yield from ((written, Match.READING) for written in writings_of(value))


def _parts(value: str, entity: Entity) -> Iterator[_Written]:
    """What else names the person that a name or a mail address names."""
    if entity.category is not Category.PERSON:
        return
    account = None if is_number(value) else account_of(value)
    parts = name_parts(value) if account is None else ()
    if account is not None:
        yield from _account(account)
    if len(parts) > 1:
        yield " ".join(parts), Match.FUZZY
        yield " ".join((parts[-1], *parts[:-1])), Match.FUZZY
        yield " ".join((parts[0], parts[-1])), Match.FUZZY
        yield from ((name, Match.READING) for name in account_names(parts) if name not in COMMON)
    if parts != (value,) or "-" in value:
        halves = tuple(half for part in parts if "-" in part for half in part.split("-") if len(half) > 3)
        yield from (part for part in map(_part, (*parts, *halves)) if part is not None)


def _account(account: str) -> Iterator[_Written]:
    if len(ocr_letters(account).key) > 3:
        yield account, Match.NAME if account.lower() in COMMON else Match.FUZZY
    parts = tuple(part for part in account_parts(account) if len(part) > 3)
    yield from (part for part in map(_part, parts) if part is not None and part[0] != account)


def _part(word: str) -> _Written | None:
    """How a word of a name is hunted alone; None if it is too short."""
    if len(word) < 3 and not _IDEOGRAPHS.fullmatch(word):
        return None
    if word.casefold() in COMMON:
        return word, Match.NAME
    return word, Match.FUZZY if len(ocr_letters(word).key) >= LEAST_FUZZY else Match.READING
