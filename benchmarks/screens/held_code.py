"""Held-out kinds of programmers: an editor with an assistant, a forge for code."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    area,
    avatar,
    button,
    chrome,
    content,
    icon_label,
    menu_bar,
    mixed,
    tabs,
    value,
)
from benchmarks.screens.icons import icon, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    ANSWERS,
    MESSAGES,
    PROMPTS,
)

_EDITOR_STYLE: Final = (
    ".rail{width:42px;background:var(--panel);display:flex;flex-direction:column;align-items:center;"
    "gap:8px;padding-top:8px;flex:none}.tree{width:15em;background:var(--panel);padding:8px;flex:none}"
    ".tree b{display:block;margin-top:8px}.fl{display:flex;gap:6px;padding:2px 4px;align-items:center}"
    ".code{flex:1;overflow:hidden;font-size:.95em}.cd{display:flex;white-space:pre;height:1.5em}"
    ".no{width:3.2em;text-align:right;padding-right:1em;color:var(--lesser)}.term{height:28%;"
    "border-top:1px solid var(--line);padding:0 10px;overflow:hidden;font-size:.92em;white-space:nowrap}"
    ".ask{width:21em;border-left:1px solid var(--line);padding:8px;flex:none;overflow:hidden}"
    ".status{background:var(--accent);color:#fff;padding:2px 10px;flex:none}"
)


def editor(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A programmer's editor with an assistant at the side, files, a terminal and a token in the code."""
    who = people.one()
    files = _editor_files()
    code = _editor_code(people, who)
    lines = _editor_lines(code)
    asked = _editor_asked(people, chance, who)
    typed = (
        f"$ export [[secret|AWS_SECRET_ACCESS_KEY={people.token(40)}]]",
        f"$ curl -H 'Authorization: Bearer [[secret|{people.token(22)}]]' https://api.internal/v1/pay",
        f"[[person|{who.family.casefold()}@build-7]]:~$ make deploy",
    )
    shell = "".join(f"<div class=mono>{mixed('content', text)}</div>" for text in typed)
    body = (
        menu_bar("File|Edit|Selection|View|Go|Run|Terminal|Help") + "<div class=split><div class=rail>"
        + toolbar("File|Search|Branch|Bug|Table|Settings", 20) + "</div><div class=tree>"
        + chrome("EXPLORER", "div.small") + chrome("OPEN EDITORS", "b.small") + f"{files}"
        + chrome("OUTLINE", "b.small") + chrome("TIMELINE", "b.small")
        + "</div><div class='col grow' style='min-width:0'><div class=tabs>"
        + content("payroll_export.py", "button.tab.on", "role=tab") + content("models.py", "button.tab", "role=tab")
        + f"</div><div class='code mono'>{lines}</div><div class=term>"
        + tabs("PROBLEMS|OUTPUT|DEBUG CONSOLE|TERMINAL|PORTS", 3) + f"{shell}</div></div><div class=ask>"
        + tabs("CHAT|EDITS") + f"{asked}" + area("ai_prompt", chance.choice(people.deal(PROMPTS)), 2)
        + "<div class=row>" + icon_label("Attach", "Add Context...") + "<span class=grow></span>"
        + button("Ask", "go") + "</div></div></div><div class='row status small'>" + icon("Branch", 12)
        + value("secret", "hotfix/" + who.family.casefold()) + chrome("0 errors") + "<span class=grow></span>"
        + content("Ln 4, Col 18") + chrome("Spaces: 4") + chrome("UTF-8") + chrome("Python") + "</div>"
    )  # fmt: skip
    return Sheet("payroll_export.py - orders - Code", "content", "code.example.com/workspace", _EDITOR_STYLE, body)


def _editor_code(people: People, who: Person) -> tuple[str, ...]:
    return (
        "import os",
        "from decimal import Decimal",
        "",
        f'API_TOKEN = [[secret|"ghp_{people.token(36)}"]]',
        f"# ask [[person|{who.full}]] before you touch this",
        "def total(rows):",
        "    return sum(Decimal(row.amount) for row in rows)",
        "",
        f'DSN = [[secret|"mysql://root:{people.token(10)}@10.4.{people.number(2)}.7/pay"]]',
        "class Export:",
        "    def run(self, target):",
        "        for row in self.rows:",
        "            target.write(row)",
        f"        # [[person|{who.family}]]: [[financial|{people.money(20000, 90000)}]] is wrong",
        "        return target",
    )


def _editor_files() -> str:
    return (
        "".join("<div class=fl>" + icon("File", 13) + content(name) + "</div>" for name in ("app.py", "models.py",
            "payroll_export.py", "README.md", "tests", "Makefile", ".gitignore", "settings.toml"))
        + ("<div class=fl>" + icon("Lock", 13) + value("secret", ".env.production") + "</div>")
    )  # fmt: skip


