"""A session is durable commit by commit, rotates by age and size, and can be opened with the consent's key alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from capture.events import EventError, Frame, Key, RawEvent, decode_event
from capture.governor import COMMIT_NS
from capture.queue import QueueDead, QueueFolder, QueueReader, QueueWriter
from capture.segment import MAX_CIPHERTEXT, Intact, Torn
from capture.session import ROTATE_BYTES, ROTATE_NS, Clocks, SealingSession, SegmentStep, SessionFacts
from tests.world import unheard
from vault.errors import BadInput, MissingPart, Refused
from vault.keys import OpeningKey, SigningKey

CONSENT, DEVICE = OpeningKey.generate(), SigningKey.generate()
CANARY = "Okonkwo219099999"
SESSION = "5e" * 16


@dataclass(slots=True)
class FakeClock:
    """Moments that a test sets."""

    now_ns: int = 0

    def clocks(self) -> Clocks:
        """The clocks as a session takes them."""
        return Clocks(lambda: 1_790_000_000_000 + self.now_ns // 10**6, lambda: self.now_ns, lambda: self.now_ns)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def folder(tmp_path: Path) -> QueueFolder:
    """A place for a queue."""
    return QueueFolder(tmp_path / "queue")


@pytest.fixture
def session(folder: QueueFolder, clock: FakeClock) -> SealingSession:
    """A session that has just begun."""
    return begun(folder, clock)


def begun(folder: QueueFolder, clock: FakeClock, heard: Callable[[SegmentStep, str], None] = unheard) -> SealingSession:
    return SealingSession(
        QueueWriter(folder),
        SessionFacts(SESSION, grant_digest="1" * 64, lease_digest="2" * 64, policy_digest="3" * 64),
        consent=CONSENT.public,
        device=DEVICE,
        clocks=clock.clocks(),
        random=secrets.token_bytes,
        heard=heard,
    )


def parts(folder: QueueFolder) -> tuple[Intact | Torn, ...]:
    return QueueReader(folder, (DEVICE.public,)).session(SESSION)


def read(folder: QueueFolder, key: OpeningKey = CONSENT) -> list[RawEvent]:
    queue = QueueReader(folder, (DEVICE.public,))
    return [decode_event(record) for part in parts(folder) for record in queue.records(part, key)]


def typed(text: str) -> tuple[RawEvent, ...]:
    return tuple(Key(at, char, char, pressed=True) for at, char in enumerate(text))


def test_every_commit_is_read_back_in_order(folder: QueueFolder, session: SealingSession) -> None:
    session.commit(typed("ab"))
    session.commit(typed("c"))
    session.close()
    assert read(folder) == [*typed("ab"), *typed("c")]


def test_what_was_committed_is_there_before_the_session_ends(folder: QueueFolder, session: SealingSession) -> None:
    session.commit(typed("ab"))
    assert (read(folder), [type(part) for part in parts(folder)]) == ([*typed("ab")], [Torn])
    session.close()


def test_a_session_that_was_closed_ends_intact(folder: QueueFolder, session: SealingSession) -> None:
    session.commit(typed("ab"))
    session.close()
    assert [type(part) for part in parts(folder)] == [Intact]


def test_a_session_without_a_commit_leaves_nothing_and_frees_the_queue(
    folder: QueueFolder, session: SealingSession
) -> None:
    session.close()
    assert parts(folder) == ()
    QueueWriter(folder).close()


def test_a_second_session_beside_the_first_is_refused(
    folder: QueueFolder, session: SealingSession, clock: FakeClock
) -> None:
    with pytest.raises(Refused):
        begun(folder, clock)
    session.close()


@dataclass(slots=True)
class Listener:
    """Keeps what it heard, with the number of segments on disk at that moment; fails at a step if a test says so."""

    folder: QueueFolder
    refuses: SegmentStep | None = None
    heard: list[tuple[SegmentStep, str, int]] = field(default_factory=list)

    def __call__(self, step: SegmentStep, segment: str) -> None:
        """Hears of a segment."""
        self.heard.append((step, segment, len(list(self.folder.segments.glob("*.seg")))))
        if step is self.refuses:
            raise Refused("the ledger cannot be written")


def test_each_segment_is_told_before_it_is_begun_and_after_it_has_ended(folder: QueueFolder, clock: FakeClock) -> None:
    listener = Listener(folder)
    session = begun(folder, clock, listener)
    for turn in range(2):
        clock.now_ns = turn * ROTATE_NS
        session.commit(typed("a"))
    session.close()
    first, second = (part.head.segment for part in parts(folder))
    assert listener.heard == [
        (SegmentStep.OPENED, first, 0),
        (SegmentStep.CLOSED, first, 1),
        (SegmentStep.OPENED, second, 1),
        (SegmentStep.CLOSED, second, 2),
    ]


def test_a_segment_is_told_as_closed_when_its_end_is_on_disk(folder: QueueFolder, clock: FakeClock) -> None:
    states: list[type] = []
    session = begun(folder, clock, lambda *_: states.extend(type(part) for part in parts(folder)))
    session.commit(typed("a"))
    session.close()
    assert states == [Intact]


def test_a_segment_that_cannot_be_told_is_not_begun(folder: QueueFolder, clock: FakeClock) -> None:
    session = begun(folder, clock, Listener(folder, refuses=SegmentStep.OPENED))
    with pytest.raises(Refused, match="ledger"):
        session.commit(typed("a"))
    session.close()
    assert (folder.key_files(), list(folder.segments.iterdir())) == ((), [])


def test_an_end_that_cannot_be_told_is_an_end_all_the_same(folder: QueueFolder, clock: FakeClock) -> None:
    session = begun(folder, clock, Listener(folder, refuses=SegmentStep.CLOSED))
    session.commit(typed("a"))
    with pytest.raises(Refused, match="ledger"):
        session.close()
    assert [type(part) for part in parts(folder)] == [Intact]
    QueueWriter(folder).close()


def test_a_commit_that_does_not_fit_one_frame_is_read_back_whole(folder: QueueFolder, session: SealingSession) -> None:
    large = tuple(Frame(at, 64, 64, whole=True, tiles=(), packed=bytes(MAX_CIPHERTEXT // 3)) for at in range(4))
    session.commit(large)
    session.close()
    assert read(folder) == [*large]


def test_a_segment_ends_after_thirty_seconds(folder: QueueFolder, session: SealingSession, clock: FakeClock) -> None:
    for at_ns in (0, ROTATE_NS - 1, ROTATE_NS, 3 * ROTATE_NS):
        clock.now_ns = at_ns
        session.commit(typed("a"))
    session.close()
    assert [len(part.frames) for part in parts(folder)] == [3, 2, 2]


def test_a_segment_ends_after_its_size(folder: QueueFolder, session: SealingSession) -> None:
    large = Frame(0, 64, 64, whole=True, tiles=(), packed=bytes(ROTATE_BYTES // 3))
    for _ in range(4):
        session.commit((large,))
    session.close()
    assert [len(part.frames) for part in parts(folder)] == [4, 2]


def test_each_segment_names_the_one_before_it(folder: QueueFolder, session: SealingSession, clock: FakeClock) -> None:
    for turn in range(3):
        clock.now_ns = turn * ROTATE_NS
        session.commit(typed("a"))
    session.close()
    found = parts(folder)
    assert [part.head.index for part in found] == [0, 1, 2]
    assert all(
        after.head.previous_head == before.frames[-1].digest.hex() and isinstance(before, Intact)
        for before, after in pairwise(found)
    )


def test_each_segment_has_a_key_of_its_own(folder: QueueFolder, session: SealingSession, clock: FakeClock) -> None:
    for turn in range(3):
        clock.now_ns = turn * ROTATE_NS
        session.commit(typed("a"))
    session.close()
    assert len({part.head.commitment for part in parts(folder)}) == 3


def test_a_segment_whose_key_was_shredded_takes_only_itself(
    folder: QueueFolder, session: SealingSession, clock: FakeClock
) -> None:
    for turn in range(2):
        clock.now_ns = turn * ROTATE_NS
        session.commit(typed("a"))
    session.close()
    first, second = parts(folder)
    folder.key_path(first.head.segment).unlink()
    queue = QueueReader(folder, (DEVICE.public,))
    assert len(list(queue.records(second, CONSENT))) == 1
    with pytest.raises(MissingPart):
        list(queue.records(first, CONSENT))


def test_typing_one_key_or_twenty_makes_the_file_grow_alike(folder: QueueFolder, session: SealingSession) -> None:
    sizes = []
    for text in ("a", "abcdefghijklmnopqrst", "a"):
        session.commit(typed(text))
        sizes.append(sum(path.stat().st_size for path in folder.segments.iterdir()))
    session.close()
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0]


def test_the_file_grows_alike_whatever_the_rhythm_and_length_of_what_is_typed(tmp_path: Path) -> None:
    assert len({growth(tmp_path / name, slots) for name, slots in TYPING.items()}) == 1


TYPING: Final[dict[str, tuple[str, ...]]] = {
    "one key a slot": ("a",) * 140,
    "six keys a slot": ("abcdef",) * 140,
    "as many keys as the slot's number allows": tuple("x" * (1 + slot % 9) for slot in range(140)),
    "long names of keys": ("é\N{GREEK SMALL LETTER OMEGA}\N{CJK UNIFIED IDEOGRAPH-4E00}",) * 140,
    "bursts": tuple("password" if slot % 7 == 0 else "-" for slot in range(140)),
}
"""What is typed in each slot of the 250 ms grid. A slot with nothing is not written: that there was activity shows."""


def growth(place: Path, slots: tuple[str, ...]) -> tuple[int, ...]:
    """By how much all files together grow at each commit, and at the end."""
    folder, clock = QueueFolder(place), FakeClock()
    session, sizes = begun(folder, clock), [0]
    for slot, text in enumerate(slots):
        clock.now_ns = slot * COMMIT_NS
        session.commit(
            tuple(Key(clock.now_ns + at * 7_000_000, char, char, pressed=True) for at, char in enumerate(text))
        )
        sizes.append(_size_on_disk(folder))
    session.close()
    sizes.append(_size_on_disk(folder))
    return tuple(after - before for before, after in pairwise(sizes))


def _size_on_disk(folder: QueueFolder) -> int:
    return sum(path.stat().st_size for path in (*folder.key_files(), *folder.segments.iterdir()))


def test_nothing_on_disk_shows_what_was_captured(folder: QueueFolder, session: SealingSession) -> None:
    session.commit((*typed(CANARY), Key(1, CANARY, CANARY, pressed=True)))
    session.close()
    stored = b"".join(path.read_bytes() for path in folder.root.rglob("*") if path.is_file())
    forms = (CANARY.encode(), CANARY.encode("utf-16-le"), CANARY.encode().hex().encode(), CANARY[::-1].encode())
    assert not [form for form in forms if form in stored]


def test_the_device_key_and_any_other_key_open_nothing(folder: QueueFolder, session: SealingSession) -> None:
    session.commit(typed(CANARY))
    session.close()
    device_as_opening = OpeningKey(DEVICE.private_raw() * 3)
    for key in (OpeningKey.generate(), device_as_opening):
        with pytest.raises(BadInput):
            read(folder, key)


def test_a_session_holds_nothing_that_opens_what_it_wrote(session: SealingSession) -> None:
    session.commit(typed(CANARY))
    held = [value for value in vars(session).values() if isinstance(value, OpeningKey)]
    session.close()
    assert held == []


def test_an_event_that_cannot_be_sealed_seals_nothing(folder: QueueFolder, session: SealingSession) -> None:
    with pytest.raises(EventError):
        session.commit((*typed("ab"), Key(1, "\ud800", "", pressed=True)))
    session.commit(typed("c"))
    session.close()
    assert read(folder) == [*typed("c")]


def test_after_the_disk_refused_a_segment_nothing_more_is_taken_and_the_queue_is_freed(
    folder: QueueFolder, session: SealingSession, clock: FakeClock
) -> None:
    session.commit(typed("kept"))
    _refuse_new_segments(folder)
    for turn in (1, 2):
        clock.now_ns = turn * ROTATE_NS
        with pytest.raises(QueueDead):
            session.commit(typed("lost"))
    session.close()
    folder.keys.unlink()
    folder.keys.with_name("moved").rename(folder.keys)
    assert read(folder) == [*typed("kept")]
    QueueWriter(folder).close()


def _refuse_new_segments(folder: QueueFolder) -> None:
    """Takes the folder for keys away, so that no key file can be made in it."""
    folder.keys.rename(folder.keys.with_name("moved"))
    folder.keys.touch()


def test_a_key_folder_that_came_back_does_not_wake_a_dead_session(
    folder: QueueFolder, session: SealingSession, clock: FakeClock
) -> None:
    session.commit(typed("kept"))
    _refuse_new_segments(folder)
    clock.now_ns = ROTATE_NS
    with pytest.raises(QueueDead):
        session.commit(typed("lost"))
    folder.keys.unlink()
    folder.keys.with_name("moved").rename(folder.keys)
    with pytest.raises(QueueDead):
        session.commit(typed("lost"))
    session.close()
    assert len(read(folder)) == 4
