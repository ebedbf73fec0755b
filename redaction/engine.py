"""Turns a raw session into a redacted one and its report. The only maker of both types.

A `RawSession` enters with the tools that read and decide; a `RedactedSession` and a `Reported` leave. Every field of
what leaves is built here from a redacted form; nothing is copied and then cleaned. If a tool raises, nothing leaves.

Rules of this file:
1. An action's image is the last frame before it. Only frames that an action needs are redacted and kept.
2. Typed text becomes one placeholder that hides its length. Chords and named keys stay; other keys count as text.
3. A click in a masked area loses its place and its target. Of a widget's name only interface phrases stay.
4. Programmes and sites are numbered within the session (`app-1`, `site-1`); paths and queries never leave.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from capture.events import Area, Frame, Gap, RawEvent
from redaction.intake import RawSession
from redaction.lexicon import Lexicon
from redaction.readers.base import Reader
from redaction.redacted import (
    Action,
    ActionKind,
    Count,
    Episode,
    Image,
    Isolation,
    Masked,
    Missed,
    Place,
    Rectangle,
    RedactedSession,
    Report,
    Reported,
    Step,
    Target,
    claim,
)
from redaction.roles import known_role
from redaction.spans import gravest
from redaction.steps import NAMED_KEYS, RawStep, build_steps
from vault.canonical import Document, canonical, digest, parse
from vault.envelope import open_envelope, seal_envelope
from vault.errors import BadInput
from vault.keys import OpeningKey, SealingKey, SigningKey, VerifyKey
from vault.signed import sign, verify

if TYPE_CHECKING:
    from redaction.detectors.base import Detector
    from redaction.pixels import MaskedFrame

_MINT: Final = claim()
_CONTEXT: Final = "redacted session"
PROFILE: Final = "strict"
TOOL: Final = "optin 0.1.0"
ROUND_MS: Final = 100
"""Times are rounded to this many milliseconds: exact intervals between keys identify people."""
GAP_SOURCES: Final = frozenset({"elements", "keyboard", "pointer", "recorder", "screen", "windows"})
GAP_NS: Final = 10_000_000_000
"""Gaps of one reason and source that are less than ten seconds apart are told as one."""
PLATFORMS: Final = frozenset({"linux-x11", "macos", "windows"})
MARGIN: Final = 1
"""Pixels around a click that must be free of masks for its place to stay."""

Progress = Callable[[int, int], None]
"""Called with frames done and frames in all."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What reads and decides; all of it must be there."""

    reader: Reader
    lexicon: Lexicon
    detectors: tuple[Detector, ...]
    isolation: Isolation


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


@dataclass(slots=True)
class _Numbers:
    """Numbers for names within one session: the first name seen is 1."""

    word: str
    seen: dict[str, int] = field(default_factory=dict)

    def number(self, raw_name: str) -> str:
        """The placeholder of a name; empty for none."""
        return f"{self.word}-{self.seen.setdefault(raw_name, len(self.seen) + 1)}" if raw_name else ""


@dataclass(slots=True)
class _Work:
    """One redaction under way: what turns raw fields into redacted ones, and counts."""

    raw: RawSession
    tools: Tools
    apps: _Numbers = field(default_factory=lambda: _Numbers("app"))
    sites: _Numbers = field(default_factory=lambda: _Numbers("site"))
    texts: Counter[str] = field(default_factory=Counter)
    masks: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    words: int = 0
    confidence: float = 0.0

    def time(self, at_ns: int) -> int:
        """Milliseconds since the session began, rounded."""
        return round((at_ns - self.raw.started.at_ns) / 1_000_000 / ROUND_MS) * ROUND_MS

    def label(self, raw_text: str) -> str:
        """A title or name, with all that is no interface phrase replaced by placeholders."""
        from redaction.text import mask_text  # the engine stays light until it is used

        masked = mask_text(raw_text, lexicon=self.tools.lexicon, detectors=self.tools.detectors)
        self.texts.update({str(category): number for category, number in masked.counts.items()})
        return masked.text

    def typed(self, raw_text: str) -> str:
        """The placeholder of a typed text: its category if a detector knows it, its length never."""
        from redaction.text import find_all, placeholder

        found = tuple(span.category for _, span in find_all(raw_text, self.tools.detectors))
        self.texts.update({str(gravest(found)): 1})
        return placeholder(gravest(found))


def redact(raw: RawSession, tools: Tools, progress: Progress) -> tuple[RedactedSession, Reported]:
    """The redacted session and its report; raises whatever a tool raises, and then nothing has left."""
    steps = _in_image(build_steps(raw.raw_events), raw.started.monitors)
    work = _Work(raw, tools)
    chosen = frames_before(raw, steps)
    images = _masked_images(work, frozenset(chosen) - {None}, progress)
    episode = _episode(work, steps, chosen, images)
    session = RedactedSession(episode, tuple(image.webp for image in images.values()), _MINT)
    return session, Reported(_report(work, episode), _MINT)


