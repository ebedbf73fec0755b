"""Turns a raw session into a redacted one and its report. The only maker of both types.

A `RawSession` enters with the tools that read and decide; a `RedactedSession` and a `Reported` leave. Every field of
what leaves is built here from a redacted form; nothing is copied and then cleaned. If a tool raises, nothing leaves.

Rules of this file:
1. An action's image is the frame that was bound to it (`redaction.shown`). Only frames that an action needs are
   redacted and kept.
2. Typed text becomes the placeholders of what was found in it, each once, and what widgets did meanwhile does not
   leave. Chords and named keys stay; other keys count as text.
3. A click in a masked area loses its place, its target and what it did; so does one on a screen that had long differed
   from its image. Of a widget's name, a command and a menu only interface phrases stay.
4. Programmes and sites are numbered within the session (`app-1`, `site-1`), but for those that the policy's allow-list
   names; paths and queries never leave.
5. A screen that is classified at the policy's `drop_level` or above, by what is read on it or told of it, becomes no
   image. What was done there loses its place and every name. Labels below that level are masked like a secret.
6. All that was typed, told and read is examined before anything is masked; what was found anywhere is hunted in every
   field and on every screen (`redaction.taint`). The same person has the same placeholder in all of a session.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

import msgspec

from capture.events import Frame, WindowFocused
from redaction.classified import Classified
from redaction.examine import Examiner
from redaction.fields import (
    Screens,
    Seen,
    Tools,
    Work,
    dropped_of,
    image_of,
    merged_gaps,
    missed_of,
    scales_of,
    step_of,
)
from redaction.intake import RawSession
from redaction.lexicon import fold
from redaction.redacted import STRICT, ActionKind, Channel, Episode, RedactedSession, Report, Reported, claim
from redaction.reports.reporting import ReportFacts, report_of
from redaction.screens import Progress, mask_screens, read_screens, wanted_screens
from redaction.shown import Shown, shown_frames
from redaction.steps import RawStep, build_steps
from redaction.taint import Taint
from redaction.text import as_line
from redaction.told import Levels, is_told_classified, texts_of
from vault.canonical import Document, canonical, digest, parse
from vault.envelope import open_envelope, seal_envelope
from vault.errors import BadInput, Refused
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey
from vault.signed import sign, verify_self

if TYPE_CHECKING:
    from redaction.images.strips import Runs
    from redaction.readers.base import Reader

_MINT: Final = claim()
_CONTEXT: Final = "redacted session"
PLATFORMS: Final = frozenset({"linux-x11", "macos", "windows"})


class RedactionProof(Document, frozen=True):
    """What the device signs: that it made this episode, these images by their digests, and this report."""

    episode_digest: str
    report_digest: str
    version: int


class _Stored(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The form of a redacted session before it is sealed: proof, canonical episode and report, and the images."""

    episode: bytes
    images: tuple[bytes, ...]
    proof: bytes
    report: bytes


def redact(raw: RawSession, tools: Tools, progress: Progress) -> tuple[RedactedSession, Reported]:
    """The redacted session and its report; raises whatever a tool raises, and then nothing has left."""
    tools = _governed(raw, tools)
    steps = tuple(step.in_image() for step in build_steps(raw.raw_events))
    shown = shown_frames(raw.raw_events, steps)
    levels = Levels(tools.policy.document)
    wanted = wanted_screens(raw, steps, shown, levels)
    progress(0, 2 * len(wanted.about))
    taint = _taint(raw, steps, tools)
    wanted = read_screens(raw, wanted, tools.masking, heard=partial(_take_read, taint), progress=progress)
    work = Work(raw, tools, taint.detector())
    screens = mask_screens(work, wanted, levels=levels, progress=progress)
    episode = _episode(work, steps, shown, screens=screens, levels=levels)
    session = RedactedSession(episode, tuple(image.webp for image in screens.images.values()), _MINT)
    return session, Reported(_report(work, steps, episode, screens=screens), _MINT)


def _governed(raw: RawSession, tools: Tools) -> Tools:
    """The tools under the policy's own words; `Refused` if it is not the policy that consent was given under."""
    if tools.policy.digest != raw.grant.document.policy_digest:
        raise Refused("the policy is not the one that the session was recorded under; fetch that one or record again")
    policy, masking = tools.policy.document, tools.masking
    detectors = (*masking.detectors, Classified(policy.labels))
    lexicon = masking.lexicon.including(policy.allowlist.phrases)
    return replace(tools, masking=replace(masking, detectors=detectors, labels=policy.labels, lexicon=lexicon))


def _taint(raw: RawSession, steps: tuple[RawStep, ...], tools: Tools) -> Taint:
    """What was found in all that was typed and told."""
    programmes = frozenset(fold(event.app) for event in raw.raw_events if isinstance(event, WindowFocused))
    taint = Taint(Examiner(tools.detectors), tools.masking.lexicon, programmes)
    taint.take_typed((raw.started.task,))
    taint.take_typed(text for step in steps for text in _typed_texts(step))
    taint.take_shown(as_line(text) for event in raw.raw_events for text in texts_of(event))
    taint.take_shown(unquote(event.url) for event in raw.raw_events if isinstance(event, WindowFocused))
    taint.take_shown(as_line(text) for step in steps for text in (step.raw_command, *step.raw_menu))
    return taint


