"""Held-out kinds about people at work: pay bands, applicants, users of a system, a form with values far from labels."""

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
    icon_label,
    menu_bar,
    pairs,
    select,
    side,
    stars,
    table,
    tabs,
    tick,
    value,
)
from benchmarks.screens.icons import icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
    RATINGS,
    REVIEWS,
)

_COMPENSATION_STYLE: Final = (
    ".bar2{width:80px;height:6px;background:var(--line);position:relative}.bar2 i{position:absolute;"
    "top:-3px;width:4px;height:12px;background:var(--accent)}.top select{width:9em!important}"
)


def compensation(people: People, chance: random.Random, look: Look) -> Sheet:
    """A manager's sheet of raises: pay, ratio, band, rating, proposal in inputs."""
    rows = [_compensation_row(people, chance, look) for _ in range(look.rows(300))]
    budget = _compensation_budget(people)
    body = (
        "<div class=top>" + chrome("Compensation Planning", "span.logo") + chrome("Cycle") + " "
        + select("content", "FY26 Merit") + "<span class=grow></span>" + toolbar("Undo|Redo|Download|Help")
        + button("Submit for approval", "go")
        + f"</div><div class=main><div class='grid four'>{budget}</div><div class=row>"
        + icon_label("Filter", "Filters") + icon_label("Group", "My team") + icon_label("Table", "Columns")
        + tick("Show alerts only") + "<span class=grow></span>" + content(chance.choice(FILLER), "span.small.muted")
        + "</div>"
        + table("Worker|Level|Current base|Compa-ratio|Rating|Merit %|Bonus|Equity|Range position|Recommendation",
            rows)
        + "</div>"
    )  # fmt: skip
    return Sheet("Compensation Planning", "chrome", "hcm.example.com/comp/plan", _COMPENSATION_STYLE, body)


def _compensation_row(people: People, chance: random.Random, look: Look) -> tuple[str, ...]:
    one = people.one()
    return (
        f"<span class=row style='flex-wrap:nowrap'>{avatar(one, chance, look.row - 12)}"
        + value("person", one.sorted_name)
        + "</span>",
        value("hr", f"L{chance.randint(1, 9)}"),
        value("hr", f"{one.salary:,}", "span.num"),
        value("hr", f"{chance.uniform(0.7, 1.3):.2f}"),
        value("hr", chance.choice(people.deal(RATINGS)), "span.chip"),
        entry("hr", f"{chance.uniform(0, 12):.1f}", "style='width:4.5em;padding:1px 5px' aria-label='Merit'"),
        value("hr", f"{chance.randrange(0, 40000, 500):,}"),
        value("hr", f"{chance.randint(0, 900)} RSU"),
        f"<div class=bar2 data-picture=hr><i style='left:{chance.randint(5, 90)}%'></i></div>",
        value("hr", chance.choice(("Promote", "Hold", "Retain", "Exit"))),
    )


def _compensation_budget(people: People) -> str:
    return "".join(
        (
            "<section class=card>" + chrome(label, "span.muted") + "<br>" + value("hr", amount, "b.big") + "</section>"
            for label, amount in (
                ("Budget", people.money(90000, 400000)),
                ("Allocated", people.money(1000, 90000)),
                ("Remaining", people.money(1000, 90000)),
                ("Headcount", people.number(2)),
            )
        )
    )


_RECRUITING_STYLE: Final = (
    ".board{flex:1;display:flex;gap:9px;padding:0 12px;overflow:hidden}.lane{flex:1;"
    "background:var(--panel);border-radius:6px;padding:8px;min-width:0;overflow:hidden}"
    ".ap{background:var(--paper);border:1px solid var(--line);border-radius:5px;padding:7px;"
    "margin-top:7px;overflow:hidden}.drawer{width:21em;border-left:1px solid var(--line);"
    "padding:12px;flex:none}"
)


