"""All readings of a text field, and every text that may have stood in it at some moment. Pure.

Presses enter as `Stroke`s in their order, texts leave.

Rules of this file:
1. Where a press may have several meanings every reading goes on, up to `READINGS`.
2. A text is kept before anything takes from it or goes on elsewhere in it; longer ones with `CONTEXT` on both sides.
3. What is kept stays in proportion to the presses: of a field that uses up its room less context is kept. Copies of
   the field's own text are inserted up to `COPIED`, then they count as text from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Final

from redaction.typing.replay import State, played
from redaction.typing.strokes import Edit, Stroke

OUTSIDE: Final = "\ufffc"
"""Stands for text that was pasted from outside: the object replacement character."""
READINGS: Final = 8
"""At most so many readings of a field go on."""
LONGEST: Final = 4096
"""A text that grows longer is kept, and goes on as the `LONGEST // 4` code points on each side of the cursor."""
CONTEXT: Final = 96
"""Code points kept on each side of what changed."""
SHORT_CONTEXT: Final = 12
"""The same in a field that has used up its room."""
ROOM: Final = 4096
"""Code points that are kept of a field with full context, besides `ROOM_A_STROKE` for each press."""
ROOM_A_STROKE: Final = 16
COPIED: Final = 4 * LONGEST
"""Code points of its own text that are inserted into a field again."""
ALONE: Final = 12
"""So many of the kept texts leave one by one, the others as lines of one text."""


@dataclass(slots=True, repr=False)
class Clipboard:
    """What may have been copied last, most likely first; `OUTSIDE` stands for any text that was not seen."""

    raw_texts: tuple[str, ...] = (OUTSIDE,)

    def doubt(self) -> None:
        """Something else may have been copied meanwhile."""
        self.raw_texts = tuple(dict.fromkeys((*self.raw_texts, OUTSIDE)))


@dataclass(slots=True, repr=False)
class _Kept:
    """The texts that stood in a field for a while, each once, in order; `room` is left for full context."""

    raw_texts: dict[str, None] = field(default_factory=dict)
    room: int = ROOM

    def keep(self, state: State) -> None:
        """Keeps what changed last in a reading, with its context."""
        context = CONTEXT if self.room > 0 else SHORT_CONTEXT
        start = max(state.cursor - (state.fresh or 0) - context, 0)
        self.keep_text(state.text[start : state.cursor + context])

    def keep_text(self, raw_text: str) -> None:
        """Keeps a text if it is a new one."""
        if raw_text and raw_text not in self.raw_texts:
            self.raw_texts[raw_text] = None
            self.room -= len(raw_text)


@dataclass(slots=True, repr=False)
class Editor:
    """One field, played again; every press is given to `press` once, in order."""

    readings: tuple[State, ...] = (State(),)
    kept: _Kept = field(default_factory=_Kept)
    copies: int = COPIED
    has_outside: bool = False

    def press(self, stroke: Stroke, clipboard: Clipboard) -> None:
        """Plays one press; a copy or cut goes to the clipboard."""
        self.kept.room += ROOM_A_STROKE
        self._keep(stroke)
        if stroke.edit in {Edit.COPY, Edit.CUT}:
            clipboard.raw_texts = _selections(self.readings) or (OUTSIDE,)
        options = self._pasted(clipboard) if stroke.edit is Edit.PASTE else ()
        follow = [played(state, stroke, options) for state in self.readings]
        self._become(tuple(state for column in zip_longest(*follow) for state in column if state is not None))

    @property
    def raw_text(self) -> str:
        """What stands in the field if everything was added at the place that is most likely."""
        return self.readings[0].text

    def near(self, count: int) -> str:
        """The same, from so many code points before the cursor on, with the context of the same line on both sides."""
        state = self.readings[0]
        start = max(state.cursor - count, 0)
        before = state.text[max(start - CONTEXT, 0) : start].rpartition("\n")[2]
        after = state.text[state.cursor : state.cursor + CONTEXT].partition("\n")[0]
        return before + state.text[start : state.cursor] + after

    def raw_texts(self) -> tuple[str, ...]:
        """What stands in the field by every reading, then what stood there: at most `READINGS + ALONE` texts."""
        kept = tuple(self.kept.raw_texts)
        alone, rest = (kept, ()) if len(kept) <= ALONE else (kept[: ALONE - 1], kept[ALONE - 1 :])
        texts = (*(state.text for state in self.readings), *alone, "\n".join(rest))
        return tuple(dict.fromkeys(text for text in texts if text))

    def _keep(self, stroke: Stroke) -> None:
        """Keeps each reading that will not go on as it was."""
        states = []
        for state in self.readings:
            if state.is_continued(stroke) or not (state.is_typing or state.fresh is not None):
                states.append(state)
                continue
            if state.fresh is not None:
                self.kept.keep(state)
            states.append(replace(state, fresh=None, is_typing=False))
        self.readings = tuple(states)

    def _pasted(self, clipboard: Clipboard) -> tuple[str, ...]:
        """What may be pasted; own text only up to a limit, since copies of copies double."""
        own = sum(len(raw_text) for raw_text in clipboard.raw_texts) * len(self.readings)
        options = clipboard.raw_texts if own <= self.copies else (OUTSIDE,)
        self.copies -= own if own <= self.copies else 0
        self.has_outside |= OUTSIDE in options
        return options

    def _become(self, states: tuple[State, ...]) -> None:
        """Goes on with these readings, each once; of too many the first and the last, which are the least alike."""
        distinct: dict[tuple[str, int, int], State] = {}
        for state in states:
            distinct.setdefault((state.text, state.cursor, state.anchor), state)
        readings = tuple(distinct.values())
        half = READINGS // 2
        if len(readings) > READINGS:
            readings = (*readings[:half], *readings[-half:])
        self.readings = tuple(self._cut(state) for state in readings)

    def _cut(self, state: State) -> State:
        """The reading, without what lies far from the cursor if it has become too long."""
        if len(state.text) <= LONGEST:
            return state
        self.kept.keep_text(state.text)
        start = max(state.cursor - LONGEST // 4, 0)
        text, cursor = state.text[start : state.cursor + LONGEST // 4], state.cursor - start
        fresh = None if state.fresh is None else min(state.fresh, cursor)
        return replace(state, text=text, cursor=cursor, anchor=cursor, fresh=fresh, past=(), future=())


def _selections(states: tuple[State, ...]) -> tuple[str, ...]:
    """What is selected by each reading in which something is."""
    texts = (state.text[slice(*state.selected)] for state in states)
    return tuple(dict.fromkeys(text for text in texts if text))
