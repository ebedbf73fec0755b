"""Finds what tells about somebody's health: conditions, drugs, doses, tests, procedures and diagnosis codes.

A text enters, stretches leave. The words are those of `data/medical.gz` (built by `tools/build_medical.py`), believed
only by its digest; a missing or changed file is an error, never "nothing found". Rules:

1. The longest match counts. Words are compared without case, accents, plural endings, and, where no ordinary word
   could be meant, without what readers confuse and without the spaces between them.
2. A term that is also an ordinary word counts only beside another medical one in the same text (`Terms`).
3. A diagnosis code has the shape of ICD-10-CM and a category of its list; it counts beside any medical word, beside
   another code, or when it is all of the text.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Final, NamedTuple

from redaction.detectors.base import DetectorError, Role
from redaction.spans import Category, TextSpan

FILE: Final = "medical.gz"
DIGEST: Final = "f6adfedafba8b0241349064ceefa2527f90b060a45beac8f80db04a54c450863"
"""SHA-256 of the file; the builder prints it."""
LONGEST: Final = 6
"""Words in the longest term."""
START: Final = 5
"""Letters of a key by which a word is known to begin no term."""
LEAST_JOINED: Final = 7
"""Characters of the shortest term that is recognised over lost or added spaces."""
SECTIONS: Final = ("sure", "exact", "likely", "faint", "codes")
"""The parts of the file, in this order, each behind a line `# name`."""
_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_GAP: Final = re.compile(r"[\s\-/,.()]{1,3}(?=[^\W_])")
_BROKEN: Final = re.compile(r"(?<=[^\W_])[|!$](?=[^\W_])")
_CONFUSED: Final = str.maketrans("i1|!052$86q", "lllloszsbgo")
_DOSE: Final = re.compile(
    r"(?<![\w.,])[\d.,/]{0,12}[\dOo] ?(?:mcg|mg|\u00b5g|\u03bcg|ug|meq|i\.?u|mmhg|mm hg|"
    r"units?(?= (?:of |sub|daily|per|iv\b)))"
    r"(?:/(?:kg|ml|dl|l|day|h|hr))?(?!\w)"
    r"|(?<![\w.,])\d[\d.,]{0,12} ?(?:mmol|\u00b5mol|umol|nmol|pmol|miu|mu|u|ng|pg|g|mg|ml|k)/"
    r"(?:mol|l|dl|ml|ul|\u00b5l|min|kg)(?!\w)"
    r"|(?<!\w)(?:b\.i\.d|t\.i\.d|q\.i\.d|q\.d|q\.h\.s|p\.r\.n|p\.o)\b\.?"
    r"|(?<!\w)(?:once|twice|three times|[1-4] ?x) (?:daily|a day|per day)(?!\w)"
    r"|(?<!\w)(?:at bedtime|by mouth|(?:before|after|with) meals)(?!\w)"
    r"|(?<!\w)(?:take|taking|takes) (?:one|two|three|half|\d) (?:tablet|capsule|pill)s?(?!\w)",
    re.IGNORECASE,
)
"""Amounts of a drug or of a substance in blood, and how often something is taken (units: UCUM, as usually spelt)."""
_COUNTED: Final = re.compile(r"(?i)\d|[a-z]\.[a-z]|daily|a day|per day|tak(?:e|ing)|bedtime|mouth|meals")
"""What any dose has."""
_COUNT: Final = re.compile(r"(?<![\w.,])\d{1,3} ?(?:tablets?|capsules?|puffs?|pills?|refills?)(?!\w)", re.IGNORECASE)
"""How many of something there are, which may be a medicine."""
_FORMS: Final = re.compile(
    r"[a-z]{2,}(?:itis|ectomy|ostomy|cillin|mycin|prazole|sartan|oxetine|gliptin|gliflozin|tinib|[ltxz]umab|ximab|zepam|"
    r"glutide|ciclovir|setron|floxacin|cycline|vastatin|triptan|dronate|thiazide)"
)
"""Words that no list need hold: the stems of the WHO's nonproprietary names, inflammations and removals."""
_CONTEXT: Final = re.compile(
    r"(?<!\w)(?:diagnos\w+|dx|rx|hx|pmh|icd(?:-?10)?(?:-cm)?|patients?|medications?|medicines?|allerg\w+|symptoms?|"
    r"prescri\w+|prescribed|history of|treated (?:for|with)|suffer\w*|chronic|acute|clinic|hospital|doctor|nurse|"
    r"physician|pharmacy|lab(?:s| results?)?|patienten?|diagnose|medikamente?|arzt|ordonnance|medicin|traitement|"
    r"paciente|medico|receta)(?!\w)",
    re.IGNORECASE,
)
_CODE: Final = re.compile(r"(?<![\w.])([A-Z][0-9OIl|SBZ][0-9OIl|SBZA])([.,] ?)?([0-9OIl|SBZA-Z]{1,4})?(?![.,]?\w)")
_DIGITS: Final = str.maketrans("OIl|SBZ", "0111582")


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of medicine by how far they can be believed.

    `sure`: keys (see `key_of`) of what is medical wherever it stands, however it was read. `exact`: the same, but only
    as written. `likely`: counts beside any medical word. `faint`: counts beside a sure one. `codes`: the categories of
    ICD-10-CM. `starts`: the first letters of the keys of all terms.
    """

    sure: frozenset[str]
    exact: frozenset[str]
    likely: frozenset[str]
    faint: frozenset[str]
    codes: frozenset[str]
    starts: frozenset[str]


class _Token(NamedTuple):
    plain: str
    key: str
    start: int
    end: int
    goes_on: bool
    """Whether the next word may belong to the same term."""


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    grade: str
    term: str


@dataclass(frozen=True, slots=True)
class Medical:
    """Finds words of health in a text; they go wherever they stand."""

    name: str = "medical"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The telling stretches, in order, without overlaps; `DetectorError` when the list of terms cannot be used."""
        terms = load_terms()
        hits = [*_terms_in(text, terms), *_doses_in(text), *_codes_in(text, terms)]
        return _spans([hit for hit in hits if hit.grade in _believed(hits, text)])


