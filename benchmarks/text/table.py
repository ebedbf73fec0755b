"""Sections as tables for a terminal, and as plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from benchmarks.redaction_sums import Share
from benchmarks.text.figures import Section, Value


def as_table(section: Section, names: Sequence[str]) -> Table:
    """The section with a column for each contender that has a figure in it."""
    there = [name for name in names if any(row.values.get(name) is not None for row in section.rows)]
    table = Table(title=section.title, caption=section.note or None, title_justify="left", caption_justify="left")
    table.add_column("")
    for name in there:
        table.add_column(name, justify="right")
    for row in section.rows:
        table.add_row(row.name, *(written(row.values.get(name)) for name in there))
    return table


def as_json(found: Sequence[Section]) -> dict[str, Any]:
    """Titles, names and values; shares with their counts and the ends of their intervals."""
    return {
        section.title: {row.name: {name: _plain(value) for name, value in row.values.items()} for row in section.rows}
        for section in found
    }


def written(value: Value) -> str:
    """A share in percent with its interval, or a number; a dash for none."""
    if isinstance(value, Share):
        if value.value is None:
            return "-"
        return f"{value.value * 100:.1f} [{value.low * 100:.1f}-{value.high * 100:.1f}]"
    if value is None:
        return "-"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:,.0f}"


def _plain(value: Value) -> object:
    return asdict(value) | {"share": value.value} if isinstance(value, Share) else value
