"""Figures of many screens: scores of screens enter, shares with their intervals leave. Pure; chance comes from a seed.

Words of one screen are not independent of each other: what hides one hides its neighbours. So the 95 % intervals come
from drawing whole screens again and again (bootstrap), not words. Where nothing or everything was counted, drawing
again gives no spread, and with a single screen there is nothing to draw: the interval is then Wilson's for the words.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from benchmarks.redaction_read import Planted, ReadScore
from benchmarks.redaction_score import ScreenScore
from benchmarks.screens.truth import CHROME, CONTENT, SENSITIVE

DRAWS: Final = 2000
SEED: Final = 5
_NORMAL: Final = 1.959963984540054  # the quantile of the normal distribution for 95 %


@dataclass(frozen=True, slots=True)
class Result:
    """One screen after one contender; `read` is None when it was not read again."""

    name: str
    kind: str
    pixels: int
    dropped: bool
    score: ScreenScore
    read: ReadScore | None


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, and the 95 % interval of the share; all shares are 0 to 1."""

    count: int
    of: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        """The share; None when there was nothing to count."""
        return self.count / self.of if self.of else None


Counted = tuple[int, int]
"""So many of so many, on one screen."""


def leaked(results: Iterable[Result], categories: tuple[str, ...] = SENSITIVE) -> Share:
    """Sensitive words of these categories that leak, by pixels."""
    return share([_leaked(result.score, categories) for result in results])


def zero_leak(results: Iterable[Result]) -> Share:
    """Screens with sensitive words on which none of them leaks."""
    counted = [_leaked(result.score, SENSITIVE) for result in results]
    return share([(int(not count), 1) for count, of in counted if of])


def kept(results: Iterable[Result], category: str) -> Share:
    """Benign words that are still whole."""
    return share([_kept(result.score, category) for result in results])


def chrome_kept(results: Iterable[Result]) -> Share:
    """Words of the interface that are still whole."""
    return kept(results, CHROME)


def content_kept(results: Iterable[Result]) -> Share:
    """Other benign words that are still whole."""
    return kept(results, CONTENT)


def benign_kept(results: Iterable[Result]) -> Share:
    """All words that tell nothing of anybody, of the interface or not, that are still whole."""
    counts = [[_kept(result.score, category) for category in (CHROME, CONTENT)] for result in results]
    return share([(sum(count for count, _ in both), sum(of for _, of in both)) for both in counts])


def targets_kept(results: Iterable[Result]) -> Share:
    """Click targets that are still to be seen."""
    return share([(sum(result.score.targets), len(result.score.targets)) for result in results])


def words_read(results: Iterable[Result]) -> Share:
    """Sensitive words that the other engine still reads at their place."""
    return share([(len(one.read), len(one.asked)) for one in _reads(results)])


def planted_read(results: Iterable[Result], kind: Planted) -> Share:
    """Planted values of a kind that the other engine still reads anywhere on their screen."""
    return share([(_of_kind(one.found, kind), _of_kind(one.planted, kind)) for one in _reads(results)])


def by_kind(results: Iterable[Result], of: Callable[[ScreenScore], Counted]) -> Share:
    """A share of which the interval comes from drawing whole page kinds: looks of one page are alike, too."""
    groups: dict[str, Counted] = {}
    for result in results:
        count, total = of(result.score)
        before = groups.get(result.kind, (0, 0))
        groups[result.kind] = (before[0] + count, before[1] + total)
    return share(list(groups.values()))


def leaked_words(score: ScreenScore) -> Counted:
    """Sensitive words that leak, of all sensitive words, on one screen."""
    return _leaked(score, SENSITIVE)


def share(groups: list[Counted]) -> Share:
    """The share over all groups, with its interval."""
    groups = [group for group in groups if group[1]]
    count, of = sum(group[0] for group in groups), sum(group[1] for group in groups)
    if count in (0, of) or len(groups) == 1:
        return Share(count, of, *wilson(count, of))
    draw = random.Random(SEED)
    drawn = sorted(_ratio(draw.choices(groups, k=len(groups))) for _ in range(DRAWS))
    return Share(count, of, drawn[round(0.025 * DRAWS)], drawn[round(0.975 * DRAWS) - 1])


def wilson(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval; 0 to 1 when there was nothing to count."""
    if not of:
        return 0.0, 1.0
    p, spread = count / of, _NORMAL * _NORMAL / of
    middle, half = p + spread / 2, _NORMAL * math.sqrt(p * (1 - p) / of + spread / (4 * of))
    return max((middle - half) / (1 + spread), 0.0), min((middle + half) / (1 + spread), 1.0)


def _ratio(groups: list[Counted]) -> float:
    return sum(group[0] for group in groups) / sum(group[1] for group in groups)


def _leaked(score: ScreenScore, categories: tuple[str, ...]) -> Counted:
    words = [word for word in score.words if word.category in categories]
    return sum(word.leaks for word in words), len(words)


def _kept(score: ScreenScore, category: str) -> Counted:
    words = [word for word in score.words if word.category == category]
    return sum(word.is_kept for word in words), len(words)


def _reads(results: Iterable[Result]) -> list[ReadScore]:
    return [result.read for result in results if result.read is not None]


def _of_kind(values: Iterable[object], kind: Planted) -> int:
    return sum(getattr(value, "kind", None) is kind for value in values)
