"""The walls hold twice: the type checker refuses what would get round them, and so does the running program."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path
from typing import Any, Final

import pytest

from capture.seal import SealedBatch
from export.gate import ExportBundle
from redaction.intake import RawSession
from redaction.redacted import RedactedSession, Reported, claim
from redaction.submission import SubmittedBundle
from review.approval import Approval
from tests.world import recorded, world
from vault.errors import NotMinted
from vault.minted import Mint
from vault.signed import Signed

ROOT: Final = Path(__file__).parents[2]
MUST_FAIL: Final = Path(__file__).with_name("must_fail.py")
MARK: Final = re.compile(r"# must fail: ([a-z-]+)$")
ERROR: Final = re.compile(r"must_fail\.py:(\d+): error: .*\[([a-z-]+)\]$")

GUARDED: Final[tuple[type[Any], ...]] = (
    Approval,
    ExportBundle,
    RawSession,
    RedactedSession,
    Reported,
    SealedBatch,
    Signed,
    SubmittedBundle,
)


def made() -> tuple[Any, ...]:
    """One value of each guarded type that a world holds."""
    a_world = world()
    return a_world.approvals[0], a_world.admitted(), a_world.session, a_world.reported, a_world.policy, a_world.bundle


def test_the_type_checker_refuses_every_marked_line_and_no_other() -> None:
    lines = MUST_FAIL.read_text(encoding="utf-8").splitlines()
    wanted = {(number, mark.group(1)) for number, line in enumerate(lines, 1) if (mark := MARK.search(line))}
    checker = [sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases", str(MUST_FAIL)]
    said = subprocess.run(checker, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found = {(int(hit.group(1)), hit.group(2)) for line in said.splitlines() if (hit := ERROR.search(line))}
    assert found == wanted


def test_every_guarded_type_is_tried() -> None:
    text = MUST_FAIL.read_text(encoding="utf-8")
    assert [kind.__name__ for kind in GUARDED if f"    {kind.__name__}(" not in text] == []


@pytest.mark.parametrize("kind", GUARDED, ids=lambda kind: kind.__name__)
def test_nobody_makes_one_with_a_mint_of_their_own(kind: type[Any]) -> None:
    nothing = {field.name: None for field in fields(kind)}
    with pytest.raises(NotMinted, match="is made only by"):
        kind(**nothing, mint=Mint("someone else"))


@pytest.mark.parametrize("kind", GUARDED, ids=lambda kind: kind.__name__)
def test_nobody_makes_one_without_a_mint(kind: type[Any]) -> None:
    nothing = {field.name: None for field in fields(kind)}
    with pytest.raises(TypeError, match="mint"):
        kind(**nothing)


@pytest.mark.parametrize("value", made(), ids=lambda value: type(value).__name__)
def test_nobody_changes_one_through_replace(value: object) -> None:
    forged: Any = {fields(value)[0].name: None, "mint": Mint("someone else")}  # type: ignore[arg-type]
    with pytest.raises(NotMinted):
        replace(value, **forged)  # type: ignore[type-var]
    with pytest.raises(ValueError, match="mint"):
        replace(value)  # type: ignore[type-var]


@pytest.mark.parametrize("value", made(), ids=lambda value: type(value).__name__)
def test_nobody_sets_a_field(value: object) -> None:
    name = fields(value)[0].name  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        setattr(value, name, None)


@pytest.mark.parametrize("value", made(), ids=lambda value: type(value).__name__)
def test_a_value_does_not_carry_the_mint_that_made_it(value: object) -> None:
    assert not hasattr(value, "mint")


def test_the_right_to_make_redacted_sessions_is_given_once() -> None:
    with pytest.raises(RuntimeError, match="taken already"):
        claim()


def test_a_raw_session_does_not_show_its_content_when_it_is_printed() -> None:
    a_world = world()
    raw = recorded("cd" * 16, a_world.policy, a_world.lease, a_world.grant)
    assert "Okonkwo" not in f"{raw!r} {raw}"
