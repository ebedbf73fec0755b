"""A recorder's status, for tests that need one."""

from __future__ import annotations

from capture.command import Cost, RecorderState, RefusedCount, Status

COST = Cost(
    bytes_hour=1_000_000,
    bytes_limit_hour=100_000_000,
    cpu_limit_percent=6.0,
    cpu_percent=1.5,
    cpu_seconds_hour=54.0,
    profile="auto",
    state="normal",
    wake_ups_hour=3600,
)


def status(
    *,
    state: RecorderState = RecorderState.RECORDING,
    paused_until_ms: int | None = None,
    last_commit_ms: int | None = 1_000_000,
    why: str = "",
) -> Status:
    """One with something in every field."""
    return Status(
        budget=COST,
        coalesced=3,
        committed=5,
        ends_ms=9_000_000,
        last_commit_ms=last_commit_ms,
        pace="nothing slows it down",
        paused_until_ms=paused_until_ms,
        produced=10,
        refused=2,
        refused_by=(RefusedCount(count=2, reason="not_allowed", source="screen"),),
        seconds_left=600,
        session="0123456789abcdef",
        sign="terminal",
        since_ms=1_000_000,
        state=state,
        why=why,
    )
