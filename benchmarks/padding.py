"""What padding costs an hour: bytes that the queue writes for scripted hands, with and without it.

The hours are made of the recorder's own events on its grid, without screens, and sized by the rules of the format; not
a byte is written. Segments are begun and ended as a session does it every 30 seconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from capture.batch import ciphertext_size
from capture.events import Key, PointerMoved, RawEvent, encode_event
from capture.governor import COMMIT_NS
from capture.seal import Sealer, SegmentFacts, SegmentStart, begin_segment
from capture.segment import DIGEST, HEADER, SIGNATURE
from capture.session import ROTATE_NS
from vault.keys import OpeningKey, SigningKey

SECOND: Final = 1_000_000_000
HOUR: Final = 3600 * SECOND
MOVE_NS: Final = 75_000_000
"""Thinning leaves about 13 moves of each second that a hand moves the pointer (`capture.path`)."""
HELD: Final = 80_000_000
"""Nanoseconds that a key is held down."""


@dataclass(frozen=True, slots=True)
class Hour:
    """Bytes that one scripted hour takes in the queue, and what it would take without padding; commits in it."""

    name: str
    commits: int
    padded_bytes: int
    bare_bytes: int


def hours() -> tuple[Hour, ...]:
    """The three hours of docs/format.md."""
    return (
        _hour("typing, 5 keys a second", _typed(5)),
        _hour("typing, 10 keys a second, pointer", sorted((*_typed(10), *_moved(HOUR)), key=_at)),
        _hour("idle, pointer 6 s a minute", _moved(6 * SECOND)),
    )


def _hour(name: str, events: Iterator[RawEvent] | list[RawEvent]) -> Hour:
    batches = [tuple(encode_event(event) for event in batch) for _, batch in groupby(events, _slot)]
    segments = HOUR // ROTATE_NS
    padded = sum(_frame(ciphertext_size(batch)) for batch in batches)
    bare = sum(_frame(_unpadded(batch)) for batch in batches)
    around = _segment_start() + SIGNATURE
    return Hour(
        name=name,
        commits=len(batches),
        padded_bytes=padded + segments * (around + _frame(ciphertext_size(()))),
        bare_bytes=bare + segments * (around + _frame(_unpadded(()))),
    )


def _typed(rate: int) -> Iterator[RawEvent]:
    """Each key goes down and up again; none overlap."""
    for at in range(0, HOUR, SECOND // rate):
        yield Key(at, "a", "a", pressed=True)
        yield Key(at + HELD, "a", "a", pressed=False)


def _moved(a_minute: int) -> Iterator[RawEvent]:
    """Moves at the rate that the recorder keeps, at the start of each minute."""
    for minute in range(0, HOUR, 60 * SECOND):
        for at in range(minute, min(minute + min(a_minute, 60 * SECOND), HOUR), MOVE_NS):
            yield PointerMoved(at, at // MOVE_NS % 1920, 500)


def _at(event: RawEvent) -> int:
    return event.at_ns


def _slot(event: RawEvent) -> int:
    return event.at_ns // COMMIT_NS


def _frame(ciphertext: int) -> int:
    return HEADER.size + ciphertext + DIGEST


def _unpadded(records: tuple[bytes, ...]) -> int:
    """The ciphertext's length if the plaintext were not padded; see `ciphertext_size`."""
    plain = 4 + sum(4 + len(record) for record in records)
    return 56 + plain + 16 * (plain // (16 << 10) + 1)


def _segment_start() -> int:
    """The length of a key file and a prelude."""
    start, _ = segment_begun()
    return len(start.key_file) + len(start.prelude)


def segment_begun() -> tuple[SegmentStart, Sealer]:
    """A segment in the middle of some session."""
    one, name = "1" * 64, "ab" * 16
    facts = SegmentFacts(name, 100, name, one, one, one, 1_790_000_000_000, 10**15, name, one)
    return begin_segment(
        facts, consent=OpeningKey.generate().public, device=SigningKey.generate(), random=secrets.token_bytes
    )
