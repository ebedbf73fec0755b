"""A sealed submission in which one part was exchanged is refused when it is opened, and the part is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from redaction.submission import SubmissionFacts, open_submission, submit
from tests.world import NOW_MS, World, changed, edited, opening, resealed, signing, submission_parts, world
from vault.canonical import digest
from vault.errors import BadInput, Refused

Parts = dict[str, Any]


def swap_images(mine: Parts, other: Parts) -> Parts:
    return mine | {"images": mine["images"][::-1]}


def drop_an_image(mine: Parts, other: Parts) -> Parts:
    return mine | {"images": mine["images"][:-1]}


def exchange_episode(mine: Parts, other: Parts) -> Parts:
    return mine | {"episode": other["episode"]}


def exchange_report(mine: Parts, other: Parts) -> Parts:
    return mine | {"report": other["report"]}


def exchange_manifest(mine: Parts, other: Parts) -> Parts:
    return mine | {"manifest": other["manifest"]}


@pytest.mark.parametrize(
    ("exchange", "part"),
    [
        (swap_images, "set of images"),
        (drop_an_image, "set of images"),
        (exchange_episode, "episode"),
        (exchange_report, "report"),
        (exchange_manifest, "episode"),
    ],
)
def test_an_exchanged_part_is_named(exchange: Callable[[Parts, Parts], Parts], part: str) -> None:
    mine, other = submission_parts(world().sealed), submission_parts(world(session="ab" * 16).sealed)
    with pytest.raises(BadInput, match=f"the {part} of a submission is not the one"):
        open_submission(resealed(exchange(mine, other)), opening("exporter"))


def test_an_image_that_was_touched_up_is_refused() -> None:
    parts = submission_parts(world().sealed)
    parts["images"] = [image + b"\0" for image in parts["images"]]
    with pytest.raises(BadInput, match="set of images"):
        open_submission(resealed(parts), opening("exporter"))


def test_a_lease_of_another_time_is_refused() -> None:
    parts = submission_parts(world().sealed)
    parts["lease"] = changed(world().lease, "lease", sequence=2).data
    with pytest.raises(BadInput, match="lease"):
        open_submission(resealed(parts), opening("exporter"))


def test_a_report_that_was_edited_after_signing_is_refused() -> None:
    parts = submission_parts(world().sealed)
    parts["report"] = edited(parts["report"], {"kept_phrases": 0})
    with pytest.raises(BadInput, match="the report of a submission"):
        open_submission(resealed(parts), opening("exporter"))


def test_a_signed_report_of_another_episode_is_refused() -> None:
    a_world = world()
    parts = submission_parts(a_world.sealed)
    parts["report"] = edited(parts["report"], {"episode_digest": "0" * 64})
    parts["manifest"] = changed(a_world.bundle.manifest, "employee", report_digest=digest(parts["report"])).data
    with pytest.raises(BadInput, match="the report of a submission"):
        open_submission(resealed(parts), opening("exporter"))


def test_a_manifest_that_names_another_session_is_refused() -> None:
    with pytest.raises(BadInput, match="the episode of a submission"):
        world().forged("manifest", session="ab" * 16)


@pytest.mark.parametrize("side", ["width", "height"])
def test_an_image_without_pixels_is_refused(side: str) -> None:
    images = [msgspec.to_builtins(image) | {side: 0} for image in world().bundle.episode.images]
    with pytest.raises(BadInput, match="set of images"):
        world().forged("episode", images=images)


@pytest.mark.parametrize("image", [-1, 2])
def test_a_step_that_names_an_image_which_is_not_there_is_refused(image: int) -> None:
    steps = _steps(world())
    with pytest.raises(BadInput, match="set of images"):
        world().forged("episode", steps=[*steps[:-1], steps[-1] | {"image": image}])


def test_a_changed_byte_is_refused() -> None:
    sealed = bytearray(world().sealed)
    sealed[-1] ^= 1
    with pytest.raises(BadInput, match="was changed or cut off"):
        open_submission(bytes(sealed), opening("exporter"))


def test_someone_who_is_no_recipient_cannot_open_it() -> None:
    with pytest.raises(Refused, match="not sealed to the key at hand"):
        open_submission(world().sealed, opening("stranger"))


def test_every_officer_can_open_it() -> None:
    assert open_submission(world().sealed, opening("officer-ben")).digest == world().bundle.digest


def test_a_report_cannot_be_submitted_with_another_session() -> None:
    one, other = world(), world(session="ab" * 16)
    facts = SubmissionFacts(one.grant, one.lease, one.policy, NOW_MS)
    with pytest.raises(BadInput, match="the report belongs to another session"):
        submit(one.session, other.reported, facts=facts, key=signing("employee"))


def test_a_session_is_not_submitted_under_another_consent() -> None:
    a_world = world()
    grant = changed(a_world.grant, "employee", purposes=("evaluation",))
    facts = SubmissionFacts(grant, a_world.lease, a_world.policy, NOW_MS)
    with pytest.raises(BadInput, match="under another consent or lease"):
        submit(a_world.session, a_world.reported, facts=facts, key=signing("employee"))


def _steps(a_world: World) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = msgspec.json.decode(submission_parts(a_world.sealed)["episode"])["steps"]
    return steps
