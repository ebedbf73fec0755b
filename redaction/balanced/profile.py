"""Masks a screen of one's own: pixels enter, pixels leave on which detectors found nothing. Never for an export.

1. What was not read stays hidden: ink that no word explains, words that were read without confidence, pictures, codes.
   Icons stay when their shape is known (`redaction.images.icons`).
2. Two engines read every line; detectors see both readings, line by line, and lines together that belong together.
3. What goes with a finding goes too: the value of a label, the row of a person, panes of private talk
   (`records`, `redaction.panes`), and every other place on the screen where the same value stands.
4. A mask covers whole words, is one flat grey, and its ends lie on a grid. What a field holds goes as the whole field.
5. The failure of an engine or a detector is raised, and no pixels are returned.

Deterministic: the same pixels and tools give the same result. What `settled` gives is not changed by it again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from consent.documents import Label
from redaction.balanced.legible import RIM, Run, crowded, read_places, runs_of, text_of
from redaction.balanced.suspected import Deciders
from redaction.classified import Classified, level_of
from redaction.detectors import light_detectors
from redaction.detectors.unfamiliar import Doubted, Unfamiliar
from redaction.examine import Examiner
from redaction.images.covered import bridged, covered
from redaction.images.icons import icons_of
from redaction.images.ink import Ink, Regions, ink_in, ink_of, without
from redaction.images.layout import Layout, layout_of
from redaction.images.nearby import meeting
from redaction.images.phrases import KeptPhrase, tightened
from redaction.images.pixels import Found, MaskedFrame, Pixels, Plane, checked, filled, joined, masks_of
from redaction.images.strips import Strips
from redaction.lexicon import load_lexicon
from redaction.panes.panes import PaneContext, panes_of
from redaction.readers.base import Line, Reader, Word, line_of
from redaction.spans import Box, Mask, around

SURE: Final = 0.75
"""Least confidence of a word that stays: of 22,700 words on tuning screens PP-OCRv6 read 1 % of the right ones and 68 %
of the wrong ones with less."""
WIDEST: Final = 1.6
"""Largest width of a character in heights of its word; a wider word was not read as a whole."""
REST: Final = 3
"""Pixels from an earlier mask within which the piece of a border begins that it left."""
THIN: Final = 8
"""Largest thickness of such a piece, in pixels of ink."""
SAME: Final = 0.3
"""Share of a word's box from which it is the place of a finding in the other engine's reading."""


@dataclass(frozen=True, slots=True)
class BalancedTools:
    """What a screen is looked at with, and texts.

    `first` reads what stays, `second` reads each line again. `texts` are the detectors for texts. `labels` are the
    organisation's own classification labels.
    """

    first: Reader
    second: Reader
    texts: Examiner
    deciders: Deciders
    labels: tuple[Label, ...] = ()


def open_balanced(first: Reader, second: Reader) -> BalancedTools:
    """The tools with these engines; `MissingPart` if a model or a list is missing, or is not the one that was tried."""
    from redaction.detectors.presidio import Breadth, Presidio
    from redaction.detectors.rampart import Rampart
    from redaction.detectors.secret_plugins import SecretPlugins

    lexicon = load_lexicon()
    unfamiliar, light = Unfamiliar(lexicon), light_detectors()
    guessing = tuple(Doubted(one, unfamiliar) for one in (Presidio(Breadth.FIRM), Rampart()))
    texts = (*light, *guessing, SecretPlugins(), Classified())
    unfamiliar.find("Is")  # so that a missing list is noticed before any file is
    deciders = Deciders(lexicon, Examiner((*texts, unfamiliar)), Examiner(light), unfamiliar)
    return BalancedTools(first, second, Examiner(texts), deciders)


class BalancedMasker:
    """Masks screens with the same tools; lines that it has read before are not read again."""

    def __init__(self, tools: BalancedTools) -> None:
        self._tools = tools
        self._strips = Strips(tools.first)
        self._second = Strips(tools.second)

    def settled(self, rgb: Pixels) -> MaskedFrame:
        """The masked screen, which masking again would not change; `PixelsRefused`, and what engines and detectors
        raise.
        """
        checked(rgb)
        frame = self._round(rgb)
        while (frame.pixels != (again := self._round(frame.pixels)).pixels).any():
            frame = joined(frame, again)
        return frame

    def _round(self, rgb: Pixels) -> MaskedFrame:
        before = covered(rgb)
        frame = self._masked(bridged(rgb, before), before)
        return replace(frame, pixels=filled(rgb, frame.masks))

    def _masked(self, rgb: Pixels, before: Plane) -> MaskedFrame:
        """The masked screen; where `before` is 1 there is no writing."""
        ink = ink_of(rgb)
        ink.writing[before > 0] = 0
        _clear_remnants(ink.writing, before)
        runs, again = self._strips.read(rgb, ink.writing), self._second.read(rgb, ink.writing)
        layout = layout_of(ink, runs.boxes, runs.colons)
        places = tuple(crowded(ink.writing, runs.lines))
        runs = replace(runs, lines=(*runs.lines, *read_places(self._tools.first, rgb, places)))
        again = replace(again, lines=(*again.lines, *read_places(self._tools.second, rgb, places)))
        cells = runs_of(runs, again, ink.writing)
        lines = tuple(line_of(cell.words) for cell in cells if cell.words)
        panes = panes_of(PaneContext(lines, rgb.shape[1], rgb.shape[0]))
        found = self._tools.deciders.found(cells, layout, panes)
        words = tuple(word for cell in cells for word in cell.words)
        hidden = _hidden(cells, found)
        kept = tuple(box for word in words if (box := _kept(word, hidden, ink.writing)) is not None)
        return self._frame(rgb, ink, layout, cells=cells, found=found, kept=kept, lines=(*runs.lines, *again.lines))

    def _frame(
        self,
        rgb: Pixels,
        ink: Ink,
        layout: Layout,
        *,
        cells: tuple[Run, ...],
        found: tuple[Found, ...],
        kept: tuple[Box, ...],
        lines: tuple[Line, ...],
    ) -> MaskedFrame:
        wholes = tuple(_fields(layout, ink.writing, without(ink.writing, (box.grown(RIM, RIM) for box in kept))))
        kept = tuple(box for box in kept if not any(whole.meets(box) for whole in wholes))
        phrases = tuple(_phrases(cells, frozenset(kept), ink.writing))
        reaches = tuple(box.grown(RIM, RIM) for box in kept)
        rest = without(ink.writing, reaches)
        icons = icons_of(rgb, rest, phrases, fields=layout.fields)
        spared = (*reaches, *(icon.grown(1, 1) for icon in icons))
        masks = _cut(masks_of(without(rest, icons), spared, found, (*wholes, *ink.meters)), reaches)
        sure = [word.confidence for cell in cells for word in cell.words]
        level = level_of((text_of(line.words) for line in lines), self._tools.labels)
        mean = sum(sure) / len(sure) if sure else 0.0
        return MaskedFrame(filled(rgb, masks), masks, phrases, len(sure), mean, level=level)


def _clear_remnants(writing: Plane, before: Plane) -> None:
    """Takes from the writing what an earlier mask left of borders: thin straight pieces and corners that end at it."""
    if not before.any():
        return
    near = np.asarray(cv2.dilate(before, np.ones((2 * REST + 1, 2 * REST + 1), np.uint8)), np.uint8)
    regions = Regions.in_plane(writing)
    boxes, areas = regions.boxes().tolist(), regions.stats[:, 4].tolist()
    for values, area in zip(boxes, areas, strict=True):
        box = Box(*values)
        is_thin = min(box.width, box.height) <= THIN or area <= THIN * max(box.width, box.height)
        if is_thin and ink_in(near, box):
            writing[box.y : box.bottom, box.x : box.right] = 0


def _hidden(cells: tuple[Run, ...], found: tuple[Found, ...]) -> frozenset[Word]:
    """The words that lie where something was found, by a fair part of their own box."""
    words = [word for cell in cells for word in cell.words]
    boxes = [one.box for one in found]
    pairs = meeting([word.box for word in words], boxes)
    return frozenset(
        words[number]
        for number, other in zip(*(one.tolist() for one in pairs), strict=True)
        if words[number].box.clipped_to(boxes[other]).area >= SAME * min(words[number].box.area, boxes[other].area)
    )


def _kept(word: Word, hidden: frozenset[Word], writing: Plane) -> Box | None:
    """The box of a word's writing if the word may stay, None if not."""
    box = tightened(word.box, writing)
    if box is None or word in hidden or word.confidence < SURE:
        return None
    return box if box.width <= WIDEST * box.height * len(word.text) + box.height else None


