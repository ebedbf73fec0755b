"""The gate admits a complete world, and says no, with the reason, to every world in which one thing is wrong."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any, Final

import msgspec
import pytest

from consent.documents import Label, Standing
from export.gate import Claim, admit
from redaction.redacted import Isolation
from redaction.submission import SubmissionFacts, submit
from review.approval import verify_approval
from tests.world import BEGAN_MS, DAY_MS, NOW_MS, approved, changed, signing, world
from vault.canonical import canonical, digest
from vault.errors import Refused

ABSENT: Final[dict[str, Any]] = {"policy": None, "grant": None, "status": None, "bundle": None, "approvals": ()}
SAID: Final = {
    "policy": "policy: there is none",
    "grant": "grant: the employee's consent is missing",
    "status": "status: there is no consent status",
    "bundle": "redaction: no redacted session was submitted",
    "approvals": "approval: no privacy officer approved",
}
PARTIAL: Final = [missing for size in range(1, len(ABSENT) + 1) for missing in combinations(ABSENT, size)]


def refusal(claim: Claim) -> str:
    """What the gate says when it refuses this claim."""
    with pytest.raises(Refused) as caught:
        admit(claim)
    return str(caught.value)


def test_a_complete_world_is_admitted() -> None:
    a_world = world()
    admitted = admit(a_world.claim())
    assert admitted.bundle is a_world.bundle


@pytest.mark.parametrize("missing", PARTIAL, ids="-".join)
def test_every_partial_set_is_refused_and_each_missing_part_named(missing: tuple[str, ...]) -> None:
    said = refusal(replace(world().claim(), **{part: ABSENT[part] for part in missing}))
    assert [part for part in SAID if SAID[part] in said] == [part for part in SAID if part in missing]


def test_there_are_as_many_partial_sets_as_there_can_be() -> None:
    assert len(PARTIAL) == 2 ** len(ABSENT) - 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"employee_key": signing("stranger").public.text}, "not signed by the employee's key"),
        ({"policy_digest": "0" * 64}, "the policy changed since consent was given"),
        ({"expires_ms": NOW_MS}, "consent has expired"),
        ({"given_ms": NOW_MS + DAY_MS}, "lies in the future"),
        ({"purposes": ("selling",)}, "a purpose that the policy does not have"),
        ({"solo": True}, "solo"),
    ],
)
def test_a_grant_with_one_wrong_field_is_refused(changes: dict[str, object], reason: str) -> None:
    a_world = world()
    assert reason in refusal(replace(a_world.claim(), grant=changed(a_world.grant, "employee", **changes)))


def test_a_grant_signed_by_another_employee_is_refused() -> None:
    a_world = world()
    other = changed(a_world.grant, "colleague", employee_key=signing("colleague").public.text)
    said = refusal(replace(a_world.claim(), grant=other))
    assert "not signed by the employee who gave consent" in said
    assert "recorded under another consent" in said


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"standing": Standing.WITHDRAWN}, "consent was withdrawn"),
        ({"at_ms": NOW_MS - 3 * DAY_MS - 1}, "too old"),
        ({"at_ms": NOW_MS + DAY_MS}, "lies in the future"),
        ({"grant_digest": "0" * 64}, "belongs to another grant"),
    ],
)
def test_a_status_that_does_not_say_given_now_is_refused(changes: dict[str, object], reason: str) -> None:
    a_world = world()
    assert reason in refusal(replace(a_world.claim(), status=changed(a_world.status, "employee", **changes)))


def test_a_status_signed_by_someone_else_is_refused() -> None:
    a_world = world()
    status = changed(a_world.status, "stranger")
    assert "status: the consent status belongs to another grant" in refusal(replace(a_world.claim(), status=status))


@pytest.mark.parametrize(
    "changes",
    [
        {"dpia": ""},
        {"approvals": 0},
        {"officers": ()},
        {"exporters": ()},
        {"drop_level": 0},
        {"labels": (Label(level=0, words="Secret"),)},
        {"labels": (Label(level=2, words="-"),)},
        {"max_residual": -1},
        {"max_unread_percent": -1},
        {"max_unread_percent": 101},
    ],
)
def test_an_incomplete_policy_is_refused(changes: dict[str, object]) -> None:
    a_world = world()
    said = refusal(replace(a_world.claim(), policy=changed(a_world.policy, "organisation", **changes)))
    assert "ask your privacy officer for a complete policy" in said or "ask for a complete policy" in said


def test_another_policy_is_refused_for_grant_bundle_lease_and_approval() -> None:
    a_world = world()
    said = refusal(replace(a_world.claim(), policy=changed(a_world.policy, "organisation", sequence=2)))
    assert "grant: the policy changed" in said
    assert "policy: the session was submitted under another policy" in said
    assert "lease: the lease belongs to another policy" in said
    assert "approval: it was given under another policy" in said


def test_a_redaction_that_could_reach_the_network_is_refused() -> None:
    assert "could reach the network" in refusal(world(isolation=Isolation.NONE).claim())


@pytest.mark.parametrize("isolation", [Isolation.NETNS, Isolation.SECCOMP])
def test_a_redaction_without_network_is_admitted_however_that_was_reached(isolation: Isolation) -> None:
    assert world(isolation=isolation).admitted().bundle.report.isolation is isolation


def test_dropped_screens_are_no_reason_to_refuse() -> None:
    assert world().forged("report", frames_dropped=3).admitted().bundle.report.frames_dropped == 3


@pytest.mark.parametrize("part", ["episode", "report"])
def test_another_profile_than_strict_is_refused(part: str) -> None:
    assert "only the strict profile" in refusal(world().forged(part, profile="balanced").claim())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"residuals": [{"category": "tax", "field": "episode.instruction", "number": 1}]}, "redaction left something"),
        ({"frames": []}, "the report counts other images or masks than the session has"),
        ({"lexicon_digest": "Okonkwo"}, "fields hold what they cannot hold (report.lexicon_digest)"),
    ],
)
def test_what_the_policy_does_not_bear_stays_though_an_officer_signed_it(
    changes: dict[str, object], reason: str
) -> None:
    bundle = replace(world(), approvals=()).forged("report", **changes).bundle
    facts = {"bundle_digest": bundle.digest, "report_digest": digest(canonical(bundle.report))}
    decision = changed(world().approvals[0].decision, "officer-anna", **facts)
    approvals = (verify_approval(decision.data, world().policy),)
    said = refusal(replace(world().claim(), bundle=bundle, approvals=approvals))
    assert said.startswith(f"not exported: redaction: {reason}")
    assert "; reject it" in said


def test_an_image_that_is_unread_beyond_the_policys_bound_is_refused() -> None:
    a_world = world()
    frames = [msgspec.to_builtins(frame) | {"unread_percent": 81} for frame in a_world.bundle.report.frames]
    unread = a_world.forged("report", frames=frames)
    assert unread.admitted().bundle.report.frames[0].unread_percent == 81
    policy = changed(a_world.policy, "organisation", max_unread_percent=80)
    assert "redaction: on 2 images more than 80 %" in refusal(replace(unread.claim(), policy=policy))


def test_a_report_of_another_policy_is_refused() -> None:
    assert "redaction: it was done under another policy" in refusal(
        world().forged("report", policy_digest="0" * 64).claim()
    )


@pytest.mark.parametrize(
    "changes", [{"captured_from_ms": BEGAN_MS + 1000}, {"grant_digest": "0" * 64}, {"lease_digest": "0" * 64}]
)
def test_a_report_that_tells_of_another_recording_is_refused(changes: dict[str, object]) -> None:
    assert "the report tells of another" in refusal(world().forged("report", **changes).claim())


def test_a_recording_outside_the_lease_is_refused() -> None:
    said = refusal(world().forged("manifest", captured_until_ms=BEGAN_MS + 2 * DAY_MS).claim())
    assert "lease: the lease does not cover this time" in said


def test_a_recording_from_before_consent_is_refused() -> None:
    said = refusal(world().forged("manifest", captured_from_ms=BEGAN_MS - 3 * DAY_MS).claim())
    assert "outside the time that consent was given for" in said


def test_a_lease_that_someone_else_signed_is_refused() -> None:
    a_world = world()
    lease = changed(a_world.lease, "stranger")
    facts = SubmissionFacts(a_world.grant, lease, a_world.policy, NOW_MS)
    bundle = submit(a_world.session, a_world.reported, facts=facts, key=signing("employee"))
    approvals = (approved(bundle, a_world.policy, "officer-anna"),)
    said = refusal(replace(a_world.claim(), bundle=bundle, approvals=approvals))
    assert "lease: the lease is not signed by the key that the policy names" in said


def test_a_submission_signed_by_someone_else_is_refused() -> None:
    a_world = world()
    facts = SubmissionFacts(a_world.grant, a_world.lease, a_world.policy, NOW_MS)
    bundle = submit(a_world.session, a_world.reported, facts=facts, key=signing("stranger"))
    approvals = (approved(bundle, a_world.policy, "officer-anna"),)
    said = refusal(replace(a_world.claim(), bundle=bundle, approvals=approvals))
    assert "not signed by the employee who gave consent" in said


def test_the_approval_of_one_session_does_not_admit_another() -> None:
    one, other = world(), world(session="ab" * 16)
    assert "approval: it was given for another submission" in refusal(replace(one.claim(), approvals=other.approvals))


def test_an_approval_does_not_survive_an_exchanged_report() -> None:
    one = world()
    other = one.forged("report", kept_phrases=0)
    assert "given for another submission" in refusal(replace(other.claim(), approvals=one.approvals))


@pytest.mark.parametrize(
    ("days", "reason"), [(30, "it has expired"), (-1, "it lies in the future")], ids=["old", "from tomorrow"]
)
def test_an_approval_is_good_for_thirty_days_from_its_moment(days: int, reason: str) -> None:
    a_world = world()
    approval = approved(a_world.bundle, a_world.policy, "officer-anna", now_ms=NOW_MS - days * DAY_MS)
    assert reason in refusal(replace(a_world.claim(), approvals=(approval,)))


def test_two_officers_are_enough_when_the_policy_asks_for_two() -> None:
    a_world = world(approvals=2)
    assert admit(a_world.claim()).approvals == a_world.approvals


@pytest.mark.parametrize(
    "names",
    [("officer-anna",), ("officer-anna", "officer-anna"), ("officer-anna", "officer-anna-again")],
    ids=["one officer", "one key twice", "one person with two keys"],
)
def test_one_person_never_counts_as_two_officers(names: tuple[str, ...]) -> None:
    said = refusal(world(approvals=2).approved_by(*names).claim())
    assert "approval: the policy asks for 2 officers" in said


def test_two_approvals_of_one_person_at_different_times_still_count_once() -> None:
    a_world = world(approvals=2)
    times = (NOW_MS - 120_000, NOW_MS - 60_000)
    approvals = tuple(approved(a_world.bundle, a_world.policy, "officer-anna", now_ms=at) for at in times)
    assert "asks for 2 officers" in refusal(replace(a_world.claim(), approvals=approvals))


def test_an_officer_of_another_policy_does_not_count() -> None:
    a_world = world()
    officers = a_world.policy.document.officers[1:2]
    smaller = changed(a_world.policy, "organisation", officers=officers)
    assert "whom the policy does not name as an officer" in refusal(replace(a_world.claim(), policy=smaller))


def test_one_good_approval_does_not_outweigh_a_wrong_one() -> None:
    one, other = world(), world(session="ab" * 16)
    said = refusal(replace(one.claim(), approvals=one.approvals + other.approvals))
    assert "given for another submission" in said


def test_a_solo_world_is_admitted_as_solo() -> None:
    assert admit(world(solo=True).claim()).bundle.manifest.document.solo


def test_a_solo_submission_cannot_join_an_organisation() -> None:
    solo, organisation = world(solo=True), world()
    said = refusal(replace(solo.claim(), policy=organisation.policy))
    assert "policy: the session was submitted under another policy" in said


def test_a_solo_grant_does_not_stand_for_an_organisation_even_if_it_names_its_policy() -> None:
    a_world = world()
    grant = changed(a_world.grant, "employee", solo=True)
    assert "a solo grant cannot be used with an organisation's policy" in refusal(replace(a_world.claim(), grant=grant))


def test_a_refusal_never_holds_captured_content() -> None:
    said = refusal(replace(world().claim(), approvals=(), status=None))
    assert "Okonkwo" not in said
    assert "Save" not in said
