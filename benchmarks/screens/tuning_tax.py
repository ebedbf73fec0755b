"""Tuning kinds of tax and pay: the form W-2 and a pay statement."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    buttons,
    card,
    chrome,
    content,
    icon_label,
    pairs,
    side,
    table,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
)

_BOXES = (
    "1 Wages, tips, other compensation|2 Federal income tax withheld|3 Social security wages|"
    "4 Social security tax withheld|5 Medicare wages and tips|6 Medicare tax withheld|7 "
    "Social security tips|8 Allocated tips|10 Dependent care benefits|11 Nonqualified plans|"
    "16 State wages, tips, etc.|17 State income tax"
)


_W2_STYLE: Final = (
    ".w2{border:2px solid var(--ink);background:var(--paper);max-width:1150px}.cols{display:grid;"
    "grid-template-columns:1fr 1fr}.nums{display:grid;grid-template-columns:1fr 1fr}"
    ".bx{border:1px solid var(--ink);padding:2px 5px;min-height:2.9em}.lb{display:block;"
    "font-size:max(8px,.62em)}.vl{float:right}.tall{min-height:5.6em}.hdr,.foot{padding:4px 8px;"
    "display:flex;gap:18px;align-items:baseline}"
)


def w2(people: People, chance: random.Random, _look: Look) -> Sheet:
    """The form W-2 in boxes, beside a viewer's bar."""
    who = people.one()
    numbers = "".join(
        "<div class=bx>"
        + chrome(label, "span.lb")
        + value("tax", people.money(40, 99000).lstrip("$"), "span.vl")
        + "</div>"
        for label in _BOXES.split("|")
    )
    codes = "".join(
        "<div class=bx>"
        + chrome(f"12{letter} See instructions for box 12", "span.lb")
        + value("tax", chance.choice(("D", "DD", "W", "C")))
        + " "
        + value("tax", people.money(100, 20000))
        + "</div>"
        for letter in "abcd"
    )
    left = _w2_left(people, who)
    body = (
        "<div class=top>" + toolbar("Menu|Zoom out|Zoom in||Print|Download|More") + "<span class=grow></span>"
        + content("1 / 2") + icon_label("Search", "Find in document") + "</div><div class=split>"
        + side("Summary|Tax documents|Elections|Withholding|Form W-4|Delivery settings", 1)
        + "<div class=main><div class=w2><div class=hdr>" + value("tax", people.number(5), "b")
        + chrome("OMB No. 1545-0008", "span.small")
        + f"</div><div class=cols><div>{left}</div><div class=nums>{numbers}{codes}</div></div><div class=foot>"
        + chrome("W-2", "b.big") + " " + chrome("Wage and Tax Statement") + " " + content("2025", "b.big") + " "
        + chrome("Copy B - To Be Filed With Employee's FEDERAL Tax Return", "span.small") + "</div></div><p></p>"
        + content(chance.choice(FILLER), "p.muted") + buttons("Download PDF|Request a correction|Close")
        + "</div></div>"
    )  # fmt: skip
    return Sheet(f"W-2 2025 {who.full}.pdf", "person", "pay.example.com/documents/w2", _W2_STYLE, body)


def _w2_left(people: People, who: Person) -> str:
    return (
        "<div class=bx>" + chrome("a Employee's social security number", "span.lb")
        + value("tax", people.ssn(), "span.vl") + "</div><div class=bx>"
        + chrome("b Employer identification number (EIN)", "span.lb") + value("tax", people.ein(), "span.vl")
        + "</div><div class='bx tall'>" + chrome("c Employer's name, address, and ZIP code", "span.lb")
        + value("tax", who.employer, "div") + value("tax", people.one().address, "div") + "</div><div class=bx>"
        + chrome("d Control number", "span.lb") + value("tax", people.number(6), "span.vl")
        + "</div><div class='bx tall'>" + chrome("e Employee's first name and initial", "span.lb")
        + value("person", who.full, "div") + value("person", who.street, "div")
        + value("person", f"{who.city}, {who.state} {who.postcode}", "div") + "</div><div class=bx>"
        + chrome("15 State", "span.lb") + value("tax", who.state) + " " + value("tax", people.number(9)) + "</div>"
    )  # fmt: skip


def pay(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A pay statement: earnings, taxes, deductions, net pay, deposits."""
    who = people.one()
    earnings = table(
        "Description|Hours|Current|Year to date",
        _pay_lines(people, chance, "Regular|Overtime|Holiday|Bonus|Paid time off", "hr"),
    )
    taxes = table(
        "Tax|Rate|Current|Year to date",
        _pay_lines(people, chance, "Federal withholding|Social Security|Medicare|State income tax", "tax"),
    )
    cuts = table(
        "Deduction|Units|Current|Year to date",
        _pay_lines(people, chance, "Medical|401(k)|Garnishment|Union dues|Parking", "financial"),
    )
    body = (
        "<div class='top fill'>" + chrome("Payroll", "span.logo") + all_chrome("Home|Time|Pay|Taxes|Profile")
        + "<span class=grow></span>" + icon_button("Bell") + chrome("Sign out")
        + "</div><div class=main><div class=row>" + icon("Back", 16) + chrome("Pay statements", "a", "href=#")
        + chrome("Pay statement", "h1") + "<span class=grow></span>" + toolbar("Print|Download")
        + "</div><div class='grid four'>" + _amount(people, "Gross pay") + _amount(people, "Taxes")
        + _amount(people, "Deductions") + _amount(people, "Net pay") + "</div>"
        + card("Employee", pairs((("Name", "person", who.full), ("Employee ID", "person", who.employee), ("Pay date",
            "financial", people.date()), ("Filing status", "tax", chance.choice(("Single", "Married",
            "Head of household"))), ("Pay period", "financial", people.date()), ("Salary", "hr",
            f"${who.salary:,}"))))
        + "<div class='grid two'>" + card("Earnings", earnings) + card("Taxes", taxes) + card("Deductions", cuts)
        + card("Direct deposit", table("Account|Routing|Amount", ((value("financial", "Checking ••"
            + people.number(4)), value("financial", people.number(9)), value("financial", people.money())),
            (value("financial", "Savings ••" + people.number(4)), value("financial", people.number(9)),
            value("financial", people.money())))))
        + "</div></div>"
    )  # fmt: skip
    return Sheet(
        "Pay statement", "chrome", "payroll.example.com/statements/2026-01-15", ".grid .big{display:block}", body
    )


def _pay_lines(people: People, chance: random.Random, names: str, category: str) -> list[tuple[str, ...]]:
    return [
        (
            chrome(name),
            value(category, f"{chance.uniform(0, 90):.2f}", "span.num"),
            value(category, people.money(3, 7000), "span.num"),
            value(category, people.money(100, 88000), "span.num"),
        )
        for name in names.split("|")
    ]


def _amount(people: People, label: str) -> str:
    return (
        "<section class=card>"
        + chrome(label, "span.muted")
        + value("financial", people.money(200, 9000), "b.big")
        + "</section>"
    )
