"""Decides which phrases on a screen may stay: lines as read and a plane of writing enter, phrases with boxes leave.

1. A run of words with word spaces between them stays only if all of it is one interface phrase, or a phrase before a
   colon. Marks that no text consists of (`*`, `+`, an arrow), a short number before it and a count in brackets after it
   do not stay, and do not harm it either.
2. It must begin with a capital, as interfaces write and the inside of sentences does not, and be no two or three
   capitals (a plan, a test, a state) but before a colon. It must be read with confidence, its box must have a plausible
   shape for its letters, and hold writing.
3. It must stand apart: other writing beside it taints it, whether that was read or not, and a phrase that falls taints
   its own neighbours. So a reader that reads less keeps less, never more.
4. It must not stand in a value's place: in a field, right of a label's colon, among unknown cells of a table or list,
   or cut by the edge of the screen.
5. Where the accessibility tree names the widget on which the run stands, that name decides what the engine read, and
   the widget's border what stands apart. The tree never makes a phrase of what the lexicon does not know, but for
   menus and buttons of programmes (never of documents), whose words the list of interface words may know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from redaction.images.cells import Unknown
from redaction.images.ink import without
from redaction.images.layout import Layout, button_of, in_values_place
from redaction.images.nearby import meeting
from redaction.lexicon import Lexicon, fold
from redaction.readers.base import Line, Word
from redaction.spans import Box, around, box_of
from redaction.widgets import Widget

Plane = npt.NDArray[np.uint8]

SURE: Final = 0.7
"""Least confidence of each word of a phrase that stays."""
WORD_SPACE: Final = 0.66
"""Largest gap between words of one run, in heights of their writing (a space is about 0.4 of them, justified 0.7)."""
CLEAR: Final = 0.75
"""Least gap, in heights of a capital, between a phrase and other writing beside it, whatever it is: a space between
words is 0.4 of them, less the rim of contrast."""
CLEAR_EVEN: Final = 1.1
"""The same where all letters may be of one width: there a space is nearly as wide as a capital is high."""
EVEN: Final = 0.74
"""Least width of a character, in heights of a capital as they are measured, in fonts with letters of one width."""
BEARING: Final = 0.2
"""Room beside the first and last letter in such fonts, in heights of a capital."""
LEADING: Final = 1.7
"""Largest gap, in heights of a capital, between the lines of a paragraph."""
LONG: Final = 12
"""Least length, in heights of a capital, of a line of a paragraph that goes on below it."""
RISING: Final = re.compile(r"[A-ZÀ-Þbdfhklt0-9]")
HANGING: Final = re.compile(r"[gjpqyQ,;]")
ICON_GAP: Final = 0.4
"""Least gap, in heights of a capital, between a phrase and an icon beside it."""
ICON_RISE: Final = 1.3
"""Least height of an icon, in heights of a capital: a word is lower, or hangs below its line."""
LONE_GAP: Final = 1.1
"""Least gap, in heights of a capital, between a phrase and a lower icon; a space between words is 0.4, or 1 where all
letters are of one width."""
LONE_WIDTH: Final = 1.8
"""Largest width, in heights of a capital, of a lower icon."""
ICON_WIDTH: Final = 2.6
"""Largest width of an icon, in heights of the phrase."""
RIM: Final = 2
"""Rows by which the ink of letters is higher than the letters: contrast shows on both sides of an edge."""
PARTING: Final = 0.5
"""Least gap, in heights of their writing, between two phrases of one run."""
PARTED: Final = 1.5
"""By how much such a gap must be wider than the widest one within a phrase."""
LETTER_WIDTHS: Final = (0.25, 1.4)
"""Least and largest width of a character, in heights of the phrase."""


MARKS: Final = frozenset("*+\u2039\u203a«»…:·•|<>")
"""Marks beside a phrase that belong to it: they can stand for nothing but themselves."""
EDGES: Final = re.compile(r"^[*+\u2039\u203a«»·•|<>] ?| ?[*+\u2039\u203a«»·•|<>]$")
"""The marks that are taken from the ends of a phrase before it is looked up."""
DOTS: Final = re.compile(r"(?:[.•·*…●⚫]\s?){4}|…\s?…|••|\*\*")
"""A row of dots or asterisks, as a hidden password shows."""
NUMBER: Final = re.compile(r"\d{1,2}[.)]?|\d{1,2}[a-z]")
"""A number before a heading or a field's name; it goes, the name stays."""
COUNT: Final = re.compile(r"\(\d{1,6}\+?\)")
"""A count after a phrase; the phrase stays, the count goes."""
SAME: Final = 0.8
"""Least likeness (Ratcliff and Obershelp's, 0 to 1) of what was read and a widget's name for the name to decide."""
OWN: Final = 4
"""Largest height of a widget, in heights of its writing, for the writing to be its name and not its content."""
CONTROLS: Final = frozenset(
    {
        "button", "check box", "check menu item", "column header", "menu", "menu button", "menu item", "page tab",
        "push button", "radio button", "radio menu item", "switch", "table column header", "toggle button",
    }
)  # fmt: skip
"""Roles of widgets that bear an interface's own words, and so are no value's place in a table."""
SHORT: Final = 3
"""Letters of the longest abbreviation that is a value as likely as a name."""
NATIVE: Final = frozenset({"menu item", "check menu item", "radio menu item", "menu", "push button", "button"})
"""Roles of programmes' own widgets whose names may be decided word by word."""