def _in_image(steps: tuple[RawStep, ...], monitors: tuple[Area, ...]) -> tuple[RawStep, ...]:
    """The steps with their places counted from the image's corner instead of the virtual screen's."""
    left, top = min((area.x for area in monitors), default=0), min((area.y for area in monitors), default=0)
    return tuple(step.shifted(-left, -top) for step in steps) if left or top else steps


@dataclass(frozen=True, slots=True)
class _MaskedImage:
    frame: Frame
    webp: bytes
    masked: tuple[Masked, ...]


def frames_before(raw: RawSession, steps: tuple[RawStep, ...]) -> tuple[int | None, ...]:
    """For each step the number of the last frame before it, None where there is none."""
    times = list(accumulate((event.at_ns for event in raw.raw_events if isinstance(event, Frame)), max))
    before = [bisect_right(times, step.at_ns) - 1 for step in steps]
    return tuple(number if number >= 0 else None for number in before)


def _masked_images(work: _Work, wanted: frozenset[int | None], progress: Progress) -> dict[int, _MaskedImage]:
    """The wanted frames by their number, masked and encoded."""
    from redaction.pixels import mask_frame  # the engine stays light until it is used

    images: dict[int, _MaskedImage] = {}
    progress(0, len(wanted))
    for number, (frame, screen) in enumerate(work.raw.raw_screens()):
        if number not in wanted:
            continue
        tools = work.tools
        masked = mask_frame(screen, reader=tools.reader, lexicon=tools.lexicon, detectors=tools.detectors)
        images[number] = _counted(work, frame, masked)
        progress(len(images), len(wanted))
    return images


def _counted(work: _Work, frame: Frame, masked: MaskedFrame) -> _MaskedImage:
    work.masks.update(str(mask.category) for mask in masked.masks)
    work.kept += len(masked.kept)
    work.confidence += masked.mean_confidence * masked.words_read
    work.words += masked.words_read
    places = tuple(
        Masked(
            category=str(mask.category),
            place=Rectangle(height=mask.box.height, width=mask.box.width, x=mask.box.x, y=mask.box.y),
        )
        for mask in masked.masks
    )
    return _MaskedImage(frame, _webp(masked), places)


