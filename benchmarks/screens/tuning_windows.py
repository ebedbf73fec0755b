"""Tuning kinds of desktop programmes: an address book and the preferences of a backup."""

from __future__ import annotations

import random

from benchmarks.screens.nodes import Node, across, book, down, form, frame, grid, label, menus, several
from benchmarks.screens.people import People
from benchmarks.screens.texts import MESSAGES


def contacts(people: People, chance: random.Random) -> Node:
    """An address book with an open menu: a list, a form, notes."""
    who = people.one()
    bar = menus(
        "Contact", "File: New|Quit", "Contact: Edit|Send Email...|Export...|Delete", "View: Sort by Name", "Help: About"
    )
    tools = several("tool", "list-add|document-save|edit-delete|edit-find|document-print")
    names = down(*(label("person", one.full) for one in people.some(14)))
    details = form(
        ("Full name", "person", who.full),
        ("Email", "person", who.mail),
        ("Phone", "person", who.phone),
        ("Address", "person", who.address),
        ("Birthday", "person", who.born),
        ("Employer", "person", who.employer),
        ("Nickname", "person", who.given[:3]),
    )
    notes = frame("Notes", ["text", "chat", " ".join(chance.sample(people.deal(MESSAGES), 4))])
    ends = across(*several("button", "Save|Cancel"), *several("check", "Favourite"))
    right = down(label("person", who.full), details, notes, ends)
    return down(bar, across(*tools), *several("rule", ""), across(names, book("Details|Groups|History", right)))


def backup(people: People, chance: random.Random) -> Node:
    """Preferences of a backup: nearly all interface, with a passphrase and a server."""
    storage = form(
        ("Server", "secret", f"backup-{people.number(2)}.internal"),
        ("User name", "person", people.one().mail),
        ("Folder", "person", f"/home/{people.one().family.casefold()}/Documents"),
        ("Access key", "secret", people.token(24)),
    )
    kept = chance.choice(("At least a year", "Forever", "At least six months"))
    hidden = grid(
        2,
        label("chrome", "Passphrase"),
        ["password", "secret", people.password()],
        label("chrome", "Confirm passphrase"),
        ["password", "secret", people.password()],
        label("chrome", "Keep backups"),
        ["combo", "content", kept],
    )
    ticks = down(*several("check", "Back up automatically|Encrypt backups|Skip large files|Notify when finished"))
    left = down(*several("button", "Overview|Folders to save|Folders to ignore|Storage location|Scheduling"))
    ends = across(
        *several("button", "Back Up Now...|Restore...|Close"), label("content", "Last backup was two days ago.")
    )
    return across(left, down(frame("Storage", storage), frame("Encryption", hidden), frame("Options", ticks), ends))