@dataclass(frozen=True, slots=True, order=True)
class KeptPhrase:
    """An interface phrase that may stay, the box of its writing, and the height of a capital in it.

    `whole` is the box of the run with marks and a count, which do not stay. `has_value` says that a value may follow
    (after a colon), `is_control` that a control bears the phrase as its name; `button` is the inside of the border
    around it, beyond which nothing can be its neighbour.
    """

    box: Box
    text: str
    whole: Box
    height: int
    has_value: bool = False
    is_control: bool = False
    button: Box | None = None

    @property
    def clear(self) -> float:
        """How many pixels beside it must be free of other writing."""
        width = (self.box.width + BEARING * self.height) / max(len(self.text), 1)
        return (CLEAR_EVEN if width >= EVEN * self.height else CLEAR) * self.height

    @property
    def reach(self) -> Box:
        """The box with the rim in which all ink is taken for the phrase's own."""
        return self.box.grown(2, 2 + self.height // 6)


@dataclass(frozen=True, slots=True)
class Known:
    """What says that a reading is an interface phrase: the phrases, the words, and the widgets of this screen."""

    lexicon: Lexicon
    words: Lexicon | None = None
    widgets: tuple[Widget, ...] = ()


def known_phrases(
    lines: tuple[Line, ...], writing: Plane, *, known: Known, layout: Layout, denied: frozenset[Box]
) -> tuple[KeptPhrase, ...]:
    """The runs of words that are interface phrases; `denied` holds boxes of words that a detector found."""
    found: list[KeptPhrase] = []
    for line in lines:
        tight = [(word, tightened(word.box, writing)) for word in line.words if word.box not in denied]
        words = sorted(((word, box) for word, box in tight if box is not None), key=lambda pair: pair[1].x)
        for run, widget in _runs(words, known.widgets):
            whole = _phrase(run, known, widget)
            phrases = [_phrase(part, known, None) for part in _parted(run)] if whole is None else [whole]
            found += (
                replace(one, button=button_of(one.box, layout))
                for one in phrases
                if one is not None and not _is_cut(one, writing) and not in_values_place(one.box, layout)
            )
    return tuple(sorted(set(found), key=lambda phrase: (phrase.box, phrase.text)))


def standing_apart(phrases: tuple[KeptPhrase, ...], writing: Plane, layout: Layout) -> tuple[KeptPhrase, ...]:
    """The phrases that no other writing taints, after those that are tainted count as other writing themselves."""
    kept = phrases
    while True:
        rest = unexplained(kept, writing)
        unknown = Unknown.among(layout, writing, rest)
        crowded = _crowded(kept)
        apart = (one for number, one in enumerate(kept) if number not in crowded)
        clean = tuple(one for one in apart if not _is_tainted(one, rest) and not unknown.surround(one))
        if clean == kept:
            return kept
        kept = clean


def unexplained(phrases: tuple[KeptPhrase, ...], writing: Plane) -> Plane:
    """The writing that belongs to none of these phrases."""
    return without(writing, (phrase.reach for phrase in phrases))


def tightened(box: Box, writing: Plane) -> Box | None:
    """The box of the writing within a box; None when there is none."""
    rim = box.grown(1, 1).clipped(writing.shape[1], writing.shape[0])
    place = writing[rim.y : rim.bottom, rim.x : rim.right]
    if not place.size:
        return None
    x, y, width, height = cv2.boundingRect(place)
    return Box(rim.x + x, rim.y + y, width, height) if width else None


Placed = tuple[Word, Box]
"""A word as read, and the box of its writing."""


def _runs(words: list[Placed], widgets: tuple[Widget, ...]) -> Iterator[tuple[list[Placed], Widget | None]]:
    """The words, parted where the gap is more than a word space or another widget begins, with their widget."""
    run: list[Placed] = []
    owner: Widget | None = None
    for word, box in words:
        widget = _owner(box, widgets)
        far = run and box.x - run[-1][1].right > WORD_SPACE * max(box.height, *(other.height for _, other in run))
        if run and (far or widget is not owner):
            yield run, owner
            run = []
        run.append((word, box))
        owner = widget
    if run:
        yield run, owner


def _owner(box: Box, widgets: tuple[Widget, ...]) -> Widget | None:
    """The smallest widget that this writing may be the name of."""
    x, y = box.x + box.width // 2, box.y + box.height // 2
    holding = (
        widget
        for widget in widgets
        if widget.name and widget.box.height <= OWN * box.height and widget.box.meets(Box(x, y, 1, 1))
    )
    return min(holding, key=lambda widget: widget.box.area, default=None)


def _parted(run: list[Placed]) -> list[list[Placed]]:
    """The run, parted at its wide gaps, if all others are clearly narrower."""
    height = max(box.height for _, box in run)
    gaps = [after[1].x - before[1].right for before, after in pairwise(run)]
    wide = [index + 1 for index, gap in enumerate(gaps) if gap >= PARTING * height]
    narrow = [gap for index, gap in enumerate(gaps) if index + 1 not in wide]
    if not wide or max(narrow, default=0) * PARTED > min(gaps[index - 1] for index in wide):
        return [run]
    return [run[start:end] for start, end in pairwise((0, *wide, len(run)))]


def _phrase(run: list[Placed], known: Known, widget: Widget | None) -> KeptPhrase | None:
    """The phrase that the run is, but for marks, a number before and a count after it; None when it is not known."""
    words = _without_edges(run)
    named = None if widget is None else _named(words, widget, known)
    if named is not None:
        phrase = _kept(words, named)
        return None if phrase is None else replace(phrase, is_control=widget is not None and widget.role in CONTROLS)
    colon = next((index + 1 for index, (word, _) in enumerate(words) if word.text.endswith(":")), 0)
    head = _core(words[:colon] if colon else words)
    text = _text(head)
    read = text if known.lexicon.has(text) else known.lexicon.resembles(text)
    if read is None or any(word.confidence < SURE for word, _ in head):
        return None
    if not text[:1].isupper() or (len(text) <= SHORT and text.isupper() and not colon):
        return None
    phrase = _kept(head, read)
    if phrase is None or colon:
        return None if phrase is None else replace(phrase, has_value=True)
    return replace(phrase, whole=around([box for _, box in words]))


def _core(words: list[Placed]) -> list[Placed]:
    """The words without marks and numbers at their ends, which go though the phrase between them stays."""
    start, end = 0, len(words)
    while start < end and (words[start][0].text in MARKS or NUMBER.fullmatch(words[start][0].text)):
        start += 1
    while end > start and (words[end - 1][0].text in MARKS or COUNT.fullmatch(words[end - 1][0].text)):
        end -= 1
    return words[start:end]


def _named(run: list[Placed], widget: Widget, known: Known) -> str | None:
    """The widget's name, if it is what was read and what may stay."""
    name, text = fold(widget.name), fold(_text(run))
    if not name or SequenceMatcher(None, name, text, autojunk=False).ratio() < SAME:
        return None
    if known.lexicon.has(name):
        return name
    native = not widget.in_document and widget.role in NATIVE and known.words is not None and name == text
    return name if native and known.words is not None and all(known.words.has(word) for word in name.split()) else None


def _kept(run: list[Placed], text: str) -> KeptPhrase | None:
    """The phrase, unless its box has no plausible shape for its letters."""
    if not run:
        return None
    box = around([box for _, box in run])
    if not LETTER_WIDTHS[0] <= box.width / (len(_text(run)) * box.height) <= LETTER_WIDTHS[1]:
        return None
    return KeptPhrase(box, text, box, _cap_height(_text(run), box.height - RIM))


def _text(run: list[Placed]) -> str:
    """The words of a run without a mark at either end; nothing if it holds a row of dots, which may hide a password."""
    text = " ".join(word.text for word, _ in run)
    return "" if DOTS.search(text) else EDGES.sub("", text)


def _without_edges(run: list[Placed]) -> list[Placed]:
    """The run without single characters at its ends (borders and icons read as letters), which then count as unread."""
    start, end = 0, len(run)
    while start < end and _is_stray(run[start][0].text):
        start += 1
    while end > start and _is_stray(run[end - 1][0].text):
        end -= 1
    return run[start:end]


def _is_stray(text: str) -> bool:
    if len(text) == 1 and text in MARKS:
        return False
    return len(text) < 2 or not any(char.isalnum() for char in text)


def _is_cut(phrase: KeptPhrase, writing: Plane) -> bool:
    """Whether the phrase reaches the edge of the screen, beyond which it may go on."""
    height, width = writing.shape
    return phrase.box.x <= 1 or phrase.box.y <= 1 or phrase.box.right >= width - 1 or phrase.box.bottom >= height - 1


def _crowded(phrases: tuple[KeptPhrase, ...]) -> frozenset[int]:
    """The numbers of the phrases that have another one of them too near beside them."""
    rims = tuple(_rim(phrase) for phrase in phrases)
    numbers, others = meeting(rims, tuple(phrase.whole for phrase in phrases))
    return frozenset(numbers[numbers != others].tolist())


def _rim(phrase: KeptPhrase) -> Box:
    """The phrase with the room beside it that must be free of other writing."""
    rim = phrase.whole.grown(round(phrase.clear), 0)
    return rim if phrase.button is None else rim.clipped_to(phrase.button)


def _is_tainted(phrase: KeptPhrase, rest: Plane) -> bool:
    right_is_free = phrase.has_value or not _has_neighbour(phrase, rest, to_the_left=False)
    return not right_is_free or _has_neighbour(phrase, rest, to_the_left=True) or _goes_on(phrase, rest)


def _has_neighbour(phrase: KeptPhrase, rest: Plane, *, to_the_left: bool) -> bool:
    """Whether unexplained writing stands beside the phrase, nearer than is clear, and is no icon."""
    reach, far = phrase.whole.grown(2, 0), round((CLEAR + ICON_WIDTH) * phrase.height)
    left, right = (reach.x - far, reach.x) if to_the_left else (reach.right, reach.right + far)
    side = box_of(left, phrase.reach.y, right, phrase.reach.bottom).clipped(rest.shape[1], rest.shape[0])
    if phrase.button is not None:
        side = side.clipped_to(phrase.button)
    strip = rest[side.y : side.bottom, side.x : side.right]
    columns = np.flatnonzero(strip.any(axis=0)) + side.x
    distances = np.sort(phrase.whole.x - columns if to_the_left else columns - phrase.whole.right + 1)
    near = distances[distances <= phrase.clear]
    return bool(near.size) and not _is_icon(phrase, rest, distances, to_the_left=to_the_left)


def _is_icon(phrase: KeptPhrase, rest: Plane, distances: npt.NDArray[np.int64], *, to_the_left: bool) -> bool:
    """Whether the writing at these distances is one compact shape that is no word, and with room around it.

    It is higher than a word; or it is as high, wide apart from the phrase, and nothing at all stands beyond it.
    """
    height = phrase.height
    breaks = np.flatnonzero(np.diff(distances) > max(2, round(phrase.clear)))
    last = int(distances[breaks[0]] if breaks.size else distances[-1])
    first, width = int(distances[0]), last - int(distances[0]) + 1
    if first < ICON_GAP * height or width > ICON_WIDTH * height or (breaks.size and distances[breaks[0] + 1] < first):
        return False
    left = phrase.whole.x - last if to_the_left else phrase.whole.right + first - 1
    shape = tightened(box_of(left, phrase.box.y - height, left + width, phrase.box.bottom + height), rest)
    if shape is None or shape.height > 2 * width:
        return False
    alone = first >= LONE_GAP * height and not breaks.size and width <= LONE_WIDTH * height
    return shape.height >= ICON_RISE * height or alone


def _goes_on(phrase: KeptPhrase, rest: Plane) -> bool:
    """Whether a long line of unexplained writing ends just above and begins where the phrase does: it is its last line.

    Such a line has no gap that is clear, and is several times as long as it is high.
    """
    height = phrase.height
    if phrase.button is not None:
        return False
    above = box_of(phrase.box.x - height, phrase.box.y - round(LEADING * height), phrase.box.x + LONG * height,
                   phrase.box.y - 1).clipped(rest.shape[1], rest.shape[0])  # fmt: skip
    place = rest[above.y : above.bottom, above.x : above.right]
    if above.height < 1 or above.width < LONG * height or not place.any():
        return False
    columns = np.flatnonzero(place.any(axis=0))
    begins = above.x + int(columns[0]) - phrase.box.x
    ends = above.width - int(columns[-1]) <= CLEAR_EVEN * height
    return begins <= height and ends and int(np.diff(columns).max(initial=0)) <= CLEAR_EVEN * height


def _cap_height(text: str, height: int) -> int:
    """The height of a capital in writing of this height, by the letters in it."""
    rises, hangs = bool(RISING.search(text)), bool(HANGING.search(text))
    return max(round(height * (0.78 if rises and hangs else 1.0 if rises or hangs else 1.38)), 1)
