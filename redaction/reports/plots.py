"""Bars as inline SVG: numbers and labels enter, markup leaves that needs no script, no image and no style of its own.

Each plot has a title and a description for those who do not see it; the numbers belong into a table beside it. Colours
come from the page by class. The same numbers give the same markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 720
"""Width of a plot in its own units; it is scaled to the page."""
LEFT: Final = 96
"""Where bars begin; labels stand before."""
RIGHT: Final = 616
"""Where bars end; notes stand behind."""
WIDEST: Final = 26.0
"""The widest bar."""
MOST_TICKS: Final = 10
"""Labels below a plot, at most."""
_ABOVE: Final = 16
_BELOW: Final = 26


@dataclass(frozen=True, slots=True)
class Row:
    """One line of bars: what it is called, its values, what stands behind it, and the value of a full height."""

    label: str
    values: tuple[int, ...]
    note: str
    most: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Lines of bars over one axis: `ticks` has a label for each bar, of which as many are written as there is room for.

    `name` is unique on its page. `limit` draws a line at that value; `is_labelled` writes each value above its bar.
    """

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    ticks: tuple[str, ...]
    height: int
    limit: int | None = None
    is_labelled: bool = False


def svg(plot: Plot) -> str:
    """The plot as one `svg` element, in a region that can be scrolled where the page is narrow."""
    tall = plot.height + _ABOVE
    total = tall * len(plot.rows) + _BELOW
    parts = [_row(plot, row, tall * (number + 1)) for number, row in enumerate(plot.rows)]
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(plot.title)}">'
        f'<svg viewBox="0 0 {WIDTH} {total}" role="img" aria-labelledby="{plot.name}-title {plot.name}-about">'
        f'<title id="{plot.name}-title">{escape(plot.title)}</title>'
        f'<desc id="{plot.name}-about">{escape(plot.about)}</desc>'
        f"{''.join(parts)}{_ticks(plot, total - 8)}</svg></div>"
    )


def _row(plot: Plot, row: Row, floor: int) -> str:
    """One line of bars that stand on `floor`."""
    bars = "".join(_bar(plot, row, number, floor) for number in range(len(row.values)))
    limit = ""
    if plot.limit is not None:
        at = floor - _share(plot.limit, row.most) * plot.height
        limit = f'<line class="limit" x1="{LEFT}" x2="{RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
    return (
        f'<text class="label" x="{LEFT - 10}" y="{floor - 2}">{escape(row.label)}</text>{bars}'
        f'<line class="floor" x1="{LEFT}" x2="{RIGHT}" y1="{floor}.5" y2="{floor}.5"/>{limit}'
        f'<text class="note" x="{RIGHT + 10}" y="{floor - 2}">{escape(row.note)}</text>'
    )


def _bar(plot: Plot, row: Row, number: int, floor: int) -> str:
    value, step = row.values[number], _step(len(row.values))
    if value <= 0:
        return ""
    wide, high = min(step * 0.8, WIDEST), max(_share(value, row.most) * plot.height, 1.0)
    left = LEFT + step * (number + 0.5) - wide / 2
    bar = f'<rect class="bar" x="{left:.1f}" y="{floor - high:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
    if not plot.is_labelled:
        return bar
    return f'{bar}<text class="value" x="{left + wide / 2:.1f}" y="{floor - high - 4:.1f}">{value}</text>'


def _share(value: int, most: int) -> float:
    """How high a value reaches, 0 to 1."""
    return min(max(value / max(most, 1), 0.0), 1.0)


def _step(number: int) -> float:
    """From one bar to the next."""
    return (RIGHT - LEFT) / max(number, 1)


def _ticks(plot: Plot, at: int) -> str:
    number = len(plot.ticks)
    every = -(-number // MOST_TICKS) if number else 1
    return "".join(
        f'<text class="tick" x="{LEFT + _step(number) * (place + 0.5):.1f}" y="{at}">{escape(plot.ticks[place])}</text>'
        for place in range(0, number, every)
    )
