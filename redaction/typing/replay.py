"""One reading of a text field, press by press: a state and a `Stroke` go in, the states that may follow come out. Pure.

The field itself was never read: what stood in it before the first press is not known, and counts as nothing. Where a
press has one meaning one state follows. It may have several: a cursor that the mouse placed, a word whose end toolkits
see differently, a step of undoing, a key of which nobody knows what it enters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from redaction.typing.strokes import Edit, Stroke, Way

UNKNOWN: Final = "\ufffd"
"""Stands for a character that a key without a known text may have entered: the replacement character."""

_UNDONE: Final = 32
"""Steps that can be undone, in each reading."""


@dataclass(frozen=True, slots=True, repr=False)
class _Past:
    """What undoing leads back to; `begins_run`: what followed is no going on of what was typed before."""

    text: str
    cursor: int
    begins_run: bool


@dataclass(frozen=True, slots=True, repr=False)
class State:
    """One reading of a field. What lies between `anchor` and `cursor` is selected.

    `fresh` code points before the cursor changed since the text was kept; None if there is nothing to keep. `is_typing`
    says that the last press entered a character.
    """

    text: str = ""
    cursor: int = 0
    anchor: int = 0
    fresh: int | None = None
    is_typing: bool = False
    past: tuple[_Past, ...] = ()
    future: tuple[_Past, ...] = ()

    @property
    def selected(self) -> tuple[int, int]:
        """Start and end of the selection."""
        return min(self.cursor, self.anchor), max(self.cursor, self.anchor)

    def is_continued(self, stroke: Stroke) -> bool:
        """Whether a press goes on with what is being typed."""
        return stroke.edit is Edit.TYPE and self.is_typing and self.cursor == self.anchor


def played(state: State, stroke: Stroke, pasted: tuple[str, ...]) -> tuple[State, ...]:
    """What a press may lead to, most likely first."""
    match stroke.edit:
        case Edit.TYPE:
            return (_typed(state, stroke.text) if stroke.text else state,)
        case Edit.MAYBE:
            return (state, _typed(state, UNKNOWN))
        case Edit.PASTE:
            return tuple(replace(_inserted(state, text, begins_run=True), is_typing=False) for text in pasted)
        case Edit.MOVE | Edit.SELECT:
            return _moved(state, stroke.way, selects=stroke.edit is Edit.SELECT)
        case Edit.ERASE | Edit.CUT:
            return _erased(state, stroke)
        case _:
            return _OTHERS[stroke.edit](state)


def _all_selected(state: State) -> tuple[State, ...]:
    return (replace(state, anchor=0, cursor=len(state.text)),)


def _unchanged(state: State) -> tuple[State, ...]:
    return (state,)


def _lost(state: State) -> tuple[State, State, State]:
    """The cursor at the end, where it was, or in an empty field."""
    began_anew = State(past=_remembered(state, begins_run=True))
    if state.cursor == state.anchor == len(state.text):
        return state, state, began_anew
    at_end = replace(state, cursor=len(state.text), anchor=len(state.text))
    return at_end, replace(state, anchor=state.cursor), began_anew


def _renewed(state: State) -> tuple[State, ...]:
    at_end, stayed, began_anew = _lost(state)
    return began_anew, at_end, stayed


def _typed(state: State, text: str) -> State:
    """One text more at the cursor; toolkits undo what was typed as a whole or word by word."""
    begins_word = state.text[: state.cursor].endswith((" ", "\n")) and not text.isspace()
    return _inserted(state, text, begins_run=not state.is_typing, begins_step=begins_word)


def _inserted(state: State, text: str, *, begins_run: bool, begins_step: bool = False) -> State:
    start, end = state.selected
    begins_run = begins_run or start != end
    return replace(
        state,
        text=state.text[:start] + text + state.text[end:],
        cursor=start + len(text),
        anchor=start + len(text),
        fresh=(0 if begins_run or state.fresh is None else state.fresh) + len(text),
        is_typing=True,
        past=_remembered(state, begins_run=begins_run) if begins_run or begins_step else state.past,
        future=(),
    )


def _remembered(state: State, *, begins_run: bool) -> tuple[_Past, ...]:
    return (*state.past[1 - _UNDONE :], _Past(state.text, state.cursor, begins_run))


def _moved(state: State, way: Way, *, selects: bool) -> tuple[State, ...]:
    start, end = state.selected
    if start != end and not selects and way in {Way.LEFT, Way.RIGHT}:
        places: tuple[int, ...] = (start if way is Way.LEFT else end,)
    else:
        places = _PLACES[way](state.text, state.cursor)
    return tuple(replace(state, cursor=at, anchor=state.anchor if selects else at) for at in places)


def _erased(state: State, stroke: Stroke) -> tuple[State, ...]:
    """The selection gone, or without one what lies up to the place that a press erases to."""
    if state.cursor != state.anchor:
        return (_without(state, *state.selected),)
    if stroke.edit is Edit.CUT:
        return (state,)
    places = _PLACES[stroke.way](state.text, state.cursor)
    return tuple(_without(state, min(at, state.cursor), max(at, state.cursor)) for at in places)


def _without(state: State, start: int, end: int) -> State:
    if start == end:
        return state
    text = state.text[:start] + state.text[end:]
    return State(
        text=text,
        cursor=start,
        anchor=start,
        fresh=0 if start < len(text) else None,  # what is left of a text's end has stood there already
        past=_remembered(state, begins_run=True),
    )


def _undone(state: State) -> tuple[State, ...]:
    """What was typed last gone as a whole, or only its last word."""
    if not state.past:
        return (state,)
    last = len(state.past) - 1
    run = next((at for at in range(last, -1, -1) if state.past[at].begins_run), 0)
    return tuple(_back(state, at) for at in dict.fromkeys((run, last)))


def _back(state: State, at: int) -> State:
    to, now = state.past[at], _Past(state.text, state.cursor, begins_run=True)
    return State(to.text, to.cursor, to.cursor, 0, past=state.past[:at], future=(*state.future, now))


def _redone(state: State) -> tuple[State, ...]:
    if not state.future:
        return (state,)
    to = state.future[-1]
    past = _remembered(state, begins_run=True)
    return (State(to.text, to.cursor, to.cursor, 0, past=past, future=state.future[:-1]),)


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_ink(character: str) -> bool:
    return not character.isspace()


_WORDS: Final = (_is_letter, _is_ink)
"""What toolkits take for a part of a word: letters and digits, or all but spaces."""


def _words_left(text: str, cursor: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_word_left(text, cursor, is_part) for is_part in _WORDS))


def _word_left(text: str, cursor: int, is_part: Callable[[str], bool]) -> int:
    while cursor > 0 and not is_part(text[cursor - 1]):
        cursor -= 1
    while cursor > 0 and is_part(text[cursor - 1]):
        cursor -= 1
    return cursor


def _words_right(text: str, cursor: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_word_right(text, cursor, is_part) for is_part in _WORDS))


def _word_right(text: str, cursor: int, is_part: Callable[[str], bool]) -> int:
    while cursor < len(text) and not is_part(text[cursor]):
        cursor += 1
    while cursor < len(text) and is_part(text[cursor]):
        cursor += 1
    return cursor


def _left(_text: str, cursor: int) -> tuple[int, ...]:
    return (max(cursor - 1, 0),)


def _right(text: str, cursor: int) -> tuple[int, ...]:
    return (min(cursor + 1, len(text)),)


def _line_start(text: str, cursor: int) -> tuple[int, ...]:
    return (text.rfind("\n", 0, cursor) + 1,)


def _line_end(text: str, cursor: int) -> tuple[int, ...]:
    at = text.find("\n", cursor)
    return (len(text) if at < 0 else at,)


def _start(_text: str, _cursor: int) -> tuple[int, ...]:
    return (0,)


def _end(text: str, _cursor: int) -> tuple[int, ...]:
    return (len(text),)


_OTHERS: Final = {
    Edit.SELECT_ALL: _all_selected,
    Edit.COPY: _unchanged,
    Edit.UNDO: _undone,
    Edit.REDO: _redone,
    Edit.LOSE: _lost,
    Edit.RENEW: _renewed,
}
_PLACES: Final = {
    Way.LEFT: _left,
    Way.RIGHT: _right,
    Way.WORD_LEFT: _words_left,
    Way.WORD_RIGHT: _words_right,
    Way.LINE_START: _line_start,
    Way.LINE_END: _line_end,
    Way.START: _start,
    Way.END: _end,
}
