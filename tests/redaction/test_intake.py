"""The intake opens a session only whole, and only with the grant, the lease and the key that it was recorded under."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from capture.events import Area, DisplayChanged, Gap, GapReason, Key, Monitor, SessionEnded, Suspended
from capture.queue import QueueFolder
from consent.documents import Lease
from redaction.intake import RawSession, open_session
from tests.redaction.recording import GRANT, LEASE, Recording, click, desk, ended, frames, started, typed
from tests.world import BEGAN_MS, DAY_MS, SESSION, opening, signing
from vault.errors import BadInput, MissingPart, NotMinted, Refused
from vault.minted import Mint
from vault.signed import Signed, sign

LEFT = Area(10, 10, 40, 12)


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """An empty queue under the usual grant and lease."""
    return Recording(QueueFolder(tmp_path / "queue"))


def recorded(recording: Recording) -> Recording:
    """A session of three segments, closed."""
    recording.sink.commit((started(),))
    for minute, events in ((1, typed(61, "ab")), (2, (*click(121, 5, 5), ended(130)))):
        recording.now_ms = BEGAN_MS + minute * 60_000
        recording.sink.commit(events)
    recording.sink.close()
    return recording


def lease_until(expires_ms: int) -> Signed[Lease]:
    return sign(msgspec.structs.replace(LEASE.document, expires_ms=expires_ms), signing("lease"))


def segments(recording: Recording) -> list[Path]:
    """The files of the segments in their order."""
    parts = recording.reader.session(SESSION)
    return [recording.folder.segment_path(part.head.segment) for part in parts]


def test_a_whole_session_is_opened(recording: Recording) -> None:
    raw = recorded(recording).opened()
    assert raw.raw_events == (started(), *typed(61, "ab"), *click(121, 5, 5), ended(130))
    assert raw.ended


def test_a_session_that_is_not_there_is_missing(recording: Recording) -> None:
    recording.sink.close()
    with pytest.raises(MissingPart, match="no session"):
        recording.opened()


def test_another_grant_is_refused(recording: Recording) -> None:
    recorded(recording)
    other = sign(msgspec.structs.replace(GRANT.document, grant_id="other"), signing("employee"))
    with pytest.raises(Refused, match="another consent"):
        open_session(recording.reader, SESSION, key=opening("consent"), grant=other, lease=LEASE)


def test_another_lease_is_refused(recording: Recording) -> None:
    recorded(recording)
    other = lease_until(BEGAN_MS + 2 * DAY_MS)
    with pytest.raises(Refused, match="another lease"):
        open_session(recording.reader, SESSION, key=opening("consent"), grant=GRANT, lease=other)


def test_another_policy_is_refused(recording: Recording) -> None:
    recording.policy_digest = "0" * 64
    with pytest.raises(Refused, match="another policy"):
        recorded(recording).opened()


def test_another_key_opens_nothing(recording: Recording) -> None:
    recorded(recording)
    with pytest.raises(BadInput):
        open_session(recording.reader, SESSION, key=opening("exporter"), grant=GRANT, lease=LEASE)


@pytest.mark.parametrize(
    "lease_ms",
    [
        pytest.param((-DAY_MS, 129_999), id="ends before the last event"),
        pytest.param((1, DAY_MS), id="begins after the start"),
        pytest.param((DAY_MS, 2 * DAY_MS), id="begins after the session"),
    ],
)
def test_a_session_outside_its_lease_is_refused(recording: Recording, lease_ms: tuple[int, int]) -> None:
    moved = {"not_before_ms": BEGAN_MS + lease_ms[0], "expires_ms": BEGAN_MS + lease_ms[1]}
    recording.lease = sign(msgspec.structs.replace(LEASE.document, **moved), signing("lease"))
    with pytest.raises(Refused, match="outside its lease"):
        recorded(recording).opened()


def test_a_session_that_its_lease_just_covers_is_opened(recording: Recording) -> None:
    moved = {"not_before_ms": BEGAN_MS, "expires_ms": BEGAN_MS + 130_000}
    recording.lease = sign(msgspec.structs.replace(LEASE.document, **moved), signing("lease"))
    assert recorded(recording).opened().ended


def test_an_event_in_the_middle_that_lies_after_the_lease_is_refused(recording: Recording) -> None:
    recording.sink.commit((started(), Key(2 * DAY_MS * 10**6, "a", "a", pressed=True), ended(1)))
    recording.sink.close()
    with pytest.raises(Refused, match="outside its lease"):
        recording.opened()


@pytest.mark.parametrize(
    "asleep",
    [
        pytest.param(Suspended(10**9, 2 * DAY_MS * 10**6, BEGAN_MS, 0), id="by the time asleep, the clock set back"),
        pytest.param(Suspended(10**9, 0, BEGAN_MS + 2 * DAY_MS, 0), id="by the wall clock"),
        pytest.param(Suspended(10**9, -(10**18), BEGAN_MS + DAY_MS - 999, 0), id="by the wall clock, a second after"),
    ],
)
def test_whoever_sleeps_past_the_lease_records_nothing_after_it(recording: Recording, asleep: Suspended) -> None:
    recording.sink.commit((started(), asleep, ended(2)))
    recording.sink.close()
    with pytest.raises(Refused, match="outside its lease"):
        recording.opened()


def test_several_sleeps_add_up_and_the_last_event_is_dated_after_them(recording: Recording) -> None:
    naps = (Suspended(second * 10**9, 60 * 10**9, BEGAN_MS, 0) for second in (1, 2))
    recording.sink.commit((started(), *naps, ended(3)))
    recording.sink.close()
    assert recording.opened().until_ms == BEGAN_MS + 123_000


def test_a_session_that_was_paused_and_got_other_monitors_is_opened_as_one(recording: Recording) -> None:
    other = np.concatenate((desk(), desk(LEFT)), axis=1)
    recording.sink.commit((started(), *frames((1, desk()))))
    recording.sink.rotate()
    paused = Gap(2 * 10**9, 9 * 10**9, GapReason.PAUSED, "recorder", 0)
    recording.sink.commit((paused, *frames((10, desk(LEFT)), (11, desk()))))
    recording.sink.rotate()
    changed = DisplayChanged(12 * 10**9, (Monitor(0, 0, 640, 200, 1.0),))
    recording.sink.commit((changed, *frames((13, other)), ended(14)))
    recording.sink.close()
    raw = recording.opened()
    assert [screen.shape for _, screen in raw.raw_screens()] == [(200, 320, 3)] * 3 + [(200, 640, 3)]
    assert (len(segments(recording)), raw.ended, paused in raw.raw_events) == (3, True, True)


def test_a_segment_begun_after_the_lease_is_refused_even_if_its_events_say_otherwise(recording: Recording) -> None:
    recording.sink.commit((started(),))
    recording.now_ms = BEGAN_MS + 2 * DAY_MS
    recording.sink.commit((ended(1),))
    recording.sink.close()
    with pytest.raises(Refused, match="outside its lease"):
        recording.opened()


@pytest.mark.parametrize("given_ms", [(1, 365 * DAY_MS), (-DAY_MS, 129_999)])
def test_a_session_outside_the_time_of_consent_is_refused(recording: Recording, given_ms: tuple[int, int]) -> None:
    moved = {"given_ms": BEGAN_MS + given_ms[0], "expires_ms": BEGAN_MS + given_ms[1]}
    recording.grant = sign(msgspec.structs.replace(GRANT.document, **moved), signing("employee"))
    with pytest.raises(Refused, match="consent was given for"):
        recorded(recording).opened()


@pytest.mark.parametrize("gone", [0, 1])
def test_a_session_with_a_missing_segment_is_refused(recording: Recording, gone: int) -> None:
    segments(recorded(recording))[gone].unlink()
    with pytest.raises(BadInput, match="missing"):
        recording.opened()


def test_a_session_whose_last_segment_is_gone_did_not_end(recording: Recording) -> None:
    segments(recorded(recording))[2].unlink()
    assert not recording.opened().ended


def test_a_session_with_a_shredded_key_is_missing_a_part(recording: Recording) -> None:
    name = segments(recorded(recording))[1].stem
    recording.folder.key_path(name).unlink()
    with pytest.raises(MissingPart):
        recording.opened()


def test_a_torn_tail_is_opened_as_far_as_it_is_sound_and_did_not_end(recording: Recording) -> None:
    path = segments(recorded(recording))[2]
    path.write_bytes(path.read_bytes()[:-1])
    raw = recording.opened()
    assert (isinstance(raw.raw_events[-1], SessionEnded), raw.ended) == (True, False)


def test_a_session_that_was_killed_did_not_end(recording: Recording) -> None:
    recording.sink.commit((started(), *typed(1, "ab")))
    raw = recording.opened()
    recording.sink.close()
    assert (len(raw.raw_events), raw.ended) == (5, False)


def test_a_damaged_segment_is_refused(recording: Recording) -> None:
    path = segments(recorded(recording))[1]
    data = bytearray(path.read_bytes())
    data[-5000] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadInput, match="damaged"):
        recording.opened()


def test_a_session_that_does_not_begin_with_its_start_is_refused(recording: Recording) -> None:
    recording.sink.commit((*typed(1, "ab"), started()))
    recording.sink.close()
    with pytest.raises(BadInput, match="start"):
        recording.opened()


def test_screens_come_with_their_frames_in_order(recording: Recording) -> None:
    recording.sink.commit((started(), *frames((1, desk()), (2, desk(LEFT)))))
    recording.sink.close()
    assert [(frame.at_ns, screen.tolist()) for frame, screen in recording.opened().raw_screens()] == [
        (10**9, desk().tolist()),
        (2 * 10**9, desk(LEFT).tolist()),
    ]


def test_a_frame_whose_base_is_missing_is_refused(recording: Recording) -> None:
    recording.sink.commit((started(), frames((1, desk()), (2, desk(LEFT)))[1]))
    recording.sink.close()
    with pytest.raises(BadInput, match="frame"):
        list(recording.opened().raw_screens())


def test_a_raw_session_does_not_show_its_content(recording: Recording) -> None:
    recording.sink.commit((started("Okonkwo"),))
    recording.sink.close()
    assert "Okonkwo" not in repr(recording.opened())


def test_nobody_else_makes_a_raw_session() -> None:
    with pytest.raises(NotMinted):
        RawSession(SESSION, (started(),), started(), GRANT, LEASE, ended=True, mint=Mint("somebody"))