def _editor_lines(code: tuple[str, ...]) -> str:
    return "".join(
        (
            "<div class=cd>" + chrome(str(number), "span.no") + "<span>" + mixed("content", text) + "</span></div>"
            for number, text in enumerate(code, 1)
        )
    )


def _editor_asked(people: People, chance: random.Random, who: Person) -> str:
    return "".join(
        "<div class=row>"
        + avatar(who, chance, 20)
        + value("person", who.given, "b")
        + "</div>"
        + value("ai_prompt", chance.choice(people.deal(PROMPTS)), "p")
        + chrome("Assistant", "b")
        + value("ai_prompt", chance.choice(people.deal(ANSWERS)), "p")
        + toolbar("Copy|Undo|Refresh", 13)
        for _ in range(2)
    )


_FORGE_STYLE: Final = (
    ".df{display:flex;white-space:pre;overflow:hidden;font-size:.95em}.no{width:3.4em;"
    "color:var(--lesser);text-align:right;padding-right:1em}.ad{background:#2e9e5222}"
    ".rm{background:#d9363e22}"
)


def forge(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A forge for code: a change with a leaked key in its lines, comments, reviewers."""
    who = people.one()
    diff = _forge_diff(people, who)
    lines = _forge_lines(diff)
    talk = _forge_talk(people, chance)
    account = who.mail.split("@")[0]
    reviewers = "".join(
        "<div class=row>" + avatar(one, chance, 22) + value("person", one.mail.split("@")[0]) + "</div>"
        for one in people.some(3)
    )
    body = (
        "<div class=top>" + icon("Branch", 20) + all_chrome("Pull requests|Issues|Marketplace|Explore", "a", "href=#")
        + "<span class=grow></span><input data-cat=chrome placeholder='Search or jump to...' style='width:20em'>"
        + toolbar("Bell|Add") + avatar(who, chance, 24) + "</div><div class=main><div class=row>" + icon("Lock", 14)
        + value("person", account + " / billing-core", "a", "href=#") + chrome("Private", "span.chip")
        + "<span class=grow></span>" + button("Watch") + button("Fork") + button("Star") + "</div>"
        + tabs("Code|Issues|Pull requests|Actions|Projects|Wiki|Security|Insights|Settings", 2)
        + value("chat", "Rotate credentials for " + who.employer, "h1") + "<div class=row>"
        + chrome("Open", "span.chip.green") + value("person", who.full) + " "
        + chrome("wants to merge 3 commits into") + " " + value("secret", "release/" + who.family.casefold(), "code")
        + "</div>" + tabs("Conversation|Commits|Checks|Files changed", 3)
        + "<div class=split style='gap:16px'><div class=grow style='min-width:0'><div class='card mono'>"
        + content("config/production.toml", "div.small") + f"{lines}</div>{talk}<div class=row>"
        + button("Review changes", "go") + button("Approve") + button("Request changes")
        + button("Merge pull request") + "</div></div><div style='width:15em;flex:none'>" + chrome("Reviewers", "h3")
        + f"{reviewers}<p></p>" + chrome("Labels", "h3") + chrome("bug", "span.chip") + " "
        + chrome("enhancement", "span.chip") + "<p></p>" + chrome("Milestone", "h3") + content("No milestone")
        + "<p></p>" + chrome("Notifications", "h3") + button("Unsubscribe") + "</div></div></div>"
    )  # fmt: skip
    return Sheet(
        f"Pull request - {who.employer}", "person", "git.example.com/billing-core/pulls/41/files", _FORGE_STYLE, body
    )


def _forge_diff(people: People, who: Person) -> tuple[tuple[str, str], ...]:
    return (
        ("-", "timeout = 30"),
        ("+", "timeout = 60"),
        ("-", f'password = [[secret|"{people.password()}"]]'),
        ("+", f'token = [[secret|"glpat-{people.token(20)}"]]'),
        (" ", "retries = 3"),
        ("+", f'owner = [[person|"{who.mail}"]]'),
        (" ", "verbose = false"),
        ("+", f"key: [[secret|{people.token(32)}]]"),
    )


def _forge_lines(diff: tuple[tuple[str, str], ...]) -> str:
    return "".join(
        (
            f"<div class='df {('ad' if sign == '+' else 'rm' if sign == '-' else '')}'>"
            + chrome(str(38 + index), "span.no")
            + "<span>"
            + mixed("content", f"{sign} {text}")
            + "</span></div>"
            for index, (sign, text) in enumerate(diff)
        )
    )


def _forge_talk(people: People, chance: random.Random) -> str:
    return "".join(
        "<div class=card>"
        + avatar(one, chance, 24)
        + " "
        + value("person", one.given, "b")
        + " "
        + chrome("commented", "span.small")
        + " "
        + content("2 hours ago", "span.small.muted")
        + value("chat", chance.choice(people.deal(MESSAGES)), "p")
        + "</div>"
        for one in people.some(2)
    )
