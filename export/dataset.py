"""Writes admitted bundles as a data set, and checks one that was written.

Enters: `ExportBundle`, which only `export.gate.admit` makes. Leaves: a local folder of mode 0700 with

    data/train-00000-of-00001.parquet     one row an episode (`export.table` has the columns)
    README.md                             the card
    manifest.json                         every file's digest and size, and what each episode rests on; signed

1. The manifest is written last, so a data set without one is unfinished. No file is ever overwritten.
2. Nothing is written outside the folder, not even for a moment.
3. The same bundles make the same bytes: writing them again changes nothing, other bundles need another folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from export.card import CardFacts, card
from export.gate import ExportBundle
from export.rows import Row, approval_digests, row_of
from export.sinks import local_folder
from redaction.redacted import TOOL
from vault.canonical import Document, digest
from vault.errors import BadInput, MissingPart, NotMinted, Refused
from vault.files import create_file, private_folder, read_file
from vault.keys import SigningKey, VerifyKey
from vault.signed import MAX_SIGNED, Signed, sign, verify, verify_self

MANIFEST: Final = "manifest.json"
CARD: Final = "README.md"
SHARD_BYTES: Final = 512 << 20
"""A Parquet file takes no further episode once its images reach this size; memory holds one file at a time."""
_FILE_NAME: Final = re.compile(r"README\.md|data/train-\d{5}-of-\d{5}\.parquet")

Progress = Callable[[int, int], None]
"""Called with episodes done and episodes in all."""


class DatasetFile(Document, frozen=True):
    """One file of a data set; `name` is its path below the folder."""

    name: str
    sha256: str
    size: int


class Receipt(Document, frozen=True):
    """What one episode rests on."""

    approval_digests: tuple[str, ...]
    bundle_digest: str
    episode: str
    grant_digest: str
    policy_digest: str
    redacted_by: str
    report_digest: str


class Manifest(Document, frozen=True):
    """What the exporter signs."""

    created_ms: int
    files: tuple[DatasetFile, ...]
    receipts: tuple[Receipt, ...]
    solo: bool
    tool: str
    version: int


@dataclass(frozen=True, slots=True)
class Written:
    """A data set that lies in `folder`; `was_there` says that it lay there before, byte for byte."""

    folder: Path
    manifest: Manifest
    manifest_digest: str
    was_there: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """A data set whose every byte is the one that was signed. Whether to believe the key is for the reader to say."""

    manifest: Manifest
    manifest_digest: str
    exporter: VerifyKey
    key_id: str


def write_dataset(
    bundles: tuple[ExportBundle, ...], to: str | Path, *, exporter: SigningKey, now_ms: int, progress: Progress
) -> Written:
    """The data set in the folder `to`, made if need be.

    `Refused` if the place is not a private local folder or the bundles may not stand together, `BadInput` if the folder
    holds anything else, `NotMinted` for what the gate did not admit.
    """
    admitted = _ordered(bundles)
    groups = shards(admitted, SHARD_BYTES)
    names = [f"data/train-{index:05d}-of-{len(groups):05d}.parquet" for index in range(len(groups))]
    folder = private_folder(local_folder(to))
    _require_no_other(folder, {*names, CARD, MANIFEST})
    finished = _finished(folder, exporter.public)
    private_folder(folder / "data")
    contents = _contents(admitted, zip(names, groups, strict=True), exporter.public, progress)
    files = tuple(_place(folder, name, data, finished=finished is not None) for name, data in contents)
    manifest = _manifest(admitted, files, created_ms=finished.document.created_ms if finished else now_ms)
    signed = sign(manifest, exporter)
    if len(signed.data) > MAX_SIGNED:
        raise Refused("the data set has more episodes than one manifest holds; export fewer at a time")
    _place(folder, MANIFEST, signed.data, finished=finished is not None)
    return Written(folder, manifest, signed.digest, finished is not None)


def verify_dataset(folder: str | Path) -> Verified:
    """What the manifest says, once its signature, every file's digest and size held and no other file is there.

    `BadInput` names the first thing that is wrong. The manifest names its own key: compare `key_id` with the exporter's
    before you believe it.
    """
    place = local_folder(folder)
    try:
        signed = verify_self(read_file(place / MANIFEST, MAX_SIGNED), Manifest)
    except MissingPart:
        raise BadInput(f"there is no finished data set in {place}: it has no {MANIFEST}") from None
    files = signed.document.files
    if not all(_FILE_NAME.fullmatch(file.name) for file in files):
        raise BadInput("the manifest names a file that no data set has; do not use it")
    _require_no_other(place, {MANIFEST, *(file.name for file in files)})
    for file in files:
        if _measured(place, file.name) != file:
            raise BadInput(f"{file.name} is not the file that was signed; fetch the data set again")
    return Verified(signed.document, signed.digest, signed.signer, key_id(signed.signer))


def key_id(key: VerifyKey) -> str:
    """A short name of the exporter's key: the first 16 hexadecimal digits of its digest."""
    return digest(key.raw)[:16]


