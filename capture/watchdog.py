"""Finds out that keyboard and pointer have gone deaf: moments of input go in, a finding comes out. Pure.

A listener can fail without a word (a grab, a lost hook, an extension that died). The display itself knows when it last
saw input. Rules:
1. One look proves nothing: programmes that keep a screen awake reset the display's clock, at most each ten seconds.
2. Deaf is who heard nothing while, in `STRIKES` looks on end, the display saw new input and the screen changed.
"""

from __future__ import annotations

from typing import Final

LOOK_NS: Final = 5_000_000_000
"""Time between two looks: half of the shortest rhythm known of programmes that keep a screen awake (mpv: 10 s)."""
STRIKES: Final = 3
_SLACK_NS: Final = 1_000_000_000


class Watchdog:
    """Watches one stretch from its beginning."""

    def __init__(self, now_ns: int) -> None:
        self._looked_ns, self._strikes = now_ns, 0

    def is_due(self, now_ns: int) -> bool:
        """Whether it is time for another look."""
        return now_ns - self._looked_ns >= LOOK_NS

    def is_deaf(self, now_ns: int, *, heard_ns: int, display_ns: int | None, changed_ns: int | None) -> bool:
        """Whether input went unheard, by when it was last heard here, was seen by the display, and the screen changed.

        None: nobody knows, or never.
        """
        since, self._looked_ns = self._looked_ns, now_ns
        missed = display_ns is not None and display_ns > max(heard_ns + _SLACK_NS, since)
        moved = changed_ns is not None and changed_ns > since
        self._strikes = self._strikes + 1 if missed and moved else 0
        return self._strikes >= STRIKES
