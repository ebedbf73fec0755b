"""Turns a raw session into a redacted one and its report. The only maker of both types.

A `RawSession` enters with the tools that read and decide; a `RedactedSession` and a `Reported` leave. Every field of
what leaves is built here from a redacted form; nothing is copied and then cleaned. If a tool raises, nothing leaves.

Rules of this file:
1. An action's image is the frame that was bound to it (`redaction.shown`). Only frames that an action needs are
   redacted and kept.
2. Typed text becomes one placeholder that hides its length, and what widgets did meanwhile does not leave. Chords and
   named keys stay; other keys count as text.
3. A click in a masked area loses its place, its target and what it did; so does one on a screen that had long differed
   from its image. Of a widget's name, a command and a menu only interface phrases stay.
4. Programmes and sites are numbered within the session (`app-1`, `site-1`); paths and queries never leave.
5. A screen that is classified at the policy's `drop_level` or above, by what is read on it or told of it, becomes no
   image. What was done there loses its place and every name. Labels below that level are masked like a secret.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec

from capture.events import Frame
from redaction.classified import Classified
from redaction.fields import (
    MaskedImage,
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
from redaction.redacted import (
    STRICT,
    TOOL,
    Count,
    Episode,
    Masked,
    Rectangle,
    RedactedSession,
    Report,
    Reported,
    claim,
)
from redaction.shown import Shown, shown_frames
from redaction.steps import RawStep, build_steps
from redaction.told import Levels, dropped_frames, is_told_classified, of_same_windows, widgets_on
from vault.canonical import Document, canonical, digest, parse
from vault.envelope import open_envelope, seal_envelope
from vault.errors import BadInput, Refused
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey
from vault.signed import sign, verify_self

if TYPE_CHECKING:
    from redaction.pixels import MaskedFrame
    from redaction.readers.base import Reader

_MINT: Final = claim()
_CONTEXT: Final = "redacted session"
PLATFORMS: Final = frozenset({"linux-x11", "macos", "windows"})
Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""


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
    work = Work(raw, _governed(raw, tools))
    steps = tuple(step.in_image() for step in build_steps(raw.raw_events))
    shown = shown_frames(raw.raw_events, steps)
    levels = Levels(tools.policy.document)
    screens = _masked_screens(work, steps, shown, levels=levels, progress=progress)
    episode = _episode(work, steps, shown, screens=screens, levels=levels)
    session = RedactedSession(episode, tuple(image.webp for image in screens.images.values()), _MINT)
    return session, Reported(_report(work, episode, screens), _MINT)


def needed_frames(shown: tuple[Shown, ...]) -> frozenset[int]:
    """The numbers of the frames that become images."""
    numbers = (number for one in shown for number in (one.before, one.after))
    return frozenset(number for number in numbers if number is not None)


def _governed(raw: RawSession, tools: Tools) -> Tools:
    """The tools under the policy's own labels; `Refused` if it is not the policy that consent was given under."""
    if tools.policy.digest != raw.grant.document.policy_digest:
        raise Refused("the policy is not the one that the session was recorded under; fetch that one or record again")
    labels = tools.policy.document.labels
    detectors = (*tools.masking.detectors, Classified(labels))
    return replace(tools, masking=replace(tools.masking, detectors=detectors, labels=labels))


def _masked_screens(
    work: Work, steps: tuple[RawStep, ...], shown: tuple[Shown, ...], *, levels: Levels, progress: Progress
) -> Screens:
    """The frames that steps need, masked and encoded, but for those that are classified too highly."""
    from redaction.pixels import Masker  # the engine stays light until it is used

    events, masker = work.raw.raw_events, Masker(work.tools.masking)
    wanted, widgets = needed_frames(shown), widgets_on(steps, shown)
    told = dropped_frames(events, steps, shown, levels=levels)
    images: dict[int, MaskedImage] = {}
    frames: dict[int, Frame] = {}
    progress(0, len(wanted))
    for number, (frame, screen) in enumerate(work.raw.raw_screens()):
        if number not in wanted:
            continue
        frames[number] = frame
        masked = None if number in told else masker.mask(screen, widgets=widgets.get(number, ()))
        if masked is not None and not levels.drops(masked.level):
            images[number] = _image(frame, masked)
        progress(len(frames), len(wanted))
    dropped = of_same_windows(events, frozenset(frames.keys() - images.keys() - told))
    kept = {number: image for number, image in images.items() if number not in dropped}
    return Screens(kept, tuple(frame for number, frame in frames.items() if number not in kept))


def _image(frame: Frame, masked: MaskedFrame) -> MaskedImage:
    places = tuple(
        Masked(
            category=str(mask.category),
            place=Rectangle(height=mask.box.height, width=mask.box.width, x=mask.box.x, y=mask.box.y),
        )
        for mask in masked.masks
    )
    return MaskedImage(
        frame,
        _webp(masked),
        places,
        kept=len(masked.kept),
        words=masked.words_read,
        confidence=masked.mean_confidence,
        second=masked.second_findings,
    )


def _webp(masked: MaskedFrame) -> bytes:
    """Lossless WebP of the masked pixels, without metadata."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(masked.pixels, "RGB").save(out, "WEBP", lossless=True, quality=20, method=2, exact=True)
    return out.getvalue()


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
        instruction=work.label(work.raw.started.task),
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


def _report(work: Work, episode: Episode, screens: Screens) -> Report:
    tools, masking = work.tools, work.tools.masking
    images = tuple(screens.images.values())
    words = sum(image.words for image in images)
    return Report(
        captured_from_ms=work.raw.started.wall_ms,
        captured_until_ms=work.raw.until_ms,
        detectors=tuple(sorted(detector.name for detector in masking.detectors)),
        episode_digest=digest(canonical(episode)),
        frames_dropped=len(screens.dropped),
        frames_recorded=sum(isinstance(event, Frame) for event in work.raw.raw_events),
        grant_digest=work.raw.grant.digest,
        images=len(episode.images),
        isolation=tools.isolation,
        kept_phrases=sum(image.kept for image in images),
        lease_digest=work.raw.lease.digest,
        lexicon_digest=masking.lexicon.digest,
        masked_texts=_counts(work.texts),
        masks=_counts(Counter(mask.category for image in images for mask in image.masked)),
        mean_confidence_percent=round(100 * sum(image.confidence * image.words for image in images) / max(words, 1)),
        policy_digest=work.raw.grant.document.policy_digest,
        profile=STRICT,
        reader=_named(masking.reader),
        second_findings=sum(image.second for image in images),
        session=work.raw.session,
        tool=TOOL,
        verifier="" if masking.verifier is None else _named(masking.verifier.reader),
        version=1,
        words_read=words,
    )


def _named(reader: Reader) -> str:
    """An engine's name and version."""
    return f"{reader.name} {reader.version}"


def _counts(counter: Counter[str]) -> tuple[Count, ...]:
    return tuple(Count(category=category, number=counter[category]) for category in sorted(counter))


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
