"""The positive control: the same finder over the same frames, unredacted. It shows that "0 found" means something.

It runs in a process of its own, without network, over recordings of the demo's own test pages, and prints ids and
numbers only. What it opens stays in its memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from optin.failures import run
from redaction.isolation import isolated
from redaction.redacted import Isolation
from vault.errors import Refused

if TYPE_CHECKING:
    from capture.events import RawEvent
    from capture.frames import Screen
    from redaction.intake import RawSession


def control(session: str, seed: int) -> dict[str, object]:
    """The ids found in the raw frames that the export's images were made from, and in the raw texts; with counts.

    The network is taken away before anything heavy is imported: a library's threads would keep it.
    """
    with isolated() as isolation:
        if isolation is Isolation.NONE:
            raise Refused("the control opens raw test recordings and needs a process without network")
        return _found(session, seed)


def _found(session: str, seed: int) -> dict[str, object]:
    from optin.demo.finder import Finder
    from optin.demo.planted import plant

    raw = _opened(session)
    with Finder(plant(seed)) as finder:
        in_frames = frozenset().union(*(finder.in_image(screen) for screen in _exported_screens(raw)))
        in_texts = frozenset().union(*(finder.in_text(text) for text in _raw_texts(raw)))
    return {"in_frames": sorted(in_frames), "in_texts": sorted(in_texts), "events": len(raw.raw_events)}


def _opened(session: str) -> RawSession:
    from capture.queue import QueueFolder, QueueReader
    from optin.home import open_home
    from redaction.intake import open_session

    home = open_home()
    reader = QueueReader(QueueFolder(home.queue), home.devices())
    lease = home.lease(reader.session(session)[0].head.lease_digest)
    return open_session(reader, session, key=home.keys.opening("consent"), grant=home.grant(), lease=lease)


def _exported_screens(raw: RawSession) -> Iterator[Screen]:
    """The screens that the exported images were made from, unredacted."""
    from redaction.shown import needed_frames, shown_frames
    from redaction.steps import build_steps

    wanted = needed_frames(shown_frames(raw.raw_events, build_steps(raw.raw_events)))
    return (screen for number, (_, screen) in enumerate(raw.raw_screens()) if number in wanted)


def _raw_texts(raw: RawSession) -> Iterator[str]:
    """Every text in the events, and what was typed as it was entered."""
    from capture.events import Key
    from redaction.steps import build_steps

    yield from (text for event in raw.raw_events for text in _texts(event))
    yield from (step.raw_text for step in build_steps(raw.raw_events))
    yield "".join(event.character for event in raw.raw_events if isinstance(event, Key) and event.pressed)


def _texts(event: RawEvent) -> tuple[str, ...]:
    """The texts that an event holds, besides keys."""
    from capture.events import ElementSeen, SessionStarted, Shortcut, UiEffect, WindowFocused

    match event:
        case WindowFocused():
            return (event.app, event.title, event.url)
        case ElementSeen():
            return (event.name, *(ancestor.name for ancestor in event.ancestry))
        case Shortcut():
            return (event.command, *event.menu)
        case UiEffect():
            return (event.name,)
        case SessionStarted():
            return (event.task,)
        case _:
            return ()


if __name__ == "__main__":
    run(lambda: sys.stdout.write(json.dumps(control(sys.argv[1], int(sys.argv[2])))))
