"""An approval is made by an officer of the policy, over one bundle, after every image was shown."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from export.gate import Claim, admit
from review.approval import Decision, Verdict, approve, reject, verify_approval, verify_decision
from tests.world import NOW_MS, approved, changed, signing, world
from vault.errors import BadInput, Refused
from vault.signed import sign


def test_an_approval_reads_back_as_it_was_signed() -> None:
    a_world = world()
    approval = approved(a_world.bundle, a_world.policy, "officer-ben")
    assert verify_approval(approval.decision.data, a_world.policy).decision.document == approval.decision.document


def test_an_approval_names_the_bundle_the_report_and_every_image() -> None:
    a_world = world()
    decision = approved(a_world.bundle, a_world.policy, "officer-ben").decision.document
    assert decision.bundle_digest == a_world.bundle.digest
    assert decision.report_digest == a_world.bundle.manifest.document.report_digest
    assert decision.frames_shown == tuple(image.digest for image in a_world.bundle.episode.images)
    assert decision.officer == "ben"


def test_nobody_approves_what_was_not_shown() -> None:
    a_world = world()
    shown = frozenset({a_world.bundle.episode.images[0].digest})
    with pytest.raises(Refused, match="1 of its images were not shown yet"):
        approve(a_world.bundle, a_world.policy, signing("officer-anna"), shown=shown, now_ms=NOW_MS)


LEFT_OVER = [{"category": "person", "field": "episode.steps[].window_title", "number": 1}]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"residuals": LEFT_OVER}, "redaction left something over in 1 places"),
        ({"kept_phrases": 0, "images": 9}, "the report counts other images or masks"),
        ({"reader": "\u202e"}, "fields hold what they cannot hold"),
    ],
)
def test_nobody_approves_what_the_policy_does_not_bear(changes: dict[str, object], reason: str) -> None:
    bundle = replace(world(), approvals=()).forged("report", **changes).bundle
    with pytest.raises(Refused, match=f"^not approved: {reason}.*; reject it"):
        approved(bundle, world().policy, "officer-anna")


def test_nobody_approves_an_image_that_is_unread_beyond_the_policys_bound() -> None:
    a_world = world()
    frames = [msgspec.to_builtins(frame) | {"unread_percent": 31} for frame in a_world.bundle.report.frames]
    bundle = replace(a_world, approvals=()).forged("report", frames=frames).bundle
    policy = changed(a_world.policy, "organisation", max_unread_percent=30)
    with pytest.raises(Refused, match="on 2 images more than 30 % of what was masked could not be read"):
        approved(bundle, policy, "officer-anna")
    borne = changed(policy, "organisation", max_unread_percent=31)
    assert approved(bundle, borne, "officer-anna").decision.document.bundle_digest == bundle.digest


def test_what_the_policy_bears_may_be_approved() -> None:
    a_world = world()
    bundle = replace(a_world, approvals=()).forged("report", residuals=LEFT_OVER).bundle
    policy = changed(a_world.policy, "organisation", max_residual=1)
    assert approved(bundle, policy, "officer-anna").decision.document.bundle_digest == bundle.digest


@pytest.mark.parametrize("name", ["stranger", "employee", "exporter", "organisation"])
def test_only_an_officer_of_the_policy_approves(name: str) -> None:
    a_world = world()
    with pytest.raises(Refused, match="does not name you as a privacy officer"):
        approved(a_world.bundle, a_world.policy, name)


def test_an_approval_forged_by_a_stranger_is_no_approval() -> None:
    a_world = world()
    forged = changed(a_world.approvals[0].decision, "stranger")
    with pytest.raises(BadInput, match="not signed by a privacy officer whom the policy names"):
        verify_approval(forged.data, a_world.policy)


def test_an_approval_with_an_exchanged_digest_is_damaged() -> None:
    a_world = world()
    data = a_world.approvals[0].decision.data.replace(a_world.bundle.digest.encode(), b"0" * 64)
    with pytest.raises(BadInput, match="a signature does not hold"):
        verify_approval(data, a_world.policy)


def test_a_rejection_is_never_an_approval() -> None:
    a_world = world()
    rejection = reject(a_world.bundle, a_world.policy, signing("officer-anna"), reason="a name shows", now_ms=NOW_MS)
    with pytest.raises(Refused, match="the officer rejected this submission"):
        verify_approval(rejection.data, a_world.policy)


def test_a_rejection_carries_its_reason_to_the_employee() -> None:
    a_world = world()
    rejection = reject(a_world.bundle, a_world.policy, signing("officer-anna"), reason="a name shows", now_ms=NOW_MS)
    decision = verify_decision(rejection.data, a_world.policy).document
    assert (decision.verdict, decision.reason) == (Verdict.REJECTED, "a name shows")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_rejection_needs_a_reason(reason: str) -> None:
    a_world = world()
    with pytest.raises(Refused, match="needs a reason"):
        reject(a_world.bundle, a_world.policy, signing("officer-anna"), reason=reason, now_ms=NOW_MS)


def test_a_document_of_another_kind_is_no_approval() -> None:
    a_world = world()
    with pytest.raises(BadInput, match="another document"):
        verify_approval(sign(a_world.policy.document, signing("officer-anna")).data, a_world.policy)


def test_the_approval_of_an_officer_who_left_the_policy_admits_nothing() -> None:
    a_world = world()
    ben_only = changed(a_world.policy, "organisation", officers=a_world.policy.document.officers[1:2])
    with pytest.raises(BadInput, match="not signed by a privacy officer"):
        verify_approval(a_world.approvals[0].decision.data, ben_only)


def test_a_decision_that_the_officer_made_about_fewer_images_admits_nothing() -> None:
    a_world = world()
    decision = a_world.approvals[0].decision
    fewer = changed(decision, "officer-anna", frames_shown=decision.document.frames_shown[:1])
    approval = verify_approval(fewer.data, a_world.policy)
    with pytest.raises(Refused, match="not every image was shown"):
        admit(Claim(a_world.bundle, a_world.grant, a_world.status, (approval,), a_world.policy, NOW_MS))


def test_the_form_of_a_decision_is_closed() -> None:
    data = world().approvals[0].decision.data.replace(b'"version":1', b'"extra":1,"version":1', 1)
    with pytest.raises(BadInput, match="damaged or from another version"):
        verify_decision(data, world().policy)


def test_a_decision_holds_no_captured_content() -> None:
    assert set(Decision.__struct_fields__) == {
        "bundle_digest",
        "decided_ms",
        "expires_ms",
        "frames_shown",
        "officer",
        "policy_digest",
        "reason",
        "report_digest",
        "solo",
        "verdict",
        "version",
    }
