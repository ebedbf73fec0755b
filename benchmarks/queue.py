"""How fast the sealed queue appends, opens and recovers, beside the least that could be done and beside SQLite.

Three contenders take the same batches of events, in turn, round after round, in files on the same disk:

    raw       AES-256-GCM over the same bytes under one key, one write, one fdatasync: the least that can be done
    padded    the same, over records that are padded as the format pads them
    sealed    Sealer and QueueWriter: padded, chained, bound, a new key for each batch
    optin     SealingSession and QueueWriter, as the recorder uses them: the records are made of events first
    sqlite    the same records as rows in plaintext, WAL, synchronous=FULL, one transaction a batch

All but `optin` are given records that are bytes already. The first batch, which begins a segment, is timed apart.
Nothing is left behind. It prints a table, or JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.padding import Hour, hours, segment_begun
from capture.batch import padded_size
from capture.events import Area, Frame, RawEvent, Tile, WindowFocused, encode_event
from capture.queue import QueueFolder, QueueReader, QueueWriter
from capture.seal import Sealer
from capture.segment import Intact
from capture.session import Clocks, SealingSession, SegmentStep, SessionFacts
from vault.keys import OpeningKey, SigningKey

RECORD: Final = 200
"""Bytes of a small record."""
FRAME: Final = 300_000
"""Bytes of a frame of the screen: a large one, most are 22-78 KB."""
SESSION: Final = "7f" * 16
AIM: Final = 0.7
"""Group commits should reach this share of the raw limit."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is committed: batches alike, so many a round."""

    name: str
    batch: tuple[RawEvent, ...]
    commits: int


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over the rounds; times of a batch in microseconds (`begin_us`: of the first), bytes a batch takes."""

    case: str
    contender: str
    records_per_s: float
    begin_us: float
    p50_us: float
    p99_us: float
    disk_bytes: int
    of_raw: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Megabytes (10^6 bytes of file) a second: the structure checked without a key, and all records opened."""

    scan_mb_s: float
    open_mb_s: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One contender's turn in one round: seconds of the first batch and of each after it, bytes on disk at the end."""

    begin: float
    times: tuple[float, ...]
    disk: int


class Contender(Protocol):
    """Takes batches and makes each durable before it returns."""

    def commit(self, case: Case) -> None:
        """Appends one batch of the case."""
        ...

    def close(self) -> int:
        """Ends, and gives how many bytes lie on disk."""
        ...


