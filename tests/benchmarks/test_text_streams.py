"""Typed streams are the same every time, end in the texts that they tell, and plant values of every category."""

from __future__ import annotations

import random

import pytest

from benchmarks.text.judge import left_of, output
from benchmarks.text.planting import DRAWS, draw
from benchmarks.text.streams import ECHOES, Stream, streams
from benchmarks.text.strokes import CLICK, MANNERS, Stroke
from capture.events import Key, Shortcut, WindowFocused

MOVES = {("click",): 10**6, ("home",): -(10**6), ("end",): 10**6, ("left",): -1}
"""How far keys, and a click behind the text, move the cursor."""


class FakeForm:
    """Fields that do what keys tell them, as a plain form does; only the keys that the manners use are known."""

    def __init__(self, clipboard: str) -> None:
        self.fields: list[str] = []
        self.text, self.at, self.before = "", 0, ""
        self.is_selected, self.clipboard = False, clipboard

    def press(self, stroke: Stroke) -> None:
        if stroke in MOVES:
            self.at = min(max(self.at + MOVES[stroke], 0), len(self.text))
        elif stroke in {("ctrl", "a"), ("shift", "home")}:
            self.is_selected = True
        elif stroke == ("tab",):
            self.fields.append(self.text)
            self.text, self.at = "", 0
        else:
            self._edit(stroke)

    def _edit(self, stroke: Stroke) -> None:
        match stroke:
            case ("backspace",):
                self._replace(self.at - 1, "")
            case ("ctrl", "backspace"):
                self._replace(self.text.rfind(" ", 0, self.at) + 1, "")
            case ("ctrl", "x"):
                self.before = self.text
                self._replace(self.at, "")
            case ("ctrl", "z"):
                self.text = self.before
            case (*_, last):
                self._replace(self.at, self.clipboard if stroke == ("ctrl", "v") else last)

    def _replace(self, start: int, text: str) -> None:
        end = self.at
        if self.is_selected:
            start, end, self.is_selected = 0, len(self.text), False
        self.text = self.text[:start] + text + self.text[end:]
        self.at = start + len(text)

    def texts(self) -> tuple[str, ...]:
        return (*self.fields, self.text) if self.text or not self.fields else tuple(self.fields)


@pytest.fixture(scope="module")
def some() -> tuple[Stream, ...]:
    return tuple(streams(12))


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("category", DRAWS)
def test_the_keys_of_a_manner_give_the_texts_that_it_tells(manner: str, category: str) -> None:
    chance = random.Random(3)
    value = draw(chance, category).value
    typing = MANNERS[manner](value, chance)
    form = FakeForm(clipboard=value)
    for stroke in typing.strokes:
        form.press(stroke)
    assert form.texts() == typing.finals


def test_the_same_sessions_come_every_time() -> None:
    assert tuple(streams(2)) == tuple(streams(2))


def test_more_sessions_begin_with_the_same_ones(some: tuple[Stream, ...]) -> None:
    assert tuple(streams(1)) == some[:1]


def test_every_session_has_every_category(some: tuple[Stream, ...]) -> None:
    assert all({entry.planted.category for entry in one.entries} == set(DRAWS) for one in some)


def test_all_manners_and_echoes_occur(some: tuple[Stream, ...]) -> None:
    entries = [entry for one in some for entry in one.entries]
    assert {entry.manner for entry in entries} == set(MANNERS)
    assert {entry.echo for entry in entries} == set(ECHOES)


def test_events_but_what_is_told_of_them_come_in_order(some: tuple[Stream, ...]) -> None:
    for one in some:
        moments = [event.at_ns for event in one.events if not isinstance(event, Shortcut)]
        assert moments == sorted(moments)


def test_a_value_that_was_typed_stands_in_the_keys(some: tuple[Stream, ...]) -> None:
    for one in some:
        typed = output("".join(event.character for event in one.events if isinstance(event, Key) and event.pressed))
        assert all(left_of(entry.planted, typed).whole for entry in one.entries if entry.manner == "plain")


def test_a_value_that_comes_back_in_a_title_stands_there(some: tuple[Stream, ...]) -> None:
    for one in some:
        titles = output(*(event.title for event in one.events if isinstance(event, WindowFocused)))
        assert all(left_of(entry.planted, titles).whole for entry in one.entries if entry.echo == "title")


def test_a_pasted_value_is_in_no_key(some: tuple[Stream, ...]) -> None:
    for one in some:
        for entry in (entry for entry in one.entries if entry.manner == "pasted"):
            times = range(entry.from_ms, entry.until_ms)
            keys = (event for event in one.events if isinstance(event, Key) and event.at_ns // 10**6 in times)
            assert "".join(key.character for key in keys if key.pressed) == "Ref "


def test_a_click_is_no_key() -> None:
    assert CLICK in MANNERS["returned"]("abcd", random.Random(1)).strokes
