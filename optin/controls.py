"""Commands to a recorder that runs, and what `optin status` says of it.

Nothing here needs a passphrase, a key or the settings. Rules of this file:
1. What is said of a recorder is what it answers itself. Where it does not answer, that is said: never "recording",
   since nothing shows that anything is saved, and never "not recording" while a process holds the queue.
2. `stop` ends when the recorder's process is gone, and says how that came about: by the command, by a signal, by force,
   or by the file STOP.
3. A signal goes only to a process that the kernel names as the one that listens, or that the queue's lock file names,
   and only if it is a recorder.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Final

from capture.command import MAX_ANSWER, Answer, Command, RecorderState, Request, Status, read_answer, request_line
from capture.control import NAME, connect, peer
from optin.home import Home
from optin.last import FOLDER
from vault.errors import BadInput, MissingPart, Refused
from vault.files import remove_file, replace_file

ANSWER_SECONDS: Final = 2.0
"""A recorder that has not answered after this time is stuck: a turn of its loop takes less than 100 ms."""
STOP_SECONDS: Final = 1.0
"""How long each way of stopping may take before the next one is tried."""
STARTING_SECONDS: Final = 3.0
"""A recorder that begins holds the queue this long at most before it can answer."""
MORNING: Final = 6
"""The hour at which a pause until tomorrow ends."""
_LONGEST: Final = timedelta(days=7)
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_NO_SOCKET: Final = "a process holds the queue, but has no control socket; `optin stop` ends it"
_SILENT: Final = "the recorder's process is there, but it does not answer, so nobody knows; `optin stop` ends it"
_RECORDER: Final = b"optin.recorder"


class NotRunning(Refused):
    """No recorder runs."""


class NoAnswer(MissingPart):
    """A process holds the queue, but does not answer; `is_silent` if it listens, not if it has no socket (yet)."""

    def __init__(self, message: str, *, is_silent: bool) -> None:
        super().__init__(message)
        self.is_silent = is_silent


class Means(Enum):
    """What ended a recorder."""

    NONE = "nothing was running"
    COMMAND = "it stopped as asked"
    SIGNAL = "it did not answer; a signal ended it"
    FORCE = "it neither answered nor followed a signal; it was killed"
    FILE = "it could not be reached; the file STOP ended it"


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a recorder was stopped, and how long that took until its process was gone."""

    means: Means
    seconds: float


def ask(home: Home, command: Command, *, until_ms: int | None = None) -> Answer:
    """What the recorder answers; `NotRunning` if there is none, `NoAnswer` if there is one that does not answer."""
    try:
        with connect(home.root / FOLDER, seconds=ANSWER_SECONDS) as connection:
            return _asked(connection, Request(command=command, until_ms=until_ms))
    except (FileNotFoundError, ConnectionRefusedError):
        if home.is_recording():
            raise NoAnswer(_NO_SOCKET, is_silent=False) from None
        raise NotRunning("no recorder runs") from None
    except (OSError, BadInput):
        if not home.is_recording():
            raise NotRunning("the recorder has just ended") from None
        raise NoAnswer(_SILENT, is_silent=True) from None


def _asked(connection: socket.socket, request: Request) -> Answer:
    connection.sendall(request_line(request))
    data = bytearray()
    end = time.monotonic() + ANSWER_SECONDS
    while not data.endswith(b"\n"):
        connection.settimeout(max(end - time.monotonic(), 0.001))
        more = connection.recv(MAX_ANSWER)
        if not more or len(data) > MAX_ANSWER:
            raise BadInput("the recorder ended before it had answered")
        data += more
    return read_answer(bytes(data))


def told(home: Home, command: Command, *, until_ms: int | None = None) -> Status:
    """How the recorder stands after a command; `Refused` with its own words if it did not take it."""
    answer = ask(home, command, until_ms=until_ms)
    if not answer.accepted:
        raise Refused(answer.why)
    return answer.status


def await_recording(home: Home, status: Status) -> Status:
    """How the recorder stands once its sources are open again; errors as those of `ask`."""
    end = time.monotonic() + STARTING_SECONDS * 5
    while status.state is RecorderState.STARTING and time.monotonic() < end:
        time.sleep(0.05)
        status = ask(home, Command.STATUS).status
    return status