def _webp(masked: MaskedFrame) -> bytes:
    """Lossless WebP of the masked pixels, without metadata."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(masked.pixels, "RGB").save(out, "WEBP", lossless=True, quality=20, method=2, exact=True)
    return out.getvalue()


def _episode(
    work: _Work, steps: tuple[RawStep, ...], chosen: tuple[int | None, ...], images: dict[int, _MaskedImage]
) -> Episode:
    places = {number: index for index, number in enumerate(images)}
    redacted = tuple(
        _step(work, index, step, image=None if number is None else (places[number], images[number]))
        for index, (step, number) in enumerate(zip(steps, chosen, strict=True))
    )
    last_ns = work.raw.raw_events[-1].at_ns
    return Episode(
        duration_ms=work.time(last_ns),
        ended=work.raw.ended,
        gaps=tuple(_missed(work, gap) for gap in _merged(work.raw.raw_events)),
        images=tuple(_image(work, image) for image in images.values()),
        instruction=work.label(work.raw.started.task),
        platform=work.raw.started.platform if work.raw.started.platform in PLATFORMS else "other",
        profile=PROFILE,
        session=work.raw.session,
        steps=redacted,
        version=1,
    )


def _step(work: _Work, index: int, step: RawStep, *, image: tuple[int, _MaskedImage] | None) -> Step:
    hidden = image is None or _is_masked(step.x, step.y, image[1].masked)
    raw_title = step.window.title if step.window else ""
    raw_url = step.window.url if step.window else ""
    return Step(
        action=_action(work, step, hidden=hidden, masked=() if image is None else image[1].masked),
        app=work.apps.number(step.window.app if step.window else ""),
        at_ms=work.time(step.at_ns),
        frame_age_ms=None if image is None else max(work.time(step.at_ns) - work.time(image[1].frame.at_ns), 0),
        image=None if image is None else image[0],
        index=index,
        site=work.sites.number(_raw_host(raw_url)),
        target=_target(work, step, hidden=hidden),
        window_title=work.label(raw_title) if raw_title else "",
    )


def _raw_host(raw_url: str) -> str:
    try:
        return urlsplit(raw_url).hostname or ""
    except ValueError:
        return ""


_PLACED: Final = frozenset(
    {
        ActionKind.CLICK,
        ActionKind.DOUBLE_CLICK,
        ActionKind.RIGHT_CLICK,
        ActionKind.MIDDLE_CLICK,
        ActionKind.DRAG,
        ActionKind.SCROLL,
    }
)


def _action(work: _Work, step: RawStep, *, hidden: bool, masked: tuple[Masked, ...]) -> Action:
    kind, keys, text = step.kind, step.keys, ""
    if kind is ActionKind.TYPE or not _are_named(kind, keys):
        kind, keys, text = ActionKind.TYPE, (), work.typed(step.raw_text)
    end = None if hidden or step.end is None or _is_masked(*step.end, masked) else Place(x=step.end[0], y=step.end[1])
    return Action(
        end=end,
        keys=keys,
        kind=kind,
        place=Place(x=step.x, y=step.y) if kind in _PLACED and not hidden else None,
        scroll_x=step.scroll_x,
        scroll_y=step.scroll_y,
        text=text,
    )


def _are_named(kind: ActionKind, keys: tuple[str, ...]) -> bool:
    """Whether the keys may be named: a named key, or a chord that ends in one or in one ASCII character."""
    if not keys or keys[-1] in NAMED_KEYS:
        return True
    return kind is ActionKind.HOTKEY and len(keys[-1]) == 1 and keys[-1].isascii() and keys[-1].isprintable()


def _target(work: _Work, step: RawStep, *, hidden: bool) -> Target | None:
    """The widget, where the accessibility tree gave one and the click was not in a masked area.

    A key's target keeps role and name only: the field that has the focus is no place that was pointed at.
    """
    if step.element is None or (step.kind in _PLACED and hidden):
        return None
    raw_name = step.element.name
    area = _rectangle(step.element.area) if step.kind in _PLACED else None
    return Target(name=work.label(raw_name) if raw_name else "", place=area, role=known_role(step.element.role))


def _rectangle(area: Area) -> Rectangle:
    return Rectangle(height=area.height, width=area.width, x=area.x, y=area.y)


def _is_masked(x: int, y: int, masked: tuple[Masked, ...]) -> bool:
    return any(
        mask.place.x - MARGIN <= x < mask.place.x + mask.place.width + MARGIN
        and mask.place.y - MARGIN <= y < mask.place.y + mask.place.height + MARGIN
        for mask in masked
    )


def _image(work: _Work, image: _MaskedImage) -> Image:
    return Image(
        at_ms=work.time(image.frame.at_ns),
        digest=digest(image.webp),
        height=image.frame.height,
        masks=image.masked,
        width=image.frame.width,
    )


def _merged(raw_events: tuple[RawEvent, ...]) -> tuple[Gap, ...]:
    """The gaps, where those of one reason and source that lie close together are one: their edges show a rhythm."""
    merged: list[Gap] = []
    for gap in (event for event in raw_events if isinstance(event, Gap)):
        alike = (at for at, old in enumerate(merged) if (old.reason, old.source) == (gap.reason, gap.source))
        last = max(alike, default=None)
        if last is None or gap.at_ns - merged[last].until_ns > GAP_NS:
            merged.append(gap)
        else:
            until_ns, count = max(merged[last].until_ns, gap.until_ns), merged[last].count + gap.count
            merged[last] = msgspec.structs.replace(merged[last], until_ns=until_ns, count=count)
    return tuple(merged)


def _missed(work: _Work, gap: Gap) -> Missed:
    """A gap without raw words; of keys it never says how many they were, which is the length of a password."""
    return Missed(
        count=min(gap.count, 1) if gap.source == "keyboard" else gap.count,
        from_ms=work.time(gap.at_ns),
        reason=gap.reason.value,
        source=gap.source if gap.source in GAP_SOURCES else "other",
        until_ms=work.time(gap.until_ns),
    )


def _report(work: _Work, episode: Episode) -> Report:
    tools = work.tools
    return Report(
        captured_from_ms=work.raw.started.wall_ms,
        captured_until_ms=work.raw.until_ms,
        detectors=tuple(sorted(detector.name for detector in tools.detectors)),
        episode_digest=digest(canonical(episode)),
        frames_recorded=sum(isinstance(event, Frame) for event in work.raw.raw_events),
        grant_digest=work.raw.grant.digest,
        images=len(episode.images),
        isolation=tools.isolation,
        kept_phrases=work.kept,
        lease_digest=work.raw.lease.digest,
        lexicon_digest=tools.lexicon.digest,
        masked_texts=_counts(work.texts),
        masks=_counts(work.masks),
        mean_confidence_percent=round(100 * work.confidence / work.words) if work.words else 0,
        policy_digest=work.raw.grant.document.policy_digest,
        profile=PROFILE,
        reader=f"{tools.reader.name} {tools.reader.version}",
        session=work.raw.session,
        tool=TOOL,
        version=1,
        words_read=work.words,
    )


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


def open_redacted(untrusted: bytes, key: OpeningKey, *, device: VerifyKey) -> tuple[RedactedSession, Reported]:
    """What `seal_redacted` sealed; `BadInput` if its parts do not belong together or this device did not make them."""
    try:
        stored = msgspec.msgpack.decode(open_envelope(untrusted, key, _CONTEXT), type=_Stored)
    except msgspec.DecodeError:
        raise BadInput("a redacted session is damaged; redact it again") from None
    episode, report = parse(stored.episode, Episode), parse(stored.report, Report)
    proof = verify(stored.proof, RedactionProof, device).document
    if (proof.episode_digest, proof.report_digest) != (digest(stored.episode), digest(stored.report)):
        raise BadInput("a redacted session is not the one that this device made; redact it again")
    if report.episode_digest != digest(stored.episode):
        raise BadInput("a report belongs to another session; redact it again")
    if tuple(image.digest for image in episode.images) != tuple(digest(image) for image in stored.images):
        raise BadInput("the images of a redacted session are not the ones that were made; redact it again")
    return RedactedSession(episode, stored.images, _MINT), Reported(report, _MINT)