@functools.lru_cache(maxsize=1)
def load_terms() -> Terms:
    """The terms that came with this installation; `DetectorError` when they are absent or of another version."""
    try:
        untrusted_bytes = (resources.files("redaction") / "data" / FILE).read_bytes()
    except OSError:
        raise DetectorError("The detector medical: its list of terms is missing: install optin again") from None
    return parse_terms(untrusted_bytes, digest=DIGEST)


def parse_terms(untrusted_bytes: bytes, *, digest: str) -> Terms:
    """The terms in a file of this digest; `DetectorError` when it is another file."""
    if hashlib.sha256(untrusted_bytes).hexdigest() != digest:
        raise DetectorError("The detector medical: its list of terms was changed: install optin again")
    body = gzip.decompress(untrusted_bytes).decode()
    parts: list[frozenset[str]] = []
    for name in SECTIONS:
        _, _, rest = body.partition(f"\n# {name}\n")
        parts.append(frozenset(rest.partition("\n# ")[0].splitlines()))
    sure, exact, likely, faint, codes = parts
    keys = key_of("\n".join((*exact, *likely, *faint)).replace(" ", "")).split("\n")
    starts = frozenset(key[:START] for key in (*sure, *keys))
    return Terms(sure, exact, likely, faint, codes, starts)


def plain_of(word: str) -> str:
    """A word as it is compared: small letters, no accents, no possessive, no plural ending."""
    plain = word.casefold().replace("\u2019", "'")
    if not plain.isascii():
        plain = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    plain = plain.removesuffix("'s").replace("'", "")
    if len(plain) > 3 and plain[-1] == "s" and plain[-2] not in "sui":
        return plain[:-3] + "y" if plain.endswith("ies") and len(plain) > 4 else plain[:-1]
    return plain


def key_of(plain: str) -> str:
    """What all readings of a plain word have in common that differ by letters and digits that look alike."""
    return plain.translate(_CONFUSED).replace("rn", "m").replace("cl", "d").replace("vv", "w")


@functools.lru_cache(maxsize=8192)
def compared(word: str) -> tuple[str, str]:
    """The plain form and the key of a word; screens show the same words again and again."""
    plain = plain_of(word)
    return plain, key_of(plain)