def _cut(masks: tuple[Mask, ...], reaches: tuple[Box, ...]) -> tuple[Mask, ...]:
    """The masks without what stays: a box around what goes may hold a word that stays, with no ink that goes."""
    pieces = [(mask.box,) for mask in masks]
    for number, reach in zip(*(one.tolist() for one in meeting([mask.box for mask in masks], reaches)), strict=True):
        pieces[number] = tuple(part for piece in pieces[number] for part in piece.without(reaches[reach]))
    return tuple(sorted({Mask(box, mask.category) for mask, boxes in zip(masks, pieces, strict=True) for box in boxes}))


def _fields(layout: Layout, writing: Plane, rest: Plane) -> Iterator[Box]:
    """The fields of which more goes than an arrow or icon: they go as a whole, so that no length shows."""
    for field in layout.fields:
        left = ink_in(rest, field)
        if left and (left == ink_in(writing, field) or _is_wide(rest, field)):
            yield field


def _is_wide(rest: Plane, field: Box) -> bool:
    """Whether the writing that goes is wider than the field is high."""
    box = tightened(field.grown(-1, -1), rest)
    return box is not None and box.width > field.height


def _phrases(cells: tuple[Run, ...], kept: frozenset[Box], writing: Plane) -> Iterator[KeptPhrase]:
    """What stays of each cell."""
    for cell in cells:
        tight = ((word.text, tightened(word.box, writing)) for word in cell.words)
        boxes = [(text, box) for text, box in tight if box is not None and box in kept]
        if boxes:
            whole = around([box for _, box in boxes])
            yield KeptPhrase(whole, " ".join(text for text, _ in boxes), whole, max(whole.height, 1))
