"""What a recording says beyond keys, clicks and frames, and how its stretches begin and end; on fakes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import pytest

from capture.account import Counters
from capture.allow import Rule, RuleKind
from capture.blank import BLANK
from capture.events import (
    Area,
    Button,
    DisplayChanged,
    Effect,
    Frame,
    FrameBound,
    Gap,
    GapReason,
    Key,
    Monitor,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    ScreenSettled,
    SessionEnded,
    SessionStarted,
    Shortcut,
    Suspended,
    UiEffect,
)
from capture.governor import FixedPace
from capture.recorder import DISPLAY_CHANGED, PAUSED, Recorder, RecorderStopped
from capture.sources.base import Command, Effected, Element, FocusChange, InputEvent, Window, WindowStack
from capture.sources.fake import FakeClock, FakeDesk
from tests.capture.desk import Sink, allowing

S = 1_000_000_000
MS = 1_000_000
START = 2 * S

EDITOR = Window(1, "Editor", "notes", 11, Area(0, 0, 160, 200), (Area(0, 0, 160, 200),))
DIARY = Window(2, "Diary", "today", 12, Area(160, 0, 160, 200), (Area(160, 0, 160, 200),))
MENU = Window(3, "", "", 11, Area(10, 10, 50, 80), (Area(10, 10, 50, 80),), popup=True)
RULES = allowing(Rule(RuleKind.APP, "editor"))
FIELD = Area(20, 20, 30, 10)


def widget(role: str, name: str, *, pid: int = 11, area: Area = FIELD) -> Element:
    return Element(role, name, (), area, (), pid)


@pytest.fixture
def desk() -> FakeDesk:
    """The editor, which is allowed, has the focus in a text field; the diary, which is not, lies beside it."""
    desk = FakeDesk.new()
    desk.windows.now = WindowStack((EDITOR, DIARY), EDITOR.id)
    desk.elements.changes = [FocusChange(S, widget("text", "field"))]
    return desk


def recorded(desk: FakeDesk, *, until: int = START + 3 * S, pace: FixedPace | None = None) -> tuple[Sink, Counters]:
    sink = Sink()
    recorder = Recorder(sink, rules=RULES, clock=desk.clock, pacer=pace)
    return sink, recorder.end(recorder.record(desk.sources, at(desk, until)))


@dataclass(frozen=True, slots=True)
class at:  # noqa: N801 - it reads as a word of the tests
    """Gives a reason to stop from a moment on."""

    desk: FakeDesk
    moment: int
    reason: str = "asked"

    def __call__(self) -> str | None:
        return self.reason if self.desk.clock.now_ns() >= self.moment else None


def key(name: str, at_ns: int, character: str = "") -> tuple[Key, Key]:
    return Key(at_ns, name, character, pressed=True), Key(at_ns + 20 * MS, name, character, pressed=False)


def chord(modifier: str, name: str, at_ns: int) -> tuple[Key, ...]:
    down, up = key(modifier, at_ns - 50 * MS)
    return (down, *key(name, at_ns), Key(at_ns + 50 * MS, modifier, "", pressed=up.pressed))


def click(x: int, y: int, at_ns: int) -> tuple[PointerButton, PointerButton]:
    down = PointerButton(at_ns, x, y, Button.LEFT, pressed=True)
    return down, PointerButton(at_ns + 80 * MS, x, y, Button.LEFT, pressed=False)


def grey(at_ns: int, value: int, area: Area = EDITOR.area) -> tuple[int, Area, int]:
    return at_ns, area, value


# Frames and actions


def test_a_click_is_bound_to_the_frame_before_it_and_to_the_one_it_led_to(desk: FakeDesk) -> None:
    desk.input.plan(*click(20, 50, START))
    desk.screen.later = [grey(START + 60 * MS, 90)]
    sink, _ = recorded(desk)
    first, second = sink.of(Frame)
    assert sink.of(FrameBound) == [FrameBound(START, first.at_ns, 0)]
    (settled,) = sink.of(ScreenSettled)
    assert (settled.action_ns, settled.frame_ns, settled.settled) == (START, second.at_ns, True)


def test_a_change_shortly_before_a_click_is_said_as_the_age_of_its_frame(desk: FakeDesk) -> None:
    desk.input.plan(PointerMoved(START - 100 * MS, 20, 50), *click(20, 50, START))
    desk.screen.later = [grey(START - 10 * MS, 90)]
    sink, _ = recorded(desk)
    (bound,) = sink.of(FrameBound)
    assert bound.stale_ns == 10 * MS


def test_while_somebody_works_no_frame_is_older_than_the_pace(desk: FakeDesk) -> None:
    desk.input.plan(*(event for n in range(20) for event in click(20, 50, START + n * 130 * MS)))
    desk.screen.later = [grey(START + n * 17 * MS, n % 250) for n in range(200)]
    sink, _ = recorded(desk, until=START + 5 * S)
    assert len(sink.of(FrameBound)) == 20
    assert max(bound.stale_ns for bound in sink.of(FrameBound)[1:]) <= 140 * MS


def test_while_the_wheel_turns_only_the_end_of_the_scroll_is_taken(desk: FakeDesk) -> None:
    desk.input.plan(*(PointerScrolled(START + n * 50 * MS, 20, 50, 0, -1) for n in range(16)))
    desk.screen.later = [grey(START + n * 25 * MS, n) for n in range(40)]
    sink, _ = recorded(desk)
    during = [frame for frame in sink.of(Frame) if START < frame.at_ns < START + 750 * MS]
    assert len(during) <= 1
    assert (sink.screens()[-1][:, :160] == 39).all()
    assert sink.of(ScreenSettled)[-1].settled


def test_a_click_that_is_refused_is_bound_to_nothing(desk: FakeDesk) -> None:
    desk.input.plan(*click(200, 50, START))
    assert not recorded(desk)[0].of(FrameBound)


def test_only_the_tiles_that_changed_are_in_a_frame(desk: FakeDesk) -> None:
    desk.screen.later = [grey(START, 90, Area(70, 70, 2, 2))]
    sink, _ = recorded(desk)
    assert [len(frame.tiles) for frame in sink.of(Frame)] == [20, 1]


def test_a_still_screen_wakes_the_recorder_once_a_second(desk: FakeDesk) -> None:
    asked = 0
    clock = desk.clock

    def counting() -> str | None:
        nonlocal asked
        asked += 1
        return "asked" if clock.now_ns() >= START + 60 * S else None

    recorder = Recorder(Sink(), rules=RULES, clock=clock)
    recorder.record(desk.sources, counting)
    assert asked <= 75


def test_nothing_is_taken_of_a_desk_that_nobody_is_at_more_than_each_five_seconds(desk: FakeDesk) -> None:
    desk.screen.later = [grey(START + n * 500 * MS, n % 2) for n in range(400)]
    recorded(desk, until=START + 200 * S)
    assert desk.screen.grabs <= 35 + 170 / 5


def test_a_password_field_that_is_found_after_a_grab_is_blank_in_its_frame(desk: FakeDesk) -> None:
    sink = Sink()
    desk.screen.later = [grey(START, 90)]

    def finding() -> str | None:
        if desk.clock.now_ns() >= START + 60 * MS:
            desk.elements.hidden[EDITOR.id] = (FIELD,)
        return "asked" if desk.clock.now_ns() >= START + 3 * S else None

    Recorder(sink, rules=RULES, clock=desk.clock).record(desk.sources, finding)
    assert (sink.screens()[-1][20:30, 20:50] == BLANK).all()
    assert not any((screen[20:30, 20:50] == 90).any() for screen in sink.screens())


def test_over_the_budget_no_pixels_are_taken_and_that_is_said(desk: FakeDesk) -> None:
    desk.input.plan(*key("a", START, "a"))
    sink, counters = recorded(desk, pace=FixedPace(frames=False))
    assert desk.screen.grabs == 0
    assert not sink.of(Frame)
    assert {gap.reason for gap in sink.of(Gap)} == {GapReason.BUDGET}
    assert len(sink.of(Key)) == 2
    assert counters.refused == sum(gap.count for gap in sink.of(Gap))


# Chords and effects


def test_a_chord_is_said_with_the_command_that_the_programme_names(desk: FakeDesk) -> None:
    desk.elements.commands["ctrl", "s"] = Command("Save", ("File",))
    desk.input.plan(*chord("ctrl", "s", START))
    assert recorded(desk)[0].of(Shortcut) == [Shortcut(START, ("ctrl", "s"), "Save", ("File",))]


def test_a_chord_names_its_keys_in_one_order(desk: FakeDesk) -> None:
    held = ("shift", "cmd", "alt", "ctrl")
    desk.input.plan(*(Key(START - 100 * MS + n, name, "", pressed=True) for n, name in enumerate(held)))
    desk.input.plan(*key("f5", START))
    assert [event.keys for event in recorded(desk)[0].of(Shortcut)] == [("ctrl", "alt", "shift", "meta", "f5")]


@pytest.mark.parametrize(("modifier", "name", "character"), [("altgr", "q", "@"), ("shift", "a", "A")])
def test_what_only_enters_a_character_is_no_chord(desk: FakeDesk, modifier: str, name: str, character: str) -> None:
    desk.input.plan(Key(START - MS, modifier, "", pressed=True), *key(name, START, character))
    assert not recorded(desk)[0].of(Shortcut)


def test_of_a_window_that_is_not_captured_no_command_is_asked(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY), DIARY.id)
    desk.elements.commands["ctrl", "s"] = Command("Save", ("File",))
    desk.input.plan(*chord("ctrl", "s", START))
    sink, _ = recorded(desk)
    assert not sink.of(Shortcut)
    assert not desk.elements.asked


def test_what_a_click_opened_is_said_with_role_name_and_the_click(desk: FakeDesk) -> None:
    desk.input.plan(*click(20, 50, START))
    desk.elements.told = [Effected(START + 50 * MS, Effect.POPUP_OPENED, widget("menu", "File"))]
    assert recorded(desk)[0].of(UiEffect) == [UiEffect(START + 50 * MS, START, Effect.POPUP_OPENED, "menu", "File")]


def test_what_is_chosen_in_a_popup_of_the_window_is_said(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY, MENU), EDITOR.id)
    item = widget("menu item", "Save", area=Area(12, 60, 40, 20))
    desk.elements.places[20, 65] = item
    desk.input.plan(*click(20, 65, START))
    desk.elements.told = [Effected(START + 50 * MS, Effect.SELECTED, item)]
    assert [event.name for event in recorded(desk)[0].of(UiEffect)] == ["Save"]


def test_an_item_that_is_told_as_chosen_when_its_menu_was_only_closed_is_not_believed(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY, MENU), EDITOR.id)
    item = widget("menu item", "Save", area=Area(12, 60, 40, 20))
    desk.input.plan(*key("esc", START), *click(100, 150, START + S))
    desk.elements.told = [Effected(START + n * S + 50 * MS, Effect.SELECTED, item) for n in range(2)]
    sink, counters = recorded(desk)
    assert not sink.of(UiEffect)
    assert counters.produced == counters.committed + counters.coalesced + counters.refused


def test_an_item_that_is_chosen_by_a_key_is_said(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY, MENU), EDITOR.id)
    desk.input.plan(*key("enter", START))
    item = widget("menu item", "Save", area=Area(12, 60, 40, 20))
    desk.elements.told = [Effected(START + 50 * MS, Effect.SELECTED, item)]
    assert [event.action_ns for event in recorded(desk)[0].of(UiEffect)] == [START]


@pytest.mark.parametrize(
    "element",
    [
        widget("menu item", "Fire", pid=12),
        widget("menu item", "Fire", pid=0),
        widget("menu item", "Fire", area=Area(200, 20, 20, 20)),
    ],
)
def test_what_another_programme_or_place_tells_is_not_said(desk: FakeDesk, element: Element) -> None:
    desk.elements.told = [Effected(START, Effect.SELECTED, element)]
    assert not recorded(desk)[0].of(UiEffect)


def test_nothing_is_said_of_the_widgets_of_a_window_that_is_not_captured(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY), DIARY.id)
    element = widget("menu item", "Fire", pid=12, area=Area(200, 20, 20, 20))
    desk.elements.told = [Effected(START, Effect.SELECTED, element)]
    assert not recorded(desk)[0].of(UiEffect)


# Beginnings and ends


def two_stretches(desk: FakeDesk, reason: str, sink: Sink) -> Recorder:
    """A recording that is interrupted a second after it began."""
    recorder = Recorder(sink, rules=RULES, clock=desk.clock)
    assert recorder.record(desk.sources, at(desk, START, reason)) == reason
    return recorder


def test_after_a_pause_the_session_goes_on_in_a_new_segment_with_a_whole_frame(desk: FakeDesk) -> None:
    sink = Sink()
    recorder = two_stretches(desk, PAUSED, sink)
    desk.clock.advance(10 * S)
    recorder.record(desk.sources, at(desk, START + 20 * S))
    assert len(sink.of(SessionStarted)) == 1
    assert [frame.whole for frame in sink.of(Frame)] == [True, True]
    (gap,) = sink.of(Gap)
    assert gap.reason is GapReason.PAUSED
    assert gap.until_ns - gap.at_ns >= 10 * S
    (rotated,) = sink.rotations
    assert all(event.at_ns < gap.until_ns for event in sink.events[:rotated])


def test_what_happens_during_a_pause_is_never_recorded(desk: FakeDesk) -> None:
    sink = Sink()
    recorder = two_stretches(desk, PAUSED, sink)
    desk.clock.advance(10 * S)
    recorder.end("asked")
    assert not sink.of(Key)
    assert isinstance(sink.events[-1], SessionEnded)
    assert GapReason.PAUSED in {gap.reason for gap in sink.of(Gap)}


def test_other_monitors_end_a_stretch_and_are_said_in_the_next(desk: FakeDesk) -> None:
    sink = Sink()
    recorder = Recorder(sink, rules=RULES, clock=desk.clock)
    wider = (Monitor(0, 0, 320, 200, 1.0), Monitor(320, 0, 100, 200, 2.0))

    def plugging() -> str | None:
        if desk.clock.now_ns() >= START:
            desk.screen.now_monitors = wider
        return None

    assert recorder.record(desk.sources, plugging) == DISPLAY_CHANGED
    recorder.record(desk.sources, at(desk, START + 3 * S))
    assert [event.monitors for event in sink.of(DisplayChanged)] == [wider]
    assert [(frame.width, frame.whole) for frame in sink.of(Frame)] == [(320, True), (420, True)]
    assert len(sink.rotations) == 1


def test_after_other_monitors_keys_are_kept_as_before(desk: FakeDesk) -> None:
    sink = Sink()
    recorder = two_stretches(desk, DISPLAY_CHANGED, sink)
    desk.input.plan(*key("a", START + S, "a"))
    recorder.record(desk.sources, at(desk, START + 3 * S))
    assert sink.typed == "a"


def test_after_a_pause_no_key_is_kept_until_the_focus_is_told_anew(desk: FakeDesk) -> None:
    sink = Sink()
    recorder = two_stretches(desk, PAUSED, sink)
    desk.input.plan(*key("a", START + S, "a"))
    recorder.record(desk.sources, at(desk, START + 3 * S))
    assert sink.typed == ""


def test_the_hotkey_stops_though_keys_are_withheld_and_is_not_recorded(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY), DIARY.id)
    desk.input.plan(Key(START, "ctrl", "", pressed=True), Key(START + MS, "f12", "", pressed=True))
    sink = Sink()
    recorder = Recorder(sink, rules=RULES, clock=desk.clock, hotkey=frozenset({"ctrl", "f12"}))
    assert recorder.record(desk.sources, at(desk, START + 60 * S)) == "hotkey"
    assert desk.clock.now_ns() < START + 300 * MS
    assert not sink.of(Key)


def test_half_of_the_hotkey_does_not_stop(desk: FakeDesk) -> None:
    desk.input.plan(*key("ctrl", START), *key("f12", START + S))
    recorder = Recorder(Sink(), rules=RULES, clock=desk.clock, hotkey=frozenset({"ctrl", "f12"}))
    assert recorder.record(desk.sources, at(desk, START + 3 * S)) == "asked"


def test_nothing_that_happens_after_the_stop_is_recorded(desk: FakeDesk) -> None:
    desk.input.plan(*key("a", START - 300 * MS, "a"), *key("b", START + MS, "b"))
    desk.screen.later = [grey(START + MS, 90)]
    sink, _ = recorded(desk, until=START)
    assert sink.typed == "a"
    assert all(event.at_ns <= START for event in sink.of(Frame))


def test_what_was_on_its_way_at_the_stop_is_kept_or_counted(desk: FakeDesk) -> None:
    desk.input.plan(*key("a", START - 300 * MS, "a"))
    late = Late(desk)
    sink = Sink()
    recorder = Recorder(sink, rules=RULES, clock=desk.clock)
    counters = recorder.end(recorder.record(late.sources, at(desk, START)))
    assert sink.typed == "a" or counters.refused == 2


class Late:
    """Hands out its input a tenth of a second late."""

    def __init__(self, desk: FakeDesk) -> None:
        self._desk, self._held = desk, list[tuple[int, InputEvent]]()
        self.sources = dataclasses.replace(desk.sources, input=self)

    def drain(self) -> tuple[InputEvent, ...]:
        now = self._desk.clock.now_ns()
        self._held += ((event.at_ns + 350 * MS, event) for event in self._desk.input.drain())
        due = tuple(event for at_ns, event in self._held if at_ns <= now)
        self._held = self._held[len(due) :]
        return due

    def last_input_ns(self) -> int | None:
        return self._desk.input.last_input_ns()

    def close(self) -> None:
        self._desk.input.close()


def test_a_press_that_is_heard_late_is_not_looked_under(desk: FakeDesk) -> None:
    desk.elements.places[20, 50] = widget("push button", "Send")
    desk.input.plan(*click(20, 50, START))
    sink = Sink()
    Recorder(sink, rules=RULES, clock=desk.clock).record(Late(desk).sources, at(desk, START + 3 * S))
    assert len(sink.of(PointerButton)) == 2
    assert not sink.clicked


def test_a_click_soon_after_the_wheel_has_a_fresh_frame(desk: FakeDesk) -> None:
    desk.input.plan(*(PointerScrolled(START + n * 50 * MS, 20, 50, 0, -1) for n in range(10)))
    desk.input.plan(PointerMoved(START + 550 * MS, 25, 55), *click(30, 60, START + 700 * MS))
    desk.screen.later = [grey(START + n * 25 * MS, n) for n in range(22)]
    sink, _ = recorded(desk)
    assert sink.of(FrameBound)[-1].stale_ns == 0


def test_moves_and_frames_wait_for_a_batch_that_is_written_anyway(desk: FakeDesk) -> None:
    desk.input.plan(*(PointerMoved(START + n * 50 * MS, 10 + n, 50) for n in range(60)))
    desk.screen.later = [grey(START + n * 100 * MS, n) for n in range(30)]
    sink, _ = recorded(desk, until=START + 3 * S)
    during = [batch for batch in sink.batches if any(event.at_ns > START for event in batch)]
    assert len(during) <= 5


def test_a_recording_that_is_stopped_ends_in_a_quarter_of_a_second(desk: FakeDesk) -> None:
    desk.input.plan(*click(20, 50, START - 10 * MS), *key("a", START - 5 * MS, "a"))
    recorded(desk, until=START)
    assert desk.clock.now_ns() < START + 250 * MS


def test_what_is_too_young_at_the_stop_is_refused_and_counted(desk: FakeDesk) -> None:
    desk.input.plan(*key("tab", START - 20 * MS), *key("a", START - 10 * MS, "a"))
    sink, counters = recorded(desk, until=START)
    assert sink.typed == ""
    assert counters.refused == sum(gap.count for gap in sink.of(Gap)) > 0


def test_deaf_sources_stop_the_recording_though_the_screen_goes_on(desk: FakeDesk) -> None:
    desk.input.deaf = True
    desk.input.plan(*(PointerMoved(START + n * 500 * MS, 20, 50) for n in range(100)))
    desk.screen.later = [grey(START + n * 500 * MS, n) for n in range(100)]
    recorder = Recorder(Sink(), rules=RULES, clock=desk.clock)
    with pytest.raises(RecorderStopped, match="none of it is heard"):
        recorder.record(desk.sources, at(desk, START + 60 * S))


@pytest.mark.parametrize("every_ns", [10 * S, 500 * MS])
def test_a_film_that_keeps_the_screen_awake_does_not_stop_it(desk: FakeDesk, every_ns: int) -> None:
    desk.input.deaf = every_ns == 10 * S
    desk.input.plan(*(PointerMoved(START + n * every_ns, 20, 50) for n in range(60 * S // every_ns)))
    desk.screen.later = [grey(START + n * 500 * MS, n) for n in range(120)]
    assert recorded(desk, until=START + 60 * S)


class SleepyClock(FakeClock):
    """A machine that slept for a minute at a moment."""

    def boot_ns(self) -> int:
        return super().boot_ns() + (60 * S if self.now_ns() > START + S else 0)


def test_a_sleep_of_the_machine_is_said(desk: FakeDesk) -> None:
    clock = SleepyClock()
    sleepy = FakeDesk(clock, type(desk.input)(clock), type(desk.screen)(clock), desk.windows, desk.elements)
    sleepy.windows.clock = sleepy.elements.clock = clock
    sink, _ = recorded(sleepy)
    (slept,) = sink.of(Suspended)
    assert abs(slept.asleep_ns - 60 * S) < 10 * MS


def test_status_counts_what_was_refused_and_why(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY), DIARY.id)
    desk.input.plan(*key("a", START, "a"))
    recorder = Recorder(Sink(), rules=RULES, clock=desk.clock)
    assert recorder.facts().last_commit_ns is None
    recorder.record(desk.sources, at(desk, START + 3 * S))
    facts = recorder.facts()
    assert facts.refused == (("not_allowed", "keyboard", 2),)
    assert facts.last_commit_ns is not None
    assert facts.counters.refused == 2
