"""What the policy does not bear stands against a submission, and each reason says what to do."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import pytest

from consent.documents import Policy
from redaction.redacted import Count, Episode, Report, Residual, Target
from redaction.reports.bounds import left_over, over_bounds
from tests.redaction.reports import IMAGES, LEFT, POLICY, episode, image, report, step

DIFFERENT: Final = "the report counts other images or masks than the session has"


def against(of: Report, *, session: Episode | None = None, **bounds: Any) -> tuple[str, ...]:  # noqa: ANN401
    """What stands against a report under a policy with these bounds."""
    policy: Policy = msgspec.structs.replace(POLICY, **bounds)
    return over_bounds(episode() if session is None else session, of, policy)


def test_nothing_stands_against_a_session_without_anything_left_over() -> None:
    assert against(report()) == ()


def test_one_place_left_over_is_one_too_many_for_the_usual_policy() -> None:
    (reason,) = against(report(residuals=(Residual("secret", "episode.instruction", 1),)))
    assert reason.startswith("redaction left something over in 1 places, and the policy bears 0; reject it")


@pytest.mark.parametrize(("bound", "reasons"), [(0, 1), (1, 1), (2, 0), (3, 0)])
def test_the_policy_says_how_many_places_left_over_it_bears(bound: int, reasons: int) -> None:
    assert len(against(report(residuals=(LEFT,)), max_residual=bound)) == reasons


def test_places_are_counted_over_all_fields_and_never_against_each_other() -> None:
    more = (LEFT, Residual("secret", "episode.instruction", 3), Residual("secret", "episode.instruction", -9))
    assert left_over(report(residuals=more)) == 5


@pytest.mark.parametrize(("bound", "images"), [(100, 0), (20, 0), (19, 1), (9, 2), (0, 2)])
def test_the_policy_says_how_much_of_an_image_may_be_unread(bound: int, images: int) -> None:
    said = "".join(against(report(), max_unread_percent=bound))
    assert said.startswith(
        f"on {images} images more than {bound} % of what was masked could not be read" * bool(images)
    )
    assert ("max_unread_percent" in said) is bool(images)


def test_an_image_of_which_nothing_was_read_passes_the_usual_policy() -> None:
    frames = tuple(msgspec.structs.replace(frame, unread_percent=100) for frame in report().frames)
    assert against(report(frames=frames)) == ()


def test_every_reason_is_given_at_once() -> None:
    assert len(against(report(residuals=(LEFT,), images=9), max_unread_percent=0)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"images": 2},
        {"masks": ()},
        {"masks": (Count("person", 3), Count("secret", 1), Count("unknown", 2))},
        {"frames": ()},
        {"frames": report().frames[:2]},
        {"frames": tuple(reversed(report().frames))},
        {"frames": report(episode(images=(IMAGES[0], image(1, "tax"), IMAGES[2]))).frames},
    ],
)
def test_a_report_that_counts_other_masks_than_the_images_have_stands_against_it(changes: dict[str, Any]) -> None:
    (reason,) = against(report(**changes))
    assert reason.startswith(DIFFERENT)


@pytest.mark.parametrize(
    ("session", "told", "field"),
    [
        (
            episode(steps=(step(target=Target("Save", None, "okonkwo")),)),
            report(),
            "target.role",
        ),
        (episode(), report(grant_digest="okonkwo"), "report.grant_digest"),
        (episode(), report(tool="\x1b[2J"), "report.tool"),
    ],
)
def test_a_field_that_holds_what_it_cannot_hold_is_named_without_what_it_holds(
    session: Episode, told: Report, field: str
) -> None:
    (reason,) = against(told, session=session)
    assert field in reason
    assert "okonkwo" not in reason
    assert reason.isprintable()
