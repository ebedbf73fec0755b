"""What was typed into the fields of a session: presses by field go in, for each visit all texts that it may have given.

A visit is what was pressed in one field while nothing else was done. The texts are raw: they are for detectors, and to
be looked for elsewhere; nothing of them leaves redaction. Pure.

Rules of this file:
1. A field that is visited again holds what it held, with the cursor anywhere, or was begun anew: both are played.
   After Return in a field of one line that is the more likely.
2. Values that were split over neighbouring fields are also given as one: up to `JOINED` parts that were typed one after
   another in one window, as they were typed and as the fields then held them, a line for each run of neighbours. Fields
   of one character count as one part together; digits are joined by dashes too.
3. `raw_texts` holds at most 27 texts, and their code points stay in proportion to the presses.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import Final

from redaction.typing.editor import LONGEST, OUTSIDE, Clipboard, Editor
from redaction.typing.strokes import Edit, Stroke

JOINED: Final = {"": 6, " ": 4, "-": 4}
"""Most parts that are joined by each separator: an IBAN of 22 characters fills six boxes of four."""
PART: Final = 32
"""A longer text is no part of a value that is split over fields."""
_COMBINING: Final = "\u0301\u0300\u0302\u0303\u0308\u0327\u030a\u030c\u0306\u0307\u030b"
_ACCENTS: Final = dict(zip("\u00b4`^~\u00a8\u00b8\u02da\u02c7\u02d8\u02d9\u02dd", _COMBINING, strict=True))
"""The characters that dead keys are heard as, and the accents that they put on the letter that follows."""


@dataclass(frozen=True, slots=True, repr=False)
class Typed:
    """The texts that may have stood in the field of a step at some moment or were typed into it, and joined ones.

    `pasted` says that something was pasted that was not copied within the session's fields; U+FFFC stands for it.
    """

    raw_texts: tuple[str, ...]
    pasted: bool


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A field as the recorder told of it, and the window that it lies in; equal if they are the same."""

    raw_window: Hashable
    raw_field: Hashable


@dataclass(slots=True, repr=False)
class _Field:
    """One field over all its visits; `runs` are what was pressed in each, edits ignored.

    `is_entered` says that Return was pressed in it since.
    """

    editor: Editor = field(default_factory=Editor)
    runs: list[str] = field(default_factory=list)
    is_entered: bool = False
    known: tuple[str, ...] | None = None

    def raw_texts(self) -> tuple[str, ...]:
        """All its texts."""
        if self.known is None:
            runs = ("".join(self.runs), "\n".join(run for run in self.runs if run))
            texts = (*self.editor.raw_texts(), *runs, *map(_with_accents, (self.editor.raw_text, *runs[:1])))
            self.known = tuple(dict.fromkeys(text for text in texts if text))
        return self.known


@dataclass(slots=True, repr=False)
class Visit:
    """Presses in one field with nothing else done between; `raw_text` is what the field then held, near the cursor.

    `part` is what was typed in the visit alone and `held` what the field held after it, as parts of a value that may be
    split; None where they are too long to be one.
    """

    place: Place
    chain: _Chain
    strokes: list[Stroke] = field(default_factory=list)
    raw_text: str = ""
    part: str | None = ""
    held: str | None = ""


@dataclass(slots=True, repr=False)
class _Chain:
    """The visits that followed each other in one window, and what was made of them, by field."""

    visits: list[Visit] = field(default_factory=list)
    joined: tuple[str, ...] | None = None
    typed: dict[Place, Typed] = field(default_factory=dict)

    def raw_texts(self) -> tuple[str, ...]:
        """The texts of neighbouring fields, joined; none where there was only one field."""
        if self.joined is None:
            lines = (dict.fromkeys(self._lines(separator, most)) for separator, most in JOINED.items())
            self.joined = tuple(dict.fromkeys("\n".join(found) for found in lines if found))
        return self.joined

    def _lines(self, separator: str, most: int) -> Iterator[str]:
        for parts in self._parts():
            for start in range(len(parts)):
                for end in range(start + 2, min(start + most, len(parts)) + 1):
                    taken = parts[start:end]
                    if not all(taken):
                        break
                    if separator != "-" or all(part.isdecimal() for part in taken):
                        yield separator.join(taken)
            yield from parts if len(parts) == 1 and not separator else ()

    def _parts(self) -> Iterator[list[str]]:
        """What was typed in each visit, what each field held in the end, and what was typed into it last."""
        held = {visit.place: visit for visit in self.visits}
        last = {visit.place: visit for visit in self.visits if visit.part != ""}
        if len(held) > 1:
            yield _with_boxes([visit.part for visit in self.visits])
            yield _with_boxes([visit.held for visit in held.values()])
            yield _with_boxes([visit.part for visit in last.values()])


