"""The recorder's honest counters: what became of everything that the sources gave, and what was missed and why.

Counts go in; gaps and totals come out. Pure. What only describes other events (`DERIVED`) is not counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from capture.events import (
    DisplayChanged,
    FrameBound,
    Gap,
    GapReason,
    ScreenSettled,
    SessionEnded,
    SessionStarted,
    Shortcut,
    Suspended,
)

DERIVED: Final = (SessionStarted, SessionEnded, DisplayChanged, Suspended, Gap, Shortcut, FrameBound, ScreenSettled)
"""Marks, gaps, and events that describe others."""


@dataclass(frozen=True, slots=True)
class Counters:
    """What became of everything that the sources gave: produced = committed + coalesced + refused."""

    produced: int = 0
    committed: int = 0
    coalesced: int = 0
    refused: int = 0


class Account:
    """Counts what became of everything, and holds the gaps that have not been said yet."""

    def __init__(self) -> None:
        self.produced = self.committed = self.coalesced = self.refused = 0
        self.reasons: Counter[tuple[GapReason, str]] = Counter()
        self._gaps: dict[tuple[GapReason, str], Gap] = {}

    def refuse(self, reason: GapReason, source: str, *, at_ns: int) -> None:
        """One observation of this source is not captured."""
        self.refused += 1
        self.reasons[reason, source] += 1
        self._mark(reason, source, at_ns=at_ns, count=1)

    def fail(self, source: str, *, at_ns: int) -> None:
        """A source broke at this moment; nobody knows how much was missed."""
        self._mark(GapReason.SOURCE_FAILED, source, at_ns=at_ns, count=0)

    def gaps(self) -> tuple[Gap, ...]:
        """The gaps that have not been said yet."""
        return tuple(self._gaps.values())

    def take_gaps(self) -> tuple[Gap, ...]:
        """The gaps since the last call, one for each reason and source."""
        gaps = self.gaps()
        self._gaps.clear()
        return gaps

    def counters(self) -> Counters:
        """How the account stands."""
        return Counters(self.produced, self.committed, self.coalesced, self.refused)

    def _mark(self, reason: GapReason, source: str, *, at_ns: int, count: int) -> None:
        old = self._gaps.get((reason, source), Gap(at_ns, at_ns, reason, source, 0))
        start, end = min(old.at_ns, at_ns), max(old.until_ns, at_ns)
        self._gaps[reason, source] = Gap(start, end, reason, source, old.count + count)
