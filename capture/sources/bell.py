"""What wakes the recorder: one wait over everything that can have news."""

from __future__ import annotations

import math
import select
import time
from collections.abc import Callable
from typing import Final

POLL_SECONDS: Final = 0.02
"""How often sources without descriptors are looked at: twenty milliseconds of delay go unnoticed."""


class DescriptorBell:
    """Waits for file descriptors. What a source has read but not yet given out does not show there, so it is asked."""

    def __init__(self, descriptors: tuple[int, ...], queued: tuple[Callable[[], bool], ...] = ()) -> None:
        self._queued = queued
        self._poll = select.poll()
        for descriptor in descriptors:
            self._poll.register(descriptor, select.POLLIN)

    def wait(self, seconds: float) -> None:
        """Returns when there is news, or the time is over (rounded up to whole milliseconds)."""
        if not any(has_news() for has_news in self._queued):
            self._poll.poll(max(math.ceil(seconds * 1000), 0))


class PollingBell:
    """For systems that cannot wait for everything at once."""

    def wait(self, seconds: float) -> None:
        """Returns after at most `POLL_SECONDS`, whether or not there is news."""
        time.sleep(min(max(seconds, 0), POLL_SECONDS))
