"""Control of a running recorder: one socket in the home, a JSON line in and one out (`capture.command` says which).

What enters are commands of the same user (the kernel says who asks). Rules of this file:
1. The socket is 0600 in a 0700 folder. What a killed recorder left there is replaced; so make one only while the
   queue's lock is held, since then no living recorder has it.
2. Nothing here waits, and nothing can be kept busy: a client gets one second, one line that comes in one piece, and one
   answer; of many clients the oldest goes, and of a flood only so many are heard in a second.
3. Who watches gets each change of state, and a beat: a recorder that was stopped by force sends none.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import stat
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.command import MAX_LINE, Answer, Command, Request, Status, answer_line, read_request
from vault.errors import Refused
from vault.files import private_folder

NAME: Final = "socket"
CLIENTS: Final = 8
WATCHERS: Final = 4
HEARD_A_SECOND: Final = 32
"""So many connections are taken in a second; the rest waits, and costs the recorder nothing."""
BACKLOG: Final = 128
CLIENT_SECONDS: Final = 1.0
BEAT_SECONDS: Final = 5.0
"""How often who watches hears from a recorder whose state does not change."""
MAX_PATH: Final = 107
"""A socket's address holds 108 bytes with its end (unix(7))."""
_PEER: Final = struct.Struct("3i")  # struct ucred: process, user, group


Handler = Callable[[Request], Answer]


@dataclass(slots=True)
class _Client:
    """A connection of the same user: until when it is kept, None if it watches."""

    socket: socket.socket
    until: float | None


class ControlSocket:
    """The recorder's end. Linux only: the kernel's word on who asks, and one descriptor to wait on, are Linux's."""

    def __init__(self, folder: Path, *, owner: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._owner = os.geteuid() if owner is None else owner
        self._clock = clock
        self._folder = private_folder(folder)
        self._listener = _listen(folder)
        self._selector = selectors.EpollSelector()
        self._clients: list[_Client] = []
        self._heard, self._second, self._is_open = 0, clock(), False
        self._next_beat = clock() + BEAT_SECONDS
        self._open()

    def fileno(self) -> int:
        """One descriptor, the same all the time, that is readable when `serve` has something to do."""
        return self._selector.fileno()

    @property
    def watchers(self) -> int:
        """How many clients watch."""
        return sum(client.until is None for client in self._clients)

    def serve(self, handler: Handler) -> None:
        """Answers what has come, and drops who has said nothing in time; never waits."""
        now = self._clock()
        for client in tuple(self._clients):
            if client.until is not None and client.until <= now:
                self._drop(client)
        if now - self._second >= 1:
            self._heard, self._second = 0, now
            self._open()
        for key, _ in self._selector.select(0):
            if key.data is not None:
                self._hear(key.data, handler)
            else:
                self._accept(now, handler)
        if self._heard >= HEARD_A_SECOND and self._is_open:
            self._selector.unregister(self._listener)
            self._is_open = False

    def beat(self, status: Callable[[], Status]) -> None:
        """Tells who watches that the recorder lives, when it is time."""
        if self._clock() >= self._next_beat:
            self.tell(status)

    def tell(self, status: Callable[[], Status]) -> None:
        """Tells who watches how the recorder stands."""
        self._next_beat = self._clock() + BEAT_SECONDS
        watching = [client for client in self._clients if client.until is None]
        if watching:
            line = answer_line(Answer(accepted=True, status=status(), why=""))
            for client in watching:
                if not _said(client.socket, line):
                    self._drop(client)

    def close(self) -> None:
        """Removes the socket; to be called while the queue's lock is still held, or it could be the next one's."""
        (self._folder / NAME).unlink(missing_ok=True)
        for client in tuple(self._clients):
            self._drop(client)
        self._selector.close()
        self._listener.close()

    def _open(self) -> None:
        if not self._is_open:
            self._selector.register(self._listener, selectors.EVENT_READ)
            self._is_open = True

    def _accept(self, now: float, handler: Handler) -> None:
        """Takes those who wait, as many as may be heard; their line is mostly there already."""
        while self._heard < HEARD_A_SECOND:
            try:
                connection, _ = self._listener.accept()
            except OSError:  # nobody waits any more, or the system is short of something: the next turn tries again
                return
            self._heard += 1
            connection.settimeout(0)
            if peer(connection)[1] != self._owner:
                connection.close()
                continue
            self._make_room()
            client = _Client(connection, now + CLIENT_SECONDS)
            self._clients.append(client)
            self._selector.register(connection, selectors.EVENT_READ, client)
            self._hear(client, handler)

    def _make_room(self) -> None:
        silent = [client for client in self._clients if client.until is not None]
        if len(silent) >= CLIENTS:
            self._drop(silent[0])

    def _hear(self, client: _Client, handler: Handler) -> None:
        try:
            untrusted = client.socket.recv(MAX_LINE + 1)
        except BlockingIOError:
            return
        except OSError:
            untrusted = b""
        request = None if client.until is None else read_request(untrusted)
        if request is None:  # it has gone, speaks another language, or sends what nobody asked for
            self._drop(client)
        elif request.command is Command.WATCH:
            self._watch(client, request, handler)
        else:
            _said(client.socket, answer_line(handler(request)))
            self._drop(client)

    def _watch(self, client: _Client, request: Request, handler: Handler) -> None:
        answer = handler(request)
        if self.watchers < WATCHERS and _said(client.socket, answer_line(answer)):
            client.until = None
        else:
            self._drop(client)

    def _drop(self, client: _Client) -> None:
        if client in self._clients:
            self._clients.remove(client)
            self._selector.unregister(client.socket)
            client.socket.close()


def connect(folder: Path, *, seconds: float) -> socket.socket:
    """A connection to the recorder whose socket lies in this folder; `OSError` where none listens."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        connection.settimeout(seconds)
        with _address(folder) as address:
            connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection


def peer(connection: socket.socket) -> tuple[int, int]:
    """Process and user at the other end: for a client the process that listens, as the kernel noted when it began."""
    data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    process, user, _ = _PEER.unpack(data)
    return process, user


def _listen(folder: Path) -> socket.socket:
    path = folder / NAME
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise Refused(f"{path} is no socket; move it away")
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        with _address(folder) as address:
            listener.bind(address)
        path.chmod(0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Refused(
            f"the socket for control cannot be made ({error.strerror or error}); nothing is recorded"
        ) from None
    listener.settimeout(0)
    return listener


@contextlib.contextmanager
def _address(folder: Path) -> Iterator[str]:
    """The socket's address; where the path is too long for one, it goes through the folder's descriptor.

    `OSError` if there is no such folder.
    """
    plain = os.fspath(folder / NAME)
    if len(os.fsencode(plain)) <= MAX_PATH:
        yield plain
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{handle}/{NAME}"
    finally:
        os.close(handle)


def _said(connection: socket.socket, line: bytes) -> bool:
    """Whether the whole line went out at once."""
    try:
        return connection.send(line, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) == len(line)
    except OSError:
        return False
