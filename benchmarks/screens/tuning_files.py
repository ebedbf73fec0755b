"""A tuning kind of files: a classified document in a word processor."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    button,
    chrome,
    content,
    menu_bar,
    table,
    value,
)
from benchmarks.screens.icons import toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People
from benchmarks.screens.texts import (
    SENTENCES,
)

_DOCUMENT_STYLE: Final = (
    ".paper{flex:1;background:var(--paper);margin:12px 40px 0;padding:22px 54px;position:relative;"
    "overflow:hidden;box-shadow:0 0 8px #0003}.ban{text-align:center;color:#b3131b;font-weight:bold;"
    "letter-spacing:1px;margin-bottom:10px}.dark .ban{color:#ff7b7b}.wm{position:absolute;left:24%;"
    "top:34%;font-size:90px;font-weight:bold;opacity:.14;transform:rotate(-24deg);pointer-events:none}"
    ".outl{width:12em;padding:10px;flex:none}.outl div{padding:2px 0 2px 10px}"
)


def document(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A word processor with a document that bears its level above, below and across."""
    level = chance.choice(("DSS-3", "DSS-4"))
    text = "".join(
        "<p>" + " ".join(value("classified", one) for one in chance.sample(people.deal(SENTENCES), 3)) + "</p>"
        for _ in range(3)
    )
    banner = value("classified", f"{level} // RESTRICTED", "div.ban")
    page = (
        f"{banner}"
        + value("classified", chance.choice(("Annex C: Movements", "Posture of the Northern Sites",
            "Talks, Round Two")), "h1")
        + value("classified", people.date(), "p.small") + f"{text}" + value("classified", "Table 1", "b")
        + table("", ((value("classified", one.city), value("classified", people.number(3)), value("classified",
            people.token(5).upper())) for one in people.some(3)))
        + f"{banner}"
    )  # fmt: skip
    bar = toolbar(
        "New|Save".replace("New", "File") + "|Print|Undo|Redo||Bold|Italic|Underline||List|Align|Link|Comment", 16
    )
    body = (
        menu_bar("File|Edit|View|Insert|Format|Styles|Table|Form|Tools|Window|Help")
        + f"<div class=row style='padding:3px 10px'>{bar}"
        "<select data-cat=content style='width:9em'><option>Text body</option></select></div>"
        "<div class=split style='background:var(--panel)'><div class=outl>" + chrome("Navigator", "h3")
        + chrome("Headings", "b") + value("classified", "Annex C", "div") + value("classified", "Sources", "div")
        + all_chrome("Tables|Images|Comments", "div")
        + f"</div><div class=paper>{page}<div class=wm data-through data-turned>" + value("classified", level)
        + "</div></div><div class=outl>" + chrome("Properties", "h3")
        + all_chrome("Character|Paragraph|Page|Spacing:|Style", "div") + button("More Options")
        + "</div></div><div class='row small' style='padding:2px 10px'>" + content("Page 1 of 4")
        + content("312 words") + chrome("Default Page Style") + chrome("English (USA)") + "<span class=grow></span>"
        + content("100%") + "</div>"
    )  # fmt: skip
    return Sheet(f"annex-c-{level.lower()}.odt - Writer", "classified", "docs.example.org/d/99", _DOCUMENT_STYLE, body)
