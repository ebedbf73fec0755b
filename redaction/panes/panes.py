"""Recognises parts of a screen that are private as a whole: what was read on it enters, boxes with categories leave.

Private are chat, mail and meetings, staff reviews and pay, talks with an assistant, patients' records, and the values
of tax forms. Pure and deterministic. Rules:

1. Where the programme, the address or the title says it (`redaction.panes.places`), everything goes but rows of menus.
2. Otherwise two signs that do not depend on each other must stand on the screen (`signs`, and how speakers,
   times and bubbles are laid out); the columns that hold such signs go, from the first to the last line around them.
3. Two medical terms, or one and a label, in lines that stand together take these lines.
4. Lines that are a tax form lose all that is no label of the form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from redaction.panes.columns import BARS, Cell, Column, cells_of, columns_of, rows_of
from redaction.panes.places import place_of
from redaction.panes.sheets import records_in, values_of_forms
from redaction.panes.signs import Sign, signs_of
from redaction.panes.talk import is_prose, layout_signs, with_both_sides
from redaction.readers.base import Line
from redaction.spans import Box, Category, around, box_of

CHAT, AI = Category.CHAT, Category.AI_PROMPT
MENU_PART: Final = 0.25
"""Part of the screen's height, from the top, in which rows of menus stand."""
MENUS: Final = frozenset(
    """
    file edit view go insert format tools window help message messages bookmarks history terminal run selection
    mailbox events actions options tabs table code git datei bearbeiten ansicht gehe nachricht extras hilfe fenster
    fichier edition affichage aller outils aide archivo editar ver ir herramientas ayuda modifica vista
    """.split()  # noqa: SIM905 (many words read better as a block)
)
"""Titles of menus."""
MENU_WORDS: Final = 3
"""Words of the longest item of a menu in a sidebar."""
IN_COLUMN: Final = 4
"""What signs weigh that make a pane when they stand in one column: two kinds, for example."""
ON_SCREEN: Final = 5
"""The same for signs in different columns."""
LEAST: Final[Mapping[str, int]] = {
    "mail folders": 3,
    "mail buttons": 2,
    "meeting buttons": 3,
    "actions": 2,
    "pay words": 3,
}
"""Different phrases without which a kind is no sign; for other kinds one is enough."""
ENOUGH: Final[Mapping[Sign, int]] = {
    Sign(Category.HR, "form"): 2,
    Sign(Category.HR, "pay"): 2,
    Sign(Category.HR, "pay words"): 3,
    Sign(Category.HR, "scale"): 2,
    Sign(CHAT, "meeting"): 3,
    Sign(CHAT, "meeting buttons"): 4,
    Sign(AI, "controls"): 3,
}
"""Different phrases of one kind that count as two kinds."""
PROSE: Final = 0.6
"""Least share of prose in a column that goes because columns on both sides of it do."""
WEAK: Final = frozenset({"hint", "words", "dated rows", "prompt", "greeting"})
"""Kinds that weigh half."""
TELLING: Final = frozenset({"composer", "notice", "said", "speakers", "captions", "bubbles", "terminal"})
"""Kinds that stand in hardly anything else; all above them in their column is part of the pane."""
REACH: Final = 6.0
"""Line heights from a sign over which lines still belong to its pane."""


@dataclass(frozen=True, slots=True)
class PaneContext:
    """What is known of a screen: the lines that were read, its size in pixels, and, if known, the window in use."""

    lines: tuple[Line, ...]
    width: int
    height: int
    app: str = ""
    title: str = ""
    url: str = ""

    def __repr__(self) -> str:
        return f"PaneContext({len(self.lines)} lines)"


@dataclass(frozen=True, slots=True, order=True)
class Pane:
    """A part of the screen that is private as a whole, and why."""

    box: Box
    category: Category


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The signs of one column: for each sign the phrases and the cells that gave it."""

    column: Column
    phrases: Mapping[Sign, frozenset[str]]
    cells: Mapping[Sign, tuple[Cell, ...]]

    def kinds(self, category: Category) -> frozenset[Sign]:
        """The signs for a category that enough phrases gave."""
        found = {sign for sign, said in self.phrases.items() if _counts(sign, said)}
        return frozenset(_with_heads(sign for sign in found if sign.category is category))

    def weight(self, category: Category) -> int:
        """What the signs for a category weigh: two a kind, one a weak kind, and one more for a telling kind."""
        kinds = self.kinds(category)
        often = sum(len(self.phrases[sign]) >= ENOUGH[sign] for sign in kinds if sign in ENOUGH)
        weak = sum(sign.kind in WEAK for sign in kinds)
        return 2 * (len(kinds) + often) - weak + any(sign.kind in TELLING for sign in kinds)


def panes_of(context: PaneContext) -> tuple[Pane, ...]:
    """The private parts of a screen, in order; boxes may overlap. Detectors' failures are raised."""
    cells = cells_of(context.lines)
    menus = tuple(row for row in rows_of(cells) if _is_menu(row, context.height))
    place = place_of(context.app, context.title, context.url)
    if place is not None:
        return _bands(place, menus, context)
    barred = frozenset(cell for row in menus for cell in row)
    open_cells = tuple(cell for cell in cells if cell not in barred)
    columns = with_both_sides(columns_of(open_cells, context.width, context.height))
    found = {
        *_talks(columns, round(BARS[0] * context.height)),
        *(Pane(box, Category.MEDICAL) for box in records_in(columns)),
        *(Pane(box, Category.TAX) for box in values_of_forms(columns)),
    }
    clipped = {Pane(pane.box.clipped(context.width, context.height), pane.category) for pane in found}
    return tuple(sorted(pane for pane in clipped if pane.box.area))


