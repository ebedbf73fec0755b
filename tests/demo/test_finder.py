"""The finder finds each planted value in any form in which it could leave, and nothing where nothing is."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, quote_plus

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from optin.demo.finder import Finder, Unexamined
from optin.demo.planted import Planted, by_id, plant

Encode = Callable[[str], bytes]

ENCODINGS: dict[str, Encode] = {
    "utf-8": lambda value: value.encode(),
    "upper case": lambda value: value.upper().encode(),
    "utf-16-le": lambda value: value.encode("utf-16-le"),
    "utf-16-be": lambda value: value.encode("utf-16-be"),
    "hex": lambda value: value.encode().hex().encode(),
    "upper hex": lambda value: value.encode().hex().upper().encode(),
    "url": lambda value: quote(value, safe="").encode(),
    "url query": lambda value: quote_plus(value).encode(),
    "json": lambda value: json.dumps(value).encode(),
    "html": lambda value: html.escape(value).encode(),
    "base64": lambda value: base64.b64encode(value.encode()),
    "base64 after one byte": lambda value: base64.b64encode(b"x" + value.encode() + b"yz"),
    "base64 after two bytes": lambda value: base64.b64encode(b"xx" + value.encode() + b"y"),
    "url-safe base64": lambda value: base64.urlsafe_b64encode(b"xx" + value.encode()),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
def test_each_value_is_found_in_bytes(finder: Finder, planted: tuple[Planted, ...], encode: Encode) -> None:
    missed = [s.id for s in planted if s.id not in finder.in_bytes(b"\0before" + encode(s.value) + b"\xffafter")]
    assert missed == []


def test_a_number_is_found_by_its_digits_alone(finder: Finder) -> None:
    digits = "".join(filter(str.isdigit, by_id(plant(20), "account-ssn").value))
    assert finder.in_bytes(f"ssn={digits};".encode()) == {"account-ssn"}


def test_values_are_found_without_their_blanks(finder: Finder, planted: tuple[Planted, ...]) -> None:
    missed = [s.id for s in planted if s.id not in finder.in_text(s.value.replace(" ", "\n"))]
    assert missed == []


def test_a_few_words_of_a_sentence_are_enough(finder: Finder, planted: tuple[Planted, ...]) -> None:
    words = by_id(planted, "chat-first").value.split()
    assert finder.in_text(" ".join(words[1:6])) == {"chat-first"}


def test_a_surname_is_enough(finder: Finder, planted: tuple[Planted, ...]) -> None:
    assert finder.in_text(by_id(planted, "review-employee").value.split()[-1]) == {"review-employee"}


def test_half_a_key_is_enough(finder: Finder, planted: tuple[Planted, ...]) -> None:
    value = by_id(planted, "integration-token").value
    assert finder.in_text(value[: len(value) // 2 + 1]) == {"integration-token"}


def test_each_value_is_found_alone(finder: Finder, planted: tuple[Planted, ...]) -> None:
    mistaken = {s.id: finder.in_reading([s.value]) - {s.id} for s in planted}
    assert not any(mistaken.values())


@pytest.mark.parametrize(("right", "wrong"), [("o", "0"), ("l", "I"), ("s", "5"), ("b", "8"), ("m", "rn"), ("d", "cl")])
def test_misread_characters_hide_nothing(finder: Finder, planted: tuple[Planted, ...], right: str, wrong: str) -> None:
    missed = [s.id for s in planted if s.id not in finder.in_reading([s.value.replace(right, wrong)])]
    assert missed == []


def test_one_lost_character_hides_nothing(finder: Finder, planted: tuple[Planted, ...]) -> None:
    missed = [s.id for s in planted if s.id not in finder.in_reading([s.value[:4] + s.value[5:]])]
    assert missed == []


def test_nothing_is_found_in_the_values_of_another_table(finder: Finder) -> None:
    others = [
        s.value
        for s in plant(21)
        if s.id.endswith(("token", "api", "cloud", "ssn", "card", "email", "account", "record"))
    ]
    assert not finder.in_reading(others)


def test_nothing_is_found_on_a_blank_picture(finder: Finder) -> None:
    assert not finder.in_image(np.full((800, 1280, 3), 255, dtype=np.uint8))


def test_a_picture_of_another_shape_is_an_error(finder: Finder) -> None:
    with pytest.raises(ValueError, match="height, width, 3"):
        finder.in_image(np.zeros((80, 80), dtype=np.uint8))


@pytest.mark.parametrize("ink", [pytest.param((20, 20, 20), id="dark"), pytest.param((240, 240, 240), id="light")])
def test_values_are_read_in_a_picture(finder: Finder, planted: tuple[Planted, ...], ink: tuple[int, int, int]) -> None:
    assert finder.in_image(_drawn(planted[:14], ink)) == {secret.id for secret in planted[:14]}


def test_each_value_is_found_in_parquet(finder: Finder, planted: tuple[Planted, ...], tmp_path: Path) -> None:
    rows = [{"step": {"notes": [f"a {secret.value} b"]}} for secret in planted]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet", compression="zstd")
    assert finder.in_file(tmp_path / "rows.parquet") == {secret.id for secret in planted}


def test_a_picture_inside_parquet_is_read(finder: Finder, planted: tuple[Planted, ...], tmp_path: Path) -> None:
    picture = _png(_drawn(planted[:3], (0, 0, 0)))
    pq.write_table(pa.table({"image": [{"bytes": picture, "path": "1.png"}]}), tmp_path / "frames.parquet")
    assert finder.in_file(tmp_path / "frames.parquet") == {secret.id for secret in planted[:3]}


def test_the_notes_of_a_picture_are_looked_at(finder: Finder, planted: tuple[Planted, ...], tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", by_id(planted, "case-drug").value, zip=True)
    Image.new("RGB", (64, 64), "white").save(tmp_path / "frame.png", pnginfo=notes)
    assert finder.in_file(tmp_path / "frame.png") == {"case-drug"}


@pytest.mark.parametrize("pack", [zstandard.compress, gzip.compress], ids=["zstd", "gzip"])
def test_compressed_files_are_opened(
    finder: Finder, planted: tuple[Planted, ...], tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "packed").write_bytes(pack(by_id(planted, "memo-plan").value.encode()))
    assert finder.in_file(tmp_path / "packed") == {"memo-plan"}


def test_keys_typed_one_by_one_are_put_together(finder: Finder, planted: tuple[Planted, ...], tmp_path: Path) -> None:
    keys = [json.dumps({"kind": "key", "key": key}) for key in by_id(planted, "document-key").value]
    (tmp_path / "events.jsonl").write_text("\n".join(keys))
    assert finder.in_file(tmp_path / "events.jsonl") == {"document-key"}


def test_tags_inside_a_value_hide_nothing(finder: Finder, planted: tuple[Planted, ...], tmp_path: Path) -> None:
    value = by_id(planted, "payroll-employee").value
    (tmp_path / "page.html").write_text(f"<p>{value[:3]}<b title='bold'>{value[3:]}</b></p>")
    assert finder.in_file(tmp_path / "page.html") == {"payroll-employee"}


def test_a_file_name_is_looked_at(finder: Finder, planted: tuple[Planted, ...], tmp_path: Path) -> None:
    path = tmp_path / f"{by_id(planted, 'account-name').value}.txt"
    path.touch()
    assert finder.in_file(path) == {"account-name"}


@pytest.mark.parametrize("start", [b"PAR1", b"\x89PNG\r\n\x1a\n", b"\x28\xb5\x2f\xfd", b"\x1f\x8b"])
def test_a_damaged_file_is_not_a_clean_file(finder: Finder, tmp_path: Path, start: bytes) -> None:
    (tmp_path / "damaged").write_bytes(start + b"\x07" * 40)
    with pytest.raises(Unexamined):
        finder.in_file(tmp_path / "damaged")


def _drawn(
    planted: tuple[Planted, ...], ink: tuple[int, int, int]
) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    paper = tuple(255 - value for value in ink)
    image = Image.new("RGB", (900, 60 + 34 * len(planted)), paper)
    draw = ImageDraw.Draw(image)
    for row, secret in enumerate(planted):
        draw.text((20, 20 + 34 * row), secret.value, fill=ink, font=ImageFont.load_default(16))
    return np.array(image)


def _png(pixels: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
