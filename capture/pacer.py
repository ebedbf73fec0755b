"""Ties the governor to a machine: readings of power and usage go to it at their times, its pace leaves.

Asked more often than there is news, it gives the last pace. It decides nothing by itself.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Final, Protocol

from capture.governor import Budget, Governor, Pace, Power, Profile, Spending
from capture.spending import SECOND, Usage

USAGE_NS: Final = SECOND
"""How often usage is read: /proc costs about a fifth of a millisecond for a handful of threads."""
POWER_NS: Final = 10 * SECOND
"""How often power is read: a battery loses a percent in minutes, and a mean load is one over a minute."""


class PowerSource(Protocol):
    """Who knows the machine's power."""

    def read(self) -> Power:
        """Everything, read anew."""
        ...

    def going_to_sleep(self) -> bool:
        """Whether the machine is about to suspend; cheap."""
        ...

    def close(self) -> None:
        """Asks nothing any more."""
        ...


class UsageSource(Protocol):
    """Who knows what recording has cost."""

    def read(self) -> Usage:
        """The counters as they are now."""
        ...


class SystemPacer:
    """A pacer by the machine's power and the recorder's own usage; one for a session."""

    def __init__(
        self, profile: Profile, budget: Budget | None = None, *, power: PowerSource, usage: UsageSource
    ) -> None:
        self._governor = Governor(profile, budget)
        self._power_source, self._usage_source = power, usage
        self._power = Power()
        self._pace: Pace | None = None
        self._next_power_ns = self._next_usage_ns = 0

    def pace(self, now_ns: int) -> Pace:
        """The pace from this moment of the monotonic clock on; may be asked at every turn."""
        if self._pace is None or now_ns >= self._next_usage_ns:
            self._next_usage_ns = now_ns + USAGE_NS
            self._look(now_ns)
            self._pace = self._governor.pace(self._power, self._usage_source.read(), now_ns=now_ns)
        return self._pace

    def facts(self, now_ns: int) -> Spending:
        """What recording costs, and the limit in force, for `status`."""
        self.pace(now_ns)
        return self._governor.spending(now_ns)

    def close(self) -> None:
        """Leaves the system bus."""
        self._power_source.close()

    def _look(self, now_ns: int) -> None:
        """Reads power when it is time, and when the machine goes to sleep or wakes."""
        news = self._power_source.going_to_sleep() != self._power.going_to_sleep
        if news or self._pace is None or now_ns >= self._next_power_ns:
            self._next_power_ns = now_ns + POWER_NS
            self._power = self._power_source.read()


def open_pacer(profile: Profile, bytes_written: Callable[[], int], *, budget: Budget | None = None) -> SystemPacer:
    """The pacer of this machine and this process; `bytes_written` gives all bytes that were written so far."""
    from capture.sources.meter import Meter
    from capture.sources.power import NoBus, SystemPower

    if sys.platform != "linux":
        return SystemPacer(profile, budget, power=SystemPower(NoBus()), usage=Meter(bytes_written))
    from capture.sources.power_bus import PowerBus

    return SystemPacer(profile, budget, power=SystemPower(PowerBus()), usage=Meter(bytes_written))
