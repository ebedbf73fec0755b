"""The queue has one owner and private files, keeps what it acknowledged, and stops when the disk refuses."""

from __future__ import annotations

import dataclasses
import errno
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from capture.queue import CACHE_TAG, QueueDead, QueueFolder, QueueReader, QueueWriter, shred_all, shred_session
from capture.reserve import RESERVE
from capture.seal import Sealer, SegmentFacts, SegmentStart, begin_segment
from capture.segment import Broken, FrameFlags, Intact, Torn
from tests.faults import Call, Effect, Fault, Interposer, Operation
from vault.errors import BadInput, MissingPart, Refused
from vault.keys import OpeningKey, SigningKey

CONSENT, DEVICE = OpeningKey.generate(), SigningKey.generate()
SESSION = "5e" * 16


@pytest.fixture
def folder(tmp_path: Path) -> QueueFolder:
    """A place for a queue."""
    return QueueFolder(tmp_path / "queue")


def segment_of(session: str, index: int = 0, previous: str = "", head: str = "") -> SegmentFacts:
    return SegmentFacts(
        session=session,
        index=index,
        segment=secrets.token_hex(16),
        grant_digest="1" * 64,
        lease_digest="2" * 64,
        policy_digest="3" * 64,
        created_ms=1_790_000_000_000,
        boot_ns=5,
        previous_segment=previous,
        previous_head=head,
    )


def begun(session: str = SESSION) -> tuple[SegmentStart, Sealer]:
    return begin_segment(segment_of(session), consent=CONSENT.public, device=DEVICE, random=secrets.token_bytes)


def written(folder: QueueFolder, *sessions: str) -> list[str]:
    """Writes a session of three chained segments for each name; gives the segments' ids."""
    writer, names = QueueWriter(folder), []
    for session in sessions:
        facts = segment_of(session)
        for index in range(3):
            start, sealer = begin_segment(facts, consent=CONSENT.public, device=DEVICE, random=secrets.token_bytes)
            writer.begin(start)
            writer.append(sealer.seal((f"record {index}".encode(),)))
            final = sealer.seal((), FrameFlags.FINAL)
            writer.append(final)
            names.append(facts.segment)
            facts = segment_of(session, index + 1, facts.segment, final.digest.hex())
    writer.close()
    return names


def reader(folder: QueueFolder) -> QueueReader:
    return QueueReader(folder, (DEVICE.public,))


def records(folder: QueueFolder, session: str = SESSION) -> list[bytes]:
    queue = reader(folder)
    return [record for part in queue.session(session) for record in queue.records(part, CONSENT)]


def keys(folder: QueueFolder) -> list[str]:
    """The names of the files that hold wrapped keys."""
    return sorted(path.name for path in folder.key_files())


def left(folder: QueueFolder) -> list[str]:
    """The names of all keys and segments, whole or not."""
    return keys(folder) + sorted(path.name for path in folder.segments.glob("*"))


def files(folder: QueueFolder) -> list[Path]:
    return sorted(path for path in folder.root.rglob("*") if path.is_file())


def test_what_was_appended_is_read(folder: QueueFolder) -> None:
    written(folder, SESSION)
    assert records(folder) == [b"record 0", b"record 1", b"record 2"]


def test_a_second_owner_is_refused(folder: QueueFolder) -> None:
    writer = QueueWriter(folder)
    with pytest.raises(Refused, match="another recorder"):
        QueueWriter(folder)
    writer.close()


def test_the_queue_is_free_again_after_it_was_closed(folder: QueueFolder) -> None:
    QueueWriter(folder).close()
    QueueWriter(folder).close()


def test_folders_and_files_are_private_under_any_umask(folder: QueueFolder) -> None:
    before = os.umask(0)
    try:
        written(folder, SESSION)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(folder)} == {0o600}
    folders = (folder.root, folder.segments, folder.keys)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_a_queue_that_others_may_enter_is_refused(folder: QueueFolder) -> None:
    QueueWriter(folder).close()
    folder.keys.chmod(0o750)
    with pytest.raises(Refused, match="chmod 700"):
        QueueWriter(folder)


