"""Whatever happens at a desk, the events of its recording come in the order that the page of events promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capture.account import DERIVED
from capture.allow import Rule, RuleKind
from capture.events import (
    Area,
    Button,
    Effect,
    FrameBound,
    Gap,
    Key,
    Monitor,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    ScreenSettled,
)
from capture.recorder import DISPLAY_CHANGED, PAUSED, Recorder
from capture.sources.base import Command, Effected, Element, FocusChange, InputEvent, Window, WindowStack
from capture.sources.fake import FakeDesk
from tests.capture.desk import Sink, allowing
from tests.capture.order import broken

S: Final = 1_000_000_000
MS: Final = 1_000_000
BEGIN: Final = 2 * S
EDITOR: Final = Window(1, "Editor", "notes", 11, Area(0, 0, 160, 200), (Area(0, 0, 160, 200),))
DIARY: Final = Window(2, "Diary", "today", 12, Area(160, 0, 160, 200), (Area(160, 0, 160, 200),))
TALL: Final = Monitor(0, 0, 320, 260, 1.0)
RULES: Final = allowing(Rule(RuleKind.APP, "editor"))
FIELD: Final = Element("text", "field", (), Area(20, 20, 30, 10), (), 11)
PASSWORD: Final = Element("password text", "word", (), Area(20, 40, 30, 10), (), 11)
PARTS: Final = (Area(10, 10, 20, 20), Area(100, 100, 60, 90), EDITOR.area, DIARY.area)

moments = st.integers(0, 400).map(lambda tenth: BEGIN + tenth * 10 * MS)
places = st.tuples(st.sampled_from([20, 25, 60, 150, 200]), st.sampled_from([25, 45, 120]))


@st.composite
def doings(draw: st.DrawFn) -> tuple[InputEvent, ...]:
    """Something that a hand does at a moment."""
    now, (x, y) = draw(moments), draw(places)
    match draw(st.sampled_from(["type", "tab", "chord", "click", "scroll", "move"])):
        case "type":
            return Key(now, "a", "a", pressed=True), Key(now + 20 * MS, "a", "a", pressed=False)
        case "tab":
            return Key(now, "tab", "", pressed=True), Key(now + 20 * MS, "tab", "", pressed=False)
        case "chord":
            names = (("ctrl", True), ("s", True), ("s", False), ("ctrl", False))
            return tuple(Key(now + n * 9 * MS, name, "", pressed=down) for n, (name, down) in enumerate(names))
        case "click":
            down = PointerButton(now, x, y, Button.LEFT, pressed=True)
            return down, PointerButton(now + 70 * MS, x, y, Button.LEFT, pressed=False)
        case "scroll":
            return tuple(PointerScrolled(now + n * 40 * MS, x, y, 0, -1) for n in range(4))
        case _:
            return tuple(PointerMoved(now + n * 8 * MS, x + n * n // 9, y) for n in range(25))


@dataclass(frozen=True, slots=True)
class Until:
    """Gives a reason from a moment on."""

    desk: FakeDesk
    moment: int
    reason: str

    def __call__(self) -> str | None:
        return self.reason if self.desk.clock.now_ns() >= self.moment else None


def desk_of(draw: st.DrawFn) -> FakeDesk:
    """A desk with the editor, where things are going to happen."""
    desk = FakeDesk.new()
    desk.windows.now = WindowStack((EDITOR, DIARY), EDITOR.id)
    desk.elements.commands = {("ctrl", "s"): Command("Save", ("File",))}
    desk.elements.places = {(20, 25): FIELD}
    changes = draw(st.lists(st.tuples(moments, st.sampled_from([FIELD, PASSWORD, None])), max_size=3))
    told = draw(st.lists(st.tuples(moments, st.sampled_from(list(Effect))), max_size=4))
    desk.elements.changes = [FocusChange(S, FIELD), *(FocusChange(*change) for change in sorted(changes, key=_first))]
    desk.elements.told = [Effected(at_ns, effect, FIELD) for at_ns, effect in sorted(told, key=_first)]
    painted = draw(st.lists(st.tuples(moments, st.sampled_from(PARTS), st.integers(0, 255)), max_size=8))
    desk.screen.later = sorted(painted, key=_first)
    hand = draw(st.lists(doings(), max_size=12))
    desk.input.plan(*(event for doing in hand for event in doing))
    return desk


def _first(pair: tuple[object, ...]) -> int:
    assert isinstance(pair[0], int)
    return pair[0]


@st.composite
def sessions(draw: st.DrawFn) -> Sink:
    """The events of a session of one or more stretches."""
    desk, sink = desk_of(draw), Sink()
    recorder = Recorder(sink, rules=RULES, clock=desk.clock)
    for reason in draw(st.lists(st.sampled_from([PAUSED, DISPLAY_CHANGED]), max_size=2)):
        if reason == DISPLAY_CHANGED and desk.screen.now_monitors != (TALL,):
            recorder.record(desk.sources, _Plugged(desk, desk.clock.now_ns() + S))
        else:
            recorder.record(desk.sources, Until(desk, desk.clock.now_ns() + S, PAUSED))
            desk.clock.advance(S // 3)
            desk.input.drain()
    recorder.end(recorder.record(desk.sources, Until(desk, BEGIN + 6 * S, "asked")))
    return sink


@dataclass(frozen=True, slots=True)
class _Plugged:
    """Exchanges the monitor at a moment, and gives no reason."""

    desk: FakeDesk
    moment: int

    def __call__(self) -> str | None:
        if self.desk.clock.now_ns() >= self.moment:
            self.desk.screen.now_monitors = (TALL,)
        return None


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sessions())
def test_whatever_happens_the_rules_of_order_hold(sink: Sink) -> None:
    assert broken(tuple(sink.events), tuple(sink.rotations)) == ()


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(sessions())
def test_whatever_happens_the_counters_add_up(sink: Sink) -> None:
    ended = sink.events[-1]
    told = {name: getattr(ended, name) for name in ("produced", "committed", "coalesced", "refused")}
    assert told["produced"] == told["committed"] + told["coalesced"] + told["refused"]
    assert told["committed"] == sum(not isinstance(event, DERIVED) for event in sink.events)
    assert told["refused"] == sum(gap.count for gap in sink.of(Gap))


def lively() -> Sink:
    """A session with a click that changes the screen, and with a pause."""
    desk, sink = FakeDesk.new(), Sink()
    desk.windows.now = WindowStack((EDITOR, DIARY), EDITOR.id)
    desk.elements.changes = [FocusChange(S, FIELD)]
    desk.elements.places = {(20, 25): FIELD}
    desk.input.plan(PointerButton(BEGIN, 20, 25, Button.LEFT, pressed=True))
    desk.input.plan(PointerButton(BEGIN + 70 * MS, 20, 25, Button.LEFT, pressed=False))
    desk.screen.later = [(BEGIN + 90 * MS, EDITOR.area, 9)]
    recorder = Recorder(sink, rules=RULES, clock=desk.clock)
    recorder.record(desk.sources, Until(desk, BEGIN + 2 * S, PAUSED))
    desk.clock.advance(S)
    recorder.end(recorder.record(desk.sources, Until(desk, BEGIN + 5 * S, "asked")))
    return sink


def test_a_lively_session_has_what_the_rules_are_about() -> None:
    sink = lively()
    assert [len(sink.of(kind)) for kind in (FrameBound, ScreenSettled, PointerButton)] == [1, 1, 2]
    assert len(sink.rotations) == 1
    assert broken(tuple(sink.events), tuple(sink.rotations)) == ()


@pytest.mark.parametrize("place", range(1, 9))
def test_an_event_in_another_place_breaks_a_rule(place: int) -> None:
    sink = lively()
    events = [*sink.events[:place], *sink.events[place + 1 :], sink.events[place]]
    assert broken(tuple(events), tuple(sink.rotations))
