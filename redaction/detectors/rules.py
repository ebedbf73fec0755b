"""What the detectors of shapes share: label words, the stretches of a text that they speak for, and rules.

A text enters, spans leave; offsets are those of this very text. Nothing is kept of it.

1. A strong shape counts anywhere. A weak one counts only near a label word of its family: on the same line, to either
   side, or on the lines below, as in forms and tables.
2. Label words are compared with what readers confuse folded (l, i and 1; o and 0; s and 5; b and 8; rn and m).
3. Every pattern has bounded repeats, so hostile text costs time in proportion to its length.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from redaction.spans import Category, TextSpan

D: Final = r"[\dOoQlI|!SsBbZzGgq]"
"""A digit, or what a reader gives for one."""
DASH: Final = r"[-\u2010-\u2015\u2212\u00ad_~.\u00b7]"
"""A dash or dot between groups, as it may be read."""
GAP: Final = rf"(?:\s?{DASH}{{1,2}}\s?|[^\S\n]{{1,2}}|\n)"
"""What may part two groups of one number: a dash with or without spaces, spaces, a line break."""
CELL: Final = r"(?:[^\S\n]{0,2}[|\u00b7\u2022/\t\n\u2010-\u2015\u2212-][^\S\n]{0,2}|[^\S\n]{1,4})"
"""The same for groups in boxes of their own."""
NO_DATE: Final = (
    r"(?!(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])(?:[-/.][0-3]?\d)?(?![\w/.-])|(?:19|20)\d\d(?![\w/.-])"
    r"|[0-3]?\d[-/.][0-3]?\d[-/.](?:19|20)?\d\d(?![\w/-])|\d{1,3}\.\d{1,3}\.\d{1,6}(?:\.\d{1,6})?(?![\w-]))"
)
"""Where no date, no year by itself and no version begins."""
NO_UNIT: Final = (
    r"(?![^\S\n]?(?:%|[KMGTP]i?B|[kMGT]?bit|[Bb]ytes?|[GMk]?Hz|[mnk]?m|[mnµ]?s|kg|px|dpi|fps|items?|files?|rows?|results?|users?|pages?|"
    r"words?|records?|hours?|hrs?|min(?:utes)?|days?|weeks?|months?|years?|times?|votes?|views?|points?|messages?|lines?|people|"
    r"tokens?|steps?|characters?|chars?|errors?|warnings?|tests?|commits?|entries|elements|columns?|objects?|requests?)(?!\w))"
)
"""Where no unit follows, that makes a plain number a count or a measure."""
NUMBERED: Final = (
    r"(?<![^\W_])(?<!\d[-/.,])(?:[A-Z]{1,4}[^\S\n](?=\d))?"
    + NO_DATE
    + r"(?=[A-Za-z/.-]{0,24}\d)[A-Za-z0-9]{1,24}(?:[-/.][A-Za-z0-9]{1,24}){0,6}"
    r"(?:[^\S\n](?=[A-Z]{0,3}\d)[A-Z0-9]{1,12}(?:[-/.][A-Z0-9]{1,12}){0,3}(?![a-z])){0,4}"
)
"""A number of letters and digits, with what parts its groups."""
LINES_BELOW: Final = 2
"""Lines below a label that its value may stand on: a form's own line, and one that is empty."""
_LINE: Final = 200
"""Characters of a line below that are looked at."""
_WORD: Final = re.compile(r"[^\W_]{1,40}")
_DIGITS: Final = re.compile(r"\d")
_LETTERS: Final = re.compile(r"[^\W\d_]{3,40}")
_LOOKALIKES: Final = str.maketrans({"i": "l", "1": "l", "0": "o", "5": "s", "8": "b"})
_BETWEEN: Final = 4
"""Characters between two words of one label."""


def key(word: str) -> str:
    """What all readings of a word have in common."""
    plain = word.lower().translate(_LOOKALIKES)
    return plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")