def test_the_wrapped_key_lies_in_the_keys_folder_and_nowhere_else(folder: QueueFolder) -> None:
    names = written(folder, SESSION)
    assert keys(folder) == sorted(f"{name}.key" for name in names)
    for name in names:
        key = folder.key_path(name).read_bytes()
        holders = [path for path in files(folder) if key[:64] in path.read_bytes()]
        assert holders == [folder.key_path(name)]


def test_a_copy_without_the_keys_folder_opens_nothing(folder: QueueFolder) -> None:
    names = written(folder, SESSION)
    for path in folder.key_files():
        path.unlink()
    with pytest.raises(MissingPart):
        reader(folder).key_file(names[0])


def test_a_backup_that_heeds_cache_tags_holds_no_key(folder: QueueFolder, tmp_path: Path) -> None:
    names = written(folder, SESSION)
    assert (folder.keys / "CACHEDIR.TAG").read_bytes().startswith(CACHE_TAG)
    archive = tmp_path / "backup.tar"
    subprocess.run(
        ["tar", "--exclude-caches-all", "-cf", str(archive), "-C", str(tmp_path), "queue"], check=True, timeout=60
    )
    held = [folder.key_path(name).read_bytes() for name in names]
    shutil.rmtree(folder.root)
    subprocess.run(["tar", "-xf", str(archive), "-C", str(tmp_path)], check=True, timeout=60)
    stored = archive.read_bytes()
    assert [key for key in held if key[:64] in stored] == []
    (part, *_) = reader(folder).session(SESSION)
    with pytest.raises(MissingPart):
        list(reader(folder).records(part, CONSENT))


def test_a_tag_that_was_changed_is_made_anew(folder: QueueFolder) -> None:
    folder.make()
    (folder.keys / "CACHEDIR.TAG").write_bytes(b"nothing")
    QueueWriter(folder).close()
    assert (folder.keys / "CACHEDIR.TAG").read_bytes() == CACHE_TAG


def test_nothing_is_written_over(folder: QueueFolder) -> None:
    writer, (start, _) = QueueWriter(folder), begun()
    writer.begin(start)
    before = folder.segment_path(start.segment).read_bytes()
    with pytest.raises(BadInput, match="exists already"):
        writer.begin(start)
    writer.close()
    assert folder.segment_path(start.segment).read_bytes() == before


def test_a_batch_of_another_segment_is_refused(folder: QueueFolder) -> None:
    writer, (start, _), (_, foreign) = QueueWriter(folder), begun(), begun()
    writer.begin(start)
    with pytest.raises(BadInput, match="another segment"):
        writer.append(foreign.seal(()))
    writer.close()


def test_a_segment_that_ended_takes_no_more(folder: QueueFolder) -> None:
    writer, (start, sealer) = QueueWriter(folder), begun()
    writer.begin(start)
    writer.append(sealer.seal((), FrameFlags.FINAL))
    with pytest.raises(BadInput):
        writer.append(begun()[1].seal(()))
    writer.close()


@pytest.mark.parametrize(
    "name", ["../a", "a/b", "", ".", "a.seg", "é" * 32, "A" * 32, "a" * 31, "a" * 33, "a" * 32 + "\n"]
)
def test_a_segment_name_that_leaves_the_folder_is_refused(folder: QueueFolder, name: str) -> None:
    for path in (folder.segment_path, folder.key_path):
        with pytest.raises(BadInput, match="name"):
            path(name)


def test_a_segment_that_was_not_ended_is_torn_and_readable(folder: QueueFolder) -> None:
    writer, (start, sealer) = QueueWriter(folder), begun()
    writer.begin(start)
    writer.append(sealer.seal((b"kept",)))
    writer.close()
    assert [type(part) for part in reader(folder).session(SESSION)] == [Torn]
    assert records(folder) == [b"kept"]


def test_a_crash_before_the_prelude_was_written_leaves_no_segment(folder: QueueFolder) -> None:
    written(folder, SESSION)
    (folder.segments / f"{'ab' * 16}.new").write_bytes(b"\x89OPTS1")
    for name in (f"{'ab' * 16}.key", f".{'ab' * 16}.key.0123abcd"):
        (folder.keys / name).write_bytes(b"a key")
    assert len(records(folder)) == 3
    QueueWriter(folder).close()
    assert (len(left(folder)), len(records(folder))) == (6, 3)


