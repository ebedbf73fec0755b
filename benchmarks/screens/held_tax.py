"""Held-out kinds of tax: a return in a preparer's programme, and slips of the years."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    button,
    buttons,
    choice,
    chrome,
    content,
    dots,
    empty_field,
    entry,
    field,
    icon_label,
    side,
    table,
    tabs,
    tick,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
)

_LINES = (
    "1a|Total amount from Form(s) W-2, box 1|2b|Taxable interest|3b|Ordinary dividends|4b|"
    "Taxable amount (IRA distributions)|6b|Taxable social security benefits|7|Capital gain "
    "or (loss)|8|Additional income from Schedule 1, line 10|9|This is your total income|11|"
    "Adjusted gross income|12|Standard deduction or itemized deductions|15|Taxable income|16|"
    "Tax|24|Total tax|25a|Federal income tax withheld|34|Amount you overpaid|37|Amount you "
    "owe"
)


_TAX_RETURN_STYLE: Final = (
    ".ln{display:flex;gap:12px;align-items:center;border-bottom:1px dotted var(--line);"
    "height:calc(var(--row) - 2px)}.lead{flex:1}.amt{width:9em!important;text-align:right;"
    "padding:1px 6px!important}.nb{border:1px solid var(--line);padding:0 6px}"
    ".dg{width:1.7em!important;padding:2px!important;text-align:center}.fs{padding:8px 0}"
)


def tax_return(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A return's first page in a preparer's programme: numbers far to the right of their lines."""
    who, spouse = people.one(), people.one()
    numbered = _LINES.split("|")
    lines = _tax_return_lines(chance, numbered)
    ssn = "".join(
        (
            entry("tax", digit, f"data-val=ssn class=dg aria-label='Digit {index + 1}'")
            for index, digit in enumerate(people.ssn().replace("-", ""))
        )
    )
    kids = _tax_return_kids(people, chance)
    body = (
        "<div class=top>" + toolbar("Home|Save|Print||Undo|Redo")
        + all_chrome("Federal|State|Review|File", "a", "href=#") + "<span class=grow></span>"
        + chrome("Federal refund") + " " + value("tax", people.money(10, 9000), "b.big") + "</div><div class=split>"
        + side("Personal info|Wages & income|Deductions & credits|Other tax situations|Forms|Errors|Audit risk", 4)
        + "<div class=main><div class=row>" + chrome("Form 1040", "b.big")
        + chrome("U.S. Individual Income Tax Return") + " " + content("2025", "b.big") + "<span class=grow></span>"
        + chrome("OMB No. 1545-0074", "span.small") + "</div><div class=fs>" + chrome("Filing Status", "b")
        + dots("Single|Married filing jointly|Married filing separately|Head of household", "tax",
            chance.randrange(4))
        + "</div><div class='grid four'>" + field("Your first name and middle initial", "person", who.given)
        + field("Last name", "person", who.family) + "<label class=f>" + chrome("Your social security number")
        + f"<span class=row style='gap:2px;flex-wrap:nowrap'>{ssn}</span></label>"
        + choice("Filing status", "tax", chance.choice(("Single", "Joint", "Widowed")))
        + field("Spouse's first name", "person", spouse.given) + field("Last name", "person", spouse.family)
        + field("Home address", "person", who.street) + field("ZIP code", "person", who.postcode)
        + "</div><div class=row>" + chrome("Digital Assets", "b") + dots("Yes|No", "tax", chance.randrange(2))
        + f"</div>{kids}{lines}</div></div>"
    )  # fmt: skip
    return Sheet(f"{who.family} 2025 - Form 1040", "tax", "tax.example.com/returns/2025/1040", _TAX_RETURN_STYLE, body)


def _tax_return_kids(people: People, chance: random.Random) -> str:
    return table(
        "(1) First name Last name|(2) Social security number|(3) Relationship to you|(4) Child tax credit",
        (
            (
                value("person", one.full),
                value("tax", one.ssn),
                value("person", chance.choice(("Son", "Daughter", "Parent"))),
                "<input type=checkbox checked data-picture=tax>",
            )
            for one in people.some(2)
        ),
    )


