"""One worker of `optin scrub`: numbers of files come in by a pipe, masked files go to the disk, counts go out.

1. It takes the network from itself before it loads anything that reads pictures, and each engine has one thread.
2. It answers in messages that are parsed, with counts, levels and reasons. Nothing of a file goes through the pipe.
3. What it masked goes to a part file; the process that began it gives that the output's name. It removes the part
   when it has to end before its answer is out.
4. Linux ends it with the process that began it, and before others when memory runs out.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Final, TypeAlias

import msgspec

from optin.failures import missing_text, run
from redaction.isolation import isolated
from redaction.redacted import Isolation
from redaction.scrub import ScrubTools, new_part, scrub_into
from redaction.scrubbed import Dropped, ScrubFacts, ScrubInput, ScrubResult
from vault.errors import BadInput, MissingPart, OptinError

ONE_THREAD: Final = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment by which numeric libraries use one thread; they read it when they are loaded."""
NUMBER: Final = 4
"""Bytes of a file's number in a pipe, the highest first."""
_PR_SET_PDEATHSIG: Final = 1  # from <linux/prctl.h>

Opener: TypeAlias = Callable[[], ScrubTools]
"""Opens the tools; a worker calls it, so it must be found by its name in a module that imports nothing heavy."""


class Ready(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """The tools are open."""

    facts: ScrubFacts
    isolation: Isolation


class Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """The part file is whole."""

    result: ScrubResult


class Withheld(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """There is no part file, on purpose."""

    level: int


class Failed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """There is no part file, for this reason."""

    reason: str


class Missing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=True):
    """Something is not there that every file needs."""

    message: str


Answer: TypeAlias = Ready | Whole | Withheld | Failed | Missing
ANSWERS: Final[msgspec.msgpack.Decoder[Answer]] = msgspec.msgpack.Decoder(Answer)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a worker knows of the run."""

    link: Connection
    inputs: tuple[ScrubInput, ...]
    out: Path
    mark: str


def live(bench: Bench, opener: Opener) -> None:
    """The whole life of a worker; a bug in it is said without any value."""
    signal.signal(signal.SIGTERM, _leave)
    os.environ.update(ONE_THREAD)
    _yield_memory()
    run(lambda: _work_apart(bench, opener))


def _yield_memory() -> None:
    """Has Linux end this process before others when memory runs out (proc_pid_oom_score_adj(5))."""
    if sys.platform == "linux":
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _leave_with_parent() -> None:
    """Has Linux end this process when the one that began it is killed; elsewhere it ends after the file it has."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Ends this process with its clean-up."""
    raise SystemExit(0)


def _work_apart(bench: Bench, opener: Opener) -> None:
    with isolated() as isolation:
        _leave_with_parent()  # the system forgets this when a process changes its namespace
        _work(bench, opener, isolation)


def _work(bench: Bench, opener: Opener, isolation: Isolation) -> None:
    """Scrubs the files that are asked for, until nothing is any more."""
    try:
        stage = opener()
    except MissingPart as error:
        return _say(bench.link, Missing(str(error)))
    except ModuleNotFoundError as error:
        return _say(bench.link, Missing(missing_text(error).removeprefix("optin: ").rstrip()))
    with contextlib.suppress(EOFError, ConnectionError):  # the run is over
        _say(bench.link, Ready(stage.facts, isolation))
        while True:
            _scrub_one(bench, int.from_bytes(bench.link.recv_bytes(NUMBER), "big"), stage)


def _scrub_one(bench: Bench, number: int, stage: ScrubTools) -> None:
    source = bench.inputs[number]
    part = new_part(bench.out / source.name, bench.mark)
    try:
        _say(bench.link, _answer(source, part, stage))
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _answer(source: ScrubInput, part: Path, stage: ScrubTools) -> Answer:
    try:
        scrubbed = scrub_into(source.path, part, stage=stage)
    except BadInput as error:
        return Failed(str(error))
    except OptinError as error:
        return Missing(str(error))
    return Withheld(scrubbed.level) if isinstance(scrubbed, Dropped) else Whole(scrubbed)


def _say(link: Connection, answer: Answer) -> None:
    link.send_bytes(msgspec.msgpack.encode(answer))