def words_of(text: str) -> tuple[str, ...]:
    """The plain words of a text."""
    return tuple(plain_of(word) for word in _WORD.findall(text))


def _terms_in(text: str, terms: Terms) -> Iterator[_Hit]:
    yield from _matches(text, terms)
    if _BROKEN.search(text):
        # A bar inside a word is mostly an l; between two words it is a rule of a table, so both readings count.
        yield from _matches(_BROKEN.sub("l", text), terms)


def _matches(text: str, terms: Terms) -> Iterator[_Hit]:
    tokens = [_token(match, text) for match in _WORD.finditer(text)]
    at = 0
    while at < len(tokens):
        length, hit = _longest(tokens, at, terms)
        if hit is not None and not (hit.grade == "likely" and _is_uncapped(hit, text)):
            yield hit
        at += length


def _is_uncapped(hit: _Hit, text: str) -> bool:
    """Whether a short term stands there in small letters: laboratories write ALT, menus write Alt."""
    return len(hit.term) <= 3 and not text[hit.start : hit.end].isupper()


def _token(match: re.Match[str], text: str) -> _Token:
    plain, key = compared(match.group())
    return _Token(plain, key, match.start(), match.end(), _GAP.match(text, match.end()) is not None)


def _longest(tokens: list[_Token], at: int, terms: Terms) -> tuple[int, _Hit | None]:
    """The longest term that starts at a token and how many tokens it takes; 1 and None when there is none."""
    best: tuple[int, _Hit | None] = (1, None)
    first = tokens[at]
    plain = key = ""
    for length, token in enumerate(tokens[at : at + LONGEST], start=1):
        plain = f"{plain} {token.plain}" if plain else token.plain
        key += token.key
        if len(key) >= START and key[:START] not in terms.starts:
            break
        grade = _grade(plain, key if length == 1 or len(key) >= LEAST_JOINED else "", terms)
        if grade:
            best = (length, _Hit(first.start, token.end, grade, plain))
        if not token.goes_on:
            break
    if best[1] is None and _FORMS.fullmatch(first.plain):
        return 1, _Hit(first.start, first.end, "sure", first.plain)
    return best


def _grade(plain: str, key: str, terms: Terms) -> str:
    if key in terms.sure or plain in terms.exact:
        return "sure"
    if plain in terms.likely:
        return "likely"
    return "faint" if plain in terms.faint else ""


def _doses_in(text: str) -> Iterator[_Hit]:
    """Doses and amounts, which are `sure`, and counts of what may be medicine, which are `faint`."""
    if not _COUNTED.search(text):
        return
    for pattern, grade in ((_DOSE, "sure"), (_COUNT, "faint")):
        yield from (_Hit(*match.span(), grade, "dose") for match in pattern.finditer(text))


def _codes_in(text: str, terms: Terms) -> Iterator[_Hit]:
    """Diagnosis codes: `sure` when one is all of the text, `likely` otherwise; without a dot only behind "ICD"."""
    for match in _CODE.finditer(text):
        category = match[1][0] + match[1][1:].translate(_DIGITS)
        dotted = (match[2] and match[3]) or "icd" in text[: match.start()].casefold()
        if dotted and category in terms.codes:
            yield _Hit(*match.span(), "sure" if match.group() == text.strip() else "likely", match.group())


def _believed(hits: list[_Hit], text: str) -> tuple[str, ...]:
    """The grades that count in this text."""
    if any(hit.grade == "sure" for hit in hits):
        return ("sure", "likely", "faint")
    likely = {hit.term: hit for hit in hits if hit.grade == "likely"}
    beside = any(not _overlap(hit, match.span()) for hit in likely.values() for match in _CONTEXT.finditer(text))
    return ("likely",) if len(likely) > 1 or beside else ()


def _overlap(hit: _Hit, span: tuple[int, int]) -> bool:
    return hit.start < span[1] and span[0] < hit.end


def _spans(hits: list[_Hit]) -> tuple[TextSpan, ...]:
    """The stretches of the hits, those that overlap joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((hit.start, hit.end) for hit in hits):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(TextSpan(start, end, Category.MEDICAL) for start, end in joined)
