"""The phrases of user interfaces that may stay on a screen: the one list that says "safe".

The file `data/lexicon.txt` (built by `tools/build_lexicon.py`) enters, a frozen set leaves. A missing, changed or
malformed file is an error: without the lexicon nothing can be recognised as safe, so nothing is redacted either.

1. A phrase is known only when all of it, folded, is in the list. `has` knows no fuzzy match.
2. Folding only takes away what a programme adds to a phrase: case, mnemonics, a colon or dots at its end.
3. `resembles` bridges confusions of readers (`CONFUSIONS`) and nothing else, and never to a phrase that a misread
   name, place, condition or other value could look like: the file lists those phrases apart.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from typing import Final

from vault.errors import MissingPart

MAX_WORDS: Final = 6
"""Words in the longest phrase that the list may hold."""
MAX_LENGTH: Final = 48
"""Characters in the longest phrase that the list may hold."""
_END: Final = " :…."
HEADER: Final = "# optin-lexicon 2"
"""First line of the files."""
PHRASES: Final = "# phrases"
"""The line after which the phrases begin."""
EXACT_ONLY: Final = "# exact only"
"""The line after which stand the phrases that `resembles` never gives."""
CONFUSIONS: Final = (("rn", "m"), ("cl", "d"), ("vv", "w"))
"""Letters that readers take for one another; l, i, 1, | are one letter besides, so are o and 0; spaces do not count."""
LEAST_LETTERS: Final = 4
"""Letters of the shortest phrase that is recognised through a confusion."""
_LOOKALIKES: Final = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o", " ": None})
_FEWEST: Final = 500
_MNEMONIC: Final = re.compile(r"&&|[_&](?=\w)")
_INVISIBLE: Final = frozenset({"Cf", "Cc"})


class LexiconMissing(MissingPart):
    """The list of interface phrases cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The known phrases, folded, the SHA-256 of their file, and which of them a misread value could look like."""

    phrases: frozenset[str]
    digest: str
    exact: frozenset[str] = frozenset()

    def has(self, phrase: str) -> bool:
        """Whether the whole phrase is known."""
        return fold(phrase) in self.phrases

    def including(self, phrases: tuple[str, ...]) -> Lexicon:
        """The same lexicon with these phrases too; its digest stays that of what was installed."""
        return replace(self, phrases=self.phrases | {fold(phrase) for phrase in phrases}) if phrases else self

    def resembles(self, phrase: str) -> str | None:
        """The one known phrase that a reading stands for when only `CONFUSIONS` differ; None when there is none."""
        folded = fold(phrase)
        if folded in self.phrases:
            return folded
        candidates = _classes(self.phrases).get(confusion_class(folded), ())
        if len(candidates) != 1 or candidates[0] in self.exact:
            return None
        return candidates[0] if sum(char.isalpha() for char in candidates[0]) >= LEAST_LETTERS else None


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


def confusion_class(folded: str) -> str:
    """What all readings of a folded phrase have in common that differ from it by `CONFUSIONS` only."""
    plain = folded.translate(_LOOKALIKES)
    for pair, letter in CONFUSIONS:
        plain = plain.replace(pair, letter)
    return plain


@functools.lru_cache(maxsize=4)
def _classes(phrases: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    classes: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for phrase in phrases:
        classes[confusion_class(phrase)] += (phrase,)
    return dict(classes)


def load_lexicon() -> Lexicon:
    """The phrases that came with this installation; `LexiconMissing` when they are absent or damaged."""
    return _load("lexicon.txt")


def load_words() -> Lexicon:
    """The single words that may decide for native menu items and buttons; `LexiconMissing` as for the phrases."""
    return _load("words.txt")


def _load(name: str) -> Lexicon:
    try:
        untrusted_bytes = (resources.files("redaction") / "data" / name).read_bytes()
    except OSError:
        raise LexiconMissing("the list of interface phrases is missing: install optin again") from None
    return parse_lexicon(untrusted_bytes)


def parse_lexicon(untrusted_bytes: bytes) -> Lexicon:
    """The lexicon in these bytes; `LexiconMissing` unless the header and its checksum fit the phrases."""
    try:
        head, _, body = untrusted_bytes.decode("utf-8").partition(f"\n{PHRASES}\n")
    except UnicodeDecodeError:
        raise LexiconMissing("the list of interface phrases is not text: install optin again") from None
    header = head.split("\n")
    free, marker, exact = body.partition(f"\n{EXACT_ONLY}\n")
    phrases = free.split("\n")
    if header[0] != HEADER or checksum_line(body) not in header or not marker or len(phrases) < _FEWEST:
        raise LexiconMissing("the list of interface phrases is damaged: install optin again")
    marked = frozenset(exact.split("\n")) - {""}
    return Lexicon(frozenset(phrases) | marked, hashlib.sha256(untrusted_bytes).hexdigest(), marked)


def checksum_line(body: str) -> str:
    """The header line that guards the phrases against damage (not against a forger: `optin doctor` checks RECORD)."""
    return "# sha256 " + hashlib.sha256(body.encode()).hexdigest()
