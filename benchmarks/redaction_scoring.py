"""Scores a contender's folder in parallel: pictures, truths and redacted pictures enter, a result a screen leaves.

The reading engine is never the one that the redactor under test reads with. Each worker opens its own. A screen for
which there is no output was dropped or refused: nothing of it shows, and nothing of it was kept.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.redaction_read import read_score
from benchmarks.redaction_score import score
from benchmarks.redaction_sums import Result
from benchmarks.screens.truth import Truth
from redaction.readers import Reader, open_reader

JUDGE: Final = "rapidocr"
"""The engine that reads again: Optin and both peers read with Tesseract."""

Pixels = npt.NDArray[np.uint8]

_OPEN: list[Reader] = []
"""The reader of this worker, once it is open."""


@dataclass(frozen=True, slots=True)
class Work:
    """One screen to score: its picture, its truth, what became of it, and the engine that reads it again, if any."""

    picture: Path
    truth: Truth
    out: Path
    judge: str | None


def score_all(
    pairs: Sequence[tuple[Path, Truth]], out: Path, *, judge: str | None = JUDGE, jobs: int = 1
) -> tuple[Result, ...]:
    """The results of all screens, in their order; `judge` None leaves the second reading out."""
    work = [Work(picture, truth, out / picture.name, judge) for picture, truth in pairs]
    if jobs == 1:
        return tuple(score_one(one) for one in work)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        return tuple(pool.imap(score_one, work))


def score_one(work: Work) -> Result:
    """The result of one screen."""
    raw = pixels_of(work.picture)
    out = pixels_of(work.out) if work.out.exists() else None
    read = None
    if work.judge is not None:
        lines = _reader(work.judge).read(out) if out is not None else ()
        read = read_score(lines, work.truth)
    size = raw.shape[0] * raw.shape[1]
    return Result(work.picture.name, work.truth.kind, size, out is None, score(raw, out, work.truth), read)


def pixels_of(path: Path) -> Pixels:
    """A picture as RGB."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"), np.uint8)


def _reader(name: str) -> Reader:
    if not _OPEN:
        _OPEN.append(open_reader(name))
    return _OPEN[0]
