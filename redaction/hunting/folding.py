"""Folds a text to the form in which detectors read it, and remembers where each character came from. Pure, linear.

1. Compatibility forms become plain (full-width, mathematical, ligatures, circled), accents are composed, digits of all
   scripts are 0 to 9. What cannot be seen goes: zero-width characters, bidi controls, soft hyphens, variation
   selectors, controls. Quotes, dashes and spaces become plain; an end of a line is a line feed.
2. Letters of other scripts become the Latin letters that they look like only in a word that also holds Latin letters
   or digits, or if all letters of the word have such twins and the text is Latin otherwise. Words of Cyrillic or Greek
   stay, and text of right-to-left scripts stays in its logical order.
3. Lone surrogates and noncharacters become U+FFFD. Printable ASCII never changes; folding again changes nothing.
4. `ocr_key` goes further, for comparing only: what readers confuse is one letter, and nothing but letters is left.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from redaction.hunting.twins import DIGIT_TWINS, LOOSE_TWINS, TWINS

_REMARKABLE: Final = re.compile(r"[^\t\n -~]")
_BAD: Final = "\ufffd"
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2065\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFF9), *range(0xE0100, 0xE01F0))))
)
"""Default-ignorable characters (Unicode DerivedCoreProperties) that are no format or control characters."""
_LINE_ENDS: Final = frozenset("\n\r\x0b\x0c\x85\u2028\u2029")
_PLAIN: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2035\u02b9\u02bb\u02bc\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    **dict.fromkeys("\u2212\u2043\u02d7\u2500", "-"),
    **dict.fromkeys("\u2044\u2215\u29f8", "/"),
    "\u2800": " ", "\u3002": ".", "\u2236": ":", "\u2217": "*", "\u2223": "|",
}  # fmt: skip
"""What compatibility forms leave and a person takes for the plain character."""
_JAMO: Final = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uffa0-\uffdc]")
_MOST_JOINED: Final = 32
"""Characters after which no more accents are taken to a letter (UAX 15 calls text of up to 30 stream-safe)."""
_KEY: Final = str.maketrans("oq0il1s5b8z2g6", "ooolllssbbzzgg")
_STROKES: Final = str.maketrans({"\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u0127": "h", "\u0131": "i",
                                 "\u00e6": "ae", "\u0153": "oe", "\u00fe": "th", "\u00f0": "d"})  # fmt: skip
"""Latin letters that no normal form takes apart, and what they are without their strokes."""
_MARKED: Final = re.compile(r"(?<=[A-Za-z])[|!](?=[A-Za-z])|(?<!\S)[|!](?=[A-Za-z])|\$(?=[A-Za-z$])")
"""Marks that stand for a letter: a bar or an exclamation mark in or before a word, a dollar sign before a letter."""
_MERGED: Final = re.compile("rn|vv|cl")
_MERGERS: Final = {"rn": "m", "vv": "w", "cl": "d"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text; `starts` and `ends` give for each of its characters the stretch of the input it came from."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The code points of the input that characters `start` to `end` (excluded) came from: their outer cover."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
        return place, place


def fold_text(text: str) -> Folded:
    """The folded text, with the map back to code points of this one."""
    if _REMARKABLE.search(text) is None:
        return Folded(text, range(len(text)), range(1, len(text) + 1))
    simple = "".join([_single(char) for char in text])
    if len(simple) == len(text):
        return Folded(_without_twins(simple), range(len(text)), range(1, len(text) + 1))
    cells = _unmarked([cell for stretch in _stretches(text) for cell in _composed(stretch)])
    twins = _without_twins("".join(char for char, _, _ in cells))
    cells = _unmarked([(char, start, end) for char, (_, start, end) in zip(twins, cells, strict=True)])
    folded = "".join(char for char, _, _ in cells)
    return Folded(folded, tuple(start for _, start, _ in cells), tuple(end for _, _, end in cells))


def ocr_key(text: str) -> str:
    """What all readings of a text have in common: its letters and digits without case, accents and confusions.

    O, Q and 0 are one letter; so are l, I, 1, | and !; S, 5 and $; B and 8; Z and 2; G and 6; rn and m; vv and w;
    cl and d; and letters of other scripts that look alike. Spaces, dashes and all other marks are gone.
    """
    return _merged(ocr_letters(text).key)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a key, and for each the stretch of the text that it came from."""

    key: str
    starts: Sequence[int]
    ends: Sequence[int]

    def merged(self) -> Letters:
        """The same with the pairs made one that readers take for one letter."""
        seconds = {match.end() - 1 for match in _MERGED.finditer(self.key)}
        if not seconds:
            return self
        starts = [place for index, place in enumerate(self.starts) if index not in seconds]
        ends = [place for index, place in enumerate(self.ends) if index + 1 not in seconds]
        return Letters(_merged(self.key), starts, ends)


def ocr_letters(text: str) -> Letters:
    """The letters of `ocr_key` before pairs are merged."""
    if "|" in text or "!" in text or "$" in text:
        text = _MARKED.sub(_letter_for_mark, text)
    if text.isascii():
        places = [place for place, char in enumerate(text) if char.isalnum()]
        key = "".join([text[place] for place in places]).lower().translate(_KEY)
        return Letters(key, places, [place + 1 for place in places])
    letters = [(letter, place) for place, char in enumerate(text) for letter in _key_letters(char)]
    places = [place for _, place in letters]
    return Letters("".join(letter for letter, _ in letters), places, [place + 1 for place in places])


def _merged(letters: str) -> str:
    return _MERGED.sub(_merger, letters)


def _merger(match: re.Match[str]) -> str:
    return _MERGERS[match[0]]


