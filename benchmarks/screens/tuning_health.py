"""Tuning kinds about health and cover: a patient's chart, lab results, enrolment in benefits."""

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
    picture,
    side,
    table,
    tabs,
    tick,
    value,
)
from benchmarks.screens.icons import icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    CONDITIONS,
    DRUGS,
    FILLER,
    LABS,
)

_CHART_STYLE: Final = (
    ".ban{display:flex;gap:22px;align-items:center;padding:8px 16px;background:color-mix(in "
    "srgb,var(--accent) 14%,var(--paper));flex:none}.big2{font-size:1.2em}ul{margin:0;"
    "padding-left:1.2em}"
)


def chart(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A patient's chart: banner, problems, medications, allergies, vitals, a note that is being written."""
    who, doctor = people.one(), people.one()
    problems = chance.sample(people.deal(CONDITIONS), 6)
    drugs = chance.sample(people.deal(DRUGS), 5)
    banner = _chart_banner(chance, doctor, who)
    listed = "".join(
        "<li>"
        + value("medical", one)
        + " "
        + value("medical", f"{chance.choice('EFIJKM')}{people.number(2)}.1", "span.small.muted")
        + "</li>"
        for one in problems
    )
    meds = _chart_meds(people, chance, drugs)
    vitals = _chart_vitals(people, chance)
    note = (
        f"{who.given} reports that the {problems[0].casefold()}"
        f" is worse at night. Denies self-harm. Continue {drugs[0]}, return in two weeks."
    )
    body = (
        "<div class=top>" + icon_button("Home")
        + all_chrome("Schedule|In Basket|Chart|Orders|Encounters", "a", "href=#") + "<span class=grow></span>"
        + icon_label("Search", "Find patient") + button("Sign visit", "go") + f"</div>{banner}<div class=split>"
        + side(("Snapshot|Chart Review|Results|Medications|Allergies|Immunizations|Problem List|Vitals|"
            "Notes|Letters|Care Team"), 0)
        + "<div class=main><div class='grid two'>" + card("Problem List", f"<ul>{listed}</ul>")
        + card("Vitals", vitals + picture("chart", "medical", chance, (300, 60))) + "</div>"
        + card("Current Medications", meds)
        + card("Progress note", area("medical", note, 3) + buttons("Sign|Pend|Cancel")) + "</div></div>"
    )  # fmt: skip
    return Sheet(f"{who.sorted_name} - Chart", "person", "ehr.example.org/chart/8812", _CHART_STYLE, body)


def _chart_vitals(people: People, chance: random.Random) -> str:
    return pairs(
        (
            ("BP", "medical", f"{chance.randint(98, 171)}/{chance.randint(60, 99)}"),
            ("Pulse", "medical", people.number(2)),
            ("Temp", "medical", "98.6 F"),
            ("Weight", "medical", f"{chance.randint(110, 290)} lb"),
            ("BMI", "medical", f"{chance.uniform(19, 41):.1f}"),
            ("Smoking", "medical", chance.choice(("Never", "Current", "Former"))),
        )
    )


def _chart_banner(chance: random.Random, doctor: Person, who: Person) -> str:
    return (
        "<div class=ban>" + avatar(who, chance, 46) + "<div>" + value("person", who.sorted_name, "b.big2")
        + "<div class=small>" + chrome("DOB") + " " + value("person", who.born) + " " + chrome("Sex") + " "
        + value("medical", chance.choice(("F", "M", "X"))) + " " + chrome("MRN") + " "
        + value("medical", who.record.removeprefix("MRN ")) + "</div></div><div>" + chrome("Allergies", "b") + "<br>"
        + value("medical", chance.choice(("Penicillin", "Latex", "Nuts", "None known")), "span.chip.red")
        + "</div><div>" + chrome("Attending", "b") + "<br>" + value("medical", "Dr. " + doctor.full) + "</div><div>"
        + chrome("Code status", "b") + "<br>" + value("medical", chance.choice(("Full", "DNR")))
        + "</div><span class=grow></span>" + toolbar("Print|Share|Flag|More") + "</div>"
    )  # fmt: skip


def _chart_meds(people: People, chance: random.Random, drugs: list[str]) -> str:
    return table(
        "Medication|Sig|Refills|Prescriber",
        (
            (
                value("medical", one),
                value("medical", chance.choice(("once daily", "twice daily with food", "at bedtime", "as needed"))),
                value("medical", people.number(1)),
                value("medical", people.one().family),
            )
            for one in drugs
        ),
    )


def labs(people: People, chance: random.Random, look: Look) -> Sheet:
    """A patient's portal with results; what is out of range stands out."""
    who = people.one()
    rows = []
    for _ in range(look.rows(330)):
        name, usual, unit = chance.choice(people.deal(LABS))
        found = "Positive" if usual.isalpha() and chance.random() < 0.4 else f"{chance.uniform(0.2, 240):.1f}"
        mark = (
            value("medical", chance.choice(("High", "Low", "Critical")), "span.chip.red")
            if chance.random() < 0.4
            else value("medical", "Normal", "span.chip.green")
        )
        rows.append(
            (
                value("medical", name),
                value("medical", found, "b"),
                chrome(unit) if unit else "",
                content(usual),
                mark,
                value("medical", people.date(), "span.small"),
            )
        )
    head = _labs_head(people, chance)
    body = (
        "<div class='top fill'>" + chrome("MyHealth", "span.logo")
        + all_chrome("Visits|Messages|Test Results|Medications|Billing") + "<span class=grow></span>"
        + chrome("Welcome,") + " " + value("person", who.given) + avatar(who, chance) + "</div><div class=main>"
        + chrome("Test Results", "h1") + content(chance.choice(FILLER), "p.muted") + f"<div class='grid two'>{head}"
        + card("Comment from your provider", value("medical",
            f"Dear {who.given}, your sugar is too high again. Please book a visit.", "p") + button("Reply", "go"))
        + "</div>" + tabs("Results|Trends|Documents")
        + table("Component|Your value|Units|Standard range|Flag|Date", rows) + "</div>"
    )  # fmt: skip
    return Sheet("Test Results - MyHealth", "chrome", "portal.example.org/results/331", "", body)


def _labs_head(people: People, chance: random.Random) -> str:
    return card(
        "Ordered by",
        pairs(
            (
                ("Provider", "medical", "Dr. " + people.one().full),
                ("Collected", "medical", people.date()),
                ("Specimen", "medical", chance.choice(("Blood", "Urine", "Serum"))),
                ("Accession", "medical", people.number(8)),
            )
        ),
    )


def benefits(people: People, chance: random.Random, _look: Look) -> Sheet:
    """Open enrolment: plans with tiers, dependants, elections; tiers are one or two letters or common words."""
    who, family = people.one(), people.some(3)
    tiers = ("EE", "EE + Spouse", "Family", "Employee only", "Waive", "EC", "Self")
    plans = ("Gold PPO", "Bronze HDHP", "Silver HMO", "Basic", "Plus", "Premium")
    cards = _benefits_cards(people, chance, tiers, plans)
    dependants = _benefits_dependants(chance, family)
    steps = "".join(
        (
            chrome(f"{index + 1}. {text}", "span.step")
            for index, text in enumerate(
                ("Your information", "Dependents", "Elections", "Beneficiaries", "Review and submit")
            )
        )
    )
    body = (
        "<div class=top>" + chrome("Benefits Center", "span.logo")
        + content("Open enrollment ends in 9 days", "span.chip") + "<span class=grow></span>" + toolbar("Bell|Help")
        + value("person", who.full) + avatar(who, chance) + f"</div><div class=main><div class=row>{steps}"
        "</div><div class=split style='gap:16px;margin-top:12px'><div style='width:19em;flex:none'>"
        + card("Your information", field("Legal name", "person", who.full) + choice("Marital status", "tax",
            chance.choice(("Single", "Married", "Divorced", "Widowed"))) + field("Annual salary", "hr",
            f"{who.salary:,}"))
        + chrome("Do you use tobacco?") + dots("Yes|No", "medical", chance.randrange(2)) + "<p></p>"
        + tick("I have read the plan documents", "checked")
        + f"</div><div class=grow style='min-width:0'><div class=grid>{cards}</div>"
        + card("Dependents", dependants, icon_button("Add")) + buttons("Continue|Save for later|Back")
        + "</div></div></div>"
    )  # fmt: skip
    return Sheet(
        "Open Enrollment - Benefits Center",
        "chrome",
        "benefits.example.com/enroll",
        ".step{padding:.3em .9em;border-bottom:3px solid var(--line)}",
        body,
    )


def _benefits_dependants(chance: random.Random, family: tuple[Person, ...]) -> str:
    return table(
        "Name|Relationship|Date of birth|SSN|Covered",
        (
            (
                value("person", one.full),
                value("person", chance.choice(("Spouse", "Child", "Domestic partner"))),
                value("person", one.born),
                value("tax", "***-**-" + one.ssn[-4:]),
                "<input type=checkbox checked data-picture=medical>",
            )
            for one in family
        ),
    )


def _benefits_cards(people: People, chance: random.Random, tiers: tuple[str, ...], plans: tuple[str, ...]) -> str:
    return "".join(
        "<section class=card><div class=row>"
        + chrome(kind, "h3")
        + "<span class=grow></span>"
        + button("Change")
        + "</div>"
        + value("medical", chance.choice(plans), "b.big")
        + "<div class=row>"
        + chrome("Coverage tier")
        + value("medical", chance.choice(tiers), "span.chip.full")
        + "</div><div class=row>"
        + chrome("Cost per pay period")
        + value("financial", people.money(4, 320), "b")
        + "</div></section>"
        for kind in (
            "Medical",
            "Dental",
            "Vision",
            "Life Insurance",
            "Flexible Spending Account",
            "401(k) Contribution",
        )
    )
