"""What redaction itself found left over keeps the officer from approving; the report's page says so before."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from redaction.submission import open_submission
from tests.cli.conftest import Stages
from tests.cli.office import PASSPHRASE, Office
from tests.world import edited
from vault.canonical import digest
from vault.envelope import open_envelope, seal_envelope
from vault.signed import sign
from vault.store import KeyStore

LEFT_OVER = [{"category": "person", "field": "episode.steps[].window_title", "number": 2}]


def with_something_left_over(office: Office) -> str:
    """The digest of the submission, after the employee's device said that it found something at its end."""
    keys = KeyStore(office.home / "keys", lambda _prompt: PASSPHRASE)
    officer = keys.opening("officer-opening")
    (path,) = (office.home / "inbox" / "submissions").iterdir()
    sealed = path.read_bytes()
    bundle, parts = (
        open_submission(sealed, officer),
        msgspec.msgpack.decode(open_envelope(sealed, officer, "submission")),
    )
    parts["report"] = edited(parts["report"], {"residuals": LEFT_OVER})
    facts = msgspec.structs.replace(bundle.manifest.document, report_digest=digest(parts["report"]))
    manifest = sign(facts, keys.signing("employee"))
    parts["manifest"] = manifest.data
    path.with_name(f"{manifest.digest}.sealed").write_bytes(
        seal_envelope(msgspec.msgpack.encode(parts), (officer.public,), "submission")
    )
    path.unlink()
    return manifest.digest


def test_a_report_with_something_left_over_is_shown_as_such_and_cannot_be_approved(
    stages: Stages, copied: Callable[[Office], Office]
) -> None:
    office = copied(stages.submitted)
    bundle = with_something_left_over(office)
    assert "Blocks approval: redaction left something over in 2 places" in office.done("review", "show", bundle).out
    (page,) = (office.home / "desk").rglob("report.html")
    assert "This report blocks approval." in page.read_text(encoding="utf-8")
    assert page.stat().st_mode & 0o777 == 0o600
    ran = office.run("review", "approve", bundle)
    assert (ran.code, ran.out) == (3, "")
    assert "not approved: redaction left something over in 2 places, and the policy bears 0; reject it" in ran.err
    assert not (office.home / "inbox" / "decisions").exists()