def was_killed(home: Home) -> bool:
    """Whether the last recorder left its socket behind: it was killed, or the power was cut."""
    return (home.root / FOLDER / NAME).is_socket()


def pause_end(text: str, now: datetime) -> int | None:
    """When a pause ends, in Unix milliseconds: 30m, 2h, 1d, tomorrow (06:00 of the next day), None for until-resume.

    `now` is the machine's own time, without a zone. `BadInput` if it is none of these.
    """
    word = text.strip().casefold()
    if word == "until-resume":
        return None
    if word == "tomorrow":
        morning = (now + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        return int(morning.timestamp() * 1000)
    number, unit = word[:-1], _UNITS.get(word[-1:])
    if unit is None or not (number.isascii() and number.isdigit() and len(number) < 6) or int(number) == 0:
        raise BadInput("a pause is a number with m, h or d (such as 30m), or tomorrow, or until-resume")
    length = int(number) * unit
    if length > _LONGEST:
        raise BadInput("a pause that ends by itself ends within a week; until-resume has no limit")
    return int((now.timestamp() + length.total_seconds()) * 1000)


def stop_recorder(home: Home) -> Stopped:
    """How the recorder was ended; it is gone when this returns. `MissingPart` if nothing could end it."""
    began = time.monotonic()
    with _process(home) as process:
        for means in _ways(home, process):
            return Stopped(means, time.monotonic() - began)
    raise MissingPart("the recorder could not be ended; restart the machine, or ask whoever looks after it")


def _ways(home: Home, process: int | None) -> Iterator[Means]:
    """What ended it, if anything did: each way is tried when the one before has not worked."""
    if not (home.is_recording() if process is None else not _is_gone(home, process, seconds=0)):
        yield Means.NONE
    if _command_stops(home, process):
        yield Means.COMMAND
    if process is not None:
        if _signal_ends(process, signal.SIGTERM):
            yield Means.SIGNAL
        if _signal_ends(process, signal.SIGKILL):
            yield Means.FORCE
    if _file_stops(home):
        yield Means.FILE


def _command_stops(home: Home, process: int | None) -> bool:
    try:
        with connect(home.root / FOLDER, seconds=STOP_SECONDS) as connection:
            connection.sendall(request_line(Request(command=Command.STOP)))
            return _is_gone(home, process, seconds=STOP_SECONDS)
    except OSError:
        return False


def _is_gone(home: Home, process: int | None, *, seconds: float) -> bool:
    """Whether the process ends, or gives the queue free where no process is known, within this time."""
    if process is not None:
        return bool(select.select((process,), (), (), seconds)[0])
    end = time.monotonic() + seconds
    while home.is_recording():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _signal_ends(process: int, number: signal.Signals) -> bool:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, number)
    return bool(select.select((process,), (), (), STOP_SECONDS)[0])


def _file_stops(home: Home) -> bool:
    """Whether the file STOP ended it; it stays where it did not, and forbids a new recording."""
    try:
        replace_file(home.stop_file, b"")
    except OSError:
        return False
    if not _is_gone(home, None, seconds=3 * STOP_SECONDS):
        return False
    remove_file(home.stop_file)
    return True


@contextmanager
def _process(home: Home) -> Iterator[int | None]:
    """A descriptor of the recorder's process, None if it cannot be told which one that is."""
    number = _listening(home) or _locking(home)
    handle = None if number is None else _opened(number)
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


def _opened(number: int) -> int | None:
    """The process's descriptor, if it is a recorder; looked at after it was opened, so it cannot become another."""
    try:
        handle = os.pidfd_open(number)
    except OSError:
        return None
    try:
        if _RECORDER in Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0"):
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


def _listening(home: Home) -> int | None:
    """The process that listens at the socket, by the kernel's word; it need not be able to answer."""
    try:
        with connect(home.root / FOLDER, seconds=STOP_SECONDS) as connection:
            return peer(connection)[0]
    except OSError:
        return None


def _locking(home: Home) -> int | None:
    """The process that the queue's lock file names, if the lock is held."""
    if not home.is_recording():
        return None
    try:
        return int((home.queue / "LOCK").read_bytes()[:16])
    except (OSError, ValueError):
        return None
