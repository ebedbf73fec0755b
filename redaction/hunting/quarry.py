"""What one form of an entity looks like in keys, and whether what has its key is it. Values enter, values leave.

The rules are those of `redaction.hunting.hunt`, by their numbers there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redaction.hunting.folding import ocr_letters
from redaction.hunting.names import COMMON
from redaction.hunting.spellings import LEAST_FUZZY, LEAST_GROUP, Form, Match
from redaction.spans import TextSpan

_SHORT: Final = 6
_MOST_EDITS: Final = 8
_BESIDE: Final = 40
"""Characters beside a common word in which another word with a capital is looked for."""
_NEIGHBOUR_BEFORE: Final = re.compile(r"\b[A-Z][\w'-]*[ ._,-]{1,2}$")
_NEIGHBOUR_AFTER: Final = re.compile(r"(?:'s)?[ ._,-]{1,2}[A-Z]")
_PIECES: Final = re.compile(r"[^\W_]+")
_WIDE_GAP: Final = re.compile(r"[\W_]{2}")


@dataclass(frozen=True, slots=True)
class Quarry:
    """A form as it is looked for: its key, how many edits it may differ by, and what surrounds its letters."""

    form: Form
    key: str
    edits: int
    before: str
    after: str
    digits: bool | None
    """Whether it is a number and no word; None if it is a mixture."""


def quarries_of(form: Form) -> Iterator[Quarry]:
    """The keys of a form that is compared by reading; none of another."""
    if form.match in {Match.EXACT, Match.ALONE}:
        return
    letters = ocr_letters(form.value)
    before, after = form.value[: letters.starts[0]], form.value[letters.ends[-1] :]
    has_letters, has_digits = any(map(str.isalpha, form.value)), any(map(str.isdigit, form.value))
    digits = None if has_letters == has_digits else has_digits
    for key in dict.fromkeys((letters.key, letters.merged().key)):
        edits = min(len(key) // LEAST_FUZZY, _MOST_EDITS) if form.match is Match.FUZZY else 0
        yield Quarry(form, key, edits, before, after, digits)


def is_it(quarry: Quarry, text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text that has the key of a quarry, or nearly, may count as it: rules 3 to 5."""
    found = text[start:end]
    digits, letters = sum(map(str.isdigit, found)), sum(map(str.isalpha, found))
    if quarry.digits is not None and 2 * (digits if quarry.digits else letters) < digits + letters:
        return False
    written, value = found.casefold(), quarry.form.value.casefold()
    if written != value and written in COMMON:
        return False
    if quarry.form.match is Match.NAME and not _stands_as_name(text, start, end):
        return False
    return _is_in_one_piece(quarry, found)


def _is_in_one_piece(quarry: Quarry, found: str) -> bool:
    """Whether what was found may be one word that a reader split, where the entity is one word."""
    pieces = _PIECES.findall(found)
    if len(pieces) < 2 or len(_PIECES.findall(quarry.form.value)) > 1:
        return True
    if quarry.digits:
        return len(quarry.key) >= LEAST_GROUP or _WIDE_GAP.search(found) is None
    common = [len(piece) == 1 or piece.casefold() in COMMON for piece in pieces]
    if all(len(piece) == 1 for piece in pieces):
        return True
    return not all(common) if len(quarry.key) >= _SHORT else not any(common) and _WIDE_GAP.search(found) is None


def _stands_as_name(text: str, start: int, end: int) -> bool:
    """Whether a common word is used as a name (rule 5)."""
    if text.endswith("@", 0, start) or text.startswith("@", end):
        return True
    if not text[start].isupper():
        return False
    is_alone = not text[:start].strip() and not text[end:].strip()
    return is_alone or bool(
        _NEIGHBOUR_BEFORE.search(text[max(0, start - _BESIDE) : start])
        or _NEIGHBOUR_AFTER.match(text[end : end + _BESIDE])
    )


def with_marks(quarry: Quarry, text: str, start: int, end: int) -> TextSpan:
    """The stretch with the marks that stand around the entity's letters, such as the sign of a currency."""
    start -= len(quarry.before) if text.endswith(quarry.before, 0, start) else 0
    end += len(quarry.after) if text.startswith(quarry.after, end) else 0
    return TextSpan(start, end, quarry.form.category)
