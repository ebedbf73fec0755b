"""Tuning kinds with secrets: a store of passwords, a cloud's keys, settings."""

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
    side,
    switch,
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
    SERVICES,
)

_PASSWORDS_STYLE: Final = (
    ".lst{width:19em;padding:8px;border-right:1px solid var(--line);overflow:hidden}"
    ".en{padding:7px 8px;border-bottom:1px solid var(--line)}.dg{border:1px solid "
    "var(--line);border-radius:4px;padding:4px 9px;font-size:1.3em}.rc{display:grid;"
    "grid-template-columns:repeat(3,max-content);gap:4px 20px}.main .f{max-width:38em}"
)


def passwords(people: People, chance: random.Random, look: Look) -> Sheet:
    """A store of passwords: a list, and one entry with a shown password, hidden ones and a code."""
    listed = "".join(
        "<div class=en>"
        + value("secret", chance.choice(people.deal(SERVICES)), "b")
        + value("person", people.one().mail, "div.small.muted")
        + "</div>"
        for _ in range(look.rows(120) * 2 // 3)
    )
    who = people.one()
    code = "".join(value("secret", digit, "span.dg", "data-val=otp") for digit in people.number(6))
    recovery = "".join(value("secret", f"{people.token(5)}-{people.token(5)}", "code.mono") for _ in range(6))
    detail = (
        "<div class=row>" + chrome("Login", "span.chip") + value("secret", chance.choice(people.deal(SERVICES)), "h1")
        + "<span class=grow></span>" + toolbar("Star|Edit|Share|Delete") + "</div><p></p>"
        + field("Username", "person", who.mail) + "<label class=f>" + chrome("Password")
        + "<span class=row style='flex-wrap:nowrap'>"
        + entry("secret", people.password(), "type=password aria-label=Password") + icon_button("Eye", 16, "Reveal")
        + icon_button("Copy", 16) + "</span></label>"
        + field("PIN", "secret", people.number(4), "type=password style=width:7em") + "<label class=f>"
        + chrome("Previous password") + value("secret", people.password(), "span.mono") + "</label><label class=f>"
        + chrome("One-time password") + f"<span class=row>{code}</span></label>"
        + card("Set up on another device", picture("code", "secret", chance, (116, 116))) + "<label class=f>"
        + chrome("Recovery codes") + f"<span class=rc>{recovery}</span></label>"
        + field("Security answer", "secret", people.one().given) + chrome("Notes", "h3")
        + value("secret",
            (f"Alarm code {people.number(4)}, safe {people.number(2)}-{people.number(2)}-{people.number(2)}"), "p")
    )  # fmt: skip
    body = (
        "<div class=split>"
        + side("All items|Favorites|Logins|Secure notes|Credit cards|Identities|Trash|Generator|Security audit",
            0, "Key|Star|Lock|File|Table|User|Delete|Refresh|Eye")
        + f"<div class=lst><input data-cat=chrome placeholder='Search vault'>{listed}"
        f"</div><div class=main>{detail}</div></div><div class=toast>"
        + chrome("Password copied. It is cleared in 30 seconds.") + "</div>"
    )  # fmt: skip
    return Sheet("Vault", "chrome", "vault.example.com/#/items", _PASSWORDS_STYLE, body)


def cloud(people: People, chance: random.Random, look: Look) -> Sheet:
    """A cloud's console: access keys, a new key that is shown once, environment variables."""
    keys = _cloud_keys(people, chance, look)
    shown = _cloud_shown(people)
    names = ("DATABASE_URL", "STRIPE_SECRET_KEY", "JWT_SIGNING_KEY", "SMTP_PASSWORD", "SLACK_TOKEN")
    values = (
        f"postgres://app:{people.token(12)}@db-3.internal:5432/orders",
        "sk_live_" + people.token(24),
        people.token(32),
        people.password(),
        f"xoxb-{people.number(11)}-{people.token(18)}",
    )
    env = _cloud_env(names, values)
    body = (
        "<div class='top fill'>" + icon_button("Menu") + chrome("Cloud Console", "span.logo")
        + "<input data-cat=chrome placeholder='Search services, features, docs' "
        "style='max-width:32em;color:#222;background:#fff'><span class=grow></span>" + content("us-east-2")
        + value("person", people.one().mail) + "</div><div class=split>"
        + side(("Dashboard|Users|Groups|Roles|Policies|Identity providers|Account settings|Access keys|"
            "Credential report|Service limits"), 7)
        + "<div class=main><div class=row>" + all_chrome("IAM|Security credentials", "a", "href=#") + "</div>"
        + chrome("Access keys", "h1") + content(chance.choice(FILLER), "p.muted") + "<div class='grid two'>"
        + card("Access key created", shown)
        + card("Connection", pairs((("Host", "secret",
            f"10.{people.number(2)}.{people.number(2)}.{people.number(1)}"), ("Account ID", "secret",
            people.number(12)), ("Region", "content", "us-east-2")), "pairs one"))
        + "</div>" + card("Environment variables", env, icon_label("Add", "Add variable")) + "<div class=row>"
        + buttons("Create access key|Deactivate|Rotate") + f"</div>{keys}</div></div>"
    )  # fmt: skip
    return Sheet(
        "Access keys - Cloud Console",
        "chrome",
        "console.example.com/iam/keys?account=4471",
        ".one{grid-template-columns:1fr}.fill .ico{color:#fff}",
        body,
    )


def _cloud_env(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    return table(
        "Variable|Value",
        (
            (value("secret", name, "span.mono"), value("secret", text, "code.mono"))
            for name, text in zip(names, values, strict=True)
        ),
    )


def _cloud_shown(people: People) -> str:
    return (
        chrome("Secret access key")
        + "<div class=row style='flex-wrap:nowrap'>"
        + entry("secret", people.token(40), "class=mono readonly")
        + icon_button("Copy", 16)
        + "</div>"
        + content("This is the only time that the secret can be viewed or downloaded.", "p.small")
    )


def _cloud_keys(people: People, chance: random.Random, look: Look) -> str:
    return table(
        "Access key ID|Name|Created|Last used|Status|",
        (
            (
                value("secret", "AKIA" + people.token(16).upper(), "span.mono"),
                value(
                    "secret",
                    chance.choice(("prod-deploy", "backup", "ci", "laptop")) + "-" + people.one().given.casefold(),
                ),
                content(people.date()),
                content(chance.choice(("today", "never", "3 days ago"))),
                chrome(chance.choice(("Active", "Inactive")), "span.chip"),
                icon_button("More", 14, "Actions"),
            )
            for _ in range(look.rows(560))
        ),
    )


def settings(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A settings page: nearly all of it is the interface's."""
    who = people.one()
    profile = _settings_profile(chance, who)
    look_card = card(
        "Appearance",
        choice("Theme", "content", chance.choice(("System", "Dark", "Light")))
        + choice("Language", "content", "English (US)")
        + switch("Compact view")
        + switch("Reduce motion", "off")
        + tick("Show line numbers"),
    )
    alerts = card(
        "Notifications",
        switch("Email notifications")
        + switch("Desktop notifications", "off")
        + switch("Weekly summary")
        + switch("Mentions and replies")
        + choice("Notify me about", "content", "All activity"),
    )
    safety = _settings_safety(people, who)
    body = (
        "<div class=top>" + icon_button("Back") + chrome("Settings", "span.logo")
        + "<span class=grow></span><input data-cat=chrome placeholder='Search settings' "
        "style='width:18em'></div><div class=split>"
        + side(("General|Account|Appearance|Notifications|Privacy & security|Accessibility|Keyboard "
            "shortcuts|Integrations|Billing|Storage|Advanced|About"), 1,
            "Settings|User|Eye|Bell|Lock|Help|Table|Link|Cart|Cloud|Bug|Flag")
        + "<div class=main>" + tabs("Personal|Workspace|Devices")
        + f"<div class='grid two'><div>{profile}{look_card}</div><div>{alerts}{safety}</div></div>"
        + card("Danger zone", content("Deleting your account removes all of your data. This cannot be undone.", "p")
            + button("Delete account", "warn"))
        + "</div></div><div class=toast>" + chrome("Settings saved") + chrome("Dismiss", "a", "href=#") + "</div>"
    )  # fmt: skip
    return Sheet("Settings", "chrome", "app.example.com/settings/account", ".one{grid-template-columns:1fr}", body)


def _settings_profile(chance: random.Random, who: Person) -> str:
    return card(
        "Profile",
        "<div class=row>"
        + avatar(who, chance, 56)
        + button("Change photo")
        + button("Remove", "flat")
        + "</div><p></p><div class='grid two'>"
        + field("Display name", "person", who.full)
        + field("Email address", "person", who.mail)
        + choice("Pronouns", "person", chance.choice(("she/her", "they/them", "he/him")))
        + choice("Time zone", "content", "(GMT-05:00) Eastern Time")
        + "</div>",
    )


def _settings_safety(people: People, who: Person) -> str:
    return card(
        "Security",
        field("Current password", "secret", people.password(), "type=password")
        + field("New password", "secret", people.password(), "type=password")
        + switch("Two-factor authentication")
        + pairs(
            (
                ("Recovery phone", "person", who.phone),
                ("Last sign-in", "person", f"{people.number(2)}.{people.number(2)}.{people.number(2)}.9"),
            ),
            "pairs one",
        )
        + buttons("Update password|Sign out of all devices"),
    )
