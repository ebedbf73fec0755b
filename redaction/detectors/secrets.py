"""Finds secrets: tokens by their well-known prefixes, keys, connection strings, assignments, and random-looking words.

Prefixes are the issuers' own (documented by each); lengths are lower bounds only, since a screen cuts and an engine
drops characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role, matches
from redaction.spans import Category, TextSpan

_PREFIXES: Final = (
    "AKIA|ASIA|AGPA|AIDA|AROA|AIza|ya29\\.|ghp_|gho_|ghu_|ghs_|ghr_|github_pat_|glpat-|gldt-|xox[abeoprs]-|xapp-|"
    "sk-|sk_live_|sk_test_|pk_live_|rk_live_|whsec_|SG\\.|key-|npm_|pypi-|dop_v1_|hf_|shpat_|shpss_|sq0|EAAC|"
    "AGE-SECRET-KEY-|dckr_pat_|hvs\\.|NRAK-|PMAK-|lin_api_|figd_|rubygems_|sbp_|tfp_|vault:v1:|LTAI|AC[0-9a-f]{10}"
)
_RULES: Final = (
    re.compile(rf"(?<![A-Za-z0-9])(?:{_PREFIXES})[\w./+=-]{{6,}}"),
    re.compile(r"-----BEGIN [A-Z ]+-----[\s\S]*?(?:-----END [A-Z ]+-----|$)"),
    re.compile(r"\beyJ[\w-]{8,}(?:\.[\w-]+){0,2}"),
    re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]+:[^\s/@]+@\S+"),
    re.compile(r"(?i)\b(?:password|pwd|accountkey|sharedaccesskey|secret)\s*=\s*[^;\s]+"),
    re.compile(
        r"(?i)\b[\w.-]*(?:passw(?:or)?d|passcode|passphrase|pwd|secret|token|api[_ -]?key|access[_ -]?key|"
        r"private[_ -]?key|auth|cookie|session[_ -]?id|credential|otp|pin)[\w.-]*\s*(?:=|:|->)\s*(?P<value>\S.*)"
    ),
)
_WORD: Final = re.compile(r"[A-Za-z0-9+/_=.-]{16,}")
_SURPRISE: Final = 3.4
"""Bits a character above which a long word is taken for random; English words stay below 3.2."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Finds keys, tokens and passwords."""

    name: str = "secrets"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The secret stretches of this text."""
        known = tuple(span for pattern in _RULES for span in matches(pattern, text, Category.SECRET))
        random = tuple(
            span for span in matches(_WORD, text, Category.SECRET) if _is_random(text[span.start : span.end])
        )
        return known + random


def _is_random(word: str) -> bool:
    shares = [count / len(word) for count in Counter(word).values()]
    mixed = any(char.isdigit() for char in word) and any(char.isalpha() for char in word)
    return mixed and -sum(share * math.log2(share) for share in shares) >= _SURPRISE
