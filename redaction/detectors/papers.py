"""Shapes of numbers that offices, insurers, hospitals and employers give to people, vehicles and devices.

Tables only; `identifiers` reads them. Sources: CMS (MBI of 11 characters, NPI), DEA (two letters, seven digits), ICAO
9303 (passports), ISO 3779 (VIN), 3GPP TS 23.003 (IMEI), and each state's own description of its numbers.
"""

from __future__ import annotations

from typing import Final

from redaction.detectors.rules import GAP, NO_DATE, NUMBERED, D, Family, rule
from redaction.spans import Category

_PERSON: Final = Category.PERSON
_MEDICAL: Final = Category.MEDICAL
_NO: Final = ("id", "number", "no", "nr", "num")


def _numbered(*names: str) -> str:
    """Each name with every word for `number` behind it."""
    return "|".join(f"{name} {word}" for name in names for word in _NO)


FAMILIES: Final = (
    Family(
        "passport",
        (
            "passport|passport number|passport no|reisepass|passnummer|ausweis|ausweisnummer|personalausweis|"
            "passeport|pasaporte|passaporto|paspoort|travel document|visa number|green card|alien number|a "
            "number|uscis|national id|identity card|id card|identity number|national identity|"
        )
        + _numbered("identity", "identification", "national", "document"),
        left=30,
    ),
    Family(
        "licence",
        "driver license|drivers license|driver s license|driver licence|driving licence|driving license|"
        "driver s licence|license number|licence number|license no|licence no|dl|dl number|dl no|dln|permis "
        "de conduire|führerschein|führerscheinnummer|licencia de conducir|patente di guida|carta de "
        "condução|rijbewijs|state id|license id|license plate|drivers licence|professional license|medical "
        "license|bar number",
        left=30,
    ),
    Family(
        "plate",
        "plate|license plate|licence plate|number plate|plate number|registration number|registration plate|"
        "vehicle|vrn|kennzeichen|immatriculation|plaque|matrícula|targa|kenteken|reg no|tag number",
        right=30,
    ),
    Family("vehicle", "vin|vehicle identification|vehicle id|chassis|fahrgestellnummer|fin", right=60),
    Family(
        "device",
        "imei|imei1|imei2|meid|esn|serial|serial number|serial no|s n|seriennummer|numéro de série|número "
        "de serie|asset tag|service tag|device id|udid|iccid|imsi|eid|android id|advertising id",
        right=60,
    ),
    Family(
        "record",
        "mrn|medical record|medical record number|patient id|patient number|patient no|patient identifier|"
        "chart|chart number|chart no|health record|hospital number|encounter|encounter id|visit number|csn|"
        "accession|accession number|specimen|order number|rx number|rx no|rx|prescription number|"
        "prescription no|nhs|nhs number|nhs no|case number|claim|claim number|claim no|claim id|"
        "authorization number|prior authorization|referral number|patient account|patientennummer|"
        "krankenversichertennummer|versichertennummer|health card|health card number|ohip|carte vitale",
        left=30,
    ),
    Family(
        "insurance",
        "member id|memberid|member number|member no|subscriber id|subscriber number|subscriber|policy "
        "number|policy no|policy id|policy|group number|group no|group id|grp|group|plan id|plan number|"
        "rxbin|rx bin|rxpcn|rxgrp|rx grp|rx group|pcn|insurance id|insurance number|insurance card|health "
        "plan|health insurance|medicare|medicare number|medicaid|mbi|hicn|beneficiary id|enrollee id|"
        "enrollee|payer id|policyholder|certificate number|member|insured id|versicherungsnummer|numéro d "
        "adhérent|número de póliza|número de afiliado|polizza",
        left=30,
    ),
    Family(
        "provider", "npi|dea|dea number|dea no|provider id|provider number|upin|taxonomy|national provider", left=24
    ),
    Family(
        "staff",
        "employee id|employee number|employee no|employee|emp id|emp no|emp|employeeid|badge|badge number|"
        "badge id|badge no|staff id|staff number|staff no|personnel number|personnel id|personalnummer|"
        "mitarbeiternummer|matricule|payroll id|payroll number|worker id|student id|student number|"
        "matrikelnummer|associate id|contractor id|person id|user id|uid|customer id|client id|"
        "eid|workday id|candidate id|applicant id|case id|ticket id|booking|booking reference|frequent "
        "flyer|known traveler|known traveler number|redress number|ktn|service number|"
        "military id|dod id|voter id|library card",
        left=24,
    ),
    Family(
        "booking",
        "booking|booking reference|booking number|booking code|record locator|pnr|reservation|reservation number|"
        "confirmation number|confirmation code|buchungsnummer|buchungscode|localizador",
        right=40,
    ),
    Family(
        "national",
        "nino|ni number|national insurance|national insurance number|aadhaar|aadhar|uidai|uid|pan|pan card|"
        "pan number|dni|nie|nif|nir|insee|sécurité sociale|numéro de sécurité sociale|"
        "sozialversicherungsnummer|svnr|ahv|ahv nr|avs|codice fiscale|cf|cpf|rg|curp|rfc|pesel|personnummer|"
        "cpr|henkilötunnus|hetu|bsn|burgerservicenummer|sin|social insurance number|social insurance|tfn|"
        "medicare|my number|hkid|nric|fin|emirates id|id number|citizen id|tc kimlik|tckn|rut|cédula|cedula|"
        "egn|cnp|oib|rodné číslo|resident id|rrn|pps|ppsn|pps number|inn|snils|инн|снилс",
        left=30,
    ),
)

_LONG: Final = rf"(?<![\w.])(?<!\d[-/]){NO_DATE}{D}(?:[ ./-]?{D}){{6,17}}(?!\w)"
"""A long number in groups or not."""
_ID: Final = rf"{NUMBERED}|{_LONG}"

