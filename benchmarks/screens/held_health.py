"""Held-out kinds about health: a pharmacy, insurance claims, booking a visit."""

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
)


def pharmacy(people: People, chance: random.Random, look: Look) -> Sheet:
    """A pharmacy's refill queue and one prescription."""
    who = people.one()
    queue = _pharmacy_queue(people, chance, look)
    sig = (
        f"Take one tablet by mouth {chance.choice(('daily', 'at night', 'twice a day'))} for "
        f"{chance.choice(people.deal(CONDITIONS)).casefold()}"
    )
    label = _pharmacy_label(people, chance, sig, who)
    plan = card(
        "Insurance",
        pairs(
            (
                ("Member ID", "medical", who.member),
                ("BIN", "medical", people.number(6)),
                ("PCN", "medical", people.token(6).upper()),
                ("Group", "medical", people.token(7).upper()),
            ),
            "pairs one",
        )
        + picture("bars", "medical", chance, (180, 40)),
    )
    body = (
        "<div class='top fill'>" + chrome("RxWorkbench", "span.logo")
        + all_chrome("Queue|Intake|Data Entry|Verification|Fill|Pickup|Inventory") + "<span class=grow></span>"
        + chrome("Store") + " " + content("0442") + value("person", people.one().full)
        + "</div><div class=main><div class=row>" + icon_label("Search", "Scan or search")
        + icon_label("Print", "Print label") + icon_label("Phone", "Call patient") + icon_label("Flag", "Transfer")
        + "<span class=grow></span>" + toolbar("Refresh|Filter|More")
        + f"</div><p></p><div class='grid two'>{label}<div>{plan}<div class=row>"
        + tick("Generic substitution", "checked", "medical") + tick("Child-resistant cap") + "</div>"
        + buttons("Approve refill|Contact prescriber|Cancel") + "</div></div>"
        + tabs("Due today|Waiting|Will call|Exceptions") + f"{queue}" + content(chance.choice(FILLER), "p.small")
        + "</div>"
    )  # fmt: skip
    return Sheet("RxWorkbench - Queue", "chrome", "rx.example.com/queue", "", body)


def _pharmacy_label(people: People, chance: random.Random, sig: str, who: Person) -> str:
    return card(
        "Prescription",
        pairs(
            (
                ("Patient", "person", who.full),
                ("DOB", "person", who.born),
                ("Drug", "medical", chance.choice(people.deal(DRUGS))),
                ("Directions", "medical", sig),
                ("Prescriber", "medical", "Dr. " + people.one().full),
                ("NPI", "medical", people.number(10)),
                ("DEA", "medical", f"B{who.family[0]}{people.number(7)}"),
                ("Days supply", "medical", "30"),
            )
        ),
    )


def _pharmacy_queue(people: People, chance: random.Random, look: Look) -> str:
    return table(
        "Rx #|Patient|Drug|Qty|Refills left|Copay|Status",
        (
            (
                value("medical", people.number(7)),
                value("person", people.one().sorted_name),
                value("medical", chance.choice(people.deal(DRUGS))),
                value("medical", str(chance.choice((30, 60, 90)))),
                value("medical", people.number(1)),
                value("financial", people.money(0, 140)),
                value("medical", chance.choice(("Ready", "On hold", "Prior auth", "Picked up", "Denied")), "span.chip"),
            )
            for _ in range(look.rows(470))
        ),
    )


_CLAIMS_STYLE: Final = (
    ".meter{height:9px;border-radius:5px;background:var(--line);margin:8px 0}.meter i{display:block;"
    "width:62%;height:9px;border-radius:5px;background:var(--accent)}"
)


def claims(people: People, chance: random.Random, look: Look) -> Sheet:
    """A health insurer's claims, with what was paid for what."""
    who = people.one()
    rows = [
        (
            value("medical", people.date(), "span.small"),
            value("medical", "Dr. " + people.one().family),
            value("medical", chance.choice(people.deal(CONDITIONS))),
            value("medical", f"{chance.choice('FGJM')}{people.number(2)}.{people.number(1)}"),
            value("medical", people.number(5)),
            value("financial", people.money(40, 9000), "span.num"),
            value("financial", people.money(0, 4000), "span.num"),
            value("financial", people.money(0, 900), "b.num"),
            value("medical", chance.choice(("Paid", "Denied", "Processing", "Appealed")), "span.chip"),
        )
        for _ in range(look.rows(430))
    ]
    id_card = _claims_id_card(people, chance, who)
    spent = _claims_spent(people)
    body = (
        "<div class=top>" + chrome("Member Services", "span.logo")
        + all_chrome("Home|Claims|Coverage & Benefits|Find Care|Spending Accounts|Forms", "a", "href=#")
        + "<span class=grow></span>" + icon_button("Bell") + avatar(who, chance) + value("person", who.given)
        + "</div><div class=main>" + chrome("Claims Summary", "h1") + content(chance.choice(FILLER), "p.muted")
        + f"<div class=grid>{id_card}{spent}"
        + card("Need help?", content("Call the number on the back of your card, or start a chat with an advocate.",
            "p") + buttons("Submit a claim|Appeal a decision"))
        + "</div><div class=row>" + choice("Family member", "person", people.one().given)
        + choice("Date range", "content", "Last 12 months") + choice("Claim type", "content", "All types")
        + "<span class=grow></span>" + icon_label("Download", "Explanation of benefits") + "</div>"
        + table("Date of service|Provider|Diagnosis|ICD-10|CPT|Billed|Plan paid|You owe|Status", rows) + "</div>"
    )  # fmt: skip
    return Sheet("Claims - Member Services", "chrome", "member.example.org/claims", _CLAIMS_STYLE, body)


