"""A whole signed world in memory: keys, policy, lease, grant, status, a recording, its submission and approvals.

The recording is sealed by the real session into a queue in a temporary folder, opened, redacted, submitted, sealed and
opened again by the real functions, so what tests hold went the only legal way. A fault is a changed world: another
document signed anew, or a submission that a hostile employee made (`forged`). Nothing is patched.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import rfc8785
from PIL import Image, ImageDraw

from capture.events import (
    Area,
    Button,
    Effect,
    ElementSeen,
    FrameBound,
    Gap,
    GapReason,
    Key,
    Monitor,
    PointerButton,
    PointerScrolled,
    Purpose,
    RawEvent,
    ScreenSettled,
    SessionEnded,
    SessionStarted,
    Shortcut,
    UiEffect,
    WindowFocused,
)
from capture.frames import Pixels, Screen, TileWriter
from capture.queue import QueueFolder, QueueReader, QueueWriter
from capture.session import Clocks, SealingSession, SegmentStep, SessionFacts
from consent.documents import (
    DROP_LEVEL,
    AllowList,
    ConsentStatus,
    Exporter,
    Grant,
    Lease,
    Officer,
    Policy,
    Source,
    Standing,
)
from consent.notice import notice_digest
from export.gate import Claim, ExportBundle, admit
from redaction.detectors import light_detectors
from redaction.engine import redact
from redaction.fields import Tools
from redaction.images.pixels import MaskTools
from redaction.intake import RawSession, open_session
from redaction.lexicon import load_lexicon
from redaction.readers.base import Word
from redaction.readers.fake import FakeReader
from redaction.redacted import Isolation, RedactedSession, Reported
from redaction.spans import Box
from redaction.submission import SubmissionFacts, SubmittedBundle, open_submission, seal_submission, submit
from review.approval import Approval, approve
from vault.canonical import digest
from vault.envelope import open_envelope, seal_envelope
from vault.keys import OpeningKey, SigningKey
from vault.signed import Signed, sign

DAY_MS: Final = 24 * 3600 * 1000
BEGAN_MS: Final = 1_790_000_000_000
"""When the recording began, in milliseconds of Unix time."""
NOW_MS: Final = BEGAN_MS + 3600 * 1000
"""When it is exported."""
WIDTH, HEIGHT = 640, 400
MONITOR: Final = Monitor(0, 0, WIDTH, HEIGHT, 1.25)
SAVE: Final = Area(x=40, y=40, width=120, height=40)
"""A button whose name is an interface phrase, on a place that stays visible."""
SECRET: Final = Area(x=300, y=200, width=220, height=30)
"""A place with writing that nobody read, so it is masked."""
CANARY: Final = "Okonkwo 219-09-9999"
"""What nobody may ever see: it is typed, drawn, in the title, in the task and in a widget's name."""
SESSION: Final = "7f" * 16

OFFICERS: Final = (("anna", "officer-anna"), ("ben", "officer-ben"), ("anna", "officer-anna-again"))
"""Person and key of each officer; one person has two keys."""


def signing(name: str) -> SigningKey:
    """The signing key of this name, always the same."""
    return SigningKey.from_raw(hashlib.sha256(name.encode()).digest())


@cache
def opening(name: str) -> OpeningKey:
    """The opening key of this name, always the same."""
    return OpeningKey(hashlib.shake_256(name.encode()).digest(96))


