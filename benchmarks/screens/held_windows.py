"""Held-out kinds of desktop programmes: a doctor's practice and a dialogue on an employee."""

from __future__ import annotations

import random

from benchmarks.screens.nodes import Node, across, book, down, form, frame, grid, label, menus, several
from benchmarks.screens.people import People
from benchmarks.screens.texts import CONDITIONS, DRUGS, REVIEWS


def clinic(people: People, chance: random.Random) -> Node:
    """A practice's programme: a patient's card, a grid of visits, an open menu."""
    who = people.one()
    patient = "Patient: Find...|Merge|Print label|Close record"
    bar = menus("Patient", "Practice: Log out", patient, "Billing: Invoice", "Tools: Options", "Help: Contents")
    details = form(
        ("Surname", "person", who.family),
        ("First name", "person", who.given),
        ("Born", "person", who.born),
        ("Insurance no.", "medical", who.member),
        ("Allergies", "medical", chance.choice(("Latex", "None", "Iodine"))),
        ("Telephone", "person", who.phone),
    )
    states = across(
        label("chrome", "Smoker"),
        ["combo", "medical", chance.choice(("Yes", "No", "Former"))],
        label("chrome", "Marital status"),
        ["combo", "person", chance.choice(("Single", "Married"))],
    )
    found = chance.choice(people.deal(CONDITIONS)).casefold()
    note = ["text", "medical", f"Complains of {found} for two weeks. Blood drawn. Sick note until {people.date()}."]
    heads = several("label", "Date|Diagnosis|Medication|Doctor|Fee")
    visits = (cell for _ in range(9) for cell in _visit(people, chance))
    ends = across(*several("button", "New visit|Prescribe|Refer|Print|Close"))
    top = across(down(details, states), frame("Findings", note))
    return down(bar, top, book("Visits|Prescriptions|Letters|Laboratory", grid(5, *heads, *visits)), ends)


def _visit(people: People, chance: random.Random) -> tuple[Node, ...]:
    return (
        label("medical", people.date()),
        label("medical", chance.choice(people.deal(CONDITIONS))),
        label("medical", chance.choice(people.deal(DRUGS))),
        label("medical", people.one().family),
        label("financial", people.money(20, 400)),
    )


def personnel(people: People, chance: random.Random) -> Node:
    """A dialogue on one employee: pay, grade, bank, a warning."""
    who = people.one()
    pay = form(
        ("Salary", "hr", f"{who.salary:,}"),
        ("Grade", "hr", chance.choice("ABCDE")),
        ("Bonus", "hr", f"{chance.randint(0, 30)} %"),
        ("Tax number", "tax", people.ssn()),
        ("Bank account", "financial", who.account),
        ("Cost centre", "financial", people.number(4)),
    )
    remarks = frame("Remarks", ["text", "hr", " ".join(chance.sample(people.deal(REVIEWS), 3))])
    rating = across(
        label("chrome", "Rating"),
        ["combo", "hr", chance.choice(("Good", "Poor", "Top"))],
        label("chrome", "Next step"),
        ["combo", "hr", chance.choice(("Promote", "Warn", "None"))],
    )
    heads = several("label", "Name|Position|Absent days")
    rows = (
        cell
        for one in people.some(8)
        for cell in (label("person", one.sorted_name), label("hr", one.title), label("medical", people.number(2)))
    )
    ends = across(*several("button", "OK|Apply|Cancel|Help"), *several("check", "Notify manager"))
    tabs = book("Team|Leave|Documents|Training", grid(3, *heads, *rows))
    return down(label("person", who.full), across(frame("Compensation", pay), remarks), rating, tabs, ends)
