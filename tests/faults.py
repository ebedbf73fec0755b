"""Stands between the code and the system's calls for files, below one folder: logs them, refuses them, kills at them.

    with Interposer(folder, fault=Fault(Effect.FAIL, number=3, error=errno.ENOSPC)) as disk: ...

`os.open`, `os.write` and the others of `Call` are exchanged while the context lasts; pathlib, shutil and the product
call them, so neither needs a port for this. What goes through a Python file object (`io.open`) is not seen, and calls
outside the folder pass untouched. The log holds what a power-cut simulation needs: which file, offset, bytes, names,
syncs, and the marks that a test sets in between.
"""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

Argument: TypeAlias = Any
"""Whatever the exchanged function takes or gives."""


class Call(Enum):
    """What is counted, refused and logged."""

    OPEN = "open"
    WRITE = "write"
    FSYNC = "fsync"
    FDATASYNC = "fdatasync"
    SYNC_FOLDER = "fsync of a folder"
    RENAME = "rename"
    LINK = "link"
    UNLINK = "unlink"
    RMDIR = "rmdir"
    MKDIR = "mkdir"
    TRUNCATE = "ftruncate"
    ALLOCATE = "posix_fallocate"
    CLOSE = "close"


SYNCS: Final = frozenset({Call.FSYNC, Call.FDATASYNC, Call.SYNC_FOLDER})
EVERY: Final = frozenset(Call)
_BY_HANDLE: Final = {
    "write": Call.WRITE,
    "pwrite": Call.WRITE,
    "fsync": Call.FSYNC,
    "fdatasync": Call.FDATASYNC,
    "ftruncate": Call.TRUNCATE,
    "posix_fallocate": Call.ALLOCATE,
    "close": Call.CLOSE,
}
_BY_NAME: Final = {
    "open": Call.OPEN,
    "rename": Call.RENAME,
    "replace": Call.RENAME,
    "link": Call.LINK,
    "unlink": Call.UNLINK,
    "remove": Call.UNLINK,
    "rmdir": Call.RMDIR,
    "mkdir": Call.MKDIR,
}


class Effect(Enum):
    """What happens at a call that was chosen."""

    FAIL = "fails and does nothing"
    SHORT = "writes the first half only"
    SHORT_THEN_FAIL = "writes the first half, and every later call fails"
    SKIP = "does nothing and says that it did"
    KILL = "the process is killed before it"
    KILL_HALFWAY = "the process is killed when half is written"


@dataclass(frozen=True, slots=True)
class Fault:
    """Which call is met: the `number`-th of `calls`, counted from 1, and with `lasting` all that follow."""

    effect: Effect
    calls: frozenset[Call] = EVERY
    number: int = 1
    error: int = 0
    lasting: bool = False

    def at(self, count: int) -> Effect | None:
        """What happens at the `count`-th call, None if nothing does."""
        if count == self.number:
            return Effect.SHORT if self.effect is Effect.SHORT_THEN_FAIL else self.effect
        if count < self.number:
            return None
        if self.effect is Effect.SHORT_THEN_FAIL:
            return Effect.FAIL
        return self.effect if self.lasting else None