@pytest.mark.parametrize("gone", [0, 1])
def test_a_segment_missing_at_the_start_or_in_the_middle_is_refused(folder: QueueFolder, gone: int) -> None:
    names = written(folder, SESSION)
    folder.segment_path(names[gone]).unlink()
    with pytest.raises(BadInput, match="missing"):
        reader(folder).session(SESSION)


def test_a_segment_in_the_middle_that_was_cut_is_refused(folder: QueueFolder) -> None:
    names = written(folder, SESSION)
    path = folder.segment_path(names[1])
    path.write_bytes(path.read_bytes()[:-65])
    with pytest.raises(BadInput, match="does not follow"):
        reader(folder).session(SESSION)


def test_a_segment_in_the_place_of_another_is_refused(folder: QueueFolder) -> None:
    names = written(folder, SESSION)
    folder.segment_path(names[1]).write_bytes(folder.segment_path(names[0]).read_bytes())
    with pytest.raises(BadInput):
        reader(folder).session(SESSION)


def test_a_segment_under_the_name_of_another_session_s_is_broken(folder: QueueFolder) -> None:
    names = written(folder, SESSION, "other")
    folder.segment_path(names[3]).write_bytes(folder.segment_path(names[0]).read_bytes())
    assert dict(reader(folder).scan())[names[3]] == Broken("the segment has the name of another")
    with pytest.raises(BadInput, match="the name of another"):
        reader(folder).session(SESSION)


def test_a_damaged_segment_stops_its_own_session_and_no_other(folder: QueueFolder) -> None:
    names = written(folder, SESSION, "other")
    _damage(folder.segment_path(names[1]), at=-5000)
    with pytest.raises(BadInput, match="damaged"):
        reader(folder).session(SESSION)
    assert len(records(folder, "other")) == 3


def test_a_segment_that_says_nothing_readable_stops_every_session(folder: QueueFolder) -> None:
    names = written(folder, SESSION, "other")
    _damage(folder.segment_path(names[1]), at=20)
    with pytest.raises(BadInput, match="damaged"):
        reader(folder).session("other")


def test_a_link_is_not_read_as_a_segment(folder: QueueFolder, tmp_path: Path) -> None:
    names = written(folder, SESSION)
    path = folder.segment_path(names[0])
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput):
        reader(folder).session(SESSION)


def test_forgetting_a_session_removes_its_keys_and_segments_and_no_others(folder: QueueFolder) -> None:
    written(folder, SESSION, "other")
    assert shred_session(folder, SESSION) == 3
    assert reader(folder).session(SESSION) == ()
    assert (len(keys(folder)), len(records(folder, "other"))) == (3, 3)


@pytest.mark.parametrize("at", [-5000, -100, 20])
def test_forgetting_a_session_removes_its_damaged_segments_too(folder: QueueFolder, at: int) -> None:
    names = written(folder, SESSION)
    _damage(folder.segment_path(names[1]), at=at)
    shred_session(folder, SESSION)
    assert left(folder) == []


def test_forgetting_everything_leaves_neither_keys_nor_segments(folder: QueueFolder) -> None:
    written(folder, SESSION, "other")
    (folder.segments / "half.new").write_bytes(b"")
    assert shred_all(folder) == 6
    assert left(folder) == []


def test_forgetting_takes_the_copies_of_keys_that_a_kill_left_beside_their_names(folder: QueueFolder) -> None:
    names = written(folder, SESSION, "other")
    for name in (names[0], names[3]):
        (folder.keys / f".{name}.key.0123abcd").write_bytes(b"a key")
    shred_session(folder, SESSION)
    assert [name for name in keys(folder) if name.startswith(".")] == [f".{names[3]}.key.0123abcd"]
    shred_all(folder)
    assert left(folder) == []


