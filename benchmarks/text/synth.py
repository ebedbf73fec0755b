"""The synthetic sentences of presidio's makers: their file enters, texts and gold stretches leave; then their figures.

The sentences and the evaluator are theirs (MIT licence); the file is not part of this project. The even half of the
sentences is held out, the odd half is for tuning. How types are mapped stands in `benchmarks/peers/text/evaluate.py`.
Optin names a category of why something is sensitive and none of those types, so it is scored on what is PII only.
Beside the evaluator's figures, which ask for stretches as long as the gold ones, stands what a redactor is asked for:
the share of gold stretches of which every letter and digit is masked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.redaction_sums import Share
from benchmarks.text.judge import share_of
from vault.errors import BadInput

HALVES: Final = {"held out": ("even",), "for tuning": ("odd",), "all": ("even", "odd")}
"""Names of the halves, and their names with the evaluator."""
THRESHOLDS: Final = ("0.7", "0.9")
ANCHORS: Final = "published by its makers: F2 0.845 at IoU 0.7 (their best model), 0.618 at IoU 0.9 (as it comes)"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its number in the file, and its gold stretches with their types."""

    number: int
    text: str
    gold: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Scores:
    """Precision, recall and F2, 0 to 1."""

    precision: float
    recall: float
    f2: float


def sentences(data: Path) -> tuple[Sentence, ...]:
    """The sentences of the file; `BadInput` if it is not that file."""
    try:
        rows = json.loads(data.read_text("utf-8"))
        return tuple(_sentence(number, row) for number, row in enumerate(rows))
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            "the sentences cannot be read; --data takes synth_dataset_v2.json of presidio-research"
        ) from None


def _sentence(number: int, row: Mapping[str, Any]) -> Sentence:
    gold = ((one["start_position"], one["end_position"], one["entity_type"]) for one in row["spans"])
    return Sentence(number, row["full_text"], tuple(gold))


def scores(counted: Mapping[str, Mapping[str, Mapping[str, int]]], half: str, threshold: str) -> Scores | None:
    """The figures of one half (or both) at one IoU, from the evaluator's counts; None where nothing was counted."""
    halves = [counted[name][threshold] for name in HALVES[half] if name in counted]
    matched, predicted, gold = (sum(one[key] for one in halves) for key in ("matched", "predicted", "gold"))
    if not gold:
        return None
    precision, recall = matched / max(predicted, 1), matched / gold
    return Scores(precision, recall, 5 * precision * recall / max(4 * precision + recall, 1e-9))


def masked_whole(
    found: Sequence[Sentence], spans: Sequence[Sequence[Sequence[Any]]], *, types: Sequence[str] = ()
) -> Share:
    """Gold stretches, of these types or of all, of which every letter and digit is masked."""
    count = of = 0
    for sentence, stretches in zip(found, spans, strict=True):
        covered = {at for one in stretches for at in range(one[0], one[1])}
        for start, end, name in sentence.gold:
            if not types or name in types:
                of += 1
                count += all(at in covered for at in range(start, end) if sentence.text[at].isalnum())
    return share_of(count, of)


def masked_beside(found: Sequence[Sentence], spans: Sequence[Sequence[Sequence[Any]]]) -> Share:
    """Letters and digits outside of all gold stretches that are masked."""
    count = of = 0
    for sentence, stretches in zip(found, spans, strict=True):
        gold = {at for start, end, _ in sentence.gold for at in range(start, end)}
        covered = {at for one in stretches for at in range(one[0], one[1])}
        beside = [at for at, one in enumerate(sentence.text) if one.isalnum() and at not in gold]
        of += len(beside)
        count += sum(at in covered for at in beside)
    return share_of(count, of)


def types_of(found: Sequence[Sentence]) -> tuple[str, ...]:
    """The gold types, the most frequent first."""
    names = [name for sentence in found for _, _, name in sentence.gold]
    return tuple(sorted(set(names), key=lambda name: (-names.count(name), name)))
