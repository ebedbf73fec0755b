"""Has every detector look at every text, once: texts enter, what each detector found in them leaves.

1. Detectors get folded texts (`redaction.hunting.folding`); what leaves counts code points of the text itself.
2. Each text goes to each detector. Nothing that one finds, or does not find, takes away from another.
3. A detector that raises, does not end, or answers for another number of texts stops everything: `DetectorError` with
   its name and the kind of failure, never with a text. There is no answer "nothing found" for what was not examined.
4. What was found in a text is remembered for as long as the examiner lives, since titles and lines come again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from redaction.detectors.base import Batched, Detector, DetectorError, Role
from redaction.detectors.timed import TimeUp, time_limit
from redaction.hunting.folding import Folded, fold_text
from redaction.spans import TextSpan

SECONDS: Final = 60.0
"""Processor time that one detector may take for `CHARACTERS`; the slowest one takes a second."""
CHARACTERS: Final = 1 << 15
"""Texts go to a detector in groups of about so many characters."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text that a detector found."""

    span: TextSpan
    role: Role
    detector: str


Findings = tuple[Finding, ...]


class Examiner:
    """Examines texts with the same detectors and remembers what they found.

    `examined` counts the different texts, `found` what each detector found in them.
    """

    def __init__(self, detectors: tuple[Detector, ...], *, seconds: float = SECONDS) -> None:
        self.detectors = detectors
        self.found: Counter[str] = Counter({detector.name: 0 for detector in detectors})
        self._seconds = seconds
        self._known: dict[str, Findings] = {}

    @property
    def examined(self) -> int:
        """How many different texts were examined."""
        return len(self._known)

    def examine(self, texts: tuple[str, ...]) -> tuple[Findings, ...]:
        """What was found in each text, in their order; `DetectorError` if a detector cannot say."""
        fresh = tuple(text for text in dict.fromkeys(texts) if text not in self._known)
        for group in _groups(fresh):
            self._known.update(zip(group, self._examined(group), strict=True))
        return tuple(self._known[text] for text in texts)

    def _examined(self, texts: tuple[str, ...]) -> Iterator[Findings]:
        folded = tuple(fold_text(text) for text in texts)
        columns = tuple(self._asked(detector, folded) for detector in self.detectors)
        return (tuple(finding for found in row for finding in found) for row in zip(*columns, strict=True))

    def _asked(self, detector: Detector, folded: tuple[Folded, ...]) -> tuple[Findings, ...]:
        """What one detector found in each text."""
        found = _guarded(detector, tuple(one.text for one in folded), self._seconds)
        self.found[detector.name] += sum(map(len, found))
        return tuple(
            tuple(Finding(in_original(one, span), detector.role, detector.name) for span in spans)
            for one, spans in zip(folded, found, strict=True)
        )


def _groups(texts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The texts in groups of some length together."""
    group: list[str] = []
    for text in texts:
        group.append(text)
        if sum(map(len, group)) >= CHARACTERS:
            yield tuple(group)
            group = []
    if group:
        yield tuple(group)


def _guarded(detector: Detector, texts: tuple[str, ...], seconds: float) -> tuple[tuple[TextSpan, ...], ...]:
    """The detector's answers; whatever goes wrong becomes an error without any text."""
    try:
        with time_limit(seconds):
            found = _answers(detector, texts)
    except DetectorError:
        raise
    except TimeUp:
        raise DetectorError(f"the detector {detector.name} did not come to an end; nothing was redacted") from None
    except Exception as error:  # a detector is other people's code, and its errors may quote the text  # noqa: BLE001
        kind = type(error).__name__
        raise DetectorError(f"the detector {detector.name} failed ({kind}); nothing was redacted") from None
    if len(found) != len(texts):
        raise DetectorError(f"the detector {detector.name} did not examine every text; nothing was redacted")
    return found


def _answers(detector: Detector, texts: tuple[str, ...]) -> tuple[tuple[TextSpan, ...], ...]:
    if isinstance(detector, Batched):
        return detector.find_many(texts)
    return tuple(detector.find(text) for text in texts)


def in_original(folded: Folded, span: TextSpan) -> TextSpan:
    """A stretch of a folded text as one of the text itself; what reaches beyond its end is cut there."""
    whole = len(folded.text)
    return TextSpan(*folded.original(min(span.start, whole), min(span.end, whole)), span.category)
