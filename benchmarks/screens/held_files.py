"""Held-out kinds of files: a viewer of a classified file, and a folder."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.screens.blocks import (
    Sheet,
    all_chrome,
    buttons,
    chrome,
    content,
    entry,
    icon_label,
    menu_bar,
    picture,
    side,
    table,
    tabs,
    value,
)
from benchmarks.screens.icons import icon, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People
from benchmarks.screens.texts import (
    FILLER,
    SENTENCES,
)


def viewer(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A viewer with a classified file: a label in the corner, a turned mark over every page, thumbnails."""
    level = chance.choice(("DSS-3", "DSS-4"))
    thumbs = "".join(
        "<div class=th>"
        + picture("photo", "classified", chance, (90, 116))
        + content(str(index), "span.small")
        + "</div>"
        for index in range(1, 6)
    )
    body = (
        menu_bar("File|Edit|View|Go|Bookmarks|Tools|Settings|Help") + "<div class=top>"
        + icon_label("Menu", "Thumbnails") + toolbar("Back|Next||Zoom out|Zoom in")
        + "<input data-cat=content value='125%' style='width:5em'>" + icon_label("Edit", "Highlight")
        + icon_label("Search", "Find") + "<span class=grow></span>" + icon_label("Print", "Print")
        + "</div><div class=split style='background:var(--panel)'><div class=ths>" + tabs("Contents|Thumbnails", 1)
        + f"{thumbs}</div><div class=pages>{_paper(people, chance, level)}"
        f"{_paper(people, chance, level)}</div><div class=ths style='width:14em'>" + chrome("Annotations", "h3")
        + value("person", people.one().full, "b") + value("classified", "Check the second figure", "p")
        + chrome("Signatures", "h3") + content("Not signed", "p") + content(chance.choice(FILLER), "p.small")
        + "</div></div>"
    )  # fmt: skip
    css = (
        ".pages{flex:1;overflow:hidden;padding:14px 30px}.pg{background:var(--paper);"
        "padding:20px 40px;position:relative;box-shadow:0 0 6px #0004;margin-bottom:16px;"
        "overflow:hidden}.lab{border:2px solid #b3131b;color:#b3131b;padding:1px 8px}.dark "
        ".lab{color:#ff8a8a}.wm{position:absolute;left:12%;top:34%;font-size:58px;"
        "font-weight:bold;color:#c33;opacity:.22;transform:rotate(-17deg);pointer-events:none;"
        "white-space:nowrap}.ths{width:10em;padding:8px;flex:none;overflow:hidden}"
        ".th{text-align:center;margin-bottom:8px}.th canvas{display:block;margin:auto}"
    )
    return Sheet(f"assessment_{level}.pdf", "classified", "files.example.org/view/12", css, body)


def _paper(people: People, chance: random.Random, level: str) -> str:
    lines = "".join(value("classified", " ".join(chance.sample(people.deal(SENTENCES), 2)), "p") for _ in range(3))
    return (
        "<div class=pg><div class=row>" + value("classified", "Copy 3 of 7", "span.small")
        + "<span class=grow></span>" + value("classified", level, "b.lab") + "</div>"
        + value("classified", "Assessment: " + people.one().country, "h2") + f"{lines}"
        + picture("photo", "classified", chance, (260, 110))
        + value("classified", f"Prepared by {people.one().full} for the committee only", "p.small")
        + "<div class=wm data-through data-turned>" + value("classified", f"{level} RESTRICTED") + "</div></div>"
    )  # fmt: skip


_FOLDER_STYLE: Final = ".pv{width:15em;padding:12px;border-left:1px solid var(--line);flex:none}"


def folder(people: People, chance: random.Random, look: Look) -> Sheet:
    """A file manager: names of files tell of people, sickness, pay and keys."""
    rows = []
    for _ in range(look.rows(150)):
        category, name = _file(people, chance)
        rows.append(
            (
                icon("File", 15) + " " + value(category, name),
                content(f"{people.number(3)} KB"),
                content(chance.choice(("PDF document", "Text", "Spreadsheet", "Image"))),
                value("person", people.date(), "span.small"),
                value("person", people.one().given),
            )
        )
    who = people.one()
    body = (
        menu_bar("File|Edit|View|Go|Bookmarks|Help") + "<div class=top>" + toolbar("Back|Forward|Home|Refresh")
        + entry("person", f"/home/{who.given.casefold()}/Documents/{who.family}", "class=grow")
        + toolbar("Search|Table|List|More") + "</div><div class=split>"
        + side("Home|Desktop|Documents|Downloads|Music|Pictures|Videos|Trash|Network|Other Locations", 2,
            "Home|Table|File|Download|Play|Camera|Camera|Delete|Cloud|Folder")
        + "<div class=main style='padding:0 8px'>" + table("Name|Size|Type|Modified|Owner", rows)
        + "</div><div class=pv>" + picture("photo", "person", chance, (190, 140)) + "<p></p>"
        + value("person", f"{who.family}-passport.jpg", "b") + "<br>" + chrome("Image") + " " + content("1.2 MB")
        + "<br>" + chrome("Modified") + " " + value("person", people.date()) + "<p></p>" + buttons("Open|Share")
        + chrome("Tags", "h3") + content(chance.choice(FILLER), "p.small")
        + "</div></div><div class=pop style='left:36%;top:38%'>"
        + all_chrome("Open|Open With...|Cut|Copy|Move to...|Rename...|Move to Trash|Compress...|Properties", "span",
            "role=menuitem")
        + "</div><div class='row small' style='padding:2px 10px'>" + content("24 items") + "<span class=grow></span>"
        + chrome("Free space:") + " " + content("41.2 GB") + "</div>"
    )  # fmt: skip
    return Sheet(f"{who.family} - Files", "person", "files.example.com/my", _FOLDER_STYLE, body)


def _file(people: People, chance: random.Random) -> tuple[str, str]:
    one = people.one()
    names = (
        ("person", f"CV_{one.family}_{one.given}.pdf"),
        ("medical", f"MRI {one.family} left knee.dcm"),
        ("tax", f"{one.family} W2 2025.pdf"),
        ("hr", f"termination letter {one.given}.docx"),
        ("secret", f"id_rsa_{one.mail.split('@')[0]}"),
        ("financial", f"mortgage {one.account}.xlsx"),
        ("classified", f"DSS-2 {one.city} plan.odt"),
        ("content", "notes.txt"),
        ("chat", f"letter to {one.given}.odt"),
    )
    return chance.choice(names)
