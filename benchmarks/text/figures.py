"""The figures of all contenders in sections of rows. Pure: judged answers enter, shares and numbers leave.

All shares have Wilson's 95 % interval. Ratios are multiples of the field's standard (presidio): of its speed, so that
more is better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Final, TypeAlias

from benchmarks.redaction_sums import Share
from benchmarks.text.contenders import STANDARD
from benchmarks.text.judge import Left, share_of
from benchmarks.text.measure import Answers, TitleLeft, TypedLeft, Work
from benchmarks.text.secrets import KINDS, VARIANTS, SecretLine
from benchmarks.text.streams import LABELS
from benchmarks.text.strokes import MANNERS
from benchmarks.text.synth import ANCHORS, HALVES, THRESHOLDS, masked_beside, masked_whole, scores, types_of

Value: TypeAlias = Share | float | None
All: TypeAlias = Mapping[str, Answers]
CATEGORIES: Final = tuple(LABELS)


_PACES: Final[Mapping[str, Callable[[Mapping[str, Any]], float]]] = {
    "texts a second": lambda one: 1000 / median(one["ms"]),
    "new titles a second": lambda one: one["titles"] / one["titles seconds"],
    "titles a second, again": lambda one: one["titles"] / one["titles again seconds"],
}
"""Figures that are given as multiples of the standard's."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of every contender; None where it has none."""

    name: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that belong together, and what one has to know to read them."""

    title: str
    note: str
    rows: tuple[Row, ...]


def sections(work: Work, answers: All, counted: Mapping[str, Any]) -> tuple[Section, ...]:
    """All sections that there are answers to; `counted` is what the evaluator counted."""
    made = (
        _synth(work, answers, counted) if work.sentences else None,
        _typed(answers) if work.streams else None,
        _titles(answers) if work.titles else None,
        _secrets(answers) if work.secrets else None,
        _speed(answers) if work.singles else None,
    )
    return tuple(section for section in made if section is not None)


def _synth(work: Work, answers: All, counted: Mapping[str, Any]) -> Section:
    there = {name: one.sentences for name, one in answers.items() if one.sentences}
    rows = [
        *(row for kind in ("binary", "typed") for row in _evaluated(counted, kind)),
        Row("gold masked whole, %", {name: masked_whole(work.sentences, spans) for name, spans in there.items()}),
        Row("masked beside gold, %", {name: masked_beside(work.sentences, spans) for name, spans in there.items()}),
    ]
    for kind in types_of(work.sentences):
        shares = {name: masked_whole(work.sentences, spans, types=(kind,)) for name, spans in there.items()}
        rows.append(Row(f"  {kind} masked whole, %", shares))
    note = (
        f"{len(work.sentences)} sentences. {ANCHORS}. `typed`: as its makers score it, for those that name its types."
    )
    return Section("Synthetic sentences of presidio's makers, by their evaluator", note, tuple(rows))


def _evaluated(counted: Mapping[str, Any], kind: str) -> Iterable[Row]:
    for half in HALVES:
        for threshold in THRESHOLDS:
            found = {name: scores(one[kind], half, threshold) for name, one in counted.items() if one[kind]}
            for figure in ("f2", "precision", "recall") if found else ():
                values = {name: getattr(one, figure) for name, one in found.items() if one is not None}
                label = "" if kind == "binary" else "typed, "
                yield Row(f"{label}{half}, IoU {threshold}: {figure.capitalize()}", values)


def _typed(answers: All) -> Section:
    there = {name: one.typed for name, one in answers.items() if one.typed}
    rows = (
        Row("values left whole, %", {who: _share(one.left.whole for one in found) for who, found in there.items()}),
        Row("values left in part, %", {who: _share(one.left.part for one in found) for who, found in there.items()}),
        *(_typed_row(there, category=name) for name in CATEGORIES),
        *(_typed_row(there, manner=name) for name in MANNERS),
        Row("category named, %", {who: _share(_named(found)) for who, found in there.items()}),
    )
    note = (
        "The strict profile is searched in both documents of whole sessions, deleted texts and echoes included; the "
        "others get the texts that stood in the fields in the end, and only those where the value did."
    )
    return Section("Typed values", note, rows)


def _typed_row(there: Mapping[str, Sequence[TypedLeft]], *, category: str = "", manner: str = "") -> Row:
    chosen = {
        who: [one for one in found if category in ("", one.left.planted.category) and manner in ("", one.entry.manner)]
        for who, found in there.items()
    }
    shares = {who: _share(one.left.part for one in found) for who, found in chosen.items()}
    return Row(f"  left in part: {category or manner}, %", shares)


def _named(found: Iterable[TypedLeft]) -> list[bool]:
    return [one.named for one in found if one.named is not None]


def _titles(answers: All) -> Section:
    there = {name: one.titles for name, one in answers.items() if one.titles}
    rows = (
        Row("values left whole, %", {who: _share(one.whole for one in _lefts(found)) for who, found in there.items()}),
        Row("values left in part, %", {who: _share(one.part for one in _lefts(found)) for who, found in there.items()}),
        *(_title_row(there, category) for category in CATEGORIES),
        Row("titles without a leak, %", {who: _share(_clean(found)) for who, found in there.items()}),
        Row("benign words kept, titles, %", {who: _kept(found, addresses=False) for who, found in there.items()}),
        Row("benign words kept, addresses, %", {who: _kept(found, addresses=True) for who, found in there.items()}),
    )
    return Section("Window titles and addresses of 40 programmes", "", rows)


def _title_row(there: Mapping[str, Sequence[TitleLeft]], category: str) -> Row:
    shares = {who: _share(one.part for one in _lefts(found, category)) for who, found in there.items()}
    return Row(f"  left in part: {category}, %", shares)


def _lefts(found: Iterable[TitleLeft], category: str = "") -> list[Left]:
    return [one for title in found for one in title.left if category in ("", one.planted.category)]


def _clean(found: Iterable[TitleLeft]) -> list[bool]:
    """For each title with something planted, whether nothing of it is left."""
    return [not any(one.part for one in title.left) for title in found if title.left]


def _kept(found: Iterable[TitleLeft], *, addresses: bool) -> Share:
    return _sum([one.kept for one in found if one.title.is_address is addresses])


def _secrets(answers: All) -> Section:
    there = {name: one.secrets for name, one in answers.items() if one.secrets}
    harmless = {name: one.harmless for name, one in answers.items() if one.harmless}
    rows = (
        Row("secrets found, %", {who: _share(is_found for _, is_found in found) for who, found in there.items()}),
        *(_secret_row(there, kind=kind.name) for kind in KINDS),
        *(_secret_row(there, variant=variant) for variant in VARIANTS),
        Row("words of harmless lines kept, %", {who: _sum(kept) for who, kept in harmless.items()}),
    )
    return Section("Secrets on screens", "Found is a secret of which no part is left.", rows)


def _secret_row(there: Mapping[str, Sequence[tuple[SecretLine, bool]]], *, kind: str = "", variant: str = "") -> Row:
    shares = {
        who: _share(is_found for line, is_found in found if kind in ("", line.kind) and variant in ("", line.variant))
        for who, found in there.items()
    }
    return Row(f"  {kind or variant}, %", shares)


def _speed(answers: All) -> Section:
    there = {name: one.times for name, one in answers.items() if one.times}
    figures: Mapping[str, Callable[[Mapping[str, Any]], float]] = {
        "ms a text of 100 characters, median": lambda one: median(one["ms"]),
        "ms a text of 100 characters, p95": lambda one: quantiles(one["ms"], n=20)[-1],
        "titles a second, new": lambda one: one["titles"] / one["titles seconds"],
        "titles a second, again": lambda one: one["titles"] / one["titles again seconds"],
        "seconds to load": lambda one: one["load seconds"],
        "peak memory, MiB": lambda one: one["peak MiB"],
    }
    rows = (Row(name, {who: of(one) for who, one in there.items()}) for name, of in figures.items())
    return Section("Speed", "One process on one core, warm; titles all in one go.", (*rows, *_ratios(there)))


def _ratios(there: Mapping[str, Mapping[str, Any]]) -> Iterable[Row]:
    standard = there.get(STANDARD)
    if standard is None:
        return
    for name, of in _PACES.items():
        yield Row(f"{name}, x {STANDARD}", {who: of(one) / of(standard) for who, one in there.items()})


def _sum(counted: Sequence[tuple[int, int]]) -> Share:
    return share_of(sum(one[0] for one in counted), sum(one[1] for one in counted))


def _share(found: Iterable[bool]) -> Share:
    asked = list(found)
    return share_of(sum(asked), len(asked))