@dataclass(frozen=True, slots=True)
class World:
    """Everything that one export needs, in a state in which the gate admits it."""

    policy: Signed[Policy]
    lease: Signed[Lease]
    grant: Signed[Grant]
    status: Signed[ConsentStatus]
    session: RedactedSession
    reported: Reported
    sealed: bytes
    bundle: SubmittedBundle
    approvals: tuple[Approval, ...]

    def claim(self) -> Claim:
        """What is shown to the gate."""
        return Claim(self.bundle, self.grant, self.status, self.approvals, self.policy, NOW_MS)

    def admitted(self) -> ExportBundle:
        """What the gate gives."""
        return admit(self.claim())

    def approved_by(self, *names: str) -> World:
        """The same world with approvals by the officers' keys of these names."""
        return replace(self, approvals=tuple(approved(self.bundle, self.policy, name) for name in names))

    def forged(self, part: str, **changes: object) -> World:
        """The same world after a hostile employee changed fields of `manifest`, `episode` or `report`.

        All digests and the signature are made anew, and the officers approve it as they approved the first.
        """
        parts = submission_parts(self.sealed)
        if part != "manifest":
            parts[part] = edited(parts[part], changes)
        parts["report"] = edited(parts["report"], {"episode_digest": digest(parts["episode"])})
        facts = {"episode_digest": digest(parts["episode"]), "report_digest": digest(parts["report"])}
        manifest = msgspec.structs.replace(self.bundle.manifest.document, **facts)
        if part == "manifest":
            manifest = msgspec.structs.replace(manifest, **changes)
        parts["manifest"] = sign(manifest, signing("employee")).data
        return self.resubmitted(resealed(parts))

    def resubmitted(self, sealed: bytes) -> World:
        """The same world with another sealed submission, opened by the exporter and approved by the same officers."""
        bundle = open_submission(sealed, opening("exporter"))
        names = [name for _, name in OFFICERS if signing(name).public.text in self._signers()]
        return replace(self, sealed=sealed, bundle=bundle).approved_by(*names)

    def _signers(self) -> set[str]:
        return {approval.decision.signer.text for approval in self.approvals}


@cache
def world(
    *,
    session: str = SESSION,
    approvals: int = 1,
    solo: bool = False,
    isolation: Isolation = Isolation.NETNS,
    purposes: tuple[str, ...] = ("agent training",),
) -> World:
    """A world in which one session was recorded, redacted, submitted and approved by as many officers as needed."""
    policy = sign(policy_document(approvals=approvals, solo=solo), signing("organisation"))
    lease = sign(lease_document(policy), signing("lease"))
    grant = sign(grant_document(policy, purposes), signing("employee"))
    status = sign(status_document(grant), signing("employee"))
    raw = recorded(session, policy, lease, grant)
    redacted, reported = redact(raw, tools(policy, isolation), _silent)
    facts = SubmissionFacts(grant, lease, policy, BEGAN_MS + 60_000)
    sealed = seal_submission(submit(redacted, reported, facts=facts, key=signing("employee")), policy.document)
    bundle = open_submission(sealed, opening("exporter"))
    shown = tuple(approved(bundle, policy, name) for _, name in OFFICERS[:approvals])
    return World(policy, lease, grant, status, redacted, reported, sealed, bundle, shown)


def policy_document(*, approvals: int = 1, solo: bool = False) -> Policy:
    """A complete policy."""
    officers = tuple(
        Officer(person=person, sealing_key=opening(name).public.text, signing_key=signing(name).public.text)
        for person, name in OFFICERS
    )
    exporter = Exporter(
        name="nightly", sealing_key=opening("exporter").public.text, signing_key=signing("exporter").public.text
    )
    return Policy(
        allowlist=AllowList(phrases=(), programmes=(), sites=()),
        approvals=approvals,
        created_ms=BEGAN_MS - 30 * DAY_MS,
        dpia="DPIA-7",
        drop_level=DROP_LEVEL,
        exporters=(exporter,),
        labels=(),
        lease_key=signing("lease").public.text,
        lease_ms=7 * DAY_MS,
        max_residual=0,
        max_unread_percent=100,
        officers=officers,
        organisation="Example Ltd",
        purposes=("agent training", "evaluation"),
        recipients=("research",),
        retention_days=90,
        sequence=1,
        solo=solo,
        status_ms=3 * DAY_MS,
        version=1,
    )


