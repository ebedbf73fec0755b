"""Finds words that may be names because no interface and no small dictionary has them, and what persons say and pay.

A text enters, spans leave. It is for screens, whose own words are few: those of the lexicon's phrases
(`redaction.lexicon`) and those of `data/familiar.gz` (built by `tools/build_familiar.py`, believed only by its digest),
which has no word that is a name as well. Another word with a capital is a name as likely as not, and a sentence with
"I" or "she" is somebody's, and so is an amount of money. Nothing is found in a text that is an interface phrase as a
whole.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Final

from redaction.detectors.base import Batched, DetectorError, Role, matches
from redaction.lexicon import Lexicon
from redaction.spans import Category, TextSpan

FILE: Final = "familiar.gz"
DIGEST: Final = "c0c6a716da390059675420734c2d14ff98c9b9d50d76662c52f806120afe18f4"
"""SHA-256 of the file; the builder prints it."""
SHORTEST: Final = 3
"""Letters of the shortest word that may be a name."""
SENTENCE: Final = 3
"""Words of the shortest sentence."""
PHRASES: Final = 2
"""Phrases of the lexicon that must have a word for it to be an interface's: one has "Grace period"."""
INITIALS: Final = 4
"""Letters of the longest abbreviation in capitals that is taken for no name."""
DIGITS: Final = 5
"""Digits of the shortest number that is not familiar."""
_WORD: Final = re.compile(r"(?<!\w)[^\W\d_]+(?:['\u2019-][^\W\d_]+)*(?!\w)")
_PIECE: Final = re.compile(r"[^\W\d_]+")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN: Final = re.compile(r"[^\d@_=/\\]+")
_MONEY: Final = re.compile(r"[$\u20ac\u00a3\u00a5]\s?\d[\d.,]*|(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])")
_DATE: Final = re.compile(r"(?<!\d)(?:\d{4}-\d\d?-\d\d?|\d\d?([./-])\d\d?\1(?:\d{4}|\d\d))(?!\d)")
_CONSENT: Final = re.compile(r"I (?:have read|agree|accept|understand|confirm|consent)\b")
_PERSONS: Final = re.compile(
    r"(?<![\w/])(?:I|I['\u2019](?:m|ve|ll|d)|my|myself|we|our|ours|he|him|his|she|her|hers|Hi|Dear|[Tt]hanks|"
    r"[Ss]orry)(?![\w/])"
)
DATES: Final = frozenset(
    """
    january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun utc gmt
    """.split()  # noqa: SIM905 (many words read better as a block)
)
"""Words of dates, which dictionaries write with a capital."""


@dataclass(frozen=True, slots=True)
class Unfamiliar:
    """Finds unfamiliar words (unknown), sentences about persons (chat) and amounts (financial)."""

    lexicon: Lexicon
    name: str = "unfamiliar"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The unfamiliar words and amounts of a text, and all of it if it is a sentence about persons."""
        if self.lexicon.has(text):
            return ()
        return (*_sentences(text), *self._words(text), *matches(_MONEY, text, Category.FINANCIAL))

    def knows(self, text: str) -> bool:
        """Whether a stretch of a text holds nothing but familiar words, however written, and short numbers."""
        words = familiar_words(self.lexicon)
        few = sum(char.isdigit() for char in _DATE.sub("", text)) < DIGITS and "@" not in text
        return few and all(_is_familiar(match.group(), words) for match in _WORD.finditer(text))

    def _words(self, text: str) -> Iterator[TextSpan]:
        words = familiar_words(self.lexicon)
        for match in _WORD.finditer(text, _sentence_case(text)):
            if match.group()[0].isupper() and not _is_familiar(match.group(), words):
                yield TextSpan(match.start(), match.end(), Category.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Doubted:
    """A detector that guesses by a model, and takes headings for names: of familiar words nothing is believed."""

    guessing: Batched
    unfamiliar: Unfamiliar

    @property
    def name(self) -> str:
        """The name of the detector that guesses."""
        return self.guessing.name

    @property
    def role(self) -> Role:
        """What its findings do."""
        return self.guessing.role

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """What is left of its guesses."""
        (found,) = self.find_many((text,))
        return found

    def find_many(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        """The same for many texts."""
        return tuple(
            tuple(span for span in spans if not self.unfamiliar.knows(text[span.start : span.end]))
            for text, spans in zip(texts, self.guessing.find_many(texts), strict=True)
        )


def _sentences(text: str) -> Iterator[TextSpan]:
    if len(text.split()) >= SENTENCE and _PERSONS.search(text) and not _CONSENT.search(text):
        yield TextSpan(0, len(text), Category.CHAT)


def _sentence_case(text: str) -> int:
    """Where the first word ends if only its place gives it a capital: small words follow, and nothing else."""
    words = tuple(_WORD.finditer(text)) if _PLAIN.fullmatch(text) else ()
    is_so = len(words) > 1 and all(word.group().islower() for word in words[1:])
    return words[0].end() if is_so else 0


def _is_familiar(word: str, words: frozenset[str]) -> bool:
    """Whether a word, or each part of a compound, is known but for an ending, or is a short abbreviation."""
    parts = [part for piece in _PIECE.findall(word) for part in _CAMEL.split(piece)]
    return all(_is_known(part, words) for part in parts if len(part) >= SHORTEST)


def _is_known(part: str, words: frozenset[str]) -> bool:
    plain = part.casefold()
    return plain in words or (plain.endswith("s") and plain[:-1] in words) or (part.isupper() and len(part) <= INITIALS)


@functools.lru_cache(maxsize=2)
def familiar_words(lexicon: Lexicon) -> frozenset[str]:
    """The words that interfaces use, and common ones that are no names; `DetectorError` if their file is damaged."""
    used = Counter(word for phrase in lexicon.phrases for word in _PIECE.findall(phrase))
    return frozenset(word for word, phrases in used.items() if phrases >= PHRASES) | DATES | listed_words()


@functools.cache
def listed_words() -> frozenset[str]:
    """Common English words of three letters and more that are no names; `DetectorError` if their file is damaged."""
    try:
        untrusted_bytes = (resources.files("redaction") / "data" / FILE).read_bytes()
    except OSError:
        raise DetectorError("the list of familiar words is missing: install optin again") from None
    if hashlib.sha256(untrusted_bytes).hexdigest() != DIGEST:
        raise DetectorError("the list of familiar words is not the one that was tried: install optin again")
    lines = gzip.decompress(untrusted_bytes).decode().split("\n")
    return frozenset(line for line in lines if not line.startswith("#"))
