"""Where the password fields of a window lie: a window goes in, areas come out at once, of what is known by then.

Rules of this file:
1. A field that was a password field once stays one for as long as it answers, whatever it shows now ("show password").
2. Where a field was within the last second, and where it was when it was last found, is covered: it may be scrolled.
3. A programme that does not answer keeps what was known of it.
4. A window that has moved has taken its fields along: until they have answered anew, both places are covered.
5. Asking where known fields lie is cheap and is done each time. Searching a whole page for new ones is not: the
   programme spends a fortieth of its time on it at most, and is given all the time that it needs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from capture.events import Area
from capture.sources.atspi_bus import ROLE_PASSWORD_TEXT, Bus, all_inside, area_of
from capture.sources.atspi_windows import Frames
from capture.sources.atspi_wire import Gone, Ref, Silent
from capture.sources.base import Window

PASSWORD_ROLE: Final = "password text"  # the name of a role, not a password  # noqa: S105
FRESH_NS: Final = 100_000_000
"""An answer this young is given again without asking anew."""
COVERED_NS: Final = 1_000_000_000
MOST_FIELDS: Final = 64
MOST_WINDOWS: Final = 64

_WORK_SECONDS: Final = 0.015
_SEARCH_SECONDS: Final = 0.035
_PACE: Final = 40
_QUIET_SECONDS: Final = 1.0
"""Between two searches while nothing moves."""
_DOUBT_SECONDS: Final = 0.25
"""Between two searches while the focus moves: a new page or dialog may be there."""


@dataclass(slots=True)
class _Known:
    """What is known of one window; `covered` and `believed` are replaced as a whole: another thread reads them.

    `told` is where the fields said last that they are, `believed` where they must be since, in a window at this place.
    """

    window: Window
    asked_ns: int = 0
    found_ns: int = 0
    covered: tuple[tuple[Area, int], ...] = ()
    told: tuple[Area, ...] = ()
    believed: tuple[Area, tuple[Area, ...]] = (Area(0, 0, 0, 0), ())
    fields: set[Ref] = field(default_factory=set)
    frames: tuple[Ref, ...] = ()
    search_at: float = 0.0
    searched: float = 0.0
    pause: float = 0.0
    searching: int = 0


class Secrets:
    """The password fields of the windows that were asked for."""

    def __init__(self, bus: Bus, frames: Frames) -> None:
        self._bus, self._frames = bus, frames
        self._known: dict[int, _Known] = {}

    def areas(self, window: Window) -> tuple[tuple[Area, ...], bool]:
        """The areas to cover in a window, and whether they should be looked up anew; called by the reader's thread."""
        now, known = time.monotonic_ns(), self._known.get(window.id)
        if known is None:
            return (), True
        since = min(now - COVERED_NS, known.found_ns)
        areas = tuple(area for area, seen_ns in known.covered if seen_ns >= since)
        has_changed = (known.window.title, known.window.area) != (window.title, window.area)
        every = tuple(dict.fromkeys((*areas, *_carried(known.believed, window.area))))
        return every, has_changed or now - known.asked_ns > FRESH_NS

    def holds(self, ref: Ref) -> bool:
        """Whether this widget is, or once was, a password field of a window that was asked for."""
        return any(ref in known.fields for known in self._known.values())

    def doubt(self) -> None:
        """Something has moved (the focus, or the active window): new fields may be there."""
        for known in self._known.values():
            known.search_at = min(known.search_at, known.searched + max(_DOUBT_SECONDS, known.pause))

    def refresh(self, window: Window) -> None:
        """Finds out where the fields of a window lie now."""
        known = self._known.get(window.id)
        if known is None:
            known = self._remember(window)
        now = time.monotonic()
        known.asked_ns = time.monotonic_ns()
        if window.title != known.window.title or not known.frames:
            known.search_at = min(known.search_at, now)
        known.window = window
        self._locate(known)
        if now >= known.search_at and known.searching == 0:
            self._search(known)

    def _remember(self, window: Window) -> _Known:
        if len(self._known) >= MOST_WINDOWS:
            del self._known[min(self._known, key=lambda key: self._known[key].asked_ns)]
        known = self._known[window.id] = _Known(window)
        return known

    def _search(self, known: _Known) -> None:
        known.searched = time.monotonic()
        known.search_at = known.searched + _QUIET_SECONDS
        try:
            frames = self._frames.candidates(known.window, time.monotonic() + _SEARCH_SECONDS)
        except Silent:
            return
        known.frames = frames or known.frames
        for frame in frames:
            known.searching += 1
            began = time.monotonic()
            question = all_inside(frame, ROLE_PASSWORD_TEXT, limit=MOST_FIELDS)
            self._bus.post(question, _Taker(self, known, began).take)

    def found(self, known: _Known, answer: tuple[Ref, ...] | Silent, *, began: float) -> None:
        """Takes the fields that a search has found, and paces the next one by what this one took."""
        now = time.monotonic()
        known.searching -= 1
        known.pause = _PACE * (now - began)
        known.searched, known.search_at = now, now + max(_QUIET_SECONDS, known.pause)
        if not isinstance(answer, Silent):
            known.fields.update(answer[: max(MOST_FIELDS - len(known.fields), 0)])
            self._locate(known)

    def _locate(self, known: _Known) -> None:
        """Asks every known field where it is; those that have gone are forgotten, those that are silent stay."""
        fields = [ref for ref in known.fields if not self._bus.is_deaf(ref.bus_name)]
        answers = self._bus.ask_each([area_of(ref) for ref in fields], time.monotonic() + _WORK_SECONDS)
        known.fields.difference_update(
            ref for ref, answer in zip(fields, answers, strict=True) if isinstance(answer, Gone)
        )
        silent = len(fields) < len(known.fields) or any(type(answer) is Silent for answer in answers)
        now = time.monotonic_ns()
        told = tuple(area for area in answers if isinstance(area, Area) and _meets(area, known.window.area))
        carried = _carried(known.believed, known.window.area)
        known.believed = known.window.area, carried if silent or told == known.told else told
        known.told = told
        seen = dict.fromkeys((*told, *carried), now)
        old = {area: at_ns for area, at_ns in known.covered if silent or at_ns >= now - COVERED_NS}
        known.covered = tuple((old | seen).items())
        if not silent:
            known.found_ns = now


@dataclass(frozen=True, slots=True)
class _Taker:
    """What an answer to a search is handed to."""

    secrets: Secrets
    known: _Known
    began: float

    def take(self, answer: tuple[Ref, ...] | Silent) -> None:
        """Hands it on."""
        self.secrets.found(self.known, answer, began=self.began)


def _carried(believed: tuple[Area, tuple[Area, ...]], window: Area) -> tuple[Area, ...]:
    """Where these areas of a window are once it lies here."""
    place, areas = believed
    right, down = window.x - place.x, window.y - place.y
    return tuple(Area(area.x + right, area.y + down, area.width, area.height) for area in areas)


def _meets(one: Area, other: Area) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )
