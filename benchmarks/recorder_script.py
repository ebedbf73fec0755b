"""A desk session as a list of moments: a seed and a length enter, what the hand does and when leaves.

Nothing is played here. The pointer moves at 60 Hz along curves, slower at both ends; keys come at the pace of people
who type with all fingers; between tasks is a rest, long at the light pace. Points are given within the page of the
browser or within the editor, whose layouts are fixed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import partial
from types import MappingProxyType
from typing import Final

HERTZ: Final = 60
KEY_SECONDS: Final = 0.16
"""Middle time from one key to the next: 75 words a minute."""
HELD_SECONDS: Final = 0.07
NOTCH_SECONDS: Final = 0.08
LEFT, UP, DOWN = 1, 4, 5
MODIFIERS: Final = frozenset({"Control_L", "Shift_L", "Alt_L"})
_TEXT: Final = (
    "the report for march is ready please check the totals and send the invoice to the office after lunch we met on "
    "monday and agreed to move the date of the review because two figures were missing from the second table"
)
WORDS: Final = tuple(_TEXT.split())


class Where(Enum):
    """What a point is counted from."""

    PAGE = "page"
    EDITOR = "editor"


class Act(Enum):
    """What the hand does at a moment."""

    MOVE = "move"
    BUTTON_DOWN = "button_down"
    BUTTON_UP = "button_up"
    KEY_DOWN = "key_down"
    KEY_UP = "key_up"


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the hand, `at` seconds after the start; `number` is a button's, `key` the name of a key symbol."""

    at: float
    act: Act
    where: Where = Where.PAGE
    x: int = 0
    y: int = 0
    number: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many events of each kind; the wheel counts once a notch. An action is a press or a notch, modifiers aside."""

    moves: int = 0
    buttons: int = 0
    keys: int = 0
    notches: int = 0
    actions: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of rest between two tasks, from and to."""

    least: float
    most: float


BUSY: Final = Pace(0.4, 1.6)
"""Without a break from one thing to the next."""
LIGHT: Final = Pace(15.0, 35.0)
"""Reading and thinking between the tasks."""

PLACES: Final = MappingProxyType(
    {
        "form": (Where.PAGE, 60, 20),
        "article": (Where.PAGE, 180, 20),
        "table": (Where.PAGE, 300, 20),
        "name": (Where.PAGE, 150, 100),
        "mail": (Where.PAGE, 150, 160),
        "kind": (Where.PAGE, 150, 220),
        "note": (Where.PAGE, 250, 380),
        "urgent": (Where.PAGE, 610, 100),
        "copy": (Where.PAGE, 610, 140),
        "save": (Where.PAGE, 660, 220),
        "text": (Where.PAGE, 500, 500),
        "lines": (Where.EDITOR, 200, 200),
    }
)
"""Middles of what can be clicked; the pages of `recorder_desk` are laid out by the same numbers."""


class _Hand:
    """Writes steps down, one after another in time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 0.0
        self.steps: list[Step] = []
        self._place = PLACES["text"]

    def rest(self, seconds: float) -> None:
        self.now += seconds

    def go(self, name: str) -> None:
        """Moves the pointer to about the middle of a place; into another window it jumps, as windows are not tiled."""
        where, x, y = PLACES[name]
        target = (where, x + self.random.randint(-12, 12), y + self.random.randint(-5, 5))
        if where is self._place[0]:
            self._glide(*self._place[1:], *target[1:], where=where)
        self._move(target)
        self.rest(self.random.uniform(0.08, 0.25))

    def wander(self, seconds: float) -> None:
        """Follows what is read with the pointer."""
        end = self.now + seconds
        while self.now < end:
            where, left, top = self._place
            x, y = self.random.randint(120, 900), self.random.randint(150, 600)
            self._glide(left, top, x, y, where=where)
            self.rest(self.random.uniform(0.1, 0.4))

    def click(self, name: str) -> None:
        self.go(name)
        where, x, y = self._place
        self.steps.append(Step(self.now, Act.BUTTON_DOWN, where, x, y, LEFT))
        self.rest(HELD_SECONDS)
        self.steps.append(Step(self.now, Act.BUTTON_UP, where, x, y, LEFT))
        self.rest(0.3)

    def scroll(self, notches: int) -> None:
        where, x, y = self._place
        for _ in range(abs(notches)):
            number = DOWN if notches > 0 else UP
            self.steps += (Step(self.now, act, where, x, y, number) for act in (Act.BUTTON_DOWN, Act.BUTTON_UP))
            self.rest(NOTCH_SECONDS * self.random.uniform(0.7, 1.6))

    def key(self, name: str) -> None:
        self.steps.append(Step(self.now, Act.KEY_DOWN, key=name))
        self.rest(HELD_SECONDS)
        self.steps.append(Step(self.now, Act.KEY_UP, key=name))
        self.rest(max(KEY_SECONDS * math.exp(self.random.gauss(0, 0.35)) - HELD_SECONDS, 0.02))

    def write(self, words: int) -> None:
        for word in self.random.choices(WORDS, k=words):
            for letter in word:
                self.key(letter)
            self.key("space")

    def chord(self, modifier: str, name: str) -> None:
        self.steps.append(Step(self.now, Act.KEY_DOWN, key=modifier))
        self.rest(HELD_SECONDS)
        self.key(name)
        self.steps.append(Step(self.now, Act.KEY_UP, key=modifier))
        self.rest(0.25)

    def _glide(self, left: int, top: int, x: int, y: int, *, where: Where) -> None:
        bend = self.random.uniform(-0.15, 0.15)
        seconds = 0.3 + math.hypot(x - left, y - top) / 1200
        for number in range(1, int(seconds * HERTZ)):
            part = number / (seconds * HERTZ)
            eased = part * part * part * (10 - 15 * part + 6 * part * part)  # least jerk, as arms move
            aside = bend * math.sin(math.pi * eased)
            at_x = left + (x - left) * eased - (y - top) * aside
            at_y = top + (y - top) * eased + (x - left) * aside
            self._move((where, round(at_x), round(at_y)))

    def _move(self, place: tuple[Where, int, int]) -> None:
        if place != self._place:  # the display says nothing of a pointer that stays where it is
            self.steps.append(Step(self.now, Act.MOVE, *place))
        self._place = place
        self.rest(1 / HERTZ)


def _fill_form(hand: _Hand) -> None:
    hand.click("form")
    hand.rest(0.6)
    hand.click("name")
    hand.write(2)
    hand.key("Tab")
    hand.write(1)
    hand.click("urgent")
    hand.click("save")


def _choose(hand: _Hand) -> None:
    hand.click("form")
    hand.rest(0.6)
    hand.click("kind")
    hand.rest(0.5)
    for _ in range(hand.random.randint(1, 4)):
        hand.key("Down")
    hand.key("Return")


def _write_note(hand: _Hand) -> None:
    hand.click("form")
    hand.rest(0.6)
    hand.click("note")
    hand.write(8)
    hand.chord("Control_L", "a")
    hand.chord("Control_L", "c")


def _read(hand: _Hand, page: str) -> None:
    hand.click(page)
    hand.rest(0.8)
    hand.go("text")
    for _ in range(3):
        hand.scroll(hand.random.randint(3, 7))
        hand.wander(hand.random.uniform(1.0, 2.0))
    hand.scroll(-5)


def _edit(hand: _Hand) -> None:
    hand.click("lines")
    hand.write(6)
    hand.key("Return")
    hand.chord("Control_L", "s")


_READ: Final = (partial(_read, page="article"), partial(_read, page="table"))
_TASKS: Final[tuple[Callable[[_Hand], None], ...]] = (_fill_form, _READ[0], _edit, _choose, _READ[1], _write_note)


def session(seed: int, seconds: float, *, pace: Pace = BUSY) -> tuple[Step, ...]:
    """What a hand does in that many seconds, always the same for a seed; every task comes before any comes again."""
    hand = _Hand(seed)
    tasks: list[Callable[[_Hand], None]] = []
    while hand.now < seconds:
        tasks = tasks or hand.random.sample(_TASKS, len(_TASKS))
        tasks.pop()(hand)
        hand.rest(hand.random.uniform(pace.least, pace.most))
    return _ended(tuple(step for step in hand.steps if step.at < seconds), seconds)


def click(name: str) -> tuple[Step, ...]:
    """One click on a place; the pointer comes there first, and goes a little aside after it."""
    where, x, y = PLACES[name]
    down, up = Step(0.2, Act.BUTTON_DOWN, where, x, y, LEFT), Step(0.3, Act.BUTTON_UP, where, x, y, LEFT)
    return Step(0.0, Act.MOVE, where, x, y), down, up, Step(0.8, Act.MOVE, where, x + 1, y)


def load(rate: float, count: int) -> tuple[Step, ...]:
    """So many events, evenly at a rate a second: moves, keys and the button."""
    return tuple(_loaded(number, number / rate) for number in range(count))


def _loaded(number: int, at: float) -> Step:
    """Of eight events four are moves; whatever is pressed is released by the next but one event at the latest."""
    _, x, y = PLACES["note"]
    turn = number % 8
    x, y = x + number // 8 % 50, y - 20 + number % 8 * 4
    match turn:
        case 0 | 1 | 2 | 3:
            return Step(at, Act.MOVE, x=x, y=y)
        case 4 | 5:
            return Step(at, Act.KEY_DOWN if turn == 4 else Act.KEY_UP, key="abcdefgh"[number // 8 % 8])
        case _:
            return Step(at, Act.BUTTON_DOWN if turn == 6 else Act.BUTTON_UP, number=LEFT)


def tally(steps: tuple[Step, ...]) -> Tally:
    """The events that a recorder should have seen."""
    moves = sum(step.act is Act.MOVE for step in steps)
    clicks = [step for step in steps if step.number == LEFT]
    keys = [step for step in steps if step.key]
    notches = sum(step.act is Act.BUTTON_DOWN and step.number in {UP, DOWN} for step in steps)
    presses = sum(step.act is Act.BUTTON_DOWN for step in clicks)
    typed = sum(step.act is Act.KEY_DOWN and step.key not in MODIFIERS for step in keys)
    return Tally(moves, len(clicks), len(keys), notches, presses + typed + notches)


def _ended(steps: tuple[Step, ...], seconds: float) -> tuple[Step, ...]:
    """The same; what is still pressed at the end is let go, and a last move makes it as long as it should be."""
    held = {name: step for step in steps if (name := step.key or str(step.number)) != "0"}
    down = (step for step in held.values() if step.act in {Act.KEY_DOWN, Act.BUTTON_DOWN})
    up = {Act.KEY_DOWN: Act.KEY_UP, Act.BUTTON_DOWN: Act.BUTTON_UP}
    released = (Step(seconds, up[step.act], step.where, step.x, step.y, step.number, step.key) for step in down)
    last = next((step for step in reversed(steps) if step.act is Act.MOVE), Step(0, Act.MOVE))
    return (*steps, *released, Step(seconds, Act.MOVE, last.where, last.x + 1, last.y))
