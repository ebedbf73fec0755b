"""The widgets of programmes, told over the accessibility bus by a thread of its own; no caller waits over 50 ms.

A place, a window or a chord goes in; a widget, an address, areas or a command come out, or None: nobody told, or not in
time. Rules of this file:
1. What somebody waits for comes first, then the focus, then what can wait, one small step at a time.
2. While nothing happens the thread sleeps: it has a deadline only while something is sought or being learned.
3. Once the bus is gone the focus is None for good, so that no key is kept, and the reader is told so.
"""

from __future__ import annotations

import os
import select
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Final, TypeVar

from capture.events import Area
from capture.sources.atspi_bus import Bus, find_bus
from capture.sources.atspi_commands import Commands
from capture.sources.atspi_effects import Effects
from capture.sources.atspi_focus import Focus
from capture.sources.atspi_hit import Hits
from capture.sources.atspi_secrets import PASSWORD_ROLE, Secrets
from capture.sources.atspi_tree import Seen, Tree
from capture.sources.atspi_windows import Frames
from capture.sources.atspi_wire import Silent
from capture.sources.base import Command, Document, Effected, Element, FocusChange, SourceFailed, SourceMissing, Window

ANSWER_SECONDS: Final = 0.05
"""No caller waits longer."""
WORK_SECONDS: Final = 0.045
"""What the thread gives to one question, so that its answer comes before the caller leaves."""

_GONE: Final = "The accessibility bus has gone, so password fields could not be told apart. Start a new recording."
_T = TypeVar("_T")
_Job = tuple[Callable[[float], object], "Future[object]", float]


class AtspiElements:
    """The thread's front: every method may be called by the recorder."""

    def __init__(self, bus: Bus) -> None:
        self._wake, self._news = (os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK) for _ in range(2))
        self._jobs: SimpleQueue[_Job] = SimpleQueue()
        self._changes: SimpleQueue[FocusChange] = SimpleQueue()
        self._desk = _Desk(bus, self._moved)
        self._closing, self._gone = threading.Event(), threading.Event()
        self._wanted: dict[int, Window] = {}
        self._thread = threading.Thread(target=self._work, name="accessibility", daemon=True)
        self._thread.start()

    def fileno(self) -> int:
        """Readable once focus changes or effects have come; `focus_changes` makes it unreadable again."""
        return self._news

    @property
    def asked(self) -> int:
        """How many questions were put to the bus so far."""
        return self._desk.asked

    def at(self, x: int, y: int, *, window: Window) -> Element | None:
        """The widget at a point, None when the programme does not tell in time."""
        return self._ask(lambda deadline: self._desk.at((x, y), window, deadline=deadline))

    def focus_changes(self) -> tuple[FocusChange, ...]:
        """What the thread has heard since the last call; `SourceFailed` once the bus has gone and that was told."""
        gone = self._gone.is_set()
        if not gone:
            with suppress(BlockingIOError):
                os.eventfd_read(self._news)
        changes = []
        while True:
            try:
                changes.append(self._changes.get_nowait())
            except Empty:
                break
        if gone and not changes:
            raise SourceFailed(_GONE)
        return tuple(changes)

    def effects(self) -> tuple[Effected, ...]:
        """What widgets of the active window told of themselves since the last call."""
        return self._desk.effects.take()

    def secrets(self, window: Window) -> tuple[Area, ...]:
        """Where password fields lie or lay within the last second, as far as known; the next call knows better."""
        areas, stale = self._desk.secrets.areas(window)
        if stale and window.id not in self._wanted and not self._gone.is_set():
            self._wanted[window.id] = window
            os.eventfd_write(self._wake, 1)
        return areas

    def command(self, keys: tuple[str, ...], *, window: Window) -> Command | None:
        """What a chord does, as learned from the menu bar of the window."""
        return self._desk.commands.find(keys, window)

    def document(self, window: Window) -> Document | None:
        """What a browser window shows, None when the browser does not tell in time."""
        return self._ask(lambda deadline: self._desk.frames.document(window, deadline))

    def close(self) -> None:
        """Ends the thread and the connection; a thread that hangs is left to end with the process."""
        self._closing.set()
        os.eventfd_write(self._wake, 1)
        self._thread.join(2 * ANSWER_SECONDS)
        if not self._thread.is_alive():
            os.close(self._wake)
            os.close(self._news)

    def _ask(self, work: Callable[[float], _T | None]) -> _T | None:
        if self._gone.is_set():
            return None
        answer: Future[object] = Future()
        self._jobs.put((work, answer, time.monotonic() + WORK_SECONDS))
        os.eventfd_write(self._wake, 1)
        try:
            return answer.result(ANSWER_SECONDS)  # type: ignore[return-value]  # the future carries what work gives
        except FutureTimeoutError:
            return None

    def _moved(self, seen: Seen | None, at_ns: int) -> None:
        """Queues a change of the focus for the reader."""
        self._changes.put(FocusChange(at_ns, None if seen is None else seen.element))
        os.eventfd_write(self._news, 1)

    def _work(self) -> None:
        try:
            while not self._closing.is_set():
                select.select((self._wake, self._desk.socket), (), (), self._desk.patience())
                with suppress(BlockingIOError):
                    os.eventfd_read(self._wake)
                self._turn()
        except OSError:
            pass  # the bus has gone; what follows from that is said below, as for any other end of this thread
        finally:
            self._moved(None, time.monotonic_ns())
            self._gone.set()
            self._desk.close()

    def _turn(self) -> None:
        self._answer_all()
        self._desk.listen()
        for key in tuple(self._wanted):
            self._desk.secrets.refresh(self._wanted.pop(key))
            self._answer_all()
        if self._desk.step():
            os.eventfd_write(self._news, 1)

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