@pytest.mark.parametrize("erase", [lambda folder: shred_session(folder, SESSION), shred_all], ids=["one", "all"])
@pytest.mark.parametrize("gone", ["keys", "segments", "both"])
def test_what_is_left_of_a_queue_is_forgotten(
    folder: QueueFolder, erase: Callable[[QueueFolder], int], gone: str
) -> None:
    written(folder, SESSION)
    for part in (folder.keys, folder.segments):
        if gone in {part.name, "both"}:
            shutil.rmtree(part)
    erase(folder)
    assert left(folder) == []


@pytest.mark.parametrize("erase", [lambda folder: shred_session(folder, SESSION), shred_all], ids=["one", "all"])
def test_a_key_or_segment_that_cannot_be_removed_keeps_no_other(
    folder: QueueFolder, erase: Callable[[QueueFolder], int]
) -> None:
    names = written(folder, SESSION)
    stuck = (folder.key_path(names[0]), folder.segment_path(names[1]))
    for path in stuck:
        path.unlink()
        (path / "cannot be removed").mkdir(parents=True)
    with pytest.raises(OSError, match=r"directory|permitted"):
        erase(folder)
    assert left(folder) == [path.name for path in stuck]


def test_a_second_forgetting_takes_the_key_that_the_first_could_not(folder: QueueFolder) -> None:
    names = written(folder, SESSION, "other")
    stuck, key = folder.key_path(names[0]), folder.key_path(names[0]).read_bytes()
    stuck.unlink()
    (stuck / "cannot be removed").mkdir(parents=True)
    with pytest.raises(OSError, match=r"directory|permitted"):
        shred_session(folder, SESSION)
    shutil.rmtree(stuck)
    stuck.write_bytes(key)
    assert shred_session(folder, SESSION) == 0
    assert (len(keys(folder)), len(records(folder, "other"))) == (3, 3)


def test_a_shortage_of_the_system_erases_no_other_session(folder: QueueFolder) -> None:
    written(folder, SESSION, "other")
    shortage = Fault(Effect.FAIL, calls=frozenset({Call.OPEN}), error=errno.EMFILE, lasting=True)
    with Interposer(folder.segments, fault=shortage), pytest.raises(OSError, match="open files"):
        shred_session(folder, SESSION)
    assert len(records(folder, "other")) == 3
    shred_session(folder, SESSION)
    assert len(left(folder)) == 6


def test_a_segment_on_a_broken_sector_is_forgotten_with_any_session(folder: QueueFolder) -> None:
    written(folder, SESSION)
    broken = Fault(Effect.FAIL, calls=frozenset({Call.OPEN}), error=errno.EIO, number=2)
    with Interposer(folder.segments, fault=broken):
        shred_session(folder, "other")
    assert len(list(folder.segments.iterdir())) == 2


def test_an_error_at_the_end_is_told_and_frees_the_queue(folder: QueueFolder) -> None:
    writer = QueueWriter(folder)
    with (
        Interposer(folder.root, fault=Fault(Effect.FAIL, calls=frozenset({Call.UNLINK}), error=errno.EIO)),
        pytest.raises(QueueDead),
    ):
        writer.close()
    QueueWriter(folder).close()


def test_forgetting_leaves_the_key_of_a_segment_that_is_just_being_begun(folder: QueueFolder) -> None:
    written(folder, SESSION)
    (folder.keys / f"{'ab' * 16}.key").write_bytes(b"a key")
    (folder.segments / f"{'ab' * 16}.new").touch()
    shred_session(folder, SESSION)
    assert keys(folder) == [f"{'ab' * 16}.key"]


def test_forgetting_leaves_what_holds_nothing(folder: QueueFolder) -> None:
    writer, (start, sealer) = QueueWriter(folder), begun()
    writer.begin(start)
    writer.append(sealer.seal((b"record",)))
    for erase in (partial(shred_session, folder, SESSION), partial(shred_all, folder)):
        erase()
        assert sorted(path.name for path in files(folder)) == ["CACHEDIR.TAG", "LOCK", "RESERVE"]
    writer.close()


