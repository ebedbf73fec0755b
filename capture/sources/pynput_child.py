"""The process that listens to keyboard and pointer: events leave through its standard output, and nothing else.

It holds no key and no file, and dies with the recorder. Rules of this file:
1. A listener's callback only stamps and enqueues; a slow callback would lose events. The stamp is the X server's own
   where its clock is this machine's monotonic one (as it is for a local server), so that a late wake-up of this process
   cannot move a key behind the change of focus that followed it.
2. What was heard leaves in batches: u32 length, then the events as a msgpack array, in order of their stamps. On X11
   the listener of the pointer rests for `REST_SECONDS` after each batch of moves, for a wake-up costs more than an
   event; a key or a button wakes it, so that they leave at once and after the moves before them.
3. If the recorder does not read, it stops with code 3 rather than lose an event silently. A listener that ends takes
   the process with it. While nothing happens nothing runs.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from operator import itemgetter
from typing import Any, Final, NamedTuple, NoReturn

import msgspec

from capture.sources.naming import MOVE, Naming, Raw
from capture.sources.x11_time import stamp
from vault.process import hide_memory

LIMIT: Final = 20_000
"""Events that may wait for the recorder: about half a minute of the fastest pointer seen (800 a second)."""
REST_SECONDS: Final = 0.04
"""How long a move may wait while the pointer flows: 25 wake-ups a second instead of up to 1,000."""
FASTEST_AT_REST: Final = 1_600
"""Answers of the server a second; when more come nobody rests: what comes meanwhile lies in the socket, which holds
about 280 of them, and a server whose socket is full loses some without a word."""
OVERFLOW: Final = 3
"""Exit code: the recorder did not read."""
DEAF: Final = 1
"""Exit code: a listener has ended."""
READY: Final = b"\0\0\0\0"
"""An empty batch: the listeners are running."""

_PR_SET_PDEATHSIG: Final = 1  # from <linux/prctl.h>

# A core event of the X protocol: type, detail, time, place on the root window and modifiers.
_CORE: Final = struct.Struct("=BBxxI12xhh4xHxx")
_KEYS_AND_BUTTONS: Final = (2, 5)
"""First and last type of what the keyboard's listener gets: it passes over buttons, but they end the rest."""
_BUTTON_TYPES: Final = frozenset({4, 5})
_SENT: Final = 0x80  # the bit of the type that says that another programme sent it


