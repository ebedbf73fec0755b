"""Finds classification labels in texts that were read off a screen or told by a programme: DSS-1 to DSS-4 and own ones.

Texts and the policy's own labels enter; places and levels leave. Pure; nothing is kept or said of the texts.

1. Readers misread: letters and digits that look alike count as one another, marks and spaces between them do not count,
   and an own label may differ in one character out of eight.
2. A label whose level is not read counts as the highest one that there is. So does `DSS` alone, but for `PCI DSS`.
3. Where several readings fit, the highest level counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from consent.documents import Label
from redaction.detectors.base import Role
from redaction.spans import Category, TextSpan

DSS_LEVELS: Final = 4
"""DSS-1 to DSS-4."""
SLACK: Final = 8
"""An own label of so many letters and digits may be read with one of them wrong; of twice as many, with two."""


@dataclass(frozen=True, slots=True)
class Marking:
    """Characters `start` to `end` (excluded) of a text that are a label, and its level."""

    start: int
    end: int
    level: int


def level_of(texts: Iterable[str], labels: tuple[Label, ...]) -> int | None:
    """The highest level of any label in these texts, None if there is none.

    Texts that follow each other, as the lines of a screen do, are read together too: a label may be broken.
    """
    found = markings("\n".join(texts), labels)
    return max((marking.level for marking in found), default=None)


def markings(text: str, labels: tuple[Label, ...]) -> tuple[Marking, ...]:
    """All labels in a text, in the order in which they begin; they may overlap."""
    plain = _plain(text)
    highest = max((DSS_LEVELS, *(label.level for label in labels)))
    found = {*_dss_in(plain, highest), *_own_in(plain, labels, highest)}
    return tuple(sorted(found, key=lambda marking: (marking.start, marking.end, marking.level)))


@dataclass(frozen=True, slots=True)
class Classified:
    """The detector of labels: what it finds is masked, and never stays as an interface phrase."""

    labels: tuple[Label, ...] = ()
    name: str = "classified"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The labels in a text."""
        return tuple(TextSpan(one.start, one.end, Category.CLASSIFIED) for one in markings(text, self.labels))


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text with one plain character for each of its letters, and where in the text each came from."""

    text: str
    places: tuple[int, ...]

    def marking(self, start: int, end: int, level: int) -> Marking:
        """The marking of these plain characters, in the text that they came from."""
        return Marking(self.places[start], self.places[end - 1] + 1, level)


_TWINS: Final = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\u00ac", "-"),
        **dict.fromkeys("\u00a6\u2223\u2502\u2503\u01c0\u217c", "|"),
        **dict.fromkeys("\u0405\u0455", "S"),
        **dict.fromkeys("\u041e\u043e\u039f\u03bf", "O"),
        **dict.fromkeys("\u0406\u0456\u0399", "I"),
        **dict.fromkeys("\u0110\u00d0\u0189", "D"),
    }
)
"""Dashes, bars and letters of other scripts that nobody can tell from these."""


def _plain(text: str) -> _Plain:
    """The text without accents and invisible characters; every kind of space but a line break is a blank."""
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for part in unicodedata.normalize("NFKD", char.translate(_TWINS)):
            if part.isspace() or unicodedata.category(part)[0] not in "CM":
                chars.append(" " if part.isspace() and part != "\n" else part)
                places.append(place)
    return _Plain("".join(chars), tuple(places))


_S: Final = "[sS5$\u00a78]"
_GAP: Final = r"[\s._\u00b7*-]{0,3}"
_DSS: Final = re.compile(rf"(?=((?:[dD0OoQ]|[|Il]\)|c[l1|]){_GAP}{_S}{_GAP}{_S}))")
"""`DSS` as it may be read, between any letters; `_Word` says which of these it may be."""
_NUMBER: Final = r"[iIl1|!][vV]|[iIl1|!]{1,3}|[2-4]|[zZ]"
_END: Final = r"(?=$|[\W_]|(?<=[1-4IV])[A-Z][a-z])"
_BESIDE: Final = (
    "classification|classified|class|level|lvl|label|rating|category|cat|tier|grade|stage|security|data|is|v"
)
"""Small words that may stand between `DSS` and its level."""
_LEVEL: Final = re.compile(
    rf"(?P<gap>(?:_|[^\w|!]|[|!](?=\s*[2-4])){{0,6}}(?:(?i:{_BESIDE})[\W_]{{0,4}}){{0,4}})(?P<number>{_NUMBER}){_END}"
)
_FURTHER: Final = re.compile(rf"(?:[-/&+]|\s+(?:to|and|or|&|-)\s+)(?P<number>{_NUMBER}){_END}")
"""A second level: `DSS 2-3`, `DSS-1 and 2`."""
_DANGLING: Final = re.compile(r"[-_]+(?:[\s?]|$|\w{1,2}(?!\w))")
"""A mark that a level should follow, and none that can be read does."""
_VERSION: Final = re.compile(r"[\W_]*[vV]?\d+\.\d")
_STANDARD: Final = re.compile(r"(?i)(?<![a-z0-9])pci[\s/_-]{0,3}$")
"""The card industry's standard, PCI DSS, and its versions."""
_HARD: Final = frozenset("-_:.#/=([")
_ONES: Final = "iIl1|!"
_SOLE: Final = frozenset("IilzZ")
"""Letters that are a level where a mark stands before them, and may begin a word elsewhere."""