@pytest.mark.parametrize("erase", [lambda folder: shred_session(folder, SESSION), shred_all], ids=["one", "all"])
def test_keys_are_durably_removed_before_the_first_segment(
    folder: QueueFolder, erase: Callable[[QueueFolder], int]
) -> None:
    written(folder, SESSION)
    with Interposer(folder.root) as disk:
        erase(folder)
    wanted = {Call.UNLINK, Call.SYNC_FOLDER}
    steps = [step for step in disk.log if isinstance(step, Operation) and step.call in wanted]
    done = [(step.call, step.name.partition("/")[0]) for step in steps]
    assert done == [
        *[(Call.UNLINK, "keys")] * 3,
        (Call.SYNC_FOLDER, "keys"),
        *[(Call.UNLINK, "segments")] * 3,
        (Call.SYNC_FOLDER, "segments"),
    ]


def test_room_is_kept_while_a_writer_lives_and_given_back_by_a_clean_end(folder: QueueFolder) -> None:
    writer = QueueWriter(folder)
    assert folder.reserve.stat().st_blocks * 512 >= RESERVE
    writer.close()
    assert not folder.reserve.exists()


def test_room_that_a_kill_left_is_taken_over(folder: QueueFolder) -> None:
    _killed(folder, after=0)
    assert folder.reserve.exists()
    QueueWriter(folder).close()
    assert not folder.reserve.exists()


def test_the_first_error_gives_the_room_back_and_is_the_last_write(folder: QueueFolder) -> None:
    writer, (start, sealer) = QueueWriter(folder), begun()
    folder.segments.rename(folder.segments.with_name("moved"))
    with pytest.raises(QueueDead, match="what was saved is safe"):
        writer.begin(start)
    assert not folder.reserve.exists()
    folder.segments.with_name("moved").rename(folder.segments)
    for again in (partial(writer.begin, begun()[0]), partial(writer.append, sealer.seal(()))):
        with pytest.raises(QueueDead):
            again()
    writer.close()
    assert left(folder) == []


def test_a_disk_without_room_to_stop_is_refused_before_anything_is_recorded(folder: QueueFolder) -> None:
    full = Fault(Effect.FAIL, calls=frozenset({Call.ALLOCATE}), error=errno.ENOSPC)
    with Interposer(folder.root, fault=full), pytest.raises(Refused, match=r"free at least \d+ bytes"):
        QueueWriter(folder)
    assert [path.name for path in folder.root.iterdir() if path.is_file()] == ["LOCK"]
    QueueWriter(folder).close()


def test_a_process_that_was_forked_off_writes_nothing_and_gives_nothing_back(folder: QueueFolder) -> None:
    writer, (start, sealer) = QueueWriter(folder), begun()
    writer.begin(start)
    before = folder.segment_path(start.segment).read_bytes()
    child = os.fork()
    if child == 0:
        os._exit(_tries(writer, sealer))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert (folder.segment_path(start.segment).read_bytes(), folder.reserve.exists()) == (before, True)
    with pytest.raises(Refused, match="another recorder"):
        QueueWriter(folder)
    writer.append(sealer.seal((b"the parent goes on",)))
    writer.close()
    assert records(folder) == [b"the parent goes on"]


def _tries(writer: QueueWriter, sealer: Sealer) -> int:
    """How many of a begin and an append are refused."""
    refused = 0
    for write in (partial(writer.begin, begun()[0]), partial(writer.append, sealer.seal((b"forked",)))):
        try:
            write()
        except Refused:
            refused += 1
    writer.close()
    return refused


