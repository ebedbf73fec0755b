"""Tables and sections of a page: plain texts enter, escaped markup leaves. Bodies are markup already.

Every table has a caption and heads for its rows and columns; one that may grow wide can be scrolled with the keyboard.
"""

from __future__ import annotations

from html import escape

Cells = tuple[str, ...]


def section(title: str, body: str) -> str:
    """A section with its heading."""
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


def folded(title: str, body: str, *, is_open: bool) -> str:
    """What a reader may fold and unfold."""
    return f"<details{' open' if is_open else ''}><summary>{escape(title)}</summary>{body}</details>"


def facts(title: str, rows: tuple[tuple[str, str], ...]) -> str:
    """A table of two columns, whose first one names the second."""
    cells = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>' for name, value in rows)
    return f'<table class="facts"><caption>{escape(title)}</caption><tbody>{cells}</tbody></table>'


def table(title: str, heads: Cells, rows: tuple[Cells, ...], *, wide: bool = False) -> str:
    """A table whose first column names its rows; the others are numbers, or texts where it is `wide`."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f'<tr><th scope="row">{escape(row[0])}</th>{"".join(map(_cell, row[1:]))}</tr>' for row in rows)
    kind = "words" if wide else "numbers"
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}"><table class="{kind}">'
        f"<caption>{escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """A cell; a nought is written so that numbers stand out beside it."""
    return '<td class="zero">0</td>' if text == "0" else f"<td>{escape(text)}</td>"
