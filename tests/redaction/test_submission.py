"""A submission is opened by officers and exporters only, and only if every part is the one that was signed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from redaction.redacted import Isolation
from redaction.submission import BundleManifest, SubmissionFacts, SubmittedBundle, open_submission, submit
from tests.world import NOW_MS, World, changed, opening, resealed, signing, submission_parts, world
from vault.canonical import canonical, digest
from vault.envelope import seal_envelope
from vault.errors import BadInput, NotMinted, Refused
from vault.minted import Mint
from vault.signed import sign

OTHER_SESSION = "3c" * 16


@pytest.fixture(scope="module")
def mine() -> World:
    """A submitted session."""
    return world()


@pytest.fixture(scope="module")
def theirs() -> World:
    """Another submitted session."""
    return world(session=OTHER_SESSION)


def facts(whole: World) -> SubmissionFacts:
    return SubmissionFacts(whole.grant, whole.lease, whole.policy, NOW_MS)


@pytest.mark.parametrize("name", ["exporter", "officer-anna", "officer-ben"])
def test_every_officer_and_exporter_of_the_policy_opens_it(mine: World, name: str) -> None:
    bundle = open_submission(mine.sealed, opening(name))
    assert (bundle.digest, bundle.episode) == (mine.bundle.digest, mine.session.episode)


@pytest.mark.parametrize("name", ["consent", "employee", "somebody"])
def test_nobody_else_does(mine: World, name: str) -> None:
    with pytest.raises(Refused, match="not sealed to the key"):
        open_submission(mine.sealed, opening(name))


def test_the_bundle_is_signed_by_the_employee_over_all_its_digests(mine: World) -> None:
    manifest = mine.bundle.manifest
    assert manifest.signer.raw == signing("employee").public.raw
    assert (manifest.document.episode_digest, manifest.document.report_digest) == (
        digest(canonical(mine.session.episode)),
        digest(canonical(mine.reported.report)),
    )


@pytest.mark.parametrize("part", ["manifest", "lease", "episode", "report"])
def test_a_part_of_another_submission_is_refused(mine: World, theirs: World, part: str) -> None:
    if part == "lease":
        other: Any = changed(theirs.lease, "lease", sequence=99).data
    else:
        other = submission_parts(theirs.sealed)[part]
    with pytest.raises(BadInput):
        open_submission(resealed(submission_parts(mine.sealed) | {part: other}), opening("exporter"))


def test_an_episode_that_was_edited_after_it_was_signed_is_refused(mine: World) -> None:
    edited = canonical(msgspec.structs.replace(mine.session.episode, steps=()))
    with pytest.raises(BadInput, match="episode"):
        open_submission(resealed(submission_parts(mine.sealed) | {"episode": edited}), opening("exporter"))


def test_a_report_of_another_episode_is_refused_though_it_is_signed(mine: World) -> None:
    report = canonical(msgspec.structs.replace(mine.reported.report, episode_digest="0" * 64))
    manifest = msgspec.structs.replace(mine.bundle.manifest.document, report_digest=digest(report))
    parts = {"report": report, "manifest": sign(manifest, signing("employee")).data}
    with pytest.raises(BadInput, match="report"):
        open_submission(resealed(submission_parts(mine.sealed) | parts), opening("exporter"))


@pytest.mark.parametrize("change", ["gone", "doubled", "swapped", "other", "none"])
def test_other_images_are_refused(mine: World, change: str) -> None:
    parts = submission_parts(mine.sealed)
    images = parts["images"]
    changes = {
        "gone": images[1:],
        "doubled": [*images, images[0]],
        "swapped": images[::-1],
        "other": [b"other", *images[1:]],
        "none": [],
    }
    with pytest.raises(BadInput, match="set of images"):
        open_submission(resealed(parts | {"images": changes[change]}), opening("exporter"))


@pytest.mark.parametrize("field", ["session", "episode_digest", "report_digest", "lease_digest"])
def test_a_manifest_that_does_not_fit_its_parts_is_refused_though_it_is_signed(mine: World, field: str) -> None:
    manifest = msgspec.structs.replace(mine.bundle.manifest.document, **{field: "0" * 64})
    parts = submission_parts(mine.sealed) | {"manifest": sign(manifest, signing("employee")).data}
    with pytest.raises(BadInput, match="exchanged"):
        open_submission(resealed(parts), opening("exporter"))


@pytest.mark.parametrize("field", ["image", "after_image"])
@pytest.mark.parametrize("number", [-1, 2])
def test_a_step_that_names_an_image_which_is_not_there_is_refused(mine: World, field: str, number: int) -> None:
    first, *rest = mine.session.episode.steps
    steps = msgspec.to_builtins((msgspec.structs.replace(first, **{field: number}), *rest))
    with pytest.raises(BadInput, match="set of images"):
        mine.forged("episode", steps=steps)


def test_a_sealed_file_that_is_no_submission_is_refused() -> None:
    sealed = seal_envelope(b"\xff\x00", (opening("exporter").public,), "submission")
    with pytest.raises(BadInput, match="damaged"):
        open_submission(sealed, opening("exporter"))


def test_a_sealed_file_of_another_kind_is_refused(mine: World) -> None:
    parts = msgspec.msgpack.encode(submission_parts(mine.sealed))
    sealed = seal_envelope(parts, (opening("exporter").public,), "redacted session")
    with pytest.raises(BadInput):
        open_submission(sealed, opening("exporter"))


def test_a_part_that_nobody_knows_is_refused(mine: World) -> None:
    with pytest.raises(BadInput, match="damaged"):
        open_submission(resealed(submission_parts(mine.sealed) | {"raw": b""}), opening("exporter"))


def test_cuts_and_flips_of_the_sealed_file_are_refused(mine: World) -> None:
    for place in range(0, len(mine.sealed), len(mine.sealed) // 200):
        flipped = mine.sealed[:place] + bytes((mine.sealed[place] ^ 1,)) + mine.sealed[place + 1 :]
        for damaged in (mine.sealed[:place], flipped):
            with pytest.raises((BadInput, Refused)):
                open_submission(damaged, opening("exporter"))


def test_the_report_of_another_session_is_not_submitted(mine: World, theirs: World) -> None:
    with pytest.raises(BadInput, match="another session"):
        submit(mine.session, theirs.reported, facts=facts(mine), key=signing("employee"))


def test_a_session_of_another_consent_is_not_submitted(mine: World) -> None:
    other = replace(facts(mine), grant=changed(mine.grant, "employee", grant_id="other"))
    with pytest.raises(BadInput, match="another consent"):
        submit(mine.session, mine.reported, facts=other, key=signing("employee"))


def test_a_session_of_another_lease_is_not_submitted(mine: World) -> None:
    other = replace(facts(mine), lease=changed(mine.lease, "lease", sequence=99))
    with pytest.raises(BadInput, match="lease"):
        submit(mine.session, mine.reported, facts=other, key=signing("employee"))


def test_an_unisolated_redaction_says_so_to_whoever_opens_it() -> None:
    unisolated = world(isolation=Isolation.NONE)
    assert open_submission(unisolated.sealed, opening("exporter")).report.isolation is Isolation.NONE


def test_the_sealed_file_shows_nothing_of_the_session(mine: World) -> None:
    assert not [word for word in (b"Save", b"app-1", mine.session.images[0][:40]) if word in mine.sealed]


def test_nobody_else_makes_a_bundle(mine: World) -> None:
    bundle = mine.bundle
    with pytest.raises(NotMinted):
        SubmittedBundle(bundle.manifest, bundle.lease, bundle.episode, bundle.report, (), Mint("somebody"))


def test_no_field_of_the_manifest_says_who_or_what() -> None:
    assert set(BundleManifest.__struct_fields__) == {
        *("captured_from_ms", "captured_until_ms", "created_ms", "episode_digest", "grant_digest", "lease_digest"),
        *("policy_digest", "report_digest", "session", "solo", "version"),
    }
