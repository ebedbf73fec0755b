"""Finds the words that tell what a line is about: health, tax, money, staff matters, chat, prompts.

They name the category of what is masked beside them. They mask nothing themselves: what may stay is the lexicon's
decision, and strict masks all else anyway.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role, matches
from redaction.spans import Category, TextSpan

_WORDS: Final = {
    Category.MEDICAL: "a1c|allerg\\w+|appointment|biopsy|blood|cholesterol|clinic|copay|cpt|diabet\\w+|diagnos\\w+|"
    "doctor|dosage|dose|dx|hospital|icd(?:-10)?|immuni[sz]ation|insulin|lab results?|medication\\w*|mrn|nurse|patient|"
    "pharmacy|physician|prescri\\w+|procedure|provider|referral|rx|surgery|symptoms?|therap\\w+|vaccin\\w+|vitals?|"
    "\\d+ ?m[gl]",
    Category.TAX: "1040\\w*|1095\\w*|1098\\w*|1099\\w*|agi|deduct\\w+|dependents?|ein|exemptions?|filing status|fica|"
    "irs|itin|k-1|ptin|refund|schedule [a-f]|ssn|social security|tax\\w*|w-?2|w-?4|w-?9|wages|withh\\w+",
    Category.FINANCIAL: "account|amount|balance|bank|billing|card|credit|debit|deposit|iban|interest|invoice|loan|"
    "mortgage|pay(?:ment|roll|ee)?|price|routing|statement|subtotal|total|transact\\w+|transfer|withdraw\\w*",
    Category.HR: "360|bonus|calibration|compensation|evaluation|exceeds|feedback|goals?|hire date|job level|manager|"
    "meets expectations|merit|performance|pip|promotion|rating|review(?:er|s)?|salary|self[- ]assessment|strengths",
    Category.CHAT: "bcc|cc|chat|conversation|dm|forward(?:ed)?|from|inbox|meeting|message\\w*|reply|sent|subject|"
    "thread|to|transcript|typing|wrote",
    Category.AI_PROMPT: "assistant|chatgpt|claude|completion|copilot|gemini|gpt\\S*|prompt\\w*|regenerate|"
    "system message|tokens?|you are a\\w*",
    Category.PERSON: "address|birth\\w*|city|contact|e-?mail|employee|(?:first|last|full|sur|user)? ?name|phone|"
    "mobile|postcode|zip|street",
    Category.CLASSIFIED: "confidential|dss[-_ ]?[1-4]|internal only|need to know|restricted|secret|top secret",
}
_RULES: Final = tuple(
    (category, re.compile(rf"(?i)(?<!\w)(?:{words})(?!\w)")) for category, words in _WORDS.items()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Finds words that tell the category of their neighbours."""

    name: str = "vocabulary"
    role: Role = Role.LABEL

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The telling words of this text."""
        return tuple(span for category, pattern in _RULES for span in matches(pattern, text, category))