@dataclass(slots=True, repr=False)
class Fields:
    """The fields of a session; every press in one is given to `press`, and everything else that was done is told."""

    fields: dict[Place, _Field] = field(default_factory=dict)
    clipboard: Clipboard = field(default_factory=Clipboard)
    chain: _Chain = field(default_factory=_Chain)
    visit: Visit | None = None

    def press(self, place: Place, stroke: Stroke) -> Visit:
        """Takes one press, and gives the visit that it belongs to."""
        visit = self.visit
        if visit is None or visit.place != place:
            self.leave()
            if self.chain.visits and self.chain.visits[-1].place.raw_window != place.raw_window:
                self.part()
            visit = self.visit = Visit(place, self.chain)
        visit.strokes.append(stroke)
        return visit

    def move(self, place: Place) -> None:
        """The visit under way is one of another field: the news of the focus came late."""
        if self.visit is not None:
            self.visit.place = place

    def leave(self) -> None:
        """Something else was done, or another field has the focus: the visit is over."""
        visit, self.visit = self.visit, None
        if visit is None:
            return
        visited = self.fields.setdefault(visit.place, _Field())
        before = Clipboard(self.clipboard.raw_texts)
        visited.editor.press(Stroke(Edit.RENEW if visited.is_entered else Edit.LOSE), self.clipboard)
        visited.is_entered = False
        for stroke in visit.strokes:
            visited.editor.press(stroke, self.clipboard)
        visited.runs.append("".join(_entered(stroke) for stroke in visit.strokes))
        visit.raw_text = visited.editor.near(sum(len(_entered(stroke)) for stroke in visit.strokes))
        visit.part = _part(_alone(visit.strokes, before))
        visit.held = _part(visited.editor.raw_text)
        visit.strokes.clear()
        self.chain.visits.append(visit)
        self.clipboard.doubt()

    def enter(self, place: Place) -> None:
        """Return was pressed in a field of one line."""
        self.leave()
        if place in self.fields:
            self.fields[place].is_entered = True

    def part(self) -> None:
        """What comes is no neighbour of what was."""
        self.leave()
        self.chain = _Chain()

    def holds(self, place: Place) -> bool:
        """Whether something is known to stand in a field since an earlier visit."""
        visited = self.fields.get(place)
        return visited is not None and any(state.text for state in visited.editor.readings)

    def typed(self, visit: Visit) -> Typed:
        """What became of a visit, once all presses of the session are known."""
        known = visit.chain.typed.get(visit.place)
        if known is None:
            visited = self.fields[visit.place]
            texts = dict.fromkeys((*visited.raw_texts(), *visit.chain.raw_texts()))
            known = visit.chain.typed[visit.place] = Typed(tuple(texts), visited.editor.has_outside)
        return known


def _entered(stroke: Stroke) -> str:
    """What a press enters, whatever edits do to it."""
    return OUTSIDE if stroke.edit is Edit.PASTE else stroke.text


def _alone(strokes: list[Stroke], clipboard: Clipboard) -> str:
    """What a field that was empty holds after these presses; what is too long for a part ends at some place."""
    editor = Editor()
    for stroke in strokes:
        editor.press(stroke, clipboard)
        if len(editor.raw_text) > LONGEST // 4:
            break
    return editor.raw_text


def _part(text: str) -> str | None:
    """A text as the part of a value that is split; None if it is too long to be one."""
    return text.strip() if len(text) <= PART else None


def _with_boxes(parts: list[str | None]) -> list[str]:
    """The parts, where those of one character that follow each other are one; empty ones part what lies around them."""
    joined: list[str] = []
    box: list[str] = []
    for part in parts:
        if part is not None and len(part) == 1:
            box.append(part)
        elif part != "":
            joined += ["".join(box), part or ""] if box else [part or ""]
            box = []
    return joined + (["".join(box)] if box else [])


def _with_accents(text: str) -> str:
    """The text as it stands there if accents were typed with dead keys."""
    if not any(accent in text for accent in _ACCENTS):
        return text
    pieces: list[str] = []
    for character in text:
        accent = _ACCENTS.get(pieces[-1]) if pieces else None
        whole = unicodedata.normalize("NFC", character + accent) if accent else ""
        if len(whole) == 1 and character.isalpha():
            pieces[-1] = whole
        else:
            pieces.append(character)
    return "".join(pieces)