def lease_document(policy: Signed[Policy]) -> Lease:
    """A lease from a day before the recording to a day after."""
    return Lease(
        expires_ms=BEGAN_MS + DAY_MS,
        not_before_ms=BEGAN_MS - DAY_MS,
        policy_digest=policy.digest,
        sequence=1,
        solo=policy.document.solo,
        version=1,
    )


def grant_document(policy: Signed[Policy], purposes: tuple[str, ...]) -> Grant:
    """A grant from two days before the recording, for a year."""
    return Grant(
        consent_key=opening("consent").public.text,
        employee_key=signing("employee").public.text,
        expires_ms=BEGAN_MS + 365 * DAY_MS,
        given_ms=BEGAN_MS - 2 * DAY_MS,
        grant_id="5a" * 16,
        notice_digest=notice_digest(),
        person="pseudonym-1",
        policy_digest=policy.digest,
        purposes=purposes,
        recipients=policy.document.recipients,
        solo=policy.document.solo,
        sources=tuple(Source),
        version=1,
    )


def status_document(grant: Signed[Grant]) -> ConsentStatus:
    """A status of half an hour ago that says given."""
    return ConsentStatus(
        at_ms=NOW_MS - 1800 * 1000, grant_digest=grant.digest, sequence=4, standing=Standing.GIVEN, version=1
    )


def changed(signed: Signed[Any], key: str, **changes: object) -> Signed[Any]:
    """The document with changed fields, signed by the key of this name."""
    return sign(msgspec.structs.replace(signed.document, **changes), signing(key))


def approved(bundle: SubmittedBundle, policy: Signed[Policy], name: str, *, now_ms: int = NOW_MS - 60_000) -> Approval:
    """The approval by the officer's key of this name, after all images were shown."""
    shown = frozenset(image.digest for image in bundle.episode.images)
    return approve(bundle, policy, signing(name), shown=shown, now_ms=now_ms)


def resealed(parts: dict[str, Any]) -> bytes:
    """The parts of a submission, sealed to the exporter; anyone can do this, HPKE senders are anonymous."""
    return seal_envelope(msgspec.msgpack.encode(parts), (opening("exporter").public,), "submission")


def submission_parts(sealed: bytes) -> dict[str, Any]:
    """The parts of a sealed submission, as its form on the wire names them."""
    parts: dict[str, Any] = msgspec.msgpack.decode(open_envelope(sealed, opening("exporter"), "submission"))
    return parts


def edited(data: bytes, changes: dict[str, object]) -> bytes:
    """The canonical bytes of a document with changed fields."""
    return rfc8785.dumps(msgspec.json.decode(data) | changes)


def tools(policy: Signed[Policy], isolation: Isolation = Isolation.NETNS) -> Tools:
    """A reader that reads the button's name and nothing else, the real lexicon and detectors."""
    reader = FakeReader(((Word("Save", 0.99, Box(SAVE.x + 40, SAVE.y + 8, 40, 22)),),))
    return Tools(MaskTools(reader, load_lexicon(), light_detectors()), isolation, policy, light_detectors())


def recorded(session: str, policy: Signed[Policy], lease: Signed[Lease], grant: Signed[Grant]) -> RawSession:
    """The session, recorded into a queue in a temporary folder, sealed, and opened with the consent's key."""
    facts = SessionFacts(session, grant.digest, lease.digest, policy.digest)
    with tempfile.TemporaryDirectory() as place:
        folder = QueueFolder(Path(place) / "queue")
        sink = SealingSession(
            QueueWriter(folder),
            facts,
            consent=opening("consent").public,
            device=signing("device"),
            clocks=Clocks(lambda: BEGAN_MS, lambda: 0, lambda: 0),
            random=_counter(session),
            heard=unheard,
        )
        for event in events():
            sink.commit((event,))
        sink.close()
        reader = QueueReader(folder, (signing("device").public,))
        return open_session(reader, session, key=opening("consent"), grant=grant, lease=lease)