class Optin:
    """The product's own writing half."""

    def __init__(self, place: Path, _case: Case) -> None:
        self._folder = QueueFolder(place / "queue")
        self._device, self.consent = SigningKey.generate(), OpeningKey.generate()
        self._session = SealingSession(
            QueueWriter(self._folder),
            SessionFacts(SESSION, "1" * 64, "2" * 64, "3" * 64),
            consent=self.consent.public,
            device=self._device,
            clocks=Clocks(lambda: time.time_ns() // 10**6, time.monotonic_ns, time.monotonic_ns),
            random=secrets.token_bytes,
            heard=_unheard,
        )

    def commit(self, case: Case) -> None:
        self._session.commit(case.batch)

    def close(self) -> int:
        self._session.close()
        return _size(self._folder)

    def reader(self) -> QueueReader:
        """The reading half, over what was written."""
        return QueueReader(self._folder, (self._device.public,))


class Sealed:
    """The product's sealer and queue alone, given records that are bytes."""

    def __init__(self, place: Path, case: Case) -> None:
        self._folder = QueueFolder(place / "queue")
        self._queue = QueueWriter(self._folder)
        self._records = _records(case)
        self._sealer: Sealer | None = None

    def commit(self, _case: Case) -> None:
        if self._sealer is None:
            start, self._sealer = segment_begun()
            self._queue.begin(start)
        self._queue.append(self._sealer.seal(self._records))

    def close(self) -> int:
        self._queue.close()
        return _size(self._folder)


class Raw:
    """One key, a counter as nonce, one write and one fdatasync a batch."""

    def __init__(self, place: Path, case: Case, *, padding: Callable[[int], int] = int) -> None:
        self._box = AESGCM(AESGCM.generate_key(256))
        self._path = place / "raw"
        self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        plain = b"".join(_records(case))
        self._plain = plain.ljust(padding(len(plain)), b"\0")
        self._batch = 0

    def commit(self, _case: Case) -> None:
        self._batch += 1
        os.write(self._file, self._box.encrypt(self._batch.to_bytes(12, "big"), self._plain, None))
        os.fdatasync(self._file)

    def close(self) -> int:
        os.close(self._file)
        return self._path.stat().st_size


class Sqlite:
    """Rows in plaintext; each batch is a transaction."""

    def __init__(self, place: Path, case: Case) -> None:
        self._place = place
        self._base = sqlite3.connect(place / "rows.db", isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, record BLOB)")
        self._rows = [(record,) for record in _records(case)]

    def commit(self, _case: Case) -> None:
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO records (record) VALUES (?)", self._rows)
        self._base.execute("COMMIT")

    def close(self) -> int:
        self._base.close()
        return sum(path.stat().st_size for path in self._place.glob("rows.db*"))


CONTENDERS: Final[dict[str, Callable[[Path, Case], Contender]]] = {
    "raw": Raw,
    "padded": partial(Raw, padding=padded_size),
    "sealed": Sealed,
    "optin": Optin,
    "sqlite": Sqlite,
}


def main() -> None:
    """Runs all and prints it."""
    options = _options()
    with tempfile.TemporaryDirectory(dir=options.folder) as place:
        found = [result for case in cases(options.commits) for result in measured(case, options.rounds, Path(place))]
        read = reading(Path(place), options.rounds)
    print(json.dumps(_as_json(found, read), indent=1) if options.json else _as_text(found, read))


def cases(commits: int) -> tuple[Case, ...]:
    """Small records one, 16 and 256 at a time, then one large frame a commit."""
    groups = tuple(Case(f"{size} x {RECORD} B", (_small(),) * size, commits) for size in (1, 16, 256))
    return (*groups, Case(f"1 x {FRAME // 1000} KB", (_large(),), max(commits // 4, 1)))


def measured(case: Case, rounds: int, place: Path) -> tuple[Measured, ...]:
    """Each contender's figures; its share of the raw limit is that of the median times of a round, median of rounds."""
    took: dict[str, list[Turn]] = {name: [] for name in CONTENDERS}
    for turn in range(rounds + 1):
        for name, make in CONTENDERS.items():
            with tempfile.TemporaryDirectory(dir=place) as own:
                one = _turn(make(Path(own), case), case)
            if turn:  # the first round only warms up
                took[name].append(one)
    raw = [statistics.median(one.times) for one in took["raw"]]
    return tuple(_summed(case, name, took[name], raw) for name in CONTENDERS)


def reading(place: Path, rounds: int) -> Reading:
    """How fast a session of frames is scanned and opened."""
    case = Case("to be read", (_large(),), 200)
    with tempfile.TemporaryDirectory(dir=place) as own:
        written = Optin(Path(own), case)
        for _ in range(case.commits):
            written.commit(case)
        size, reader = written.close(), written.reader()
        scans = [_timed(lambda: _scan(reader)) for _ in range(rounds)]
        opens = [_timed(lambda: _open(reader, written.consent)) for _ in range(rounds)]
    return Reading(size / statistics.median(scans) / 1e6, size / statistics.median(opens) / 1e6)


def _scan(reader: QueueReader) -> None:
    if not all(isinstance(state, Intact) for _, state in reader.scan()):
        raise RuntimeError("what was written is not intact")


def _open(reader: QueueReader, key: OpeningKey) -> None:
    for part in reader.session(SESSION):
        for _ in reader.records(part, key):
            pass


def _timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _turn(contender: Contender, case: Case) -> Turn:
    begin = _timed(partial(contender.commit, case))
    times = tuple(_timed(partial(contender.commit, case)) for _ in range(case.commits))
    return Turn(begin, times, contender.close())


def _summed(case: Case, name: str, took: list[Turn], raw: list[float]) -> Measured:
    every = sorted(time for one in took for time in one.times)
    totals, middles = [sum(one.times) for one in took], [statistics.median(one.times) for one in took]
    return Measured(
        case=case.name,
        contender=name,
        records_per_s=len(case.batch) * case.commits / statistics.median(totals),
        begin_us=statistics.median(one.begin for one in took) * 1e6,
        p50_us=statistics.median(every) * 1e6,
        p99_us=every[len(every) * 99 // 100] * 1e6,
        disk_bytes=took[0].disk // (case.commits + 1),
        of_raw=statistics.median(least / middle for least, middle in zip(raw, middles, strict=True)),
    )


def _small() -> WindowFocused:
    """An event whose record is `RECORD` bytes long."""
    area = Area(0, 0, 1920, 1080)
    bare = len(encode_event(WindowFocused(10**12, "ledger", "", "", area)))
    return WindowFocused(10**12, "ledger", "x" * (RECORD - bare), "", area)


def _large() -> Frame:
    """A frame whose tiles do not pack any further."""
    tiles = tuple(Tile(at % 30, at // 30) for at in range(40))
    return Frame(10**12, 1920, 1080, whole=False, tiles=tiles, packed=secrets.token_bytes(FRAME))


def _records(case: Case) -> tuple[bytes, ...]:
    return tuple(encode_event(event) for event in case.batch)


def _size(folder: QueueFolder) -> int:
    return sum(path.stat().st_size for part in (folder.segments, folder.keys) for path in part.iterdir())


def _unheard(_step: SegmentStep, _segment: str) -> None:
    """The ledger is measured elsewhere."""


def _as_json(found: list[Measured], read: Reading) -> dict[str, object]:
    padding = [asdict(hour) for hour in hours()]
    return {"aim": AIM, "append": [asdict(one) for one in found], "reading": asdict(read), "padding": padding}


def _as_text(found: list[Measured], read: Reading) -> str:
    lines = [
        f"{'batch':<14} {'':<7} {'records/s':>10} {'first':>9} {'p50':>9} {'p99':>9} {'on disk':>10} {'of raw':>7}"
    ]
    lines += [
        f"{one.case:<14} {one.contender:<7} {one.records_per_s:>10,.0f} {one.begin_us:>6,.0f} us"
        f" {one.p50_us:>6,.0f} us {one.p99_us:>6,.0f} us {one.disk_bytes:>8,} B {one.of_raw:>7.0%}"
        for one in found
    ]
    lines += ["", f"scan without a key {read.scan_mb_s:,.0f} MB/s, open all records {read.open_mb_s:,.0f} MB/s", ""]
    lines += [f"{'an hour of':<34} {'padded':>9} {'not padded':>11}", *(_hour(hour) for hour in hours())]
    return "\n".join(lines)


def _hour(hour: Hour) -> str:
    return f"{hour.name:<34} {hour.padded_bytes / 1e6:>6.1f} MB {hour.bare_bytes / 1e6:>8.1f} MB"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.queue", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--commits", type=int, default=200)
    parser.add_argument("--folder", help="a folder on the disk to be measured; default: the system's temporary folder")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