@dataclass(frozen=True, slots=True)
class _Word:
    """Characters that may be the word `DSS`: letters without gaps, and the text around."""

    letters: str
    is_spaced: bool
    before: str
    after: str

    @property
    def true_letters(self) -> int:
        """How many letters were read as the ones that they should be."""
        return (self.letters[0] in "dD") + sum(char in "sS" for char in self.letters[-2:])

    @property
    def is_clear(self) -> bool:
        """Whether it is the label's word even if no level follows."""
        if self.is_spaced:
            return self.true_letters == 3
        return self.letters[0] in "dD" and self.true_letters >= 2

    def is_apart(self) -> bool:
        """Whether it does not go on from a letter or digit before, but for words and borders read as one with it."""
        if not self.before or not self.before[-1].isalnum():
            return True
        if self.letters[0] not in "dD":
            return False
        joined = self.before[-1].islower() and self.letters[0] == "D"
        return joined or (self.before[-1] in _ONES and not self.before[-2:-1].isalnum())

    def fits(self, gap: str) -> bool:
        """Whether it is the label's word if a level follows after this gap."""
        is_hard = bool(_HARD & set(gap))
        if self.letters.isdigit():
            return gap in {"-", "_"} and self.before[-1:].strip() == ""
        if self.letters[1:] == "55" and gap == ".":  # as in ICD-10, where D55.1 is a diagnosis
            return False
        if self.is_spaced or "8" in self.letters:
            return self.true_letters >= 2
        return self.true_letters >= 2 or self.letters[0] in "dD" or is_hard or not gap


def _dss_in(plain: _Plain, highest: int) -> Iterator[Marking]:
    for match in _DSS.finditer(plain.text):
        start, end = match.span(1)
        letters = re.sub(_GAP, "", match[1])
        is_spaced = len(letters) < end - start
        word = _Word(letters, is_spaced, plain.text[max(start - 12, 0) : start], plain.text[end : end + 80])
        level = _dss_level(word, highest) if word.is_apart() else None
        if level is not None:
            yield plain.marking(start, end + level[0], level[1])


def _dss_level(word: _Word, highest: int) -> tuple[int, int] | None:
    """How many characters after the word belong to the label, and its level; None if it is no label."""
    if _STANDARD.search(word.before) and _VERSION.match(word.after):
        return None
    found = _LEVEL.match(word.after)
    if found is not None and word.fits(found["gap"]):
        level = _number(found["number"])
        if level is None or not _is_sure(found, word.after):
            return found.end(), highest
        return _with_further(word.after, found.end(), level, highest)
    return _unread(word, highest)


def _number(number: str) -> int | None:
    """The level that a digit or Roman numeral means as read, None if that is open."""
    if len(number) == 1:
        return int(number) if number in "234" else 2 if number in "zZ" else 1
    if number[-1] in "vV":
        return 4
    return None if number.isdigit() else len(number)


def _is_sure(found: re.Match[str], after: str) -> bool:
    """Whether the number is a level and not the next line's or a sentence's beginning, or a border."""
    rest = after[found.end() :].partition("\n")[0]
    if "\n" in found["gap"]:
        return not any(char.isalnum() for char in rest)
    is_marked = found["gap"][-1:] in _HARD
    if set(found["number"]) <= set("|!"):
        return is_marked
    return is_marked or not found["gap"] or not rest.strip() or found["number"] not in _SOLE


def _with_further(after: str, end: int, level: int, highest: int) -> tuple[int, int]:
    """The label's end and level, where a range or a list of levels means its highest one."""
    while (further := _FURTHER.match(after, end)) is not None:
        level, end = max(level, _number(further["number"]) or highest), further.end()
    return end, level


def _unread(word: _Word, highest: int) -> tuple[int, int] | None:
    """A label whose level was not read."""
    following = word.after[:1]
    if following.isdigit():
        digits = re.match(r"\d{1,2}(?![^\W_])", word.after)
        return (digits.end(), highest) if digits is not None and word.is_clear else None
    if following.isalpha():
        return None
    if word.is_clear:
        return None if _STANDARD.search(word.before) else (0, highest)
    dangling = None if word.is_spaced or word.letters.isdigit() else _DANGLING.match(word.after)
    return None if dangling is None or word.true_letters < 2 else (dangling.end(), highest)


