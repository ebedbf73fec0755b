"""The only opener of the queue: a session's id and the consent's opening key enter, a `RawSession` leaves.

What leaves is raw. It stays in this process, which must have no network (`redaction.isolation`), and nothing here
writes it anywhere. Records outside the lease or the grant are refused, not skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import InitVar, dataclass
from typing import Final, Protocol

from capture.events import EventError, Frame, RawEvent, SessionEnded, SessionStarted, Suspended, decode_event
from capture.frames import Screen, TileReader
from capture.segment import Intact, Torn
from consent.documents import Grant, Lease
from vault.errors import BadInput, MissingPart, Refused
from vault.keys import OpeningKey
from vault.minted import Mint
from vault.signed import Signed

_MINT: Final = Mint("intake.open_session")
_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class RawSession:
    """Everything that was recorded in a session, in order, unredacted."""

    session: str
    raw_events: tuple[RawEvent, ...]
    started: SessionStarted
    grant: Signed[Grant]
    lease: Signed[Lease]
    ended: bool
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)

    def __repr__(self) -> str:
        return f"RawSession({self.session}, {len(self.raw_events)} events)"

    @property
    def until_ms(self) -> int:
        """When the last event was, in milliseconds of Unix time; time that the machine slept counts.

        After a sleep the later one counts of what the wall clock said and what the sleep's length says, so that a
        clock that was set back makes no recording earlier.
        """
        read_ms, read_ns = self.started.wall_ms, self.started.at_ns
        until_ms = read_ms
        for event in self.raw_events:
            at_ms = read_ms + (event.at_ns - read_ns) // _MS
            if isinstance(event, Suspended):
                at_ms = max(at_ms + max(event.asleep_ns, 0) // _MS, event.wall_ms)
                read_ms, read_ns = at_ms, event.at_ns
            until_ms = max(until_ms, at_ms)
        return until_ms

    def raw_screens(self) -> Iterator[tuple[Frame, Screen]]:
        """Each frame with the full screen after it, in order; `BadInput` if one does not fit."""
        reader = TileReader()
        for event in self.raw_events:
            if isinstance(event, Frame):
                try:
                    yield event, reader.read(event)
                except EventError as error:
                    raise BadInput(f"a frame of session {self.session} is damaged: {error}") from None


class Segments(Protocol):
    """Where sealed segments are read from: the queue, or open files that were handed over."""

    def session(self, session: str) -> tuple[Intact | Torn, ...]:
        """The segments of a session in order, checked without a key; `BadInput` if one is broken or missing."""
        ...

    def records(self, part: Intact | Torn, key: OpeningKey) -> Iterator[bytes]:
        """The records of one segment in order; `BadInput` if one cannot be opened."""
        ...


def open_session(
    reader: Segments, session: str, *, key: OpeningKey, grant: Signed[Grant], lease: Signed[Lease]
) -> RawSession:
    """The session, opened; `MissingPart` if it is not there, `BadInput` if damaged, `Refused` if consent forbids it."""
    parts = reader.session(session)
    if not parts:
        raise MissingPart(f"there is no session {session} in the queue; `optin sessions` lists those that are there")
    events = tuple(event for part in parts for event in _opened(part, reader, key, grant, lease))
    started = events[0] if events else None
    if not isinstance(started, SessionStarted):
        raise BadInput(f"session {session} does not begin with its start; nothing of it is used")
    ended = isinstance(events[-1], SessionEnded) and isinstance(parts[-1], Intact)
    raw = RawSession(session, events, started, grant, lease, ended, _MINT)
    _require_inside(raw, parts)
    return raw


def _opened(
    part: Intact | Torn, reader: Segments, key: OpeningKey, grant: Signed[Grant], lease: Signed[Lease]
) -> Iterator[RawEvent]:
    if part.head.grant_digest != grant.digest:
        raise Refused("the session was recorded under another consent than the one at hand")
    if part.head.policy_digest != grant.document.policy_digest:
        raise Refused("the session was recorded under another policy than the consent names")
    if part.head.lease_digest != lease.digest:
        raise Refused("the session was recorded under another lease than the one at hand")
    try:
        for record in reader.records(part, key):
            yield decode_event(record)
    except EventError as error:
        raise BadInput(f"a record of session {part.head.session} is damaged: {error}") from None


def _require_inside(raw: RawSession, parts: tuple[Intact | Torn, ...]) -> None:
    """The session lies inside grant and lease; a patched recorder gains nothing by ignoring either.

    Events are dated by a clock that stands still while the machine sleeps, so the time asleep that was noted and each
    segment's wall clock count as well.
    """
    grant, lease = raw.grant.document, raw.lease.document
    from_ms = min(raw.started.wall_ms, *(part.head.created_ms for part in parts))
    until_ms = max(raw.until_ms, *(part.head.created_ms for part in parts))
    if not lease.not_before_ms <= from_ms <= until_ms <= lease.expires_ms:
        raise Refused("the session was recorded outside its lease; it cannot be used")
    if not grant.given_ms <= from_ms <= until_ms <= grant.expires_ms:
        raise Refused("the session was recorded outside the time that consent was given for; it cannot be used")