def _tax_return_lines(chance: random.Random, numbered: list[str]) -> str:
    return "".join(
        (
            "<div class=ln>"
            + chrome(number, "b")
            + chrome(text)
            + "<span class=lead></span>"
            + chrome(number, "span.nb")
            + entry("tax", f"{chance.randint(-900, 180000):,}", "class=amt")
            + "</div>"
            for number, text in zip(numbered[::2], numbered[1::2], strict=True)
        )
    )


_TAX_SLIPS_STYLE: Final = (
    ".slip{font-size:.94em}.slip .row{align-items:start;gap:2em;margin:.3em 0}"
    ".note{display:flex;gap:10px;align-items:center;background:#fde8e6;color:#5b1512;"
    "padding:8px 12px;border-radius:5px;margin:10px 0}"
)


def tax_slips(people: People, chance: random.Random, _look: Look) -> Sheet:
    """Slips of the years: 1099, 1095, 1098 in tiles, with an officer's letter in a banner."""
    who = people.one()
    kinds = (
        ("1099-INT", "Interest income"),
        ("1099-NEC", "Nonemployee compensation"),
        ("1095-C", "Health coverage offer"),
        ("1098", "Mortgage interest received"),
        ("1099-R", "Distributions from pensions"),
        ("1099-G", "Unemployment compensation"),
    )
    tiles = _tax_slips_tiles(people, kinds, who)
    letter = (
        "<div class=note>" + icon("Flag", 16)
        + value("tax", (f"Notice CP2000: we propose to change your {chance.choice((2023, 2024))} return. You owe "
            f"{people.money(300, 20000)}."))
        + button("Respond") + "</div>"
    )  # fmt: skip
    body = (
        "<div class='top fill'>" + icon_button("Menu") + chrome("TaxDesk", "span.logo")
        + all_chrome("Clients|Organizer|Documents|E-file|Billing") + "<span class=grow></span>"
        + icon_button("Upload") + icon_button("Help") + "</div><div class=main><div class=row>"
        + chrome("Client", "span.muted") + value("person", who.sorted_name, "h1")
        + value("tax", chance.choice(("Single", "Married", "Itemized")), "span.chip.full")
        + "<span class=grow></span>" + chrome("PTIN") + " " + value("tax", "P" + people.number(8))
        + icon_label("Download", "Download all") + f"</div>{letter}" + tabs("2025|2024|2023|2022")
        + f"<div class=grid>{tiles}</div><div class=row>" + tick("Client has reviewed", "checked", "tax")
        + empty_field("Note to preparer", "Type a note") + content(chance.choice(FILLER), "span.small") + "</div>"
        + buttons("Request missing documents|Mark as received|Import") + "</div>"
    )  # fmt: skip
    return Sheet("TaxDesk - Documents", "chrome", "taxdesk.example.com/clients/4471/documents", _TAX_SLIPS_STYLE, body)


def _tax_slips_tiles(people: People, kinds: tuple[tuple[str, str], ...], who: Person) -> str:
    return "".join(
        (
            "<section class='card slip'><div class=row>"
            + chrome(form, "b.big")
            + "<span class=grow></span>"
            + chrome("CORRECTED (if checked)", "span.small")
            + "<input type=checkbox data-picture=tax></div>"
            + chrome(title, "span.muted")
            + "<p></p>"
            + chrome("PAYER'S name", "span.small")
            + "<br>"
            + value("tax", people.one().employer)
            + "<div class=row><div>"
            + chrome("PAYER'S TIN", "span.small")
            + "<br>"
            + value("tax", people.ein())
            + "</div><div>"
            + chrome("RECIPIENT'S TIN", "span.small")
            + "<br>"
            + value("tax", "XXX-XX-" + people.number(4))
            + "</div></div>"
            + chrome("RECIPIENT'S name", "span.small")
            + "<br>"
            + value("person", who.full)
            + "<br>"
            + value("person", who.address, "span.small")
            + "<div class=row><div>"
            + chrome("Box 1", "span.small")
            + "<br>"
            + value("tax", people.money(20, 70000), "b")
            + "</div><div>"
            + chrome("Box 4 Federal tax withheld", "span.small")
            + "<br>"
            + value("tax", people.money(0, 9000), "b")
            + "</div></div></section>"
            for form, title in kinds
        )
    )
