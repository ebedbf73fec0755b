"""What this process and all below it have cost: CPU seconds and wake-ups are read from /proc, bytes are asked for.

Numbers leave, nothing else: of other processes nothing is read, of these ones no name and no argument. A process that
ends while it is being read counts with what its parent has taken over of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from capture.spending import Usage

PROC: Final = Path("/proc")
_TIMES: Final = slice(11, 15)
"""utime, stime, cutime, cstime among the fields of /proc/PID/stat behind the name (proc(5): 14 to 17)."""
_VOLUNTARY: Final = "voluntary_ctxt_switches:"


class Meter:
    """Reads the cost of one process and of all that it started; one for a session.

    `bytes_written` gives all bytes written so far.
    """

    def __init__(self, bytes_written: Callable[[], int], *, pid: int | None = None, proc: Path = PROC) -> None:
        self._bytes_written, self._proc = bytes_written, proc
        self._pid = os.getpid() if pid is None else pid
        self._woken: dict[Path, int] = {}
        self._woken_before = 0
        self._tick = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100

    def read(self) -> Usage:
        """The counters as they are now. Without /proc: the CPU seconds of this process and its ended children only."""
        if not (self._proc / str(self._pid)).is_dir():
            return Usage(sum(os.times()[:4]), self._bytes_written(), None)
        pids = tuple(self._tree())
        ticks = sum(self._ticks(pid) for pid in pids)
        return Usage(ticks / self._tick, self._bytes_written(), self._wake_ups(pids))

    def _tree(self) -> Iterator[int]:
        waiting = [self._pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            waiting += [int(child) for task in self._tasks(pid) for child in _text(task / "children").split()]

    def _tasks(self, pid: int) -> list[Path]:
        try:
            return list((self._proc / str(pid) / "task").iterdir())
        except OSError:
            return []

    def _ticks(self, pid: int) -> int:
        """CPU time with that of all threads and of ended children, in clock ticks."""
        # The name stands in brackets and may hold anything, brackets and blanks too.
        fields = _text(self._proc / str(pid) / "stat").rpartition(")")[2].split()
        return sum(int(field) for field in fields[_TIMES])

    def _wake_ups(self, pids: tuple[int, ...]) -> int:
        """How often threads went to sleep by themselves: as often they were woken. Those that have ended count on."""
        woken = {task: _switches(_text(task / "status")) for pid in pids for task in self._tasks(pid)}
        # The kernel forgets a thread's count with the thread; a count that fell is another thread's.
        ended = (count for task, count in self._woken.items() if woken.get(task, 0) < count)
        self._woken_before += sum(ended)
        self._woken = woken
        return self._woken_before + sum(woken.values())


def _switches(status: str) -> int:
    return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith(_VOLUNTARY))


def _text(path: Path) -> str:
    """A file's content, empty where it has gone."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
