"""Scrubs one's own files: a picture, a text or JSON lines enter, a file of the same name that may be shown leaves.

1. Only masked pixels and masked text are ever written, to a new file (0600) that appears whole or not at all.
2. Nothing is overwritten: neither the input nor an earlier output.
3. Whatever cannot be examined is an error and leaves no output.
4. Results hold counts; no text, no picture and no folder name.

Texts go line by line. In JSON lines every string is masked; numbers and true or false become null, since they are
values; a key stays only when each of its words is in the lexicon, else it becomes `<KEY_n>`, counted in its object.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final

from redaction.detectors.base import Detector
from redaction.lexicon import Lexicon
from redaction.readers.base import Reader
from redaction.spans import Category
from redaction.text import MaskedText, mask_text
from vault.errors import BadInput

PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp"})
TEXTS: Final = frozenset({".txt", ".jsonl"})
LARGEST_FILE: Final = 512 * 2**20
"""Bytes of the largest file that is read; it is held in memory."""
DEEPEST: Final = 64
"""Levels of the deepest JSON value that is read."""
_KEY_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^A-Za-z_\-\s]+")


class ScrubError(BadInput):
    """A file that was not scrubbed, and what to do; the message names the file as the user did, never its content."""


@dataclass(frozen=True, slots=True)
class ScrubTools:
    """What scrubbing works with: opened once, used for each file."""

    reader: Reader
    lexicon: Lexicon
    detectors: tuple[Detector, ...]


@dataclass(frozen=True, slots=True)
class ScrubInput:
    """A file to scrub, and the name of its output below the output folder."""

    path: Path
    name: PurePath


@dataclass(frozen=True, slots=True)
class ScrubResult:
    """What was done to one file: masks by category, phrases kept and words read."""

    masks: Mapping[Category, int]
    kept: int
    words_read: int
    mean_confidence: float


@dataclass(frozen=True, slots=True)
class ScrubReport:
    """The results of a run, and the files that were not scrubbed with the reason."""

    reader: str
    lexicon: str
    results: tuple[tuple[ScrubInput, ScrubResult], ...]
    refused: tuple[tuple[ScrubInput, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        """Counts, versions, digests and file names for `json.dumps`; no text, and no folder above the input."""
        files = [
            {
                "name": source.name.as_posix(),
                "masks": {str(category): count for category, count in sorted(result.masks.items())},
                "kept": result.kept,
                "words_read": result.words_read,
                "mean_confidence": round(result.mean_confidence, 3),
            }
            for source, result in self.results
        ]
        refused = [{"name": source.name.as_posix(), "reason": reason} for source, reason in self.refused]
        return {
            "profile": "strict",
            "reader": self.reader,
            "lexicon": self.lexicon,
            "files": files,
            "not_examined": refused,
        }


def discover(paths: Iterable[Path]) -> tuple[ScrubInput, ...]:
    """Each file given, and each file in the folders given with its name relative to those, of known kind or not.

    What cannot be scrubbed is said by `scrub_file`, one file at a time, so that it does not stop the others.
    `ScrubError` only for two inputs with one output name. Links inside folders are not followed.
    """
    found: dict[PurePath, Path] = {}
    for path in paths:
        for source in _expanded(path):
            if found.setdefault(source.name, source.path) != source.path:
                raise ScrubError(f"two inputs would be written as {source.name.name}: scrub them into two folders")
    return tuple(ScrubInput(path, name) for name, path in sorted(found.items()))


def scrub_file(path: Path, out: Path, *, stage: ScrubTools) -> ScrubResult:
    """What was masked, after the scrubbed file stands at `out`; `ScrubError` when it does not.

    What the reader and the detectors raise passes through, and no output is left then either.
    """
    ending = path.suffix.lower()
    if ending not in PICTURES | TEXTS or out.suffix.lower() != ending:
        raise ScrubError(f"{path.name} cannot be scrubbed: give PNG, JPEG, WebP, .txt or .jsonl, and keep the ending")
    if out.exists() or out.is_symlink():
        raise ScrubError(f"{out.name} is there already: choose an empty folder")
    untrusted_bytes = _read(path)
    if ending in PICTURES:
        redacted, result = _picture(untrusted_bytes, path, stage)
    elif ending == ".txt":
        redacted, result = _text(_decoded(untrusted_bytes, path), stage)
    else:
        redacted, result = _json_lines(_decoded(untrusted_bytes, path), path, stage)
    _write_new(out, redacted)
    return result


def _expanded(path: Path) -> tuple[ScrubInput, ...]:
    if not path.is_dir():
        return (ScrubInput(path, PurePath(path.name)),)
    files = (item for item in sorted(path.rglob("*")) if item.is_file() and not item.is_symlink())
    return tuple(ScrubInput(item, item.relative_to(path)) for item in files)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ScrubError(f"{path.name} is too large: split it below 512 MiB")
        return path.read_bytes()
    except OSError:
        raise ScrubError(f"{path.name} cannot be read: check that it is there and readable") from None


def _picture(untrusted_bytes: bytes, path: Path, stage: ScrubTools) -> tuple[bytes, ScrubResult]:
    from redaction.pictures import PictureError, read_picture, write_picture
    from redaction.pixels import mask_frame

    ending = path.suffix.lower()
    try:
        raw_pixels = read_picture(untrusted_bytes, ending)
    except PictureError as problem:
        raise ScrubError(f"{path.name} {problem}") from None
    frame = mask_frame(raw_pixels, reader=stage.reader, lexicon=stage.lexicon, detectors=stage.detectors)
    counts = MappingProxyType(dict(Counter(mask.category for mask in frame.masks)))
    result = ScrubResult(counts, len(frame.phrases), frame.words_read, frame.mean_confidence)
    return write_picture(frame.pixels, ending), result


def _decoded(untrusted_bytes: bytes, path: Path) -> str:
    try:
        return untrusted_bytes.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScrubError(f"{path.name} is not UTF-8 text: convert it first") from None


def _text(text: str, stage: ScrubTools) -> tuple[bytes, ScrubResult]:
    tally = _Tally(stage)
    lines = [tally.mask(line) for line in text.split("\n")]
    return "\n".join(lines).encode(), tally.result()


def _json_lines(text: str, path: Path, stage: ScrubTools) -> tuple[bytes, ScrubResult]:
    tally = _Tally(stage)
    lines = text.split("\n")
    masked = [_json_line(line, number, path, tally) for number, line in enumerate(lines, 1)]
    return "\n".join(masked).encode(), tally.result()


def _json_line(line: str, number: int, path: Path, tally: _Tally) -> str:
    if not line.strip():
        return ""
    try:
        value = json.loads(line)
        return json.dumps(_masked(value, tally, DEEPEST), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise ScrubError(f"{path.name} is not JSON lines: line {number} cannot be read") from None


def _masked(value: object, tally: _Tally, depth: int) -> object:
    if depth == 0:
        raise RecursionError
    if isinstance(value, str):
        return "\n".join(tally.mask(line) for line in value.split("\n"))
    if isinstance(value, list):
        return [_masked(item, tally, depth - 1) for item in value]
    if isinstance(value, dict):
        return {
            tally.key(key, number): _masked(item, tally, depth - 1) for number, (key, item) in enumerate(value.items())
        }
    return None


class _Tally:
    """Masks lines and keys with one set of tools, and counts what it did."""

    def __init__(self, stage: ScrubTools) -> None:
        self._stage = stage
        self._counts: Counter[Category] = Counter()
        self._kept = 0

    def mask(self, line: str) -> str:
        masked: MaskedText = mask_text(line, lexicon=self._stage.lexicon, detectors=self._stage.detectors)
        self._counts.update(masked.counts)
        self._kept += masked.kept
        return masked.text

    def key(self, key: str, number: int) -> str:
        words = _KEY_WORD.findall(key)
        if words and all(self._stage.lexicon.has(word) for word in words):
            return key
        return f"<KEY_{number}>"

    def result(self) -> ScrubResult:
        return ScrubResult(MappingProxyType(dict(self._counts)), self._kept, 0, 0.0)


def _write_new(out: Path, redacted: bytes) -> None:
    """Writes beside the place, then links into it, which fails when something stands there."""
    try:
        out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial = out.parent / f".{secrets.token_hex(8)}.part"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise ScrubError(f"{out.name} cannot be written: check the output folder") from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(redacted)
            file.flush()
            os.fsync(file.fileno())
        out.hardlink_to(partial)
    except FileExistsError:
        raise ScrubError(f"{out.name} is there already: choose an empty folder") from None
    except OSError:
        raise ScrubError(f"{out.name} cannot be written: check the output folder") from None
    finally:
        partial.unlink(missing_ok=True)
