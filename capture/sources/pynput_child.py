"""The process that listens to keyboard and pointer: events leave through its standard output, and nothing else.

It holds no key and no file, and dies with the recorder. Rules of this file:
1. A listener's callback only stamps and enqueues; a slow callback would lose events. The stamp is the X server's own
   where its clock is this machine's monotonic one (as it is for a local server), so that a late wake-up of this process
   cannot move a key behind the change of focus that followed it.
2. Each event is a frame on the pipe: u16 length, then the event as msgpack.
3. If the recorder does not read, it stops with code 3 rather than lose an event silently.
4. A key's name is its name in lower case. With Ctrl, Alt or Super held, a key enters nothing.
"""

from __future__ import annotations

import ctypes
import os
import queue
import signal
import struct
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from capture.events import Button, Key, PointerButton, PointerMoved, PointerScrolled
from vault.process import hide_memory

LIMIT: Final = 20_000
"""Events that may wait for the recorder: about half a minute of the fastest pointer seen (800 a second)."""
OVERFLOW: Final = 3
"""Exit code: the recorder did not read."""
READY: Final = b"\0\0"
"""An empty frame: the listeners are running."""

LATEST_MS: Final = 10_000
"""An event that seems older than this comes from a server with another clock."""
_SERVER_WRAP: Final = 0xFFFFFFFF  # the X protocol counts milliseconds in 32 bits
_PR_SET_PDEATHSIG: Final = 1  # from <linux/prctl.h>
_SUFFIXES: Final = ("_l", "_r")
_NAMES: Final = {"alt_gr": "altgr", "return": "enter", "page_up": "pageup", "page_down": "pagedown"}
_MODIFIERS: Final = frozenset({"ctrl", "alt", "cmd"})

_Raw = tuple[int, str, tuple[Any, ...]]


class Listening:
    """The callbacks of one listener: each stamps its arguments and puts them into the queue."""

    def __init__(self, heard: queue.Queue[_Raw]) -> None:
        self.queue = heard
        self.server_ms: int | None = None

    def press(self, key: object) -> None:
        """A key went down."""
        self._put("press", key)

    def release(self, key: object) -> None:
        """A key went up."""
        self._put("release", key)

    def move(self, x: int, y: int) -> None:
        """The pointer moved."""
        self._put("move", x, y)

    def click(self, x: int, y: int, button: object, pressed: object) -> None:
        """A button went down or up."""
        self._put("click", x, y, button, pressed)

    def scroll(self, x: int, y: int, dx: int, dy: int) -> None:
        """The wheel turned."""
        self._put("scroll", x, y, dx, dy)

    def _put(self, kind: str, *arguments: object) -> None:
        try:
            self.queue.put_nowait((stamp(time.monotonic_ns(), self.server_ms), kind, arguments))
        except queue.Full:
            os._exit(OVERFLOW)


class Naming:
    """Turns what was heard into events; remembers only which modifiers are held."""

    def __init__(self) -> None:
        self._held: set[str] = set()

    def event(self, raw: _Raw) -> PointerMoved | PointerButton | PointerScrolled | Key | None:
        """The event, or None for a button that has no name here."""
        at_ns, kind, arguments = raw
        match kind:
            case "move":
                return PointerMoved(at_ns, *arguments)
            case "scroll":
                return PointerScrolled(at_ns, *arguments)
            case "click":
                return _click(at_ns, *arguments)
            case _:
                return self._key(at_ns, arguments[0], pressed=kind == "press")

    def _key(self, at_ns: int, key: Any, *, pressed: bool) -> Key:  # noqa: ANN401
        name, character = name_key(key)
        if name in _MODIFIERS:
            (self._held.add if pressed else self._held.discard)(name)
        return Key(at_ns, name, "" if self._held else character, pressed)


def name_key(key: Any) -> tuple[str, str]:  # noqa: ANN401
    """A key's name, and the text that it enters by itself; control characters become the letter they are made of."""
    special = getattr(key, "name", None)
    if special is not None:
        name = special.removesuffix(_SUFFIXES[0]).removesuffix(_SUFFIXES[1])
        return _NAMES.get(name, name), " " if name == "space" else ""
    character = getattr(key, "char", None)
    if not character:
        code = getattr(key, "vk", None)
        return ("unknown" if code is None else f"key-{code}"), ""
    if len(character) == 1 and ord(character) < 32:
        return chr(ord(character) + 96), ""
    return character.lower(), character


def stamp(now_ns: int, server_ms: int | None) -> int:
    """When an event happened, in nanoseconds: by the X server's clock if that is ours, else now.

    The server counts whole milliseconds, so the stamp is a whole millisecond too: with this process's fraction added,
    two events that came in order could have stamps out of order, and a chord would lose its modifier.
    """
    if server_ms is None:
        return now_ns
    now_ms = now_ns // 1_000_000
    late_ms = (now_ms - server_ms) & _SERVER_WRAP
    return (now_ms - late_ms) * 1_000_000 if late_ms < LATEST_MS else now_ns


def main() -> int:
    """Listens until the pipe breaks; the exit code tells why it ended."""
    _die_with_parent()
    hide_memory()
    from pynput import keyboard, mouse

    heard: queue.Queue[_Raw] = queue.Queue(LIMIT)
    keyboard_ear, pointer_ear, naming = Listening(heard), Listening(heard), Naming()

    keys = keyboard.Listener(on_press=keyboard_ear.press, on_release=keyboard_ear.release)
    pointer = mouse.Listener(on_move=pointer_ear.move, on_click=pointer_ear.click, on_scroll=pointer_ear.scroll)
    for listener, ear in ((keys, keyboard_ear), (pointer, pointer_ear)):
        listener._handle_message = partial(_timed, ear, listener._handle_message)  # noqa: SLF001
    for listener in (keys, pointer):
        listener.daemon = True
        listener.start()
    for listener in (keys, pointer):
        listener.wait()
    _send(READY)
    while keys.running and pointer.running:
        try:
            event = naming.event(heard.get(timeout=1))
        except queue.Empty:
            continue
        if event is not None:
            packed = msgspec.msgpack.encode(event)
            _send(struct.pack(">H", len(packed)) + packed)
    return 1


def _timed(ear: Listening, handle: Callable[..., None], *arguments: Any) -> None:  # noqa: ANN401
    """Notes the server's time of an event (the second argument) before the listener's own work on it."""
    ear.server_ms = arguments[1].time
    handle(*arguments)


def _click(at_ns: int, x: int, y: int, button: Any, pressed: bool) -> PointerButton | None:  # noqa: ANN401, FBT001
    if button.name not in {known.value for known in Button}:
        return None
    return PointerButton(at_ns, x, y, Button(button.name), pressed)


def _send(frame: bytes) -> None:
    sys.stdout.buffer.write(frame)
    sys.stdout.buffer.flush()


def _die_with_parent() -> None:
    """Asks the kernel to kill this process when the recorder dies, and ends it if that has already happened."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent == 1 or os.getppid() != parent:
        os._exit(1)


if __name__ == "__main__":
    try:
        code = main()
    except (BrokenPipeError, KeyboardInterrupt):
        code = 0
    os._exit(code)