def events() -> tuple[RawEvent, ...]:
    """What happened: a click on Save, a chord, typing, a click on what is masked, a scroll, a gap, the end.

    Of the click and the chord it is told what they were taken on and what they did.
    """
    tiles = TileWriter(WIDTH, HEIGHT)
    first, second = tiles.write(grabbed(screen()), _ns(0.5)), tiles.write(grabbed(screen(dot=True)), _ns(6.0))
    frames = [frame for frame in (first, second) if frame is not None]
    window = Area(x=0, y=0, width=WIDTH, height=HEIGHT)
    return (
        SessionStarted(_ns(0), BEGAN_MS, 0, f"File a report for {CANARY}", "linux-x11", (MONITOR,)),
        WindowFocused(_ns(0.1), "ledger", CANARY, "https://intranet.example/people/9", window),
        frames[0],
        *_click(1.0, SAVE.x + 10, SAVE.y + 10),
        FrameBound(_ns(1.0), _ns(0.5), _ns(0.25)),
        ElementSeen(_ns(1.1), Purpose.CLICK, "push button", "Save", (), SAVE, ()),
        UiEffect(_ns(1.2), _ns(1.0), Effect.POPUP_OPENED, "dialog", "Save"),
        UiEffect(_ns(1.2), _ns(1.0), Effect.SELECTED, "list item", CANARY),
        ScreenSettled(_ns(1.8), _ns(1.0), _ns(0.5), settled=True),
        Key(_ns(2.0), "ctrl", "", pressed=True),
        Key(_ns(2.1), "s", "s", pressed=True),
        Key(_ns(2.2), "ctrl", "", pressed=False),
        Shortcut(_ns(2.1), ("ctrl", "s"), "Save", ("File", CANARY)),
        *(Key(_ns(3.0 + at / 50), char, char, pressed=True) for at, char in enumerate(CANARY)),
        frames[1],
        *_click(7.0, SECRET.x + 30, SECRET.y + 12),
        ElementSeen(_ns(7.1), Purpose.CLICK, "link", CANARY, (), SECRET, ()),
        PointerScrolled(_ns(9.0), 20, 300, 0, -3),
        Gap(_ns(10.0), _ns(12.0), GapReason.NOT_ALLOWED, "screen", 8),
        SessionEnded(_ns(20.0), "stopped", 30, 30, 0, 0),
    )


def screen(*, dot: bool = False) -> Screen:
    """A screen with a Save button and a line that no reader was told of; with a `dot` it has changed a little."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    draw.text((SAVE.x + 42, SAVE.y + 12), "Save", fill=(20, 20, 20), font_size=14)
    draw.text((SECRET.x + 4, SECRET.y + 6), CANARY, fill=(20, 20, 20), font_size=16)
    if dot:
        draw.ellipse((600, 360, 612, 372), fill=(200, 30, 30))
    return np.asarray(image).copy()


def grabbed(shown: Screen) -> Pixels:
    """A screen in the form in which a display gives it."""
    red, green, blue = (shown[:, :, channel].astype(np.uint32) for channel in range(3))
    return np.asarray(red << 16 | green << 8 | blue, np.uint32)


def _click(seconds: float, x: int, y: int) -> tuple[PointerButton, PointerButton]:
    press = PointerButton(_ns(seconds), x, y, Button.LEFT, pressed=True)
    return press, PointerButton(_ns(seconds + 0.05), x, y, Button.LEFT, pressed=False)


def _ns(seconds: float) -> int:
    return round(seconds * 1_000_000_000)


def _counter(seed: str) -> Callable[[int], bytes]:
    """Randomness that is always the same: one stream for each seed."""
    numbers = iter(range(1 << 16))
    return lambda size: hashlib.shake_256(f"{seed} {next(numbers)}".encode()).digest(size)


def unheard(_step: SegmentStep, _segment: str) -> None:
    """Hears of segments and keeps nothing."""


def _silent(_done: int, _all: int) -> None:
    return None