def shards(admitted: tuple[ExportBundle, ...], limit: int) -> tuple[tuple[ExportBundle, ...], ...]:
    """The bundles in their order, as groups; a group is full once its images have `limit` bytes."""
    groups: list[list[ExportBundle]] = []
    size = limit
    for bundle in admitted:
        if size >= limit:
            groups.append([])
            size = 0
        groups[-1].append(bundle)
        size += sum(map(len, bundle.bundle.images))
    return tuple(map(tuple, groups))


def _ordered(bundles: tuple[ExportBundle, ...]) -> tuple[ExportBundle, ...]:
    """The bundles in the order of their episodes' names, once they may stand together in one data set."""
    # The types say so already; this holds where the types are not checked.
    if not all(type(bundle) is ExportBundle for bundle in bundles):
        raise NotMinted("a data set is written only from what gate.admit gave")
    if not bundles:
        raise Refused("nothing was admitted, so there is nothing to export")
    if len({bundle.policy.document.solo for bundle in bundles}) > 1:
        raise Refused("recordings made for trying out (--solo) cannot be joined with those of an organisation")
    if len({bundle.bundle.episode.session for bundle in bundles}) < len(bundles):
        raise Refused("a session was given twice; export each session once")
    return tuple(sorted(bundles, key=_episode_name))


def _episode_name(admitted: ExportBundle) -> str:
    return admitted.bundle.episode.session


def _finished(folder: Path, exporter: VerifyKey) -> Signed[Manifest] | None:
    """The manifest that is there already, which then must be this exporter's; None in a folder that has none."""
    path = folder / MANIFEST
    return verify(read_file(path, MAX_SIGNED), Manifest, exporter) if path.exists() else None


def _contents(
    admitted: tuple[ExportBundle, ...],
    groups: Iterable[tuple[str, tuple[ExportBundle, ...]]],
    exporter: VerifyKey,
    progress: Progress,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file but the manifest, one at a time."""
    from export.table import parquet_bytes  # loads pyarrow; only writing a data set needs it

    done = 0
    progress(done, len(admitted))
    for name, group in groups:
        yield name, parquet_bytes(_rows(group, progress, done=done, whole=len(admitted)))
        done += len(group)
    yield CARD, card(_card_facts(admitted, exporter)).encode()


def _rows(group: tuple[ExportBundle, ...], progress: Progress, *, done: int, whole: int) -> Iterator[Row]:
    """The rows of one file; progress is told of each once the next is asked for, which is when it was written."""
    for number, admitted in enumerate(group, done + 1):
        yield row_of(admitted)
        progress(number, whole)


def _card_facts(admitted: tuple[ExportBundle, ...], exporter: VerifyKey) -> CardFacts:
    episodes = [bundle.bundle.episode for bundle in admitted]
    return CardFacts(
        episodes=len(episodes),
        steps=sum(len(episode.steps) for episode in episodes),
        images=sum(len(episode.images) for episode in episodes),
        purposes=tuple(sorted(set.intersection(*(set(bundle.grant.document.purposes) for bundle in admitted)))),
        solo=admitted[0].policy.document.solo,
        key_id=key_id(exporter),
    )


def _manifest(admitted: tuple[ExportBundle, ...], files: tuple[DatasetFile, ...], *, created_ms: int) -> Manifest:
    return Manifest(
        created_ms=created_ms,
        files=files,
        receipts=tuple(map(_receipt, admitted)),
        solo=admitted[0].policy.document.solo,
        tool=TOOL,
        version=1,
    )


def _receipt(admitted: ExportBundle) -> Receipt:
    facts = admitted.bundle.manifest.document
    return Receipt(
        approval_digests=approval_digests(admitted),
        bundle_digest=admitted.bundle.digest,
        episode=facts.session,
        grant_digest=admitted.grant.digest,
        policy_digest=admitted.policy.digest,
        redacted_by=admitted.bundle.report.tool,
        report_digest=facts.report_digest,
    )


def _place(folder: Path, name: str, data: bytes, *, finished: bool) -> DatasetFile:
    """Creates the file, or finds it there with these very bytes; never overwrites one."""
    file = DatasetFile(name=name, sha256=digest(data), size=len(data))
    if (folder / name).exists():
        if _measured(folder, name) != file:
            what = "another data set" if finished else "an unfinished or other data set"
            raise BadInput(f"{folder} holds {what} ({name} differs); nothing was overwritten, choose a new folder")
    elif finished:
        raise BadInput(f"{folder} holds a data set that lacks {name}; choose a new folder")
    else:
        create_file(folder / name, data)
    return file


def _measured(folder: Path, name: str) -> DatasetFile:
    """The digest and size of a file as it lies there, read piece by piece; `BadInput` if it is missing or a link."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError as error:
        raise BadInput(f"{name} of the data set cannot be read: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return DatasetFile(name=name, sha256=sha256, size=os.fstat(file.fileno()).st_size)


def _require_no_other(folder: Path, names: set[str]) -> None:
    """Nothing lies in the folder but these files and the folders that hold them."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_parent = path.is_dir() and not path.is_symlink() and any(known.startswith(f"{name}/") for known in names)
        if not is_parent and (name not in names or path.is_symlink()):
            raise BadInput(f"{folder} holds something that is no part of this data set; use a folder of its own")
