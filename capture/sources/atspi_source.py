"""The widgets of programmes, told over the accessibility bus by a thread of its own; no caller waits over 50 ms.

A place or a window goes in, a widget or an address comes out, or None: nobody told, or not in time. Rules of this file:
1. The focus is kept by listening. A widget that says it has the focus is believed only if the window around it is the
   active one: browsers keep hidden pages that think they are focused.
2. When a widget lost the focus and no other gained it, the active window is searched; finding nothing is None.
3. Once the bus is gone the focus is None for good, so that no key is kept.
4. A private browser window is known by its accessible name, since its title does not say it. A page that fills less
   than most of its window has a neighbour that nobody decided on (a split view), so its address counts as unknown.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from capture.events import Ancestor, Area
from capture.sources.atspi_bus import ACTIVE, SHOWING, STATES, Bus, Ref, Signal, Silent, find_bus
from capture.sources.base import Document, Element, FocusChange, SourceMissing, Window, holds

ANSWER_SECONDS: Final = 0.05
"""No caller waits longer."""
WORK_SECONDS: Final = 0.045
"""What the thread gives to one question, so that its answer comes before the caller leaves."""
SEARCH_SECONDS: Final = 0.3
"""How often the focus is searched while it is not known."""
DOUBT_SECONDS: Final = 0.05
"""How long a widget that lost the focus is still taken for the focused one."""

_ANCESTRY: Final = 6
_DEEPEST: Final = 60
_WIDE: Final = 0.7
_PRIVATE: Final = ("(incognito)", "private browsing", "inprivate", "(private)")

_T = TypeVar("_T")
_Job = tuple[Callable[[float], object], "Future[object]", float]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The accessible window that belongs to an X window, and the page in it once that was found."""

    title: str
    ref: Ref
    private: bool
    page: Ref | None


class AtspiElements:
    """The thread's front: every method may be called by the recorder."""

    def __init__(self, bus: Bus) -> None:
        self._wake_reader, self._wake_writer = os.pipe()
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._changes: SimpleQueue[FocusChange] = SimpleQueue()
        self._tree = _Tree(bus, self._changes)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="accessibility", daemon=True)
        self._thread.start()

    def at(self, x: int, y: int, *, window: Window) -> Element | None:
        """The widget at a point, None when the programme does not tell in time."""
        return self._ask(lambda deadline: self._tree.at((x, y), window, deadline=deadline))

    def focus_changes(self) -> tuple[FocusChange, ...]:
        """What the thread has heard since the last call."""
        changes = []
        while True:
            try:
                changes.append(self._changes.get_nowait())
            except Empty:
                return tuple(changes)

    def document(self, window: Window) -> Document | None:
        """What a browser window shows, None when the browser does not tell in time."""
        return self._ask(lambda deadline: self._tree.document(window, deadline))

    def close(self) -> None:
        """Ends the thread and the connection; a thread that hangs is left to end with the process."""
        self._closing.set()
        self._wake()
        self._thread.join(2 * ANSWER_SECONDS)
        if not self._thread.is_alive():
            os.close(self._wake_reader)
            os.close(self._wake_writer)

    def _ask(self, work: Callable[[float], _T | None]) -> _T | None:
        if not self._thread.is_alive():
            return None
        answer: Future[object] = Future()
        self._jobs.put((work, answer, time.monotonic() + WORK_SECONDS))
        self._wake()
        try:
            return answer.result(ANSWER_SECONDS)  # type: ignore[return-value]  # the future carries what work gives
        except FutureTimeoutError:
            return None

    def _wake(self) -> None:
        os.write(self._wake_writer, b"\0")

    def _work(self) -> None:
        try:
            while not self._closing.is_set():
                ready = select.select((self._wake_reader, self._tree.socket), (), (), self._tree.patience())[0]
                if self._wake_reader in ready:
                    os.read(self._wake_reader, 4096)
                self._tree.listen()
                self._answer_all()
        except OSError:
            pass  # the bus has gone; what follows from that is said below, as for any other end of this thread
        finally:
            self._changes.put(FocusChange(time.monotonic_ns(), None))
            self._tree.close()

    def _answer_all(self) -> None:
        while True:
            try:
                work, answer, deadline = self._jobs.get_nowait()
            except Empty:
                return
            try:
                answer.set_result(work(deadline))
            except Silent:
                answer.set_result(None)


