"""Masks a screen: pixels enter, pixels leave on which only interface phrases and borders can be read.

1. All writing (ink that is not a border) is masked unless a known phrase that stands apart explains it. It does not
   matter whether it was read: text, photos, charts and icons that nothing explains go.
2. A mask is one flat grey, wider than what it hides, and its ends lie on a grid, so that its width tells little.
3. Reading less masks more: the reader's words only ever take masks away. Detectors only name the category of a mask,
   or take a phrase away. Their failures, and the reader's, are raised, and no pixels are returned.
4. Masking what is already masked keeps the masks' pixels (they are flat grey), uncovers none, and changes others only
   to that grey. What `Masker.settled` gives is not changed by it again at all.

Deterministic: the same pixels, reader, lexicon and detectors give the same result.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.classified import level_of
from redaction.detectors.base import Detector, Role
from redaction.images.covered import bridged, covered
from redaction.images.icons import icons_of
from redaction.images.ink import Regions, boxes_of, ink_of, without
from redaction.images.layout import Layout, layout_of, without_buttons
from redaction.images.nearby import edges_of, meeting
from redaction.images.phrases import KeptPhrase, Known, known_phrases, standing_apart, tightened, unexplained
from redaction.images.strips import Runs, Strips, strip_of
from redaction.lexicon import Lexicon
from redaction.panes.panes import Pane, PaneContext, panes_of
from redaction.readers.base import Line, Reader
from redaction.reports.reporting import bins_of
from redaction.spans import FILL, SEVERITY, Box, Category, Mask, box_of, gravest
from redaction.text import find_all
from redaction.widgets import Widget
from vault.errors import BadInput

if TYPE_CHECKING:
    from consent.documents import Label
    from redaction.images.verify import Verifier

Pixels = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.uint8]

GRID: Final = 16
"""Pixels between the columns on which masks may begin and end."""
TALLEST_LINE: Final = 40
"""A mask higher than this is a picture or several lines; its padding is that of a line of this height."""
LETTER_GAP: Final = 13
"""Width in pixels of the gaps that are closed to make letters and words one mask."""
SPARSE: Final = 0.35
"""Least share of its box that a large region must fill, else it is masked in bands."""
LARGE: Final = 96
"""Edge in pixels from which a region counts as large."""
MOST_LINES: Final = 1 << 14
"""Lines of which it is remembered what was found in them."""
LABEL_REACH: Final = 480
"""Pixels to the left of a mask within which a label may name its category."""


class PixelsRefused(BadInput):
    """The pixels are not a screen: not 8-bit RGB, or empty."""


@dataclass(frozen=True, slots=True)
class MaskedFrame:
    """A screen without anything that was not recognised as safe, and what was done to it.

    `pixels` has shape (height, width, 3), 8-bit RGB. `mean_confidence` (0 to 1) is 0 when nothing was read.
    `second_findings` counts what the second engine took. `level` is that of the highest classification label on the
    screen, None without one: whether the screen may be shown at all is for the policy to say. `confidences` counts the
    words by tenths of their confidence; `unread_percent` is the share of the masked ink that no engine read.
    """

    pixels: Pixels
    masks: tuple[Mask, ...]
    phrases: tuple[KeptPhrase, ...]
    words_read: int
    mean_confidence: float
    second_findings: int = 0
    level: int | None = None
    confidences: tuple[int, ...] = (0,) * 10
    unread_percent: int = 0

    @property
    def kept(self) -> tuple[str, ...]:
        """The interface phrases that stayed."""
        return tuple(phrase.text for phrase in self.phrases)


@dataclass(frozen=True, slots=True)
class MaskTools:
    """What a screen is looked at with: all that reads, knows and decides.

    `words` decides on menus and buttons of programmes; without it only whole phrases stay. Without `verifier` there is
    no second reading. `labels` are the organisation's own classification labels.
    """

    reader: Reader
    lexicon: Lexicon
    detectors: tuple[Detector, ...]
    words: Lexicon | None = None
    verifier: Verifier | None = None
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A box of words that a detector named."""

    box: Box
    role: Role
    category: Category


