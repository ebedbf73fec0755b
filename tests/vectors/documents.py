"""Signed documents with one failure each: a grant and an officer's decision.

The file is canonical JSON of kind, body, signer and signature (base64); the signature is over the label, the kind, a
zero byte and the body's canonical bytes. `says` is a part of the reader's reason; empty means that it must be accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.vectors.keys import public_text, sealing_text, signing, text
from tests.vectors.parts import canonical

EMPLOYEE: Final = signing("employee")
OFFICER: Final = signing("officer")
NOT_CANONICAL: Final = "not in its canonical form"
DOES_NOT_HOLD: Final = "a signature does not hold"


@dataclass(frozen=True, slots=True)
class Paper:
    """One vector: what is expected (`kind`, of `signer`), the bytes, and why they are refused."""

    name: str
    kind: str
    signer: str
    data: bytes
    says: str = ""


def papers() -> tuple[Paper, ...]:
    """All vectors of signed documents, in the order of the index."""
    return (*_of("Grant", grant(), EMPLOYEE), *_of("Decision", decision(), OFFICER), *_confused())


def grant() -> dict[str, Any]:
    """A complete grant."""
    return {
        "consent_key": sealing_text("consent"),
        "employee_key": public_text(EMPLOYEE),
        "expires_ms": 1_820_000_000_000,
        "given_ms": 1_790_000_000_000,
        "grant_id": "5a" * 16,
        "notice_digest": "4" * 64,
        "person": "pseudonym-1",
        "policy_digest": "3" * 64,
        "purposes": ["agent training"],
        "recipients": ["research"],
        "solo": False,
        "sources": ["pointer", "keys", "screen", "widgets"],
        "version": 1,
    }


def decision() -> dict[str, Any]:
    """An approval."""
    return {
        "bundle_digest": "6" * 64,
        "decided_ms": 1_790_000_000_000,
        "expires_ms": 1_792_592_000_000,
        "frames_shown": ["7" * 64],
        "officer": "anna",
        "policy_digest": "3" * 64,
        "reason": "",
        "report_digest": "8" * 64,
        "solo": False,
        "verdict": "approved",
        "version": 1,
    }


def signed(kind: str, body: Mapping[str, object], key: Ed25519PrivateKey, *, says: str | None = None) -> bytes:
    """The file form; `says` is the kind that it claims, if another than the one that was signed."""
    signature = key.sign(message(kind, canonical(body)))
    return wire(kind if says is None else says, body, public_text(key), text(signature))


def message(kind: str, body: bytes) -> bytes:
    """What is signed."""
    return b"optin/1 signed " + kind.encode() + b"\0" + body


def wire(kind: str, body: Mapping[str, object], signer: str, signature: str) -> bytes:
    """The canonical file of these parts."""
    return canonical({"body": body, "kind": kind, "signature": signature, "signer": signer})


def _of(kind: str, body: Mapping[str, object], key: Ed25519PrivateKey) -> tuple[Paper, ...]:
    good, stranger = signed(kind, body, key), signing("stranger")
    signature = text(key.sign(message(kind, canonical(body))))
    unlabelled = text(key.sign(canonical(body)))
    damaged, named = "damaged or from another version", public_text(key)
    files = {
        "good": (good, ""),
        "cut": (good[:-1], damaged),
        "empty": (b"", damaged),
        "with-a-line-end": (good + b"\n", NOT_CANONICAL),
        "with-spaces": (good.replace(b",", b", "), NOT_CANONICAL),
        "with-spaces-outside-its-body": (good.replace(b'","signer"', b'", "signer"'), NOT_CANONICAL),
        "with-its-kind-first": (_kind_first(good, kind), NOT_CANONICAL),
        "of-a-stranger": (signed(kind, body, stranger), "another key"),
        "signed-by-a-stranger": (wire(kind, body, named, _signature(kind, body, stranger)), DOES_NOT_HOLD),
        "signed-without-its-kind": (wire(kind, body, named, unlabelled), DOES_NOT_HOLD),
        "edited": (good.replace(b'"version":1', b'"version":2'), DOES_NOT_HOLD),
        "with-a-signature-of-nothing": (wire(kind, body, named, ""), DOES_NOT_HOLD),
        "with-a-signature-that-is-no-base64": (wire(kind, body, named, "*" + signature[1:]), "base64"),
        "with-a-short-signer": (wire(kind, body, text(b"short"), signature), "wrong length"),
        "with-an-extra-field": (signed(kind, {**body, "more": 1}, key), damaged),
        "without-a-field": (signed(kind, {k: v for k, v in body.items() if k != "solo"}, key), damaged),
        "with-a-field-beside-its-body": (good.replace(b'{"body"', b'{"and":1,"body"', 1), damaged),
    }
    return tuple(Paper(f"{kind.lower()}-{name}", kind, named, data, says) for name, (data, says) in files.items())


def _confused() -> tuple[Paper, ...]:
    """One kind shown as another, with and without its name changed."""
    officer, another = public_text(OFFICER), "holds another document"
    shown = signed("Grant", grant(), OFFICER)
    renamed = signed("Grant", decision(), OFFICER, says="Decision")
    return (
        Paper("decision-that-is-a-grant", "Decision", officer, shown, another),
        Paper("decision-signed-as-a-grant", "Decision", officer, renamed, DOES_NOT_HOLD),
    )


def _signature(kind: str, body: Mapping[str, object], key: Ed25519PrivateKey) -> str:
    return text(key.sign(message(kind, canonical(body))))


def _kind_first(good: bytes, kind: str) -> bytes:
    said = f'"kind":"{kind}",'.encode()
    return b"{" + said + good[1:].replace(said, b"")