class _Tree:
    """The thread's own view of the bus; nobody else touches it."""

    def __init__(self, bus: Bus, changes: SimpleQueue[FocusChange]) -> None:
        self._bus, self._changes = bus, changes
        self._focused: Ref | None = None
        self._search_at: float | None = time.monotonic()
        self._frames: dict[int, _Frame] = {}

    @property
    def socket(self) -> int:
        return self._bus.socket

    def close(self) -> None:
        self._bus.close()

    def patience(self) -> float | None:
        """Seconds until the focus must be searched, None when it is known."""
        return None if self._search_at is None else max(self._search_at - time.monotonic(), 0)

    def listen(self) -> None:
        for signal in self._bus.signals():
            self._hear(signal)
        if self._search_at is not None and time.monotonic() >= self._search_at:
            self._search()

    def _hear(self, signal: Signal) -> None:
        if signal.activates:
            self._search_at = time.monotonic()
        elif signal.gained:
            self._gained(signal.source, signal.at_ns)
        elif signal.source == self._focused:
            self._search_at = time.monotonic() + DOUBT_SECONDS

    def _gained(self, ref: Ref, at_ns: int) -> None:
        deadline = time.monotonic() + WORK_SECONDS
        try:
            if self._top_is_active(ref, deadline):
                self._tell(ref, self._describe(ref, deadline), at_ns)
        except Silent:
            self._tell(None, None, at_ns)

    def _search(self) -> None:
        """Looks for the focus in the active window; tells None when it is nowhere, and tries again later."""
        at_ns, deadline = time.monotonic_ns(), time.monotonic() + WORK_SECONDS
        try:
            ref = self._find_focused(deadline)
            self._tell(ref, None if ref is None else self._describe(ref, deadline), at_ns)
        except Silent:
            self._tell(None, None, at_ns)

    def _tell(self, ref: Ref | None, element: Element | None, at_ns: int) -> None:
        if ref is not None or self._focused is not None:
            self._changes.put(FocusChange(at_ns, element))
        self._focused = ref
        self._search_at = time.monotonic() + SEARCH_SECONDS if ref is None else None

    def _find_focused(self, deadline: float) -> Ref | None:
        for programme in self._bus.children(
            Ref("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root"), deadline
        ):
            try:
                for frame in self._bus.children(programme, deadline):
                    if ACTIVE in self._bus.states(frame, deadline):
                        return self._bus.focused_inside(frame, deadline)
            except Silent:
                continue  # a programme that hangs or ends must not hide the others; the deadline ends the search
        return None

    def _top_is_active(self, ref: Ref, deadline: float) -> bool:
        for _ in range(_DEEPEST):
            parent = self._bus.parent(ref, deadline)
            if parent is None or parent.path.endswith("/root"):
                return ACTIVE in self._bus.states(ref, deadline)
            ref = parent
        return False

    def _describe(self, ref: Ref, deadline: float) -> Element:
        states = self._bus.states(ref, deadline)
        name, parent = self._bus.name_and_parent(ref, deadline)
        return Element(
            role=self._bus.role(ref, deadline),
            name=name,
            states=tuple(name for number, name in enumerate(STATES) if number in states),
            area=self._bus.area(ref, deadline),
            pid=self._bus.pid(ref.bus_name, deadline),
            ancestry=self._ancestry(parent, deadline),
        )

    def _ancestry(self, above: Ref | None, deadline: float) -> tuple[Ancestor, ...]:
        """The widgets around, as far as they were told in time."""
        found: list[Ancestor] = []
        try:
            while above is not None and not above.path.endswith("/root") and len(found) < _ANCESTRY:
                name, parent = self._bus.name_and_parent(above, deadline)
                found.append(Ancestor(self._bus.role(above, deadline), name))
                above = parent
        except Silent:
            return tuple(found)
        return tuple(found)

    def at(self, point: tuple[int, int], window: Window, *, deadline: float) -> Element | None:
        """The innermost widget at a point."""
        ref = self._in_list(point, deadline) if window.popup else None
        if ref is None:
            ref = self._in_windows(point, window, deadline=deadline)
        if ref is None:
            return None
        element = self._describe(ref, deadline)
        return element if element.pid == window.pid else None

    def _in_list(self, point: tuple[int, int], deadline: float) -> Ref | None:
        """The item of an open menu or list: menus move the focus into themselves, so it is there or beside there."""
        if self._focused is None:
            return None
        if self._holds(self._focused, point, deadline=deadline):
            return self._focused
        parent = self._bus.parent(self._focused, deadline)
        beside = () if parent is None else self._bus.children(parent, deadline)
        return next((ref for ref in beside if self._holds(ref, point, deadline=deadline)), None)

    def _in_windows(self, point: tuple[int, int], window: Window, *, deadline: float) -> Ref | None:
        for programme in self._bus.programmes(window.pid, deadline):
            for frame in reversed(self._bus.children(programme, deadline)):
                if self._is_like(frame, window, deadline=deadline) and self._holds(frame, point, deadline=deadline):
                    return self._innermost(frame, point, deadline=deadline)
        return None

    def _is_like(self, frame: Ref, window: Window, *, deadline: float) -> bool:
        """Whether an accessible window may be this window; popups have no title to go by."""
        return window.popup or self._bus.name(frame, deadline).startswith(window.title)

    def _holds(self, ref: Ref, point: tuple[int, int], *, deadline: float) -> bool:
        return SHOWING in self._bus.states(ref, deadline) and holds(self._bus.area(ref, deadline), point[0], point[1])

    def _innermost(self, ref: Ref, point: tuple[int, int], *, deadline: float) -> Ref:
        for _ in range(_DEEPEST):
            inner = self._bus.child_at(ref, point, deadline=deadline)
            if inner is None or inner == ref:
                break
            ref = inner
        return ref

    def document(self, window: Window, deadline: float) -> Document | None:
        """What a browser window shows."""
        frame = self._frames.get(window.id)
        if frame is None or frame.title != window.title:
            frame = self._find_frame(window, deadline)
        if frame is None:
            self._frames.pop(window.id, None)
            return None
        page = frame.page if frame.page is not None and self._is_shown(frame.page, deadline) else None
        page = page or self._bus.first_document(frame.ref, deadline)
        self._frames[window.id] = _Frame(window.title, frame.ref, frame.private, page)
        return Document(self._address(page, window.area, deadline=deadline), frame.private)

    def _find_frame(self, window: Window, deadline: float) -> _Frame | None:
        """The one accessible window with this window's title and place; None when there is none or more than one."""
        middle = (window.area.x + window.area.width // 2, window.area.y + window.area.height // 2)
        found = []
        for programme in self._bus.programmes(window.pid, deadline):
            for ref in self._bus.children(programme, deadline):
                name = self._bus.name(ref, deadline)
                if window.title and name.startswith(window.title) and self._holds(ref, middle, deadline=deadline):
                    private = any(mark in name.casefold() for mark in _PRIVATE)
                    found.append(_Frame(window.title, ref, private, None))
        return found[0] if len(found) == 1 else None

    def _is_shown(self, page: Ref, deadline: float) -> bool:
        try:
            return SHOWING in self._bus.states(page, deadline)
        except Silent:
            return False

    def _address(self, page: Ref | None, window: Area, *, deadline: float) -> str | None:
        if page is None or self._bus.area(page, deadline).width < _WIDE * window.width:
            return None
        return self._bus.document_url(page, deadline) or None


def open_elements(session_address: str, bus_address: str = "") -> AtspiElements:
    """The widgets of this session; `SourceMissing` when it has no accessibility bus."""
    try:
        bus = Bus(bus_address or find_bus(session_address))
        bus.listen()
    except (Silent, OSError, TimeoutError):
        raise SourceMissing(
            "The accessibility bus does not answer, so password fields could not be told apart. "
            "Install at-spi2-core and start the desktop session anew."
        ) from None
    return AtspiElements(bus)
