"""Shapes of how a person is reached and when they were born: mail, phone, network, dates of birth, profiles.

Tables only; `identifiers` reads them. Sources: RFC 5322 (mail), E.164 and national plans (phone), RFC 791,
RFC 4291 and IEEE 802 (addresses of networks). Streets and post codes are in `addresses`.
"""

from __future__ import annotations

from typing import Final

from redaction.detectors.rules import DASH, NO_DATE, D, Family, rule
from redaction.spans import Category

_PERSON: Final = Category.PERSON
_SEP: Final = rf"(?:[^\S\n]?{DASH}\s?|[^\S\n]{{1,2}}|\)[^\S\n]?|[^\S\n]?\(|/|\n)"
_EXT: Final = r"(?:[^\S\n]{0,2}(?:[xX#]|ext\.?|Ext\.?|extension)[^\S\n]?\d{1,6}(?!\w))?"
_HOST: Final = (
    r"[\w-]{1,63}(?:\.[\w-]{1,63}|[^\S\n]?\.[^\S\n]?(?:com|org|net|edu|gov|io|co|uk|de|fr|es|it|nl|eu|us|"
    r"ca|au|local|internal|lan|corp|example)(?!\w)){0,8}"
)
_MONTH: Final = (
    r"(?:jan|feb|m[aä]r|apr|ma[iyj]|jun|jul|aug|sep|o[ck]t|nov|de[czs]|janv|f[eé]v|avr|juin|juil|ao[uû]t|"
    r"ene|abr|ago|dic|gen|mag|giu|lug|set|ott)[^\W\d_]{0,8}\.?"
)
_NUMERIC_DATE: Final = (
    rf"{D}{{1,4}}[^\S\n]?[-/.\u2010-\u2015][^\S\n]?{D}{{1,2}}[^\S\n]?[-/.\u2010-\u2015][^\S\n]?{D}{{2,4}}(?!\d)"
)
_WORD_DATE: Final = (
    rf"\d{{1,2}}(?:st|nd|rd|th|\.|"
    rf"º)?[^\S\n]?(?:de[^\S\n])?(?i:{_MONTH}),?(?:[^\S\n](?:de[^\S\n])?{D}{{4}})?(?!\w)|"
    rf"(?i:{_MONTH})[^\S\n]?\d{{1,2}}(?:st|nd|rd|th)?(?:,?[^\S\n]{{1,2}}{D}{{4}})?(?!\w)|"
    rf"(?i:{_MONTH})[^\S\n](?:19|20)\d\d(?!\w)"
)
_DATE: Final = rf"(?<![\w])(?:{_NUMERIC_DATE}|{_WORD_DATE}|(?:19|20){D}{{6}}(?!\w))"
FAMILIES: Final = (
    Family(
        "phone",
        "phone|phone number|telephone|tel|mobile|mob|cell|cellphone|cell phone|fax|call|call me|dial|sms|"
        "text me|whatsapp|contact number|reach me|ring|hotline|voicemail|telefon|telefonnummer|handy|mobil|"
        "rufnummer|anrufen|t[eé]l[eé]phone|téléphone|tél|portable|teléfono|telefono|móvil|movil|celular|"
        "cellulare|telefone|telemóvel|telefoon|mobiel|puhelin|телефон|ph|my number|number is|answering at|"
        "answering|messages to|registered|office|work|home|desk|reception|front desk|reach|reached at|"
        "contact|callback number|contact no",
        right=50,
        left=30,
    ),
    Family(
        "birth",
        "dob|d o b|born|birth|birthday|birth date|birthdate|date of birth|bday|geburtsdatum|geboren|geb|"
        "geburtstag|date de naissance|né le|née le|naissance|fecha de nacimiento|nacimiento|nacido|nacida|"
        "data di nascita|nato il|nata il|data de nascimento|geboortedatum|födelsedatum|fødselsdato|"
        "syntymäaika|data urodzenia|дата рождения",
        right=60,
        left=20,
    ),
    Family(
        "age",
        "age|aged|alter|âge|edad|età|idade|turned|turn|turning|turns|he was|she was|i was|he is|she is|i am|they were",
        right=16,
        below=1,
    ),
    Family("network", "ip|ip address|ipv4|ipv6|host|hostname|gateway|dns|mac|mac address|inet|inet6|ether", right=60),
)