def _letter_for_mark(match: re.Match[str]) -> str:
    return "s" if match[0] == "$" else "l"


@functools.lru_cache(maxsize=4096)
def _key_letters(char: str) -> str:
    """The letters of a key for one character, none for a mark."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold().translate(_STROKES))
    digits = (str(unicodedata.digit(one, one)) for one in plain if one.isalnum())
    return "".join(map(_twin, digits)).translate(_KEY)


def _twin(char: str) -> str:
    """The small Latin letter that a letter looks like, the same for its capital and its small form."""
    return (TWINS.get(char) or TWINS.get(char.upper(), char)).lower()


_Cell = tuple[str, int, int]


def _stretches(text: str) -> Iterator[tuple[str, int, int]]:
    """The text, seen through, in stretches that normalise independently of each other, with where they came from."""
    held, start, end = "", 0, 0
    for place, char in enumerate(text):
        seen = _seen(char)
        if not seen or (char == "\r" and text[place + 1 : place + 2] == "\n"):
            continue
        if len(held) >= _MOST_JOINED and unicodedata.category(seen)[0] == "M":
            end = place + 1
            continue
        if held and not _joins(seen):
            yield held, start, end
            held = ""
        start, end = (start if held else place), place + 1
        held += seen
    if held:
        yield held, start, end


@functools.lru_cache(maxsize=4096)
def _single(char: str) -> str:
    """What a character folds to whatever stands beside it; nothing if that depends, or is not one character."""
    seen = _seen(char)
    if not seen or char == "\r" or _joins(seen):
        return ""
    (folded, *rest) = _composed((seen, 0, 1))
    return "" if rest else folded[0]


@functools.lru_cache(maxsize=4096)
def _seen(char: str) -> str:
    """What one character of the input is before normalising; nothing if it cannot be seen."""
    if char in _LINE_ENDS:
        return "\n"
    if char == "\t" or " " <= char <= "~":
        return char
    category = unicodedata.category(char)
    if category == "Cs" or (category == "Cn" and (ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF)):
        return _BAD
    if category in {"Cc", "Cf"} or char in _INVISIBLE:
        return ""
    return _plain(char)


@functools.lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    """Whether a character may become one with what stands before it."""
    first = unicodedata.normalize("NFKC", char)[0]
    return unicodedata.category(first)[0] == "M" or _JAMO.match(char) is not None


def _composed(stretch: _Cell) -> Iterator[_Cell]:
    text, start, end = stretch
    plain = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    for char in plain:
        for one in _plain(char):
            yield one, start, end


@functools.lru_cache(maxsize=4096)
def _plain(char: str) -> str:
    """A character as a keyboard has it: plain quotes, dashes, spaces and digits; others as they are."""
    category = unicodedata.category(char)
    if char in _PLAIN or category in {"Pd", "Zs"}:
        return _PLAIN.get(char, "-" if category == "Pd" else " ")
    return str(unicodedata.decimal(char)) if category == "Nd" else char


def _unmarked(cells: list[_Cell]) -> list[_Cell]:
    """The cells without accents that nothing composed with, where they stand over a Latin letter, digit or mark."""
    kept: list[_Cell] = []
    for char, start, end in cells:
        if kept and char > "\u02ff" and unicodedata.category(char)[0] == "M" and _is_latin(kept[-1][0]):
            kept[-1] = (kept[-1][0], kept[-1][1], end)
        else:
            kept.append((char, start, end))
    return kept


def _is_latin(char: str) -> bool:
    """Whether a character is ASCII or a letter of a Latin or phonetic alphabet."""
    return char <= "\u02af" or "\u1d00" <= char <= "\u1d7f" or "\u1e00" <= char <= "\u1eff"


def _without_twins(text: str) -> str:
    """The text, of the same length, with look-alike letters replaced where rule 2 of this module says so."""
    if all(char < "\u0250" for char in text):
        return text
    words = ["".join(group) for _, group in itertools.groupby(text, _is_of_word)]
    kinds = [_kind(word) for word in words]
    is_latin = _Kind.FOREIGN not in kinds and (_Kind.LATIN in kinds or _Kind.DIGITS in kinds)
    return "".join(
        _replaced(word, kind) if kind is not _Kind.TWINS or is_latin else word
        for word, kind in zip(words, kinds, strict=True)
    )


@functools.lru_cache(maxsize=4096)
def _is_of_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


class _Kind(Enum):
    """What letters a word has."""

    NONE = "none"
    LATIN = "Latin ones, perhaps others too"
    DIGITS = "digits and letters that pass for digits or Latin letters"
    TWINS = "only letters with Latin twins"
    FOREIGN = "others"


def _kind(word: str) -> _Kind:
    letters = [char for char in word if char.isalpha()]
    if any(_is_latin(char) for char in letters):
        return _Kind.LATIN
    if not letters:
        return _Kind.NONE
    if not all(char in TWINS or char in DIGIT_TWINS for char in letters):
        return _Kind.FOREIGN
    if any("0" <= char <= "9" for char in word):
        return _Kind.DIGITS
    return _Kind.TWINS if all(char in TWINS for char in letters) else _Kind.FOREIGN


def _replaced(word: str, kind: _Kind) -> str:
    if kind is _Kind.TWINS:
        return "".join(TWINS.get(char, char) for char in word)
    if kind is _Kind.LATIN:
        return "".join(TWINS.get(char) or LOOSE_TWINS.get(char, char) for char in word)
    return "".join(DIGIT_TWINS.get(char) or TWINS.get(char, char) for char in word) if kind is _Kind.DIGITS else word
