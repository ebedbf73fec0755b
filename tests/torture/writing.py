"""A recorder's writer without a screen: the real session over the real queue, with records that can be told by number.

Its clock makes a segment end after few commits, so that each run goes through every step of a segment's life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

from capture.events import Frame, encode_event
from capture.queue import QueueFolder, QueueReader, QueueWriter
from capture.session import ROTATE_NS, Clocks, SealingSession, SegmentStep, SessionFacts
from vault.keys import OpeningKey, SigningKey

CONSENT: Final = OpeningKey.generate()
DEVICE: Final = SigningKey.generate()
SMALL: Final = 200
LARGE: Final = 300_000
_NOISE: Final = Random(0).randbytes(LARGE + 1000)


def event(number: int, size: int) -> Frame:
    """The event of this number, with so many bytes of a picture."""
    at = number % 1000
    return Frame(at_ns=number, width=1, height=1, whole=True, tiles=(), packed=_NOISE[at : at + size])


def record(number: int, size: int) -> bytes:
    """The same as the bytes that are sealed."""
    return encode_event(event(number, size))


def nobody_hears(_step: SegmentStep, _segment: str) -> None:
    """Hears of segments and does nothing."""


@dataclass(slots=True)
class Ticking:
    """A clock that passes on so many nanoseconds at each look."""

    step: int = ROTATE_NS // 3
    now: int = field(default=0)

    def __call__(self) -> int:
        """Nanoseconds."""
        self.now += self.step
        return self.now


def open_session(
    folder: Path, session: str, *, random: Callable[[int], bytes], device: SigningKey = DEVICE
) -> SealingSession:
    """A new session in the queue that lies in this folder."""
    return SealingSession(
        QueueWriter(QueueFolder(folder)),
        SessionFacts(session, "1" * 64, "2" * 64, "3" * 64),
        consent=CONSENT.public,
        device=device,
        clocks=Clocks(lambda: 1_790_000_000_000, Ticking(), lambda: 5),
        random=random,
        heard=nobody_hears,
    )


def read_session(folder: Path, session: str) -> list[bytes]:
    """All records of a session, read as the redactor does; `BadInput` if something is broken."""
    reader = QueueReader(QueueFolder(folder), (DEVICE.public,))
    return [record for part in reader.session(session) for record in reader.records(part, CONSENT)]