def _typed_texts(step: RawStep) -> tuple[str, ...]:
    """All that may have stood in the field that a step typed into, deleted text too."""
    return (step.raw_text,) if step.typed is None else (step.raw_text, *step.typed.raw_texts)


def _take_read(taint: Taint, runs: Runs) -> None:
    taint.take_shown(line.text for line in runs.lines)


def _episode(
    work: Work,
    steps: tuple[RawStep, ...],
    shown: tuple[Shown, ...],
    *,
    screens: Screens,
    levels: Levels,
) -> Episode:
    redacted = tuple(
        step_of(work, index, step, seen=_seen(step, one, screens, levels=levels))
        for index, (step, one) in enumerate(zip(steps, shown, strict=True))
    )
    last_ns = work.raw.raw_events[-1].at_ns
    gaps = (*(missed_of(work, gap) for gap in merged_gaps(work.raw.raw_events)), *dropped_of(work, screens.dropped))
    return Episode(
        duration_ms=work.time(last_ns),
        ended=work.raw.ended,
        gaps=gaps,
        images=tuple(image_of(work, image) for image in screens.images.values()),
        instruction=work.label(work.raw.started.task, Channel.INSTRUCTION) if work.raw.started.task else "",
        platform=work.raw.started.platform if work.raw.started.platform in PLATFORMS else "other",
        profile=STRICT,
        scale_percent=scales_of(work.raw.started.monitors),
        session=work.raw.session,
        steps=redacted,
        version=1,
    )


def _seen(step: RawStep, shown: Shown, screens: Screens, *, levels: Levels) -> Seen:
    """The images of a step, by their numbers in the episode."""
    places, images = screens.places, screens.images
    is_dropped = any(number is not None and number not in images for number in (shown.before, shown.after))
    return Seen(
        before=None if shown.before not in images else (places[shown.before], images[shown.before]),
        stale_ns=shown.stale_ns if shown.before in images else None,
        after=None if shown.after is None else places.get(shown.after),
        is_classified=is_dropped or is_told_classified(step, levels),
    )


def _report(work: Work, steps: tuple[RawStep, ...], episode: Episode, *, screens: Screens) -> Report:
    tools, masking, examiner = work.tools, work.tools.masking, work.tainted.taint.examiner
    allowlist = tools.policy.document.allowlist
    facts = ReportFacts(
        captured_from_ms=work.raw.started.wall_ms,
        captured_until_ms=work.raw.until_ms,
        grant_digest=work.raw.grant.digest,
        lease_digest=work.raw.lease.digest,
        policy_digest=work.raw.grant.document.policy_digest,
        lexicon_digest=masking.lexicon.digest,
        reader=_named(masking.reader),
        verifier="" if masking.verifier is None else _named(masking.verifier.reader),
        isolation=tools.isolation,
        frames_recorded=sum(isinstance(event, Frame) for event in work.raw.raw_events),
        frames_dropped=len(screens.dropped),
        frames=tuple(image.facts for image in screens.images.values()),
        texts=work.texts,
        entities=tuple(work.counted()),
        detectors=examiner.found,
        texts_examined=examiner.examined,
        parts=tools.parts,
        actions_without_widget=sum(step.element is None for step in steps if step.kind is not ActionKind.DONE),
    )
    # A model would now and then take an interface phrase for a name; what decided on the phrases looks again instead.
    return report_of(
        episode,
        facts,
        examine=Examiner(masking.detectors).examine,
        hunt=work.tainted.hunt,
        allowed=frozenset((*allowlist.programmes, *allowlist.sites)),
    )


def _named(reader: Reader) -> str:
    """An engine's name and version."""
    return f"{reader.name} {reader.version}"


def seal_redacted(session: RedactedSession, reported: Reported, key: SealingKey, *, device: SigningKey) -> bytes:
    """The session and its report, signed by the device and sealed to the consent's public key.

    So withdrawal makes them unreadable too, and nobody who has only the public key can plant a session.
    """
    episode, report = canonical(session.episode), canonical(reported.report)
    proof = RedactionProof(episode_digest=digest(episode), report_digest=digest(report), version=1)
    stored = _Stored(episode, session.images, sign(proof, device).data, report)
    return seal_envelope(msgspec.msgpack.encode(stored), (key,), _CONTEXT)


def open_redacted(
    untrusted: bytes, key: OpeningKey, *, devices: tuple[VerifyKey, ...]
) -> tuple[RedactedSession, Reported]:
    """What `seal_redacted` sealed; `BadInput` if its parts do not belong together or none of the devices made them."""
    try:
        stored = msgspec.msgpack.decode(open_envelope(untrusted, key, _CONTEXT), type=_Stored)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput("a redacted session is damaged; redact it again") from None
    episode, report = parse(stored.episode, Episode), parse(stored.report, Report)
    signed = verify_self(stored.proof, RedactionProof)
    if signed.signer.raw not in {device.raw for device in devices}:
        raise BadInput("a redacted session is signed by another key than this device's; redact it again")
    proof = signed.document
    if (proof.episode_digest, proof.report_digest) != (digest(stored.episode), digest(stored.report)):
        raise BadInput("a redacted session is not the one that this device made; redact it again")
    if report.episode_digest != digest(stored.episode):
        raise BadInput("a report belongs to another session; redact it again")
    if tuple(image.digest for image in episode.images) != tuple(digest(image) for image in stored.images):
        raise BadInput("the images of a redacted session are not the ones that were made; redact it again")
    return RedactedSession(episode, stored.images, _MINT), Reported(report, _MINT)
