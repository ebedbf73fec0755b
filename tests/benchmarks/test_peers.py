"""The recorders that Optin is measured beside come from a lock with digests, in an environment of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"


@pytest.mark.parametrize("folder", [PEERS, PEERS / "redaction"], ids=["recorders", "redactors"])
def test_the_lock_holds_digests_and_no_address(folder: Path) -> None:
    text = (folder / "requirements.lock").read_text(encoding="utf-8")
    packages = re.findall(r"^\S+==.*\\\n {4}--hash=sha256:", text, flags=re.MULTILINE)
    assert len(packages) == len(re.findall(r"^\S+==", text, flags=re.MULTILINE)) > 0
    assert "://" not in text


def test_the_lock_has_what_was_asked_for() -> None:
    lock = (PEERS / "requirements.lock").read_text(encoding="utf-8")
    asked = (PEERS / "requirements.in").read_text(encoding="utf-8").split()
    assert all(f"{re.split('[=>]', line)[0]}==" in lock for line in asked)
    assert "openadapt-capture==1.3.0 " in lock


def test_the_peers_are_no_part_of_what_is_installed_with_optin() -> None:
    lock = (PEERS.parents[1] / "requirements.lock").read_text(encoding="utf-8")
    assert "openadapt" not in lock
