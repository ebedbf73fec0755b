"""Decides what on a screen goes, for the balanced profile: runs of words enter, places with categories leave.

1. Both engines' readings of each run are examined by all detectors, paragraphs as one text, and rows and neighbours
   together by those that need no model.
2. What was found in one place is hunted everywhere on the screen, and what goes with it goes too (`records`).
3. In panes of private content (`redaction.panes.panes`) only phrases and labels of the interface stay.

A detector's failure is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from redaction.balanced.legible import Run, is_letters, is_prose, pairs_of, paragraphs_of, rows_of, text_of
from redaction.balanced.records import Cell, taken
from redaction.detectors.base import Role
from redaction.detectors.unfamiliar import Unfamiliar
from redaction.examine import Examiner, Finding
from redaction.hunting.hunt import Entity, Hunt
from redaction.images.layout import Layout, card_of
from redaction.images.nearby import meeting
from redaction.images.pixels import Found
from redaction.lexicon import Lexicon
from redaction.panes.panes import Pane
from redaction.readers.base import Word
from redaction.spans import Box, Category, gravest

AMOUNTS: Final = frozenset({Category.FINANCIAL, Category.SECRET})
"""Categories that say nothing of the sentence in which they were found."""
SAYINGS: Final = frozenset({Category.UNKNOWN, Category.CHAT, Category.AI_PROMPT, Category.HR})
"""Categories of what is no value that would stand elsewhere in the same words."""
TALK: Final = frozenset({Category.CHAT, Category.AI_PROMPT})
"""Categories of panes in which people talk: sentences anywhere on the screen are part of it."""
SAID: Final = 4
"""Words of the shortest sentence."""


@dataclass(frozen=True, slots=True)
class Deciders:
    """What decides: the phrases, all detectors, those that need no model, and the familiar words."""

    lexicon: Lexicon
    full: Examiner
    light: Examiner
    unfamiliar: Unfamiliar

    def found(self, cells: tuple[Run, ...], layout: Layout, panes: tuple[Pane, ...]) -> tuple[Found, ...]:
        """The places of all words that go, with the reason."""
        seen = (*self._in_cells(cells), *self._in_paragraphs(cells), *self._in_rows(cells))
        denied = tuple(one for one in seen if one.role is Role.DENY)
        found = (*denied, *self._hunted(cells, denied))
        labels = tuple(one for one in seen if one.role is Role.LABEL)
        structure = tuple(self._cell(run, layout, found=found, labels=labels) for run in cells)
        wholes = zip(zip(cells, structure, strict=True), taken(structure), strict=True)
        return (
            *found,
            *(one for (run, cell), category in wholes if category is not None for one in _gone(run, cell, category)),
            *_in_panes(structure, panes),
        )

    def _cell(self, run: Run, layout: Layout, *, found: tuple[Found, ...], labels: tuple[Found, ...]) -> Cell:
        field = next((field for field in layout.fields if field.meets(run.box)), None)
        touching = [one for one in found if one.box.meets(run.box)]
        own = frozenset(one.category for one in touching)
        touched = sum(any(one.box.meets(word.box) for one in touching) for word in run.words)
        return Cell(
            run.box if field is None else field,
            run.text,
            card=card_of(run.box, layout.cards),
            is_known=self.lexicon.has(run.text),
            is_plain=bool(run.words) and self.unfamiliar.knows(run.text),
            in_field=field is not None,
            is_single=2 * touched >= len(run.words) or all(map(is_letters, run.words)),
            labels=frozenset(one.category for one in labels if one.box.meets(run.box)),
            found=own or (frozenset() if run.words else frozenset({Category.UNKNOWN})),
        )

    def _in_cells(self, cells: tuple[Run, ...]) -> Iterator[Found]:
        """What is found in each cell, as either engine read it; a known phrase is no finding."""
        has = self.lexicon.has
        first = [[cell.words] for cell in cells if cell.words and not has(cell.text)]
        second = [[cell.others] for cell in cells if cell.others and not has(text_of(cell.others))]
        yield from _examined(self.full, first)
        # A misread word is unfamiliar to begin with, so that is no finding in the second reading.
        yield from (one for one in _examined(self.full, second) if one.category is not Category.UNKNOWN)
        known = [[cell.words] for cell in cells if cell.words and has(cell.text)]
        yield from (one for one in _examined(self.light, known) if one.role is Role.LABEL)

    def _in_paragraphs(self, cells: tuple[Run, ...]) -> Iterator[Found]:
        """What is found in lines of prose that follow each other; of prose with a finding all goes."""
        for paragraph in paragraphs_of(cells):
            lines = [cell.words for cell in paragraph]
            found = [one for one in _examined(self.full, [lines]) if one.role is Role.DENY]
            yield from found
            words = [word for line in lines for word in line]
            if any(one.category not in AMOUNTS for one in found) and is_prose(words):
                category = gravest(tuple(one.category for one in found))
                yield from (Found(cell.box, Role.DENY, category) for cell in paragraph)

    def _hunted(self, cells: tuple[Run, ...], found: tuple[Found, ...]) -> Iterator[Found]:
        """Other places on the screen where a value stands that was found; familiar words alone are not hunted."""
        values = (one for one in _values(cells, found) if not self.unfamiliar.knows(one.value))
        entities = tuple(dict.fromkeys(values))
        if entities:
            has = self.lexicon.has
            groups = [[cell.words] for cell in cells if cell.words and not has(cell.text)]
            yield from _examined(Examiner((Hunt(entities),)), groups)

    def _in_rows(self, cells: tuple[Run, ...]) -> Iterator[Found]:
        """What shows only when the cells of a row, or a cell and the one below it, are read together."""
        has = self.lexicon.has
        groups = [[cell.words for cell in group] for group in (*rows_of(cells), *pairs_of(cells))]
        unknown = [lines for lines in groups if not all(has(text_of(words)) for words in lines)]
        yield from (one for one in _examined(self.light, unknown) if one.role is Role.DENY)


def _values(cells: tuple[Run, ...], found: tuple[Found, ...]) -> Iterator[Entity]:
    """Words that follow each other in a cell and were found for one reason, as one value."""
    reasons: dict[Box, Category] = {one.box: one.category for one in found if one.category not in SAYINGS}
    for cell in cells:
        for category, words in groupby(cell.words, key=lambda word: reasons.get(word.box)):
            if category is not None:
                yield Entity(text_of(tuple(words)), category)


def _examined(examiner: Examiner, groups: list[list[tuple[Word, ...]]]) -> Iterator[Found]:
    """The words that are touched by what is found in each group of lines, read as one text with line breaks."""
    texts = tuple("\n".join(text_of(words) for words in lines) for lines in groups)
    for lines, findings in zip(groups, examiner.examine(texts), strict=True):
        words = [word for line in lines for word in line]
        for finding in findings:
            yield from _touched(words, finding)


def _touched(words: list[Word], finding: Finding) -> Iterator[Found]:
    """The words that a finding touches; between two words of a text there is one character."""
    start = 0
    for word in words:
        end = start + len(word.text)
        if start < finding.span.end and finding.span.start < end:
            yield Found(word.box, finding.role, finding.span.category)
        start = end + 1


def _gone(run: Run, cell: Cell, category: Category) -> Iterator[Found]:
    """The place of a cell that goes; of one that counts something only the number goes."""
    if not cell.is_count:
        yield Found(run.box, Role.DENY, category)
        return
    yield from (Found(word.box, Role.DENY, category) for word in run.words if any(map(str.isdigit, word.text)))


def _in_panes(cells: tuple[Cell, ...], panes: tuple[Pane, ...]) -> Iterator[Found]:
    """What stands in panes of private content and is no phrase or label of the interface."""
    pairs = meeting([pane.box for pane in panes], [cell.box for cell in cells])
    for number, other in zip(*(one.tolist() for one in pairs), strict=True):
        pane, cell = panes[number], cells[other]
        if 2 * cell.box.clipped_to(pane.box).area > cell.box.area and not _stays_in(pane, cell):
            yield Found(cell.box, Role.DENY, pane.category)
    talks = [pane.category for pane in panes if pane.category in TALK]
    if talks:
        yield from (Found(cell.box, Role.DENY, talks[0]) for cell in cells if _is_said(cell))


def _stays_in(pane: Pane, cell: Cell) -> bool:
    """Whether a cell in a pane is a phrase or label of the interface, or a sentence of a form."""
    words = len(cell.text.split())
    return cell.is_known or (cell.is_plain and (cell.is_label or (pane.category is Category.TAX and words >= SAID)))


def _is_said(cell: Cell) -> bool:
    """Whether a cell on a screen of private talk is part of it."""
    return len(cell.text.split()) >= SAID and not cell.is_known
