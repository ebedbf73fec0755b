"""Finds where somebody lives: streets with numbers, boxes, towns with post codes. A text enters, places of it leave.

1. An anchor (a street and its number, a flat, a box) is found by its shape; what belongs to it, to its left and on the
   lines below, goes with it as far as it looks like an address and ends in a post code or a country.
2. Streets are known by their words in English (USPS Publication 28), German, French, Spanish, Portuguese, Italian,
   Dutch, the Nordic languages, Polish, Czech and Hungarian.
3. A code alone counts if its shape has letters (Royal Mail, Canada Post) or a label stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from redaction.detectors.rules import D, Family, compiled, digits_in, rule
from redaction.spans import Category

_SURE: Final = (
    r"(?:Streets?|St|Avenue|Ave|Av|Boulevard|Blvd|Roads?|Rd|Dr|Lane|Ln|Ct|Cir|Pl|Plz|Sq|Terrace|Ter|Trl|"
    r"Parkway|Pkwy|Highway|Hwy|Alley|Aly|Crescent|Cres|Gardens|Gdns|Mews|Quay|Hts|Turnpike|Tpke|Freeway|"
    r"Fwy|Expressway|Xing|Bypass|Causeway|Parade|Pde|Broadway)"
)
_DOUBTFUL: Final = (
    r"(?:Way|Place|Plaza|Drive|Court|Circle|Squares?|Trail|Close|Grove|Row|Walk|Heights|Loop|Pike|Path|"
    r"Point|Ridge|Run|Crossing|Hill|Park|Parks|Green|Rise|View|Vista|Bend|Cove|Creek|Landing|Manor|"
    r"Meadows?|Valley|Village|Woods)"
)
"""Words that interfaces use too: their number has two digits or more, and no word of files stands before them."""
_NOT_STREETS: Final = (
    r"(?!(?:Table|File|New|Hard|Data|Google|Open|Test|Build|Insert|Delete|Add|Disk|USB|Flash|Network|"
    r"Last|First|Next|Dry)[^\S\n])"
)
_NAME: Final = r"[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯŠŽČŁŚŞÞĐŐŰ][\w'\u2019.-]{0,24}"
_WORD: Final = r"[^\W\d_][\w'\u2019.-]{0,24}"
_POINT: Final = r"(?:(?:[NSEW]{1,2}|North|South|East|West)\.?[^\S\n])?"
_STATE: Final = (
    r"(?:A[LKZR]|C[AOT]|D[EC]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|P[AR]|RI|S[CD]|"
    r"T[NX]|UT|V[TAI]|W[AVIY])"
)
_BUILT: Final = (
    r"(?:stra(?:ss|ß)e|str\.|gasse|weg|platz|allee|ufer|damm|ring|straat|laan|plein|gracht|kade|gatan|"
    r"v[aä]gen|gr[aä]nd|vej|gade|veien|vegen|gata|katu|tie|kuja|polku|utca|tér|út|u\.|ulice|str[aæ]ti|"
    r"stræti|stien|vang|toften|parken|sk[oó]gur)"
)
_LED: Final = (
    r"(?:(?i:rue|avenue|boulevard|chemin|impasse|all[ée]e|quai|avenida|avda\.?|carrer|travessa|pra[cç]a|"
    r"estrada|piazza|vicolo|ul\.|ulica|aleja|ulitsa|ул\.|улица)|Calle|CALLE|Via|VIA|Viale|Corso|Cours|"
    r"Camino|Paseo|Rua|RUA|Plac|Strada|Al\.|Os\.)"
)
_NUMBERED: Final = rf"{D}{{1,6}}[A-Za-z]?(?:[-/]\d{{1,4}})?"
_ANCHORS: Final = (
    rf"(?<![\w.,$€£#-])(?:{_NUMBERED}|One|Two|Three),?[^\S\n]{_POINT}(?:(?:{_NAME}|\d{{1,3}}(?:st|nd|rd|"
    rf"th))[^\S\n]){{1,4}}{_SURE}(?:[^\S\n][NSEW]{{1,2}}(?!\w))?\.?(?!\w)|"
    rf"(?<![\w.,$€£#-])\d{D}{{1,5}}[A-Za-z]?,?[^\S\n]{_POINT}{_NOT_STREETS}(?:{_NAME}[^\S\n]){{1,3}}"
    rf"{_DOUBTFUL}(?!\w)|(?<![\w.,$€£#-])\d{{1,5}}[^\S\n](?:[a-z][a-z'.-]{{1,20}}[^\S\n]){{1,3}}(?:street|"
    rf"avenue|ave|road|rd|boulevard|blvd|lane)(?!\w)|"
    rf"(?<!\w)(?:{_NAME}[^\S\n]){{0,2}}(?:[^\W\d_]{{2,24}}{_BUILT}|{_NAME}[^\S\n-](?i:{_BUILT}))(?<=\w|"
    rf"\.)[^\S\n]\d{{1,5}}(?:[^\S\n]?[a-zA-Z](?!\w))?(?:[-/]\d{{1,4}})?\.?(?!\w)|"
    rf"(?<![\w.])(?:\d{{1,5}}[^\S\n]?(?:bis|ter|[a-zA-Z])?,?[^\S\n])?{_LED}[^\S\n](?:(?:d[eu]|de[^\S\n]la|"
    rf"des|della|del|do|"
    rf"da)[^\S\n])?(?:{_WORD}[^\S\n]){{0,3}}{_NAME}(?:,?[^\S\n](?:n[º°.][^\S\n]?)?\d{{1,4}}[a-zA-Z]?(?!["
    rf"\w.]))?|(?<!\w)(?i:p\.?[^\S\n]?[o0]\.?[^\S\n]?box|post[^\S\n]?box|postfach|postboks|"
    rf"apartado(?:[^\S\n]de[^\S\n]correos)?|bo[iî]te[^\S\n]postale|caixa[^\S\n]postal|"
    rf"casella[^\S\n]postale)[^\S\n]?#?:?[^\S\n]?\d{{1,7}}|(?<!\w)(?i:psc|unit|"
    rf"cmr)[^\S\n]\d{{1,5}},?[^\S\n](?i:box)[^\S\n]\d{{1,6}}|(?<!\w)(?i:apt|apartment|suite|ste|unit|"
    rf"flat)\.?[^\S\n]#?\d{{1,5}}[A-Za-z]?(?!\w)"
)
"""What tells an address."""
_BEFORE: Final = (
    rf"(?<![\w.,$€£#-])(?:\d{{1,6}},?[^\S\n]){{1,2}}(?:{_NAME}[^\S\n]){{0,3}}(?:\d{{1,5}}[a-zA-Z]?,?\s)?\Z"
    rf"|(?<![\w.])(?:{_NAME}[^\S\n]){{1,3}}\d{{1,5}}[a-zA-Z]?\.?,?\s{{1,2}}\Z"
)
"""What belongs to an anchor on its left: numbers, a street's name with its number."""
_UNIT: Final = (
    r"(?i)[^\S\n]?,?[\s]{0,2}(?:apt|apartment|suite|ste|unit|floor|fl|flat|room|rm|bldg|"
    r"#)\.?[^\S\n]?#?[\w-]{1,6}(?!\w)"
)
_CODE: Final = (
    rf"(?:[A-Z]{{1,2}}-)?{D}{{3,6}}(?:[ -]\d{{2,4}})?(?!\w)|"
    rf"[A-Z]{{1,2}}\d[A-Z\dO]?[^\S\n]?[\dO][A-Z]{{2}}(?!\w)|[A-Z]\d[A-Z][^\S\n]?\d[A-Z]\d(?!\w)"
)
_AFTER: Final = (
    rf"(?:[\s,>]{{1,6}}(?:{_WORD}|"
    rf"\([A-Z]\w{{1,20}}\))(?:[^\S\n]{_NAME}){{0,3}}){{0,5}}?[\s,>]{{1,6}}(?:{_CODE})(?:[^\S\n]{_NAME}(?:"
    rf"[^\S\n-]{_NAME}){{0,2}})?(?:[\s,]{{1,6}}{_NAME}(?:[^\S\n]{_NAME}){{0,2}}[\s,]{{1,6}}{D}{{4,6}}(?!"
    rf"\w))?"
)
"""Towns, states, countries, up to a post code, and the town behind it."""
_TOWNS: Final = rf"(?:,[^\S\n]?{_NAME}(?:[^\S\n]{_NAME}){{0,2}}){{1,3}}"
"""Towns and countries without a code, between commas."""
_LINES: Final = rf"(?:[\s>]{{1,4}}{_NAME}(?:[^\S\n]{_NAME}){{0,2}}(?=[^\S\n]*(?:\n|\Z|[.,?!]))){{1,3}}"
"""Lines of towns and countries below a flat."""
_REACH: Final = 64

