"""Held-out kinds with secrets: signing in, a wiki's page on handing over."""

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
    chrome,
    content,
    entry,
    field,
    icon_label,
    picture,
    side,
    table,
    tick,
    value,
)
from benchmarks.screens.icons import icon, icon_button
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
    MESSAGES,
    SUBJECTS,
)

_LOGIN_STYLE: Final = (
    ".half{width:26em;padding:20px}.dg{width:2.4em!important;text-align:center;font-size:1.2em}"
    ".seed{display:grid;grid-template-columns:repeat(3,1fr);gap:6px;margin-bottom:12px}"
    ".sd{border:1px solid var(--line);border-radius:4px;padding:3px 7px}"
)


_SEED: Final = (
    "abandon maple orbit canyon tower velvet ripple anchor copper lemon ghost window pencil rival table urban"
)


def login(people: People, chance: random.Random, _look: Look) -> Sheet:
    """Signing in: dots, a code in six boxes, a QR code, a seed phrase, a key to download."""
    who = people.one()
    code = _login_code(people)
    words = chance.sample(_SEED.split(), 12)
    seed = _login_seed(words)
    form = _login_form(people, who)
    second = _login_second(people, chance, code)
    body = (
        "<div class=top>" + icon("Lock", 18) + chrome("Single sign-on", "span.logo") + "<span class=grow></span>"
        + chrome("Help") + chrome("Privacy") + chrome("English")
        + "</div><div class=split style='padding:24px;gap:22px;align-items:flex-start;"
        f"justify-content:center'><section class='card half'>{form}"
        f"</section><section class='card half'>{second}</section><section class='card half'>"
        + chrome("Recovery phrase", "h2") + f"<div class=seed>{seed}</div>"
        + content(chance.choice(FILLER), "p.small") + icon_label("Download", "Download recovery key")
        + area("secret", "-----BEGIN PRIVATE KEY----- " + " ".join(people.token(30) for _ in range(4)), 5) + "<p></p>"
        + chrome("Signed in as", "span.small") + " " + avatar(who, chance, 24) + " " + value("person", who.full, "b")
        + "</section></div>"
    )  # fmt: skip
    return Sheet("Sign in", "chrome", "sso.example.com/login?next=%2F", _LOGIN_STYLE, body)


def _login_code(people: People) -> str:
    return "".join(
        (
            entry("secret", digit, f"data-val=code class=dg aria-label='Digit {index + 1}'")
            for index, digit in enumerate(people.number(6))
        )
    )


def _login_form(people: People, who: Person) -> str:
    return (
        chrome("Sign in", "h1") + "<p></p>" + field("Email or username", "person", who.mail)
        + field("Password", "secret", people.password(), "type=password") + "<div class=row>"
        + tick("Keep me signed in") + "<span class=grow></span>" + chrome("Forgot password?", "a", "href=#")
        + "</div><p></p>" + button("Sign in", "go") + " " + icon_label("Key", "Use a passkey") + "<p></p>"
        + content("By continuing you accept the terms of use.", "p.small.muted")
    )  # fmt: skip


def _login_second(people: People, chance: random.Random, code: str) -> str:
    return (
        chrome("Two-step verification", "h2") + chrome("Enter the 6-digit code from your authenticator app")
        + f"<div class=row style='margin:10px 0'>{code}</div>" + chrome("Or scan this QR code") + "<br>"
        + picture("code", "secret", chance, (130, 130)) + "<br>" + chrome("Setup key") + " "
        + value("secret", " ".join(people.token(4).upper() for _ in range(4)), "span.mono") + "<p></p>"
        + chrome("Security question", "b") + "<br>" + content("What was the name of your first school?")
        + entry("secret", people.one().family, "style=max-width:18em") + "<p></p>"
        + buttons("Verify|Resend code|Back")
    )  # fmt: skip


def _login_seed(words: list[str]) -> str:
    return "".join(
        (
            "<span class=sd>"
            + chrome(str(index), "span.small.muted")
            + " "
            + value("secret", word, "span", "data-val=seed")
            + "</span>"
            for index, word in enumerate(words, 1)
        )
    )


def wiki(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A wiki's page on handing over, with names, keys in a table, and comments."""
    who = people.one()
    keys = _wiki_keys(people)
    talk = "".join(
        "<div class=row>"
        + avatar(one, chance, 26)
        + "<div>"
        + value("person", one.full, "b")
        + "<br>"
        + value("chat", chance.choice(people.deal(MESSAGES)))
        + "</div></div><p></p>"
        for one in people.some(3)
    )
    body = (
        "<div class=top>" + icon_button("Menu") + chrome("Wiki", "span.logo")
        + all_chrome("Spaces|People|Templates|Create", "a", "href=#")
        + "<span class=grow></span><input data-cat=chrome placeholder='Search' style='width:14em'>"
        + avatar(who, chance) + "</div><div class=split>"
        + side("Overview|Pages|Blog|How-to articles|Meeting notes|Decisions|Archive|Space settings", 1)
        + "<div class=main><div class=row>" + all_chrome("Pages|Operations", "a", "href=#")
        + "<span class=grow></span>" + icon_label("Edit", "Edit") + icon_label("Eye", "Watch")
        + icon_label("Share", "Share") + icon_button("More") + "</div>"
        + value("chat", f"Handover from {who.full}", "h1") + "<p class=small>" + chrome("Created by") + " "
        + value("person", who.full) + chrome(", last modified on") + " " + value("person", people.date()) + "</p>"
        + value("chat", (f"{who.given} leaves us at the end of the month. {chance.choice(people.deal(SUBJECTS))}."),
            "p")
        + content(chance.choice(FILLER), "p") + chrome("On this page", "b") + card("Access", keys)
        + content("Restart the service if the queue grows, then tell the people on call.", "p")
        + chrome("Comments", "h2") + f"{talk}" + area("chat", chance.choice(people.deal(MESSAGES)), 2) + "<p></p>"
        + buttons("Save|Cancel") + "</div></div>"
    )  # fmt: skip
    return Sheet("Handover - Wiki", "chrome", "wiki.example.com/display/OPS/Handover", "", body)


def _wiki_keys(people: People) -> str:
    return table(
        "System|Login|Password|Owner",
        (
            (
                value("secret", name),
                value("secret", one.mail.split("@")[0], "span.mono"),
                value("secret", people.password(), "code.mono"),
                value("person", one.full),
            )
            for name, one in zip(("Router", "Payroll", "Door 4", "Backup"), people.some(4), strict=True)
        ),
    )
