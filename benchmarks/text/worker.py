"""A contender at work: requests come in as JSON lines, answers go out as JSON lines. Standard library only.

Every contender runs this loop in a process of its own, ours and those of the peers' environment, so that all are asked
and timed alike. A request holds `texts` to examine, or `singles` and `titles` to be timed with. The first line that
leaves says how long the contender took until it had examined its first text.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

Found = tuple[int, int, str, float]
"""Start and end of a stretch in code points, its type, and how sure the contender is (0 to 1)."""
FIRST = "Dear Ms Ashworth, your appointment is on 3 May."


class Finder(Protocol):
    """A contender: texts enter, the stretches that it would mask leave."""

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        """What it finds in each text, in their order."""


def serve(open_finder: Callable[[], Finder]) -> None:
    """Answers until the input ends, on one core; whatever else the contender prints goes to the error stream."""
    out, sys.stdout = sys.stdout, sys.stderr
    os.sched_setaffinity(0, {int(sys.argv[-1])})
    work(open_finder, sys.stdin, out)


def work(open_finder: Callable[[], Finder], lines: Iterable[str], out: TextIO) -> None:
    """Opens the contender, says what that took, and answers each line with one."""
    began = time.perf_counter()
    finder = open_finder()
    finder.spans((FIRST,))
    _tell(out, {"load seconds": time.perf_counter() - began})
    for line in lines:
        _tell(out, _answer(finder, json.loads(line)))


def _answer(finder: Finder, request: dict[str, list[str]]) -> dict[str, Any]:
    if "texts" in request:
        return {"spans": finder.spans(request["texts"])}
    return timed(finder, request["singles"], request["titles"])


def timed(finder: Finder, singles: Sequence[str], titles: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of each text alone, seconds of all titles together, of the same ones again, and memory in MiB."""
    warm, measured = singles[: len(singles) // 10], singles[len(singles) // 10 :]
    for text in warm:
        finder.spans((text,))
    alone = [_seconds(finder, (text,)) * 1000 for text in measured]
    fresh = _seconds(finder, titles)
    return {
        "ms": alone,
        "titles seconds": fresh,
        "titles again seconds": _seconds(finder, titles),
        "titles": len(titles),
        "peak MiB": peak(),
    }


def _seconds(finder: Finder, texts: Sequence[str]) -> float:
    began = time.perf_counter()
    finder.spans(texts)
    return time.perf_counter() - began


def peak() -> float:
    """The most memory that this process has held, in MiB; the kernel counts it anew for each programme."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


def _tell(out: TextIO, answer: dict[str, Any]) -> None:
    print(json.dumps(answer), file=out, flush=True)