_ALIKE: Final = str.maketrans(
    {"0": "o", "2": "z", "5": "s", "6": "g", "8": "b", "$": "s", "\u00a7": "s"} | dict.fromkeys("1i|!", "l")
)
_PAIRS: Final = {"rn": "m", "vv": "w", "cl": "d"}
"""Letters that readers take for each other; both the label and the text are folded, so each stands for its class."""
_NO_SPACES: Final = "\u2e80"
"""First character of the scripts that write words without blanks between them."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """A folded letter, the plain characters it came from, and whether a word begins or ends with it."""

    letter: str
    start: int
    end: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class _Alike:
    """Plain characters that read like a label, and in how many letters they differ from it."""

    start: int
    end: int
    level: int
    differences: int


def _own_in(plain: _Plain, labels: tuple[Label, ...], highest: int) -> Iterator[Marking]:
    """The organisation's own labels; of readings that overlap, those with the fewest differences count."""
    letters = _folded(plain.text) if labels else ()
    found = tuple(one for label in labels for one in _alike(letters, label.words, label.level))
    for one in found:
        rivals = (other for other in found if other.start < one.end and one.start < other.end)
        if one.differences == min(rival.differences for rival in rivals):
            yield plain.marking(one.start, one.end, one.level)
    places = {one.start for one in found}
    for stem in sorted({stem for label in labels if (stem := _stem(label.words))}):
        for one in _alike(letters, stem, highest):
            unread = _UNREAD.match(plain.text, one.end)
            if one.start not in places and unread is not None:
                yield plain.marking(one.start, unread.end(), highest)


_NUMBERED: Final = re.compile(r"(?P<stem>.*[^\W\d_].*?)[\W_]*(?<![^\W_])(?:\d{1,2}|[ivxIVX]{1,4}|[^\W_])$")
"""A label that ends in a number or one letter, as one of a family does."""
_UNREAD: Final = re.compile(
    r"[^\S\n]*(?:[-_:#]+\s*(?:\?+|$|\n)|\?+|[-_:#]*[^\S\n]*[0-9?|!\[\]IlOSBZqg]{1,2}(?![^\W_]))"
)
"""What follows the words of such a label where its number should be and cannot be read."""


def _stem(words: str) -> str:
    """The label without its number; empty if it has none, or if too little is left to know it by."""
    found = _NUMBERED.match(words.strip())
    return found["stem"] if found is not None and sum(char.isalnum() for char in found["stem"]) > 2 else ""


def _folded(text: str) -> tuple[_Letter, ...]:
    """The letters and digits of a text, each as the class of those that it may be taken for."""
    letters: list[_Letter] = []
    for at, char in enumerate(text):
        if not (char.isalnum() or char in "$|!\u00a7"):
            continue
        is_first, is_last = _is_edge(text[at - 1 : at], char), _is_edge(char, text[at + 1 : at + 2])
        letter = _Letter(char.casefold().translate(_ALIKE), at, at + 1, is_first, is_last)
        before = letters[-1] if letters and not is_first else None
        pair = None if before is None else _PAIRS.get(before.letter + letter.letter)
        if before is not None and pair is not None:
            letters[-1] = _Letter(pair, before.start, at + 1, before.is_first, is_last)
        else:
            letters.append(letter)
    return tuple(letters)


def _is_edge(before: str, after: str) -> bool:
    """Whether a word ends between these two characters; words that were read as one part at a capital."""
    if not (before.isalnum() and after.isalnum()):
        return True
    return (before.islower() and after.isupper()) or before >= _NO_SPACES or after >= _NO_SPACES


def _alike(letters: tuple[_Letter, ...], words: str, level: int) -> Iterator[_Alike]:
    """Where whole words read like these, with at most one difference in `SLACK` letters."""
    wanted = "".join(one.letter for one in _folded(_plain(words).text))
    slack = len(wanted) // SLACK
    pieces = _pieces(wanted, slack + 1)
    read = "".join(one.letter for one in letters)
    if not wanted or not any(piece in read for _, piece in pieces):
        return
    for at, first in enumerate(letters):
        if not (first.is_first and _has_piece(read, at, pieces, slack=slack)):
            continue
        window = letters[at : at + len(wanted) + slack]
        nearest = _nearest(window, wanted)
        if nearest is not None and nearest[1] <= slack:
            yield _Alike(first.start, window[nearest[0]].end, level, nearest[1])


def _pieces(wanted: str, number: int) -> tuple[tuple[int, str], ...]:
    """The label cut into so many pieces, with the place of each in it."""
    size = max(-(-len(wanted) // number), 1)
    return tuple((at, wanted[at : at + size]) for at in range(0, len(wanted), size))


def _has_piece(read: str, at: int, pieces: tuple[tuple[int, str], ...], *, slack: int) -> bool:
    """Whether a piece stands about where it would if the label began here.

    What differs from a label in fewer places than it has pieces holds one of them unchanged.
    """
    return any(
        read.find(piece, max(at, at + place - slack), at + place + slack + len(piece)) >= 0 for place, piece in pieces
    )


def _nearest(window: tuple[_Letter, ...], wanted: str) -> tuple[int, int] | None:
    """Where in the window the word ends that reads most like the label, and in how many letters it differs."""
    row = list(range(len(wanted) + 1))
    best: tuple[int, int] | None = None
    for at, one in enumerate(window):
        above, row = row, [at + 1]
        for column, letter in enumerate(wanted):
            row.append(min(above[column] + (one.letter != letter), above[column + 1] + 1, row[column] + 1))
        if one.is_last and (best is None or row[-1] <= best[1]):
            best = (at, row[-1])
    return best