@dataclass(frozen=True, slots=True)
class Operation:
    """One call that took place. Names are relative to the folder; `file` is the number of an opening, 0 by name only.

    `made` says that an opening made the file; `size` is a new length (ftruncate) or the end of what was allocated.
    """

    call: Call
    name: str
    file: int = 0
    to: str = ""
    offset: int = 0
    data: bytes = b""
    size: int = 0
    made: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a test wrote between the calls, such as that a record was acknowledged."""

    text: str


Step: TypeAlias = Operation | Mark


@dataclass(slots=True)
class _Opened:
    number: int
    name: str
    is_folder: bool


@dataclass(slots=True)
class Interposer:
    """The context; one at a time in a process. `log` grows while it lasts, `count` counts the fault's calls."""

    folder: Path
    fault: Fault | None = None
    log: list[Step] = field(default_factory=list)
    count: int = 0
    fired: int = 0
    _openings: int = field(default=0, init=False)
    _open: dict[int, _Opened] = field(default_factory=dict, init=False)
    _real: dict[str, Callable[..., Any]] = field(default_factory=dict, init=False)
    _lock: Any = field(default_factory=threading.RLock, init=False)

    def __enter__(self) -> Interposer:
        for name in (*_BY_HANDLE, *_BY_NAME):
            self._real[name] = getattr(os, name)
            take = self._by_handle if name in _BY_HANDLE else self._by_name
            setattr(os, name, partial(take, name))
        return self

    def __exit__(self, *_error: object) -> None:
        for name, real in self._real.items():
            setattr(os, name, real)

    def mark(self, text: str) -> None:
        """Writes a mark into the log."""
        with self._lock:
            self.log.append(Mark(text))

    def _by_handle(self, name: str, handle: int, *rest: Argument) -> Argument:
        with self._lock:
            opened = self._open.get(handle)
            if opened is None:
                return self._real[name](handle, *rest)
            call = _BY_HANDLE[name]
            if opened.is_folder and call is Call.FSYNC:
                call = Call.SYNC_FOLDER
            rest, is_skipped = self._met(call, opened.name, name, handle, rest)
            if is_skipped:
                return None
            done = self._real[name](handle, *rest)
            self._note_handle(call, opened, handle, rest, done)
            return done

    def _by_name(self, name: str, path: Argument, *rest: Argument, **named: Argument) -> Argument:
        with self._lock:
            place = self._place(path, named.get("dir_fd"))
            if place is None:
                return self._real[name](path, *rest, **named)
            call = _BY_NAME[name]
            was_there = os.path.lexists(self.folder / place)
            self._met(call, place, name, 0, rest)
            done = self._real[name](path, *rest, **named)
            to = self._place(rest[0], None) or "" if call in {Call.RENAME, Call.LINK} else ""
            self._note_name(call, place, to, done if call is Call.OPEN else None, was_there=was_there)
            if call is Call.OPEN and (rest[0] if rest else named["flags"]) & os.O_TRUNC and was_there:
                self.log.append(Operation(Call.TRUNCATE, place, self._open[done].number))
            return done

    def _met(
        self, call: Call, place: str, name: str, handle: int, rest: tuple[Argument, ...]
    ) -> tuple[tuple[Argument, ...], bool]:
        """The arguments to go on with, and whether the call is to be skipped; raises or kills if the fault says so."""
        if self.fault is None or call not in self.fault.calls:
            return rest, False
        self.count += 1
        effect = self.fault.at(self.count)
        if effect is None:
            return rest, False
        self.fired += 1
        if effect is Effect.FAIL:
            if call is Call.CLOSE:  # Linux has freed the descriptor even where close fails
                self._real["close"](handle)
                del self._open[handle]
            raise OSError(self.fault.error, os.strerror(self.fault.error), place)
        if call is Call.WRITE and effect in {Effect.SHORT, Effect.KILL_HALFWAY}:
            rest = (bytes(rest[0])[: -(-len(rest[0]) // 2)], *rest[1:])
        if effect is Effect.KILL_HALFWAY and call is Call.WRITE:
            self._real[name](handle, *rest)
        if effect in {Effect.KILL, Effect.KILL_HALFWAY}:
            os.kill(os.getpid(), signal.SIGKILL)
        return rest, effect is Effect.SKIP

    def _note_handle(
        self, call: Call, opened: _Opened, handle: int, rest: tuple[Argument, ...], done: Argument
    ) -> None:
        offset, data, size = 0, b"", 0
        if call is Call.WRITE:
            data = bytes(rest[0])[:done]
            offset = rest[1] if len(rest) > 1 else os.lseek(handle, 0, os.SEEK_CUR) - done
        elif call is Call.TRUNCATE:
            size = rest[0]
        elif call is Call.ALLOCATE:
            size = rest[0] + rest[1]
        elif call is Call.CLOSE:
            del self._open[handle]
        self.log.append(Operation(call, opened.name, opened.number, offset=offset, data=data, size=size))

    def _note_name(self, call: Call, place: str, to: str, handle: int | None, *, was_there: bool) -> None:
        number = 0
        if handle is not None:
            self._openings += 1
            number = self._openings
            self._open[handle] = _Opened(number, place, stat.S_ISDIR(os.fstat(handle).st_mode))
        self.log.append(Operation(call, place, number, to, made=handle is not None and not was_there))

    def _place(self, path: Argument, folder: int | None) -> str | None:
        """The path relative to the watched folder, None if it lies elsewhere."""
        if isinstance(path, int):
            return None
        base = Path.cwd()
        if folder is not None:
            opened = self._open.get(folder)
            if opened is None:
                return None
            base = self.folder / opened.name
        whole = Path(os.path.normpath(base / os.fsdecode(path)))
        return str(whole.relative_to(self.folder)) if whole.is_relative_to(self.folder) else None
