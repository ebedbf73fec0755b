"""How issuers begin the keys and tokens that they give out, with readers' confusions folded.

A table of prefixes, as each issuer documents them, enters; one pattern leaves. Lengths are lower bounds only: a screen
cuts, and a reader drops characters and adds spaces.
"""

from __future__ import annotations

import re
from typing import Final

from redaction.detectors.rules import words

SURE: Final = words(
    "AKIA ASIA ABIA ACCA AGPA AIDA AROA AIPA ANPA ANVA APKA AIza ya29. GOCSPX- 1//0 ghp_ gho_ ghu_ ghs_ "
    "ghr_ github_pat_ glpat- gldt- glrt- glcbt- glptt- glft- glsoat- GR1348941 xoxa- xoxb- xoxc- xoxd- "
    "xoxe- xoxo- xoxp- xoxr- xoxs- xapp- xoxe.xoxp- sk-ant- sk-proj- sk-or- sk-svcacct- sk_live_ "
    "sk_test_ pk_live_ pk_test_ rk_live_ rk_test_ whsec_ SG. npm_ pypi-AgE pypi- dop_v1_ doo_v1_ "
    "dor_v1_ hf_ api_org_ shpat_ shpca_ shppa_ shpss_ sq0atp- sq0csp- EAAC EAACEdE AGE-SECRET-KEY- "
    "dckr_pat_ hvs. hvb. hvr. NRAK- NRJS- NRII- PMAK- lin_api_ figd_ rubygems_ sbp_ sb_secret_ tfp_ "
    "LTAI vault:v1: atlasv1. glsa_ glc_ eyJrIjoi ntn_ PRIVATE-KEY- r8_ gsk_ xai- pplx- nvapi- tgp_v1_ "
    "tvly- AccountKey= sntrys_ sntryu_ phc_ phx_ rdme_ shippo_live_ duffel_live_ EZAK EZTK fo1_ fio-u- "
    "pul- CFPAT- CLOJARS_ dp.pt. dp.st. ops_eyJ patat. ATATT3 ATBB ATCTT3 BBDC- sha256~ cio- lip_ "
    "rzp_live_ rzp_test_ flwsec mdb_sa_ ddp_ ddapi_ T3BlbkFJ"
)
"""Prefixes that nothing else has: whatever follows counts, unless it is plain words."""
COMMON: Final = words(
    "sk- pk- rk- key- pat- mg- secret_ dapi AKC EAAA oy2 fw_ sl. live_ test_ v1.0- SK AC ops_ token_ "
    "tok_ sess- sess_ cs_ bot"
)
"""Prefixes that begin words as well: what follows must look random."""
_CLASSES: Final = {
    "l": "[lI1|!]",
    "I": "[lI1|!]",
    "1": "[lI1|!]",
    "i": "[il1|!]",
    "o": "[oO0]",
    "O": "[oO0Q]",
    "0": "[oO0]",
    "Q": "[QO0]",
    "s": "[sS5]",
    "S": "[sS5]",
    "5": "[sS5]",
    "B": "[B8]",
    "8": "[B8]",
    "Z": "[Z2]",
    "2": "[Z2]",
    "G": "[G6]",
    "6": "[G6]",
    "c": "[cC]",
    "v": "[vV]",
    "V": "[vV]",
    "w": "(?:[wW]|vv)",
    "x": "[xX]",
    "X": "[xX]",
    "k": "[kK]",
    "K": "[kK]",
    "p": "[pP]",
    "P": "[pP]",
    "z": "[zZ]",
    "m": "(?:m|rn)",
    "d": "(?:d|cl)",
    "_": r"[_\s.-]{0,2}",
    "-": r"[^\S\n]?[-\u2010-\u2015_.~]?[^\S\n]?",
    ".": r"[^\S\n]?[.,][^\S\n]?",
    ":": r"[^\S\n]?:[^\S\n]?",
}
"""What each character of a prefix may be read as: a case that looks alike, a lost underscore, a space beside a dash."""


def _loose(prefix: str) -> str:
    return "".join(_CLASSES.get(char, re.escape(char)) for char in prefix)


BODY: Final = r"[\w./+=~%-]{3,512}(?:[^\S\n]?\n?(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[A-Za-z])[\w./+=~-]{8,200}){0,4}"
"""What follows a prefix, with spaces and line breaks that a screen put into it, where the next piece looks like it."""
PREFIXED: Final = (
    rf"(?<![A-Za-z0-9])(?:(?P<sure>{'|'.join(_loose(one) for one in SURE)})|"
    rf"(?:{'|'.join(_loose(one) for one in COMMON)}))(?P<body>{BODY})"
)
"""A token with a prefix of the tables; the group `sure` is empty where the prefix alone says little."""
