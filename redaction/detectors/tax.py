"""Finds tax numbers and amounts; `forms_in` (of `tax_forms`) tells which tax forms some lines are.

A text enters, spans leave, in code points of this very text; no sum and no list of issued numbers takes a find away.
Forms of numbers: SSA (SSN ddd-dd-dddd), IRS (ITIN and ATIN 9dd-dd-dddd, EIN dd-ddddddd, PTIN P and 8 digits, EFIN and
IP PIN of 6 digits), BZSt (Steuer-ID of 11 digits), HMRC (UTR of 10). Amounts count beside words of tax forms only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Role
from redaction.detectors.payment import AMOUNT
from redaction.detectors.rules import CELL, GAP, NO_DATE, NO_UNIT, NUMBERED, D, Family, Labels, Rules, rule, settled
from redaction.detectors.tax_forms import forms_in
from redaction.spans import Category, TextSpan

__all__ = ["Tax", "forms_in"]

_TAX: Final = Category.TAX
_STATUS: Final = (
    r"married[^\S\n]{1,2}filing[^\S\n]{1,2}(?:jointly|separately)(?:[^\S\n]\(?m?f[js]\)?)?|"
    r"head[^\S\n]{1,2}of[^\S\n]{1,2}household|qualifying[^\S\n]{1,2}(?:surviving[^\S\n]{1,2}spouse|"
    r"widow(?:\(er\)|er)?)"
)
_FAMILIES: Final = (
    Family(
        "ssn",
        "ssn|ssns|social security|social security number|social security no|social sec|soc sec|soc sec no|"
        "ss no|social|itin|atin|tin|taxpayer|taxpayer id|taxpayer identification|taxpayer identification "
        "number|tax id|tax id number|tax number|recipient s tin|payer s tin|employee s ssn|spouse s social|"
        "identifying number|ss",
        right=80,
        left=36,
    ),
    Family(
        "ein",
        "ein|employer identification|employer identification number|employer id|employer id number|federal "
        "id|fein|federal ein|payer s tin|payer s federal|federal tax id|employer s state id|state id number|"
        "control number",
        right=80,
        left=24,
    ),
    Family("preparer", "ptin|preparer|preparer id|preparer tax|efin|electronic filing identification|ero", left=16),
    Family(
        "pin",
        "ip pin|ippin|identity protection pin|identity protection|irs pin|self select pin|efile pin|e file "
        "pin|prior year pin|signature pin|practitioner pin",
        left=16,
    ),
    Family("status", "filing status|status|filing as", right=50, below=1),
    Family(
        "abroad",
        "steuer id|steueridentifikationsnummer|steuer identifikationsnummer|identifikationsnummer|idnr|"
        "steuernummer|st nr|stnr|ust idnr|umsatzsteuer id|utr|unique taxpayer reference|vat|vat number|vat "
        "no|vat id|vat reg no|gst|gstin|abn|numéro fiscal|spi|siret|siren|tva|nif|cif|partita iva|p iva|"
        "cnpj|btw|btw nummer|inn|paye reference|tax reference|tax file number|tfn|business number|nip|dic|"
        "ičo|moms",
        left=24,
    ),
    Family(
        "amount",
        "agi|adjusted gross income|gross income|taxable income|total income|refund|refunded|tax refund|"
        "amount you owe|tax due|total tax|tax liability|tax withheld|withheld|withholding|withholdings|"
        "federal income tax|state income tax|income tax|local income tax|wages|wages tips|tips|medicare "
        "wages|medicare tax|social security wages|social security tax|fica|nonemployee compensation|"
        "deduction|deductions|standard deduction|itemized deductions|estimated tax|tax|taxes|dependents|"
        "dependent|child tax credit|earned income credit|eic|eitc|tax credit|ordinary dividends|qualified "
        "dividends|capital gain|capital gains|taxable interest|interest income|irs|mortgage interest|"
        "tuition|premium tax credit|exemptions|w 2|w2|1040|1095|1098|1099|k 1|k1|schedule a|schedule b|"
        "schedule c|schedule d|schedule e|schedule se|form 1040|dependent care|nonqualified plans|allocated "
        "tips|turbotax|h r block|lohnsteuer|einkommensteuer|solidaritätszuschlag|kirchensteuer|steuerschuld|"
        "impôt|impôts|revenu fiscal|revenu imposable|irpf|retenciones|base imponible|imposta|reddito|p60|"
        "p45|paye|tax code",
        right=90,
        left=24,
    ),
)
_LABELS: Final = Labels(_FAMILIES)
_WHOLE: Final = (
    r"(?<![\w.,$€£/-])(?!(?:19|20)\d\d(?![\w.,])|10(?:40|"
    r"9[589])(?![\w,]))\d{4,9}(?:\.\d{2})?(?![\w,%/-])" + NO_UNIT
)
"""An amount without marks, as boxes of forms have it: no year and no form's own number."""