RULES: Final = (
    rule(
        r"(?:P|V|I|A|C)[<A-Z][A-Z<]{3}[A-Z<]{8,40}<<[A-Z<]{0,40}|"
        r"(?<!\w)[A-Z\d<]{9,14}\d[A-Z<]{3}\d{6,7}[MFX<]\d{6,7}[A-Z\d<]{0,20}",
        _PERSON,
        marks="<",
    ),
    rule(_ID, _PERSON, digits=5, near="passport"),
    rule(_ID, _PERSON, digits=5, near="licence"),
    rule(r"(?<!\w)[A-Z9]{5}[\dOI]{6}[A-Z9]{2}[\dO][A-Z]{2}(?!\w)", _PERSON, digits=5),
    rule(
        r"(?<![\w-])(?=[A-ZÄÖÜ\d -]{0,9}\d)(?=[\d -]{0,6}[A-ZÄÖÜ])[A-ZÄÖÜ\d]{1,4}(?:[- "
        r"][A-ZÄÖÜ\d]{1,4}){0,2}[A-Z\d]{0,4}(?!\w)",
        _PERSON,
        digits=1,
        near="plate",
    ),
    rule(r"(?<!\w)(?=[A-Z\d]{0,12}[A-HJ-NPR-Z]{2})[1-9A-HJ-NPR-Z][A-HJ-NPR-Z\d]{12}\d{4}(?!\w)", _PERSON, digits=6),
    rule(r"(?<!\w)[A-Z\d][A-Z\d -]{15,20}[A-Z\d](?!\w)", _PERSON, digits=4, near="vehicle"),
    rule(_ID, _PERSON, digits=3, near="device"),
    # Health. The letters of an MBI are no S, L, O, I, B or Z; readers put them there all the same.
    rule(
        rf"(?<!\w)[1-9lI|"
        rf"][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\dOo][\dOo]-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\dOo]{D}-?[AC-HJKMNP-R"
        rf"T-Y]{{2}}{D}{{2}}(?!\w)",
        _MEDICAL,
        digits=4,
    ),
    rule(_ID + rf"|(?<![\w.])(?<!\d[-/])(?!(?:19|20)\d\d(?!\w)){D}{{4,12}}(?!\w)", _MEDICAL, digits=3, near="record"),
    rule(
        _ID + rf"|(?<![\w.])(?<!\d[-/])(?!(?:19|20)\d\d(?!\w)){D}{{4,12}}(?!\w)", _MEDICAL, digits=3, near="insurance"
    ),
    rule(
        rf"(?<![\w.]){D}{{3,4}}[- ]?{D}{{3}}[- ]?{D}{{3,4}}(?!\w)|(?<!\w)[A-Za-z]{{1,2}}[\d]?{D}{{6,7}}(?!\w)|"
        rf"{NUMBERED}",
        _MEDICAL,
        digits=5,
        near="provider",
    ),
    rule(_ID, _PERSON, digits=3, near="staff"),
    rule(r"(?<![\w-])(?=[A-Z\d]{0,8}\d)[A-Z\d]{5,9}(?![\w-])", _PERSON, digits=1, near="booking"),
    # Numbers of states that have a form of their own.
    rule(rf"(?<!\w)[A-Z]{{2}}(?:[^\S\n]?{D}{{2}}){{3}}[^\S\n]?[A-D](?!\w)", _PERSON, digits=4),
    rule(
        rf"(?<![\w.-])(?!(?:(?:19|20)\d\d[^\S\n]){{2}})[2-9]{D}{{3}}[ -]{D}{{4}}[ -]{D}{{4}}(?![\w-]|[ "
        rf"]\d{{4}})",
        _PERSON,
        digits=8,
    ),
    rule(
        r"(?<!\w)[A-Z]{5}[\dOI]{4}[A-Z](?!\w)|(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d(?!\w)|"
        r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)",
        _PERSON,
        digits=3,
    ),
    rule(
        r"(?<![\w.])(?:\d{8}-?[A-HJ-NP-TV-Z]|\d{2}\.\d{3}\.\d{3}-?[A-Z]|[XYZ]-?\d{7}-?[A-Z])(?!\w)", _PERSON, digits=7
    ),
    rule(
        r"(?<![\w.])[12][ ]\d\d[ ](?:0\d|1[0-2]|[2-9]\d)[ ](?:\d\d|2[AB])[ ]\d{3}[ ]\d{3}(?:[ "
        r"]\d\d)?(?!\w)",
        _PERSON,
        digits=12,
    ),
    rule(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d\d(?!\w)|(?<![\w.])756\.\d{4}\.\d{4}\.\d\d(?!\w)", _PERSON, digits=11),
    rule(
        r"(?<![\w.-])(?:\d\d)?\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[-+]\d{4}(?![\w-])|"
        r"(?<!\w)\d{6}[-+A]\d{3}[\dA-FHJ-NPR-Y](?!\w)|(?<![\w-])\d{6}-[1-8]\d{6}(?![\w-])",
        _PERSON,
        digits=8,
    ),
    rule(
        r"(?<!\w)[STFGM]\d{7}[A-Z](?!\w)|(?<!\w)\d{6}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dXx](?!\w)",
        _PERSON,
        digits=7,
    ),
    rule(r"(?<![\w.-])\d{3}-\d{3}-\d{3}(?![\w-])", _PERSON, digits=9),
    rule(_ID + rf"|(?<!\w){D}{{3}}{GAP}{D}{{3}}{GAP}{D}{{3}}(?!\w)", _PERSON, digits=6, near="national"),
)
