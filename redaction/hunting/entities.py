"""Numbers the people of one bundle: a value and its category enter, the placeholder that stands for it leaves.

1. One person has one number, counted by first appearance in this bundle; nothing links the numbers of two bundles.
2. Values are one person if their keys are the same (`folding.ocr_key`), "Smith, John" and "John Smith" too.
3. A part of a name, an initial with the other name, an account name (jsmith, j.smith) and what stands before the @ of a
   mail address join the one person known by then whom they fit; a full name joins the first part of it that is known.
   Where they fit two people, or nobody, they get a number of their own.
4. Only people are numbered. All other categories have a plain placeholder, since few values of theirs are possible.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from redaction.hunting.folding import fold_text, ocr_key
from redaction.hunting.names import account_names, account_of, account_parts, bare_name, name_parts
from redaction.hunting.spellings import is_number
from redaction.spans import Category

_LAST_DIGITS: Final = 10
"""Digits at the end of a phone number that tell it without the code of its country or its trunk prefix."""


@dataclass(slots=True)
class _Person:
    """Somebody with a number, and how they are called: keys of the parts of the fullest name, and of account names."""

    number: int
    parts: tuple[str, ...]
    accounts: frozenset[str]


@dataclass(slots=True)
class Entities:
    """The people of one bundle, and the placeholders of everything in it."""

    _people: list[_Person] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    def tag(self, value: str, category: Category) -> str:
        """The placeholder of this value, such as `<PERSON_1>`, `<SECRET>`, or `<TEXT>` for an unknown one."""
        if category is Category.UNKNOWN:
            return "<TEXT>"
        if category is not Category.PERSON:
            return f"<{category.upper()}>"
        folded = bare_name(fold_text(value).text)
        key = _key(folded)
        if key not in self._numbers:
            self._numbers[key] = self._number_of(folded)
        return f"<PERSON_{self._numbers[key]}>"

    def _number_of(self, value: str) -> int:
        parts, accounts = _described(value)
        known = [person for person in self._people if _may_be(person, parts, accounts)]
        is_whole = len(parts) > 1 and all(len(person.parts) == 1 for person in known)
        if not known or (len(known) > 1 and not is_whole):
            self._people.append(_Person(len(self._people) + 1, parts, accounts))
            return len(self._people)
        person = known[0]
        person.parts = max(person.parts, parts, key=_fullness)
        person.accounts |= accounts
        return person.number


def _key(value: str) -> str:
    """What is the same for one value however it is written; of a long number, such as a phone's, its last digits."""
    digits = "".join(filter(str.isdigit, value))
    return (
        ocr_key(digits[-_LAST_DIGITS:]) if is_number(value) and len(digits) >= _LAST_DIGITS else ocr_key(value) or value
    )


def _described(value: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The keys of the parts of a name, and of the account names that it stands for."""
    account = account_of(value)
    words = name_parts(value) if account is None else account_parts(account)
    names = account_names(words) if account is None and len(words) > 1 else ("".join(words),)
    return tuple(map(ocr_key, words)), frozenset(key for key in map(ocr_key, names) if key)


def _may_be(person: _Person, parts: tuple[str, ...], accounts: frozenset[str]) -> bool:
    """Whether a person may be called so."""
    if not parts or not person.parts:
        return False
    if len(parts) > 1 and len(person.parts) > 1:
        return _agree(person.parts, parts)
    shorter, longer = sorted((person.parts, parts), key=len)
    return shorter[0] in longer or not accounts.isdisjoint(person.accounts)


def _agree(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether two names of several parts may be one person's: the same parts, or first and last and nothing against."""
    if sorted(ours) == sorted(theirs):
        return True
    same = ours[-1] == theirs[-1] or ours[0] == theirs[0]
    alike = _begins_alike(ours[0], theirs[0]) and _begins_alike(ours[-1], theirs[-1])
    return same and alike and 2 in {len(ours), len(theirs)}


def _begins_alike(ours: str, theirs: str) -> bool:
    """Whether two words of a name are the same, or one is the other's initial."""
    return ours == theirs or (1 in {len(ours), len(theirs)} and ours[0] == theirs[0])


def _fullness(parts: tuple[str, ...]) -> tuple[int, int]:
    return len(parts), sum(map(len, parts))
