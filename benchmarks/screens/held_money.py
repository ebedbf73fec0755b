"""Held-out kinds about money: a card's statement, an expense report, a journey."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    avatar,
    button,
    buttons,
    card,
    choice,
    chrome,
    content,
    entry,
    field,
    icon_label,
    pairs,
    picture,
    select,
    table,
    tabs,
    tick,
    value,
)
from benchmarks.screens.icons import icon, icon_button
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
    SHOPS,
)

_CARD_STATEMENT_STYLE: Final = (
    ".plastic{background:linear-gradient(120deg,#23395d,#4a6fa5);color:#fff;"
    "border-radius:12px;padding:18px;margin-bottom:14px}.num4{display:flex;gap:1em;"
    "font-size:1.25em;margin:1.4em 0 .9em}.t td{padding:3px 8px}"
)


def card_statement(people: People, chance: random.Random, look: Look) -> Sheet:
    """A credit card's statement: the card drawn, what was bought where, a split number."""
    who = people.one()
    drawn = "".join(value("financial", part, "span", "data-val=card") for part in who.card.split())
    plastic = (
        "<div class=plastic>" + chrome("Platinum Rewards", "div")
        + f"<div class='num4 mono'>{drawn}</div><div class=row>" + value("person", who.full.upper())
        + "<span class=grow></span>" + chrome("VALID THRU", "span.small") + " "
        + value("financial", f"0{people.number(1)}/{people.number(2)}") + "</div></div>"
    )  # fmt: skip
    rows = [
        (
            value("financial", people.date(), "span.small"),
            value("financial", chance.choice(people.deal(SHOPS)))
            + "<br>"
            + value("financial", chance.choice(("Online", "In store", people.one().city)), "span.small.muted"),
            value("financial", chance.choice(("Pending", "Posted", "Disputed", "Refund")), "span.chip"),
            value("financial", people.money(1, 900), "b.num"),
        )
        for _ in range(look.rows(200) * 2 // 3)
    ]
    due = _card_statement_due(people, chance)
    body = (
        "<div class=top>" + chrome("Card Center", "span.logo")
        + tabs("Activity|Statements|Rewards|Offers|Manage card") + "<span class=grow></span>" + icon_button("Bell")
        + button("Log out")
        + f"</div><div class=split style='padding:14px;gap:16px'><div style='width:23em;flex:none'>{plastic}{due}"
        + card("Spending", picture("chart", "financial", chance, (250, 90)))
        + "</div><div class=grow style='min-width:0;overflow:hidden'><div class=row>"
        + chrome("Latest activity", "h2") + "<span class=grow></span>"
        + choice("Statement period", "content", "Since last statement") + icon_label("Search", "Search")
        + icon_label("Print", "Print") + "</div>" + table("Date|Merchant|Status|Amount", rows)
        + content(chance.choice(FILLER), "p.small.muted") + "</div></div>"
    )  # fmt: skip
    return Sheet("Card Center", "chrome", "cards.example.com/activity", _CARD_STATEMENT_STYLE, body)


def _card_statement_due(people: People, chance: random.Random) -> str:
    return card(
        "Statement",
        pairs(
            (
                ("New balance", "financial", people.money(50, 9000)),
                ("Minimum due", "financial", people.money(25, 300)),
                ("Due date", "financial", people.date()),
                ("Credit limit", "financial", people.money(1000, 30000)),
                ("APR", "financial", f"{chance.uniform(9, 30):.2f}%"),
                ("Credit score", "financial", people.number(3)),
            ),
            "pairs one",
        )
        + buttons("Make a payment|Set up AutoPay"),
    )


def expenses(people: People, chance: random.Random, look: Look) -> Sheet:
    """An expense report with receipts as photos, and who approves it."""
    who, lead = people.one(), people.one()
    rows = [
        (
            "<input type=checkbox>",
            value("financial", people.date()),
            select("financial", chance.choice(("Meals", "Lodging", "Airfare", "Mileage", "Gifts"))),
            entry("financial", chance.choice(people.deal(SHOPS))),
            entry("financial", people.money(3, 900), "style='width:7em;text-align:right'"),
            value("person", people.one().given),
            picture("photo", "financial", chance, (look.row - 8, look.row - 8)),
            icon_button("Delete", 14),
        )
        for _ in range(look.rows(420))
    ]
    head = _expenses_head(people, who)
    flow = _expenses_flow(people, chance, who, lead)
    body = (
        "<div class=top>" + icon_button("Menu") + chrome("Expenses", "span.logo")
        + all_chrome("Reports|Receipts|Approvals|Cash advances|Policies", "a", "href=#") + "<span class=grow></span>"
        + avatar(who, chance) + "</div><div class=split><div class=main><div class=row>"
        + chrome("Expense Report", "h1") + chrome("Not submitted", "span.chip") + "<span class=grow></span>"
        + chrome("Total") + " " + value("financial", people.money(200, 9000), "b.big")
        + f"</div><p></p>{head}<div class=row>" + icon_label("Add", "Add expense")
        + icon_label("Upload", "Attach receipt") + icon_label("Copy", "Itemize") + icon_label("Group", "Attendees")
        + "</div>" + table("|Date|Expense type|Vendor|Amount|Attendee|Receipt|", rows)
        + "</div><div style='width:19em;padding:14px;flex:none'>" + card("Approval flow", flow)
        + card("Comments", value("chat", "Please explain the casino charge.", "p") + value("person", lead.full,
            "span.small"))
        + content(chance.choice(FILLER), "p.small") + buttons("Submit report|Recall") + "</div></div>"
    )  # fmt: skip
    return Sheet("Expense Report", "chrome", "expense.example.com/reports/RX-881", "", body)


def _expenses_head(people: People, who: Person) -> str:
    return card(
        "Report details",
        "<div class='grid four'>"
        + field("Report name", "financial", f"Trip to {who.city}")
        + field("Employee", "person", who.full)
        + choice("Cost center", "financial", people.number(4))
        + choice("Reimburse to", "financial", "Checking ..." + people.number(4))
        + "</div>",
    )


def _expenses_flow(people: People, chance: random.Random, who: Person, lead: Person) -> str:
    return "".join(
        (
            "<div class=row style='margin:5px 0'>"
            + avatar(one, chance, 24)
            + value("person", one.full)
            + "<span class=grow></span>"
            + chrome(state, "span.chip")
            + "</div>"
            for one, state in ((who, "Submitted"), (lead, "Returned"), (people.one(), "Pending"))
        )
    )


def journey(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A flight's booking: travellers with passports, seats, a boarding pass with its code."""
    who = people.one()
    legs = _journey_legs(people, chance)
    form = card(
        "Traveler 1",
        "<div class='grid'>"
        + field("Given names", "person", who.given)
        + field("Surname", "person", who.family)
        + choice("Gender", "person", chance.choice(("Female", "Male", "X")))
        + choice("Nationality", "person", who.country)
        + field("Passport number", "person", chance.choice("ABCX") + people.number(8))
        + field("Known Traveler Number", "person", people.number(9))
        + "</div>"
        + choice("Special assistance", "medical", chance.choice(("Wheelchair", "None", "Insulin on board"))),
    )
    cost = _journey_cost(people)
    body = (
        "<div class='top fill'>" + chrome("Skyways", "span.logo") + all_chrome("Book|My trips|Check-in|Flight status")
        + "<span class=grow></span>" + chrome("Hi,") + " " + value("person", who.given) + content("EN")
        + "</div><div class=split style='padding:16px;gap:16px'><div class=grow style='min-width:0'>"
        + tabs("Flights|Travelers|Seats|Extras|Payment", 1) + f"{legs}{form}" + tick("Add travel insurance") + " "
        + content(chance.choice(FILLER), "span.small.muted") + f"</div><div style='width:20em;flex:none'>{cost}"
        + card("Mobile boarding pass", picture("code", "person", chance, (120, 120)) + "<br>"
            + chrome("Confirmation code") + " " + value("person", people.token(6).upper(), "b.mono"))
        + "<div class=row>" + avatar(who, chance, 30) + icon_label("Calendar", "Add to calendar")
        + "</div></div></div>"
    )  # fmt: skip
    return Sheet(
        "My trips - Skyways", "chrome", "fly.example.com/trips", ".leg{display:flex;gap:10px;align-items:center}", body
    )


def _journey_cost(people: People) -> str:
    return card(
        "Price summary",
        pairs(
            (
                ("Base fare", "financial", people.money(100, 2000)),
                ("Taxes and fees", "financial", people.money(20, 300)),
                ("Seats", "financial", "Free"),
                ("Total", "financial", people.money(200, 2500)),
            ),
            "pairs one",
        )
        + button("Pay now", "go"),
    )


def _journey_legs(people: People, chance: random.Random) -> str:
    return "".join(
        (
            "<section class='card leg'>"
            + value("person", code, "b.big")
            + value("person", one.city)
            + "<span class=grow></span>"
            + icon("Forward", 20)
            + "<span class=grow></span>"
            + value("person", chance.choice(("DEL", "WAW", "LOS", "AMM")), "b.big")
            + value("person", one.country)
            + "<div>"
            + chrome("Departs")
            + " "
            + value("person", people.date())
            + "<br>"
            + chrome("Flight")
            + " "
            + value("person", "OX " + people.number(3))
            + " "
            + chrome("Seat")
            + " "
            + value("person", people.number(2) + chance.choice("ACDF"))
            + "</div></section>"
            for one, code in zip(people.some(2), ("MSP", "PDX"), strict=True)
        )
    )
