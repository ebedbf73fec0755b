"""Sessions in which sensitive values are typed: a seed enters, raw events and what was planted in them leave.

Each session has a value of every category, typed in one manner (`benchmarks.text.strokes`) into a field of a form.
Behind it the value often comes back elsewhere, as it does at work: in the window's title or address, as the name of the
widget that was clicked or selected, or in a menu of recent documents. The screens are small and blank: what is measured
is texts. Pure.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from benchmarks.text.judge import Planted
from benchmarks.text.planting import DRAWS, draw
from benchmarks.text.strokes import CLICK, CTRL, MANNERS, Stroke, Typing
from capture.events import (
    Area,
    Button,
    Effect,
    ElementSeen,
    Key,
    PointerButton,
    Purpose,
    RawEvent,
    Shortcut,
    UiEffect,
    WindowFocused,
)

SEED: Final = 6
EACH: Final = 8
"""Seconds of one value: it is typed, then comes back elsewhere."""
FIRST: Final = 2
"""Second of the first value."""
LASTS: Final = FIRST + EACH * len(DRAWS)
"""Seconds of a session."""
KEY_NS: Final = 40_000_000
WINDOW: Final = Area(0, 0, 320, 200)
FIELD: Final = Area(20, 60, 200, 24)
ECHOES: Final = ("nowhere", "title", "address", "target", "effect", "menu")
LABELS: Final = {
    "person": ("Full name", "Contact", "Deliver to"),
    "medical": ("Diagnosis", "Notes"),
    "tax": ("Taxpayer number", "Reference"),
    "financial": ("Card number", "Pay to"),
    "chat": ("Message", "Reply"),
    "hr": ("Comments", "Summary"),
    "ai_prompt": ("Ask anything", "Message"),
    "classified": ("Title", "Subject"),
    "secret": ("Password", "Value"),
}
"""Names of the fields that values of each category are typed into."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value as it was typed: how, what stood in the fields in the end, where it came back, and when."""

    planted: Planted
    manner: str
    finals: tuple[str, ...]
    echo: str
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A session: its events in order, and the values that were typed in it."""

    events: tuple[RawEvent, ...]
    entries: tuple[Entry, ...]


def streams(count: int) -> Iterator[Stream]:
    """So many sessions; the first ones are the same however many there are."""
    for number in range(count):
        yield _stream(number)


def control() -> Stream:
    """A session of the same form in which nothing is planted: what leaves of it may leave."""
    harmless = Planted("hello", "person")
    events: list[RawEvent] = []
    for place, echo in enumerate(ECHOES):
        more, _ = _written(harmless, "plain", random.Random(SEED), echo=echo, place=place)
        events += more
    return Stream(tuple(events), ())


def _stream(number: int) -> Stream:
    chance = random.Random(SEED * 1_000_003 + number)
    events: list[RawEvent] = []
    entries: list[Entry] = []
    for place, category in enumerate(chance.sample(tuple(DRAWS), len(DRAWS))):
        manner = tuple(MANNERS)[(number + place) % len(MANNERS)]
        more, entry = _written(draw(chance, category), manner, chance, echo=chance.choice(ECHOES), place=place)
        events += more
        entries.append(entry)
    return Stream(tuple(events), tuple(entries))


def _written(
    planted: Planted, manner: str, chance: random.Random, *, echo: str, place: int
) -> tuple[tuple[RawEvent, ...], Entry]:
    """The events of one value, which is the session's `place`th, and what is told of it."""
    began_ns = (FIRST + place * EACH) * 10**9
    typing = MANNERS[manner](planted.value, chance)
    typed = (*_focused(planted.category, chance, began_ns), *_pressed(typing, began_ns))
    times = began_ns // 10**6, (began_ns + EACH * 10**9) // 10**6
    events = (*typed, *_echoed(echo, planted.value, typed[-1].at_ns + 10**9))
    return events, Entry(planted, manner, typing.finals, echo, *times)


def _focused(category: str, chance: random.Random, at_ns: int) -> Iterator[RawEvent]:
    role = "password text" if category == "secret" and chance.random() < 1 / 2 else "entry"
    yield WindowFocused(at_ns - 3 * KEY_NS, "forms", "Edit - Settings", "https://forms.example/edit", WINDOW)
    yield ElementSeen(at_ns - KEY_NS, Purpose.FOCUS, role, chance.choice(LABELS[category]), (), FIELD, ())


def _pressed(typing: Typing, at_ns: int) -> Iterator[RawEvent]:
    for number, stroke in enumerate(typing.strokes):
        moment = at_ns + number * KEY_NS
        yield from _clicked(moment) if stroke == CLICK else _keys(stroke, moment)


def _keys(stroke: Stroke, at_ns: int) -> Iterator[RawEvent]:
    """Keys that are held go down first and up last; only the last key may enter a character."""
    *held, last = stroke
    name, character = ("space", " ") if last == " " else (last, last if len(last) == 1 else "")
    for at, modifier in enumerate(held):
        yield Key(at_ns + at, modifier, "", pressed=True)
    yield Key(at_ns + 10, name, character if CTRL not in held else "", pressed=True)
    yield Key(at_ns + KEY_NS // 2, name, character if CTRL not in held else "", pressed=False)
    for at, modifier in enumerate(reversed(held)):
        yield Key(at_ns + KEY_NS // 2 + 1 + at, modifier, "", pressed=False)


def _clicked(at_ns: int) -> Iterator[RawEvent]:
    x, y = FIELD.x + 30, FIELD.y + 10
    yield PointerButton(at_ns, x, y, Button.LEFT, pressed=True)
    yield PointerButton(at_ns + KEY_NS // 2, x, y, Button.LEFT, pressed=False)


def _echoed(echo: str, value: str, at_ns: int) -> Iterator[RawEvent]:
    """The value where else it comes back, with the action that makes a step of it."""
    match echo:
        case "title":
            yield WindowFocused(at_ns, "forms", f"{value} - Search", "https://forms.example/", WINDOW)
        case "address":
            address = f"https://forms.example/find?q={quote(value)}"
            yield WindowFocused(at_ns, "forms", "Search - Forms", address, WINDOW)
    yield from _clicked(at_ns + KEY_NS)
    match echo:
        case "target":
            yield ElementSeen(at_ns + 2 * KEY_NS, Purpose.CLICK, "list item", value, (), FIELD, ())
        case "effect":
            yield UiEffect(at_ns + 2 * KEY_NS, at_ns + KEY_NS, Effect.SELECTED, "menu item", value)
        case "menu":
            yield from _keys((CTRL, "o"), at_ns + 4 * KEY_NS)
            yield Shortcut(at_ns + 4 * KEY_NS + 10, (CTRL, "o"), "Open", ("File", "Open Recent", value))
