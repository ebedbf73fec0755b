"""Tells which tax forms some lines are: lines as read enter, names of forms leave. Pure.

Forms: the IRS's W-2, W-4, W-9, 1040 with its kinds, 1095, 1098, 1099 and Schedule K-1, by number, title and boxes.
Readers' confusions and lost spaces do not matter: l, i and 1 are one letter, so are o and 0, s and 5, b and 8.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from redaction.detectors.rules import compiled, key


@dataclass(frozen=True, slots=True)
class _Form:
    """How a form says its number (a pattern), and, folded, how it says its name and what its boxes are called."""

    number: str
    titles: tuple[str, ...]
    boxes: tuple[str, ...]


_NAMED: Final = r"(?:f[o0]rm|schedule|sch|your|the|a|copy|irs)"
_O: Final = "[0oOQD]"
_ONE: Final = "[1lI|!i]"
_NINE: Final = "[9gq]"
_HYPHEN: Final = r"[\s_\u2010-\u2015-]{0,2}"


_MARKS: Final = re.compile(r"[\W_]+")
_READ_AS: Final = str.maketrans({"|": "l", "!": "l", "$": "s"})


def _folded(text: str) -> str:
    """What all readings of a text have in common: letters and digits, those that look alike as one."""
    return key(_MARKS.sub("", text.translate(_READ_AS)))


def _form(number: str, titles: str, boxes: str) -> _Form:
    """A form; `|` stands between its titles, and between its boxes."""
    return _Form(
        rf"(?i)(?<![a-z\d$.,/-]){number}(?![a-z\d]|[.,]\d)",
        tuple(_folded(title) for title in titles.split("|")),
        tuple(_folded(box) for box in boxes.split("|")),
    )


_FORMS: Final[Mapping[str, _Form]] = {
    "W-2": _form(
        rf"(?:w|vv){_HYPHEN}(?:2|z)(?:c|g)?",
        "wage and tax statement",
        "wages tips other comp|federal income tax withheld|social security wages|social security tax "
        "withheld|medicare wages and tips|medicare tax withheld|allocated tips|dependent care benefits|"
        "nonqualified plans|statutory employee|third party sick pay|state wages tips etc|local wages tips "
        "etc|locality name|employer identification number",
    ),
    "W-4": _form(
        rf"(?:w|vv){_HYPHEN}4",
        "employee s withholding certificate|withholding allowance certificate",
        "multiple jobs or spouse works|claim dependents and other credits|extra withholding",
    ),
    "W-9": _form(
        rf"(?:w|vv){_HYPHEN}{_NINE}",
        "request for taxpayer identification number and certification|request for taxpayer identification number",
        "federal tax classification|exempt payee code|backup withholding|requester s name and address",
    ),
    "1040": _form(
        rf"{_ONE}{_O}4{_O}(?:{_HYPHEN}(?:sr|nr|x|es|ez|a|v|s[s5]))?",
        "individual income tax return|u s individual income tax|us individual income tax return|amended u s individual",
        "filing status|adjusted gross income|taxable income|standard deduction|amount you owe|total tax|tax "
        "exempt interest|ordinary dividends|qualified dividends|ira distributions|pensions and annuities|"
        "social security benefits|capital gain or loss|earned income credit|additional child tax credit|"
        "presidential election campaign|your social security number|spouse s social security number|"
        "itemized deductions|wages salaries tips|applied to your estimated tax",
    ),
    "1095": _form(
        rf"{_ONE}{_O}{_NINE}[5s](?:{_HYPHEN}[abc8])?",
        "health insurance marketplace statement|employer provided health insurance offer and coverage",
        "monthly enrollment premiums|advance payment of premium tax credit|second lowest cost silver plan|"
        "covered individuals|offer of coverage|marketplace identifier|marketplace assigned policy number",
    ),
    "1098": _form(
        rf"{_ONE}{_O}{_NINE}[8b](?:{_HYPHEN}[cetfqm])?",
        "mortgage interest statement|student loan interest statement|tuition statement",
        "mortgage interest received|outstanding mortgage principal|mortgage origination date|points paid on "
        "purchase|mortgage insurance premiums|student loan interest received|payments received for "
        "qualified tuition|scholarships or grants",
    ),
    "1099": _form(
        rf"{_ONE}{_O}{_NINE}{{2}}(?:{_HYPHEN}(?:int|div|misc|nec|r|g|b|k|s|sa|ssa|oid|q|c|a|patr|ltc|da|h|ls|"
        rf"1nt|d1v|m1sc))?",
        "dividends and distributions|certain government payments|distributions from pensions annuities|"
        "proceeds from broker and barter exchange|payment card and third party network transactions|social "
        "security benefit statement",
        "nonemployee compensation|miscellaneous income|miscellaneous information|payer s tin|recipient s "
        "tin|payer s name|recipient s name|federal income tax withheld|total ordinary dividends|qualified "
        "dividends|early withdrawal penalty|interest on u s savings bonds|tax exempt interest|unemployment "
        "compensation|gross distribution|taxable amount not determined|distribution code|state tax withheld|"
        "payer s state no|cost or other basis|fatca filing requirement|foreign tax paid|2nd tin not",
    ),
    "K-1": _form(
        r"(?<=\w[ \xa0_-])k[\s_\u2010-\u2015-]{1,2}[1lI|!i]|k-1",
        "partner s share of income|shareholder s share of income|beneficiary s share of income",
        "ordinary business income loss|net rental real estate income|guaranteed payments|partner s capital "
        "account|section 179 deduction|self employment earnings|partnership s employer identification "
        "number",
    ),
}
_SCHEDULE: Final = re.compile(r"(?i)(?<![a-z])schedule[\s_-]{0,2}k[\s_\u2010-\u2015-]{0,2}[1lI|!i](?![a-z\d])")
_CALLED: Final = re.compile(rf"(?i)(?<![a-z]){_NAMED}[\s:#_-]{{0,3}}$")
_BOXES: Final = 2
"""Different boxes of one form that tell it without its number or title."""


def forms_in(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Which of W-2, W-4, W-9, 1040, 1095, 1098, 1099 and K-1 these lines are, in this order.

    A title tells a form, so does its number after the word `Form` (or `Schedule`) or beside a box of it, and so do two
    of its boxes. A number alone does not: it stands in any list of documents. A box of several forms counts for each.
    """
    text = "\n".join(texts)
    folded = _folded(text)
    return tuple(
        name
        for name, form in _FORMS.items()
        if _is_in(text, folded, form=form) or (name == "K-1" and _SCHEDULE.search(text))
    )


def _is_in(text: str, folded: str, *, form: _Form) -> bool:
    if any(title in folded for title in form.titles):
        return True
    boxes = sum(box in folded for box in form.boxes)
    if boxes >= _BOXES:
        return True
    numbers = tuple(compiled(form.number).finditer(text))
    if numbers and boxes:
        return True
    return any(_CALLED.search(text, max(match.start() - 16, 0), match.start()) for match in numbers)
