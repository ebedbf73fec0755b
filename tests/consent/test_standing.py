"""Each requirement refuses what it is there to refuse, with a reason, and lets everything else pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from consent.documents import (
    DROP_LEVEL,
    AllowList,
    ConsentStatus,
    Exporter,
    Grant,
    Lease,
    Officer,
    Policy,
    Source,
    Standing,
)
from consent.notice import NOTICE, notice_digest
from consent.standing import SKEW_MS, require_grant, require_lease, require_policy, require_source, require_status
from vault.canonical import Document, canonical, digest, parse
from vault.errors import BadInput, Refused
from vault.keys import SigningKey
from vault.signed import Signed, sign, verify_self

NOW = 1_000_000_000
ORGANISATION, EMPLOYEE, LEASES = SigningKey.generate(), SigningKey.generate(), SigningKey.generate()

POLICY = sign(
    Policy(
        allowlist=AllowList(phrases=(), programmes=(), sites=()),
        approvals=1,
        created_ms=NOW - 1000,
        dpia="DPIA-1",
        drop_level=DROP_LEVEL,
        exporters=(Exporter(name="nightly", sealing_key="x", signing_key="x"),),
        labels=(),
        lease_key=LEASES.public.text,
        lease_ms=1000,
        max_residual=0,
        max_unread_percent=100,
        officers=(Officer(person="anna", sealing_key="x", signing_key="x"),),
        organisation="Example Ltd",
        purposes=("training", "evaluation"),
        recipients=("research",),
        retention_days=30,
        sequence=1,
        solo=False,
        status_ms=5000,
        version=1,
    ),
    ORGANISATION,
)
GRANT = sign(
    Grant(
        consent_key="x",
        employee_key=EMPLOYEE.public.text,
        expires_ms=NOW + 1000,
        given_ms=NOW - 1000,
        grant_id="1",
        notice_digest=notice_digest(),
        person="p-1",
        policy_digest=POLICY.digest,
        purposes=("training",),
        recipients=("research",),
        solo=False,
        sources=(Source.POINTER, Source.SCREEN),
        version=1,
    ),
    EMPLOYEE,
)
STATUS = sign(
    ConsentStatus(at_ms=NOW - 5000, grant_digest=GRANT.digest, sequence=1, standing=Standing.GIVEN, version=1), EMPLOYEE
)
LEASE = sign(
    Lease(
        expires_ms=NOW + 500, not_before_ms=NOW - 500, policy_digest=POLICY.digest, sequence=1, solo=False, version=1
    ),
    LEASES,
)


def test_a_whole_and_current_consent_passes() -> None:
    require_policy(POLICY.document)
    require_grant(GRANT, POLICY, NOW)
    require_status(STATUS, GRANT, POLICY, NOW)
    require_lease(LEASE, POLICY, from_ms=NOW - 500, until_ms=NOW + 500)


@pytest.mark.parametrize(
    "changes", [{"dpia": ""}, {"officers": ()}, {"exporters": ()}, {"approvals": 0}, {"approvals": -1}]
)
def test_an_incomplete_policy_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(Refused, match="complete policy"):
        require_policy(msgspec.structs.replace(POLICY.document, **changes))


@pytest.mark.parametrize(
    "changes", [{"max_residual": -1}, {"max_unread_percent": -1}, {"max_unread_percent": 101}], ids=str
)
def test_a_policy_with_bounds_that_cannot_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(
        Refused, match="max_residual needs a number from 0 up, its max_unread_percent one from 0 to 100"
    ):
        require_policy(msgspec.structs.replace(POLICY.document, **changes))


@pytest.mark.parametrize(
    "changes", [{"max_residual": 3}, {"max_unread_percent": 0}, {"max_unread_percent": 100}], ids=str
)
def test_a_policy_may_bear_more_or_less(changes: dict[str, object]) -> None:
    require_policy(msgspec.structs.replace(POLICY.document, **changes))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is changed in a document, and the word of the refusal."""

    word: str
    changes: dict[str, Any]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("not signed by the employee", {"employee_key": ORGANISATION.public.text}),
        Fault("policy changed", {"policy_digest": "0" * 64}),
        Fault("solo", {"solo": True}),
        Fault("purpose", {"purposes": ("training", "monitoring")}),
        Fault("expired", {"expires_ms": NOW}),
        Fault("future", {"given_ms": NOW + SKEW_MS + 1}),
    ],
    ids=lambda fault: fault.word,
)
def test_a_grant_that_does_not_fit_is_refused(fault: Fault) -> None:
    with pytest.raises(Refused, match=fault.word):
        require_grant(changed(GRANT, EMPLOYEE, fault), POLICY, NOW)