def _is_menu(row: tuple[Cell, ...], height: int) -> bool:
    words = [word for cell in row for word in cell.text.casefold().split()]
    return row[0].box.bottom <= MENU_PART * height and sum(word in MENUS for word in words) >= max(3, 0.6 * len(words))


def _bands(category: Category, menus: tuple[tuple[Cell, ...], ...], context: PaneContext) -> tuple[Pane, ...]:
    """The whole screen but for the rows of menus."""
    panes, top = [], 0
    for row in sorted(menus, key=lambda row: row[0].box.y):
        box = around([cell.box for cell in row])
        if box.y - 2 > top:
            panes.append(Pane(Box(0, top, context.width, box.y - 2 - top), category))
        top = max(top, box.bottom + 2)
    if top < context.height:
        panes.append(Pane(Box(0, top, context.width, context.height - top), category))
    return tuple(panes)


def _talks(columns: tuple[Column, ...], bar: int) -> Iterator[Pane]:
    """Panes of chat, mail, meetings, staff matters and assistants; bars end at a height of so many pixels."""
    seen = tuple(map(_evidence, columns))
    whole = _joined(seen)
    for category in (CHAT, AI, Category.HR):
        kinds = whole.kinds(category)
        if whole.weight(category) >= ON_SCREEN or any(one.weight(category) >= IN_COLUMN for one in seen):
            holding = [index for index, one in enumerate(seen) if _holds(one, kinds, category)]
            yield from (Pane(_part(seen[index], kinds, bar=bar), category) for index in holding)
            if category is not Category.HR and holding:
                between = (one for one in seen[holding[0] : holding[-1]] if _speaks(one, kinds))
                yield from (Pane(around([cell.box for cell in one.column.cells]), category) for one in between)


def _holds(one: _Evidence, kinds: frozenset[Sign], category: Category) -> bool:
    """Whether a column has signs of these kinds; the name of a staff review in a menu is none."""
    if not kinds & one.phrases.keys():
        return False
    return category is not Category.HR or one.weight(category) >= IN_COLUMN or not _is_list(one)


def _speaks(one: _Evidence, kinds: frozenset[Sign]) -> bool:
    """Whether a column between others that hold signs is mostly prose, though it has no sign itself."""
    prose = sum(is_prose(cell.text) for cell in one.column.cells)
    return not kinds & one.phrases.keys() and prose >= 2 and prose >= PROSE * len(one.column.cells)


def _is_list(seen: _Evidence) -> bool:
    """Whether all that a column holds are short names without numbers."""
    texts = [cell.text for cell in seen.column.cells]
    return all(len(text.split()) <= MENU_WORDS and not any(map(str.isdigit, text)) for text in texts)


def _joined(seen: tuple[_Evidence, ...]) -> _Evidence:
    """The evidence of all columns together, without their cells."""
    signs = {sign for one in seen for sign in one.phrases}
    said = {sign: frozenset().union(*(one.phrases.get(sign, ()) for one in seen)) for sign in signs}
    return _Evidence(Column((), 0, 0), said, {})


def _counts(sign: Sign, said: frozenset[str]) -> bool:
    return len(said) >= LEAST.get(sign.kind, 1)


def _with_heads(signs: Iterator[Sign]) -> Iterator[Sign]:
    """The signs, without those of a mail's head where neither subject nor copies stand: forms have From and To."""
    found = tuple(signs)
    heads = {sign for sign in found if sign.kind.startswith("head")}
    is_mail = len(heads) > 1 and any(sign.kind in {"head 2", "head 3"} for sign in heads)
    return (sign for sign in found if is_mail or sign not in heads)


def _evidence(column: Column) -> _Evidence:
    phrases: dict[Sign, set[str]] = defaultdict(set)
    cells: dict[Sign, list[Cell]] = defaultdict(list)
    for cell in column.cells:
        for sign in signs_of(cell.text):
            phrases[sign].add(cell.text.casefold())
            cells[sign].append(cell)
    for sign, where in layout_signs(column):
        phrases[sign].add(sign.kind)
        cells[sign].extend(where)
    return _Evidence(
        column,
        {sign: frozenset(said) for sign, said in phrases.items()},
        {sign: tuple(where) for sign, where in cells.items()},
    )


def _is_title(cell: Cell) -> bool:
    """Whether a text in a bar is longer than the name of a button."""
    return is_prose(cell.text) and len(cell.text.split()) > MENU_WORDS


def _part(seen: _Evidence, kinds: frozenset[Sign], *, bar: int) -> Box:
    """The lines around the signs of these kinds, over the width of their column; all of them above a composer."""
    held = kinds & seen.cells.keys()
    signs = [cell for sign in held for cell in seen.cells[sign]]
    top, bottom = min(cell.box.y for cell in signs), max(cell.box.bottom for cell in signs)
    height = max(1, round(median(cell.box.height for cell in seen.column.cells)))
    reach = round(REACH * height)
    for cell in sorted(seen.column.cells, key=lambda cell: cell.box.y):
        bottom = max(bottom, cell.box.bottom) if cell.box.y <= bottom + reach else bottom
    over = top if any(sign.kind in TELLING for sign in held) else reach
    for cell in sorted(seen.column.cells, key=lambda cell: -cell.box.bottom):
        is_near = cell.box.bottom >= top - over and (cell.box.y > bar or _is_title(cell))
        top = min(top, cell.box.y) if is_near else top
    return box_of(seen.column.left, top - height // 2, seen.column.right, bottom + height // 2)