class _Desk:
    """The thread's own view of all programmes; others only read `effects`, `secrets` and `commands`."""

    def __init__(self, bus: Bus, moved: Callable[[Seen | None, int], None]) -> None:
        self._bus, self._moved_on = bus, moved
        tree = Tree(bus)
        self._hits, self._focus = Hits(bus, tree), Focus(bus, tree, self._moved)
        self.frames = Frames(bus)
        self.effects = Effects(bus, tree, self._focus)
        self.secrets = Secrets(bus, self.frames)
        self.commands = Commands(bus)

    @property
    def socket(self) -> int:
        return self._bus.socket

    @property
    def asked(self) -> int:
        return self._bus.asked

    def close(self) -> None:
        self._bus.close()

    def patience(self) -> float | None:
        """Seconds until something is due, None while nothing is."""
        if self.effects.is_busy or self._bus.has_come():
            return 0
        due = [at for at in (self._focus.due(), self.commands.due()) if at is not None]
        return max(min(due) - time.monotonic(), 0) if due else None

    def at(self, point: tuple[int, int], window: Window, *, deadline: float) -> Element | None:
        self._focus.asked()
        return self._hits.at(point, window, focused=self._focus.focused, deadline=deadline)

    def listen(self) -> None:
        news = self._bus.news()
        self._focus.hear_all(news)
        for signal in news:
            self.effects.hear(signal)
        self._focus.search()
        self.commands.want(self._focus.active)
        self._bus.hand_out()

    def step(self) -> bool:
        """One piece of what can wait; true when it gave an effect."""
        if self.effects.is_busy:
            return self.effects.step()
        self.commands.step()
        return False

    def _moved(self, seen: Seen | None, at_ns: int) -> None:
        if seen is not None and self.secrets.holds(seen.ref):  # whatever role it has now: "show password" is no pardon
            seen = replace(seen, element=replace(seen.element, role=PASSWORD_ROLE))
        self._moved_on(seen, at_ns)
        if self._focus.is_sure:
            self.effects.moved(seen, at_ns)
        self.secrets.doubt()


def open_elements(session_address: str, bus_address: str = "") -> AtspiElements:
    """The widgets of this session; `SourceMissing` when it has no accessibility bus."""
    try:
        bus = Bus(bus_address or find_bus(session_address))
        bus.listen()
    except (Silent, OSError):  # a TimeoutError is an OSError
        raise SourceMissing(
            "The accessibility bus does not answer, so password fields could not be told apart. "
            "Install at-spi2-core and start the desktop session anew."
        ) from None
    return AtspiElements(bus)
