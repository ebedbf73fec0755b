"""Tuning kinds in which people talk: an inbox, a call with captions, an assistant's chat, a calendar."""

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
    chrome,
    content,
    icon_label,
    picture,
    side,
    tabs,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    ANSWERS,
    CAPTIONS,
    EVENTS,
    FILLER,
    MESSAGES,
    PROMPTS,
    SUBJECTS,
)


def inbox(people: People, chance: random.Random, look: Look) -> Sheet:
    """A list of mail with folders; subjects and first lines are private."""
    count = look.rows(150)
    rows = "".join(_mail_row(people, chance) for _ in range(count))
    folders = side(
        "Inbox|Starred|Snoozed|Sent|Drafts|Spam|Trash|All mail|Manage labels",
        0,
        "Mail|Star|Clock|Send|File|Flag|Delete|Archive|Settings",
    )
    me = people.one()
    compose = f"<div style='padding:10px'>{button('Compose', 'go')}</div>"
    strip = toolbar("Refresh|Archive|Delete||Mail|Clock|Folder|Pin|More", 16)
    body = (
        "<div class=top>" + icon_button("Menu") + chrome("Mail", "span.logo")
        + "<input data-cat=chrome placeholder='Search mail' style='max-width:46em'><span class=grow></span>"
        + toolbar("Help|Settings|Bell") + avatar(me, chance)
        + f"</div><div class=split><div class=col>{compose}{folders}"
        f"</div><div class=main style='padding:0'><div class=row style='padding:4px 12px'>{strip}"
        "<span class=grow></span>" + value("person", me.mail, "span.small.muted") + "</div>"
        + tabs("Primary|Promotions|Social|Updates") + f"{rows}</div></div><div class=toast>"
        + chrome("Conversation archived.") + chrome("Undo", "a", "href=#") + "</div>"
    )  # fmt: skip
    return Sheet(f"Inbox ({chance.randint(2, 900)}) - {me.mail}", "person", "mail.example.com/u/0/inbox", _INBOX, body)


_INBOX = (
    ".m{display:flex;gap:10px;align-items:center;height:var(--row);padding:0 12px;"
    "border-bottom:1px solid var(--line);white-space:nowrap}.m .who{width:13em;flex:none;overflow:hidden;"
    "text-overflow:ellipsis}.m .txt{flex:1;overflow:hidden;text-overflow:ellipsis}"
    ".m.new{font-weight:bold}"
)


def _mail_row(people: People, chance: random.Random) -> str:
    who = people.one()
    new = " new" if chance.random() < 0.4 else ""
    label = chrome(chance.choice(("Inbox", "Important", "Starred")), "span.chip.small") if chance.random() < 0.3 else ""
    text = (
        value("chat", chance.choice(people.deal(SUBJECTS)))
        + " "
        + value("chat", chance.choice(people.deal(MESSAGES)), "span.muted")
    )
    clip = icon("Attach", 13) if chance.random() < 0.2 else ""
    return (
        f"<div class='m{new}'><input type=checkbox>"
        + icon("Star", 14)
        + value("person", chance.choice((who.full, who.given, who.mail)), "span.who")
        + f"<span class=txt>{label} {text}</span>{clip}"
        + value("chat", people.date(), "span.small")
        + "</div>"
    )


_CAPTIONS_STYLE: Final = (
    ".tiles{display:grid;grid-template-columns:repeat(3,1fr);gap:8px}.tile{position:relative;height:22vh;"
    "background:#39424d;border-radius:6px;overflow:hidden;display:flex;align-items:center;"
    "justify-content:center}.nm{position:absolute;left:6px;bottom:5px;background:#000a;color:#fff;"
    "padding:1px 7px;border-radius:3px;font-size:.85em}.cap{background:#111c;color:#fff;"
    "padding:10px 16px;border-radius:6px;margin-top:10px;font-size:1.1em}.cap p{margin:2px}"
    ".cap b{color:#9fd0ff}.ppl{width:17em;padding:10px;border-left:1px solid var(--line)}"
    ".callbar{border-top:1px solid var(--line)}"
)


