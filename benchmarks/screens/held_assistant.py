"""A held-out kind: a document beside a panel in which an assistant is asked about it."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    area,
    avatar,
    button,
    chrome,
    content,
    icon_label,
    menu_bar,
    mixed,
    picture,
    select,
    tabs,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import ANSWERS, FILLER, PROMPTS, REVIEWS

_STYLE: Final = (
    ".doc{flex:1;min-width:0;overflow:hidden;background:var(--panel);padding:16px 40px 0}.leaf{background:var(--paper);"
    "padding:26px 46px;height:100%;border:1px solid var(--line)}.ask{width:26em;flex:none;padding:12px;overflow:hidden;"
    "border-left:1px solid var(--line);display:flex;flex-direction:column}.q{background:var(--accent);color:#fff;"
    "border-radius:10px;padding:6px 10px;margin:6px 0 6px 3em}.an{border:1px solid var(--line);border-radius:10px;"
    "padding:6px 10px;margin-bottom:6px}.sug{display:block;width:100%;text-align:left;"
    "margin-bottom:5px;white-space:normal}"
)


def panel(people: People, chance: random.Random, _look: Look) -> Sheet:
    """Prompts in bubbles, answers, suggestions, a box with a prompt in it; the document is a letter of dismissal."""
    who, me = people.one(), people.one()
    body = (
        menu_bar("File|Home|Insert|Layout|References|Mailings|Review|View")
        + "<div class=row style='padding:4px 10px'>"
        + toolbar("Save|Undo|Redo||Bold|Italic|Underline||List|Align|Table||Comment|Share", 17)
        + select("content", "Normal")
        + "<span class=grow></span>"
        + avatar(me, chance, 26)
        + "</div><div class=split><div class=doc>"
        + _letter(people, chance, who)
        + "</div><div class=ask>"
        + _talk(people, chance)
        + "</div></div><div class='row small' style='padding:2px 10px'>"
        + content("Page 1 of 2")
        + content("214 words")
        + chrome("Accessibility: Good to go")
        + "<span class=grow></span>"
        + chrome("Focus")
        + content("100%")
        + "</div>"
    )
    return Sheet(f"Letter to {who.full}", "person", "docs.example.com/d/letter/edit", _STYLE, body)


def _letter(people: People, chance: random.Random, who: Person) -> str:
    said = "".join(value("hr", one, "p") for one in chance.sample(people.deal(REVIEWS), 3))
    ends = f"Your last day is {people.date()}. You receive {people.money(4000, 60000)} if you sign by then."
    return (
        "<div class=leaf>"
        + value("person", who.full, "b")
        + "<br>"
        + value("person", who.address)
        + "<p></p>"
        + value("hr", "Termination of employment", "h2")
        + f"<p>{mixed('content', f'Dear [[person|{who.given}]],')}</p>"
        + said
        + value("hr", ends, "p")
        + content("Yours sincerely", "p")
        + picture("photo", "person", chance, (150, 40))
        + "</div>"
    )


def _talk(people: People, chance: random.Random) -> str:
    prompts, answers = people.deal(PROMPTS), people.deal(ANSWERS)
    turns = "".join(
        f"<div class=q>{value('ai_prompt', asked)}</div><div class=an>{value('ai_prompt', answered)}"
        f"<div class=row>{icon_label('Add', 'Insert')}{icon_label('Copy', 'Copy')}{icon_button('Refresh', 14)}</div>"
        "</div>"
        for asked, answered in zip(chance.sample(prompts, 3), chance.sample(answers, 3), strict=True)
    )
    offered = "".join(value("ai_prompt", one, "button.b.sug") for one in chance.sample(prompts, 2))
    return (
        f"<div class=row>{icon('Comment', 18)}{chrome('Assistant', 'b')}<span class=grow></span>"
        f"{icon_button('Close')}</div>"
        + tabs("Ask|Draft|Rewrite|History")
        + turns
        + chrome("Suggested for you", "span.small.muted")
        + offered
        + area("ai_prompt", chance.choice(prompts), 2)
        + f"<div class=row>{icon_button('Attach', 16)}{icon_button('Microphone', 16)}<span class=grow></span>"
        + button("Generate", "go")
        + "</div>"
        + content(chance.choice(FILLER), "p.small.muted")
    )
