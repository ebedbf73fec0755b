"""However many recorders start at once, one owns the queue; and a process that was forked off never writes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import pytest

from capture.queue import QueueFolder, QueueWriter
from tests.torture.conftest import Amount
from tests.torture.powercut import tree_of
from tests.torture.writing import SMALL, event, open_session, read_session, record
from vault.errors import Refused

STARTS = 8
_OWNS, _REFUSED, _FAILED = b"o", b"r", b"f"


def start_when_told(folder: Path, told: int, saying: int, until: int) -> None:
    """Does not return: opens the queue when `told` ends, says how that went, and ends when `until` ends."""
    said, writer = _FAILED, None
    try:
        os.read(told, 1)
        writer = QueueWriter(QueueFolder(folder))
        said = _OWNS
    except Refused:
        said = _REFUSED
    finally:
        os.write(saying, said)
        os.read(until, 1)
        if writer is not None:
            writer.close()
        os._exit(0)


def starts_at_once(folder: Path) -> bytes:
    """What each of the starts said; none ends before all have."""
    told, tell = os.pipe()
    hearing, saying = os.pipe()
    until, end = os.pipe()
    children = []
    for _ in range(STARTS):
        child = os.fork()
        if child == 0:
            os.close(tell)
            os.close(end)
            start_when_told(folder, told, saying, until)
        children.append(child)
    os.close(tell)
    os.close(saying)
    heard = b""
    while len(heard) < STARTS and (more := os.read(hearing, STARTS)):
        heard += more
    os.close(end)
    for child in children:
        os.waitpid(child, 0)
    for handle in (told, hearing, until):
        os.close(handle)
    return heard


@pytest.mark.timeout(3600)
def test_of_eight_starts_at_once_exactly_one_owns_the_queue(amount: Amount, memory: Path) -> None:
    for number in range(amount.of(50, 1_000)):
        folder = memory / str(number // 2)  # made by the eight of one round, found by those of the next
        heard = starts_at_once(folder)
        assert sorted(heard) == sorted(_OWNS + _REFUSED * (STARTS - 1)), f"round {number}"


def test_a_process_that_was_forked_off_writes_nothing(memory: Path) -> None:
    sink = open_session(memory / "queue", "one", random=secrets.token_bytes)
    sink.commit((event(0, SMALL),))
    before = tree_of(memory)
    child = os.fork()
    if child == 0:
        try:
            sink.commit((event(1, SMALL),))
        except Refused:
            os._exit(3)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 3
    assert tree_of(memory) == before
    sink.commit((event(1, SMALL),))
    sink.close()
    assert read_session(memory / "queue", "one") == [record(0, SMALL), record(1, SMALL)]


def test_a_process_that_was_forked_off_does_not_give_the_queue_free(memory: Path) -> None:
    writer = QueueWriter(QueueFolder(memory / "queue"))
    child = os.fork()
    if child == 0:
        writer.close()
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(Refused, match="another recorder"):
        QueueWriter(QueueFolder(memory / "queue"))
    assert (memory / "queue" / "RESERVE").exists()
    writer.close()
