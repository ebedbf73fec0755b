"""Finds what identifies a person: mail, phone, addresses, birth dates, cards, accounts, record and government numbers.

A text enters, spans leave, in code points of this very text. The shapes stand in `contact`, `addresses`, `payment` and
`papers`.

1. The finds are a union. A checksum can make a number count that no label stands beside; it never takes one away.
2. Strong shapes count anywhere, weak ones beside a label word: on its line, or below it.
3. Readers' confusions, lost or added spaces and line breaks inside a number do not hide it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redaction.detectors import addresses, contact, papers, payment
from redaction.detectors.base import Role
from redaction.detectors.rules import Labels, Rules, settled
from redaction.spans import Category, TextSpan

_RULES: Final = Rules(
    contact.RULES + addresses.RULES + payment.RULES + papers.RULES,
    Labels(contact.FAMILIES + addresses.FAMILIES + payment.FAMILIES + papers.FAMILIES),
)
_AT: Final = re.compile("[@\uff20\ufe6b]|(?<=[a-z0-9])[\u00a9\u00ae](?=[a-z0-9])")
"""What stands between name and host, or is read for it."""
_LOCAL: Final = re.compile(r"[\w.+'&%~-]{1,64}[^\S\n]?\Z")
_HOST: Final = re.compile(
    r"[^\S\n]?(?:\[[\da-fA-F.:]{3,45}\]|[\w-]{1,63}(?:\.[\w-]{1,63}|[^\S\n]?\.[^\S\n]?(?:com|org|net|edu|"
    r"gov|mil|int|io|co|ai|uk|de|fr|es|it|nl|eu|us|ca|au|ch|at|be|pl|se|info|biz|local|internal|lan|corp|"
    r"example)(?!\w)){0,8})"
)
_EVERYBODYS: Final = frozenset({"git", "hg", "svn"})
"""Accounts that everybody uses with the same name."""
_LONGEST: Final = 66
"""Characters before the sign that are looked at: 64, a space, and one to know that they begin there."""
_RUN: Final = re.compile(r"(?<![\w.])\d(?:-?\d){11,18}(?!\w)")
_LICENCE: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{7}(?!\w)")


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Finds numbers and addresses that identify somebody."""

    name: str = "identifiers"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The identifying stretches of this text."""
        places = (TextSpan(start, end, Category.PERSON) for start, end in addresses.addresses_in(text))
        return settled((*_RULES.find(text), *places, *_mail(text), *_summed(text)))


def _mail(text: str) -> Iterator[TextSpan]:
    """Mail addresses, also with spaces about their sign where the host has a dot."""
    for sign in _AT.finditer(text):
        local = _LOCAL.search(text, max(sign.start() - _LONGEST, 0), sign.start())
        host = _HOST.match(text, sign.end())
        if local is None or host is None:
            continue
        if local.group() in _EVERYBODYS:
            continue
        is_spaced = text[sign.start() - 1].isspace() or text[sign.end()].isspace()
        if "." in host.group() or not is_spaced:
            yield TextSpan(local.start(), host.end(), Category.PERSON)


def _summed(text: str) -> Iterator[TextSpan]:
    """Numbers without a label whose sums are those of a card (ISO 7812), or of a prescriber (DEA)."""
    for match in _RUN.finditer(text):
        if _luhn(re.sub(r"\D", "", match.group())):
            yield TextSpan(*match.span(), Category.FINANCIAL)
    for match in _LICENCE.finditer(text):
        digits = [int(char) for char in match.group()[2:]]
        if (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]:
            yield TextSpan(*match.span(), Category.MEDICAL)


def _luhn(digits: str) -> bool:
    """Whether the last digit is the sum that ISO/IEC 7812-1 gives for the others."""
    doubled = "0246813579"
    total = sum(int(doubled[int(char)] if place % 2 else char) for place, char in enumerate(reversed(digits)))
    return total % 10 == 0
