"""Scrubs one's own files: a picture, a text or JSON lines enter, a file of the same name that may be shown leaves.

1. Only masked pixels and masked text are ever written, to a new file (0600) that appears whole or not at all.
2. Nothing is overwritten: neither the input nor an earlier output.
3. Whatever cannot be examined is an error and leaves no output. A picture that is classified too highly is dropped.
4. Results hold counts; no text, no picture and no folder name.

A picture with transparent parts is masked where it shows something over white or over black, and written over white.

Texts go line by line. In JSON lines every string is masked; numbers and true or false become null, since they are
values; a key stays only when each of its words is in the lexicon, else it becomes `<KEY_n>`, counted in its object.
That is the strict profile. In the balanced one detectors decide on all of these (`redaction.balanced.passages`).
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final, Protocol

from redaction.balanced.passages import Passages, PassageTools
from redaction.detectors.base import Detector
from redaction.lexicon import Lexicon
from redaction.scrubbed import Dropped, Scrubbed, ScrubFacts, ScrubInput, ScrubResult
from redaction.spans import Category
from redaction.text import mask_text
from vault.errors import BadInput

if TYPE_CHECKING:
    # What reads pictures starts threads when it is imported, and a process must be isolated before that.
    from redaction.images.pictures import Pixels
    from redaction.images.pixels import MaskedFrame

PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp"})
TEXTS: Final = frozenset({".txt", ".jsonl"})
LARGEST_FILE: Final = 512 * 2**20
"""Bytes of the largest file that is read; it is held in memory."""
DEEPEST: Final = 64
"""Levels of the deepest JSON value that is read."""
_KEY_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^A-Za-z_\-\s]+")


class ScrubError(BadInput):
    """A file that was not scrubbed, and what to do; the message names the file as the user did, never its content."""


class Settling(Protocol):
    """Masks a picture until masking it again would change nothing, as the masker of a profile does."""

    def settled(self, rgb: Pixels) -> MaskedFrame:
        """The masked picture; whatever an engine or a detector raises passes."""


@dataclass(frozen=True, slots=True)
class ScrubTools:
    """What scrubbing works with: opened once, used for each file.

    With `passages` detectors decide on texts, as the balanced profile has it; without, the lexicon does.
    """

    masker: Settling
    lexicon: Lexicon
    detectors: tuple[Detector, ...]
    facts: ScrubFacts
    passages: PassageTools | None = None


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


def scrub_file(path: Path, out: Path, *, stage: ScrubTools) -> Scrubbed:
    """What was masked, after the scrubbed file stands at `out`; `ScrubError` when it does not.

    Of a picture that is dropped nothing is written. What the reader and the detectors raise passes through, and no
    output is left then either.
    """
    if out.suffix.lower() != path.suffix.lower():
        raise ScrubError(f"{path.name} cannot be written as another kind of file: keep the ending")
    make_room(out)
    part = new_part(out, secrets.token_hex(8))
    try:
        scrubbed = scrub_into(path, part, stage=stage)
        if isinstance(scrubbed, ScrubResult):
            give_name(part, out)
    finally:
        part.unlink(missing_ok=True)
    return scrubbed


def make_room(out: Path) -> None:
    """Makes the folders (0700) that this output needs; `ScrubError` if it is there already."""
    if os.path.lexists(out):
        raise ScrubError(f"{out.name} is there already: choose an empty folder")
    try:
        _make_folder(out.parent)
    except OSError:
        raise ScrubError(f"{out.name} cannot be written: check the output folder") from None


def new_part(out: Path, mark: str) -> Path:
    """Where an output is written until it is whole; `mark` tells those apart who write at the same time."""
    return out.with_name(f".{mark}.part")


def scrub_into(path: Path, part: Path, *, stage: ScrubTools) -> Scrubbed:
    """What was masked, after the new file `part` (0600) holds all of it on disk; errors as those of `scrub_file`."""
    ending = path.suffix.lower()
    if ending not in PICTURES | TEXTS:
        raise ScrubError(f"{path.name} cannot be scrubbed: give PNG, JPEG, WebP, .txt or .jsonl by their endings")
    untrusted_bytes = _read(path)
    try:
        if ending in PICTURES:
            return _picture(untrusted_bytes, path, part, stage)
        if ending == ".txt":
            redacted, result = _text(_decoded(untrusted_bytes, path), stage)
        else:
            redacted, result = _json_lines(_decoded(untrusted_bytes, path), path, stage)
    except MemoryError:
        raise ScrubError(f"{path.name} is too large for the memory of this machine: cut it into parts") from None
    _write_new(part, redacted)
    return result


def give_name(part: Path, out: Path) -> None:
    """Puts what was written in its place, where nothing may stand yet, else `ScrubError`."""
    try:
        out.hardlink_to(part)
    except FileExistsError:
        raise ScrubError(f"{out.name} is there already: choose an empty folder") from None
    except OSError:
        raise ScrubError(f"{out.name} cannot be written: check the output folder") from None
    part.unlink()


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


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


def _picture(untrusted_bytes: bytes, path: Path, part: Path, stage: ScrubTools) -> Scrubbed:
    from redaction.images.pictures import PictureError, read_picture, write_picture

    ending = path.suffix.lower()
    try:
        raw_views = read_picture(untrusted_bytes, ending)
    except PictureError as problem:
        raise ScrubError(f"{path.name} {problem}") from None
    pixels, scrubbed = _masked_views(raw_views, stage)
    if isinstance(scrubbed, ScrubResult):
        _write_new(part, write_picture(pixels, ending))
    return scrubbed


def _masked_views(raw_views: tuple[Pixels, ...], stage: ScrubTools) -> tuple[Pixels, Scrubbed]:
    """The first view, masked where any view is, and what was done to it; further views are another background's."""
    from redaction.images.pixels import filled

    frame, *others = (stage.masker.settled(raw_view) for raw_view in raw_views)
    levels = tuple(view.level for view in (frame, *others) if view.level is not None)
    if levels and max(levels) >= stage.facts.drop_level:
        return frame.pixels, Dropped(max(levels))
    added = tuple(mask for other in others for mask in other.masks)
    pixels, masks = filled(frame.pixels, added), {*frame.masks, *added}
    counts = tuple(sorted(Counter(mask.category for mask in masks).items()))
    kept = sum(not any(mask.box.meets(phrase.box) for mask in masks) for phrase in frame.phrases)
    second = sum(view.second_findings for view in (frame, *others))
    return pixels, ScrubResult(counts, kept, frame.words_read, frame.mean_confidence, second)


