"""The phrases of user interfaces that may stay on a screen: the one list that says "safe".

The file `data/lexicon.txt` (built by `tools/build_lexicon.py`) enters, a frozen set leaves. A missing, changed or
malformed file is an error: without the lexicon nothing can be recognised as safe, so nothing is redacted either.

1. A phrase is known only when all of it, folded, is in the list. There is no fuzzy match.
2. Folding only takes away what a programme adds to a phrase: case, mnemonics, a colon or dots at its end.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

from vault.errors import MissingPart

MAX_WORDS: Final = 4
"""Words in the longest phrase that the list may hold."""
MAX_LENGTH: Final = 32
"""Characters in the longest phrase that the list may hold."""
_END: Final = " :…."
_HEADER: Final = "# optin-lexicon 1"
_FEWEST: Final = 1000
_MNEMONIC: Final = re.compile(r"&&|[_&](?=\w)")
_INVISIBLE: Final = frozenset({"Cf", "Cc"})


class LexiconMissing(MissingPart):
    """The list of interface phrases cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words `start` to `end` (excluded) of a row of words, which together are a known phrase."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The known phrases, folded, and the SHA-256 of the file that they came from."""

    phrases: frozenset[str]
    digest: str

    def has(self, phrase: str) -> bool:
        """Whether the whole phrase is known."""
        return fold(phrase) in self.phrases

    def segment(self, words: Sequence[str]) -> tuple[Phrase, ...]:
        """The known phrases in a row of words, from the left, each as long as it can be; unknown words are left out."""
        found: list[Phrase] = []
        start = 0
        while start < len(words):
            end = self._longest(words, start)
            if end > start:
                found.append(Phrase(start, end))
            start = max(end, start + 1)
        return tuple(found)

    def _longest(self, words: Sequence[str], start: int) -> int:
        for end in range(min(len(words), start + MAX_WORDS), start, -1):
            if self.has(" ".join(words[start:end])):
                return end
        return start


def visible(text: str) -> str:
    """The text as a person sees it: NFKC, without zero-width and control characters, any space as one space."""
    spaced = "".join(" " if char.isspace() else char for char in unicodedata.normalize("NFKC", text))
    seen = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE)
    return " ".join(seen.split())


def fold(phrase: str) -> str:
    """The form in which phrases are compared: visible, casefolded, without mnemonics and end marks."""
    plain = _MNEMONIC.sub(_without_mnemonic, visible(phrase))
    return plain.casefold().rstrip(_END).lstrip()


def _without_mnemonic(match: re.Match[str]) -> str:
    return "&" if match.group() == "&&" else ""


def load_lexicon() -> Lexicon:
    """The lexicon that came with this installation; `LexiconMissing` when it is absent or damaged."""
    try:
        untrusted_bytes = (resources.files("redaction") / "data" / "lexicon.txt").read_bytes()
    except OSError:
        raise LexiconMissing("the list of interface phrases is missing: install optin again") from None
    return parse_lexicon(untrusted_bytes)


def parse_lexicon(untrusted_bytes: bytes) -> Lexicon:
    """The lexicon in these bytes; `LexiconMissing` unless the header and its checksum fit the phrases."""
    try:
        lines = untrusted_bytes.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise LexiconMissing("the list of interface phrases is not text: install optin again") from None
    body = [line for line in lines if line and not line.startswith("#")]
    if lines[0] != _HEADER or checksum_line(body) not in lines or len(body) < _FEWEST:
        raise LexiconMissing("the list of interface phrases is damaged: install optin again")
    return Lexicon(frozenset(body), hashlib.sha256(untrusted_bytes).hexdigest())


def checksum_line(phrases: Sequence[str]) -> str:
    """The header line that guards the phrases against damage (not against a forger: `optin doctor` checks RECORD)."""
    return "# sha256 " + hashlib.sha256("\n".join(phrases).encode()).hexdigest()
