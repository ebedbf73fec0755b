"""What a process and everything it started cost: processor time, memory, wake-ups; and bytes in a folder.

A programme is run below a keeper (`python -m benchmarks.recorder_cost FILE PROGRAMME ...`), which adopts whatever loses
its parent. So no process of the tree is missed: processor time at a moment is what the living have used and waited for,
and what the keeper has waited for; at the end the keeper writes the kernel's own sum to FILE. The keeper itself is not
counted. Memory is the tree's proportional share (PSS), which counts shared pages once, and its resident size beside it.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

TICKS: Final = os.sysconf("SC_CLK_TCK")
_SUBREAPER: Final = 36  # PR_SET_CHILD_SUBREAPER of <linux/prctl.h>
_EVERY_SECONDS: Final = 1.0
MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """A tree of processes at a moment; memory in bytes, `wakeups` are voluntary switches of the living threads."""

    at: float
    cpu_seconds: float
    wakeups: int
    pss: int
    rss: int
    processes: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What a tree used between two moments: `cpu` as a share of one core, and `server_cpu` that of the X server."""

    seconds: float
    cpu: float
    server_cpu: float
    wakeups_an_hour: float


@dataclass(frozen=True, slots=True)
class _Stat:
    """The fields of /proc/PID/stat that count; times in ticks."""

    parent: int
    own: int
    waited: int


class Meter:
    """Looks at the tree below a keeper once a second; a context manager."""

    def __init__(self, keeper: int, server: int) -> None:
        self._keeper, self._server = keeper, server
        self._seen: list[Usage] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def now(self) -> tuple[Usage, float]:
        """The tree as it is, and what the X server has used, in seconds."""
        return usage(self._keeper), server_seconds(self._server)

    def between(self, first: tuple[Usage, float], last: tuple[Usage, float]) -> Spent:
        """What was spent from one `now` to another."""
        (began, server_began), (ended, server_ended) = first, last
        seconds = ended.at - began.at
        return Spent(
            seconds=seconds,
            cpu=(ended.cpu_seconds - began.cpu_seconds) / seconds,
            server_cpu=(server_ended - server_began) / seconds,
            wakeups_an_hour=(ended.wakeups - began.wakeups) / seconds * 3600,
        )

    @property
    def seen(self) -> tuple[Usage, ...]:
        """What was seen so far, one a second."""
        return tuple(self._seen)

    def peak(self) -> tuple[int, int]:
        """The largest PSS and the largest resident size seen so far."""
        return max((one.pss for one in self._seen), default=0), max((one.rss for one in self._seen), default=0)

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            self._seen.append(usage(self._keeper))


def usage(keeper: int) -> Usage:
    """The tree below a keeper as it is now."""
    stats = _stats()
    tree = tuple(_below(keeper, stats))
    adopted = stats[keeper].waited if keeper in stats else 0
    ticks = adopted + sum(stats[pid].own + stats[pid].waited for pid in tree)
    pss, rss = (sum(sizes) for sizes in zip(*(_memory(pid) for pid in tree), (0, 0), strict=True))
    return Usage(time.monotonic(), ticks / TICKS, sum(_switches(pid) for pid in tree), pss, rss, len(tree))


def server_seconds(pid: int) -> float:
    """Processor time of one process alone."""
    stat = _stat(pid)
    return 0.0 if stat is None else stat.own / TICKS


def folder_size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def run_kept(told: Path, arguments: list[str]) -> int:
    """The programme's exit code, once nothing of its tree is left; writes what all of it used to the file."""
    if ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "this system does not let a process adopt others")
    signal.signal(signal.SIGINT, _not_for_me)
    first = subprocess.Popen(arguments, close_fds=False)  # a descriptor may carry a passphrase
    code = 1
    for pid, status in _ended_children():
        if pid == first.pid:
            code = os.waitstatus_to_exitcode(status)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told.write_text(json.dumps({"cpu_seconds": used.ru_utime + used.ru_stime, "code": code}), encoding="utf-8")
    return code


def _ended_children() -> Iterator[tuple[int, int]]:
    while True:
        try:
            yield os.wait()
        except ChildProcessError:  # all have ended
            return


def _not_for_me(*_signal: object) -> None:
    """The signal went to the whole group; the programme decides what it means."""


def _below(pid: int, stats: dict[int, _Stat]) -> Iterator[int]:
    for child, stat in stats.items():
        if stat.parent == pid:
            yield child
            yield from _below(child, stats)


def _stats() -> dict[int, _Stat]:
    found = ((int(entry.name), _stat(int(entry.name))) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return {pid: stat for pid, stat in found if stat is not None}


def _stat(pid: int) -> _Stat | None:
    """Fields 4 and 14 to 17 of proc(5), counted after the name, which may hold blanks and brackets."""
    text = _read(Path(f"/proc/{pid}/stat"))
    fields = text.rpartition(")")[2].split()
    if len(fields) < 15:
        return None
    parent, own, waited = int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[13]) + int(fields[14])
    return _Stat(parent, own, waited)


def _memory(pid: int) -> tuple[int, int]:
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    kilobytes = {line.partition(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    return kilobytes.get("Pss", 0) * 1024, kilobytes.get("Rss", 0) * 1024


def _switches(pid: int) -> int:
    return sum(_switches_of(path) for path in _threads(pid))


def _threads(pid: int) -> tuple[Path, ...]:
    try:
        return tuple(Path(f"/proc/{pid}/task").iterdir())
    except FileNotFoundError:  # it ended meanwhile
        return ()


def _switches_of(thread: Path) -> int:
    lines = _read(thread / "status").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches")), 0)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return ""


if __name__ == "__main__":
    sys.exit(run_kept(Path(sys.argv[1]), sys.argv[2:]))
