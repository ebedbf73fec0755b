"""Builds the lists: catalogues and value lists enter, `lexicon.txt` and `words.txt` leave.

1. A phrase enters when programmes of two families share it, three for a single word (parts and forks of one programme
   are one family), or when one programme composes it of words that many families share.
2. It must not be a value (`values.reason`).
3. A phrase that a misread name could turn into is marked: it must be read exactly (`Lexicon.resembles`).

Of 300 random phrases that only held-out catalogues brought, 5 could be a value, judged by hand (`docs/parts.md`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from redaction.lexicon import EXACT_ONLY, HEADER, PHRASES, checksum_line, confusion_class
from tools.lexicon.extract import phrases_of
from tools.lexicon.lists import WORD, Values
from tools.lexicon.sources import Source
from tools.lexicon.values import reason

SHARERS = 2
"""Families that must share a phrase of several words."""
SINGLE_SHARERS = 3
"""Families that must share a phrase of one word, unless one of them is of a business field: a single word is more
often a value than several together."""
VOCABULARY_SHARERS = 25
BUSINESS_SHARERS = 6
"""Families that must use a word in shared phrases before a phrase of one programme may be composed of it, and the same
for programmes of business fields."""
MOST_COMPOSED = 4
"""Words of the longest such phrase."""
WORD_SHARERS = 8
"""Families that must use a word, in any phrase, before it counts as a word of interfaces."""


@dataclass(frozen=True, slots=True)
class Found:
    """The phrases of some catalogues: which families use each, and what was taken out for which reason."""

    users: Mapping[str, frozenset[str]]
    kept: tuple[str, ...]
    composed: tuple[str, ...]
    dropped: Mapping[str, str]


def collect(sources: Iterable[Source], root: Path, cache: Path) -> Mapping[str, frozenset[str]]:
    """The families that use each phrase, from the packages unpacked below a folder; read texts are kept in a cache."""
    users: dict[str, set[str]] = defaultdict(set)
    cache.mkdir(parents=True, exist_ok=True)
    for source in sources:
        kept = cache / f"{source.folder}.txt"
        if not kept.exists():
            kept.write_text("\n".join(sorted(set(phrases_of(root / source.folder)))), encoding="utf-8")
        for phrase in kept.read_text("utf-8").splitlines():
            users[phrase].add(source.family)
    return {phrase: frozenset(families) for phrase, families in users.items()}


def choose(users: Mapping[str, frozenset[str]], values: Values, *, business: frozenset[str]) -> Found:
    """The phrases that enough families share, those that are composed of such phrases' words, and neither a value.

    `business` are the families of business fields.
    """
    alone = {phrase: len(families) for phrase, families in users.items() if " " not in phrase}
    kept, dropped = [], {}
    for phrase in sorted(phrase for phrase, families in users.items() if _is_shared(phrase, families, business)):
        why = reason(phrase, values, uses=len(users[phrase]), alone=alone)
        if why:
            dropped[phrase] = why
        else:
            kept.append(phrase)
    common = _sharers_of_words(kept, users)
    composed = (
        phrase
        for phrase in sorted(set(users) - set(kept) - set(dropped))
        if _is_composed(phrase, common, BUSINESS_SHARERS if users[phrase] & business else VOCABULARY_SHARERS)
        and not reason(phrase, values, uses=1, alone=alone)
    )
    return Found(users, tuple(kept), tuple(composed), dropped)


def _is_shared(phrase: str, families: frozenset[str], business: frozenset[str]) -> bool:
    if " " in phrase or families & business:
        return len(families) >= SHARERS
    return len(families) >= SINGLE_SHARERS


def _sharers_of_words(kept: Iterable[str], users: Mapping[str, frozenset[str]]) -> Mapping[str, int]:
    """How many families use each word in phrases that they share with others."""
    families: dict[str, set[str]] = defaultdict(set)
    for phrase in kept:
        for word in WORD.findall(phrase):
            families[word] |= users[phrase]
    return {word: len(those) for word, those in families.items()}


def _is_composed(phrase: str, common: Mapping[str, int], least: int) -> bool:
    """Whether a phrase of one programme is a label made of words of the common vocabulary."""
    words = WORD.findall(phrase)
    plain = " ".join(words) == phrase
    return plain and 2 <= len(words) <= MOST_COMPOSED and all(common.get(word, 0) >= least for word in words)


def interface_words(found: Found, values: Values) -> tuple[str, ...]:
    """Single words that enough families use within the kept phrases, none of them a value or a name."""
    users: dict[str, set[str]] = defaultdict(set)
    for phrase in found.kept:
        for word in WORD.findall(phrase):
            users[word] |= found.users[phrase]
    alone = Counter({phrase: len(families) for phrase, families in found.users.items() if " " not in phrase})
    return tuple(
        sorted(
            word
            for word, families in users.items()
            if len(word) > 2
            and len(families) >= WORD_SHARERS
            and word not in values.common_names - values.stays
            and not reason(word, values, uses=min(alone[word], len(families)), alone=alone)
        )
    )


def exact_only(phrases: Iterable[str], values: Values) -> frozenset[str]:
    """The phrases that a value could be misread as: one confusion class with a value word, or all words are."""
    classes = {confusion_class(word) for group in _value_groups(values) for word in group}
    return frozenset(
        phrase
        for phrase in phrases
        if confusion_class(phrase) in classes or all(confusion_class(word) in classes for word in phrase.split())
    )


def _value_groups(values: Values) -> tuple[frozenset[str], ...]:
    return (values.common_names, values.rare_names, values.places, values.nations, values.medical, values.alone)


def render(phrases: Iterable[str], exact: frozenset[str], sources: Iterable[Source]) -> str:
    """The text of a list: header, checksum, sources, phrases, and after a marker those that must be read exactly."""
    free = sorted(set(phrases) - exact)
    body = "\n".join([*free, EXACT_ONLY, *sorted(exact)]) + "\n"
    lines = [f"# source {source.package} {source.version}" for source in sorted(sources, key=lambda each: each.package)]
    return "\n".join([HEADER, checksum_line(body), *lines, PHRASES, body])
