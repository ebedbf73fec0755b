"""What reads bytes from outside, each as a function of bytes, with inputs to begin from.

A target may raise only the errors that its door names; anything else that comes out is a fault, and so is memory or
time beyond the bounds of `tests/fuzz/bounds.py`. Those named `...-below` sign or seal the input first, with the keys of
the vectors, so that the parsers behind the cryptography are reached.
"""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from capture.batch import records_of
from capture.events import EventError, Frame, decode_event, encode_event
from capture.frames import TileReader
from capture.opening import SegmentOpener
from capture.segment import Broken, SegmentHead, claimed_session, scan_segment
from consent.documents import ConsentStatus, Grant, Lease, Policy
from optin.home import AllowFile, Config
from optin.messages import (
    Answer,
    Ask,
    Destroyed,
    Failed,
    Made,
    Part,
    Progress,
    Redact,
    Sealed,
    State,
    receive_answer,
    receive_request,
)
from optin.record import Plan
from redaction.engine import open_redacted, seal_redacted
from redaction.redacted import Episode, Report
from redaction.submission import BundleManifest, open_submission
from review.approval import Decision
from tests.vectors import parts
from tests.vectors.documents import EMPLOYEE, decision, grant
from tests.vectors.documents import message as signed_message
from tests.vectors.keys import opening_raw, public_text, text
from tests.vectors.ledgers import HANDED, PLAIN
from tests.vectors.ledgers import lines as ledger_lines
from tests.vectors.make import FILES
from tests.world import events, opening, signing, world
from vault.canonical import Document, canonical, parse
from vault.chain import WINDOW, Checkpoint, Entry, Note, read_chain, read_keys, read_notes, read_tail
from vault.envelope import EnvelopeHead, open_envelope, seal_envelope
from vault.errors import OptinError
from vault.keyfiles import HolderKind, KeyFile, LockFile
from vault.keys import OpeningKey, VerifyKey
from vault.signed import verify_self

DEVICE: Final = VerifyKey(parts.DEVICE.public_key().public_bytes_raw())
KINDS: Final[tuple[type[Document], ...]] = (
    SegmentHead,
    *(Policy, Grant, Lease, ConsentStatus),
    *(Decision, BundleManifest, Episode, Report),
    *(Config, AllowFile, Plan),
    *(LockFile, KeyFile, EnvelopeHead),
    *(Entry, Note, Checkpoint),
)


@dataclass(frozen=True, slots=True)
class Target:
    """One reader. `errors` are those that its door names."""

    name: str
    read: Callable[[bytes], None]
    seeds: Callable[[], tuple[bytes, ...]]
    errors: tuple[type[Exception], ...] = (OptinError,)


@cache
def consent() -> OpeningKey:
    """The consent's key of the vectors."""
    return OpeningKey(opening_raw("consent"))


def stored(pattern: str) -> tuple[bytes, ...]:
    """The vectors whose file names fit."""
    return tuple(path.read_bytes() for path in sorted(FILES.glob(pattern)))


def read_segment(untrusted: bytes) -> None:
    """Scans, and opens what is not broken."""
    file = io.BytesIO(untrusted)
    claimed_session(file)
    scanned = scan_segment(file, (DEVICE,))
    if not isinstance(scanned, Broken):
        for _ in SegmentOpener(scanned, (FILES / "good.key").read_bytes(), consent()).records(file):
            pass


def read_head_below(untrusted: bytes) -> None:
    """A head that the device signed."""
    read_segment(parts.prelude(untrusted))


def read_plaintext(untrusted: bytes) -> None:
    """What lies in a frame that opened."""
    for _ in records_of(bytearray(untrusted)):
        pass


def read_frames_below(untrusted: bytes) -> None:
    """A frame around this plaintext whose header, digest and seal are right."""
    start = (FILES / "torn-after-the-prelude.seg").read_bytes()
    padded = untrusted.ljust(parts.bucket(len(untrusted)), b"\0")
    read_segment(start + parts.made(start, (parts.Frame(padded),))[0])


def read_event(untrusted: bytes) -> None:
    """A record, twice: a frame may build on one before it."""
    event = decode_event(untrusted)
    if isinstance(event, Frame):
        reader = TileReader()
        reader.read(event)
        reader.read(event)


def read_key_file(untrusted: bytes) -> None:
    """A segment's wrapped key."""
    consent().unwrap(untrusted, parts.key_info())


def read_document(untrusted: bytes) -> None:
    """The first byte chooses the kind."""
    if untrusted:
        parse(untrusted[1:], KINDS[untrusted[0] % len(KINDS)])


def read_signed(untrusted: bytes) -> None:
    """A signed document of either kind."""
    verify_self(untrusted, Decision if b'"Decision"' in untrusted else Grant)


def read_signed_below(untrusted: bytes) -> None:
    """A body that the employee signed as a grant."""
    signature = text(EMPLOYEE.sign(signed_message("Grant", untrusted)))
    rest = {"kind": "Grant", "signature": signature, "signer": public_text(EMPLOYEE)}
    verify_self(b'{"body":' + untrusted + b"," + parts.canonical(rest)[1:], Grant)


def read_ledger(untrusted: bytes) -> None:
    """Lines of a ledger: its end, its keys, then all of it."""
    for read in (_read_end, _read_device_keys, _read_whole):
        try:
            read(untrusted)
        except OptinError:
            continue


def _read_end(untrusted: bytes) -> None:
    read_tail(untrusted[-WINDOW:], len(untrusted))


def _read_device_keys(untrusted: bytes) -> None:
    read_keys(untrusted.splitlines(keepends=True), DEVICE)


def _read_whole(untrusted: bytes) -> None:
    for _ in read_chain(untrusted.split(b"\n"), DEVICE):
        pass


