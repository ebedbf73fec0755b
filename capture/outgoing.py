"""What was judged waits here until nothing older can follow, and leaves in batches: events go in, the sink gets them.

The sink acknowledges a batch by returning; whatever it raises stops the recording. Counts what was committed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from capture.account import DERIVED, Account
from capture.events import Key, PointerButton, PointerScrolled, RawEvent
from capture.sources.base import Clock
from vault.errors import OptinError

LAZY_NS: Final = 1_000_000_000
"""How long a frame, a move or a gap may wait for a batch that must be written anyway: each takes at least 4 KiB."""
URGENT: Final = (Key, PointerButton, PointerScrolled)
"""What a person did, and would have to do again, does not wait."""


class RecorderStopped(RuntimeError):
    """Recording stopped by itself; `reason` is one word for the log, the message is for a person."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Sink(Protocol):
    """Where judged events go. A batch is acknowledged by returning; any exception stops the recording."""

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        """Takes a batch for good."""
        ...

    def rotate(self) -> None:
        """Ends the segment that the last batch went into; the next batch begins another."""
        ...


class Outgoing:
    """The events of a session on their way to the sink."""

    def __init__(self, sink: Sink, account: Account, clock: Clock) -> None:
        self._sink, self._clock = sink, clock
        self.account = account
        self._ready: list[RawEvent] = []
        self._horizon_ns = 0
        self.last_commit_ns: int | None = None

    @property
    def due_ns(self) -> int | None:
        """When the first event or gap that is ready should be sent, None when there is none."""
        ready = (*self._ready, *self.account.gaps())
        return min((event.at_ns + (0 if isinstance(event, URGENT) else LAZY_NS) for event in ready), default=None)

    def add(self, events: tuple[RawEvent, ...]) -> None:
        """Takes judged events."""
        self._ready += events

    def not_before(self, at_ns: int) -> int:
        """This moment, or the earliest later one that a new event may have and still come in order."""
        return max(at_ns, self._horizon_ns + 1)

    def flush(self, horizon_ns: int) -> None:
        """Sends all that is ready and not later than this moment, and the gaps."""
        self._ready += self.account.take_gaps()
        self._ready.sort(key=_moment)
        batch = tuple(event for event in self._ready if event.at_ns <= horizon_ns)
        self._ready = self._ready[len(batch) :]
        self._horizon_ns = max(self._horizon_ns, horizon_ns)
        if batch:
            self.send(batch)

    def send(self, events: tuple[RawEvent, ...]) -> None:
        """Gives the sink a batch; `RecorderStopped` if it does not take it."""
        self._attempt(lambda: self._sink.commit(events))
        self.account.committed += sum(not isinstance(event, DERIVED) for event in events)
        self.last_commit_ns = self._clock.now_ns()

    def rotate(self) -> None:
        """Has the sink end its segment."""
        self._attempt(self._sink.rotate)

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OptinError as error:  # its text is ours, and says what to do
            raise RecorderStopped("sink_failed", str(error)) from None
        except Exception as error:  # noqa: BLE001
            # The cause is named by its kind only: its text is not ours, and this one is shown.
            kind = type(error).__name__
            message = f"the queue did not take what was recorded ({kind}); nothing more is captured"
            raise RecorderStopped("sink_failed", message) from None


def _moment(event: RawEvent) -> int:
    return event.at_ns
