"""Held-out kinds in which people talk: one mail, a messenger at work, a support ticket."""

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
    entry,
    field,
    icon_label,
    menu_bar,
    pairs,
    picture,
    tabs,
    value,
)
from benchmarks.screens.icons import icon, icon_button, toolbar
from benchmarks.screens.looks import Look
from benchmarks.screens.people import People, Person
from benchmarks.screens.texts import (
    FILLER,
    MESSAGES,
    SUBJECTS,
)

_MESSAGE_STYLE: Final = (
    ".lst{width:22em;border-right:1px solid var(--line);flex:none;overflow:hidden}"
    ".li{display:flex;flex-wrap:wrap;padding:6px 10px;border-bottom:1px solid var(--line)}"
    ".wide{width:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}"
    ".att{border:1px solid var(--line);padding:4px 8px;margin-right:8px;border-radius:3px}"
)


def message(people: People, chance: random.Random, look: Look) -> Sheet:
    """One opened mail between a list and an answer that is being written."""
    sender, me, subject = people.one(), people.one(), chance.choice(people.deal(SUBJECTS))
    listed = _message_listed(people, chance, look)
    lines = "".join(value("chat", " ".join(chance.sample(people.deal(MESSAGES), 4)), "p") for _ in range(4))
    headers = pairs(
        (
            ("From", "person", f"{sender.full} <{sender.mail}>"),
            ("To", "person", f"{me.full} <{me.mail}>"),
            ("Cc", "person", people.one().mail),
            ("Subject", "chat", subject),
        ),
        "pairs one",
    )
    files = "".join(
        "<span class=att>"
        + icon("File", 15)
        + value("chat", name)
        + " "
        + content(f"{people.number(3)} KB", "span.small")
        + "</span>"
        for name in (f"contract_{sender.family}.pdf", "scan0042.jpg")
    )
    body = (
        menu_bar("File|Edit|View|Go|Message|Events and Tasks|Tools|Help") + "<div class=top>"
        + icon_label("Mail", "Get Messages") + icon_label("Edit", "Write") + icon_label("Comment", "Chat")
        + icon_label("User", "Address Book") + icon_label("Pin", "Tag")
        + "<input data-cat=chrome placeholder='Search &lt;Ctrl+K&gt;' style='width:22em'></div>"
        "<div class=split><div class=lst>" + tabs("Unread|Focused|Other", 1)
        + f"{listed}</div><div class=main><div class=row>" + button("Reply", "go") + button("Reply All")
        + button("Forward") + icon_label("Archive", "Archive") + icon_label("Flag", "Junk")
        + icon_label("Delete", "Delete") + "</div><p></p><div class=row>" + avatar(sender, chance, 44)
        + f"<div class=grow>{headers}</div></div><hr>" + value("chat", f"Dear {me.given},", "p") + f"{lines}"
        + value("chat", "Kind regards", "p") + value("person", sender.full, "p")
        + value("person", f"{sender.title}, {sender.employer}, {sender.phone}", "p.small")
        + picture("photo", "chat", chance, (230, 120)) + f"<p>{files}" + icon_label("Save", "Save All") + "</p>"
        + area("chat", chance.choice(people.deal(MESSAGES)), 3) + "<div class=row>" + button("Send", "go")
        + toolbar("Attach|Link|Bold|Italic", 15) + chrome("Draft saved", "span.small.muted") + "</div></div></div>"
    )  # fmt: skip
    return Sheet(subject, "chat", "mail.example.org/m/4410", _MESSAGE_STYLE, body)