def read_ledger_below(untrusted: bytes) -> None:
    """Entries, one a line, that the device signed."""
    bodies = untrusted.split(b"\n")
    read_ledger(b"".join(_signed_line(body) for body in bodies))


def _signed_line(body: bytes) -> bytes:
    signature = text(parts.DEVICE.sign(signed_message("Entry", body)))
    rest = {"kind": "Entry", "signature": signature, "signer": public_text(parts.DEVICE)}
    return b'{"body":' + body + b"," + parts.canonical(rest)[1:] + b"\n"


def read_waiting(untrusted: bytes) -> None:
    """Notes that wait for a ledger of four entries."""
    read_notes(untrusted, 4)


def read_envelope(untrusted: bytes) -> None:
    """A sealed submission."""
    open_submission(untrusted, opening("exporter"))


def read_submission_below(untrusted: bytes) -> None:
    """What lies in a submission that opened."""
    read_envelope(seal_envelope(untrusted, (opening("exporter").public,), "submission"))


def read_redacted_below(untrusted: bytes) -> None:
    """What lies in a redacted session that opened."""
    sealed = seal_envelope(untrusted, (opening("exporter").public,), "redacted session")
    open_redacted(sealed, opening("exporter"), devices=(signing("device").public,))


def read_request(untrusted: bytes) -> None:
    """A message to the redactor account."""
    _received(untrusted, receive_request)


def read_answer(untrusted: bytes) -> None:
    """A message from the redactor account."""
    _received(untrusted, receive_answer)


def _received(untrusted: bytes, receive: Callable[[socket.socket], object]) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(len(untrusted).to_bytes(4, "big") + untrusted)
        ours.shutdown(socket.SHUT_WR)
        receive(theirs)


def _heads() -> tuple[bytes, ...]:
    return (parts.canonical(parts.head((FILES / "good.key").read_bytes())),)


def _plaintexts() -> tuple[bytes, ...]:
    some = ((), (b"first", b""), (b"x" * 300,) * 3)
    return tuple(parts.plaintext(records).rstrip(b"\0") + bytes(8) for records in some)


def _records() -> tuple[bytes, ...]:
    return tuple(encode_event(event) for event in events())


def _documents() -> tuple[bytes, ...]:
    """One of each kind that the vectors and the world of tests hold."""
    scene = world()
    lock = LockFile(check=text(bytes(100)), holder=HolderKind.PASSPHRASE, n=1 << 17, salt=text(bytes(16)), version=1)
    key = KeyFile(kind="signing", lock="a" * 32, name="device", public=text(bytes(32)), wrapped=text(bytes(120)))
    known: tuple[Document, ...] = (
        *(scene.policy.document, scene.grant.document, scene.lease.document, scene.status.document),
        *(scene.approvals[0].decision.document, scene.bundle.manifest.document, scene.bundle.episode),
        *(scene.bundle.report, lock, key),
    )
    return tuple(bytes((KINDS.index(type(one)),)) + canonical(one) for one in known)


def _bodies() -> tuple[bytes, ...]:
    return (parts.canonical(grant()), parts.canonical(decision()))


def _entries() -> tuple[bytes, ...]:
    signed = (ledger_lines(PLAIN), ledger_lines(HANDED))
    return tuple(b"\n".join(parts.canonical(json.loads(line)["body"]) for line in lines) for lines in signed)


def _sealed() -> tuple[bytes, ...]:
    return (world().sealed,)


def _submission() -> tuple[bytes, ...]:
    return (open_envelope(world().sealed, opening("exporter"), "submission"),)


def _redacted() -> tuple[bytes, ...]:
    scene = world()
    sealed = seal_redacted(scene.session, scene.reported, opening("exporter").public, device=signing("device"))
    return (open_envelope(sealed, opening("exporter"), "redacted session"),)


def _requests() -> tuple[bytes, ...]:
    ask = Redact(
        devices=(bytes(32),), grant=b"{}", lease=b"{}", parts=1, policy=b"{}", session="7f" * 16, to=bytes(1216)
    )
    return tuple(msgspec.msgpack.encode(message) for message in (Ask(), ask, Part(key_file=bytes(100))))


def _answers() -> tuple[bytes, ...]:
    made: tuple[Answer, ...] = (
        *(Made(public=bytes(1216), signer=bytes(32)), Destroyed(), State(holds_consent=True, signer=bytes(32))),
        *(Progress(done=1, whole=2), Sealed(data=b"x" * 50), Failed(kind="Refused", message="no")),
    )
    return tuple(msgspec.msgpack.encode(message) for message in made)


TARGETS: Final = (
    Target("segment", read_segment, lambda: stored("*.seg")),
    Target("segment-head-below", read_head_below, _heads),
    Target("plaintext", read_plaintext, _plaintexts),
    Target("frames-below", read_frames_below, _plaintexts),
    Target("event", read_event, _records, (EventError,)),
    Target("key-file", read_key_file, lambda: stored("*.key")),
    Target("document", read_document, _documents),
    Target("signed", read_signed, lambda: stored("*.json")),
    Target("signed-below", read_signed_below, _bodies),
    Target("ledger", read_ledger, lambda: stored("*.ledger")),
    Target("ledger-below", read_ledger_below, _entries),
    Target("waiting", read_waiting, lambda: stored("*.waiting")),
    Target("envelope", read_envelope, _sealed),
    Target("submission-below", read_submission_below, _submission),
    Target("redacted-below", read_redacted_below, _redacted),
    Target("request", read_request, _requests, (OptinError, EOFError)),
    Target("answer", read_answer, _answers, (OptinError, EOFError)),
)


def target(name: str) -> Target:
    """The target of this name."""
    return next(one for one in TARGETS if one.name == name)
