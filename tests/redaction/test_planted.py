"""Nothing that is planted anywhere in a session stands in anything that leaves, whatever its category and form."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture.events import Area, ElementSeen, Purpose, RawEvent, Shortcut, UiEffect, WindowFocused
from capture.events import Effect as RawEffect
from redaction.detectors import light_detectors
from redaction.engine import redact
from redaction.fields import Tools
from redaction.images.pixels import MaskTools
from redaction.lexicon import load_lexicon
from redaction.readers.base import Word
from redaction.readers.fake import FakeReader
from redaction.redacted import Isolation
from redaction.spans import Box
from tests.redaction.recording import DESK, POLICY, click, desk, frames, ns, pressed, raw_session, typed
from vault.canonical import canonical

DETECTORS = light_detectors()
PLANTED = {
    "person": ("Margaret Thornhill", "m.thornhill@example.org", "+1 212 555 0147", "14 Kingfisher Lane"),
    "medical": ("Metformin 500 mg", "MRN 00482913", "type 2 diabetes"),
    "tax": ("123-45-6789", "912-70-1234", "12-3456789"),
    "financial": ("4532-1234-5678-9012", "DE89370400440532013000", "$84,250.17"),
    "secret": ("ghp_abcdEFGH1234567890abcdEFGH1234567890", "AKIAIOSFODNN7EXAMPLE", "hunter2!Moon"),
    "chat": ("see you at the river at nine",),
    "hr": ("does not meet expectations, put on a plan",),
    "ai_prompt": ("write a letter that ends the lease of flat nine",),
}
"""Made-up values by category; none is a phrase of an interface."""
FRAMES = ("{}", "for {} only", "Inbox - {}", "File: {}", "Password: {}", "({})", "{}\t{}")


def disguised(value: str, how: str) -> str:
    """The value as a person would still read it."""
    match how:
        case "plain":
            return value
        case "wide":
            return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in value)
        case "split":
            return "\u200b".join(value)
        case "decomposed":
            return unicodedata.normalize("NFD", value.replace("a", "\u00e1"))
        case "turned":
            return f"\u202e{value}\u202c"
        case _:
            return value.replace("a", "\u0430").replace("e", "\u0435").replace("o", "\u043e")


HOW = ("plain", "wide", "split", "decomposed", "turned", "homoglyphs")


def said(channel: str, text: str) -> tuple[RawEvent, ...]:
    """A text in one channel of a session."""
    match channel:
        case "typed":
            return typed(10, text)
        case "title":
            return (WindowFocused(ns(1), "app", text, "", DESK),)
        case "address":
            return (WindowFocused(ns(1), "app", "", f"https://site.example/{text}?q={text}#{text}", DESK),)
        case "widget":
            seen = ElementSeen(ns(2.1), Purpose.CLICK, "push button", text, (text,), Area(190, 90, 30, 20), ())
            return (*click(2, 200, 100), seen)
        case "command":
            events = pressed(40, "ctrl", "s")
            return (*events, Shortcut(events[1].at_ns, ("ctrl", "s"), text, (text,)))
        case _:
            return (*click(45, 200, 100), UiEffect(ns(45.2), ns(45), RawEffect.SELECTED, "list item", text))


def plain(text: str) -> str:
    """What is left of a text when only letters and digits count, whatever form they have."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[\W_]+", "", "".join(char for char in folded if not unicodedata.combining(char)))


def leaves(*events: RawEvent, task: str, line: str) -> str:
    """All text that leaves of a session on whose screen a line is read."""
    words = tuple(Word(word, 0.99, Box(20 + 30 * at, 20, 28, 12)) for at, word in enumerate(line.split()))
    masking = MaskTools(FakeReader((words,) if words else ()), load_lexicon(), DETECTORS)
    tools = Tools(masking, Isolation.NETNS, POLICY, DETECTORS)
    raw = raw_session(*frames((0.5, desk(Area(20, 20, 90, 12)))), *events, *click(50, 200, 100), task=task)
    session, reported = redact(raw, tools, lambda _done, _whole: None)
    assert reported.report.residuals == ()
    return (canonical(session.episode) + canonical(reported.report)).decode()


VALUES = st.sampled_from([value for values in PLANTED.values() for value in values])
TEXTS = st.builds(
    lambda value, frame, how: (value, frame.format(*[disguised(value, how)] * 2)),
    VALUES,
    st.sampled_from(FRAMES),
    st.sampled_from(HOW),
)
CHANNELS = ("typed", "title", "address", "widget", "command", "effect")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(CHANNELS), TEXTS), min_size=1, max_size=4), TEXTS, TEXTS)
def test_no_planted_value_leaves_by_any_channel(
    told: list[tuple[str, tuple[str, str]]], task: tuple[str, str], read: tuple[str, str]
) -> None:
    by_channel = dict(told)
    events = tuple(event for channel, (_, text) in by_channel.items() for event in said(channel, text))
    left = plain(leaves(*sorted(events, key=moment), task=task[1], line=read[1]))
    planted = (task[0], read[0], *(value for value, _ in by_channel.values()))
    assert [value for value in planted if plain(value) in left] == []


def moment(event: RawEvent) -> int:
    return event.at_ns


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_category_goes_in_every_form(channel: str, how: str) -> None:
    values = tuple(value for values in PLANTED.values() for value in values)
    left = plain(leaves(*said(channel, " ; ".join(disguised(value, how) for value in values)), task="", line=""))
    assert [value for value in values if plain(value) in left] == []
