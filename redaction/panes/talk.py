"""Tells by how lines stand that people talk there: a column of lines enters, signs with their lines leave. Pure.

Names with times above texts, texts at both edges (bubbles), names before a colon (captions), rows that end in a date
(lists of mail), and words of talk that a report or a program would not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Final

from redaction.panes.columns import Cell, Column, rows_of, united
from redaction.panes.signs import Sign, is_talk, role_of
from redaction.spans import Category

CHAT, AI = Category.CHAT, Category.AI_PROMPT
SPEAKERS: Final = 2
"""Lines of a name and a time, with a text below, that are a sign."""
BUBBLES: Final = 2
"""Bubbles on each side that are a sign."""
CAPTIONS: Final = 3
"""Lines of a name and what was said that are a sign."""
DATED: Final = 4
"""Rows of at least so many words that end in a date, and how many of them are a sign."""
LONGEST_NAME: Final = 40
"""Characters of the longest name of somebody who speaks."""
_TIME: Final = re.compile(
    r"(?i)(?<![\w.:])(?:[0-2]?\d[:.h][0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\.?)?|yesterday|today|gestern|heute|hier|ayer)(?![\w:])"
)
_NAME: Final = re.compile(
    r"(?:[^\W\d_][^\W\d_.'\u2019-]*\.?[\s'\u2019-]*){1,4}(?:\(?(?:you|app|bot|guest|external)\)?)?"
)
_CAPTION: Final = re.compile(r"([^\W\d_][^\W\d_'\u2019-]+(?: [^\W\d_][^\W\d_.'\u2019-]*){0,2}): (\S+ \S.*)")
_PROMPT: Final = re.compile(r"[>\u276f\u203a] ?\w+ \w+")
_MONTH: Final = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|m\u00e4r|mai|okt|dez|ao\u00fb|f\u00e9v|ene|ago|dic)"
_DATED: Final = re.compile(
    rf"(?i)(?:[0-2]?\d[:.][0-5]\d(?:\s?[ap]m)?|(?:{_MONTH}\w*\.? \d{{1,2}}|\d{{1,2}}\.? {_MONTH}\w*)(?:,? 20\d\d)?|"
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|yesterday|gestern|hier|ayer)$"
)


def layout_signs(column: Column) -> Iterator[tuple[Sign, tuple[Cell, ...]]]:
    """Signs that single lines do not give, each with the cells that give it."""
    rows = rows_of(column.cells)
    speakers = _speakers(rows)
    if len(speakers) >= SPEAKERS:
        yield Sign(CHAT, "speakers"), speakers
    talk = tuple(cell for cell in column.cells if is_talk(cell.text))
    if len(talk) >= 2 and 4 * len(talk) >= sum(is_prose(cell.text) for cell in column.cells):
        yield Sign(CHAT, "words"), talk
    captions = tuple(cell for cell in column.cells if _is_caption(cell.text))
    if len(captions) >= CAPTIONS:
        yield Sign(CHAT, "captions"), captions
    dated = tuple(row[-1] for row in rows if _DATED.search(row[-1].text) and _length(row) >= DATED)
    if len(dated) >= DATED:
        yield Sign(CHAT, "dated rows"), dated
    yield from _of_assistants(column)
    bubbles = _bubbles(column)
    if bubbles:
        yield from ((Sign(category, "bubbles"), bubbles) for category in (CHAT, AI))


def with_both_sides(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns, where two that hold the bubbles of one talk have become one: wide windows part them by a lane."""
    found: list[Column] = []
    for column in columns:
        both = united((found[-1], column)) if found else None
        if both is not None and _bubbles(both):
            found[-1] = both
        else:
            found.append(column)
    return tuple(found)


def _of_assistants(column: Column) -> Iterator[tuple[Sign, tuple[Cell, ...]]]:
    roles = tuple(cell for cell in column.cells if role_of(cell.text))
    if len({role_of(cell.text) for cell in roles}) >= 2:
        yield Sign(AI, "roles"), roles
    prompts = tuple(cell for cell in column.cells if _PROMPT.match(cell.text))
    if prompts:
        yield Sign(AI, "prompt"), prompts


def _length(row: tuple[Cell, ...]) -> int:
    return sum(len(cell.text.split()) for cell in row)


def _speakers(rows: tuple[tuple[Cell, ...], ...]) -> tuple[Cell, ...]:
    """The first cells of rows that hold a name and a time, with a text without a time below them."""
    found = []
    for row, below in pairwise(rows):
        text = " ".join(cell.text for cell in row)
        name = _TIME.sub("", text).strip(" \u00b7,|-\u2013\u2014[]")
        if name == text or len(name) > LONGEST_NAME or _NAME.fullmatch(name) is None:
            continue
        gap = below[0].box.y - row[0].box.bottom
        spoken = " ".join(cell.text for cell in below)
        if gap <= 2 * row[0].box.height and is_prose(spoken) and _TIME.search(spoken) is None:
            found.append(row[0])
    return tuple(found)


def _is_caption(text: str) -> bool:
    """Whether a line is a name, a colon and something said: it starts small or sounds like talk."""
    match = _CAPTION.fullmatch(text)
    return (
        match is not None and match[1][0].isupper() and is_prose(match[2]) and (match[2][0].islower() or is_talk(text))
    )


def is_prose(text: str) -> bool:
    """Whether a text is words, mostly of letters."""
    return " " in text and sum(char.isalpha() or char.isspace() for char in text) >= 0.75 * len(text)


def _bubbles(column: Column) -> tuple[Cell, ...]:
    """Texts that begin at the left edge, and others that begin elsewhere and end at the right one."""
    prose = [cell for cell in column.cells if is_prose(cell.text)]
    if len(prose) < 2 * BUBBLES:
        return ()
    edge, end = min(cell.box.x for cell in prose), max(cell.box.right for cell in prose)
    slack = 2 * median(cell.box.height for cell in prose)
    left = [cell for cell in prose if cell.box.x <= edge + slack and cell.box.right < end - 2 * slack]
    right = [cell for cell in prose if cell.box.right >= end - slack and cell.box.x > edge + 2 * slack]
    apart = [cell for cell in right if not any(_are_level(cell, other) for other in left)]
    starts = [cell.box.x for cell in apart]
    if not starts or 2 * (max(starts) - min(starts)) <= slack:
        return ()  # the lines of a text begin at one edge, bubbles of different lengths do not
    is_talked = len(apart) > BUBBLES or any(is_talk(cell.text) for cell in (*left, *apart))
    return (*left, *apart) if len(left) >= BUBBLES and len(apart) >= BUBBLES and is_talked else ()


def _are_level(cell: Cell, other: Cell) -> bool:
    return cell.box.y < other.box.bottom and other.box.y < cell.box.bottom