def _claims_spent(people: People) -> str:
    return card(
        "Deductible",
        value("financial", people.money(100, 2900), "b.big")
        + " "
        + chrome("of")
        + " "
        + value("financial", "$3,000.00")
        + "<div class=meter data-picture=financial><i></i></div>"
        + chrome("Out-of-pocket maximum")
        + "<br>"
        + value("financial", people.money(900, 6000), "b"),
    )


def _claims_id_card(people: People, chance: random.Random, who: Person) -> str:
    return card(
        "Member ID card",
        pairs(
            (
                ("Member", "person", who.full),
                ("Member ID", "medical", who.member),
                ("Group", "medical", people.number(6)),
                ("Plan", "medical", chance.choice(("Choice Plus", "Silver 70", "Select"))),
            ),
            "pairs one",
        )
        + picture("code", "medical", chance, (80, 80)),
    )


def booking(people: People, chance: random.Random, _look: Look) -> Sheet:
    """Booking a visit: reason, doctor, time, insurance; choices lie in selects and radio buttons."""
    who = people.one()
    doctors = _booking_doctors(people, chance)
    reason = _booking_reason(people, chance)
    you = card(
        "Patient details",
        "<div class='grid two'>"
        + field("First name", "person", who.given)
        + field("Last name", "person", who.family)
        + field("Date of birth", "person", who.born)
        + field("Mobile phone", "person", who.phone)
        + choice("Insurance carrier", "medical", chance.choice(("Aetna", "Medicaid", "Self-pay", "Halden Mutual")))
        + field("Member ID", "medical", who.member)
        + "</div>"
        + tick("Send me text reminders", "checked"),
    )
    summary = card(
        "Your appointment",
        value("medical", "Dr. " + people.one().full, "b")
        + "<br>"
        + value("medical", f"{people.date()} at 2:45 PM")
        + "<br>"
        + value("medical", f"Suite {people.number(3)}, {who.city} Women's Clinic")
        + "<p></p>"
        + button("Confirm appointment", "go")
        + button("Join waitlist"),
    )
    body = (
        "<div class=top>" + icon_button("Back") + chrome("Book an appointment", "span.logo")
        + "<span class=grow></span>" + chrome("Step 2 of 4", "span.muted") + icon_button("Close")
        + "</div><div class=split>"
        + side("Reason|Provider|Date & time|Insurance|Confirm", 1, "Comment|User|Calendar|Lock|Flag")
        + f"<div class=main><div class='grid two'>{reason}{you}</div>" + chrome("Available providers", "h2")
        + "<div class=row>" + icon_label("Filter", "Specialty") + icon_label("Filter", "Gender")
        + icon_label("Sort", "Soonest available")
        + f"</div><p></p>{doctors}</div><div style='width:19em;padding:14px;flex:none'>{summary}"
        + content(chance.choice(FILLER), "p.small.muted") + "</div></div>"
    )  # fmt: skip
    return Sheet("Book an appointment", "chrome", "clinic.example.org/book?step=2", "", body)


def _booking_doctors(people: People, chance: random.Random) -> str:
    return "".join(
        "<section class='card row'>"
        + avatar(one, chance, 48)
        + "<div>"
        + value("medical", "Dr. " + one.full, "b")
        + "<br>"
        + value(
            "medical", chance.choice(("Oncology", "Psychiatry", "Urology", "Fertility", "Dermatology")), "span.small"
        )
        + "</div><span class=grow></span>"
        + "".join(value("medical", time, "button.b") for time in ("9:10 AM", "11:30 AM", "2:45 PM"))
        + "</section>"
        for one in people.some(3)
    )


def _booking_reason(people: People, chance: random.Random) -> str:
    return card(
        "Reason for visit",
        choice("Visit type", "medical", chance.choice(people.deal(CONDITIONS)))
        + area(
            "medical",
            (
                f"{chance.choice(people.deal(CONDITIONS))} since {people.date()}"
                f", getting worse, currently takes {chance.choice(people.deal(DRUGS))}"
            ),
            3,
        )
        + chrome("Is this urgent?")
        + dots("Yes|No|Not sure", "medical", chance.randrange(3))
        + chrome("Have you been here before?")
        + dots("New patient|Returning patient", "medical", chance.randrange(2)),
    )
