"""Sealed messages for several recipients: only the holders of the named opening keys can read them.

Layout: magic, u32 length of the head, head (canonical JSON: version, context, one HPKE-wrapped copy of the message key
for each recipient), then Cobblestone-256 over the message. The head's digest is the associated data, so no part can be
exchanged. Senders are anonymous: what must be believed is signed inside. Nothing here does IO.
"""

from __future__ import annotations

import secrets
import struct
from typing import Final

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from vault.canonical import Document, canonical, digest, parse
from vault.errors import BadInput, Refused
from vault.keys import OpeningKey, SealingKey, from_text, to_text

MAGIC: Final = b"\x89OPTE1\r\n"
"""First bytes of an envelope; the high bit and the line end show damage by a text transfer."""
MAX_HEAD: Final = 1 << 20


class Wrapped(Document, frozen=True):
    """The message key, wrapped for one recipient."""

    recipient: str
    wrapped: str


class EnvelopeHead(Document, frozen=True):
    """What an envelope says in the clear."""

    context: str
    recipients: tuple[Wrapped, ...]
    version: int


def seal_envelope(message: bytes, recipients: tuple[SealingKey, ...], context: str) -> bytes:
    """The message sealed to every recipient and bound to `context`, a word for what it is."""
    if not recipients:
        raise Refused("a message without a recipient is not sealed; name at least one key")
    key = secrets.token_bytes(32)
    info = _info(context)
    wrapped = tuple(Wrapped(recipient=to.key_id, wrapped=to_text(to.wrap(key, info))) for to in recipients)
    head = canonical(EnvelopeHead(context=context, recipients=wrapped, version=1))
    box = Cobblestone256Encryptor(key, digest(head).encode())
    return b"".join((MAGIC, struct.pack(">I", len(head)), head, box.update(message), box.finalize()))


def open_envelope(untrusted: bytes, key: OpeningKey, context: str) -> bytes:
    """The message; `Refused` if this key is no recipient, `BadInput` if anything was changed."""
    head_data, body = _split(untrusted)
    head = parse(head_data, EnvelopeHead)
    if head.version != 1 or head.context != context:
        raise BadInput(f"an envelope for {context} is expected, and this one is for something else")
    mine = [entry for entry in head.recipients if entry.recipient == key.public.key_id]
    if not mine:
        raise Refused("this envelope is not sealed to the key at hand; ask its sender to name it as a recipient")
    secret = key.unwrap(from_text(mine[0].wrapped), _info(context))
    try:
        box = Cobblestone256Decryptor(secret, digest(head_data).encode())
        return box.update(body) + box.finalize()
    except (InvalidTag, ValueError):
        raise BadInput("an envelope was changed or cut off after it was sealed") from None


def _split(untrusted: bytes) -> tuple[bytes, bytes]:
    start = len(MAGIC) + 4
    if len(untrusted) < start or not untrusted.startswith(MAGIC):
        raise BadInput("this is not a sealed envelope")
    (size,) = struct.unpack_from(">I", untrusted, len(MAGIC))
    if size > MAX_HEAD or start + size > len(untrusted):
        raise BadInput("an envelope's head is longer than the envelope")
    return untrusted[start : start + size], untrusted[start + size :]


def _info(context: str) -> bytes:
    return b"optin/1 envelope " + context.encode()
