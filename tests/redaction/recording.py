"""A recording that a test makes up: its events are sealed by the real session and opened by the real intake."""

from __future__ import annotations

import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np

from capture.events import (
    Area,
    Button,
    Key,
    Monitor,
    PointerButton,
    RawEvent,
    SessionEnded,
    SessionStarted,
)
from capture.frames import Screen, TileWriter
from capture.queue import QueueFolder, QueueReader, QueueWriter
from capture.session import Clocks, SealingSession, SessionFacts
from consent.documents import Grant, Lease, Policy
from redaction.intake import RawSession, open_session
from tests.world import (
    BEGAN_MS,
    SESSION,
    grabbed,
    grant_document,
    lease_document,
    opening,
    policy_document,
    signing,
    unheard,
)
from vault.signed import Signed, sign

WIDTH, HEIGHT = 320, 200
DESK = Area(0, 0, WIDTH, HEIGHT)
MONITOR = Monitor(0, 0, WIDTH, HEIGHT, 1.0)
POLICY: Signed[Policy] = sign(policy_document(), signing("organisation"))
LEASE: Signed[Lease] = sign(lease_document(POLICY), signing("lease"))
GRANT: Signed[Grant] = sign(grant_document(POLICY, ("agent training",)), signing("employee"))


@dataclass(slots=True)
class Recording:
    """A queue with one session; a commit that lies a minute after the one before begins another segment."""

    folder: QueueFolder
    grant: Signed[Grant] = GRANT
    lease: Signed[Lease] = LEASE
    policy_digest: str = POLICY.digest
    now_ms: int = BEGAN_MS
    _sink: SealingSession | None = field(default=None)

    @property
    def sink(self) -> SealingSession:
        """The session that writes."""
        if self._sink is None:
            self._sink = SealingSession(
                QueueWriter(self.folder),
                SessionFacts(SESSION, self.grant.digest, self.lease.digest, self.policy_digest),
                consent=opening("consent").public,
                device=signing("device"),
                clocks=Clocks(lambda: self.now_ms, self._now_ns, self._now_ns),
                random=secrets.token_bytes,
                heard=unheard,
            )
        return self._sink

    def _now_ns(self) -> int:
        return (self.now_ms - BEGAN_MS) * 10**6

    @property
    def reader(self) -> QueueReader:
        """What reads it."""
        return QueueReader(self.folder, (signing("device").public,))

    def opened(self) -> RawSession:
        """The session, opened by the one who may."""
        return open_session(self.reader, SESSION, key=opening("consent"), grant=self.grant, lease=self.lease)


def raw_session(
    *events: RawEvent,
    task: str = "",
    monitors: tuple[Monitor, ...] = (MONITOR,),
    platform: str = "linux-x11",
    policy: Signed[Policy] = POLICY,
) -> RawSession:
    """These events between a start and an end, as redaction gets them."""
    start = msgspec.structs.replace(started(task, monitors), platform=platform)
    lease = sign(lease_document(policy), signing("lease"))
    grant = sign(grant_document(policy, ("agent training",)), signing("employee"))
    with tempfile.TemporaryDirectory() as place:
        recording = Recording(QueueFolder(Path(place) / "queue"), grant, lease, policy.digest)
        recording.sink.commit((start, *events, ended()))
        recording.sink.close()
        return recording.opened()


def started(task: str = "", monitors: tuple[Monitor, ...] = (MONITOR,)) -> SessionStarted:
    """The first event."""
    return SessionStarted(0, BEGAN_MS, 0, task, "linux-x11", monitors)


def ended(seconds: float = 60) -> SessionEnded:
    """The last event."""
    return SessionEnded(ns(seconds), "stopped", 1, 1, 0, 0)


def ns(seconds: float) -> int:
    """Seconds as nanoseconds."""
    return round(seconds * 10**9)


def desk(*written: Area) -> Screen:
    """A light screen with noise, which nobody can read, in these places."""
    screen = np.full((HEIGHT, WIDTH, 3), 245, np.uint8)
    for area in written:
        noise = np.random.default_rng(area.x).integers(0, 2, (area.height, area.width, 1), np.uint8) * 200
        screen[area.y : area.y + area.height, area.x : area.x + area.width] = noise
    return screen


def frames(*screens: tuple[float, Screen]) -> tuple[RawEvent, ...]:
    """The frames of these screens, each with its moment in seconds."""
    height, width = screens[0][1].shape[:2]
    tiles = TileWriter(width, height)
    made = (tiles.write(grabbed(screen), ns(seconds)) for seconds, screen in screens)
    return tuple(frame for frame in made if frame is not None)


def click(seconds: float, x: int, y: int, *, button: Button = Button.LEFT) -> tuple[RawEvent, ...]:
    """A press and a release at one place."""
    press = PointerButton(ns(seconds), x, y, button, pressed=True)
    return press, PointerButton(ns(seconds + 0.04), x, y, button, pressed=False)


def typed(seconds: float, text: str, *, every: float = 0.05) -> tuple[RawEvent, ...]:
    """A press and a release for each character."""
    events: list[RawEvent] = []
    for at, character in enumerate(text):
        moment = ns(seconds + at * every)
        name = {" ": "space"}.get(character, character)
        events += (Key(moment, name, character, pressed=True), Key(moment + 1000, name, character, pressed=False))
    return tuple(events)


def pressed(seconds: float, *names: str) -> tuple[RawEvent, ...]:
    """Keys that go down in this order and up in the other; only the last enters a character if it is one."""
    down = [Key(ns(seconds) + at, name, name if len(name) == 1 else "", pressed=True) for at, name in enumerate(names)]
    up = [Key(ns(seconds + 0.1) + at, name, "", pressed=False) for at, name in enumerate(reversed(names))]
    return (*down, *up)
