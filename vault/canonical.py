"""One byte form for what is signed and digested, and the strict way back.

Documents are frozen msgspec structs. `canonical` gives the RFC 8785 (JSON Canonicalization Scheme) bytes; `parse`
accepts only those very bytes, so a document has one form, and one digest. Nothing here does IO.
"""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec
import rfc8785

from vault.errors import BadInput


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every signed or digested document is: frozen, and strict about its fields."""


D = TypeVar("D", bound=Document)


def canonical(document: Document) -> bytes:
    """The RFC 8785 bytes of a document."""
    return rfc8785.dumps(msgspec.to_builtins(document))


def parse(untrusted: bytes, kind: type[D]) -> D:
    """The document of type `kind` in these canonical bytes; `BadInput` if they are anything else."""
    try:
        document = msgspec.json.decode(untrusted, type=kind)
        again = canonical(document)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, rfc8785.CanonicalizationError):
        raise BadInput(f"a {kind.__name__} document is damaged or from another version") from None
    if again != untrusted:
        raise BadInput(f"a {kind.__name__} document is not in its canonical form; it was edited")
    return document


def digest(data: bytes) -> str:
    """SHA-256 of the bytes as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