def test_a_grant_signed_by_another_is_refused() -> None:
    with pytest.raises(Refused, match="not signed by the employee"):
        require_grant(sign(GRANT.document, SigningKey.generate()), POLICY, NOW)


def test_a_clock_that_runs_a_little_ahead_is_borne() -> None:
    require_grant(changed(GRANT, EMPLOYEE, Fault("", {"given_ms": NOW + SKEW_MS})), POLICY, NOW)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("another grant", {"grant_digest": "0" * 64}),
        Fault("withdrawn", {"standing": Standing.WITHDRAWN}),
        Fault("too old", {"at_ms": NOW - 5001}),
        Fault("future", {"at_ms": NOW + SKEW_MS + 1}),
    ],
    ids=lambda fault: fault.word,
)
def test_a_status_that_does_not_fit_is_refused(fault: Fault) -> None:
    with pytest.raises(Refused, match=fault.word):
        require_status(changed(STATUS, EMPLOYEE, fault), GRANT, POLICY, NOW)


def test_a_status_signed_by_another_is_refused() -> None:
    with pytest.raises(Refused, match="another grant"):
        require_status(sign(STATUS.document, ORGANISATION), GRANT, POLICY, NOW)


@pytest.mark.parametrize(
    "fault",
    [Fault("another policy", {"policy_digest": "0" * 64}), Fault("another policy", {"solo": True})],
    ids=["policy", "solo"],
)
def test_a_lease_of_another_policy_is_refused(fault: Fault) -> None:
    with pytest.raises(Refused, match=fault.word):
        require_lease(changed(LEASE, LEASES, fault), POLICY, from_ms=NOW, until_ms=NOW)


def test_a_lease_signed_by_another_is_refused() -> None:
    with pytest.raises(Refused, match="not signed by the key"):
        require_lease(sign(LEASE.document, ORGANISATION), POLICY, from_ms=NOW, until_ms=NOW)


@pytest.mark.parametrize(
    ("from_ms", "until_ms"),
    [(NOW - 501, NOW), (NOW, NOW + 501), (NOW - 501, NOW + 501), (NOW + 501, NOW + 502), (NOW + 501, NOW - 501)],
)
def test_a_time_that_a_lease_does_not_cover_is_refused(from_ms: int, until_ms: int) -> None:
    with pytest.raises(Refused, match="does not cover"):
        require_lease(LEASE, POLICY, from_ms=from_ms, until_ms=until_ms)


@pytest.mark.parametrize("source", list(Source))
def test_a_source_is_captured_only_if_it_was_ticked(source: Source) -> None:
    if source in GRANT.document.sources:
        require_source(GRANT.document, source)
    else:
        with pytest.raises(Refused, match=f"'{source.value}'"):
            require_source(GRANT.document, source)


@pytest.mark.parametrize(
    ("signed", "kind"), [(POLICY, Policy), (GRANT, Grant), (STATUS, ConsentStatus), (LEASE, Lease)]
)
def test_documents_come_back_from_their_files(signed: Signed[Any], kind: type[Document]) -> None:
    assert verify_self(signed.data, kind).document == signed.document


@pytest.mark.parametrize("signed", [POLICY, GRANT, STATUS, LEASE])
def test_no_document_is_taken_for_another(signed: Signed[Any]) -> None:
    kinds: tuple[type[Document], ...] = (Policy, Grant, ConsentStatus, Lease)
    for kind in (kind for kind in kinds if not isinstance(signed.document, kind)):
        with pytest.raises(BadInput):
            verify_self(signed.data, kind)


def test_a_source_that_nobody_knows_is_refused() -> None:
    with pytest.raises(BadInput):
        parse(canonical(GRANT.document).replace(b'"screen"', b'"camera"'), Grant)


def test_the_digest_of_the_notice_is_that_of_its_words() -> None:
    assert notice_digest() == digest(NOTICE.encode())


@pytest.mark.parametrize("word", ["withdraw", "Nothing happens", "raw", "lay-off", "No sound, no camera, no clipboard"])
def test_the_notice_says_what_it_must(word: str) -> None:
    assert word in NOTICE


def changed(signed: Signed[Any], key: SigningKey, fault: Fault) -> Signed[Any]:
    """The document with the fault's changes, signed anew by the same key."""
    document: Document = msgspec.structs.replace(signed.document, **fault.changes)
    return sign(document, key)