def _decoded(untrusted_bytes: bytes, path: Path) -> str:
    try:
        return untrusted_bytes.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScrubError(f"{path.name} is not UTF-8 text: convert it first") from None


def _text(text: str, stage: ScrubTools) -> tuple[bytes, ScrubResult]:
    tally = _tally(stage, (text,))
    return tally.mask(text).encode(), tally.result()


def _json_lines(text: str, path: Path, stage: ScrubTools) -> tuple[bytes, ScrubResult]:
    values = [_parsed(line, number, path) for number, line in enumerate(text.split("\n"), 1)]
    tally = _tally(stage, (string for (value,) in filter(None, values) for string in _strings(value)))
    lines = (json.dumps(_masked(value[0], tally), ensure_ascii=False) if value else "" for value in values)
    return "\n".join(lines).encode(), tally.result()


def _parsed(line: str, number: int, path: Path) -> tuple[object, ...]:
    """The value on a line; nothing for a blank one."""
    try:
        return (_bounded(json.loads(line), DEEPEST),) if line.strip() else ()
    except (ValueError, RecursionError):
        raise ScrubError(f"{path.name} is not JSON lines: line {number} cannot be read") from None


def _bounded(value: object, depth: int) -> object:
    """The value, if it is not too deep."""
    if depth == 0:
        raise RecursionError
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _bounded(part, depth - 1)
    return value


def _strings(value: object) -> Iterator[str]:
    """All strings in a value."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


def _masked(value: object, tally: _Tally, key: str = "") -> object:
    if isinstance(value, str):
        return tally.mask(value, label=_words_of(key))
    if isinstance(value, list):
        return [_masked(item, tally, key) for item in value]
    if isinstance(value, dict):
        pairs = enumerate(value.items())
        return {tally.key(name, number): _masked(item, tally, name) for number, (name, item) in pairs}
    return tally.scalar(value, label=_words_of(key))


def _words_of(key: str) -> str:
    """A key as words: `birthDate` and `birth_date` are both "birth date"."""
    return " ".join(_KEY_WORD.findall(key)).lower()


class _Tally(Protocol):
    """Masks texts, keys and scalars of one file, and counts what it did."""

    def mask(self, text: str, *, label: str = "") -> str: ...

    def key(self, key: str, number: int) -> str: ...

    def scalar(self, value: object, *, label: str) -> object: ...

    def result(self) -> ScrubResult: ...


def _tally(stage: ScrubTools, raw_texts: Iterable[str]) -> _Tally:
    """What masks a file with these texts, as the profile has it."""
    return _Known(stage) if stage.passages is None else _Found(Passages(raw_texts, tools=stage.passages))


class _Known:
    """The strict profile: only what the lexicon knows stays."""

    def __init__(self, stage: ScrubTools) -> None:
        self._stage = stage
        self._counts: Counter[Category] = Counter()
        self._kept = 0

    def mask(self, text: str, *, label: str = "") -> str:  # noqa: ARG002 (the label decides nothing here)
        return "\n".join(self._line(line) for line in text.split("\n"))

    def key(self, key: str, number: int) -> str:
        words = _KEY_WORD.findall(key)
        if words and all(self._stage.lexicon.has(word) for word in words):
            return key
        return f"<KEY_{number}>"

    def scalar(self, value: object, *, label: str) -> None:  # noqa: ARG002 (no value stays)
        return None

    def result(self) -> ScrubResult:
        return _result(self._counts, self._kept)

    def _line(self, line: str) -> str:
        masked = mask_text(line, lexicon=self._stage.lexicon, detectors=self._stage.detectors)
        self._counts.update(masked.counts)
        self._kept += masked.kept
        return masked.text


class _Found:
    """The balanced profile: what detectors find goes, and values whose key is a sensitive label."""

    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._counts: Counter[Category] = Counter()
        self._kept = 0

    def mask(self, text: str, *, label: str = "") -> str:
        masked = self._passages.mask(text, label=label)
        self._counts.update(masked.counts)
        self._kept += masked.kept
        return masked.text

    def key(self, key: str, number: int) -> str:
        return key if self._passages.mask(_words_of(key)).counts == {} else f"<KEY_{number}>"

    def scalar(self, value: object, *, label: str) -> object:
        text = json.dumps(value)
        masked = self._passages.mask(text, label=label)
        self._counts.update(masked.counts)
        return value if masked.text == text else None

    def result(self) -> ScrubResult:
        return _result(self._counts, self._kept)


def _result(counts: Counter[Category], kept: int) -> ScrubResult:
    return ScrubResult(tuple(sorted(counts.items())), kept, 0, 0.0, 0)


def _write_new(part: Path, redacted: bytes) -> None:
    """Writes a new file that is on disk, but for its name; none is left if the disk refuses."""
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(redacted)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            part.unlink(missing_ok=True)
            raise
    except OSError:
        raise ScrubError("the output folder takes no file: check its rights and its room") from None
