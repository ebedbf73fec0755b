"""Finds what identifies a person: government and employer numbers, mail, phone, cards, birth dates, record numbers.

No checksum can veto a find: a digit misread on a screen breaks the sum, not the number's meaning. Forms: SSA (SSN
ddd-dd-dddd), IRS (ITIN 9dd-dd-dddd, EIN dd-ddddddd, PTIN P and 8 digits), ISO 7812 (cards of 13 to 19 digits).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role, matches
from redaction.spans import Category, TextSpan

_DASH: Final = r"[-\u2010-\u2015\u2212 .]"
_RULES: Final = (
    (re.compile(rf"(?<!\d)[\dOoIl]{{3}}{_DASH}[\dOoIl]{{2}}{_DASH}[\dOoIl]{{4}}(?!\d)"), Category.TAX),
    (re.compile(rf"(?<![\d-])\d{{2}}{_DASH}\d{{7}}(?!\d)"), Category.TAX),
    (re.compile(r"\bP\d{8}\b"), Category.TAX),
    (re.compile(r"(?i)\b(?:ssn|itin|ein|ptin|efin|tin)\b\W{0,3}(?P<value>[\w-]*\d[\w-]*)"), Category.TAX),
    (re.compile(r"[\w.+'-]+\s?(?:@|\(at\))\s?[\w-]+(?:\.[\w-]+)*"), Category.PERSON),
    (re.compile(r"(?<![\w@])@\w{2,}"), Category.PERSON),
    (re.compile(rf"(?<!\d)\d(?:{_DASH}?\d){{12,18}}(?!\d)"), Category.FINANCIAL),
    (re.compile(rf"(?<![\w])\+?\(?\d{{1,4}}\)?(?:{_DASH}?\(?\d{{2,5}}\)?){{2,4}}(?!\w)"), Category.PERSON),
    (
        re.compile(r"(?i)\b(?:dob|d\.o\.b\.|born|birth\s?dates?|date of birth)\b\W{0,4}(?P<value>\w[\w/.,\- ]{3,18})"),
        Category.PERSON,
    ),
    (
        re.compile(r"(?i)\b(?:mrn|member|medical record|policy|group|npi|mbi|dea|patient)\b[ #:.]{0,3}"
                   r"(?:id|no|number|nr)?\W{0,3}(?P<value>[\w-]*\d[\w-]*)"),
        Category.MEDICAL,
    ),
    (
        re.compile(r"(?i)\b(?:employee|emp|badge|staff|passport|licence|license)\b[ #:.]{0,3}"
                   r"(?:id|no|number|nr)?\W{0,3}(?P<value>[\w-]*\d[\w-]*)"),
        Category.PERSON,
    ),
    (
        re.compile(r"(?i)\b(?:account|acct|iban|routing|card|aba)\b[ #:.]{0,3}"
                   r"(?:id|no|number|nr)?\W{0,3}(?P<value>[\w-]*\d[\w-]*)"),
        Category.FINANCIAL,
    ),
    (re.compile(r"[$€£¥]\s?\d[\d,. ]*|\b\d[\d,]*\.\d{2}\b"), Category.FINANCIAL),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Finds numbers and addresses that identify somebody."""

    name: str = "identifiers"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The identifying stretches of this text."""
        return tuple(span for pattern, category in _RULES for span in matches(pattern, text, category))
