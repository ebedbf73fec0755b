"""How commands speak: plain lines and tables for people, JSON for scripts, progress bars on long work."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import typer

_WORD: Final = 32
"""Names and ids up to this length are not broken over two lines."""


def say(text: str) -> None:
    """One line for a person."""
    typer.echo(text)


def say_json(value: object) -> None:
    """One JSON document for a script."""
    typer.echo(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))


def say_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """A table for a person; the first column names the row, numbers stand to the right, names are not broken."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", header_style="bold")
    for number, column in enumerate(columns):
        numeric = number > 0 and all(_is_number(row[number]) for row in rows)
        is_word = all(len(row[number]) <= _WORD and " " not in row[number] for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold", no_wrap=is_word)
    for row in rows:
        table.add_row(*row)
    Console(soft_wrap=False).print(table)


def _is_number(text: str) -> bool:
    return text.replace(".", "").replace(",", "").replace(" %", "").strip("- ").isdigit() or text in {"", "-"}


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error; the function takes how much is done and how much there is."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(file=sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def when(at_ms: int) -> str:
    """A moment in the machine's own time, to the minute."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def size(number: int) -> str:
    """A number of bytes for a person."""
    return f"{number / 1_000_000:.1f} MB" if number >= 1_000_000 else f"{number / 1000:.1f} kB"
