"""What scrubbing a run of files came to: counts, levels and reasons enter, a report for `json.dumps` leaves.

Nothing here holds a text, a picture or the name of a folder above an input. A file that was scrubbed, one that was
dropped and one that was not examined are of different types.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from redaction.spans import Category


@dataclass(frozen=True, slots=True)
class ScrubFacts:
    """What a report says of the tools: engines with versions, digests (SHA-256 in hex), and the limit of the level."""

    profile: str
    reader: str
    verifier: str
    lexicon: str
    models: tuple[tuple[str, str], ...]
    drop_level: int


@dataclass(frozen=True, slots=True)
class ScrubInput:
    """A file to scrub, and the name of its output below the output folder."""

    path: Path
    name: PurePath


@dataclass(frozen=True, slots=True)
class ScrubResult:
    """What was done to one file: masks by category, phrases kept and words read.

    `second_findings` counts what was masked because the second engine read it otherwise.
    """

    masks: tuple[tuple[Category, int], ...]
    kept: int
    words_read: int
    mean_confidence: float
    second_findings: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """A picture of which nothing was written, since it shows a classification of this level."""

    level: int


@dataclass(frozen=True, slots=True)
class NotExamined:
    """Why there is nothing of a file."""

    reason: str


Scrubbed: TypeAlias = ScrubResult | Dropped
Outcome: TypeAlias = Scrubbed | NotExamined


@dataclass(frozen=True, slots=True)
class ScrubReport:
    """What came of each file of a run, in the order of their names; `isolation` is the least that a process reached."""

    facts: ScrubFacts
    isolation: str
    outcomes: tuple[tuple[ScrubInput, Outcome], ...]

    def as_json(self) -> dict[str, object]:
        """Counts, versions, digests and file names for `json.dumps`; no text, and no folder above the input."""
        done = [(source, outcome) for source, outcome in self.outcomes if isinstance(outcome, ScrubResult)]
        masks: Counter[Category] = Counter()
        for _, result in done:
            masks.update(dict(result.masks))
        return {
            "profile": self.facts.profile,
            "exportable": False,
            "isolation": self.isolation,
            "reader": self.facts.reader,
            "verifier": self.facts.verifier or None,
            "lexicon": self.facts.lexicon,
            "models": dict(self.facts.models),
            "drop_level": self.facts.drop_level,
            "masks": {str(category): masks[category] for category in sorted(masks)},
            "second_findings": sum(result.second_findings for _, result in done),
            "files": [{"name": source.name.as_posix(), **_counts(result)} for source, result in done],
            "dropped": [
                {"name": source.name.as_posix(), "level": outcome.level}
                for source, outcome in self.outcomes
                if isinstance(outcome, Dropped)
            ],
            "not_examined": [
                {"name": source.name.as_posix(), "reason": outcome.reason}
                for source, outcome in self.outcomes
                if isinstance(outcome, NotExamined)
            ],
        }


def _counts(result: ScrubResult) -> dict[str, object]:
    return {
        "masks": {str(category): count for category, count in result.masks},
        "kept": result.kept,
        "words_read": result.words_read,
        "mean_confidence": round(result.mean_confidence, 3),
        "second_findings": result.second_findings,
    }
