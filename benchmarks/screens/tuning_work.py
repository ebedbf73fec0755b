"""Tuning kinds about people at work: a performance review, a directory, a customer's record, an organisation chart."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    area,
    avatar,
    button,
    buttons,
    card,
    choice,
    chrome,
    content,
    dots,
    field,
    icon_label,
    pairs,
    side,
    stars,
    table,
    tabs,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
    GOALS,
    MESSAGES,
    RATINGS,
    REVIEWS,
)

_REVIEW_STYLE: Final = (
    ".one{grid-template-columns:1fr}.one dt{width:6.5em}.meter{width:90px;height:8px;"
    "border-radius:4px;background:var(--line)}.meter i{display:block;height:8px;"
    "border-radius:4px;background:var(--accent)}"
)


def review(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A yearly review: goals with ratings, stars, texts, a calibration."""
    who, lead = people.one(), people.one()
    goals = table(
        "Goal|Weight|Self rating|Manager rating|Progress",
        (
            (
                value("hr", goal),
                value("hr", f"{chance.randrange(5, 50, 5)}%"),
                stars("hr", chance.randint(1, 5)),
                value("hr", chance.choice(people.deal(RATINGS)), "span.chip.full"),
                f"<div class=meter data-picture=hr><i style='width:{chance.randint(8, 96)}%'></i></div>",
            )
            for goal in chance.sample(people.deal(GOALS), 3)
        ),
    )
    words = chance.sample(people.deal(REVIEWS), 4)
    body = (
        "<div class=top>" + icon_button("Menu") + chrome("Performance", "span.logo")
        + all_chrome("Goals|Feedback|Reviews|Calibration|Reports", "a", "href=#") + "<span class=grow></span>"
        + toolbar("Search|Bell") + avatar(lead, chance) + "</div><div class=split><div class=main><div class=row>"
        + avatar(who, chance, 52) + "<div>" + value("person", who.full, "h1")
        + value("hr", f"{who.title}, L{chance.randint(2, 8)}", "span.muted") + "</div><span class=grow></span>"
        + chrome("Status") + " " + value("hr", chance.choice(("Submitted", "Draft", "Shared", "Late")), "span.chip")
        + "</div>" + tabs("Self review|Manager review|Peer feedback|Summary", 1) + card("Goals", goals)
        + "<div class='grid two'>" + card("Strengths", value("hr", words[0], "p") + value("hr", words[1], "p"))
        + card("Areas for improvement", area("hr", words[2], 3)) + "</div>"
        + card("Overall rating", dots("1|2|3|4|5", "hr", chance.randrange(5)) + "<p></p>" + choice("Rating", "hr",
            chance.choice(people.deal(RATINGS))) + field("Merit increase", "hr", f"{chance.uniform(0, 9):.1f}%"))
        + buttons("Submit review|Save draft|Discard") + "</div><div style='width:17em;padding:14px;flex:none'>"
        + card("Employee", pairs((("Manager", "person", lead.full), ("Last rating", "hr",
            chance.choice(people.deal(RATINGS))), ("Hire date", "hr", people.date(2009, 2025)), ("Salary", "hr",
            f"${who.salary:,}")), "pairs one"))
        + card("Peer feedback", value("hr", words[3], "p.small") + value("person", people.one().full, "b.small"))
        + content(chance.choice(FILLER), "p.small.muted") + "</div></div>"
    )  # fmt: skip
    return Sheet(f"Review - {who.full}", "person", "perform.example.com/reviews/77", _REVIEW_STYLE, body)


def directory(people: People, chance: random.Random, look: Look) -> Sheet:
    """A list of employees with their numbers, and a filter."""
    rows = []
    for _ in range(look.rows(190)):
        one = people.one()
        rows.append(
            (
                "<span class=row style='flex-wrap:nowrap'>"
                + avatar(one, chance, look.row - 10)
                + value("person", one.full)
                + "</span>",
                value("person", one.employee),
                value("hr", one.title),
                value("hr", one.department),
                value("person", one.country),
                value("person", one.mail, "a", "href=#"),
                value("person", one.phone),
                value("hr", chance.choice(("Active", "On leave", "Terminated", "Remote")), "span.chip"),
            )
        )
    filters = (
        "<div class=row style='flex-wrap:nowrap'>" + button("Add employee", "go")
        + "<input data-cat=chrome placeholder='Name, ID or email' style='width:16em'>"
        + icon_label("Filter", "Department") + icon_label("Filter", "Location") + icon_label("Sort", "Sort by")
        + "<span class=grow></span>" + toolbar("Download|Table|Settings", 16) + "</div>"
    )  # fmt: skip
    body = (
        "<div class=split>"
        + side("Dashboard|Employees|Teams|Time off|Documents|Payroll|Reports|Company settings", 1,
            "Home|User|Group|Calendar|File|Chart|Table|Settings")
        + "<div class=main>" + chrome("Employees", "h1") + f"<p></p>{filters}<p></p>"
        + table("Employee|ID|Job title|Department|Country|Work email|Phone|Status", rows)
        + "</div></div><div class=tip style='left:420px;top:210px'>" + value("person", people.one().address)
        + "</div>"
    )  # fmt: skip
    return Sheet("Employees", "chrome", "people.example.com/employees", "", body)