def test_a_folder_that_others_may_exchange_holds_no_queue(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared").chmod(0o777)
    with pytest.raises(Refused, match="chmod go-w"):
        QueueWriter(QueueFolder(tmp_path / "shared" / "queue"))


def test_a_network_file_system_holds_no_queue(folder: QueueFolder, tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"1 0 8:1 / / rw - ext4 /dev/sda rw\n2 1 0:9 / {tmp_path} rw - nfs4 server:/home rw\n")
    with pytest.raises(Refused, match=r"nfs4.*OPTIN_HOME"):
        QueueFolder(folder.root).make(mounts=table)


def test_a_batch_is_acknowledged_only_after_it_was_synced(folder: QueueFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", lambda handle: synced.append(os.fstat(handle).st_size))
    writer, (start, sealer) = QueueWriter(folder), begun()
    writer.begin(start)
    for flags in (FrameFlags.NONE, FrameFlags.FINAL):
        writer.append(sealer.seal((b"record",), flags))
        assert synced[-1] == folder.segment_path(start.segment).stat().st_size
    writer.close()


def test_a_dead_queue_stays_dead_and_keeps_what_it_acknowledged(folder: QueueFolder) -> None:
    result = _run(FULL_DISK, folder)
    assert result.returncode == 0, result.stderr
    acknowledged = int(result.stdout)
    assert 0 < acknowledged == len(records(folder)) < 100


def test_no_acknowledged_record_is_lost_when_the_writer_is_killed_at_any_moment(folder: QueueFolder) -> None:
    lost = 0
    for round_ in range(30):
        place = QueueFolder(folder.root.with_name(f"queue{round_}"))
        acknowledged = _killed(place, after=round_ * 0.0011)
        lost += acknowledged > len(records(place)) if acknowledged else 0
        assert not [name for name, scanned in reader(place).scan() if isinstance(scanned, Broken)]
    assert lost == 0


def test_after_a_kill_the_next_owner_begins_anew_and_both_are_read(folder: QueueFolder) -> None:
    _killed(folder, after=0.01)
    written(folder, "other")
    assert [type(part) for part in reader(folder).session("other")] == [Intact] * 3


def _killed(folder: QueueFolder, *, after: float) -> int:
    """Forks a writer, kills it some seconds after its first acknowledgement, and gives how many it had got."""
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        _append_for_ever(folder, lambda: os.write(send, b"."))
        os._exit(1)
    os.close(send)
    first = os.read(receive, 1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(receive, "rb") as pipe:
        return len(first) + len(pipe.read())


def _append_for_ever(folder: QueueFolder, acknowledge: Callable[[], object]) -> None:
    writer, facts = QueueWriter(folder), segment_of(SESSION)
    while True:
        start, sealer = begin_segment(facts, consent=CONSENT.public, device=DEVICE, random=secrets.token_bytes)
        writer.begin(start)
        for _ in range(3):
            writer.append(sealer.seal((b"record",)))
            acknowledge()
        final = sealer.seal((), FrameFlags.FINAL)
        writer.append(final)
        facts = dataclasses.replace(
            segment_of(SESSION), index=facts.index + 1, previous_segment=facts.segment, previous_head=final.digest.hex()
        )


FULL_DISK = """
import resource, secrets, signal, sys
from pathlib import Path
from capture.queue import QueueDead, QueueFolder, QueueWriter
from capture.seal import SegmentFacts, begin_segment
from vault.keys import SealingKey, SigningKey

folder = QueueFolder(Path(sys.argv[1]))
consent, device = (bytes.fromhex(line) for line in sys.stdin.read().split())
facts = SegmentFacts("5e" * 16, 0, "ab" * 16, "1" * 64, "2" * 64, "3" * 64, 0, 0, "", "")
key = SigningKey.from_raw(device)
start, sealer = begin_segment(facts, consent=SealingKey(consent), device=key, random=secrets.token_bytes)
writer, acknowledged = QueueWriter(folder), 0
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
writer.begin(start)
try:
    for _ in range(100):
        writer.append(sealer.seal((b"record",)))
        acknowledged += 1
except QueueDead:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    for again in (lambda: writer.append(sealer.seal((b"late",))), lambda: writer.begin(start)):
        try:
            again()
        except QueueDead:
            continue
        sys.exit("a dead queue was written")
    writer.close()
    print(acknowledged)
"""


def _run(script: str, folder: QueueFolder) -> subprocess.CompletedProcess[str]:
    keys = f"{CONSENT.public.raw.hex()}\n{DEVICE.private_raw().hex()}"
    command = [sys.executable, "-c", script, str(folder.root)]
    return subprocess.run(command, input=keys, text=True, capture_output=True, check=False, timeout=60)


def _damage(path: Path, *, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
