"""Small pieces of pages: texts and their category enter, markup leaves in which every text run says what it is.

`chrome` is the interface's own wording, `content` other harmless words, `value` what must not be told. What a tag is
called may carry classes: "button.go". All text is escaped here and nowhere else.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from benchmarks.screens.icons import icon, icon_button
from benchmarks.screens.looks import ACCENTS, Frame, Look
from benchmarks.screens.people import Person

FRAME_HEIGHTS: Final = {Frame.NONE: 0, Frame.BROWSER: 74, Frame.WINDOW: 60}
"""CSS pixels that the programme around a page takes."""
_MARKED: Final = re.compile(r"\[\[(\w+)\|(.*?)\]\]")
_TABS: Final = ("New tab", "Dashboard", "Quick start guide", "Search results", "Release notes", "Team wiki")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: the title that tab or window shows with its category, a path for the address bar, style and markup."""

    title: str
    category: str
    path: str
    css: str
    body: str


def mark(category: str, text: str, tag: str = "span", more: str = "") -> str:
    """One run of text; `more` holds further attributes."""
    name, *classes = tag.split(".")
    named = f' class="{" ".join(classes)}"' if classes else ""
    return f'<{name}{named} data-cat="{category}" {more}>{escape(text)}</{name}>'


def chrome(text: str, tag: str = "span", more: str = "") -> str:
    """The interface's own words."""
    return mark("chrome", text, tag, more)


def content(text: str, tag: str = "span", more: str = "") -> str:
    """Words that tell nothing of anybody."""
    return mark("content", text, tag, more)


def value(category: str, text: str, tag: str = "span", more: str = "") -> str:
    """Words that must not be told."""
    return mark(category, text, tag, more)


def runs(category: str, text: str) -> tuple[tuple[str, str], ...]:
    """The text by category: `[[secret|abc]]` in it has its own, the rest has the one given."""
    parts = _MARKED.split(text)
    own = tuple((category, part) for part in parts[::3])
    other = tuple(zip(parts[1::3], parts[2::3], strict=True))
    mixed = (run for index, plain in enumerate(own) for run in (plain, *other[index : index + 1]))
    return tuple(run for run in mixed if run[1])


def mixed(category: str, text: str) -> str:
    """The text as markup, by `runs`."""
    return "".join(mark(kind, part) for kind, part in runs(category, text))


def all_chrome(texts: str, tag: str = "span", more: str = "") -> str:
    """Several, given with `|` between them."""
    return "".join(chrome(text, tag, more) for text in texts.split("|"))


def button(text: str, kind: str = "") -> str:
    """A button; kinds are `go` (filled), `flat` and `warn`."""
    return chrome(text, f"button.b.{kind}" if kind else "button.b")


def buttons(texts: str) -> str:
    """A row of them, the first one filled."""
    first, *others = texts.split("|")
    return "<div class=row>" + button(first, "go") + "".join(map(button, others)) + "</div>"


def icon_label(name: str, text: str, tag: str = "button.il") -> str:
    """A button with an icon before its words."""
    kind, *classes = tag.split(".")
    return f'<{kind} class="{" ".join(classes)}">{icon(name, 16)}{chrome(text)}</{kind}>'


def tabs(texts: str, active: int = 0) -> str:
    """A row of tabs."""
    listed = enumerate(texts.split("|"))
    marked = (chrome(text, "button.tab.on" if index == active else "button.tab", "role=tab") for index, text in listed)
    return f"<div class=tabs role=tablist>{''.join(marked)}</div>"


def side(items: str, active: int = 0, icons: str = "") -> str:
    """A list of places to go to, with icons when they are named."""
    names = icons.split("|") if icons else []
    listed = (
        f'<a href="#" class="{"on" if index == active else ""}">'
        f"{icon(names[index % len(names)], 16) if names else ''}{chrome(text)}</a>"
        for index, text in enumerate(items.split("|"))
    )
    return f"<nav class=side>{''.join(listed)}</nav>"


def menu_bar(items: str) -> str:
    """The menus of a desktop programme."""
    return f"<div class=menus role=menubar>{all_chrome(items, 'span.mi', 'role=menuitem')}</div>"


def field(label: str, category: str, text: str, more: str = "") -> str:
    """A label above an input with a value."""
    named = f'aria-label="{escape(label)}" {more}'
    return f"<label class=f>{chrome(label)}{entry(category, text, named)}</label>"


def entry(category: str, text: str, more: str = "") -> str:
    """An input with a value."""
    return f'<input data-cat="{category}" value="{escape(text)}" {more}>'


def empty_field(label: str, hint: str) -> str:
    """A label above an input that shows only a hint."""
    return f'<label class=f>{chrome(label)}<input data-cat=chrome placeholder="{escape(hint)}"></label>'


def choice(label: str, category: str, text: str) -> str:
    """A label above a drop-down list with its chosen item."""
    return f"<label class=f>{chrome(label)}{select(category, text)}</label>"


def select(category: str, text: str) -> str:
    """A drop-down list that shows its chosen item."""
    return f'<select data-cat="{category}"><option>{escape(text)}</option></select>'


def area(category: str, text: str, rows: int = 4) -> str:
    """A large input."""
    return f'<textarea data-cat="{category}" rows={rows}>{escape(text)}</textarea>'


def switch(text: str, state: str = "on") -> str:
    """A switch with its label."""
    return f"<label class=sw><button role=switch class={state}><i></i></button>{chrome(text)}</label>"


def tick(text: str, state: str = "", category: str = "") -> str:
    """A check box with its label; with a category, its state is something that must not be told."""
    told = f'data-picture="{category}"' if category else ""
    return f"<label class=tick><input type=checkbox {state} {told}>{chrome(text)}</label>"