def recruiting(people: People, chance: random.Random, look: Look) -> Sheet:
    """Applicants on a board by stage, with stars, tags, and one opened."""
    stages = ("Applied", "Phone Screen", "Onsite", "Offer", "Hired")
    lanes = "".join(
        "<div class=lane><div class=row>"
        + chrome(stage, "b")
        + value("hr", people.number(2), "span.chip")
        + "</div>"
        + "".join(_applicant(people, chance) for _ in range(max(2, look.rows(260) // 4)))
        + "</div>"
        for stage in stages
    )
    who = people.one()
    opened = (
        "<div class=drawer><div class=row>" + avatar(who, chance, 44) + value("person", who.full, "h2")
        + "<span class=grow></span>" + icon_button("Close") + "</div>"
        + pairs((("Email", "person", who.mail), ("Phone", "person", who.phone), ("Current employer", "person",
            who.employer), ("Expected salary", "hr", f"${who.salary:,}"), ("Visa", "person",
            chance.choice(("Required", "Citizen", "H-1B"))), ("Source", "hr", chance.choice(("Referral", "Agency")))),
            "pairs one")
        + chrome("Scorecard", "h3")
        + value("hr", chance.choice(("Strong yes", "No", "Yes", "Strong no")), "span.chip.full") + " "
        + stars("hr", chance.randint(1, 5)) + value("hr", chance.choice(people.deal(REVIEWS)), "p")
        + buttons("Advance|Reject|Email") + "</div>"
    )  # fmt: skip
    body = (
        "<div class=top>" + icon_button("Home") + chrome("Hiring", "span.logo")
        + all_chrome("Jobs|Candidates|Interviews|Offers|Reports", "a", "href=#")
        + "<span class=grow></span><input data-cat=chrome placeholder='Search candidates' style='width:16em'>"
        + toolbar("Bell|Settings") + "</div><div class=row style='padding:10px 16px'>" + value("hr", who.title, "h1")
        + chrome("Open", "span.chip.green") + content("Posted 12 days ago", "span.small") + "<span class=grow></span>"
        + icon_label("Add", "Add candidate") + icon_label("Filter", "Filter") + icon_label("Share", "Share job")
        + "</div>" + tabs("Pipeline|Job post|Team|Analytics")
        + f"<div class=split><div class=board>{lanes}</div>{opened}</div>"
    )  # fmt: skip
    return Sheet("Pipeline - Hiring", "chrome", "hire.example.com/jobs/311/pipeline", _RECRUITING_STYLE, body)


def _applicant(people: People, chance: random.Random) -> str:
    one = people.one()
    return (
        "<div class=ap>" + value("person", one.full, "b") + "<br>" + value("person", one.employer, "span.small.muted")
        + "<br>" + stars("hr", chance.randint(1, 5)) + " "
        + value("hr", chance.choice(("Top", "Maybe", "Overqualified", "Rehire")), "span.chip.small") + "</div>"
    )  # fmt: skip


def users(people: People, chance: random.Random, look: Look) -> Sheet:
    """An administrator's list of users: account names, addresses, roles, last sign-in, a menu that is open."""
    rows = []
    for _ in range(look.rows(210)):
        one = people.one()
        rows.append(
            (
                "<input type=checkbox>",
                value("person", one.mail.split("@")[0], "a", "href=#"),
                value("person", one.full),
                value("person", one.mail),
                chrome(chance.choice(("Owner", "Admin", "Member", "Viewer")), "span.chip"),
                value(
                    "person",
                    f"{people.number(2)}.{people.number(2)}.{people.number(2)}.{people.number(1)}",
                    "span.mono",
                ),
                value("person", chance.choice(("Never", people.date(), "Yesterday")), "span.small"),
                chrome(chance.choice(("Active", "Invited", "Suspended"))),
                icon_button("More", 15, "Row actions"),
            )
        )
    body = (
        "<div class=split>"
        + side("Overview|Users|Groups|Devices|Apps|Domains|Security|Audit log|Billing|Data & migration", 1,
            "Home|User|Group|Table|Cart|Cloud|Lock|File|Chart|Upload")
        + "<div class=main><div class=row>" + chrome("Users", "h1") + content("Showing 1-25", "span.muted")
        + "<span class=grow></span>" + button("Add user", "go") + button("Bulk upload") + button("Export CSV")
        + "</div><p></p><div class=row>" + entry("person", people.one().given, "style=width:17em")
        + icon_label("Filter", "Add a filter") + icon_label("Table", "Manage columns")
        + toolbar("Refresh|Download", 16) + "</div>"
        + table("|Username|Display name|Email|Role|Last IP|Last sign-in|Status|", rows)
        + "<div class=pop style='right:60px;top:230px'>"
        + all_chrome("Edit user|Reset password|Sign out sessions|Suspend|Remove from group|Delete user", "span",
            "role=menuitem")
        + "</div></div></div><div class=toast>" + chrome("Temporary password:") + " "
        + value("secret", people.password(), "b.mono") + " " + chrome("Copy", "a", "href=#") + "</div>"
    )  # fmt: skip
    return Sheet("Users - Admin", "chrome", "admin.example.com/ac/users", "", body)


_FAR_FORM_STYLE: Final = (
    ".rec{columns:2;column-gap:60px}.fr{display:flex;border-bottom:1px solid var(--line);"
    "height:var(--row);align-items:center;break-inside:avoid}.lf{width:15em;padding:12px;"
    "flex:none;background:var(--panel)}"
)


def far_form(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A record in an old desktop programme: values stand far from their labels, without boxes, in two panes."""
    who = people.one()
    told = _far_form_told(people, chance, who)
    lines = _far_form_lines(told)
    body = (
        menu_bar("File|Edit|Record|Search|View|Reports|Window|Help") + "<div class=row style='padding:4px 8px'>"
        + toolbar("Add|Save|Delete||Back|Next||Search|Filter|Print|Help", 18)
        + "</div><div class=split><div class=lf>" + chrome("Find by", "b") + tick("Surname", "checked") + "<br>"
        + tick("Number") + "<p></p>" + select("person", who.family) + button("Go", "go") + "<p></p>"
        + content(chance.choice(FILLER), "p.small")
        + f"</div><div class=main><div class=rec>{lines}</div></div><div class=lf>"
        + card("Remarks", value("hr", chance.choice(people.deal(REVIEWS)), "p"))
        + choice("Reason for leaving", "hr", chance.choice(("Retired", "Dismissed", "Redundant", "Other")))
        + "</div></div><div class='row small' style='padding:2px 10px'>" + chrome("Record") + " "
        + content("14 of 388") + chrome("Ready") + "<span class=grow></span>" + chrome("CAPS") + chrome("NUM")
        + chrome("INS") + "</div>"
    )  # fmt: skip
    return Sheet("Personnel record", "chrome", "erp.example.com/hr/pers", _FAR_FORM_STYLE, body)


def _far_form_told(people: People, chance: random.Random, who: Person) -> tuple[tuple[str, str, str], ...]:
    kin = people.one()
    return (
        ("Surname", "person", who.family),
        ("Forenames", "person", who.given),
        ("Title", "person", chance.choice(("Mr", "Ms", "Dr", "Mx"))),
        ("Birthplace", "person", who.country),
        ("Date of birth", "person", who.born),
        ("Sex", "person", chance.choice("MFX")),
        ("Religion", "person", chance.choice(("None", "Jewish", "Sikh", "Muslim"))),
        ("National insurance", "tax", people.ssn()),
        ("Tax code", "tax", people.number(4) + "L"),
        ("Marital status", "tax", chance.choice(("Single", "Married", "Separated"))),
        ("Disability", "medical", chance.choice(("None", "Epilepsy", "Hearing"))),
        ("Blood group", "medical", chance.choice(("A+", "O-", "AB"))),
        ("Grade", "hr", chance.choice("ABCDEFG")),
        ("Step", "hr", people.number(1)),
        ("Salary", "hr", f"{who.salary:,}"),
        ("Warnings", "hr", chance.choice(("0", "1", "2"))),
        ("Union", "person", chance.choice(("Yes", "No"))),
        ("Sort code", "financial", f"{people.number(2)}-{people.number(2)}-{people.number(2)}"),
        ("Account", "financial", people.number(8)),
        ("Next of kin", "person", kin.full),
        ("Telephone", "person", kin.phone),
        ("Car registration", "person", people.token(3).upper() + " " + people.number(3)),
    )


def _far_form_lines(told: tuple[tuple[str, str, str], ...]) -> str:
    return "".join(
        (
            "<div class=fr>" + chrome(label) + "<span class=grow></span>" + value(category, text) + "</div>"
            for label, category, text in told
        )
    )
