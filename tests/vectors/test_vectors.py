"""The product's readers take each vector as its index says, and the generator makes them all again."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from hypothesis import given
from hypothesis import strategies as st

from capture.opening import SegmentOpener
from capture.segment import Broken, Intact, Torn, scan_segment
from consent.documents import Grant
from review.approval import Decision
from tests.vectors.cobblestone import CHUNK, SALT, seal
from tests.vectors.make import FILES, INDEX, files, index, key_files
from vault.canonical import Document
from vault.errors import BadInput
from vault.keys import OpeningKey, VerifyKey, from_text
from vault.ledger import Checkpoint, Ledger
from vault.signed import verify

KNOWN: Final[dict[str, Any]] = json.loads(INDEX.read_text())
DEVICES: Final = (VerifyKey(bytes.fromhex(KNOWN["device_key"])),)
CONSENT: Final = OpeningKey(bytes.fromhex(KNOWN["consent_private_key"]))
STATES: Final = {"intact": Intact, "torn": Torn, "broken": Broken}
KINDS: Final[dict[str, type[Document]]] = {"Grant": Grant, "Decision": Decision}


def named(part: str) -> list[Any]:
    """The entries of one part of the index, as parameters named by their files."""
    return [pytest.param(entry, id=Path(entry["file"]).stem) for entry in KNOWN[part]]


def segments_that(*states: str) -> list[Any]:
    """The segments of these states, as parameters."""
    return [one for one in named("segments") if one.values[0]["state"] in states]


def stored(name: str) -> bytes:
    return (FILES / name).read_bytes()


def opened(entry: dict[str, Any]) -> list[str]:
    """The records in hexadecimal, by the product's reader."""
    file = io.BytesIO(stored(entry["file"]))
    scanned = scan_segment(file, DEVICES)
    assert not isinstance(scanned, Broken)
    return [record.hex() for record in SegmentOpener(scanned, stored(entry["key_file"]), CONSENT).records(file)]


def test_the_generator_makes_every_stored_file_again() -> None:
    made = dict(files(key_files()))
    assert {path.name: path.read_bytes() for path in FILES.iterdir()} == made


def test_the_generator_makes_the_index_again() -> None:
    assert INDEX.read_text() == index(key_files())


@given(st.integers(0, 3 * CHUNK + 1), st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_the_generator_s_cipher_is_what_the_library_opens(size: int, key: bytes, context: bytes) -> None:
    box = Cobblestone256Decryptor(key, context)
    sealed = seal(bytes(size), key=key, context=context, salt=bytes(SALT))
    assert box.update(sealed) + box.finalize() == bytes(size)


@pytest.mark.parametrize("entry", named("segments"))
def test_a_segment_is_in_the_state_that_the_index_says(entry: dict[str, Any]) -> None:
    assert isinstance(scan_segment(io.BytesIO(stored(entry["file"])), DEVICES), STATES[entry["state"]])


@pytest.mark.parametrize("entry", segments_that("broken"))
def test_a_broken_segment_is_broken_for_its_one_reason(entry: dict[str, Any]) -> None:
    scanned = scan_segment(io.BytesIO(stored(entry["file"])), DEVICES)
    assert isinstance(scanned, Broken)
    assert entry["says"] in scanned.reason


@pytest.mark.parametrize("entry", segments_that("intact", "torn"))
def test_a_segment_gives_its_records_or_the_one_reason_why_not(entry: dict[str, Any]) -> None:
    if entry["records"] is not None:
        assert opened(entry) == entry["records"]
        return
    with pytest.raises(BadInput, match=entry["says"]):
        opened(entry)


@pytest.mark.parametrize("entry", segments_that("torn"))
def test_sound_and_lost_bytes_of_a_torn_segment_are_the_whole_file(entry: dict[str, Any]) -> None:
    data = stored(entry["file"])
    scanned = scan_segment(io.BytesIO(data), DEVICES)
    assert isinstance(scanned, Torn)
    assert scanned.sound + scanned.lost == len(data)


@pytest.mark.parametrize("entry", named("documents"))
def test_a_signed_document_is_accepted_or_refused_for_its_one_reason(entry: dict[str, Any]) -> None:
    kind, signer = KINDS[entry["kind"]], VerifyKey(from_text(entry["signer"]))
    if entry["state"] == "accepted":
        assert verify(stored(entry["file"]), kind, signer).data == stored(entry["file"])
        return
    with pytest.raises(BadInput, match=entry["says"]):
        verify(stored(entry["file"]), kind, signer)


@pytest.mark.parametrize("entry", named("ledgers"))
def test_a_ledger_holds_or_is_refused_for_its_one_reason(entry: dict[str, Any], tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path, entry)
    seen = tuple(Checkpoint(at_ms=0, version=1, **entry["witness"]) for _ in range("witness" in entry))
    if entry["state"] == "holds":
        found = ledger.verify(DEVICES[0], seen)
        assert (len(found.entries), len(found.keys)) == (entry["entries"], entry["keys"])
        return
    with pytest.raises(BadInput, match=entry["says"]):
        ledger.verify(DEVICES[0], seen)


@pytest.mark.parametrize("entry", [one for one in named("ledgers") if one.values[0]["state"] == "holds"])
def test_the_device_keys_are_found_without_the_whole_ledger(entry: dict[str, Any], tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path, entry)
    found = [key.raw for key in ledger.device_keys(DEVICES[0])]
    assert found == [key.raw for key in ledger.verify(DEVICES[0]).keys]


def ledger_in(folder: Path, entry: dict[str, Any]) -> Ledger:
    """The ledger of this entry, in a folder of its own."""
    (folder / "entries").write_bytes(stored(entry["file"]))
    if "waiting" in entry:
        (folder / "waiting").write_bytes(stored(entry["waiting"]))
    return Ledger(folder, lambda: 0)
