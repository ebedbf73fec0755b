"""Makes the report of a redaction: an episode and what was counted on the way enter, the `Report` leaves. Pure.

Whatever the episode itself shows (masks, moments, gaps) is counted from the episode, so that the report cannot tell of
another one. The last look at every field (`redaction.reports.residual`) is taken here: there is no report without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from redaction.detectors.base import Detector
from redaction.redacted import (
    TOOL,
    Channel,
    DetectorCount,
    EntityCount,
    Episode,
    FrameReport,
    Isolation,
    NotExamined,
    Part,
    Report,
    TextCount,
)
from redaction.reports.bounds import masks_of
from redaction.reports.residual import Examine, residuals
from redaction.spans import Category
from vault.canonical import canonical, digest

BINS: Final = 10
"""Stretches of equal length into which the reader's confidence is counted."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What masking one image counted: phrases kept, words read, how sure the reader was of them, and what it missed.

    `confidence` (0 to 1) is the mean, `bins` what `bins_of` gives; `second` counts what the second engine took.
    `unread_percent` is the share, by area, of what was masked that no engine had read.
    """

    kept: int
    words: int
    confidence: float
    bins: tuple[int, ...]
    second: int
    unread_percent: int


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the episode does not tell: where it came from, what it was made with, and what was counted.

    `frames` has the order of the episode's images. `texts` counts what was masked by channel and category, `entities`
    are category, number of different ones and of all; `detectors` counts findings by detector, each of which examined
    `texts_examined` different texts. `actions_without_widget` counts those of which no accessibility tree told it.
    """

    captured_from_ms: int
    captured_until_ms: int
    grant_digest: str
    lease_digest: str
    policy_digest: str
    lexicon_digest: str
    reader: str
    verifier: str
    isolation: Isolation
    frames_recorded: int
    frames_dropped: int
    frames: tuple[FrameFacts, ...]
    texts: Mapping[tuple[Channel, Category], int]
    entities: tuple[tuple[Category, int, int], ...]
    detectors: Mapping[str, int]
    texts_examined: int
    parts: tuple[Part, ...]
    actions_without_widget: int


def bins_of(confidences: Iterable[float]) -> tuple[int, ...]:
    """How many of these confidences (0 to 1) lie in each tenth; exactly 1 belongs to the last."""
    counts = Counter(min(max(int(confidence * BINS), 0), BINS - 1) for confidence in confidences)
    return tuple(counts[number] for number in range(BINS))


def report_of(
    episode: Episode,
    facts: ReportFacts,
    *,
    examine: Examine,
    hunt: Detector,
    allowed: frozenset[str] = frozenset(),
) -> Report:
    """The report, after a last look at every field of the episode and of itself; a detector's failure is raised.

    `allowed` are names of programmes and sites that may stand in the episode, since the policy says so.
    """
    report = _counted(episode, facts)
    left = residuals((episode, report), examine=examine, hunt=hunt, allowed=allowed)
    return msgspec.structs.replace(report, residuals=left)


def _counted(episode: Episode, facts: ReportFacts) -> Report:
    words = sum(frame.words for frame in facts.frames)
    sure = sum(frame.confidence * frame.words for frame in facts.frames)
    return Report(
        captured_from_ms=facts.captured_from_ms,
        captured_until_ms=facts.captured_until_ms,
        confidence=tuple(map(sum, zip(*(frame.bins for frame in facts.frames), strict=True))) or (0,) * BINS,
        detectors=tuple(
            DetectorCount(detector=name, findings=facts.detectors[name], texts=facts.texts_examined)
            for name in sorted(facts.detectors)
        ),
        entities=tuple(
            EntityCount(category=category, distinct=distinct, found=found)
            for category, distinct, found in sorted(facts.entities)
        ),
        episode_digest=digest(canonical(episode)),
        frames=frames_of(episode, facts.frames),
        frames_dropped=facts.frames_dropped,
        frames_recorded=facts.frames_recorded,
        grant_digest=facts.grant_digest,
        images=len(episode.images),
        isolation=facts.isolation,
        kept_phrases=sum(frame.kept for frame in facts.frames),
        lease_digest=facts.lease_digest,
        lexicon_digest=facts.lexicon_digest,
        masks=masks_of(episode.images),
        mean_confidence_percent=round(100 * sure / max(words, 1)),
        not_examined=_not_examined(episode, facts),
        parts=tuple(sorted(facts.parts, key=_by_name)),
        policy_digest=facts.policy_digest,
        profile=episode.profile,
        reader=facts.reader,
        residuals=(),
        second_findings=sum(frame.second for frame in facts.frames),
        session=episode.session,
        texts=tuple(
            TextCount(category=category, channel=channel, number=number)
            for (channel, category), number in sorted(facts.texts.items(), key=_by_channel)
        ),
        tool=TOOL,
        verifier=facts.verifier,
        version=1,
        words_read=words,
    )


def _by_name(part: Part) -> tuple[str, str]:
    return part.name, part.version


def _by_channel(entry: tuple[tuple[Channel, Category], int]) -> tuple[str, str]:
    (channel, category), _ = entry
    return channel.value, category


def frames_of(episode: Episode, facts: tuple[FrameFacts, ...]) -> tuple[FrameReport, ...]:
    """What is told of each image."""
    return tuple(
        FrameReport(
            at_ms=image.at_ms,
            confidence_percent=round(100 * one.confidence),
            image=number,
            kept_phrases=one.kept,
            masks=masks_of((image,)),
            second_findings=one.second,
            unread_percent=one.unread_percent,
            words_read=one.words,
        )
        for number, (image, one) in enumerate(zip(episode.images, facts, strict=True))
    )


def _not_examined(episode: Episode, facts: ReportFacts) -> tuple[NotExamined, ...]:
    """What no engine or detector looked at, and why: screens, stretches that were not captured, and places."""
    counts = Counter((gap.source, gap.reason) for gap in episode.gaps if gap.reason != "classified")
    counts["screen", "classified"] = facts.frames_dropped
    counts["screen", "not_needed"] = facts.frames_recorded - facts.frames_dropped - len(episode.images)
    counts["screen", "unread"] = sum(frame.unread_percent > 0 for frame in facts.frames)
    counts["elements", "no_widget"] = facts.actions_without_widget
    return tuple(
        NotExamined(number=number, reason=reason, source=source)
        for (source, reason), number in sorted(counts.items())
        if number > 0
    )
