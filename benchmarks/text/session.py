"""Sessions through the door that every session goes through: raw events enter, the two documents that leave come out.

They are sealed, opened and redacted as any session is; the screen is blank, so no engine reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from benchmarks.text.streams import FIRST, WINDOW
from capture.events import RawEvent, WindowFocused
from redaction.detectors.base import Detector
from redaction.engine import redact
from redaction.fields import Tools
from redaction.redacted import ActionKind, Episode, Isolation
from vault.canonical import canonical

_CATEGORY: Final = re.compile(r"<([A-Z_]+?)(?:_\d+)?>")


@dataclass(frozen=True, slots=True)
class Redacted:
    """What left of one session: the episode, and both documents as canonical JSON."""

    episode: Episode
    documents: tuple[str, str]


def redacted(events: tuple[RawEvent, ...], tools: Tools, *, seconds: int) -> Redacted:
    """The session of these events, which lasts so long."""
    from tests.redaction.recording import desk, frames, ns, raw_session

    last = WindowFocused(ns(seconds), "forms", "", "", WINDOW)
    session, reported = redact(raw_session(*frames((0.5, desk())), *events, last), tools, _silent)
    documents = (canonical(session.episode).decode(), canonical(reported.report).decode())
    return Redacted(session.episode, documents)


def typed_between(episode: Episode, from_ms: int, until_ms: int) -> tuple[str, ...]:
    """The categories of the placeholders of what was typed between two moments."""
    return tuple(
        name.lower()
        for step in episode.steps
        if step.action.kind is ActionKind.TYPE and from_ms <= step.at_ms < until_ms
        for name in _CATEGORY.findall(step.action.text)
    )


def titles_of(texts: tuple[str, ...], tools: Tools) -> tuple[str, ...]:
    """What is left of each title and address, when each is that of a window in which a key is pressed."""
    from tests.redaction.recording import ns, pressed

    events: list[RawEvent] = []
    for number, text in enumerate(texts):
        moment, is_address = FIRST + number, text.startswith("https://")
        title, address = ("", text) if is_address else (text, "")
        events += [WindowFocused(ns(moment), "browser", title, address, WINDOW), *pressed(moment + 0.4, "f5")]
    steps = redacted(tuple(events), tools, seconds=FIRST + len(texts)).episode.steps
    return tuple(step.window_title or step.site for step in steps if step.action.kind is ActionKind.KEY)


def open_tools(detectors: tuple[Detector, ...]) -> Tools:
    """The strict profile's tools with these detectors, and with an engine for blank screens that reads nothing."""
    from redaction.detectors import light_detectors
    from redaction.images.pixels import MaskTools
    from redaction.lexicon import load_lexicon, load_words
    from redaction.readers.fake import FakeReader
    from tests.redaction.recording import POLICY

    masking = MaskTools(FakeReader(), load_lexicon(), light_detectors(), words=load_words())
    return Tools(masking, Isolation.NONE, POLICY, detectors)


def _silent(_done: int, _all: int) -> None:
    """Nobody watches."""
