"""The ledger across device keys, and against witnesses: what someone who owns the newest key can rewrite, and is found.

The three named tests port CVE-2023-31437, -31438 and -31439: verifying a sealed systemd journal did not notice entries
that were truncated, sealed with a key of another time, or belonged to epochs that did not follow on each other.
"""

from __future__ import annotations

from itertools import count, pairwise
from pathlib import Path

import pytest

from vault.errors import BadInput, Refused
from vault.keys import SigningKey, VerifyKey
from vault.ledger import START, Checkpoint, Entry, Ledger, LedgerEvent
from vault.signed import sign, verify_self

KEYS = tuple(SigningKey.generate() for _ in range(3))
FIRST, SECOND, NEWEST = KEYS


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Two entries in each of three epochs, and the two KEY entries between them."""
    moments = count(1000)
    made = Ledger(tmp_path / "ledger", lambda: next(moments))
    for key, following in ((FIRST, SECOND), (SECOND, NEWEST), (NEWEST, None)):
        made.enter(LedgerEvent.START, "session", key)
        made.enter(LedgerEvent.STOP, "session", key)
        if following:
            made.enter(LedgerEvent.KEY, "device", key, next_key=following.public)
    return made


@pytest.fixture
def path(ledger: Ledger, tmp_path: Path) -> Path:
    """The file of that ledger."""
    return tmp_path / "ledger" / "entries"


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def entries_of(path: Path) -> list[Entry]:
    return [verify_self(line.rstrip(), Entry).document for line in lines_of(path)]


def sealed_again(entries: list[Entry], keys: list[SigningKey]) -> bytes:
    """These events as a fresh chain: numbers, digests and signatures as they would have to be."""
    previous, lines = START, []
    for number, (entry, key) in enumerate(zip(entries, keys, strict=True)):
        signed = sign(
            Entry(
                at_ms=entry.at_ms,
                event=entry.event,
                next_key=entry.next_key,
                number=number,
                previous=previous,
                subject=entry.subject,
            ),
            key,
        )
        previous = signed.digest
        lines.append(signed.data + b"\n")
    return b"".join(lines)


def test_a_ledger_of_several_epochs_holds_and_names_its_keys(ledger: Ledger) -> None:
    found = ledger.verify(FIRST.public)
    assert len(found.entries) == 8
    assert [key.raw for key in found.keys] == [key.public.raw for key in KEYS]


def test_the_device_keys_are_found_without_reading_other_entries(ledger: Ledger, path: Path) -> None:
    lines = [line if b'"event":"key"' in line else b"unread\n" for line in lines_of(path)]
    path.write_bytes(b"".join(lines[:-2]) + b"".join(lines_of(path)[-2:]))
    assert [key.raw for key in ledger.device_keys(FIRST.public)] == [key.public.raw for key in KEYS]


def test_a_new_ledger_has_the_pinned_key_only(tmp_path: Path) -> None:
    assert Ledger(tmp_path / "none", lambda: 0).device_keys(FIRST.public) == (FIRST.public,)


def test_keys_that_do_not_hand_over_to_each_other_are_refused(ledger: Ledger, path: Path) -> None:
    handed = [line for line in lines_of(path) if b'"event":"key"' in line]
    path.write_bytes(path.read_bytes().replace(handed[0], b""))
    with pytest.raises(BadInput, match="hand over"):
        ledger.device_keys(FIRST.public)


def test_a_key_that_was_handed_over_enters_nothing_more(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="another key"):
        ledger.enter(LedgerEvent.VIEW, "bundle", SECOND)


def test_a_hand_over_that_was_cut_off_is_taken_up_again(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    entered = [ledger.enter(LedgerEvent.KEY, "device", FIRST, next_key=SECOND.public) for _ in range(2)]
    assert (entered[0], len(ledger.verify(FIRST.public).entries)) == (entered[1], 1)
    with pytest.raises(Refused, match="optin keys rotate device"):
        ledger.enter(LedgerEvent.VIEW, "bundle", FIRST)


def test_a_bit_of_any_byte_that_is_flipped_is_found(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    ledger.enter(LedgerEvent.KEY, "device", FIRST, next_key=SECOND.public)
    ledger.enter(LedgerEvent.VIEW, "bundle", SECOND)
    path = tmp_path / "ledger" / "entries"
    whole = path.read_bytes()
    for place in range(len(whole)):
        flipped = whole[:place] + bytes((whole[place] ^ 1 << place % 8,)) + whole[place + 1 :]
        path.write_bytes(flipped)
        with pytest.raises(BadInput):
            ledger.verify(FIRST.public)


def test_each_flipped_byte_of_all_epochs_is_found(ledger: Ledger, path: Path) -> None:
    whole = path.read_bytes()
    for place in range(0, len(whole), 3):
        path.write_bytes(whole[:place] + bytes((whole[place] ^ 0x55,)) + whole[place + 1 :])
        with pytest.raises(BadInput):
            ledger.verify(FIRST.public)


def test_each_cut_inside_a_line_is_found(ledger: Ledger, path: Path) -> None:
    whole = path.read_bytes()
    ends = {0} | {at + 1 for at, byte in enumerate(whole) if byte == ord("\n")}
    for length in set(range(0, len(whole), 3)) - ends:
        path.write_bytes(whole[:length])
        with pytest.raises(BadInput):
            ledger.verify(FIRST.public)


@pytest.mark.parametrize("change", ["deleted", "doubled", "swapped"])
def test_each_line_that_is_moved_is_found(ledger: Ledger, path: Path, change: str) -> None:
    lines = lines_of(path)
    for at in range(len(lines) - 1):
        pair = {"deleted": lines[at + 1 : at + 2], "doubled": [lines[at], *lines[at : at + 2]]}
        path.write_bytes(b"".join(lines[:at] + pair.get(change, [lines[at + 1], lines[at]]) + lines[at + 2 :]))
        with pytest.raises(BadInput):
            ledger.verify(FIRST.public)


def test_each_line_of_another_ledger_with_the_same_keys_is_found(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    lines, other = lines_of(path), Ledger(tmp_path / "other", lambda: 1)
    for _ in range(8):
        other.enter(LedgerEvent.START, "session", FIRST)
    foreign = lines_of(tmp_path / "other" / "entries")
    for at in range(len(lines)):
        path.write_bytes(b"".join([*lines[:at], foreign[at], *lines[at + 1 :]]))
        with pytest.raises(BadInput):
            ledger.verify(FIRST.public)


def test_a_ledger_that_another_first_key_signed_is_found(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="another key"):
        ledger.verify(NEWEST.public)


def test_cve_2023_31437_epochs_that_do_not_follow_on_each_other_are_found(ledger: Ledger, path: Path) -> None:
    entries = entries_of(path)
    kept = entries[:2] + entries[6:]  # the whole second epoch and both hand-overs are gone
    path.write_bytes(sealed_again(kept, [FIRST, FIRST, NEWEST, NEWEST]))
    with pytest.raises(BadInput, match="line 3"):
        ledger.verify(FIRST.public)


def test_cve_2023_31438_entries_sealed_with_a_newer_key_are_found(ledger: Ledger, path: Path) -> None:
    entries = entries_of(path)
    for changed in range(6):
        kept = entries[:changed] + entries[changed + 1 :]
        path.write_bytes(sealed_again(kept, [NEWEST] * len(kept)))
        with pytest.raises(BadInput, match="line 1"):
            ledger.verify(FIRST.public)


def test_cve_2023_31439_a_ledger_cut_and_sealed_again_is_found_by_its_witness(ledger: Ledger, path: Path) -> None:
    witnessed = ledger.checkpoint(NEWEST).document
    path.write_bytes(b"".join(lines_of(path)[:-1]))
    assert len(ledger.verify(FIRST.public).entries) == 7  # by itself it holds: only the witness knows
    with pytest.raises(BadInput, match=r"cut.*8 entries"):
        ledger.verify(FIRST.public, (witnessed,))


def test_the_newest_key_cannot_change_what_an_older_one_signed(ledger: Ledger, path: Path) -> None:
    lines, entries = lines_of(path), entries_of(path)
    for at in range(6):
        forged = sealed_again(entries, [NEWEST] * 8).splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:at] + forged[at:]))
        with pytest.raises(BadInput, match=f"line {at + 1}"):
            ledger.verify(FIRST.public)


def test_what_the_newest_key_rewrites_of_its_own_time_is_found_by_its_witness(ledger: Ledger, path: Path) -> None:
    witnessed = ledger.checkpoint(NEWEST).document
    path.write_bytes(b"".join(lines_of(path)[:-1]))
    ledger.enter(LedgerEvent.START, "another story", NEWEST)
    with pytest.raises(BadInput, match="rewritten"):
        ledger.verify(FIRST.public, (witnessed,))


def test_an_older_key_cannot_go_on_after_it_was_handed_over(ledger: Ledger, path: Path) -> None:
    entries = entries_of(path)
    path.write_bytes(sealed_again(entries, [FIRST] * 3 + [SECOND] * 3 + [NEWEST, SECOND]))
    with pytest.raises(BadInput, match=r"line 8.*handed over before"):
        ledger.verify(FIRST.public)


def test_no_key_has_two_epochs(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    for key, following in pairwise((FIRST, SECOND, FIRST)):
        ledger.enter(LedgerEvent.KEY, "device", key, next_key=following.public)
    with pytest.raises(BadInput, match="had its time"):
        ledger.verify(FIRST.public)


def test_a_key_in_an_entry_of_another_kind_is_found(ledger: Ledger, path: Path) -> None:
    entry = Entry(
        at_ms=0, event=LedgerEvent.VIEW, next_key=NEWEST.public.text, number=0, previous=START, subject="0" * 64
    )
    path.write_bytes(sign(entry, FIRST).data + b"\n" + b"".join(lines_of(path)[1:]))
    with pytest.raises(BadInput, match="a key is named"):
        ledger.verify(FIRST.public)


def test_a_checkpoint_counts_what_is_there_and_notes_that_waited(ledger: Ledger) -> None:
    ledger.note(LedgerEvent.REFUSED, "passphrase")
    signed = ledger.checkpoint(NEWEST)
    assert (signed.document.entries, signed.document.first_key) == (9, FIRST.public.text)
    assert signed.signer.raw == NEWEST.public.raw


def test_a_ledger_that_grew_since_it_was_witnessed_holds(ledger: Ledger) -> None:
    seen = tuple(ledger.checkpoint(NEWEST).document for _ in range(2))
    ledger.enter(LedgerEvent.VIEW, "bundle", NEWEST)
    found = ledger.verify(FIRST.public, seen)
    assert (len(found.entries), found.witnessed) == (9, 8)


def test_an_empty_ledger_has_a_checkpoint_that_any_ledger_of_this_device_goes_on_from(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    seen = ledger.checkpoint(FIRST).document
    ledger.enter(LedgerEvent.OPT_IN, "grant", FIRST)
    assert ledger.verify(FIRST.public, (seen,)).witnessed == 0


def test_a_witness_of_another_device_is_told_from_this_one(ledger: Ledger) -> None:
    seen = ledger.checkpoint(NEWEST).document
    other = Checkpoint(at_ms=0, entries=seen.entries, first_key=SECOND.public.text, head=seen.head, version=1)
    with pytest.raises(BadInput, match="exchanged"):
        ledger.verify(FIRST.public, (other,))


def test_only_what_was_opened_and_not_ended_is_left_open(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger", lambda: 0)
    for event, segment in (
        (LedgerEvent.SEGMENT_OPENED, "a"),
        (LedgerEvent.SEGMENT_CLOSED, "a"),
        (LedgerEvent.SEGMENT_OPENED, "b"),
        (LedgerEvent.SEGMENT_OPENED, "c"),
        (LedgerEvent.SEGMENT_CRASHED, "c"),
        (LedgerEvent.SEGMENT_OPENED, "gone"),
    ):
        ledger.enter(event, segment, FIRST)
    ended = frozenset({LedgerEvent.SEGMENT_CLOSED, LedgerEvent.SEGMENT_CRASHED})
    assert ledger.left_open(("a", "b", "c", "never"), LedgerEvent.SEGMENT_OPENED, ended) == ("b",)


def test_a_verify_key_that_is_no_key_is_bad_input() -> None:
    with pytest.raises(BadInput):
        VerifyKey(b"short")
