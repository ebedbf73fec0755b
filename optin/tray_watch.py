"""What the icon in the tray shows: words of the recorder come in, one of four looks goes out. It polls nothing.

It listens at the control socket; where there is none, it sleeps until the folder changes. A recorder that sends no beat
is shown as unknown: it may be stuck, or stopped by force.
"""

from __future__ import annotations

import ctypes
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from capture.command import MAX_ANSWER, Command, RecorderState, Request, Status, read_answer, request_line
from capture.control import BEAT_SECONDS, connect
from optin.say import when
from vault.errors import BadInput, MissingPart

SILENCE_SECONDS: Final = 2.5 * BEAT_SECONDS
"""A recorder that says nothing for this long is not known to record."""
CONNECT_SECONDS: Final = 1.0
_IN_ATTRIB: Final = 0x4  # from <sys/inotify.h>
_IN_MOVED_TO: Final = 0x80
_IN_CREATE: Final = 0x100


class Look(Enum):
    """What the icon looks like."""

    OFF = "off"
    RECORDING = "recording"
    PAUSED = "paused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shown:
    """A look and the words that go with it."""

    look: Look
    words: str


OFF: Final = Shown(Look.OFF, "Optin: not recording")
UNKNOWN: Final = Shown(Look.UNKNOWN, "Optin: unknown, the recorder does not answer. Stop ends it.")


def shown(status: Status) -> Shown:
    """How a recorder that has just spoken is shown."""
    match status.state:
        case RecorderState.RECORDING:
            return Shown(Look.RECORDING, f"Optin: recording since {when(status.since_ms)}")
        case RecorderState.PAUSED:
            until = "you resume" if status.paused_until_ms is None else when(status.paused_until_ms)
            return Shown(Look.PAUSED, f"Optin: paused until {until}")
        case RecorderState.STARTING:
            return Shown(Look.RECORDING, "Optin: about to record")
        case _:
            return Shown(Look.OFF, "Optin: stopping")


class Watch:
    """Follows the recorders of one home, one after the other; `show` is called with each change."""

    def __init__(self, folder: Path, show: Callable[[Shown], None], *, silence: float = SILENCE_SECONDS) -> None:
        self._folder, self._show, self._silence = folder, show, silence

    def follow(self) -> None:
        """Follows for ever; to be run in a thread that ends with the process."""
        with closing(FolderNews(self._folder)) as news:
            while True:
                self._follow_one()
                self._show(OFF)
                news.wait()

    def _follow_one(self) -> None:
        """Returns when no recorder listens any more; one that has just made its socket may not listen yet."""
        end = time.monotonic() + CONNECT_SECONDS
        while time.monotonic() < end:
            try:
                with connect(self._folder, seconds=CONNECT_SECONDS) as connection:
                    self._hear(connection)
                end = time.monotonic() + CONNECT_SECONDS
            except FileNotFoundError:
                return
            except OSError:
                time.sleep(0.05)

    def _hear(self, connection: socket.socket) -> None:
        """Shows what one recorder says, until it ends or speaks another language."""
        connection.sendall(request_line(Request(command=Command.WATCH)))
        for line in _lines(connection, self._silence):
            if line is None:
                self._show(UNKNOWN)
                continue
            try:
                self._show(shown(read_answer(line).status))
            except BadInput:
                return self._show(UNKNOWN)
        return None


def _lines(connection: socket.socket, silence: float) -> Iterator[bytes | None]:
    """Each line, and None whenever there was none for so long; ends with the connection."""
    connection.settimeout(silence)
    data = bytearray()
    while len(data) <= MAX_ANSWER:
        try:
            more = connection.recv(1 << 12)
        except TimeoutError:
            yield None
            continue
        except OSError:
            return
        if not more:
            return
        data += more
        while (end := data.find(b"\n")) >= 0:
            yield bytes(data[: end + 1])
            del data[: end + 1]


class FolderNews:
    """Sleeps until something is made in a folder (inotify(7)); `MissingPart` where the system has no more watches."""

    def __init__(self, folder: Path) -> None:
        system = ctypes.CDLL(None, use_errno=True)
        self._handle = int(system.inotify_init1(os.O_CLOEXEC))
        watched = system.inotify_add_watch(self._handle, os.fsencode(folder), _IN_CREATE | _IN_ATTRIB | _IN_MOVED_TO)
        if self._handle < 0 or watched < 0:
            raise MissingPart(f"the folder cannot be watched ({os.strerror(ctypes.get_errno())})")

    def wait(self) -> None:
        """Returns when something was made there since the last call."""
        os.read(self._handle, 1 << 12)

    def close(self) -> None:
        """Watches no more."""
        os.close(self._handle)
