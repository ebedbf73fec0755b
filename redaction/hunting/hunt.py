"""Hunts what is known to be sensitive in other texts: entities enter once, then texts; stretches of the texts leave.

1. Compared are keys (`folding.ocr_key`): case, accents, spaces, line breaks, separators, cells of a table and
   confusions of readers do not count. A form of 8 letters or more may differ by one edit for each 8.
2. Only whole words are found: a word ends where letters end, where letters and digits meet, and before the capital in
   `johnSmith`. Ann is found in `ann@x.org`, `Ann's` and `ann_smith`, not in Annual.
3. Words are not found in numbers nor numbers in words: half of what was found must be of the entity's kind.
4. No form is found by confusions or edits in a common English word (`names.COMMON`), nor put together from
   such words; one word of under 6 letters is not even if a part of it is such a word, but it is from single letters.
5. A common word that is a person's name (Will, May) is found with a capital if another word with a capital stands
   beside it, beside an @, or as the whole text; one of another category, but a secret, as the whole text only.
6. Values of one or two characters are found as the whole text; a person's two letters, as in Wu, also as a word with
   exactly this case. Two ideographs or more are found anywhere.

| category | hunted besides the value itself |
|---|---|
| person | a name: first and last name, last name first, each part of 3 letters or more but titles and particles
|        | (of double names each half of 4); jsmith, smithj, johns; a mail address: what stands before the @, and its
|        | parts of 4 letters or more |
| secret | what a screen cut off: its first 8 letters or more, with a digit among them (else 16), to the end of a word |
| all numbers | 4 digits or more: digits with any separators; neighbouring groups of 7 digits or more together (of 13 or
|        | more ungrouped digits: groups of four); an amount without its zero cents; of 9 or more: the last four after a
|        | mask sign (stars, dots, xx, "ending in", "last 4"). 3 digits, and a year: exactly, as a whole number |
| all texts | each line, and what stands between commas, of 8 letters or more; of 6 words or more: 4 words in a row, or
|        | more of short ones; a date in its other writings; letters that run from right to left also backwards |
| medical, tax, financial, hr, chat, ai_prompt, classified, unknown | nothing but what is said of numbers and texts |
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from redaction.detectors.base import Role
from redaction.hunting.folding import Letters, ocr_key, ocr_letters
from redaction.hunting.quarry import Quarry, is_it, quarries_of, with_marks
from redaction.hunting.spellings import Entity, Form, Match, forms_of, last_four
from redaction.spans import Category, TextSpan

__all__ = ["Entity", "Hunt"]

_LEAST_CUT: Final = 8
_LEAST_PLAIN_CUT: Final = 16
_FOUR: Final = re.compile(r"(?<!\d)[0-9OoQIlSBZ]{4}(?!\w)")
_MASK_BEFORE: Final = re.compile(
    r"(?:[*\u2022\u25cf\u2026]|[\u00b7#xX]{2}|(?<!\w)[xX]|\.{3}|(?i:\b(?:end(?:ing|s)?\s+(?:in|with)|last\s+(?:4|four)"
    r"(?:\s+digits)?)))[\s:=\-.()#]{0,8}$"
)
_MASK_AFTER: Final = re.compile(r"(?i)\s?\(last\s+(?:4|four)")
_BESIDE: Final = 32
"""Characters beside four digits in which a mask sign is looked for."""
_SPACED: Final = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
"""Letters of scripts that set no spaces between words."""


_Place = tuple[Quarry, int, int]


class Hunt:
    """Finds entities in texts that are folded already (`redaction.hunting.folding.fold_text`)."""

    name: Final = "hunt"
    role: Final = Role.DENY

    def __init__(self, entities: Iterable[Entity]) -> None:
        known = tuple(dict.fromkeys(entities))
        forms = tuple(dict.fromkeys(form for entity in known for form in forms_of(entity)))
        quarries = tuple(quarry for form in forms for quarry in quarries_of(form))
        self._alone = _by_value(form for form in forms if form.match is Match.ALONE)
        self._exact = tuple(form for form in forms if form.match is Match.EXACT)
        self._starts = _by_start(quarries)
        self._blocks = _by_block(quarry for quarry in quarries if quarry.edits)
        self._fours = _by_value(
            Form(four, Match.EXACT, entity.category) for entity in known if (four := last_four(entity)) is not None
        )

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """Every stretch of the text that is an entity, a part or a reading of one; the widest of each category."""
        found = set(self._found_exactly(text))
        letters = ocr_letters(text)
        for reading in {letters.key: letters, letters.merged().key: letters.merged()}.values():
            found.update(self._found_in(text, reading))
        return _widest(found)

    def _found_exactly(self, text: str) -> Iterator[TextSpan]:
        """What is compared character by character: the whole text, short values, and the last four of numbers."""
        whole = text.strip()
        start = text.find(whole)
        for form in self._alone.get(whole.casefold(), ()):
            yield TextSpan(start, start + len(whole), form.category)
        for form in self._exact:
            yield from (TextSpan(*place, form.category) for place in _words_in(text, form.value))
        for match in _FOUR.finditer(text) if self._fours else ():
            for form in self._fours.get(ocr_key(match[0]), ()) if _is_masked(text, *match.span()) else ():
                yield TextSpan(*match.span(), form.category)

    def _found_in(self, text: str, letters: Letters) -> Iterator[TextSpan]:
        borders = _borders(text, letters)
        for quarry, first, last in (*self._as_read(letters.key, borders), *self._with_edits(letters.key, borders)):
            start, end = letters.starts[first], letters.ends[last - 1]
            if is_it(quarry, text, start, end):
                yield with_marks(quarry, text, start, end)

    def _as_read(self, key: str, borders: list[int]) -> Iterator[_Place]:
        """Where a key stands letter by letter, or the beginning of a secret does."""
        ends = frozenset(borders)
        for first in borders:
            for quarry in self._starts.get(key[first : first + 2], ()):
                last = first + len(quarry.key)
                if last in ends and key.startswith(quarry.key, first):
                    yield quarry, first, last
                elif quarry.form.category is Category.SECRET:
                    yield from ((quarry, first, cut) for cut in _cuts(quarry, key, first, borders))

    def _with_edits(self, key: str, borders: list[int]) -> Iterator[_Place]:
        """Where a key stands with edits: one of the blocks that are more than its edits is whole in any such place."""
        seen = {
            (quarry, place - offset)
            for size, blocks in self._blocks.items()
            for place in range(len(key) - size + 1)
            for quarry, offset in blocks.get(key[place : place + size], ())
        }
        ends = frozenset(borders)
        for quarry, start in seen:
            last = start + len(quarry.key)
            if start in ends and last in ends and key.startswith(quarry.key, start):
                continue  # it stands there without edits, and was found so
            nearest = min(_near(quarry, key, start, borders), default=None)
            if nearest is not None:
                yield quarry, nearest[1], nearest[2]


def _widest(found: Iterable[TextSpan]) -> tuple[TextSpan, ...]:
    """The stretches without those that lie in another one of their category."""
    ends: dict[Category, int] = {}
    kept = []
    for span in sorted(found, key=_outer_first):
        if span.end > ends.get(span.category, -1):
            ends[span.category] = span.end
            kept.append(span)
    return tuple(kept)


def _outer_first(span: TextSpan) -> tuple[int, int, Category]:
    return span.start, -span.end, span.category


def _by_value(forms: Iterable[Form]) -> dict[str, tuple[Form, ...]]:
    table: defaultdict[str, tuple[Form, ...]] = defaultdict(tuple)
    for form in forms:
        key = form.value.casefold() if form.match is Match.ALONE else ocr_key(form.value)
        table[key] += (form,)
    return dict(table)


def _by_start(quarries: Iterable[Quarry]) -> dict[str, list[Quarry]]:
    """The quarries by the first two letters of their keys."""
    table: defaultdict[str, list[Quarry]] = defaultdict(list)
    for quarry in quarries:
        table[quarry.key[:2]].append(quarry)
    return dict(table)


def _by_block(quarries: Iterable[Quarry]) -> dict[int, dict[str, list[tuple[Quarry, int]]]]:
    """For each size of a block, the quarries by such blocks of their keys, and where in the key each block stands."""
    table: dict[int, dict[str, list[tuple[Quarry, int]]]] = {}
    for quarry in quarries:
        step = len(quarry.key) // (quarry.edits + 1)
        size = min(step, 6)
        for offset in range(0, step * (quarry.edits + 1), step):
            block = quarry.key[offset : offset + size]
            table.setdefault(size, {}).setdefault(block, []).append((quarry, offset))
    return table


def _borders(text: str, letters: Letters) -> list[int]:
    """The places between letters of a key where a word begins or ends, the ends of the text among them."""
    starts, ends = letters.starts, letters.ends
    inner = (
        place
        for place, (end, start) in enumerate(zip(ends, starts[1:], strict=False), start=1)
        if end < start or (end == start and _parts_words(text, start))
    )
    return [0, *inner, len(starts)] if starts else []


def _parts_words(text: str, place: int) -> bool:
    """Whether a word ends between two letters that touch."""
    left, right = text[place - 1], text[place]
    if not (left.isalnum() and right.isalnum()):  # a mark that may stand for a letter
        return True
    if left.isdigit() != right.isdigit():
        return True
    if right.isupper():
        return left.islower() or (left.isupper() and text[place + 1 : place + 2].islower())
    return not right.isascii() and (_SPACED.match(left) is not None or _SPACED.match(right) is not None)


def _cuts(quarry: Quarry, key: str, first: int, borders: list[int]) -> Iterator[int]:
    """Where the beginning of a secret ends that a screen cut off, if enough of it stands there."""
    stands = key[first : first + len(quarry.key)]
    pairs = enumerate(zip(quarry.key, stands, strict=False))
    shared = next((place for place, (ours, theirs) in pairs if ours != theirs), len(stands))
    last = borders[bisect_right(borders, first + shared) - 1]
    has_digit = any(map(str.isdigit, _letters_of(quarry.form.value)[: last - first]))
    if last - first >= (_LEAST_CUT if has_digit else _LEAST_PLAIN_CUT):
        yield last


def _letters_of(value: str) -> str:
    return "".join(char for char in value if char.isalnum())


def _near(quarry: Quarry, key: str, start: int, borders: list[int]) -> Iterator[tuple[int, int, int]]:
    """The stretches around a place that differ from a quarry by few enough edits: how many, first and last letter."""
    length, most = len(quarry.key), quarry.edits
    for first in _within(borders, start - most, start + most):
        edits = _edits(quarry.key, key[first : first + length + most], most)
        for last in _within(borders, first + length - most, first + length + most):
            if edits[last - first] <= most:
                yield edits[last - first], first, last


def _within(borders: list[int], low: int, high: int) -> list[int]:
    return borders[bisect_left(borders, low) : bisect_right(borders, high)]


def _edits(ours: str, theirs: str, most: int) -> list[int]:
    """For each beginning of theirs, how many edits make it ours; above `most` it may be any number."""
    width = len(theirs) + 1
    before = list(range(width))
    for row, letter in enumerate(ours, start=1):
        low, high = max(1, row - most), min(width, row + most + 1)
        now = [most + 1] * width
        now[0] = row
        for column in range(low, high):
            same = before[column - 1] + (letter != theirs[column - 1])
            now[column] = min(same, before[column] + 1, now[column - 1] + 1)
        if min(now[low - 1 : high], default=most + 1) > most:
            return [most + 1] * width
        before = now
    return before


def _is_masked(text: str, start: int, end: int) -> bool:
    """Whether a mask sign says that these are the last four digits of something."""
    before, after = text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]
    return _MASK_BEFORE.search(before) is not None or _MASK_AFTER.match(after) is not None


def _words_in(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Where a value stands in a text with no letter or digit of its own kind beside it."""
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        if not _continues(text[start - 1 : start], value[0]) and not _continues(text[end : end + 1], value[-1]):
            yield start, end
        start = text.find(value, start + 1)


def _continues(char: str, edge: str) -> bool:
    return char.isalnum() and edge.isalnum()
