"""The figures of all contenders as a table with ratios, and as JSON. Pure: results enter, plain values leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Final, TypeAlias

from benchmarks.redaction_contenders import STANDARD, Timed
from benchmarks.redaction_read import Planted
from benchmarks.redaction_sums import (
    Result,
    Share,
    benign_kept,
    by_kind,
    chrome_kept,
    content_kept,
    leaked,
    leaked_words,
    planted_read,
    targets_kept,
    words_read,
    zero_leak,
)
from benchmarks.screens.truth import CHROME, SENSITIVE, Truth

FULL_HD: Final = (1_900_000, 2_250_000)
"""Fewest and most pixels of a screen that counts as a 1080p screen."""

Value: TypeAlias = Share | float | None
Results: TypeAlias = Mapping[str, Sequence[Result]]


@dataclass(frozen=True, slots=True)
class Run:
    """What one contender did: its screens scored and timed, and the times of the session's frames (none: not run)."""

    results: tuple[Result, ...]
    times: tuple[Timed, ...]
    session: tuple[Timed, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of every contender."""

    name: str
    values: Mapping[str, Value]


def rows(runs: Mapping[str, Run]) -> tuple[Row, ...]:
    """The table's rows, in order."""
    shares: tuple[tuple[str, Callable[[Sequence[Result]], Share]], ...] = (
        ("words that leak, %", leaked),
        ("zero-leak screens, %", zero_leak),
        ("chrome kept, %", chrome_kept),
        ("content kept, %", content_kept),
        ("all benign words kept, %", benign_kept),
        ("targets kept, %", targets_kept),
        ("words still read, %", words_read),
    )
    return (
        *(Row(name, {one: of(run.results) for one, run in runs.items()}) for name, of in shares),
        *(_category(runs, category) for category in SENSITIVE),
        *(_planted(runs, kind) for kind in Planted),
        *(Row(name, {one: of(run) for one, run in runs.items()}) for name, of in _TIMES),
        *_ratios(runs),
    )


def as_text(found: Sequence[Row], names: Sequence[str]) -> str:
    """The table."""
    head = "".join(f"{name:>23}" for name in names)
    lines = (f"{row.name:<34}" + "".join(f"{_written(row.values.get(name)):>23}" for name in names) for row in found)
    return "\n".join((f"{'':<34}{head}", *lines))


def as_json(found: Sequence[Row]) -> dict[str, Any]:
    """Names and values; shares with their counts and ends."""
    return {row.name: {name: _plain(value) for name, value in row.values.items()} for row in found}


def leaks(run: Run, truths: Mapping[str, Truth]) -> Iterator[str]:
    """A line for each sensitive word that leaks, and for each planted value that was read; all of them are made up."""
    for result in run.results:
        words = truths[result.name].words
        for word in result.score.words:
            if word.category in SENSITIVE and word.leaks:
                text = words[word.index].text or "(a picture)"
                box = words[word.index].box
                yield f"{result.name}: {word.category}: {text} ({word.shown:.0%} shows at {box.x},{box.y})"
        for value in result.read.found if result.read else ():
            yield f"{result.name}: {value.category}: {value.kind} read: {value.text}"


def lost(run: Run, truths: Mapping[str, Truth]) -> tuple[tuple[str, int], ...]:
    """Words of the interface that were not kept, with how often, the most frequent first."""
    counted = Counter(
        truths[result.name].words[word.index].text
        for result in run.results
        for word in result.score.words
        if word.category == CHROME and not word.is_kept
    )
    return tuple(counted.most_common())


def kinds(run: Run) -> dict[str, Any]:
    """Figures for each page kind, and the leak rate's interval when kinds are drawn instead of screens."""
    names = sorted({result.kind for result in run.results})
    groups = {name: [result for result in run.results if result.kind == name] for name in names}
    each = {
        name: {"leaked": asdict(leaked(group)), "chrome kept": asdict(chrome_kept(group))}
        for name, group in groups.items()
    }
    return {"leaked, drawn by kinds": asdict(by_kind(run.results, leaked_words)), "kinds": each}


def _category(runs: Mapping[str, Run], category: str) -> Row:
    return Row(f"  leak: {category}, %", {name: leaked(run.results, (category,)) for name, run in runs.items()})


def _planted(runs: Mapping[str, Run], kind: Planted) -> Row:
    return Row(f"  read: {kind}, %", {name: planted_read(run.results, kind) for name, run in runs.items()})


def _fresh(run: Run) -> float | None:
    return _middle([one.seconds for one in run.times])


def _fresh_cpu(run: Run) -> float | None:
    return _middle([one.cpu for one in run.times])


def _full_hd(run: Run) -> float | None:
    large = {result.name for result in run.results if FULL_HD[0] <= result.pixels <= FULL_HD[1]}
    return _middle([one.seconds for one in run.times if one.name in large])


def _session(run: Run) -> float | None:
    return len(run.session) / sum(one.seconds for one in run.session) if run.session else None


def _session_cpu(run: Run) -> float | None:
    return len(run.session) / sum(one.cpu for one in run.session) if run.session else None


def _blank(run: Run) -> float:
    return float(sum(result.score.blank for result in run.results))


def _dropped(run: Run) -> float:
    return float(sum(one.dropped for one in run.times))


_TIMES: Final = (
    ("words without ink", _blank),
    ("screens dropped", _dropped),
    ("s a screen, median", _fresh),
    ("CPU s a screen, median", _fresh_cpu),
    ("s a 1080p screen, median", _full_hd),
    ("frames a second, session", _session),
    ("frames a CPU second, session", _session_cpu),
)


def _ratios(runs: Mapping[str, Run]) -> Iterator[Row]:
    """Throughput of each as a multiple of the field's standard, in processor time and by the clock."""
    standard = runs.get(STANDARD)
    if standard is None:
        return
    for name, of in (("screens a second", _fresh), ("screens a CPU second", _fresh_cpu)):
        base = of(standard)
        yield Row(f"{name}, x {STANDARD}", {one: _over(base, of(run)) for one, run in runs.items()})
    for name, of in (("session", _session), ("session, CPU", _session_cpu)):
        base = of(standard)
        yield Row(f"{name}, x {STANDARD}", {one: _over(of(run), base) for one, run in runs.items()})


def _over(one: float | None, other: float | None) -> float | None:
    return one / other if one is not None and other else None


def _middle(values: list[float]) -> float | None:
    return median(values) if values else None


def _written(value: Value) -> str:
    if isinstance(value, Share):
        if value.value is None:
            return "-"
        return f"{value.value * 100:.2f} [{value.low * 100:.2f}-{value.high * 100:.2f}]"
    return "-" if value is None else f"{value:,.2f}"


def _plain(value: Value) -> object:
    return asdict(value) | {"share": value.value} if isinstance(value, Share) else value