RULES: Final = (
    rule(
        r"(?<![\w.+@-])[\w.+'&%-]{1,64}[^\S\n]?(?:\((?i:at)\)|\[(?i:at)\]|\{(?i:at)\}|<(?i:at)>)[^\S\n]?" + _HOST,
        _PERSON,
        marks="( [ { <",
    ),
    rule(
        r"(?<![\w.+@-])[\w.+'-]{1,64}(?:[^\S\n]{1,2}(?i:at)[^\S\n]{1,2}|"
        r"[^\S\n]{0,2}[\[({<][^\S\n]?(?i:at)[^\S\n]?[\])}>][^\S\n]{0,2})[\w-]{1,63}(?:[^\S\n]{0,2}[\[({<]?[^"
        r"\S\n]?(?i:dot|punkt|point|punto)[^\S\n]?[\])}>]?[^\S\n]{0,2}[\w-]{2,24}){1,4}",
        _PERSON,
        marks="dot DOT Dot punkt point punto",
    ),
    # Phone: with a plus or 00; North America's 3-3-4; national with 0 first; anything beside its label.
    rule(
        rf"(?<![\w])(?:\+[^\S\n]?|00[^\S\n]?(?=[1-9]))\(?[\dOIl](?:{_SEP}{{0,2}}{D}){{6,14}}{_EXT}(?!\d)",
        _PERSON,
        digits=7,
        marks="+ 0",
    ),
    rule(
        rf"(?<![\w.])(?:\+?[1lI]{_SEP}?)?\(?{D}{{3}}(?:\){_SEP}?|{_SEP}){D}{{3}}{_SEP}{D}{{4}}{_EXT}(?![\w])"
        rf"|(?<![\w.])\({D}{{3}}\)[^\S\n]?{D}{{3}}{_SEP}?{D}{{4}}{_EXT}(?!\w)",
        _PERSON,
        digits=7,
    ),
    rule(
        r"(?<![\w.,:/-])(?!\d{2}[-./]\d{2}[-./](?:19|20)\d\d)\(?[0O]\d{1,5}\)?(?:[-. "
        r"/]{1,3}\d{2,8}){1,5}(?![\w:/])",
        _PERSON,
        digits=9,
    ),
    rule(
        r"(?<![\w.,:/-])\d\d(?:-\d\d){3}(?![\w-])|(?<![\w.])\(\d{2,4}\)[^\S\n]?\d{3,4}[- ]\d{3,4}(?!\w)",
        _PERSON,
        digits=8,
    ),
    rule(
        rf"(?<![\w.])(?<!\d[-/])(?!(?:19|20)\d\d[ -](?:19|20)\d\d){NO_DATE}"
        rf"\+?\(?{D}(?:{_SEP}{{0,2}}{D}){{6,14}}{_EXT}(?!\w)",
        _PERSON,
        digits=6,
        near="phone",
    ),
    # Birth: a date, or a year, beside its label; an age.
    rule(_DATE + r"|(?<![\w.-])(?:19|20)\d\d(?![\w.-])", _PERSON, digits=1, near="birth"),
    rule(
        r"(?<![\w.,$€£#])(?:\d{1,2}|1[01]\d)(?=[.,;!?)]?(?:\s*\Z|\n)|[.,;!?)][^\S\n]|[^\S\n](?:years?|yrs?|"
        r"and|but|when|now|today|y/?o)(?!\w))",
        _PERSON,
        digits=1,
        near="age",
    ),
    rule(
        r"(?<![\w.-])(?P<value>\d{1,3})[- ](?i:years?|yrs?|y/?o|year)[- ]?(?i:old)?(?<=old|\Dyo|y/o)(?!\w)",
        _PERSON,
        digits=1,
        marks="old y/o yo",
    ),
    # Networks. 127.0.0.1, 0.0.0.0 and masks tell nothing of anybody; four numbers after a version's word are one.
    rule(
        r"(?<![\w.=-])(?<!\bv )(?<!ersion )(?<!ersion: )(?<!uild )(?<!elease )(?!(?:127|0|255)\.[\d.]{5}|"
        r"255\.255)"
        rf"(?:(?:25[0-5]|2[0-4]\d|[01lI]?\d?{D})[^\S\n]?\.[^\S\n]?){{3}}(?:25[0-5]|2[0-4]\d|"
        rf"[01lI]?\d?{D})(?::\d{{1,5}}|/\d{{1,2}})?(?![\w]|\.\d)",
        _PERSON,
        digits=4,
        marks=".",
    ),
    rule(r"(?<![\w.])(?:\d{1,3}[^\S\n]?\.[^\S\n]?){3}\d{1,3}(?!\w)", _PERSON, digits=4, near="network"),
    rule(
        r"(?<![\w:.])(?:(?:[\da-fA-F]{1,4}:){7}[\da-fA-F]{1,4}|(?:2[\da-fA-F]{3}|3[\da-fA-F]{3}|"
        r"f[cde][\da-fA-F]{2}|"
        r"F[CDE][\da-fA-F]{2})(?::[\da-fA-F]{1,4}){0,6}::?(?:[\da-fA-F]{1,4}(?::[\da-fA-F]{1,4}){0,6})?)(?:/"
        r"\d{1,3})?(?![\w:])",
        _PERSON,
        digits=3,
        marks=":",
    ),
    rule(
        r"(?<![\w:-])[\dA-Fa-fOo]{2}(?:(?::[\dA-Fa-fOo]{2}){5}|(?:-[\dA-Fa-fOo]{2}){5})(?![\w:-])|"
        r"(?<!\w)[\da-fA-F]{4}\.[\da-fA-F]{4}\.[\da-fA-F]{4}(?!\w)",
        _PERSON,
        digits=1,
        marks=": - .",
    ),
    # Addresses of the web that name somebody.
    rule(
        r"(?i)(?<=[?&;])(?:user(?:name|_?id)?|usr|uid|name|first_?name|last_?name|e?mail|login|account|acct|"
        r"member|patient|customer|client|phone|q)=(?P<value>[^&\s#;]{1,200})",
        _PERSON,
        marks="=",
    ),
    rule(
        r"(?i)(?:https?://|www\.)[^\s/]{1,200}(?:/[^\s/?]{1,80}){0,4}?/(?:users?|u|people|person|profiles?|"
        r"members?|accounts?|patients?|customers?|employees?|in|~)/(?P<value>[^\s/?#]{1,80})",
        _PERSON,
        marks="/",
    ),
)
"""The order is that of the finds, nothing more."""
