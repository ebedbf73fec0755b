"""Keyboard and pointer, heard by pynput in a process of its own that can be killed at any moment.

pynput's own stop can hang for ever on X11; killing a process cannot. What comes through the pipe is parsed strictly,
and a child that has died is a `SourceFailed`, never silence. The child is tied to the thread that opened it: open
the source in the thread that records.
"""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from contextlib import suppress
from typing import Final

import msgspec

from capture.events import Key, PointerButton, PointerMoved, PointerScrolled
from capture.sources.base import InputEvent, SourceFailed, SourceMissing

START_SECONDS: Final = 10.0
END_SECONDS: Final = 0.5
_READ: Final = 1 << 16
_DECODER: Final = msgspec.msgpack.Decoder(PointerMoved | PointerButton | PointerScrolled | Key)
_GONE: Final = "The process that listens to keyboard and pointer has ended. Start a new recording."


class PynputInput:
    """The parent's end of the pipe."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        if child.stdout is None:
            raise ValueError("the child needs a pipe")
        self._child = child
        self._pipe = child.stdout.fileno()
        self._buffer = bytearray()
        os.set_blocking(self._pipe, False)

    @property
    def pid(self) -> int:
        """The listening process."""
        return self._child.pid

    def drain(self) -> tuple[InputEvent, ...]:
        """Everything heard since the last call; `SourceFailed` when the child has ended or speaks nonsense."""
        while _readable(self._pipe, 0):
            data = os.read(self._pipe, _READ)
            if not data:
                raise SourceFailed(_GONE)
            self._buffer += data
        return tuple(_event(frame) for frame in self._frames() if frame)

    def wait(self, seconds: float) -> None:
        """Returns when the pipe has something to read, or the time is over."""
        _readable(self._pipe, seconds)

    def wait_until_ready(self) -> None:
        """Returns when the listeners run; `SourceMissing` when they do not within some seconds."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            self.wait(end - time.monotonic())
            data = os.read(self._pipe, _READ) if _readable(self._pipe, 0) else b""
            self._buffer += data
            if len(self._buffer) >= 2:
                return
            if not data:
                break
        self.close()
        raise SourceMissing("Keyboard and pointer cannot be heard on this display. Check that X allows RECORD.")

    def close(self) -> None:
        """Kills the child; it holds nothing that could be lost."""
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):  # it is as good as dead: the kernel has not got round to it
            self._child.wait(END_SECONDS)
        if self._child.stdout is not None:
            self._child.stdout.close()

    def _frames(self) -> tuple[bytes, ...]:
        frames = []
        while len(self._buffer) >= 2:
            (size,) = struct.unpack_from(">H", self._buffer)
            if len(self._buffer) < 2 + size:
                break
            frames.append(bytes(self._buffer[2 : 2 + size]))
            del self._buffer[: 2 + size]
        return tuple(frames)


def open_input(display: str) -> PynputInput:
    """Starts to listen on this X display; `SourceMissing` when that cannot be."""
    command = (sys.executable, "-P", "-m", "capture.sources.pynput_child")
    environment = {**os.environ, "DISPLAY": display}
    child = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # the Ctrl+C that stops the recorder must not end the child first
    )
    source = PynputInput(child)
    source.wait_until_ready()
    return source


def _event(untrusted: bytes) -> InputEvent:
    try:
        event: InputEvent = _DECODER.decode(untrusted)
    except msgspec.DecodeError:
        raise SourceFailed("The process that listens to keyboard and pointer sent what is no event.") from None
    return event


def _readable(pipe: int, seconds: float) -> bool:
    return bool(select.select((pipe,), (), (), max(seconds, 0))[0])
