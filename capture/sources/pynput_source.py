"""Keyboard and pointer, heard by pynput in a process of its own that can be killed at any moment.

pynput's own stop can hang for ever on X11; killing a process cannot. What comes through the pipe is parsed strictly,
and a child that has died is a `SourceFailed`, never silence. On Linux the child is tied to the thread that opened it:
open the source in the thread that records.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from contextlib import suppress
from typing import Final, Protocol

import msgspec

from capture.events import Key, PointerButton, PointerMoved, PointerScrolled
from capture.sources.base import InputEvent, SourceFailed, SourceMissing

START_SECONDS: Final = 10.0
END_SECONDS: Final = 0.5
LONGEST: Final = 16 << 20
"""Largest batch in bytes: what the child holds at most takes a tenth of it."""
_READ: Final = 1 << 16
_HEAD: Final = struct.Struct(">I")
_LOOK_SECONDS: Final = 0.01
_DECODER: Final = msgspec.msgpack.Decoder(tuple[PointerMoved | PointerButton | PointerScrolled | Key, ...])
_GONE: Final = "The process that listens to keyboard and pointer has ended. Start a new recording."
_NONSENSE: Final = "The process that listens to keyboard and pointer sent what is no event. Start a new recording."


class Idle(Protocol):
    """What the display itself knows of input."""

    def last_input_ns(self) -> int | None:
        """When it last got any."""
        ...

    def close(self) -> None:
        """Frees what it holds."""
        ...


class PynputInput:
    """The parent's end of the pipe."""

    def __init__(self, child: subprocess.Popen[bytes], idle: Idle) -> None:
        if child.stdout is None:
            raise ValueError("the child needs a pipe")
        self._child, self._idle = child, idle
        self._pipe = child.stdout.fileno()
        self._buffer = bytearray()
        if sys.platform != "win32":
            os.set_blocking(self._pipe, False)

    @property
    def pid(self) -> int:
        """The listening process."""
        return self._child.pid

    def fileno(self) -> int:
        """Readable when something was heard, or the child has ended."""
        return self._pipe

    def drain(self) -> tuple[InputEvent, ...]:
        """Everything heard since the last call; `SourceFailed` when the child has ended or speaks nonsense."""
        self._read()
        return tuple(event for batch in self._batches() if batch for event in _events(batch))

    def last_input_ns(self) -> int | None:
        """When the display last got input, by its own account."""
        return self._idle.last_input_ns()

    def wait_until_ready(self) -> None:
        """Returns when the listeners run; `SourceMissing` when they do not within some seconds."""
        end = time.monotonic() + START_SECONDS
        try:
            while time.monotonic() < end:
                self._read()
                if len(self._buffer) >= _HEAD.size:
                    return
                time.sleep(_LOOK_SECONDS)
        except SourceFailed:
            end = 0
        self.close()
        raise SourceMissing("Keyboard and pointer cannot be heard on this display. Check that X allows RECORD.")

    def close(self) -> None:
        """Kills the child; it holds nothing that could be lost."""
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):  # it is as good as dead: the kernel has not got round to it
            self._child.wait(END_SECONDS)
        if self._child.stdout is not None:
            self._child.stdout.close()
        self._idle.close()

    def _read(self) -> None:
        while (data := _available(self._pipe)) is not None:
            if not data:
                raise SourceFailed(_GONE)
            self._buffer += data

    def _batches(self) -> tuple[bytes, ...]:
        batches, start = [], 0
        while len(self._buffer) - start >= _HEAD.size:
            (size,) = _HEAD.unpack_from(self._buffer, start)
            if size > LONGEST:
                raise SourceFailed(_NONSENSE)
            end = start + _HEAD.size + size
            if len(self._buffer) < end:
                break
            batches.append(bytes(self._buffer[start + _HEAD.size : end]))
            start = end
        del self._buffer[:start]
        return tuple(batches)


def open_input(display: str) -> PynputInput:
    """Starts to listen on this X display; `SourceMissing` when that cannot be."""
    from capture.sources.x11_idle import open_idle

    return listen(open_idle(display), environment={**os.environ, "DISPLAY": display})


def listen(idle: Idle, *, environment: dict[str, str]) -> PynputInput:
    """Starts the listening process; `SourceMissing` when it does not hear."""
    child = subprocess.Popen(
        (sys.executable, "-P", "-m", "capture.sources.pynput_child"),
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the Ctrl+C that stops the recorder must not end the child first
    )
    source = PynputInput(child, idle)
    source.wait_until_ready()
    return source


def _events(untrusted: bytes) -> tuple[InputEvent, ...]:
    try:
        events: tuple[InputEvent, ...] = _DECODER.decode(untrusted)
    except msgspec.DecodeError:
        raise SourceFailed(_NONSENSE) from None
    return events


def _available(pipe: int) -> bytes | None:
    """What the pipe holds, b"" at its end, None when there is nothing yet."""
    if sys.platform == "win32":
        from capture.sources.windows import read_pipe

        return read_pipe(pipe, _READ)
    try:
        return os.read(pipe, _READ)
    except BlockingIOError:
        return None
