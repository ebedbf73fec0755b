"""Finds the private parts of patients' records and tax forms on a screen: columns of lines enter, boxes leave. Pure.

1. Rows near two medical terms, or near one and a label of medicine, go as a whole where they stand together.
2. Of a tax form everything goes that is no label of it: whole cells, and amounts that stand in the cell of a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median
from typing import Final

from redaction.detectors.medical import Medical
from redaction.detectors.tax import forms_in
from redaction.detectors.vocabulary import Vocabulary
from redaction.panes.columns import Cell, Column, blocks_of, rows_of, united
from redaction.spans import Box, Category, around

MEDICAL_TERMS: Final = 2
"""Different terms in lines that stand together that make them a patient's."""
NEAR_ROWS: Final = 5
"""Rows from one medical term to the next of the same record."""
MARGIN: Final = 2
"""Rows before the first and after the last term that belong to it."""
LABEL_WORDS: Final = 4
"""Words of the longest label beside a value."""
LABELS: Final = 2
"""Labels of a tax form in a column that make it a part of the form."""
FORM_GAP: Final = 4
"""Line heights around the names of a form's boxes in which values stand."""
_VALUE: Final = re.compile(r"\d[\d.,]*\d|[$\u20ac\u00a3]|\d{3,}")


def records_in(columns: tuple[Column, ...]) -> Iterator[Box]:
    """The boxes of lines that are about somebody's health."""
    for column in columns:
        for block in blocks_of(column.cells):
            yield from (around([cell.box for cell in part]).grown(4, 4) for part in _records(rows_of(block)))


def _records(rows: tuple[tuple[Cell, ...], ...]) -> Iterator[tuple[Cell, ...]]:
    """The rows around medical terms that are near each other, where there are enough of them."""
    medical = Medical()
    texts = [" ".join(cell.text for cell in row) for row in rows]
    terms = [{text[span.start : span.end].casefold() for span in medical.find(text)} for text in texts]
    holding = [index for index, found in enumerate(terms) if found]
    for first, last in _stretches(holding):
        part = rows[max(first - MARGIN, 0) : last + MARGIN + 1]
        cells = tuple(cell for row in part for cell in row)
        named = any(_is_label(cell.text) for cell in cells if not medical.find(cell.text))
        if len(frozenset().union(*terms[first : last + 1])) + named >= MEDICAL_TERMS:
            yield cells


def _stretches(places: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of places that follow each other by `NEAR_ROWS` at most."""
    starts = [place for before, place in pairwise((-NEAR_ROWS - 1, *places)) if place - before > NEAR_ROWS]
    for start, after in pairwise((*starts, places[-1] + NEAR_ROWS + 1) if places else ()):
        yield start, max(place for place in places if place < after)


def _is_label(text: str) -> bool:
    words = text.split()
    return len(words) <= LABEL_WORDS and any(span.category is Category.MEDICAL for span in Vocabulary().find(text))


def values_of_forms(columns: tuple[Column, ...]) -> Iterator[Box]:
    """The boxes of all values of the tax forms on a screen."""
    if not forms_in(tuple(cell.text for column in columns for cell in column.cells)):
        return
    named = {cell for column in columns for cell in column.cells if _names_a_box(cell.text)}
    holding = [index for index, column in enumerate(columns) if _is_part(column, named)]
    if holding:
        # The last values stand to the right of the last names, and so perhaps in a column of their own.
        form = united(columns[holding[0] : holding[-1] + 2])
        for cell in _of_form(form, named):
            if cell in named:
                yield from _values_in(cell)
            elif not forms_in((cell.text,)):
                yield cell.box.grown(2, 2)


def _is_part(column: Column, named: set[Cell]) -> bool:
    names = sum(cell in named for cell in column.cells)
    return names >= LABELS and any(_VALUE.search(cell.text) for cell in column.cells if cell not in named)


def _names_a_box(text: str) -> bool:
    """Whether words of tax forms make up half of a text's letters. Its number says nothing: an address has one too."""
    spans = [span for span in Vocabulary().find(text) if span.category is Category.TAX]
    told = {at for span in spans for at in range(span.start, span.end)}
    letters = [at for at, char in enumerate(text) if char.isalpha()]
    return bool(told) and 2 * len(told.intersection(letters)) >= len(letters)


def _of_form(column: Column, named: set[Cell]) -> tuple[Cell, ...]:
    """The cells from the first to the last name of a box, and the lines next to these."""
    reach = FORM_GAP * median(cell.box.height for cell in column.cells)
    names = [cell.box for cell in column.cells if cell in named]
    top, bottom = min(box.y for box in names) - reach, max(box.bottom for box in names) + reach
    return tuple(cell for cell in column.cells if top <= cell.box.y and cell.box.bottom <= bottom)


def _values_in(cell: Cell) -> Iterator[Box]:
    return (word.box.grown(2, 2) for word in cell.words[1:] if _VALUE.search(word.text))
