"""Writes the vectors: `python -m tests.vectors.make` puts files and index beside this module.

The files come out the same each time, but for the wrapped keys: HPKE takes fresh randomness that the library does not
let a caller choose. Those stay once they are there, and each run checks that they open as the index says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.vectors.documents import Paper, papers
from tests.vectors.keys import SUITE, opening, opening_raw, sealing, signing
from tests.vectors.ledgers import Book, books
from tests.vectors.parts import DEVICE, SECRET, key_info
from tests.vectors.segments import Segment, segments

FILES: Final = Path(__file__).parent / "files"
INDEX: Final = Path(__file__).parent / "index.json"
OTHER_SECRET: Final = bytes(range(32, 64))
_WRAPPED: Final = {
    "good": (SECRET, "consent", key_info()),
    "other-secret": (OTHER_SECRET, "consent", key_info()),
    "of-another-grant": (SECRET, "consent", key_info("9" * 64)),
    "to-a-stranger": (SECRET, "stranger", key_info()),
}
"""Secret, recipient and info of each wrapped key that is stored."""


def main() -> None:
    """Writes what is missing or differs, and removes what is no vector any more."""
    FILES.mkdir(exist_ok=True)
    for name, (secret, word, info) in _WRAPPED.items():
        if not _key_path(name).exists():
            _key_path(name).write_bytes(SUITE.encrypt(secret, sealing(word), info))
    made = dict(files(key_files()))
    for path in FILES.iterdir():
        if path.name not in made:
            path.unlink()
    for name, data in made.items():
        (FILES / name).write_bytes(data)
    INDEX.write_text(index(key_files()))


def key_files() -> dict[str, bytes]:
    """The key files by name; an error if one does not hold what it should."""
    stored = {name: _key_path(name).read_bytes() for name in _WRAPPED}
    for name, (secret, word, info) in _WRAPPED.items():
        if SUITE.decrypt(stored[name], opening(word), info) != secret:
            raise ValueError(f"the stored key file '{name}' wraps another secret")
    return stored | {"cut": stored["good"][:-1]}


def files(keys: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The name and the bytes of every file beside the index."""
    yield from ((f"{name}.key", data) for name, data in keys.items())
    yield from ((f"{one.name}.seg", one.data) for one in segments(keys))
    yield from ((f"{one.name}.json", one.data) for one in papers())
    yield from ((f"{one.name}.ledger", one.data) for one in books())
    yield from ((f"{one.name}.waiting", one.waiting) for one in books() if one.waiting)


def index(keys: dict[str, bytes]) -> str:
    """The index: the keys, and for each file what a reader must make of it."""
    whole = {
        "device_key": DEVICE.public_key().public_bytes_raw().hex(),
        "stranger_key": signing("stranger").public_key().public_bytes_raw().hex(),
        "consent_private_key": opening_raw("consent").hex(),
        "segments": [_segment_entry(one) for one in segments(keys)],
        "documents": [_paper_entry(one) for one in papers()],
        "ledgers": [_book_entry(one) for one in books()],
    }
    return json.dumps(whole, indent=1) + "\n"


def _segment_entry(one: Segment) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": f"{one.name}.seg", "state": one.state}
    if one.state != "broken":
        entry["key_file"] = f"{one.key_file}.key"
        entry["records"] = None if one.records is None else [record.hex() for record in one.records]
    return entry | ({"says": one.says} if one.says else {})


def _paper_entry(one: Paper) -> dict[str, Any]:
    entry = {"file": f"{one.name}.json", "kind": one.kind, "signer": one.signer}
    return entry | {"state": "refused" if one.says else "accepted"} | ({"says": one.says} if one.says else {})


def _book_entry(one: Book) -> dict[str, Any]:
    entry: dict[str, Any] = {"file": f"{one.name}.ledger", "state": "refused" if one.says else "holds"}
    if one.waiting:
        entry["waiting"] = f"{one.name}.waiting"
    if one.witness is not None:
        entry["witness"] = dict(zip(("entries", "head", "first_key"), one.witness, strict=True))
    return entry | ({"says": one.says} if one.says else {"entries": one.entries, "keys": one.keys})


def _key_path(name: str) -> Path:
    return FILES / f"{name}.key"


if __name__ == "__main__":
    main()
