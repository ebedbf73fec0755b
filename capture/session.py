"""A recording session as a sink: events in, sealed and durable batches out.

It begins segments and rotates them (size, age), seals each commit as one batch (as several where it does not fit into
one frame), and ends the last segment. When `commit` returns, the events are on disk; when it raises, recording must
stop. It never holds an event after its commit. Who listens hears of each segment before it is begun, and after its end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from capture.events import RawEvent, encode_event
from capture.queue import QueueDead, QueueWriter
from capture.seal import Random, Sealer, SegmentFacts, begin_segment, split_records
from capture.segment import FrameFlags
from vault.keys import SealingKey, SigningKey

ROTATE_BYTES: Final = 64 << 20
ROTATE_NS: Final = 30_000_000_000
"""A segment ends after 64 MiB or 30 s, whichever comes first; forgetting rounds out to segments."""


class SegmentStep(Enum):
    """What is told of a segment, with its id."""

    OPENED = "opened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What all segments of a session share."""

    session: str
    grant_digest: str
    lease_digest: str
    policy_digest: str


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks as arguments: wall in milliseconds, monotonic and boot time in nanoseconds."""

    wall_ms: Callable[[], int]
    monotonic_ns: Callable[[], int]
    boot_ns: Callable[[], int]


class SealingSession:
    """The sink of one session; of the consent's key it holds the public half only, so it cannot open what it wrote.

    `heard` is called with OPENED before a segment is begun, and if it raises nothing is begun; with CLOSED after the
    segment's FINAL frame is durable.
    """

    def __init__(
        self,
        queue: QueueWriter,
        facts: SessionFacts,
        *,
        consent: SealingKey,
        device: SigningKey,
        clocks: Clocks,
        random: Random,
        heard: Callable[[SegmentStep, str], None],
    ) -> None:
        self._queue = queue
        self._facts = facts
        self._consent = consent
        self._device = device
        self._clocks = clocks
        self._random = random
        self._heard = heard
        self._sealer: Sealer | None = None
        self._segment, self._index, self._size, self._begun_ns = "", 0, 0, 0
        self._written = 0
        self._previous_head = ""

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        """Seals the events and returns when they are durable; `QueueDead` if the disk refuses."""
        for records in split_records(tuple(encode_event(event) for event in events)):
            if self._sealer is None or self._is_full():
                self._rotate()
            self._seal(records, FrameFlags.NONE)

    @property
    def written(self) -> int:
        """How many bytes of segments were written so far."""
        return self._written

    def rotate(self) -> None:
        """Ends the segment that is open, if one is; the next batch begins another."""
        self._end()

    def close(self) -> None:
        """Ends the last segment with a signed FINAL frame and gives the queue free."""
        try:
            self._end()
        finally:
            self._queue.close()

    def _seal(self, records: tuple[bytes, ...], flags: FrameFlags) -> None:
        if self._sealer is None:
            raise RuntimeError("a segment must be begun before a batch is sealed")
        batch = self._sealer.seal(records, flags)
        try:
            self._queue.append(batch)
        except QueueDead:
            self._sealer = None
            raise
        self._size += len(batch.frame)
        self._written += len(batch.frame)
        self._previous_head = batch.digest.hex()

    def _end(self) -> None:
        """Ends the segment that is open, if one is."""
        if self._sealer is None:
            return
        self._seal((), FrameFlags.FINAL)
        self._sealer = None
        self._heard(SegmentStep.CLOSED, self._segment)

    def _is_full(self) -> bool:
        return self._size >= ROTATE_BYTES or self._clocks.monotonic_ns() - self._begun_ns >= ROTATE_NS

    def _rotate(self) -> None:
        self._end()
        facts = SegmentFacts(
            session=self._facts.session,
            index=self._index,
            segment=self._random(16).hex(),
            grant_digest=self._facts.grant_digest,
            lease_digest=self._facts.lease_digest,
            policy_digest=self._facts.policy_digest,
            created_ms=self._clocks.wall_ms(),
            boot_ns=self._clocks.boot_ns(),
            previous_segment=self._segment,
            previous_head=self._previous_head,
        )
        self._heard(SegmentStep.OPENED, facts.segment)
        start, sealer = begin_segment(facts, consent=self._consent, device=self._device, random=self._random)
        self._queue.begin(start)
        self._sealer = sealer
        self._segment, self._size = facts.segment, len(start.prelude)
        self._written += self._size
        self._index, self._begun_ns = self._index + 1, self._clocks.monotonic_ns()
