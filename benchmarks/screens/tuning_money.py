"""Tuning kinds about money: a bank account, a spreadsheet, an order."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    avatar,
    button,
    card,
    choice,
    chrome,
    content,
    empty_field,
    entry,
    field,
    icon_label,
    menu_bar,
    pairs,
    picture,
    select,
    table,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
    SHOPS,
)

_BANK_STYLE: Final = ".acc .big{display:block}.one{grid-template-columns:1fr}.one dt{width:5em}"


def bank(people: People, chance: random.Random, look: Look) -> Sheet:
    """A bank account: balance, transfers, a list of transactions."""
    who = people.one()
    rows = []
    for _ in range(look.rows(330)):
        sign = chance.choice(("-", "-", "+"))
        rows.append(
            (
                value("financial", people.date(), "span.small"),
                value("financial", chance.choice(people.deal(SHOPS))),
                value(
                    "financial",
                    chance.choice(("Groceries", "Health", "Transfer", "Gas", "Legal", "Income", "Dining")),
                    "span.chip",
                ),
                value("financial", sign + people.money(2, 2400), "span.num"),
                value("financial", people.money(10, 15000), "span.num"),
                icon_button("Expand", 14, "Details"),
            )
        )
    accounts = _bank_accounts(people)
    move = _bank_move(people)
    body = (
        "<div class=top>" + chrome("Online Banking", "span.logo")
        + all_chrome("Accounts|Pay & transfer|Cards|Investments|Offers", "a", "href=#") + "<span class=grow></span>"
        + chrome("Good morning,") + " " + value("person", who.given, "b") + button("Sign off")
        + "</div><div class=split style='padding:14px;gap:14px'><div class=grow style='min-width:0;"
        f"overflow:hidden'><div class=grid>{accounts}</div><div class=row>" + chrome("Recent transactions", "h2")
        + "<span class=grow></span><input data-cat=chrome placeholder='Search transactions' style='width:15em'>"
        + icon_label("Filter", "Filter") + icon_label("Download", "Export") + "</div>"
        + table("Date|Description|Category|Amount|Balance|", rows) + f"</div><div style='width:18em;flex:none'>{move}"
        + card("Account details", pairs((("Routing", "financial", people.number(9)), ("Account", "financial",
            who.account), ("Owner", "person", who.full)), "pairs one"))
        + "</div></div>"
    )  # fmt: skip
    return Sheet("Checking - Online Banking", "chrome", "bank.example.com/accounts/1", _BANK_STYLE, body)


def _bank_move(people: People) -> str:
    return card(
        "Transfer money",
        choice("From", "financial", f"Checking ...{people.number(4)}")
        + choice("To", "person", people.one().full)
        + field("Amount", "financial", people.money())
        + empty_field("Memo", "Optional")
        + button("Continue", "go"),
    )


def _bank_accounts(people: People) -> str:
    return "".join(
        "<div class='card acc'>"
        + chrome(kind)
        + " "
        + value("financial", "..." + people.number(4), "span.small")
        + value("financial", people.money(20, 80000), "b.big")
        + chrome("Available balance", "span.small.muted")
        + "</div>"
        for kind in ("Checking", "Savings", "Credit card")
    )


_SPREADSHEET_STYLE: Final = (
    ".sheet{flex:1;overflow:hidden}.sheet table{border-collapse:collapse;table-layout:auto}"
    ".sheet td,.sheet th{border:1px solid var(--line);height:calc(var(--row) - 6px);padding:0 5px;"
    "white-space:nowrap;font-weight:normal}.sheet th{background:var(--panel);min-width:2.6em;"
    "color:var(--lesser)}.hd{font-weight:bold!important}.cell{border:1px solid var(--line);"
    "padding:2px 18px}"
)


def spreadsheet(people: People, chance: random.Random, look: Look) -> Sheet:
    """A spreadsheet with salaries and bank details: cells without any borders of their own meaning."""
    columns = ("Name", "Title", "Base", "Bonus %", "Rating", "SSN", "Account", "Notes")
    letters = "".join(chrome(letter, "th") for letter in "ABCDEFGHIJK")
    rows = [
        f"<tr><th></th>{letters}</tr><tr>"
        + chrome("1", "th")
        + "".join(content(name, "td.hd") for name in columns)
        + "<td></td><td></td><td></td></tr>"
    ]
    for number in range(2, look.rows(170) + 2):
        one = people.one()
        cells = (
            value("person", one.sorted_name, "td"),
            value("hr", one.title, "td"),
            value("hr", f"{one.salary:,}", "td.num"),
            value("hr", f"{chance.randint(0, 30)}%", "td.num"),
            value("hr", chance.choice("ABCDE"), "td"),
            value("tax", one.ssn, "td"),
            value("financial", one.account, "td.num"),
            value("hr", chance.choice(("promote", "hold", "PIP", "ok", "exit in Q2", "")), "td"),
        )
        rows.append("<tr>" + chrome(str(number), "th") + "".join(cells) + "<td></td><td></td><td></td></tr>")
    ribbon = _spreadsheet_ribbon(look)
    body = (
        menu_bar("File|Edit|View|Insert|Format|Sheet|Data|Tools|Window|Help")
        + f"{ribbon}<div class=row style='padding:2px 10px'>" + content("C4", "span.cell") + icon("Edit", 14)
        + entry("hr", f"{people.one().salary}", "style=flex:1") + "</div><div class=sheet><table>" + "".join(rows)
        + "</table></div><div class=row style='padding:3px 10px'>" + icon_button("Add", 14, "Add sheet")
        + value("hr", "Merit 2026", "span.tab.on") + value("hr", "Layoffs", "span.tab") + chrome("Sheet3", "span.tab")
        + "<span class=grow></span>" + chrome("Average:", "span.small") + " "
        + value("hr", people.money(40000, 90000), "span.small") + " " + chrome("Sum:", "span.small") + " "
        + value("hr", people.money(10**6, 10**7), "span.small") + "</div>"
    )  # fmt: skip
    return Sheet("Merit 2026 final v3.ods - Calc", "hr", "sheets.example.com/d/1kQ", _SPREADSHEET_STYLE, body)


def _spreadsheet_ribbon(look: Look) -> str:
    return (
        "<div class=row style='padding:4px 10px'>"
        + toolbar("Undo|Redo|Print||Bold|Italic|Underline||Align|Table|Chart|Filter|Sort", 16)
        + (
            f"<select data-cat=content style='width:8em'><option>{look.font.split()[0]}"
            "</option></select><select data-cat=content style='width:4.5em'><option>10</option>"
            "</select></div>"
        )
    )


_ORDER_STYLE: Final = (
    ".it{border-bottom:1px solid var(--line);padding:6px 0;flex-wrap:nowrap}"
    ".one{grid-template-columns:1fr}.it select{width:4em}"
)


def order(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A shop's checkout: address, card with its number in four boxes, items, a bar code."""
    who = people.one()
    groups = _order_groups(who)
    items = _order_items(people, chance)
    address = (
        "<div class='grid two'>" + field("Full name", "person", who.full) + field("Phone", "person", who.phone)
        + field("Street address", "person", who.street) + field("City", "person", who.city)
        + choice("State", "person", who.state) + field("ZIP code", "person", who.postcode) + "</div>"
    )  # fmt: skip
    body = (
        "<div class=top>" + chrome("Marketplace", "span.logo")
        + "<input data-cat=chrome placeholder='Search products, brands and more' "
        "style='max-width:40em'><span class=grow></span>" + icon_label("User", "Account") + icon_label("Cart", "Cart")
        + value("financial", people.number(1), "span.badge")
        + "</div><div class=split style='padding:16px;gap:16px'><div class=grow>" + chrome("Checkout", "h1")
        + "<p></p>" + card("Shipping address", address)
        + card("Payment method", chrome("Card number") + f"<div class=row>{groups}</div><p></p><div class=row>"
            + field("Expires", "financial", f"0{people.number(1)}/{people.number(2)}") + field("CVV", "secret",
            people.number(3), "type=password") + field("Name on card", "person", who.full.upper()) + "</div>")
        + "</div><div style='width:24em;flex:none'>"
        + card("Order summary", items + pairs((("Subtotal", "financial", people.money()), ("Shipping", "financial",
            "Free"), ("Estimated tax", "financial", people.money(1, 90)), ("Order total", "financial",
            people.money())), "pairs one") + button("Place your order", "go"))
        + card("Pick-up code", picture("bars", "financial", chance, (220, 50)) + "<br>" + value("financial",
            people.number(12), "span.small"))
        + content(chance.choice(FILLER), "p.small") + avatar(who, chance, 28) + "</div></div>"
    )  # fmt: skip
    return Sheet("Checkout", "chrome", "shop.example.com/checkout", _ORDER_STYLE, body)


def _order_groups(who: Person) -> str:
    return "".join(
        (
            entry(
                "financial",
                part,
                f"data-val=card style='width:4.6em;text-align:center' aria-label='Card digits {index + 1}'",
            )
            for index, part in enumerate(who.card.split())
        )
    )


def _order_items(people: People, chance: random.Random) -> str:
    return "".join(
        "<div class='row it'>"
        + picture("photo", "financial", chance, (54, 54))
        + "<div>"
        + value("financial", name)
        + "<br>"
        + chrome("Qty")
        + " "
        + select("financial", people.number(1))
        + "</div><span class=grow></span>"
        + value("financial", people.money(3, 400), "b")
        + "</div>"
        for name in chance.sample(
            (
                "Pregnancy test, 2 pack",
                "Hair dye",
                "Noise meter",
                "Bible, large print",
                "Blood pressure cuff",
                "Boots",
                "Rope 20 m",
                "Garden light",
            ),
            4,
        )
    )