_RULES: Final = Rules(
    (
        rule(rf"(?<![\d.$€£-]){D}{{3}}{GAP}{D}{{2}}{GAP}{D}{{4}}(?![\d-])", _TAX, digits=6),
        rule(rf"(?<![\w.]){D}{{3}}{CELL}{D}{{2}}{CELL}{D}{{4}}(?!\w)", _TAX, digits=6),
        rule(
            r"(?:[*Xx\u2022\u25cf#]{3}[-\u2010-\u2015 ]{1,2}[*Xx\u2022\u25cf#]{2}[-\u2010-\u2015 ]{1,2}|"
            r"[*Xx\u2022\u25cf#]{5}-?)(?P<value>\d{4})(?!\w)",
            _TAX,
            digits=4,
        ),
        rule(
            rf"(?<![\w.]){D}(?:[ -]{{0,2}}{D}){{8}}(?!\w)|(?<!\w)(?:[*xX]{{2,9}}[- ]?){{1,3}}\d{{4}}(?!\w)",
            _TAX,
            digits=4,
            near="ssn",
        ),
        rule(rf"(?<![\w.-]){D}{{2}}[^\S\n]?[-\u2010-\u2015\u2212][^\S\n]?{D}{{7}}(?![\w-])", _TAX, digits=6),
        rule(rf"(?<![\w.]){D}{{2}}[ .-]{{0,3}}{D}{{7}}(?!\w)|{NUMBERED}", _TAX, digits=5, near="ein"),
        rule(r"(?<!\w)P[\dOoIl]{8}(?!\w)", _TAX, digits=6),
        rule(rf"(?<!\w)[Pp]?{D}(?:[ -]?{D}){{5,8}}(?!\w)", _TAX, digits=4, near="preparer"),
        rule(rf"(?<!\w){D}{{5,6}}(?!\w)", _TAX, digits=4, near="pin"),
        rule(rf"(?<!\w)(?i:{_STATUS})(?!\w)", _TAX, marks="iling ILING ousehold OUSEHOLD alifying ALIFYING"),
        rule(r"(?<!\w)(?i:single|married|widowed|MFJ|MFS|HOH|QSS)(?!\w)", _TAX, near="status"),
        rule(
            r"(?<![\w.])\d{2} \d{3} \d{3} \d{3}(?![\w ]\d|\w)|"
            r"(?<![\w./])\d{2,3}/\d{3,4}/\d{4,5}(?![\w/])",
            _TAX,
            digits=9,
        ),
        rule(
            rf"(?<![\w.])(?<!\d[-/]){NO_DATE}{D}(?:[ ./-]?{D}){{7,14}}(?!\w)|{NUMBERED}", _TAX, digits=7, near="abroad"
        ),
        rule(AMOUNT, _TAX, digits=1, near="amount"),
        rule(
            r"(?<![\w.,$€£/-])[-(]?(?!0[.,])(?:\d{1,3}(?:[,.' ]\d{3}){1,3}(?:[.,]\d{2})?|"
            r"\d{1,7}[.,]\d{2})(?![\w,.%/-]|[ ]\d)" + NO_UNIT,
            _TAX,
            digits=3,
            near="amount",
        ),
        rule(_WHOLE, _TAX, digits=4, near="amount"),
    ),
    _LABELS,
)


@dataclass(frozen=True, slots=True)
class Tax:
    """Finds the numbers by which offices know a taxpayer, and what was earned, owed and refunded."""

    name: str = "tax"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """The stretches of this text that a tax return would hold."""
        return settled(_RULES.find(text))