FAMILIES: Final = (
    Family(
        "zip",
        "zip|zip code|zipcode|postcode|post code|postal code|postal|plz|postleitzahl|code postal|código postal|"
        "codigo postal|cap|cep|pin code|pincode|postnummer|eircode",
        right=30,
    ),
    Family(
        "address",
        "address|street|street address|mailing address|home address|billing address|shipping address|ship "
        "to|bill to|lives at|live at|living at|located at|adresse|anschrift|straße|strasse|direccion|"
        "dirección|domicilio|indirizzo|endereço|adres|osoite|deliver to|delivery address|wohnhaft|wohnt|"
        "moved to",
        right=90,
    ),
)

RULES: Final = (
    rule(
        rf"(?:(?<!\w){_NAME}(?:[^\S\n]{_NAME}){{0,2}},[^\S\n])?(?<!\w)(?:{_STATE}|"
        rf"A[AEP])\.?,?[^\S\n]{{1,2}}{D}{{5}}(?:-{D}{{4}})?(?!\w)",
        Category.PERSON,
        digits=4,
    ),
    rule(
        r"(?<![\w-])(?:[A-PR-UWYZ][A-HJ-Y]?\d[A-HJKPSTUW\dO]?|"
        r"GIR)[^\S\n]{1,2}[\dOo][ABD-HJLNP-UW-Z]{2}(?<!GB)(?<!TB)(?<!HZ)(?!\w)",
        Category.PERSON,
        digits=1,
    ),
    rule(
        r"(?<![\w-])[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][^\S\n]\d[ABCEGHJ-NPRSTV-Z]\d(?!\w)",
        Category.PERSON,
        digits=3,
    ),
    rule(r"(?<![\w-])[A-Z]{1,2}-\d{4,5}[^\S\n][A-ZÀ-Þ][\w'-]{1,30}", Category.PERSON, digits=4),
    rule(
        rf"(?<![\w.$€£])(?:{D}{{3}}[^\S\n]{D}{{2}}|{D}{{3,6}}(?:-{D}{{3,4}})?(?:[^\S\n]?[A-Z]{{2}})?|"
        rf"[A-Za-z]{{1,2}}\d[A-Za-z\d]?[^\S\n]?[\dOo][A-Za-z]{{2}}|"
        rf"[A-Za-z]\d[A-Za-z][^\S\n]?\d[A-Za-z]\d)(?!\w|[.,]\d)",
        Category.PERSON,
        digits=2,
        near="zip",
    ),
    rule(
        rf"(?<![\w.$€£])\d{{1,6}}[a-zA-Z]?,?[^\S\n](?:{_NAME}(?:[^\S\n]{_WORD}){{0,3}}|"
        rf"[a-z]{{3,20}}(?:[^\S\n][a-z]{{3,20}}){{1,3}}(?=[^\S\n]*(?:,|\n|\Z)))(?:,[^\S\n]{_NAME}){{0,3}}|"
        rf"{_NAME}(?:[^\S\n]{_NAME}){{0,3}}[^\S\n]\d{{1,5}}[a-zA-Z]?(?!\w)(?:,[^\S\n]{_NAME}){{0,3}}",
        Category.PERSON,
        digits=1,
        near="address",
    ),
)


def addresses_in(text: str) -> Iterator[tuple[int, int]]:
    """Where addresses stand in a text: their starts and ends, in order, none overlapping."""
    if not digits_in(text):
        return
    done = 0
    for anchor in compiled(_ANCHORS).finditer(text):
        start, end = anchor.span()
        if end <= done or not digits_in(anchor.group()):
            continue
        before = compiled(_BEFORE).search(text, max(start - _REACH, done), start)
        done = _end_of(text, end)
        yield (start if before is None else before.start()), done


def _end_of(text: str, end: int) -> int:
    """Where an address ends whose street or box ends here."""
    is_flat = False
    while (unit := compiled(_UNIT).match(text, end)) is not None:
        end, is_flat = unit.end(), True
    following = (
        compiled(_AFTER).match(text, end)
        or compiled(_TOWNS).match(text, end)
        or (compiled(_LINES).match(text, end) if is_flat else None)
    )
    return end if following is None else following.end()