def captions(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A video call: tiles with faces and names, live captions, a list of people, call controls."""
    crowd = people.some(9)
    tiles = "".join(
        "<div class=tile>"
        + (picture("photo", "person", chance, (300, 190)) if chance.random() < 0.5 else avatar(one, chance, 72))
        + value("person", one.full, "span.nm")
        + "</div>"
        for one in crowd[:6]
    )
    lines = "".join(
        "<p>"
        + value("person", chance.choice(crowd).given + ":", "b")
        + " "
        + value("chat", chance.choice(people.deal(CAPTIONS)))
        + "</p>"
        for _ in range(4)
    )
    listed = _captions_listed(chance, crowd)
    panel = (
        "<div class=ppl>"
        + tabs("Participants|Chat")
        + f"{listed}"
        + buttons("Invite|Mute all")
        + "<p></p>"
        + content(chance.choice(FILLER), "p.small.muted")
        + "</div>"
    )
    bar = _captions_bar()
    topic = chance.choice(people.deal(EVENTS))
    body = (
        "<div class=top>" + icon("Lock", 14) + value("chat", topic, "b") + chrome("Recording", "span.chip.red")
        + "<span class=grow></span>" + chrome("View") + icon_button("Expand")
        + f"</div><div class=split><div class=main><div class=tiles>{tiles}</div><div class=cap>"
        f"{lines}</div></div>{panel}</div><div class='top callbar'>{bar}<span class=grow></span>"
        + button("Leave", "warn") + "</div>"
    )  # fmt: skip
    return Sheet(topic, "chat", "meet.example.com/xkd-wpou-zta", _CAPTIONS_STYLE, body)


def _captions_listed(chance: random.Random, crowd: tuple[Person, ...]) -> str:
    return "".join(
        "<div class=row style='margin-bottom:7px'>"
        + avatar(one, chance, 24)
        + value("person", one.full)
        + "<span class=grow></span>"
        + icon("Microphone", 14)
        + "</div>"
        for one in crowd
    )


def _captions_bar() -> str:
    return "".join(
        (
            icon_label(name, text)
            for name, text in (
                ("Microphone", "Mute"),
                ("Camera", "Stop video"),
                ("Share", "Share screen"),
                ("Comment", "Captions"),
                ("Group", "Participants"),
                ("Play", "Record"),
                ("More", "More"),
            )
        )
    )


_ASSISTANT_STYLE: Final = (
    ".sideb{width:17em;flex:none;background:var(--panel);display:flex;flex-direction:column;"
    "overflow:hidden;border-right:1px solid var(--line)}.old{padding:.35em 1em;white-space:nowrap;"
    "overflow:hidden;text-overflow:ellipsis;color:var(--ink);flex:none}.hd{padding:.8em 1em .3em;"
    "color:var(--lesser);font-size:.85em}.talk{flex:1;overflow:hidden;padding:12px 8%}"
    ".q{background:var(--panel);border-radius:14px;padding:9px 14px;margin:8px 0 8px auto;"
    "width:fit-content;max-width:75%}.a{max-width:85%;margin-bottom:10px}.ask{margin:0 8%;"
    "border:1px solid var(--line);border-radius:12px;padding:8px}.ask textarea{border:0}"
)


def assistant(people: People, chance: random.Random, look: Look) -> Sheet:
    """A chat with an assistant: earlier talks at the side, prompts and answers in the middle."""
    prompts, answers = people.deal(PROMPTS), people.deal(ANSWERS)
    earlier = "".join(value("ai_prompt", chance.choice(prompts), "a.old", "href=#") for _ in range(look.rows(230)))
    turns = "".join(
        "<div class=q>"
        + value("ai_prompt", chance.choice(prompts))
        + "</div><div class=a>"
        + value("ai_prompt", chance.choice(answers), "p")
        + value("ai_prompt", chance.choice(answers), "p")
        + toolbar("Copy|Refresh|Share|More", 14)
        + "</div>"
        for _ in range(4)
    )
    me = people.one()
    left = (
        "<div class=sideb><div style='padding:8px'>" + button("New chat", "go")
        + "</div><div style='padding:0 8px'><input data-cat=chrome placeholder='Search chats'></div>"
        + chrome("Recent", "span.hd") + f"{earlier}<span class=grow></span><div class=row style='padding:8px'>"
        + avatar(me, chance, 26) + value("person", me.full) + "</div></div>"
    )  # fmt: skip
    ask = (
        "<div class=ask>"
        + area("ai_prompt", chance.choice(prompts), 2)
        + "<div class=row>"
        + toolbar("Attach|Microphone", 16)
        + "<span class=grow></span>"
        + button("Send", "go")
        + "</div></div>"
    )
    body = (
        f"<div class=split>{left}<div class='main col'><div class=row>"
        + chrome("Model", "b")
        + ("<select data-cat=content style='width:11em'><option>Balanced 4.1</option></select><span class=grow></span>")
        + button("Share")
        + f"</div><div class=talk>{turns}</div>{ask}"
        + chrome("The assistant can make mistakes. Check important information.", "span.small.muted")
        + "</div></div>"
    )
    return Sheet(chance.choice(prompts), "ai_prompt", "assistant.example.com/c/9f1b-22", _ASSISTANT_STYLE, body)


_CALENDAR_STYLE: Final = (
    ".sideb{width:15em;padding:12px;flex:none}.mini{display:grid;grid-template-columns:repeat(7,1fr);"
    "margin:12px 0;font-size:9px;text-align:center;gap:3px}.week{flex:1;display:flex;overflow:hidden}"
    ".hours{width:4em;padding-top:38px;font-size:9px;color:var(--lesser);flex:none}.hr{display:block;"
    "height:46px;text-align:right;padding-right:6px}.day{flex:1;border-left:1px solid var(--line);"
    "position:relative;min-width:0}.dh{display:block;text-align:center;height:38px;line-height:38px;"
    "border-bottom:1px solid var(--line)}.ev{position:absolute;left:2px;right:4px;border-radius:4px;"
    "padding:2px 5px;color:#fff;font-size:.85em;overflow:hidden;line-height:1.2}.ev span{display:block}"
)


def calendar(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A week with private appointments."""
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    columns = "".join(
        (
            "<div class=day>" + chrome(f"{day} {12 + index}", "span.dh") + _slots(people, chance) + "</div>"
            for index, day in enumerate(days)
        )
    )
    hours = "".join(
        chrome(f"{(hour - 1) % 12 + 1} {('AM' if hour < 12 else 'PM')}", "span.hr") for hour in range(8, 20)
    )
    months = "".join(content(str(day), "span.mn") for day in range(1, 31))
    left = (
        "<div class=sideb>" + button("Create", "go") + "<div class=mini>" + all_chrome("S|M|T|W|T|F|S", "b.mn")
        + f"{months}</div>" + chrome("My calendars", "h3")
        + "".join(f"<label class=tick><input type=checkbox checked>{text}</label><br>"
            for text in (chrome("Birthdays"), chrome("Tasks"), value("person", people.one().full), value("person",
            people.one().given)))
        + chrome("Other calendars", "h3") + chrome("Holidays", "label.tick") + "</div>"
    )  # fmt: skip
    body = (
        "<div class=top>" + icon_button("Menu") + chrome("Calendar", "span.logo") + button("Today")
        + toolbar("Back|Next", 16) + chrome("January 2026", "b") + "<span class=grow></span>"
        + toolbar("Search|Help|Settings") + tabs("Day|Week|Month|Agenda", 1)
        + f"</div><div class=split>{left}<div class=week><div class=hours>{hours}</div>{columns}"
        "</div></div><div class=pop style='right:90px;top:190px;padding:12px;width:19em'>"
        + value("medical", chance.choice(("Oncology follow-up", "Ultrasound, week 12")), "b")
        + value("person", people.one().full) + value("medical", "Room 4, Maplewood Clinic") + "<span class=row>"
        + button("Edit") + button("Delete", "warn") + "</span></div>"
    )  # fmt: skip
    return Sheet("Calendar - Week of January 12, 2026", "chrome", "calendar.example.com/r/week", _CALENDAR_STYLE, body)


def _slots(people: People, chance: random.Random) -> str:
    made, top = [], 45
    while top < 560:
        tall = chance.choice((34, 46, 80))
        colour = chance.choice(("#2f6fb3", "#3d7a4c", "#9a4a86", "#a65a20"))
        event, who = chance.choice(people.deal(EVENTS)), people.one()
        category = "medical" if event in _MEDICAL else "chat"
        made.append(
            f"<div class=ev style='top:{top}px;height:{tall}px;background:{colour}'>"
            + value(category, event)
            + value("person", who.full, "span.small")
            + "</div>"
        )
        top += tall + chance.choice((4, 30, 90))
    return "".join(made)


_MEDICAL = frozenset(("Oncology follow-up", "Therapy", "Dentist", "Ultrasound, week 12", "AA meeting"))