def _message_listed(people: People, chance: random.Random, look: Look) -> str:
    return "".join(
        "<div class=li>"
        + value("person", one.full, "b")
        + "<span class=grow></span>"
        + value("chat", people.date(), "span.small")
        + value("chat", chance.choice(people.deal(SUBJECTS)), "div.wide")
        + value("chat", chance.choice(people.deal(MESSAGES)), "div.wide.small.muted")
        + "</div>"
        for one in people.some(look.rows(120) // 2)
    )


_MESSENGER_STYLE: Final = (
    ".rail{width:44px;background:var(--accent);color:#fff;display:flex;flex-direction:column;"
    "align-items:center;padding-top:10px;gap:12px}.rooms{width:16em;background:var(--panel);flex:none;"
    "overflow:hidden}.rm{display:flex;gap:7px;padding:.22em 12px;color:var(--ink);align-items:center}"
    ".hd{display:block;padding:.8em 12px .2em;color:var(--lesser);font-size:.85em}.flow{flex:1;"
    "overflow:hidden;padding:0 16px}.box{border:1px solid var(--line);border-radius:6px;"
    "margin:8px 16px 14px;padding:6px}.box input{border:0!important}.thr{width:20em;"
    "border-left:1px solid var(--line);padding:10px;flex:none;overflow:hidden}.ms{display:flex;gap:9px;"
    "margin-bottom:9px}.re{border:1px solid var(--line);border-radius:9px;padding:0 6px;font-size:.8em}"
)


def messenger(people: People, chance: random.Random, look: Look) -> Sheet:
    """A messenger at work: rooms, direct messages, a thread, reactions."""
    crowd = people.some(6)
    rooms = "".join(
        f"<a href='#' class=rm>{value('chat', '# ' + name)}</a>"
        for name in ("layoffs-q2", "general", "random", "incident-halden", "finance", "mothers")
    )
    direct = "".join(
        "<a href='#' class=rm>"
        + avatar(one, chance, 20)
        + value("person", one.full)
        + (value("chat", people.number(1), "span.badge") if chance.random() < 0.4 else "")
        + "</a>"
        for one in crowd
    )
    said = "".join(_said(people, chance) for _ in range(look.rows(170) * 3 // 5))
    thread = "".join(_said(people, chance) for _ in range(4))
    body = (
        "<div class=split><div class=rail>" + toolbar("Home|Comment|Bell|Folder|More", 20)
        + "</div><div class=rooms><div class=row style='padding:10px'>" + value("person", people.one().employer, "b")
        + "<span class=grow></span>" + icon_button("Edit", 16, "New message") + "</div>"
        + all_chrome("Threads|Mentions & reactions|Drafts & sent|Saved items", "a.rm") + chrome("Channels", "span.hd")
        + f"{rooms}" + chrome("Add channels", "a.rm") + chrome("Direct messages", "span.hd") + f"{direct}"
        + chrome("Invite people", "a.rm")
        + "</div><div class='col grow' style='min-width:0;overflow:hidden'><div class=top>"
        + value("chat", "# incident-halden", "b") + icon_button("Expand", 14) + "<span class=grow></span>"
        + icon_label("Group", "Members") + icon_label("Phone", "Huddle") + "</div>"
        + tabs("Messages|Files|Pins|Canvas") + f"<div class=flow>{said}</div><div class=box>"
        + toolbar("Bold|Italic|Link|List", 15)
        + "<input data-cat=chrome placeholder='Write a message to the channel'><div class=row>"
        + toolbar("Add|Attach|Microphone", 15) + "<span class=grow></span>" + icon_button("Send", 16)
        + "</div></div></div><div class=thr><div class=row>" + chrome("Thread", "b") + "<span class=grow></span>"
        + icon_button("Close", 14) + f"</div>{thread}" + chrome("3 replies", "span.small.muted")
        + entry("chat", chance.choice(("I quit", "OK", "Never"))) + button("Reply") + "</div></div>"
    )  # fmt: skip
    return Sheet("incident-halden (Channel)", "chat", "chat.example.com/client/T01/C88", _MESSENGER_STYLE, body)


def _said(people: People, chance: random.Random) -> str:
    who = people.one()
    mark = (
        "<span class=re>"
        + value("chat", chance.choice(("+1", "Yes", "Sad")))
        + " "
        + value("chat", people.number(1))
        + "</span>"
        if chance.random() < 0.3
        else ""
    )
    return (
        "<div class=ms>" + avatar(who, chance, 34) + "<div>" + value("person", who.full, "b") + " "
        + value("chat", f"{chance.randint(1, 12)}:{chance.randint(10, 59)} PM", "span.small.muted") + "<div>"
        + value("chat", chance.choice(people.deal(MESSAGES))) + f"</div>{mark}</div></div>"
    )  # fmt: skip


_TICKET_STYLE: Final = (
    ".lf{width:18em;padding:12px;flex:none;overflow:hidden;background:var(--panel)}"
    ".tk{display:flex;gap:10px;margin-bottom:10px}.tk p{margin:.2em 0}.in{background:#fff3cf;"
    "color:#433;padding:7px;border-radius:4px}"
)


def ticket(people: People, chance: random.Random, _look: Look) -> Sheet:
    """A ticket of a help desk: the customer's words, an inner note, fields at the side."""
    who, agent = people.one(), people.one()
    talk = _ticket_talk(people, chance, who, agent)
    left = (
        choice("Assignee", "person", agent.full)
        + choice("Type", "content", "Incident")
        + choice("Priority", "content", chance.choice(("High", "Urgent", "Low")))
        + choice("Status", "content", chance.choice(("Open", "Pending", "Solved")))
        + field("Tags", "chat", "refund vip complaint")
        + field("Order number", "financial", people.number(9))
    )
    about = pairs(
        (
            ("Email", "person", who.mail),
            ("Phone", "person", who.phone),
            ("Card", "financial", "Visa " + people.number(4)),
            ("Local time", "person", f"{chance.randint(1, 12)}:14 PM"),
            ("Language", "person", chance.choice(("Polish", "English", "Turkish"))),
            ("Refunds", "financial", people.money()),
        ),
        "pairs one",
    )
    body = (
        "<div class=top>" + icon_button("Home") + chrome("Support", "span.logo")
        + all_chrome("Views|Customers|Organizations|Reporting|Admin", "a", "href=#") + "<span class=grow></span>"
        + icon_label("Add", "New ticket") + icon_button("Search") + f"</div><div class=split><div class=lf>{left}"
        + content(chance.choice(FILLER), "p.small.muted") + "</div><div class=main>"
        + value("chat", chance.choice(people.deal(SUBJECTS)), "h2") + chrome("Via web form", "span.small") + " "
        + tabs("Conversation|Side conversations|Events") + f"{talk}<div class=card>"
        + tabs("Public reply|Internal note")
        + area("chat", f"Hello {who.given}, I have refunded the amount to your card.", 3) + "<div class=row>"
        + toolbar("Bold|Link|Attach", 15) + "<span class=grow></span>"
        + buttons("Submit as Solved|Apply macro|Stay on ticket") + "</div></div></div><div class=lf>"
        + card("Requester", avatar(who, chance, 34) + value("person", who.full, "b") + about)
        + card("Interaction history", value("chat", chance.choice(people.deal(SUBJECTS)), "p") + value("chat",
            chance.choice(people.deal(SUBJECTS)), "p"))
        + "</div></div>"
    )  # fmt: skip
    return Sheet(f"#{people.number(6)} {who.full}", "person", "desk.example.com/agent/tickets/88", _TICKET_STYLE, body)


def _ticket_talk(people: People, chance: random.Random, who: Person, agent: Person) -> str:
    return "".join(
        (
            f"<div class='tk {style}'>"
            + avatar(one, chance, 30)
            + "<div>"
            + value("person", one.full, "b")
            + " "
            + chrome(kind, "span.chip.small")
            + " "
            + value("chat", people.date(), "span.small.muted")
            + value("chat", " ".join(chance.sample(people.deal(MESSAGES), 3)), "p")
            + "</div></div>"
            for one, kind, style in (
                (who, "Public reply", ""),
                (agent, "Internal note", "in"),
                (who, "Public reply", ""),
                (agent, "Public reply", ""),
            )
        )
    )
