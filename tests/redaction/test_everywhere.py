"""One finding, everywhere: what is found in one channel of a session goes in all others, under the same placeholder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from capture.events import (
    Area,
    ElementSeen,
    Purpose,
    RawEvent,
    Shortcut,
    UiEffect,
    WindowFocused,
)
from capture.events import Effect as RawEffect
from redaction.detectors.base import Role
from redaction.engine import redact
from redaction.fields import Tools
from redaction.images.pixels import MaskTools
from redaction.lexicon import load_lexicon
from redaction.readers.base import Word
from redaction.readers.fake import FakeReader
from redaction.redacted import Channel, Episode, Isolation
from redaction.spans import Box, Category, TextSpan
from tests.redaction.recording import DESK, POLICY, click, desk, frames, ns, pressed, raw_session, typed

WRITTEN = Area(20, 20, 90, 12)
"""Where the screen of these tests shows writing."""


@dataclass(frozen=True, slots=True)
class FakeTelling:
    """Finds what is said to be a secret, and who is said to be somebody."""

    name: str = "telling"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """What follows `secret` or `person`."""
        secrets = tuple(TextSpan(*one.span(1), Category.SECRET) for one in re.finditer(r"secret (\w+)", text))
        people = tuple(TextSpan(*one.span(1), Category.PERSON) for one in re.finditer(r"person (\w+ \w+)", text))
        return secrets + people


CANARY = "Qxwvz"
TOOLS = Tools(MaskTools(FakeReader(), load_lexicon(), ()), Isolation.NETNS, POLICY, (FakeTelling(),))
Told = Callable[[str], tuple[RawEvent, ...]]
"""How a text comes into a session."""


def silent(_done: int, _whole: int) -> None:
    """Hears how far redaction has come."""


def told(text: str, *others: RawEvent) -> Episode:
    """The episode of a session on whose screen a text is read, with these events beside it."""
    words = tuple(Word(word, 0.99, Box(20 + 30 * at, 20, 28, 12)) for at, word in enumerate(text.split()))
    reader = FakeReader((words,) if words else ())
    tools = replace(TOOLS, masking=replace(TOOLS.masking, reader=reader))
    screen = frames((0.5, desk(WRITTEN)))
    return redact(raw_session(*screen, *others, *click(50, 200, 100)), tools, silent)[0].episode


def title(text: str, *, url: str = "") -> RawEvent:
    return WindowFocused(ns(1), "app", text, url, DESK)


def typing(text: str) -> tuple[RawEvent, ...]:
    return typed(10, text)


def titled(text: str) -> tuple[RawEvent, ...]:
    return (title(text),)


def address(text: str) -> tuple[RawEvent, ...]:
    return (title("", url=f"https://x.example/a?q={text.replace(' ', '+')}"),)


def widget(name: str) -> tuple[RawEvent, ...]:
    return (
        *click(2, 200, 100),
        ElementSeen(ns(2.1), Purpose.CLICK, "push button", name, (), Area(190, 90, 30, 20), ()),
    )


def shortcut(command: str) -> tuple[RawEvent, ...]:
    events = pressed(40, "ctrl", "s")
    return (*events, Shortcut(events[1].at_ns, ("ctrl", "s"), command, ()))


def menu(entry: str) -> tuple[RawEvent, ...]:
    events = pressed(42, "ctrl", "s")
    return (*events, Shortcut(events[1].at_ns, ("ctrl", "s"), "", (entry,)))


def effect(name: str) -> tuple[RawEvent, ...]:
    return (*click(45, 200, 100), UiEffect(ns(45.2), ns(45), RawEffect.EXPANDED, "menu item", name))


def names(episode: Episode) -> set[str]:
    """All texts that an episode shows beside what was typed."""
    return {
        name
        for step in episode.steps
        for name in (
            step.window_title,
            step.command,
            *step.menu,
            *(done.name for done in step.effects),
            *([step.target.name] if step.target else []),
        )
        if name
    }


SOURCES: tuple[Told, ...] = (typing, titled, address, widget, shortcut, menu, effect)
SHOWN: tuple[Told, ...] = (titled, widget, shortcut, menu, effect)
PAIRS = [
    pytest.param(source, shown, id=f"from-{source.__name__}-to-{shown.__name__}")
    for source in SOURCES
    for shown in SHOWN
    if source is not shown
]


@pytest.mark.parametrize("shown", SHOWN)
def test_alone_it_is_unknown(shown: Told) -> None:
    assert names(told("", *shown(CANARY))) == {"<TEXT>"}


@pytest.mark.parametrize(("source", "shown"), PAIRS)
def test_what_one_channel_tells_is_known_in_every_other(source: Told, shown: Told) -> None:
    assert "<SECRET>" in names(told("", *source(f"secret {CANARY}"), *shown(CANARY)))


@pytest.mark.parametrize("shown", SHOWN)
def test_what_the_screen_shows_is_known_in_every_other_channel(shown: Told) -> None:
    assert names(told(f"secret {CANARY}", *shown(CANARY))) == {"<SECRET>"}


@pytest.mark.parametrize("shown", SHOWN)
def test_an_interface_phrase_that_was_typed_as_a_secret_stays_nowhere(shown: Told) -> None:
    assert names(told("", *shown("Category"))) == {"Category"}
    assert names(told("", *shown("Category"), *typing("secret Category"))) == {"<SECRET>"}


def test_it_goes_from_screens_of_before_too() -> None:
    assert "secret" in {mask.category for mask in told("Category", *typing("secret Category")).images[0].masks}


def test_what_was_deleted_while_typing_is_hunted_too() -> None:
    deleted = (*typing("secret Category"), *(event for at in range(8) for event in pressed(20 + at, "backspace")))
    assert names(told("", *titled("Category"), *deleted)) == {"<SECRET>"}


@pytest.mark.parametrize("text", ["CATEGORY", "\uff23ategory", "Cate\u200bgory", "C\u0430tegory"])
def test_it_is_hunted_in_whatever_way_it_is_written(text: str) -> None:
    assert names(told("", *titled(text), *typing("secret Category"))) == {"<SECRET>"}


@pytest.mark.parametrize("text", ["Qx0vzl9", "QXOVZL9", "Qxovz19", "Qx0 vzl9"])
def test_it_is_hunted_in_whatever_way_it_is_read(text: str) -> None:
    assert names(told("", *titled(text), *typing("secret Qx0vzl9"))) == {"<SECRET>"}


def test_an_interface_phrase_that_a_shown_text_calls_a_secret_stays_where_it_stands_alone() -> None:
    """What stands in a menu does not turn other menus into secrets."""
    assert names(told("", *titled("secret Category"), *shortcut("Category"))) == {"<TEXT>", "Category"}


def test_the_same_person_has_the_same_placeholder_in_texts_and_on_screens() -> None:
    episode = told("person Ann Qxwvz", *typing("to person Ann Qxwvz"), *titled("Inbox - Ann Qxwvz"), *widget("Qxwvz"))
    assert {step.action.text for step in episode.steps} - {""} == {"<TEXT> <PERSON_1>"}
    assert names(episode) == {"Inbox - <PERSON_1>", "<PERSON_1>"}
    assert {mask.entity for mask in episode.images[0].masks} - {""} == {"<PERSON_1>"}


def test_people_are_numbered_anew_in_each_session() -> None:
    """So nothing tells that the person of one session is that of another."""
    both = (*typing("person Ann Qxwvz"), *titled("Lee Zvwxq"), *shortcut("person Lee Zvwxq"), *menu("Ann Qxwvz"))
    assert {"<PERSON_1>", "<PERSON_2>"} <= names(told("", *both))
    assert names(told("", *typing("person Lee Zvwxq"), *titled("Lee Zvwxq"))) == {"<PERSON_1>"}


def test_the_report_counts_what_was_found_and_finds_nothing_left() -> None:
    raw = raw_session(*titled(CANARY), *typing(f"secret {CANARY}"))
    report = redact(raw, TOOLS, silent)[1].report
    assert [(one.category, one.distinct) for one in report.entities] == [("secret", 1)]
    assert {(one.channel, one.category) for one in report.texts} == {
        (Channel.TYPED, "secret"), (Channel.TYPED, "unknown"), (Channel.TITLE, "secret")
    }  # fmt: skip
    assert report.residuals == ()
