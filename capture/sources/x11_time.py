"""The X server's time as this machine's monotonic time, where the two are the same clock (as for a local server)."""

from __future__ import annotations

from typing import Final

LATEST_MS: Final = 10_000
"""News that seems older than this comes from a server with another clock."""
_SERVER_WRAP: Final = 0xFFFFFFFF  # the X protocol counts milliseconds in 32 bits


def stamp(now_ns: int, server_ms: int | None) -> int:
    """When something happened, in nanoseconds: by the X server's clock if that is ours, else now.

    The server counts whole milliseconds, so the stamp is a whole millisecond too: with this process's fraction added,
    two events that came in order could have stamps out of order, and a chord would lose its modifier.
    """
    if server_ms is None:
        return now_ns
    now_ms = now_ns // 1_000_000
    late_ms = (now_ms - server_ms) & _SERVER_WRAP
    return (now_ms - late_ms) * 1_000_000 if late_ms < LATEST_MS else now_ns
