"""What to look for comes out of the planted values: their normal forms, their telling parts, and their encodings.

1. A part counts only if it gives its value away: half a token, a rare long word, four words of a sentence.
2. A part that also occurs in another planted value is left out, so each needle names one value.
"""

from __future__ import annotations

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final
from urllib.parse import quote, quote_plus

from optin.demo.planted import Planted

# One misread character in eight still names a value of this length; Tesseract is far better on text of 13-16 px.
CHARACTERS_PER_ERROR: Final = 8
_SHORTEST_DIGITS: Final = 8
_LONG_WORD: Final = 9
_RUN_WORDS: Final = 4
_SHORTEST_RUN: Final = 20
_LONG_TOKEN: Final = 24
# What optical character recognition takes for one another, in both directions.
_PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SINGLE: Final = str.maketrans("oqlijsbzg|!", "00111582911")
_BASE64_BITS: Final = 6


@dataclass(frozen=True, slots=True)
class Needle:
    """A normal form that gives away the planted value with this id."""

    id: str
    text: str

    @property
    def folded(self) -> str:
        """The form in which confusable characters are one."""
        return folded(self.text)

    @property
    def errors(self) -> int:
        """How many edits apart a reading may be."""
        return len(self.folded) // CHARACTERS_PER_ERROR


def squashed(text: str) -> str:
    """Letters and digits only: NFKC, case folded, no blanks, no punctuation."""
    normal = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in normal if character.isalnum())


def folded(text: str) -> str:
    """The squashed text with characters that look alike made one, such as O and 0, l and 1, rn and m."""
    plain = squashed(text.replace("|", "l").replace("!", "l"))
    for pair, single in _PAIRS:
        plain = plain.replace(pair, single)
    return plain.translate(_SINGLE)


def needles_of(planted: tuple[Planted, ...]) -> tuple[Needle, ...]:
    """Each value whole, then its telling parts, without those that another value shares."""
    whole = tuple(Needle(secret.id, squashed(secret.value)) for secret in planted)
    forms = MappingProxyType({needle.id: needle.folded for needle in whole})
    parts = {Needle(secret.id, part): None for secret in planted for part in _parts(secret.value)}
    own = (
        part
        for part in parts
        if not any(is_near(part.folded, form, part.errors) for name, form in forms.items() if name != part.id)
    )
    return (*whole, *own)


def encodings(value: str) -> frozenset[bytes]:
    """Byte strings that stand for the value, lower-cased where case does not matter: text encodings and escapes."""
    digits = re.sub(r"\D", "", value)
    texts = {value, quote(value), quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1], html.escape(value)}
    if len(digits) >= _SHORTEST_DIGITS and sum(character.isalpha() for character in value) < len(digits):
        texts.add(digits)
    raw = {text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")}
    return frozenset(form.lower() for form in raw | {form.hex().encode() for form in raw})


def exact_encodings(value: str) -> frozenset[bytes]:
    """Byte strings in which case matters: base64, both alphabets, at each of its three alignments."""
    raw = (value.encode(code) for code in ("utf-8", "utf-16-le"))
    return frozenset(form for data in raw for shift in range(3) for form in _base64_at(data, shift))


def is_near(needle: str, text: str, errors: int) -> bool:
    """Whether some stretch of the text is at most this many edits away from the needle."""
    if needle in text:
        return True
    # With e errors, one of e + 1 pieces must be there unharmed; only its neighbourhood is compared in full.
    bounds = [round(place * len(needle) / (errors + 1)) for place in range(errors + 2)]
    for start, end in pairwise(bounds):
        for found in _places(needle[start:end], text):
            first = max(0, found - start - errors)
            if _distance(needle, text[first : found + len(needle) - start + errors]) <= errors:
                return True
    return False


def _distance(needle: str, text: str) -> int:
    """The fewest edits between the needle and any stretch of the text (Sellers' algorithm)."""
    column = list(range(len(needle) + 1))
    best = column[-1]
    for character in text:
        above, column[0] = column[0], 0
        for row, wanted in enumerate(needle, start=1):
            above, column[row] = column[row], min(above + (character != wanted), column[row] + 1, column[row - 1] + 1)
        best = min(best, column[-1])
    return best


def _places(piece: str, text: str) -> Iterator[int]:
    place = text.find(piece)
    while place >= 0:
        yield place
        place = text.find(piece, place + 1)


def _parts(value: str) -> Iterator[str]:
    words = value.split()
    for word in words:
        name, host, _ = word.partition("@")  # the host of an address tells nothing
        plain = squashed(name)
        if len(plain) >= _LONG_TOKEN:
            yield from (plain[: len(plain) // 2], plain[len(plain) // 2 :])
        elif len(plain) >= _LONG_WORD and (host or plain.isalpha()) and len(words) <= _RUN_WORDS:
            yield plain
    for start in range(len(words) - _RUN_WORDS):
        run = squashed("".join(words[start : start + _RUN_WORDS]))
        if len(run) >= _SHORTEST_RUN:
            yield run


def _base64_at(data: bytes, shift: int) -> tuple[bytes, bytes]:
    """The characters of the encoding that depend on the data alone, when `shift` other bytes come before it."""
    first = -(-8 * shift // _BASE64_BITS)
    last = 8 * (shift + len(data)) // _BASE64_BITS
    padded = b"\0" * shift + data
    return base64.b64encode(padded)[first:last], base64.urlsafe_b64encode(padded)[first:last]
