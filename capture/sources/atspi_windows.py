"""Which accessible windows may be an X window, and what a browser's window shows.

A window goes in, references or a `Document` come out. A private browser window is known by its accessible name, since
its title does not say it. A page that fills less than most of its window has a neighbour that nobody decided on (a
split view), so its address counts as unknown. No address is remembered: browsers do not tell when it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from capture.events import Area
from capture.sources.atspi_bus import (
    SHOWING,
    Bus,
    area_of,
    children_of,
    document_url,
    documents_inside,
    kin_of,
    states_of,
)
from capture.sources.atspi_wire import Ref, Silent
from capture.sources.base import Document, Window, holds

_WIDE: Final = 0.7
_MOST_WINDOWS: Final = 200
_PRIVATE: Final = ("(incognito)", "private browsing", "inprivate", "(private)")


@dataclass(frozen=True, slots=True)
class _Frame:
    """The accessible window that belongs to an X window, and the page in it once that was found."""

    title: str
    ref: Ref
    private: bool
    page: Ref | None


class Frames:
    """The accessible windows found so far."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._frames: dict[int, _Frame] = {}

    def document(self, window: Window, deadline: float) -> Document | None:
        """What a browser window shows; None when no accessible window, or more than one, may be this one."""
        frame = self._frames.get(window.id)
        if frame is None or frame.title != window.title:
            frame = self._find(window, deadline)
        if frame is None:
            return None
        url = None if frame.page is None else self._shown_address(frame.page, window.area, deadline=deadline)
        if url is None:
            pages = self._bus.ask(documents_inside(frame.ref), deadline)
            frame = replace(frame, page=pages[0] if pages else None)
            url = "" if frame.page is None else self._shown_address(frame.page, window.area, deadline=deadline)
        self._frames[window.id] = frame
        return Document(url or None, frame.private)

    def candidates(self, window: Window, deadline: float) -> tuple[Ref, ...]:
        """Every accessible window that has this window's title and lies over its middle; `Silent` if nobody tells."""
        middle = (window.area.x + window.area.width // 2, window.area.y + window.area.height // 2)
        return tuple(ref for ref, _ in self._named(window, middle, deadline=deadline))

    def _find(self, window: Window, deadline: float) -> _Frame | None:
        """The one accessible window with this window's title and place; None when there is none or more than one."""
        self._frames.pop(window.id, None)
        if len(self._frames) > _MOST_WINDOWS:
            self._frames.clear()
        middle = (window.area.x + window.area.width // 2, window.area.y + window.area.height // 2)
        found = self._named(window, middle, deadline=deadline) if window.title else ()
        if len(found) != 1:
            return None
        ((ref, name),) = found
        return _Frame(window.title, ref, any(mark in name.casefold() for mark in _PRIVATE), None)

    def _named(self, window: Window, middle: tuple[int, int], *, deadline: float) -> tuple[tuple[Ref, str], ...]:
        found = []
        for programme in self._bus.programmes(window.pid, deadline):
            for ref in self._bus.ask(children_of(programme), deadline):
                questions = (states_of(ref), area_of(ref), kin_of(ref))
                states, area, kin = self._bus.ask_three(*questions, deadline=deadline)
                if SHOWING in states and kin.name.startswith(window.title) and holds(area, *middle):
                    found.append((ref, kin.name))
        return tuple(found)

    def _shown_address(self, page: Ref, window: Area, *, deadline: float) -> str | None:
        """The page's address, empty if it cannot be told; None when the page is not shown any more."""
        questions = (states_of(page), area_of(page), document_url(page))
        try:
            states, area, url = self._bus.ask_three(*questions, deadline=deadline)
        except Silent:
            return None
        if SHOWING not in states:
            return None
        return url if area.width >= _WIDE * window.width else ""
