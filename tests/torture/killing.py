"""Kills real writers at random instants: `python -m tests.torture.killing SEED COUNT FOLDER` says how many and exits.

A process of its own because it forks often and must stay light. Each child writes sessions one after another through
the real session and queue, and says over a pipe what was acknowledged. After each kill everything acknowledged must be
read back in order, nothing else, no segment may be broken, and the next writer must be able to add. It ends with a
traceback at the first kill of which that is not so.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from capture.queue import QueueFolder, QueueReader, shred_all
from capture.segment import Broken, Intact
from tests.torture.writing import DEVICE, LARGE, SMALL, event, open_session, read_session, record

LONGEST_SECONDS: Final = 0.012
"""A writer lives no longer than this; it takes about 1 ms to begin and 0.3 ms for a small record."""
_ACKNOWLEDGED, _CLOSED = b"a", b"c"


@dataclass(slots=True)
class Counts:
    """What happened: `unsaid` are records that were on disk when the kill came before the word did."""

    kills: int = 0
    acknowledged: int = 0
    unsaid: int = 0
    closed: int = 0


def size_of(number: int) -> int:
    """The size of the picture in a record: mostly small, now and then a whole screen."""
    return LARGE if number % 7 == 3 else SMALL


def kill_often(folder: Path, *, seed: int, count: int) -> Counts:
    """Kills so many writers."""
    random, counts = Random(seed), Counts()
    for _ in range(count):
        lengths = tuple(random.randint(1, 12) for _ in range(50))
        said = _killed(folder, lengths, random.uniform(0, LONGEST_SECONDS))
        _judge(folder, said, counts)
        _add_one(folder)
        shred_all(QueueFolder(folder))
        counts.kills += 1
    return counts


def _killed(folder: Path, lengths: tuple[int, ...], seconds: float) -> bytes:
    """What a writer said until it was killed after so many seconds."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _write(folder, lengths, writing)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    assert os.WIFSIGNALED(status), "the writer ended by itself"
    return said


def _write(folder: Path, lengths: tuple[int, ...], pipe: int) -> None:
    """Does not return."""
    for number, length in enumerate(lengths):
        sink = open_session(folder, f"s{number}", random=secrets.token_bytes)
        for at in range(length):
            sink.commit((event(at, size_of(at)),))
            os.write(pipe, _ACKNOWLEDGED)
        sink.close()
        os.write(pipe, _CLOSED)
    os._exit(1)


def _judge(folder: Path, said: bytes, counts: Counts) -> None:
    reader = QueueReader(QueueFolder(folder), (DEVICE.public,))
    states = dict(reader.scan())
    assert not any(isinstance(state, Broken) for state in states.values()), "a kill made a segment Broken"
    *closed, last = said.split(_CLOSED)
    for number, acknowledged in enumerate((*closed, last)):
        records = read_session(folder, f"s{number}")
        assert len(acknowledged) <= len(records) <= len(acknowledged) + (number == len(closed)), "a record is lost"
        assert records == [record(at, size_of(at)) for at in range(len(records))], "a record is wrong"
        counts.acknowledged += len(acknowledged)
        counts.unsaid += len(records) - len(acknowledged)
        if number < len(closed):
            assert isinstance(reader.session(f"s{number}")[-1], Intact), "a session that was ended is not"
    counts.closed += len(closed)
    assert not read_session(folder, f"s{len(closed) + 2}"), "a session is there that was never begun"


def _add_one(folder: Path) -> None:
    sink = open_session(folder, "next", random=secrets.token_bytes)
    sink.commit((event(0, SMALL),))
    sink.close()
    assert read_session(folder, "next") == [record(0, SMALL)], "the next writer cannot add"


def main() -> None:
    """Prints the counts as JSON."""
    seed, count, folder = sys.argv[1:]
    counts = kill_often(Path(folder), seed=int(seed), count=int(count))
    sys.stdout.write(json.dumps({"kills": counts.kills, "acknowledged": counts.acknowledged, "unsaid": counts.unsaid}))


if __name__ == "__main__":
    main()
