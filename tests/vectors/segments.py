"""Segments with one failure each, named by what is wrong, and what a reader must make of them.

`state` is what the structure says without any key. Where a segment is not broken, `records` are what comes out of it
with its key file and the consent's key, or None where it must not open. `says` is a part of the reader's reason.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.vectors.keys import public_text, signing
from tests.vectors.parts import (
    DEVICE,
    FINAL,
    HEADER,
    Frame,
    Wrong,
    canonical,
    final,
    frame,
    head,
    made,
    plaintext,
    prelude,
    renumbered,
)

FIRST, SECOND, THIRD = (b"first", b""), (b"second",), (b"third",)
FOLLOWS: Final = "frames that were saved after it follow"
MOVED: Final = "changed or moved"


@dataclass(frozen=True, slots=True)
class Segment:
    """One vector."""

    name: str
    data: bytes
    state: str
    says: str = ""
    records: tuple[bytes, ...] | None = ()
    key_file: str = "good"


@dataclass(frozen=True, slots=True)
class Base:
    """A right segment in its pieces: two frames and the final one."""

    head: bytes
    prelude: bytes
    frames: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.prelude + b"".join(self.frames)


def segments(key_files: Mapping[str, bytes]) -> tuple[Segment, ...]:
    """All vectors of segments, in the order of the index."""
    good = base(key_files["good"])
    return (*_sound(good), *_torn(good), *_bad_ends(good), *_preludes(good), *_orders(good), *_sealed(good, key_files))


def base(key_file: bytes, **changes: object) -> Base:
    """The segment that the others are made of."""
    data = canonical(head(key_file, **changes))
    start = prelude(data)
    return Base(data, start, made(start, (frame(FIRST), frame(SECOND), final())))


def _sound(good: Base) -> tuple[Segment, ...]:
    chunk, padme = (b"c" * (16384 - 8),), (b"p" * 70_000,)
    return (
        Segment("good", good.data, "intact", records=(*FIRST, *SECOND)),
        Segment("good-without-records", _with(good, final()), "intact"),
        Segment("good-whole-chunk", _with(good, frame(chunk), final()), "intact", records=chunk),
        Segment("good-above-64-kib", _with(good, frame(padme), final()), "intact", records=padme),
        Segment("good-final-with-records", _with(good, final(records=THIRD)), "intact", records=THIRD),
    )


def _torn(good: Base) -> tuple[Segment, ...]:
    """What a crash, a full disk or a power cut leaves: only the last frame may be wrong."""
    start, (first, second, last) = good.prelude, good.frames
    whole = start + first
    flipped = bytearray(second)
    flipped[HEADER + 100] ^= 1
    damaged = {
        "after-the-prelude": start,
        "after-a-frame": whole + second,
        "in-a-header": whole + second[:40],
        "in-a-ciphertext": whole + second[: HEADER + 1000],
        "in-a-digest": whole + second[:-7],
        "in-the-final-frame": whole + second + last[:2000],
        "in-the-final-signature": whole + second + last[:-9],
        "with-zeros-for-a-frame": whole + bytes(len(second)),
        "with-the-last-ciphertext-changed": whole + bytes(flipped),
        "with-the-last-digest-wrong": whole + second[:-32] + bytes(32),
        "with-a-foreign-final-signature": whole + second + made_last(good, final(signing("stranger"))),
        "with-the-head-signature-at-the-end": whole + second + last[:-64] + start[-64:],
        "with-more-than-its-final-signature-missing": whole + second + last[:-64],
    }
    kept = {"after-the-prelude": ()} | dict.fromkeys((name for name in damaged if _keeps_two(name)), (*FIRST, *SECOND))
    return tuple(Segment(f"torn-{name}", data, "torn", records=kept.get(name, FIRST)) for name, data in damaged.items())


def made_last(good: Base, last: Frame) -> bytes:
    """The bytes of another last frame behind the two of the right segment."""
    return made(good.prelude, (frame(FIRST), frame(SECOND), last))[-1]


def _keeps_two(name: str) -> bool:
    return "final" in name or name in {"after-a-frame", "with-the-head-signature-at-the-end"}


def _bad_ends(good: Base) -> tuple[Segment, ...]:
    """The same wrong frame is a torn tail where it is the last, and damage where saved frames follow it."""
    frames = {
        "frame-magic": frame(SECOND, Wrong(magic=b"OPTX")),
        "frame-of-another-segment-id": frame(SECOND, Wrong(segment="cd" * 16)),
        "flags-unknown": frame(SECOND, flags=2),
        "flags-unknown-with-final": frame(SECOND, flags=3),
        "reserved-bytes-not-zero": frame(SECOND, Wrong(zeros=b"\0\1\0")),
        "length-above-the-limit": frame(SECOND, Wrong(length=(32 << 20) + 1)),
        "length-beyond-the-file": frame(SECOND, Wrong(length=32 << 20)),
        "length-too-short": frame(SECOND, Wrong(cut=1)),
        "digest-wrong": frame(SECOND, Wrong(digest=bytes(32))),
    }
    found = []
    for name, one in frames.items():
        found.append(Segment(f"torn-{name}", _with(good, frame(FIRST), one), "torn", records=FIRST))
        found.append(Segment(f"broken-{name}", _with(good, one, final()), "broken", FOLLOWS))
    return tuple(found)


def _preludes(good: Base) -> tuple[Segment, ...]:
    """A segment gets its name when its prelude is durable, so whatever is wrong in it is no crash."""
    return (*_cut_preludes(good), *_bad_heads(good), *_bad_signatures(good))


def _cut_preludes(good: Base) -> tuple[Segment, ...]:
    ends = "ends inside its head"
    files = {
        "empty": (b"", ends),
        "magic": (b"\x89OPTS2\r\n" + good.prelude[8:], "not a segment"),
        "magic-after-a-text-transfer": (good.prelude.replace(b"\r\n", b"\n", 1), "not a segment"),
        "length-cut": (good.data[:10], ends),
        "head-cut": (good.prelude[:300], ends),
        "head-signature-cut": (good.prelude[:-1], ends),
        "head-above-the-limit": (prelude(b"{" + b" " * 65535 + b"}"), "larger than any may be"),
        "head-length-too-long": (prelude(good.head, says=len(good.head) + 1), "SegmentHead"),
        "head-length-too-short": (prelude(good.head, says=len(good.head) - 1), "SegmentHead"),
    }
    return tuple(Segment(f"broken-{name}", data, "broken", says) for name, (data, says) in files.items())


def _bad_heads(good: Base) -> tuple[Segment, ...]:
    right = good.head
    canonical_form, damaged = "not in its canonical form", "damaged or from another version"
    stranger = signing("stranger")
    of_another = good.head.replace(public_text(DEVICE).encode(), public_text(stranger).encode())
    heads = {
        "head-no-json": (b"\xff" + right[1:], damaged),
        "head-with-spaces": (right.replace(b",", b", "), canonical_form),
        "head-out-of-order": (b'{"version":1,' + right[1:].replace(b',"version":1', b""), canonical_form),
        "head-with-a-field-twice": (b'{"boot_ms":1,' + right[1:], canonical_form),
        "head-with-escapes": (right.replace(b'"index"', b'"\\u0069ndex"'), canonical_form),
        "head-with-a-fraction": (right.replace(b'"boot_ms":5000', b'"boot_ms":5000.0'), damaged),
        "head-with-an-extra-field": (right.replace(b'"version"', b'"venue":"","version"'), damaged),
        "head-without-a-field": (right.replace(b'"index":0,', b""), damaged),
        "head-with-a-word-for-a-number": (right.replace(b'"index":0', b'"index":"0"'), damaged),
        "head-of-an-unknown-version": (right.replace(b'"version":1', b'"version":2'), "another version"),
        "head-with-a-short-segment-id": (right.replace(b'"segment":"abab', b'"segment":"ab'), "32 hexadecimal digits"),
        "head-with-capitals-in-its-segment-id": (right.replace(b"ab" * 16, b"AB" * 16), "32 hexadecimal digits"),
    }
    return (
        *(Segment(f"broken-{name}", prelude(data), "broken", says) for name, (data, says) in heads.items()),
        Segment("broken-head-of-another-device", prelude(of_another, key=stranger), "broken", "another device"),
    )


def _bad_signatures(good: Base) -> tuple[Segment, ...]:
    does_not = "signature does not hold"
    signed_by = prelude(good.head, key=signing("stranger"))
    unlabelled = good.prelude[:-64] + DEVICE.sign(good.prelude[:-64])
    edited = good.prelude.replace(b'"boot_ms":5000', b'"boot_ms":5001')
    files = {"head-signed-by-a-stranger": signed_by, "head-signed-without-its-label": unlabelled, "head-edited": edited}
    return tuple(Segment(f"broken-{name}", start, "broken", does_not) for name, start in files.items())


def _orders(good: Base) -> tuple[Segment, ...]:
    """Frames left out, doubled or moved; with `renumbered` by one who makes all numbers and digests fit again."""
    start, (first, second, last) = good.prelude, good.frames
    orders = {
        "skipped": (second, last),
        "doubled": (first, first, second, last),
        "swapped": (second, first, last),
    }
    plain = {name: start + b"".join(frames) for name, frames in orders.items()}
    early = made(start, (frame(FIRST), Frame(plaintext(()), FINAL), frame(SECOND)))
    number = made(start, (frame(FIRST), frame(SECOND, Wrong(batch=7)), final()))
    previous = made(start, (frame(FIRST), frame(SECOND, Wrong(previous=bytes(32))), final()))
    broken = plain | {
        "number-wrong": start + b"".join(number),
        "previous-wrong": start + b"".join(previous),
    }
    follow, follows_end = "does not follow", "bytes follow the end"
    return (
        *(Segment(f"broken-batch-{name}", data, "broken", follow) for name, data in broken.items()),
        Segment("broken-byte-after-the-end", good.data + b"\0", "broken", follows_end),
        Segment("broken-segment-after-the-end", good.data + good.data, "broken", follows_end),
        Segment("broken-frame-after-the-end", good.data + second, "broken", follows_end),
        Segment("broken-final-in-the-middle", start + b"".join(early), "broken", FOLLOWS),
        *(_relinked(name, start, frames) for name, frames in orders.items()),
    )


def _relinked(name: str, start: bytes, frames: tuple[bytes, ...]) -> Segment:
    """The structure holds up to the final frame, whose signature nobody else can make; but nothing opens."""
    data = start + b"".join(renumbered(start, frames))
    return Segment(f"torn-batch-{name}-and-renumbered", data, "torn", MOVED, None)


def _sealed(good: Base, key_files: Mapping[str, bytes]) -> tuple[Segment, ...]:
    """The structure is right, and what is wrong shows only to those who have the key."""
    other_context = Wrong(bound_to=bytes(32) + bytes(HEADER))
    other_flags = made_header_changed(good)
    count = struct.pack(">I", 1)
    plains = {
        "more-records-than-there-are": (plaintext(FIRST, says=5000), "ends inside a record"),
        "fewer-records-than-there-are": (plaintext((*SECOND, *THIRD), says=1), "padding is not zero"),
        "record-beyond-the-plaintext": ((count + b"\xff\xff\xff\xff").ljust(4096, b"\0"), "ends inside a record"),
        "padding-not-zero": (plaintext(FIRST, padding=bytes(9) + b"\1"), "padding is not zero"),
        "endless-records": ((b"\xff" * 4).ljust(4096, b"\0"), "ends inside a record"),
    }
    wrongs = {
        "bound-to-another-prelude": (frame(FIRST, other_context), MOVED),
        "under-the-next-batch-key": (frame(FIRST, Wrong(key_number=1)), MOVED),
        "ciphertext-cut": (Frame(plaintext((b"x" * 20_000,)), wrong=Wrong(cut=16_000)), MOVED),
    } | {name: (Frame(plain), says) for name, (plain, says) in plains.items()}
    opened = tuple(
        Segment(f"sealed-{name}", _with(good, one, final()), "intact", says, None)
        for name, (one, says) in wrongs.items()
    )
    stuck = _with(good, frame(FIRST), frame(SECOND, Wrong(key_number=0)), final())
    return (
        *opened,
        Segment("sealed-under-the-same-key-twice", stuck, "intact", MOVED, None),
        Segment("sealed-bound-to-other-flags", other_flags, "intact", MOVED, None),
        *_exchanged(good, key_files),
    )


def made_header_changed(good: Base) -> bytes:
    """A first frame that was sealed as an ordinary one and then marked FINAL, signed by the device itself."""
    (ordinary,) = made(good.prelude, (frame(FIRST),))
    header = ordinary[:32] + bytes((FINAL,)) + ordinary[33:HEADER]
    (changed,) = renumbered(good.prelude, (header + ordinary[HEADER:],))
    return good.prelude + changed + DEVICE.sign(b"optin/1 segment final " + changed[-32:])


def _exchanged(good: Base, key_files: Mapping[str, bytes]) -> tuple[Segment, ...]:
    """A key file that is not the one of the head, or that the head names although it is not right."""
    other_key = "meant for another key"
    wrong = {
        name: Segment(f"sealed-key-file-{name}", base(key_files[name]).data, "intact", other_key, None, name)
        for name in ("to-a-stranger", "of-another-grant", "cut")
    }
    return (
        Segment("sealed-key-file-exchanged", good.data, "intact", "key file is not", None, "other-secret"),
        Segment(
            "sealed-commitment-wrong",
            base(key_files["good"], commitment="0" * 64).data,
            "intact",
            "does not fit its commitment",
            None,
        ),
        Segment(
            "sealed-key-file-of-another-secret",
            base(key_files["other-secret"]).data,
            "intact",
            "does not fit its commitment",
            None,
            "other-secret",
        ),
        *wrong.values(),
    )


def _with(good: Base, *frames: Frame) -> bytes:
    return good.prelude + b"".join(made(good.prelude, frames))