class Heard:
    """What the listeners heard and nobody wrote yet."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._raw: deque[Raw] = deque()
        self._limit = limit
        self._rung = threading.Event()

    def put(self, raw: Raw) -> None:
        """Keeps it; the process ends when too much waits."""
        if len(self._raw) >= self._limit:
            os._exit(OVERFLOW)
        self._raw.append(raw)

    def ring(self) -> None:
        """Lets `take` return."""
        self._rung.set()

    def has_rung(self) -> bool:
        """Whether `take` would return at once."""
        return self._rung.is_set()

    def take(self) -> list[Raw]:
        """All that was heard, in order of time, once somebody has rung."""
        self._rung.wait()
        self._rung.clear()  # before taking: what is heard from here on rings anew
        taken = [self._raw.popleft() for _ in range(len(self._raw))]
        taken.sort(key=itemgetter(0))
        return taken


class Rest:
    """The pause between two batches of moves; who has something else to say ends it."""

    def __init__(self, heard: Heard, *, seconds: float = REST_SECONDS) -> None:
        self._heard, self._seconds = heard, seconds
        self._lock, self._alarm = threading.Lock(), threading.Event()
        self.is_taken = False

    def take(self, *, waits: Callable[[], bool]) -> None:
        """Returns when it is over; if it was ended and nothing `waits` to be read, what was heard may leave."""
        with self._lock:
            self.is_taken = True
        self._alarm.wait(self._seconds)
        with self._lock:
            self.is_taken, ended = False, self._alarm.is_set()
            self._alarm.clear()
        if ended and not waits():
            self._heard.ring()

    def end(self) -> None:
        """Ends it, so that earlier moves come first; what was heard leaves at once where nobody rests."""
        with self._lock:
            if self.is_taken:
                self._alarm.set()
                return
        self._heard.ring()


class Listening:
    """The callbacks of one listener: each stamps its arguments and hands them over.

    Moves are `batched` where somebody rings after a batch of them.
    """

    def __init__(self, heard: Heard, rest: Rest, *, batched: bool = False) -> None:
        self._heard, self._rest, self._batched = heard, rest, batched
        self.server_ms: int | None = None
        self.moved = False

    def press(self, key: object) -> None:
        """A key went down."""
        self._put("press", key)

    def release(self, key: object) -> None:
        """A key went up."""
        self._put("release", key)

    def move(self, x: int, y: int) -> None:
        """The pointer moved."""
        self._put(MOVE, x, y)

    def click(self, x: int, y: int, button: object, pressed: object) -> None:
        """A button went down or up."""
        self._put("click", x, y, button, pressed)

    def scroll(self, x: int, y: int, dx: int, dy: int) -> None:
        """The wheel turned."""
        self._put("scroll", x, y, dx, dy)

    def _put(self, kind: str, *arguments: object) -> None:
        self._heard.put((stamp(time.monotonic_ns(), self.server_ms), kind, arguments))
        self.moved = kind == MOVE
        if not (self._batched and self.moved):
            self._rest.end()


class CoreEvent(NamedTuple):
    """What pynput reads of an X event."""

    type: int
    detail: int
    root_x: int
    root_y: int
    state: int
    send_event: bool


class CoreParser:
    """Takes the place of a listener's own parser: a tenth of the work, and it notes the server's time for the stamps.

    Buttons end the rest that is given, which is another listener's.
    """

    def __init__(self, ear: Listening, rest: Rest | None = None) -> None:
        self._ear, self._rest = ear, rest

    def parse_binary_value(self, data: bytes, *_: object) -> tuple[CoreEvent, bytes]:
        """The first event of what RECORD delivered, and the rest."""
        kind, detail, self._ear.server_ms, x, y, state = _CORE.unpack_from(data)
        if self._rest is not None and kind & ~_SENT in _BUTTON_TYPES:
            self._rest.end()
        return CoreEvent(kind & ~_SENT, detail, x, y, state, bool(kind & _SENT)), data[_CORE.size :]


class Batches:
    """Stands before the handler of the pointer's listener on X11 and rests after a batch that ends with a move."""

    def __init__(self, listener: Any, ear: Listening, rest: Rest, *, clock: Callable[[], int]) -> None:  # noqa: ANN401
        self._listener, self._ear, self._rest, self._clock = listener, ear, rest, clock
        self._handle: Callable[[Any], None] = listener._handler  # noqa: SLF001
        self._answers, self._since_ns = 0, 0

    def handle(self, delivered: Any) -> None:  # noqa: ANN401
        """What RECORD delivered in one answer; more of them may have been read with it."""
        self._handle(delivered)
        self._answers += 1
        connection = self._listener._display_record.display  # noqa: SLF001
        if not self._ear.moved or len(connection.data_recv) > connection.recv_packet_len:
            return
        self._rest.end()  # nobody rests here: what was heard leaves
        now_ns = self._clock()
        if self._answers * 1_000_000_000 <= FASTEST_AT_REST * (now_ns - self._since_ns):
            self._answers, self._since_ns = 0, now_ns
            self._rest.take(waits=partial(_readable, connection.socket))


def main() -> NoReturn:
    """Listens until the pipe breaks or the process ends."""
    _die_with_parent()
    hide_memory()
    if sys.platform == "win32":
        from capture.sources.windows import see_real_pixels

        see_real_pixels()
    from pynput import keyboard, mouse

    heard, naming = Heard(), Naming()
    rest = Rest(heard)
    on_x11 = sys.platform == "linux"
    keyboard_ear, pointer_ear = Listening(heard, rest), Listening(heard, rest, batched=on_x11)
    keys = keyboard.Listener(on_press=keyboard_ear.press, on_release=keyboard_ear.release)
    pointer = mouse.Listener(on_move=pointer_ear.move, on_click=pointer_ear.click, on_scroll=pointer_ear.scroll)
    if on_x11:
        keys._EVENT_PARSER, pointer._EVENT_PARSER = CoreParser(keyboard_ear, rest), CoreParser(pointer_ear)  # noqa: SLF001
        keys._EVENTS = _KEYS_AND_BUTTONS  # noqa: SLF001
        pointer._handler = Batches(pointer, pointer_ear, rest, clock=time.monotonic_ns).handle  # noqa: SLF001
    for listener in (keys, pointer):
        listener.run = partial(_listen, listener.run)
        listener.start()
    for listener in (keys, pointer):
        listener.wait()
    _send(READY)
    while True:
        events = tuple(event for raw in heard.take() if (event := naming.event(raw)) is not None)
        if events:
            packed = msgspec.msgpack.encode(events)
            _send(struct.pack(">I", len(packed)) + packed)


def _listen(run: Callable[[], None]) -> None:
    """A listener's thread; with its end the recorder would hear only half."""
    try:
        run()
    finally:
        os._exit(DEAF)


def _readable(connection: socket.socket) -> bool:
    return bool(select.select((connection,), (), (), 0)[0])


def _send(frame: bytes) -> None:
    sys.stdout.buffer.write(frame)
    sys.stdout.buffer.flush()


def _die_with_parent() -> None:
    """Asks the kernel to kill this process when the recorder dies, and ends it if that has already happened.

    Elsewhere than on Linux no kernel does that: there the process ends at the first event after the recorder's death.
    """
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent == 1 or os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)
