"""Whether the machine slept: two readings of three clocks enter, a finding leaves.

The monotonic clock stands still while the machine sleeps and boot time does not, so boot time that has run ahead was
sleep. It does no IO but `read_clocks`, and never guesses: time that is under the mark below counts as none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from capture.events import Suspended
from capture.sources.base import Clock

MS: Final = 1_000_000
SLEPT_NS: Final = 100 * MS
"""Least sleep that is told. No machine suspends and wakes in less; a reading of two clocks differs by microseconds."""
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """The three clocks at one moment."""

    now_ns: int
    boot_ns: int
    wall_ms: int

    @property
    def ahead_ns(self) -> int:
        """By how much boot time is ahead of the monotonic clock: all sleep since the machine started, or a little less.

        It is never more, as `read_clocks` reads the monotonic clock last.
        """
        return self.boot_ns - self.now_ns


def read_clocks(clock: Clock) -> Reading:
    """The clocks, read closely together even where the process is interrupted between two of them."""
    return max((_read_once(clock) for _ in range(_TRIES)), key=_ahead)


class Sleep:
    """Remembers how far boot time was ahead; one for a session."""

    def __init__(self, first: Reading) -> None:
        self._ahead_ns = first.ahead_ns

    def since(self, reading: Reading) -> Suspended | None:
        """The sleep since the last call, None if there was none; to be called with readings in order."""
        asleep = reading.ahead_ns - self._ahead_ns
        # A delayed reading is behind; the one that is farthest ahead is the truest, and none is too far.
        self._ahead_ns = max(self._ahead_ns, reading.ahead_ns)
        if asleep <= SLEPT_NS:
            return None
        return Suspended(reading.now_ns, asleep, reading.wall_ms, reading.boot_ns)


def _read_once(clock: Clock) -> Reading:
    wall, boot = clock.wall_ms(), clock.boot_ns()
    return Reading(clock.now_ns(), boot, wall)


def _ahead(reading: Reading) -> int:
    return reading.ahead_ns
