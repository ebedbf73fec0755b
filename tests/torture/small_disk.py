"""Records on a real disk that is full: `python -m tests.torture.small_disk FOLDER LEVELS`, in a mount namespace.

The folder lies on a disk of a few megabytes. For each level of free room a session is recorded, with its ledger, until
the disk refuses. Everything acknowledged must be read back, and the stop must be in the ledger, for which the reserve
is kept. It prints as JSON how often recording was refused at once, stopped midway, and came to its end.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from capture.queue import QueueDead, QueueFolder, QueueWriter
from capture.session import Clocks, SealingSession, SegmentStep, SessionFacts
from tests.torture.writing import CONSENT, DEVICE, SMALL, Ticking, event, read_session, record
from vault.errors import Refused
from vault.ledger import Ledger, LedgerEvent

RESERVE: Final = 1 << 20
LEAST: Final = RESERVE // 2
MOST: Final = 2 * RESERVE
"""The levels lie between these, in bytes: with the least not even the reserve fits, with the most all does."""
RECORDS: Final = 60
_SESSION: Final = "full"


@dataclass(slots=True)
class Counts:
    """How recordings on the full disk went."""

    refused: int = 0
    stopped: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Entries:
    """Enters each segment, as the recorder does."""

    ledger: Ledger

    def __call__(self, step: SegmentStep, segment: str) -> None:
        event_ = LedgerEvent.SEGMENT_OPENED if step is SegmentStep.OPENED else LedgerEvent.SEGMENT_CLOSED
        self.ledger.enter(event_, segment, DEVICE)


def fill(folder: Path, free: int) -> Path:
    """A file that leaves so many bytes free."""
    filler = folder / "filler"
    facts = os.statvfs(folder)
    handle = os.open(filler, os.O_WRONLY | os.O_CREAT, 0o600)
    os.posix_fallocate(handle, 0, facts.f_bavail * facts.f_frsize - free)
    os.close(handle)
    return filler


def try_level(folder: Path, free: int, counts: Counts) -> None:
    """Records with so many bytes free, judges, and leaves the folder empty."""
    root = folder / "root"
    root.mkdir(mode=0o700)
    ledger = Ledger(root / "ledger", lambda: 1)
    ledger.enter(LedgerEvent.START, _SESSION, DEVICE)
    filler = fill(folder, free)
    acknowledged = _record(root, ledger, counts)
    filler.unlink()
    found = read_session(root / "queue", _SESSION)
    assert acknowledged <= len(found) <= acknowledged + 1, "an acknowledged record is lost"
    assert found == [record(number, SMALL) for number in range(len(found))], "a record is wrong"
    last = ledger.verify(DEVICE.public).entries[-1]
    assert last.event is (LedgerEvent.STOP if acknowledged else last.event), "the stop is not in the ledger"
    shutil.rmtree(root)


def _record(root: Path, ledger: Ledger, counts: Counts) -> int:
    """How many records were acknowledged."""
    try:
        queue = QueueWriter(QueueFolder(root / "queue"))
    except Refused:
        counts.refused += 1
        return 0
    sink = SealingSession(
        queue,
        SessionFacts(_SESSION, "1" * 64, "2" * 64, "3" * 64),
        consent=CONSENT.public,
        device=DEVICE,
        clocks=Clocks(lambda: 1, Ticking(), lambda: 5),
        random=secrets.token_bytes,
        heard=Entries(ledger),
    )
    acknowledged = 0
    try:
        for number in range(RECORDS):
            sink.commit((event(number, SMALL),))
            acknowledged += 1
    except (QueueDead, Refused):
        counts.stopped += 1
    else:
        counts.ended += 1
    with contextlib.suppress(QueueDead, Refused):  # the end need not fit; what was acknowledged must be there
        sink.close()
    ledger.enter(LedgerEvent.STOP, _SESSION, DEVICE)
    return acknowledged


def try_read_only(folder: Path) -> None:
    """A disk that became read-only between two recordings refuses the next, and what was recorded can be read."""
    root = folder / "root"
    root.mkdir(mode=0o700)
    _record(root, Ledger(root / "ledger", lambda: 1), Counts())
    subprocess.run(("mount", "-o", "remount,ro", str(folder)), check=True)
    try:
        QueueWriter(QueueFolder(root / "queue"))
    except Refused:
        assert len(read_session(root / "queue", _SESSION)) == RECORDS
        subprocess.run(("mount", "-o", "remount,rw", str(folder)), check=True)
        return
    raise AssertionError("a queue on a read-only disk was opened")


def main() -> None:
    """Tries every level."""
    folder, levels = Path(sys.argv[1]), int(sys.argv[2])
    counts = Counts()
    for level in range(levels):
        try_level(folder, LEAST + level * (MOST - LEAST) // levels, counts)
    try_read_only(folder)
    sys.stdout.write(json.dumps(asdict(counts)))


if __name__ == "__main__":
    main()