def dots(texts: str, category: str, chosen: int) -> str:
    """Radio buttons with their labels, of which one is chosen: which one must not be told."""
    listed = (
        f'<label class=tick><input type=radio data-picture="{category}" {"checked" if index == chosen else ""}>'
        f"{chrome(text)}</label>"
        for index, text in enumerate(texts.split("|"))
    )
    return f"<div class=row>{''.join(listed)}</div>"


def table(headings: str, rows: Iterable[Sequence[str]], cls: str = "t") -> str:
    """A table; cells are markup."""
    head = "".join(chrome(text, "th") for text in headings.split("|"))
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table class='{cls}'><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def pairs(listed: Iterable[tuple[str, str, str]], cls: str = "pairs") -> str:
    """Labels beside values, each with the value's category."""
    lines = (f"<div>{chrome(label, 'dt')}{value(category, text, 'dd')}</div>" for label, category, text in listed)
    return f"<dl class='{cls}'>{''.join(lines)}</dl>"


def card(heading: str, body: str, more: str = "") -> str:
    """A panel with a heading."""
    return f"<section class=card>{chrome(heading, 'h3')}{more}{body}</section>"


def avatar(person: Person, chance: random.Random, size: int = 32) -> str:
    """Initials, a drawn face or a photo, each of which tells who it is."""
    draw = chance.random()
    if draw < 0.55:
        colour = f"hsl({chance.randrange(360)} 45% 42%)"
        style = f"width:{size}px;height:{size}px;font-size:{size * 2 // 5}px;background:{colour}"
        return value("person", person.initials, "span.av", f'style="{style}"')
    return face(chance, size) if draw < 0.8 else picture("photo", "person", chance, (size, size), "av")


def face(chance: random.Random, size: int) -> str:
    """A drawn face."""
    skin = chance.choice(("#f1c9a5", "#d9a066", "#8d5524", "#5c3a21"))
    hair = chance.choice(("#222", "#6b4423", "#b88b4a", "#777"))
    return (
        f'<svg class=av data-picture=person width={size} height={size} viewBox="0 0 40 40">'
        f'<rect width=40 height=40 fill="hsl({chance.randrange(360)} 40% 70%)"/>'
        f'<circle cx=20 cy=18 r=10 fill="{skin}"/>'
        f'<path d="M9 17q11-{chance.randint(12, 20)} 22 0v-5q-11-12-22 0z" fill="{hair}"/>'
        f'<circle cx=16 cy=18 r=1.4 /><circle cx=24 cy=18 r=1.4 /><path d="M16 23q4 3 8 0" stroke="#733" fill=none />'
        f'<path d="M6 40q14-16 28 0z" fill="{hair}"/></svg>'
    )


def picture(paint: str, category: str, chance: random.Random, size: tuple[int, int], cls: str = "") -> str:
    """A canvas that paint.js fills: a `code`, `bars`, a `photo` or a `chart`."""
    seed = chance.randrange(10**6)
    return (
        f'<canvas class="{cls}" data-picture="{category}" data-paint={paint} data-seed={seed} width={size[0]} '
        f'height={size[1]} style="width:{size[0]}px;height:{size[1]}px"></canvas>'
    )


def stars(category: str, count: int) -> str:
    """Five stars, so many filled."""
    return value(category, "★" * count + "☆" * (5 - count), "span.stars")


def whole(sheet: Sheet, look: Look, chance: random.Random) -> str:
    """The page as a document, in the look, with what stands around it."""
    paper, panel, ink, lesser, line = look.colours
    accent = chance.choice(ACCENTS)
    shade = "dark" if look.dark else "light"
    sizes = f"--size:{look.size}px;--row:{look.row}px;--font:'{look.font}'"
    colours = f"--paper:{paper};--panel:{panel};--ink:{ink};--lesser:{lesser};--line:{line};--accent:{accent}"
    style = Path(__file__).with_name("style.css").read_text("utf-8")
    inside = f"<div id=page>{sheet.body}</div>"
    return (
        f'<!doctype html><html lang=en style="{sizes};{colours};color-scheme:{shade}"><head><meta charset=utf-8>'
        f"<title>{escape(sheet.title)}</title><style>{style}{sheet.css}</style></head>"
        f'<body class="{shade}">{_around(sheet, look, chance)}{inside}</body></html>'
    )


def _around(sheet: Sheet, look: Look, chance: random.Random) -> str:
    if look.frame is Frame.NONE:
        return ""
    title = mark(sheet.category, sheet.title, "span.ttl")
    if look.frame is Frame.WINDOW:
        ends = "".join(icon_button(name, 12) for name in ("Expand", "Table", "Close"))
        return (
            f"<div class=frame><div class=bar>{title}<span class=grow></span>{ends}</div>"
            f"{menu_bar(chance.choice(('File|Edit|View|Tools|Help', 'File|Edit|View|Go|Window|Help')))}</div>"
        )
    others = "".join(
        f"<div class=tb>{content(text, 'span.ttl')}{icon_button('Close', 10, 'Close tab')}</div>"
        for text in chance.sample(_TABS, 2)
    )
    address = content(f"https://{sheet.path}", "span.url")
    return (
        f"<div class=frame><div class=strip><div class='tb on'>{title}{icon_button('Close', 10, 'Close tab')}</div>"
        f"{others}{icon_button('Add', 12, 'New tab')}</div>"
        f"<div class=bar>{icon_button('Back', 15)}{icon_button('Forward', 15)}"
        f"{icon_button('Refresh', 15, 'Reload')}{address}{icon_button('Star', 15, 'Bookmark this tab')}"
        f"{icon_button('More', 15, 'Customize and control')}</div></div>"
    )
