"""What was told of the screens: how highly the windows and widgets on them say that they are classified, and widgets.

Raw events and steps enter; levels by frame and by step, and the widgets of each frame, leave. Pure.

Rules of this file:
1. A frame shows whatever was told while it was the newest one, and what had the focus before. A title that came after
   the screen had changed already counts for it, so does the next window's: rather one screen too many is dropped.
2. A window on which a label was read stays what it is when the label is scrolled away: the session's other frames of
   the same window, with its title and address, are dropped as well.
3. Of an address the host does not count, since no document stands there; all that follows does, with escapes undone.
4. A widget lies outside a document only if what is above it was told up to the window, and no document is among it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from capture.events import (
    Area,
    DisplayChanged,
    ElementSeen,
    Frame,
    RawEvent,
    SessionStarted,
    UiEffect,
    WindowFocused,
)
from consent.documents import Policy
from redaction.classified import level_of
from redaction.shown import Shown
from redaction.spans import Box
from redaction.steps import RawStep, corner_of
from redaction.widgets import Widget

_WINDOWS: Final = frozenset({"frame", "window"})
"""Roles of what stands at the top; a page can give its parts no such role."""


@dataclass(slots=True)
class Levels:
    """Which texts say that their screen may not be shown; each text is looked at once."""

    policy: Policy
    seen: dict[str, bool] = field(default_factory=dict)

    def drops(self, level: int | None) -> bool:
        """Whether a screen on which the highest label has this level may not be shown."""
        return level is not None and level >= self.policy.drop_level

    def are_told(self, event: RawEvent | None) -> bool:
        """Whether something in this event says that its screen may not be shown."""
        return event is not None and any(self._is_told(raw_text) for raw_text in texts_of(event))

    def _is_told(self, raw_text: str) -> bool:
        if raw_text not in self.seen:
            self.seen[raw_text] = self.drops(level_of((raw_text,), self.policy.labels))
        return self.seen[raw_text]


def texts_of(event: RawEvent) -> Iterator[str]:
    """The texts of an event that stand on the screen."""
    match event:
        case WindowFocused():
            yield event.title
            yield _path(event.url)
        case ElementSeen():
            yield event.name
            yield from (above.name for above in event.ancestry)
        case UiEffect():
            yield event.name
        case _:
            return


def _path(raw_url: str) -> str:
    """What follows the host in an address; all of one that has none, or that is none."""
    try:
        parts = urlsplit(raw_url)
    except ValueError:
        return unquote(raw_url)
    return unquote(" ".join((parts.path, parts.query, parts.fragment)).replace("+", " "))


def dropped_frames(
    raw_events: tuple[RawEvent, ...], steps: tuple[RawStep, ...], shown: tuple[Shown, ...], *, levels: Levels
) -> frozenset[int]:
    """The numbers of the frames on which something that was told is classified too highly."""
    went_to = ((one.before, step) for step, one in zip(steps, shown, strict=True))
    dropped = {number for number, step in went_to if number is not None and is_told_classified(step, levels)}
    number, window = -1, False
    for event in raw_events:
        if isinstance(event, Frame):
            number += 1
            is_dropped = window
        else:
            is_dropped = levels.are_told(event)
            window = is_dropped if isinstance(event, WindowFocused) else window
        if is_dropped and number >= 0:
            dropped.add(number)
    return frozenset(dropped)


def of_same_windows(raw_events: tuple[RawEvent, ...], labelled: frozenset[int]) -> frozenset[int]:
    """The frames on which a label was read, and all others with a window that had the focus on one of them."""
    windows = tuple(_windows(raw_events))
    named = {windows[number] for number in labelled} - {None}
    return labelled | {number for number, window in enumerate(windows) if window in named}


def _windows(raw_events: tuple[RawEvent, ...]) -> Iterator[tuple[str, str, str] | None]:
    """For each frame the programme, title and address of the window that had the focus; None where it has no name."""
    for window in focused_windows(raw_events):
        is_named = window is not None and (window.title or window.url)
        yield (window.app, window.title, window.url) if window is not None and is_named else None


def focused_windows(raw_events: tuple[RawEvent, ...]) -> Iterator[WindowFocused | None]:
    """For each frame the window that had the focus, its area counted from the frame's corner; None if nobody knows."""
    window: WindowFocused | None = None
    corner = (0, 0)
    for event in raw_events:
        match event:
            case SessionStarted() | DisplayChanged():
                corner = corner_of(event)
            case WindowFocused():
                window = event
            case Frame() if window is not None:
                x, y = window.area.x - corner[0], window.area.y - corner[1]
                yield msgspec.structs.replace(window, area=msgspec.structs.replace(window.area, x=x, y=y))
            case Frame():
                yield None
            case _:
                continue


def is_told_classified(step: RawStep, levels: Levels) -> bool:
    """Whether the window that a step went to, or a widget that it names, is classified too highly."""
    return any(levels.are_told(event) for event in (step.window, step.element, *step.raw_effects))


def widgets_on(steps: tuple[RawStep, ...], shown: tuple[Shown, ...]) -> Mapping[int, tuple[Widget, ...]]:
    """The widgets that steps went to, by the number of the frame that shows them; places count from its corner."""
    found: dict[int, dict[Widget, None]] = {}
    for step, one in zip(steps, shown, strict=True):
        if step.element is not None and one.before is not None:
            found.setdefault(one.before, {})[_widget(step.element)] = None
    return MappingProxyType({number: tuple(widgets) for number, widgets in found.items()})


def _widget(element: ElementSeen) -> Widget:
    return Widget(box_of_area(element.area), element.role, element.name, in_document=_lies_in_document(element))


def box_of_area(area: Area) -> Box:
    """An event's area as a box."""
    return Box(area.x, area.y, area.width, area.height)


def _lies_in_document(element: ElementSeen) -> bool:
    roles = (element.role, *(above.role for above in element.ancestry))
    is_told = any(role in _WINDOWS for role in roles[1:])
    return not is_told or any(
        role.startswith("document") or role in {"html container", "internal frame"} for role in roles
    )