def words(listed: str) -> tuple[str, ...]:
    """The words of a list that is written as one text."""
    return tuple(listed.split())


def digits_in(text: str) -> int:
    """How many digits a text has."""
    return len(_DIGITS.findall(text))


@dataclass(frozen=True, slots=True)
class Family:
    """Label words (`|` between them), and how far they speak: characters left and right, lines below."""

    name: str
    words: str
    right: int = 60
    left: int = 0
    below: int = LINES_BELOW


@dataclass(frozen=True, slots=True)
class Zone:
    """Characters `start` to `end` (excluded) of a text, for which a label word speaks."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """Characters `start` to `end` (excluded) of a text that are a label word of a family."""

    family: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A label of one or more words: the keys of those after the first, and the families that it belongs to."""

    rest: tuple[str, ...]
    families: tuple[Family, ...]


class Labels:
    """Finds the label words of some families in a text."""

    __slots__ = ("_families", "_made")

    def __init__(self, families: tuple[Family, ...]) -> None:
        self._families = families
        self._made: dict[str, tuple[_Phrase, ...]] = {}

    @property
    def _phrases(self) -> dict[str, tuple[_Phrase, ...]]:
        """The labels by their first words, made when they are first needed."""
        if not self._made:
            self._made = _phrases_of(self._families)
        return self._made

    def zones(self, text: str) -> Mapping[str, tuple[Zone, ...]]:
        """For each family with a label in this text, the stretches that it speaks for, in order, none overlapping."""
        found: dict[str, list[Zone]] = defaultdict(list)
        for start, end, family in self._all(text):
            found[family.name].extend(_zones_of(text, start, end, family=family))
        return {name: _merged(text, zones) for name, zones in found.items()}

    def found(self, text: str, names: frozenset[str]) -> tuple[Label, ...]:
        """Where the labels of these families stand themselves."""
        return tuple(Label(family.name, start, end) for start, end, family in self._all(text) if family.name in names)

    def _all(self, text: str) -> Iterator[tuple[int, int, Family]]:
        """All labels: where each starts and ends, and one of its families."""
        phrases = self._phrases
        words = [(match.start(), match.end(), key(match.group())) for match in _WORD.finditer(text)]
        for place, (_, _, word) in enumerate(words):
            if word in phrases or text[words[place][1] - 1].isdigit():
                yield from self._at(text, words, place)

    def _at(self, text: str, words: list[tuple[int, int, str]], place: int) -> Iterator[tuple[int, int, Family]]:
        """The labels that begin with this word: where each starts and ends, and its families."""
        start, end, word = words[place]
        if word not in self._phrases:
            yield from self._joined(text, start, end)
            return
        for phrase in self._phrases[word]:
            last = place + len(phrase.rest)
            following = words[place + 1 : last + 1]
            if tuple(other[2] for other in following) != phrase.rest:
                continue
            stretch = words[place : last + 1]
            if all(b[0] - a[1] <= _BETWEEN for a, b in pairwise(stretch)):
                yield from ((start, stretch[-1][1], family) for family in phrase.families)

    def _joined(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, Family]]:
        """A label that was read as one word with the number after it."""
        match = _LETTERS.match(text, start, end)
        if match is None or match.end() == end:
            return
        for phrase in self._phrases.get(key(match.group()), ()):
            if not phrase.rest:
                yield from ((start, match.end(), family) for family in phrase.families)


def _phrases_of(families: tuple[Family, ...]) -> dict[str, tuple[_Phrase, ...]]:
    owners: dict[tuple[str, ...], tuple[Family, ...]] = defaultdict(tuple)
    for family in families:
        for label in family.words.split("|"):
            words = tuple(key(word) for word in _WORD.findall(label))
            for form in {words, ("".join(words),)}:
                owners[form] += (family,)
    phrases: dict[str, tuple[_Phrase, ...]] = defaultdict(tuple)
    for words, owned in owners.items():
        phrases[words[0]] += (_Phrase(words[1:], owned),)
    return dict(phrases)


