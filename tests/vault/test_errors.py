"""Each error belongs to one exit code, guarded types are made by their owners only, and importing does no work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vault.errors import BadInput, MissingPart, NotMinted, OptinError, Refused
from vault.minted import Mint

QUIET = """
import os, sys, threading
import vault.canonical, vault.envelope, vault.errors, vault.files, vault.keys, vault.ledger, vault.minted
import vault.shelf, vault.signed, vault.store, consent.documents, consent.notice, consent.standing
heavy = {"numpy", "cv2", "fsspec", "zstandard", "PIL", "pyarrow", "capture", "redaction"} & sys.modules.keys()
print(sorted(heavy), threading.active_count(), os.listdir())
"""


@pytest.mark.parametrize("kind", [Refused, BadInput, MissingPart])
def test_errors_for_persons_are_of_one_family(kind: type[OptinError]) -> None:
    assert issubclass(kind, OptinError)


def test_the_three_kinds_are_never_taken_for_each_other() -> None:
    kinds = (Refused, BadInput, MissingPart)
    assert not [(a, b) for a in kinds for b in kinds if a is not b and issubclass(a, b)]


def test_a_bug_is_not_told_to_a_person_as_a_refusal() -> None:
    assert not issubclass(NotMinted, OptinError)


def test_a_mint_admits_only_itself() -> None:
    mint = Mint("the owner")
    mint.require(mint)
    with pytest.raises(NotMinted, match="the owner"):
        mint.require(Mint("the owner"))


def test_importing_loads_nothing_heavy_starts_nothing_and_writes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", QUIET], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[] 1 []\n"