@dataclass(frozen=True, slots=True)
class Focus:
    """The window with the focus: its place in pixels of the screen, its programme, title and address; all of it raw."""

    area: Box
    raw_app: str = ""
    raw_title: str = ""
    raw_url: str = ""

    def __repr__(self) -> str:
        return f"Focus({self.area})"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a screen beside its pixels: what was read on it, its widgets, and the window with the focus.

    Without `runs` it is read. Nothing here needs to be known; all of it is raw.
    """

    runs: Runs | None = None
    widgets: tuple[Widget, ...] = ()
    focus: Focus | None = None

    def __repr__(self) -> str:
        return f"About({len(self.widgets)} widgets)"


def _panes(lines: tuple[Line, ...], rgb: Pixels, focus: Focus | None) -> tuple[Pane, ...]:
    """The private panes of a screen: the window with the focus is judged alone, and so is all around it."""
    height, width = rgb.shape[:2]
    area = Box(0, 0, width, height) if focus is None else focus.area.clipped(width, height)
    if focus is None or not area.area:
        return panes_of(PaneContext(lines, width, height))
    inside = tuple(line for line in lines if line.box.meets(area))
    around = tuple(line for line in lines if not line.box.meets(area))
    own = panes_of(
        PaneContext(
            tuple(_shifted(line, -area.x, -area.y) for line in inside),
            area.width,
            area.height,
            app=focus.raw_app,
            title=focus.raw_title,
            url=focus.raw_url,
        )
    )
    others = panes_of(PaneContext(around, width, height))
    return (
        *(Pane(pane.box.moved(area.x, area.y), pane.category) for pane in own),
        *(Pane(piece, pane.category) for pane in others for piece in pane.box.without(area)),
    )


def _shifted(line: Line, across: int, down: int) -> Line:
    words = tuple(replace(word, box=word.box.moved(across, down)) for word in line.words)
    return Line(words, line.box.moved(across, down))


class Masker:
    """Masks the screens of one session with the same tools; lines that it has read before are not read again."""

    def __init__(self, tools: MaskTools) -> None:
        self._tools = tools
        self._strips = Strips(tools.reader)
        self.found = lru_cache(MOST_LINES)(partial(find_all, detectors=tools.detectors))
        """What the detectors find in the text of a line; lines stay on screens, so the answers are remembered."""
        self._last: tuple[Pixels, About, MaskedFrame] | None = None

    def read(self, rgb: Pixels) -> Runs:
        """What stands on the screen, as it was read; it is raw. Raises what `mask` raises."""
        checked(rgb)
        return self._strips.read(rgb, ink_of(rgb).writing)

    def mask(self, rgb: Pixels, *, about: About = About()) -> MaskedFrame:
        """The masked screen; `PixelsRefused` for what is not one, and whatever the engines or a detector raise."""
        checked(rgb)
        if self._last is not None and self._last[1] == about and np.array_equal(self._last[0], rgb):
            return self._last[2]
        frame = self._masked(rgb, about, None)
        self._last = (rgb.copy(), about, frame)
        return frame

    def settled(self, rgb: Pixels) -> MaskedFrame:
        """The screen, masked until masking it again would change nothing: for pictures that may be masked again.

        Earlier masks are known by their grey and their straight sides, so that few rounds change anything. It keeps
        somewhat less than `mask`. It ends, since a round only ever turns pixels grey.
        """
        checked(rgb)
        frame = self._round(rgb)
        while (frame.pixels != (again := self._round(frame.pixels)).pixels).any():
            frame = joined(frame, again)
        return frame

    def _round(self, rgb: Pixels) -> MaskedFrame:
        before = covered(rgb)
        frame = self._masked(bridged(rgb, before), About(), before)
        return replace(frame, pixels=filled(rgb, frame.masks))

    def _masked(self, rgb: Pixels, about: About, before: Plane | None) -> MaskedFrame:
        """The masked screen; where `before` is 1 there is no writing."""
        tools = self._tools
        ink = ink_of(rgb)
        if before is not None:
            ink.writing[before > 0] = 0
        runs = self._strips.read(rgb, ink.writing) if about.runs is None else about.runs
        lines, layout = runs.lines, layout_of(ink, runs.boxes, runs.colons)
        panes = _panes(lines, rgb, about.focus)
        findings = (*self._find(lines), *(Found(one.box, Role.DENY, one.category) for one in panes))
        known = Known(tools.lexicon, tools.words, about.widgets)
        named = known_phrases(lines, ink.writing, known=known, layout=layout, denied=_denied(findings))
        found = _outside(named, panes)
        apart = standing_apart(found, ink.writing, layout)
        left, taken = self._confirmed(rgb, ink.writing, apart)
        phrases = standing_apart(left, ink.writing, layout) if taken else left
        rest = unexplained(phrases, ink.writing)
        icons, signs = self._icons(rgb, without(rest, tuple(pane.box for pane in panes)), phrases, layout)
        rest = without(rest, icons)
        spared = (*(phrase.reach for phrase in phrases), *(icon.grown(1, 1) for icon in icons))
        masks = masks_of(
            rest,
            spared,
            findings,
            (
                *without_buttons(layout),
                *ink.meters,
                *_unexplained_words(lines, ink.writing),
                *(pane.box for pane in panes),
            ),
        )
        confidences = [word.confidence for line in lines for word in line.words]
        return MaskedFrame(
            filled(rgb, masks),
            masks,
            phrases,
            words_read=len(confidences),
            mean_confidence=sum(confidences) / len(confidences) if confidences else 0.0,
            second_findings=taken + signs,
            level=level_of((line.text for line in lines), tools.labels),
            confidences=bins_of(confidences),
            unread_percent=_unread(rest, lines),
        )

    def _find(self, lines: tuple[Line, ...]) -> tuple[Found, ...]:
        return tuple(
            Found(word.box, role, span.category)
            for line in lines
            for role, span in self.found(line.text)
            for word in line.words_in(span)
        )

    def _confirmed(
        self, rgb: Pixels, writing: Plane, phrases: tuple[KeptPhrase, ...]
    ) -> tuple[tuple[KeptPhrase, ...], int]:
        """The phrases that the second engine does not contradict, and how many it does."""
        verifier = self._tools.verifier
        if verifier is None:
            return phrases, 0
        strips = tuple((phrase.text, strip_of(rgb, writing, phrase.box)) for phrase in phrases)
        wrong = verifier.contradicted(strips)
        left = tuple(phrase for phrase, is_wrong in zip(phrases, wrong, strict=True) if not is_wrong)
        return left, sum(wrong)

    def _icons(
        self, rgb: Pixels, rest: Plane, phrases: tuple[KeptPhrase, ...], layout: Layout
    ) -> tuple[tuple[Box, ...], int]:
        """The icons in which the second engine reads nothing, and in how many it does."""
        icons = icons_of(rgb, rest, phrases, fields=layout.fields)
        verifier = self._tools.verifier
        if verifier is None or not icons:
            return icons, 0
        written = verifier.writing(rgb, icons)
        return tuple(icon for icon, is_sign in zip(icons, written, strict=True) if not is_sign), sum(written)


def checked(rgb: Pixels) -> None:
    """Refuses what is not a screen of 8-bit RGB pixels."""
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape:
        raise PixelsRefused("a screen must be 8-bit RGB pixels of some height and width")


def joined(first: MaskedFrame, again: MaskedFrame) -> MaskedFrame:
    """What two rounds came to: the pixels and phrases of the later one, the masks of both, the counts of the first."""
    masks = tuple(sorted(_outermost((*first.masks, *again.masks))))
    second = first.second_findings + again.second_findings
    return replace(first, pixels=again.pixels, phrases=again.phrases, masks=masks, second_findings=second)


def _outside(phrases: tuple[KeptPhrase, ...], panes: tuple[Pane, ...]) -> tuple[KeptPhrase, ...]:
    """The phrases that do not touch a pane which is masked as a whole."""
    touching = set(meeting(tuple(phrase.whole for phrase in phrases), tuple(pane.box for pane in panes))[0].tolist())
    return tuple(phrase for number, phrase in enumerate(phrases) if number not in touching)


def _unread(rest: Plane, lines: tuple[Line, ...]) -> int:
    """The share in percent of this writing that lies in no word that was read."""
    whole = cv2.countNonZero(rest)
    words = tuple(word.box.grown(2, 2) for line in lines for word in line.words)
    return round(100 * cv2.countNonZero(without(rest, words)) / whole) if whole else 0


def _denied(findings: tuple[Found, ...]) -> frozenset[Box]:
    return frozenset(finding.box for finding in findings if finding.role is Role.DENY)


def _unexplained_words(lines: tuple[Line, ...], writing: Plane) -> tuple[Box, ...]:
    """Boxes of words that were read where no writing was seen, as in ink too faint to count or taken for a border."""
    return tuple(
        word.box
        for line in lines
        for word in line.words
        if any(char.isalnum() for char in word.text) and tightened(word.box, writing) is None
    )


def masks_of(
    rest: Plane, spared: tuple[Box, ...], findings: tuple[Found, ...], others: tuple[Box, ...]
) -> tuple[Mask, ...]:
    """The masks of all writing that is left and of other boxes; padding spares what stays."""
    height, width = rest.shape
    cores = (*_regions(rest), *(box.clipped(width, height) for box in others))
    wide = tuple(_quantised(core).clipped(width, height) for core in cores)
    masks: set[Mask] = set()
    for core, category, pieces in zip(cores, _categories(cores, findings), _spared(wide, spared), strict=True):
        masks.update(Mask(box, category) for box in (core, *pieces) if box.area)
    return tuple(sorted(_outermost(tuple(masks))))


def _regions(rest: Plane) -> tuple[Box, ...]:
    """Boxes that together hold all writing: one for each group of letters, several for a large sparse shape."""
    closed = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((3, LETTER_GAP), np.uint8))
    joined = np.asarray(np.asarray(closed, np.uint8) | rest, np.uint8)
    regions = Regions.in_plane(joined)
    boxes: list[Box] = []
    for index, (values, area) in enumerate(zip(regions.boxes().tolist(), regions.stats[:, 4].tolist(), strict=True)):
        box = Box(*values)
        if max(box.width, box.height) > LARGE and box.height > TALLEST_LINE and area < SPARSE * box.area:
            boxes.extend(_bands(box, regions.place(index)))
        else:
            boxes.append(box)
    return tuple(boxes)


def _bands(box: Box, place: Plane) -> tuple[Box, ...]:
    """Boxes of the parts of a sparse shape, band by band from top to bottom."""
    bands: list[Box] = []
    for top in range(0, box.height, GRID):
        parts = (part for _, part, _ in boxes_of(place[top : top + GRID]))
        bands.extend(Box(part.x + box.x, part.y + box.y + top, part.width, part.height) for part in parts)
    return tuple(bands)


def _quantised(core: Box) -> Box:
    """The core with a quarter of its height around, its ends moved outwards to the grid."""
    padding = max(2, min(core.height, TALLEST_LINE) // 4)
    wide = core.grown(padding, padding)
    left, right = wide.x // GRID * GRID, -(-wide.right // GRID) * GRID
    return box_of(left, wide.y, right, wide.bottom)


def _spared(boxes: tuple[Box, ...], reaches: tuple[Box, ...]) -> tuple[tuple[Box, ...], ...]:
    """Each padded box without the phrases that stay; what it must hide is masked by its core all the same."""
    spared = [(box,) for box in boxes]
    for number, reach in zip(*(numbers.tolist() for numbers in meeting(boxes, reaches)), strict=True):
        spared[number] = tuple(part for piece in spared[number] for part in piece.without(reaches[reach]))
    return tuple(spared)


def _categories(cores: tuple[Box, ...], findings: tuple[Found, ...]) -> tuple[Category, ...]:
    """For each mask the gravest denied word in it, else what the words in it and to its left on its row are about."""
    rows = tuple(box_of(core.x - LABEL_REACH, core.y, core.right, core.bottom) for core in cores)
    denied = _met(cores, tuple(found for found in findings if found.role is Role.DENY))
    labels = _met(rows, tuple(found for found in findings if found.role is Role.LABEL))
    return tuple(gravest(tuple(one or other)) for one, other in zip(denied, labels, strict=True))


def _met(boxes: tuple[Box, ...], findings: tuple[Found, ...]) -> tuple[set[Category], ...]:
    """For each box the categories of the findings in it."""
    met: tuple[set[Category], ...] = tuple(set() for _ in boxes)
    pairs = meeting(boxes, tuple(found.box for found in findings))
    for number, finding in zip(*(numbers.tolist() for numbers in pairs), strict=True):
        met[number].add(findings[finding].category)
    return met


def _outermost(masks: tuple[Mask, ...]) -> tuple[Mask, ...]:
    """The masks, all different, without those that lie within another one of their category."""
    boxes = tuple(mask.box for mask in masks)
    edges, kinds = edges_of(boxes), np.array([SEVERITY.index(mask.category) for mask in masks], np.int64)
    inner, outer = meeting(boxes, boxes)
    across = (edges[outer, 0] <= edges[inner, 0]) & (edges[inner, 2] <= edges[outer, 2])
    down = (edges[outer, 1] <= edges[inner, 1]) & (edges[inner, 3] <= edges[outer, 3])
    held = set(inner[(inner != outer) & (kinds[inner] == kinds[outer]) & across & down].tolist())
    return tuple(mask for number, mask in enumerate(masks) if number not in held)


def filled(rgb: Pixels, masks: tuple[Mask, ...]) -> Pixels:
    """The pixels with these masks on them."""
    pixels = rgb.copy()
    for mask in masks:
        box = mask.box
        pixels[box.y : box.bottom, box.x : box.right] = FILL
    return pixels
