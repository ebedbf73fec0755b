"""What recording has cost over a stretch of time: readings of ever-growing counters enter, rates leave.

It is pure and forgets what is older than an hour. A counter that falls (a process took its share with it) counts as
standing still, so that nothing is ever given back.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

SECOND: Final = 1_000_000_000
HOUR_NS: Final = 3600 * SECOND


@dataclass(frozen=True, slots=True)
class Usage:
    """Counters of a process tree since any one start; `wake_ups` None: the system does not count them."""

    cpu_seconds: float
    bytes_written: int
    wake_ups: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """What was used in a stretch of time.

    A rate takes the stretch as at least `least_ns` long, so that the first second is not projected to an hour.
    """

    elapsed_ns: int
    used: Usage

    def cpu_share(self, least_ns: int) -> float:
        """CPU seconds a second: the share of one core."""
        return self.used.cpu_seconds * SECOND / max(self.elapsed_ns, least_ns)

    def bytes_an_hour(self, least_ns: int) -> float:
        """Bytes written an hour."""
        return self.used.bytes_written * HOUR_NS / max(self.elapsed_ns, least_ns)

    def wake_ups_an_hour(self, least_ns: int) -> int | None:
        """Wake-ups an hour."""
        if self.used.wake_ups is None:
            return None
        return round(self.used.wake_ups * HOUR_NS / max(self.elapsed_ns, least_ns))


class Spent:
    """Readings of the last hour; one for a session."""

    def __init__(self) -> None:
        self._readings: list[tuple[int, Usage]] = []

    def add(self, now_ns: int, usage: Usage) -> None:
        """Takes a reading; they come in order of time."""
        if self._readings:
            usage = _not_below(usage, self._readings[-1][1])
        self._readings.append((now_ns, usage))
        # The last one that is an hour old stays: the hour is measured from it.
        del self._readings[: self._before(now_ns - HOUR_NS)]

    def since(self, moment_ns: int) -> Stretch:
        """From the last reading at or before this moment, or else the first one, to the last; there is at least one."""
        began_ns, before = self._readings[self._before(moment_ns)]
        ended_ns, after = self._readings[-1]
        return Stretch(ended_ns - began_ns, _difference(after, before))

    def _before(self, moment_ns: int) -> int:
        return max(bisect_right(self._readings, moment_ns, key=_moment) - 1, 0)


def _moment(reading: tuple[int, Usage]) -> int:
    return reading[0]


def _not_below(usage: Usage, last: Usage) -> Usage:
    wakes = None if usage.wake_ups is None else max(usage.wake_ups, last.wake_ups or 0)
    return Usage(max(usage.cpu_seconds, last.cpu_seconds), max(usage.bytes_written, last.bytes_written), wakes)


def _difference(after: Usage, before: Usage) -> Usage:
    wakes = None if after.wake_ups is None else after.wake_ups - (before.wake_ups or 0)
    return Usage(after.cpu_seconds - before.cpu_seconds, after.bytes_written - before.bytes_written, wakes)