def _zones_of(text: str, start: int, end: int, *, family: Family) -> Iterator[Zone]:
    """What a label from `start` to `end` speaks for: its line as far as the family reaches, and lines below."""
    left = _word_start(text, max(start - family.left, 0), start)
    stop = _line_end(text, end, family.right)
    yield Zone(left, start)
    yield Zone(end, stop)
    line_end = text.find("\n", stop, stop + _LINE) if text[stop : stop + 1] != "\n" else stop
    for _ in range(family.below):
        if line_end < 0:
            return
        below = _line_end(text, line_end + 1, _LINE)
        yield Zone(line_end + 1, below)
        line_end = below if text[below : below + 1] == "\n" else -1


def _word_start(text: str, start: int, end: int) -> int:
    """Where the first whole word begins between two places of a text, on the line of the second."""
    start = max(start, text.rfind("\n", start, end) + 1)
    while 0 < start < end and not text[start - 1].isspace():
        start += 1
    return start


def _line_end(text: str, start: int, reach: int) -> int:
    """The line's end, or, if that is farther than `reach`, the end of the word there."""
    limit = min(start + reach, len(text))
    line_end = text.find("\n", start, limit)
    if line_end >= 0:
        return line_end
    while limit < len(text) and limit < start + reach + 40 and not text[limit].isspace():
        limit += 1
    return limit


def _merged(text: str, zones: Iterable[Zone]) -> tuple[Zone, ...]:
    """The zones in order, as few as can be; one that begins within a word, right after its label, stays by itself."""
    merged: list[Zone] = []
    for zone in sorted(zones, key=lambda one: (one.start, one.end)):
        if merged and zone.start <= merged[-1].end + 1 and not text[zone.start - 1 : zone.start + 1].isalnum():
            merged[-1] = Zone(merged[-1].start, max(merged[-1].end, zone.end))
        elif zone.start < zone.end:
            merged.append(zone)
    return tuple(merged)


@dataclass(frozen=True, slots=True)
class Rule:
    """A shape, what it is, and what must hold for it to count.

    `digits` true digits must stand in the value, one of `marks` in the text, a label of the family `near` beside it.
    The value is the pattern's named group, if one of those took part.
    """

    pattern: str
    category: Category
    digits: int = 0
    marks: tuple[str, ...] = ()
    near: str = ""


def rule(pattern: str, category: Category, *, digits: int = 0, marks: str = "", near: str = "") -> Rule:
    """A rule; `marks` are parted by spaces."""
    return Rule(pattern, category, digits, tuple(marks.split()), near)


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules and the labels that the weak ones need."""

    rules: tuple[Rule, ...]
    labels: Labels

    def find(self, text: str) -> Iterator[TextSpan]:
        """The spans that the rules find in a text."""
        digits = digits_in(text)
        zones: Mapping[str, tuple[Zone, ...]] | None = None
        for one in self.rules:
            if digits < one.digits or (one.marks and not any(mark in text for mark in one.marks)):
                continue
            if not one.near:
                yield from spans_of(one, text, Zone(0, len(text)))
                continue
            if zones is None:
                zones = self.labels.zones(text)
            for zone in zones.get(one.near, ()):
                yield from spans_of(one, text, zone)


@functools.cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled when it is first needed: most commands examine no text."""
    return re.compile(pattern)


def spans_of(one: Rule, text: str, zone: Zone) -> Iterator[TextSpan]:
    """The spans that one rule finds in a stretch of a text."""
    piece = text[zone.start : zone.end]
    for match in compiled(one.pattern).finditer(piece):
        start, end = match.span(match.lastgroup or 0)
        if start < end and (not one.digits or digits_in(piece[start:end]) >= one.digits):
            yield TextSpan(zone.start + start, zone.start + end, one.category)


def settled(spans: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    """Each span once, in the order in which they begin."""
    return tuple(sorted(set(spans)))
