"""Signed documents: a document, its kind and one Ed25519 signature, in one canonical file.

The message that is signed is the document's kind, then its canonical bytes: a grant can never be taken for an approval.
A `Signed` value exists only after its signature held; there is no unverified form to forget to check.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import Final, Generic

import msgspec
import rfc8785

from vault.canonical import D, Document, canonical, digest, parse
from vault.errors import BadInput
from vault.keys import SigningKey, VerifyKey, from_text, to_text
from vault.minted import Mint

MAX_SIGNED: Final = 8 << 20
"""Upper limit of a signed document in bytes; checked before it is parsed."""
_MINT: Final = Mint("signed.sign or signed.verify")


class _Untrusted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    body: msgspec.Raw
    signer: str
    signature: str


@dataclass(frozen=True, slots=True)
class Signed(Generic[D]):
    """A document whose signature held. `digest` is that of the document's canonical bytes."""

    document: D
    signer: VerifyKey
    data: bytes
    digest: str
    mint: InitVar[Mint]

    def __post_init__(self, mint: Mint) -> None:
        _MINT.require(mint)


def sign(document: D, key: SigningKey) -> Signed[D]:
    """The document signed by this key; `data` is its file form."""
    body = canonical(document)
    signature = key.sign(_message(type(document).__name__, body))
    return Signed(document, key.public, _wire(document, key.public, signature), digest(body), _MINT)


def verify(untrusted: bytes, kind: type[D], signer: VerifyKey) -> Signed[D]:
    """The document that `signer` signed; `BadInput` if it is damaged, of another kind, or signed by another key."""
    signed = verify_self(untrusted, kind)
    if signed.signer.raw != signer.raw:
        raise BadInput(f"a {kind.__name__} is signed by another key than the one that is expected")
    return signed


def verify_self(untrusted: bytes, kind: type[D]) -> Signed[D]:
    """The document signed by the key that it names itself; the caller must then decide whether to believe that key."""
    if len(untrusted) > MAX_SIGNED:
        raise BadInput(f"a signed {kind.__name__} is larger than any may be")
    try:
        wire = msgspec.json.decode(untrusted, type=_Untrusted)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput(f"a signed {kind.__name__} is damaged or from another version") from None
    if wire.kind != kind.__name__:
        raise BadInput(f"a signed {kind.__name__} is expected, and this file holds another document")
    body = bytes(wire.body)
    document = parse(body, kind)
    signer = VerifyKey(from_text(wire.signer))
    signature = from_text(wire.signature)
    signer.verify(signature, _message(wire.kind, body))
    if _wire(document, signer, signature) != untrusted:
        raise BadInput(f"a signed {kind.__name__} is not in its canonical form; it was edited")
    return Signed(document, signer, untrusted, digest(body), _MINT)


def _wire(document: Document, signer: VerifyKey, signature: bytes) -> bytes:
    """The one file form of a signed document."""
    return rfc8785.dumps(
        {
            "kind": type(document).__name__,
            "body": msgspec.to_builtins(document),
            "signer": signer.text,
            "signature": to_text(signature),
        }
    )


def _message(kind: str, body: bytes) -> bytes:
    return b"optin/1 signed " + kind.encode() + b"\0" + body
