"""What stands against a submission before anybody approves it or lets it leave: left-overs, unread places, misfits.

An episode, its report and the policy enter; reasons leave, each with what to do. Pure, and light enough for a machine
on which nothing is redacted. Approval, the gate and the report's page ask here, so that they never differ.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from consent.documents import Policy
from redaction.redacted import Count, Episode, Image, Report
from redaction.reports.walking import misformed, text_fields


def over_bounds(episode: Episode, report: Report, policy: Policy) -> tuple[str, ...]:
    """Why this must not be approved or exported, as half sentences; empty when nothing stands against it."""
    return tuple(_reasons(episode, report, policy))


def left_over(report: Report) -> int:
    """In how many places the last look of the redaction found something."""
    return sum(max(residual.number, 0) for residual in report.residuals)


def masks_of(images: Iterable[Image]) -> tuple[Count, ...]:
    """The masks on all of these images by category."""
    counts = Counter(mask.category for image in images for mask in image.masks)
    return tuple(Count(category=category, number=counts[category]) for category in sorted(counts))


def _reasons(episode: Episode, report: Report, policy: Policy) -> Iterator[str]:
    if left_over(report) > policy.max_residual:
        yield (
            f"redaction left something over in {left_over(report)} places, and the policy bears "
            f"{policy.max_residual}; reject it, and let the task be recorded again"
        )
    unread = sum(frame.unread_percent > policy.max_unread_percent for frame in report.frames)
    if unread:
        yield (
            f"on {unread} images more than {policy.max_unread_percent} % of what was masked could not be read, which "
            "the policy does not bear; reject it, or ask for a policy with a higher max_unread_percent"
        )
    wrong = misformed((*text_fields(episode), *text_fields(report)))
    if wrong:
        fields = ", ".join(sorted({field.path for field in wrong}))
        yield f"fields hold what they cannot hold ({fields}); reject it, and redact with an Optin of the same version"
    if not _fit(episode, report):
        yield "the report counts other images or masks than the session has; reject it"


def _fit(episode: Episode, report: Report) -> bool:
    """Whether what the officer reads in the report is what the session shows."""
    told = tuple((frame.image, frame.at_ms, frame.masks) for frame in report.frames)
    shown = tuple((number, image.at_ms, masks_of((image,))) for number, image in enumerate(episode.images))
    return told == shown and (report.images, report.masks) == (len(episode.images), masks_of(episode.images))