_CUSTOMER_STYLE: Final = (
    ".left{width:21em;padding:14px;border-right:1px solid var(--line);flex:none;"
    "overflow:hidden}.rightp{width:27em;padding:14px;flex:none}"
    ".one{grid-template-columns:1fr}.one dt{width:6.5em}.ev{display:flex;gap:12px;border:1px "
    "solid var(--line);border-radius:5px;padding:10px;margin-bottom:9px}.ev p{margin:.3em 0 "
    "0}"
)


def customer(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A customer's record: details, deals, a timeline of calls and mails."""
    who = people.one()
    timeline = _customer_timeline(people, chance)
    deals = table(
        "Deal name|Stage|Amount|Close date",
        (
            (
                value("financial", people.one().employer),
                value("financial", chance.choice(("Won", "Open", "Lost", "Proposal"))),
                value("financial", people.money(900, 300000)),
                value("financial", people.date()),
            )
            for _ in range(3)
        ),
    )
    about = _customer_about(people, chance, who)
    body = (
        "<div class='top fill'>" + chrome("CRM", "span.logo")
        + all_chrome("Contacts|Companies|Deals|Tickets|Marketing|Reports") + "<span class=grow></span>"
        + icon_button("Search") + icon_button("Settings") + "</div><div class=split><div class=left>"
        + chrome("Contacts", "a", "href=#") + "<div class=row>" + avatar(who, chance, 44) + "<div>"
        + value("person", who.full, "h2") + value("person", f"{who.title} at {who.employer}", "span.small")
        + "</div></div><div class=row>"
        + "".join(icon_button(name, 16) for name in ("Edit", "Mail", "Phone", "Add", "Calendar", "More")) + "</div>"
        + chrome("About this contact", "h3") + f"{about}</div><div class=main>"
        + tabs("Activity|Notes|Emails|Calls|Tasks|Meetings") + f"{timeline}</div><div class=rightp>"
        + card("Deals", deals, button("Add"))
        + card("Lists", value("financial", "Churn risk", "span.chip") + " " + value("financial", "Bad debt",
            "span.chip.red"))
        + content(chance.choice(FILLER), "p.small") + "</div></div>"
    )  # fmt: skip
    return Sheet(f"{who.full} - Contact", "person", "crm.example.com/contacts/0-1/551", _CUSTOMER_STYLE, body)


def _customer_about(people: People, chance: random.Random, who: Person) -> str:
    return pairs(
        (
            ("Email", "person", who.mail),
            ("Phone", "person", who.phone),
            ("Job title", "person", who.title),
            ("Lead status", "person", chance.choice(("New", "Open", "Customer", "In progress"))),
            ("Owner", "person", people.one().full),
            ("Birthday", "person", who.born),
            ("Address", "person", who.address),
            ("Spouse", "person", people.one().given),
        ),
        "pairs one",
    )


def _customer_timeline(people: People, chance: random.Random) -> str:
    return "".join(
        (
            "<div class=ev>"
            + icon(name, 16)
            + "<div>"
            + chrome(text, "b")
            + " "
            + value("person", people.one().full)
            + " "
            + value("chat", people.date(), "span.small.muted")
            + value("chat", chance.choice(people.deal(MESSAGES)), "p")
            + "</div></div>"
            for name, text in (
                ("Phone", "Logged call"),
                ("Mail", "Email sent to"),
                ("Comment", "Note by"),
                ("Calendar", "Meeting with"),
                ("Mail", "Email from"),
            )
        )
    )


def organisation(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A chart of who reports to whom: cards with names, titles and counts, one turned label."""
    rows = "".join(
        f"<div class=lvl>{''.join(_box(people, chance) for _ in range(count))}</div>" for count in (1, 3, 4, 5)
    )
    body = (
        "<div class=top>" + chrome("Org Chart", "span.logo")
        + "<input data-cat=chrome placeholder='Search people' style='width:18em'>"
        + buttons("Expand all|Collapse all|Export") + "<span class=grow></span>"
        + toolbar("Zoom out|Zoom in|Expand|Print|Share") + "</div><div class=split><div class=turn data-turned>"
        + value("hr", people.one().department + " reorganisation", "span")
        + f"</div><div class=main>{rows}<div class=row>" + chrome("Legend", "b")
        + chrome("Open position", "span.chip") + chrome("Contractor", "span.chip") + chrome("On leave", "span.chip")
        + "</div></div></div>"
    )  # fmt: skip
    css = (
        ".lvl{display:flex;justify-content:center;gap:14px;margin-bottom:34px}.ob{display:flex;"
        "gap:9px;border:1px solid var(--line);border-top:3px solid var(--accent);"
        "border-radius:5px;padding:8px 10px;min-width:0}.turn{writing-mode:vertical-rl;"
        "transform:rotate(180deg);padding:14px 8px;background:var(--panel);color:var(--lesser)}"
    )
    return Sheet("Org Chart", "chrome", "people.example.com/org", css, body)


def _box(people: People, chance: random.Random) -> str:
    one = people.one()
    return (
        "<div class=ob>" + avatar(one, chance, 30) + "<div>" + value("person", one.full, "b")
        + value("hr", one.title, "div.small") + "<span class=small>" + value("hr", people.number(2), "b") + " "
        + chrome("direct reports") + "</span></div></div>"
    )  # fmt: skip
