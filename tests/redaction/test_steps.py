"""Presses and releases become clicks, drags, scrolls, chords and typed texts, as the person meant them."""

from __future__ import annotations

import msgspec
import pytest

from capture.events import (
    Area,
    Button,
    DisplayChanged,
    Effect,
    ElementSeen,
    FrameBound,
    Gap,
    GapReason,
    Key,
    Monitor,
    PointerButton,
    PointerScrolled,
    Purpose,
    RawEvent,
    ScreenSettled,
    Shortcut,
    Suspended,
    UiEffect,
    WindowFocused,
)
from redaction.redacted import ActionKind
from redaction.roles import ROLES, known_role
from redaction.steps import DOUBLE_CLICK_NS, SCROLL_NS, RawStep, build_steps
from tests.redaction.recording import MONITOR, click, ended, ns, pressed, started, typed

PLACE = Area(1, 2, 30, 40)
LEFT_OF = Monitor(-200, 0, 200, 100, 2.0)
BREAKS = [
    pytest.param(DisplayChanged(ns(1.15), (MONITOR,)), id="monitors changed"),
    pytest.param(Suspended(ns(1.15), 1, 1, 1), id="slept"),
    pytest.param(Gap(ns(1.15), ns(1.15), GapReason.PAUSED, "recorder", 0), id="paused"),
]
"""What comes between two moments and parts them."""


def kinds(*events: RawEvent) -> list[ActionKind]:
    return [step.kind for step in build_steps(events)]


def only(*events: RawEvent) -> RawStep:
    (step,) = build_steps(events)
    return step


def element(seconds: float, name: str, *, purpose: Purpose = Purpose.CLICK) -> ElementSeen:
    return ElementSeen(ns(seconds), purpose, "push button", name, (), PLACE, ())


def missed(source: str) -> Gap:
    return Gap(ns(2), ns(3), GapReason.PASSWORD_FIELD, source, 1)


def focus(seconds: float, name: str, *, role: str = "entry", states: tuple[str, ...] = ()) -> ElementSeen:
    """The news that a field has the focus."""
    return ElementSeen(ns(seconds), Purpose.FOCUS, role, name, states, PLACE, ())


def window(seconds: float, title: str = "title", *, app: str = "app") -> WindowFocused:
    return WindowFocused(ns(seconds), app, title, "", PLACE)


def keyed(seconds: float, *presses: str) -> tuple[RawEvent, ...]:
    """Presses one after another; chords are written with plus signs."""
    return tuple(event for at, one in enumerate(presses) for event in pressed(seconds + at / 5, *one.split("+")))


def lines(step: RawStep) -> tuple[str, ...]:
    """All lines of the texts that a step may have typed."""
    return tuple(line for text in _texts(step) for line in text.split("\n"))


def _texts(step: RawStep) -> tuple[str, ...]:
    assert step.typed is not None
    return step.typed.raw_texts


@pytest.mark.parametrize(
    ("button", "kind"),
    [
        (Button.LEFT, ActionKind.CLICK),
        (Button.MIDDLE, ActionKind.MIDDLE_CLICK),
        (Button.RIGHT, ActionKind.RIGHT_CLICK),
    ],
)
def test_a_press_and_a_release_are_a_click_at_the_press(button: Button, kind: ActionKind) -> None:
    step = only(*click(1, 10, 20, button=button))
    assert (step.kind, step.x, step.y, step.at_ns) == (kind, 10, 20, ns(1))


def test_a_press_alone_is_a_click_already() -> None:
    assert kinds(PointerButton(1, 5, 5, Button.LEFT, pressed=True)) == [ActionKind.CLICK]


def test_a_release_without_a_press_is_nothing() -> None:
    assert kinds(PointerButton(1, 5, 5, Button.LEFT, pressed=False)) == []


def test_a_release_of_another_button_ends_nothing() -> None:
    press = PointerButton(1, 5, 5, Button.LEFT, pressed=True)
    assert kinds(press, PointerButton(2, 90, 5, Button.RIGHT, pressed=False)) == [ActionKind.CLICK]


@pytest.mark.parametrize(("way", "kind"), [(5, ActionKind.CLICK), (6, ActionKind.DRAG)])
def test_a_release_farther_than_five_pixels_away_is_a_drag(way: int, kind: ActionKind) -> None:
    press = PointerButton(1, 50, 50, Button.LEFT, pressed=True)
    assert kinds(press, PointerButton(2, 50, 50 - way, Button.LEFT, pressed=False)) == [kind]


def test_a_drag_knows_both_its_ends() -> None:
    press = PointerButton(1, 50, 60, Button.LEFT, pressed=True)
    step = only(press, PointerButton(2, 70, 80, Button.LEFT, pressed=False))
    assert ((step.x, step.y), step.end) == ((50, 60), (70, 80))


@pytest.mark.parametrize(
    ("after_ns", "x", "found"),
    [
        (DOUBLE_CLICK_NS, 12, [ActionKind.DOUBLE_CLICK]),
        (DOUBLE_CLICK_NS + 1, 12, [ActionKind.CLICK, ActionKind.CLICK]),
        (DOUBLE_CLICK_NS, 16, [ActionKind.CLICK, ActionKind.CLICK]),
    ],
)
def test_two_clicks_close_in_time_and_place_are_one_double_click(
    after_ns: int, x: int, found: list[ActionKind]
) -> None:
    assert kinds(*click(1, 10, 20), *click(1 + after_ns / 10**9, x, 20)) == found


def test_a_third_click_is_a_click_of_its_own() -> None:
    events = [event for at in (1.0, 1.2, 1.4) for event in click(at, 10, 20)]
    assert kinds(*events) == [ActionKind.DOUBLE_CLICK, ActionKind.CLICK]


def test_right_clicks_do_not_become_double_clicks() -> None:
    twice = (*click(1, 10, 20, button=Button.RIGHT), *click(1.2, 10, 20, button=Button.RIGHT))
    assert kinds(*twice) == [ActionKind.RIGHT_CLICK, ActionKind.RIGHT_CLICK]


def test_a_key_between_two_clicks_keeps_them_apart() -> None:
    assert len(kinds(*click(1, 10, 20), *typed(1.1, "a"), *click(1.2, 10, 20))) == 3


def test_a_click_gets_the_widget_under_it() -> None:
    assert only(*click(1, 10, 20), element(1.1, "Save")).element == element(1.1, "Save")


def test_a_widget_that_comes_late_does_not_replace_the_first() -> None:
    step = only(*click(1, 10, 20), element(1.1, "Save"), element(1.2, "Cancel"))
    assert step.element == element(1.1, "Save")


def test_turns_of_the_wheel_within_a_second_are_one_scroll() -> None:
    turns = [PointerScrolled(at, 10, 20, 1, -2) for at in (0, SCROLL_NS // 2, SCROLL_NS)]
    step = only(*turns)
    assert (step.kind, step.scroll_x, step.scroll_y) == (ActionKind.SCROLL, 3, -6)


def test_a_turn_after_a_second_is_another_scroll() -> None:
    turns = [PointerScrolled(at, 10, 20, 0, 1) for at in (0, SCROLL_NS + 1)]
    assert kinds(*turns) == [ActionKind.SCROLL] * 2


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (("ctrl", "s"), ("ctrl", "s")),
        (("alt", "f4"), ("alt", "f4")),
        (("shift", "left"), ("shift", "left")),
        (("shift", "ctrl", "p"), ("ctrl", "shift", "p")),
        (("cmd", "tab"), ("meta", "tab")),
        (("ctrl", "alt", "delete"), ("ctrl", "alt", "delete")),
    ],
)
def test_keys_with_a_modifier_are_a_chord_in_one_order(names: tuple[str, ...], keys: tuple[str, ...]) -> None:
    step = only(*pressed(1, *names))
    assert (step.kind, step.keys) == (ActionKind.HOTKEY, keys)


def test_a_modifier_alone_is_nothing() -> None:
    assert kinds(*pressed(1, "shift"), *pressed(2, "ctrl")) == []


def test_a_modifier_that_was_let_go_makes_no_chord() -> None:
    assert kinds(*pressed(1, "ctrl", "s"), *typed(2, "s")) == [ActionKind.HOTKEY, ActionKind.TYPE]


@pytest.mark.parametrize("source", ["keyboard", "recorder"])
def test_after_keys_were_missed_no_modifier_counts_as_held(source: str) -> None:
    held = Key(1, "ctrl", "", pressed=True)
    assert kinds(held, missed(source), *typed(4, "secret")) == [ActionKind.TYPE]


def test_a_gap_of_the_screen_does_not_let_go_of_a_modifier() -> None:
    held = Key(1, "ctrl", "", pressed=True)
    assert kinds(held, missed("screen"), *typed(4, "s")) == [ActionKind.HOTKEY]


def test_capitals_are_typed() -> None:
    shifted = (Key(1, "shift", "", pressed=True), Key(2, "a", "A", pressed=True), Key(3, "shift", "", pressed=False))
    assert only(*shifted).raw_text == "A"


@pytest.mark.parametrize("with_ctrl", [(), (Key(1, "ctrl", "", pressed=True), Key(1, "alt", "", pressed=True))])
def test_characters_with_altgr_are_typed(with_ctrl: tuple[Key, ...]) -> None:
    step = only(*with_ctrl, Key(2, "altgr", "", pressed=True), Key(3, "q", "@", pressed=True))
    assert (step.kind, step.raw_text) == (ActionKind.TYPE, "@")


def test_characters_that_follow_each_other_are_one_text() -> None:
    step = only(*typed(1, "one text"))
    assert (step.kind, step.raw_text, step.at_ns) == (ActionKind.TYPE, "one text", ns(1))


def test_going_back_while_typing_belongs_to_the_text() -> None:
    assert kinds(*typed(1, "ab"), *pressed(2, "backspace"), *typed(3, "c")) == [ActionKind.TYPE]


def test_going_back_without_typing_is_a_key() -> None:
    step = only(*pressed(2, "backspace"))
    assert (step.kind, step.keys) == (ActionKind.KEY, ("backspace",))


@pytest.mark.parametrize("name", ["dead_acute", "caps_lock", "multi_key", "num_lock", "unknown"])
def test_a_key_without_a_name_that_may_stay_is_part_of_the_text(name: str) -> None:
    assert kinds(*typed(1, "caf"), *pressed(2, name), *typed(3, "e")) == [ActionKind.TYPE]


@pytest.mark.parametrize("name", ["enter", "tab", "esc", "f5", "up"])
def test_a_named_key_is_a_key_and_ends_the_text(name: str) -> None:
    found = kinds(*typed(1, "ab"), *pressed(2, name), *typed(3, "c"))
    assert found == [ActionKind.TYPE, ActionKind.KEY, ActionKind.TYPE]


def test_a_click_ends_the_text() -> None:
    assert kinds(*typed(1, "ab"), *click(2, 1, 1), *typed(3, "c"))[::2] == [ActionKind.TYPE] * 2


EDITS = ("left", "home", "shift+end", "ctrl+left", "ctrl+a", "ctrl+c", "ctrl+x", "ctrl+v", "ctrl+z", "ctrl+backspace")


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_between_characters_belongs_to_the_text(edit: str) -> None:
    assert kinds(*typed(1, "ab"), *keyed(2, edit), *typed(3, "c")) == [ActionKind.TYPE]


@pytest.mark.parametrize("edit", EDITS[:-1])
def test_an_edit_before_or_after_the_text_is_a_step_of_its_own(edit: str) -> None:
    found = kinds(*keyed(1, edit), *typed(2, "ab"), *keyed(3, edit, "enter"))
    assert (len(found), found[1], found[-1]) == (4, ActionKind.TYPE, ActionKind.KEY)


def test_one_fields_typing_is_one_step_with_what_the_field_then_held() -> None:
    step = only(*typed(1, "wrng"), *keyed(2, "left", "left"), *typed(3, "o"), *keyed(4, "ctrl+a", "backspace", "x"))
    assert (step.kind, step.raw_text, step.at_ns) == (ActionKind.TYPE, "x", ns(1))
    assert {"wrng", "wrong"} <= set(lines(step))


def test_a_chord_that_is_no_edit_ends_the_text() -> None:
    found = kinds(*typed(1, "ab"), *keyed(2, "ctrl+s"), *typed(3, "c"))
    assert found == [ActionKind.TYPE, ActionKind.HOTKEY, ActionKind.TYPE]


def test_pasting_alone_is_a_chord_that_knows_what_it_did() -> None:
    step = only(*keyed(1, "ctrl+v"))
    assert step.typed is not None
    assert (step.kind, step.keys, step.typed.pasted) == (ActionKind.HOTKEY, ("ctrl", "v"), True)


def test_a_key_that_edits_nothing_known_has_no_texts() -> None:
    assert only(*keyed(1, "left")).typed is None


def test_typed_keys_that_enter_nothing_have_no_texts() -> None:
    typed_step = only(*pressed(1, "caps_lock"))
    assert (typed_step.kind, lines(typed_step)) == (ActionKind.TYPE, ())


def test_erasing_what_was_typed_earlier_does_not_show_its_length() -> None:
    events = (focus(0.5, "Name"), *typed(1, "abc"), *click(2, 1, 1), *keyed(3, "backspace", "backspace", "backspace"))
    assert kinds(*events) == [ActionKind.TYPE, ActionKind.CLICK, ActionKind.TYPE]


def test_typing_goes_on_in_one_step_when_only_the_windows_title_changes() -> None:
    assert kinds(window(0.5), *typed(1, "ab"), window(1.5, "other title"), *typed(2, "c")) == [ActionKind.TYPE]


@pytest.mark.parametrize("other", [window(1.5, app="other"), focus(1.5, "Other")])
def test_another_window_or_field_ends_the_text(other: RawEvent) -> None:
    found = kinds(window(0.4), focus(0.5, "Name"), *typed(1, "ab"), other, *typed(2, "c"))
    assert found == [ActionKind.TYPE] * 2


def test_the_same_field_told_again_does_not_end_the_text() -> None:
    events = (focus(0.5, "Name"), *typed(1, "ab"), focus(1.5, "Name", states=("focused",)), *typed(2, "c"))
    assert kinds(*events) == [ActionKind.TYPE]


def test_keys_before_the_late_news_of_their_field_belong_to_it() -> None:
    events = (
        *(focus(0.5, "First"), *typed(1, "ab"), *pressed(2, "tab")),
        *(*typed(2.2, "cd"), focus(2.4, "Second"), *typed(2.5, "ef")),
    )
    first, _, second = build_steps(events)
    assert (first.raw_text, second.raw_text, second.element) == ("ab", "cdef", focus(2.4, "Second"))


def test_a_field_in_another_window_that_is_told_late_has_the_keys_since() -> None:
    events = (window(0.4), focus(0.5, "Name"), *typed(1, "ab"), window(2, app="other"), *typed(2.1, "c"))
    *_, later = build_steps((*events, focus(2.3, "Search"), *typed(2.4, "d")))
    assert (later.raw_text, later.element) == ("cd", focus(2.3, "Search"))


def test_news_of_a_field_long_after_what_moved_the_focus_are_of_what_comes() -> None:
    events = (focus(0.5, "First"), *click(1, 1, 1), *typed(1.1, "ab"), focus(2, "Second"), *typed(3, "cd"))
    assert [step.raw_text for step in build_steps(events)[1:]] == ["ab", "cd"]


def test_what_is_pressed_in_a_password_field_is_no_step() -> None:
    secret = (focus(0.5, "Password", role="password text"), *typed(1, "hunter2"), *keyed(2, "backspace", "ctrl+v"))
    assert kinds(*secret, *pressed(4, "enter")) == [ActionKind.KEY]


def test_keys_do_not_move_into_a_password_field_that_was_told_late() -> None:
    events = (focus(0.5, "Name"), *click(1, 1, 1), *typed(1.1, "ab"), focus(1.4, "Password", role="password text"))
    assert build_steps(events)[-1].element == focus(0.5, "Name")


def test_return_breaks_a_line_where_a_field_has_lines() -> None:
    events = (focus(0.5, "Note", states=("multi line",)), *typed(1, "one"), *pressed(2, "enter"), *typed(3, "two"))
    steps = build_steps(events)
    assert [step.kind for step in steps] == [ActionKind.TYPE, ActionKind.KEY, ActionKind.TYPE]
    assert (steps[-1].raw_text, "one\ntwo" in _texts(steps[-1])) == ("two", True)


@pytest.mark.parametrize(("states", "sent"), [((), ("enter",)), (("multi line",), ("ctrl", "enter"))])
def test_after_what_sends_a_text_another_one_is_more_likely(states: tuple[str, ...], sent: tuple[str, ...]) -> None:
    message = focus(0.5, "Message", states=states)
    *_, later = build_steps((message, *typed(1, "219-0"), *pressed(2, *sent), *typed(3, "9-9999")))
    assert (later.raw_text, "219-09-9999" in lines(later)) == ("9-9999", True)


def test_a_text_that_was_begun_after_return_may_be_typed_in_two_goes() -> None:
    first = (focus(0.5, "Message"), *typed(1, "hello"), *pressed(2, "enter"))
    *_, later = build_steps((*first, *typed(3, "219-0"), *click(4, 1, 1), *typed(5, "9-9999")))
    assert later.raw_text == "219-09-9999"


def test_a_mended_line_shows_nothing_of_the_next_one() -> None:
    note = focus(0.5, "Note", states=("multi line",))
    lines_typed = (note, *typed(1, "one"), *pressed(2, "enter"), *typed(3, "two"))
    assert build_steps((*lines_typed, *keyed(4, *["left"] * 4), *typed(5, "x")))[-1].raw_text == "onex"


def test_a_key_that_goes_up_belongs_to_the_text_where_a_field_has_lines() -> None:
    events = (focus(0.5, "Note", states=("multi line",)), *typed(1, "one"), *pressed(2, "up"), *typed(3, "two"))
    step = only(*events)
    assert {"onetwo", "two"} <= set(lines(step))


def test_a_secret_typed_in_two_goes_is_known_whole_to_both_steps() -> None:
    events = (focus(0.5, "Number"), *typed(1, "219-0"), *click(2, 1, 1), *typed(3, "9-9999"))
    first, _, second = build_steps(events)
    assert all("219-09-9999" in lines(step) for step in (first, second))
    assert second.raw_text == "219-09-9999"


def test_where_no_focus_is_told_a_tab_leads_to_a_neighbour() -> None:
    steps = build_steps((*typed(1, "219"), *pressed(2, "tab"), *typed(3, "09"), *pressed(4, "tab"), *typed(5, "9999")))
    assert [step.raw_text for step in steps[::2]] == ["219", "09", "9999"]
    assert all("219-09-9999" in lines(step) for step in steps[::2])


def test_the_first_news_of_the_focus_are_of_what_was_typed_before_too() -> None:
    assert only(*typed(1, "ab"), focus(3, "Name"), *typed(4, "c")).element == focus(3, "Name")


@pytest.mark.parametrize("moved", [(), pressed(0.8, "tab"), click(0.8, 5, 5)])
def test_a_number_in_four_boxes_is_known_whole_to_each_step(moved: tuple[RawEvent, ...]) -> None:
    parts = ("4111", "1111", "1111", "1112")
    events: list[RawEvent] = [window(0.1)]
    for box, part in enumerate(parts):
        later = [msgspec.structs.replace(event, at_ns=event.at_ns + ns(box)) for event in moved]
        events += (*later, focus(box + 1, f"Box {box}"), *typed(box + 1.1, part))
    steps = [step for step in build_steps(tuple(events)) if step.kind is ActionKind.TYPE]
    assert [step.raw_text for step in steps] == list(parts)
    assert all("4111111111111112" in lines(step) for step in steps)


def test_after_missed_keys_a_text_may_go_on_or_be_another() -> None:
    step = only(*typed(1, "219-09-9999"), missed("keyboard"), *typed(4, "12"))
    assert {"219-09-9999", "12", "219-09-999912"} <= set(lines(step))


@pytest.mark.parametrize("between", BREAKS)
def test_after_a_break_a_field_may_hold_what_it_held_or_be_another(between: RawEvent) -> None:
    _, later = build_steps((focus(0.5, "Name"), *typed(1, "ab", every=0.01), between, *typed(2, "cd")))
    assert {"abcd", "cd"} <= set(lines(later))


@pytest.mark.parametrize("between", BREAKS)
def test_a_field_after_a_break_is_no_neighbour_of_one_before_it(between: RawEvent) -> None:
    _, later = build_steps(
        (focus(0.5, "Name"), *typed(1, "ab", every=0.01), between, focus(1.5, "Town"), *typed(2, "cd"))
    )
    assert lines(later) == ("cd",)


def test_chords_of_a_mac_edit_on_a_mac() -> None:
    on_mac = msgspec.structs.replace(started(), platform="macos")
    events = (*typed(1, "ab"), *keyed(2, "cmd+a"), *typed(3, "c"))
    assert (kinds(on_mac, *events), len(kinds(started(), *events))) == ([ActionKind.TYPE], 3)


def test_what_was_told_of_an_edit_inside_a_text_belongs_to_the_text() -> None:
    cut = keyed(2, "ctrl+x")
    told = UiEffect(ns(2.1), cut[1].at_ns, Effect.POPUP_OPENED, "menu", "File")
    step = only(*typed(1, "ab"), *cut, told, *typed(3, "c"), ScreenSettled(ns(4), cut[1].at_ns, ns(3), settled=True))
    assert (step.raw_effects, step.after_ns, step.raw_command) == ((told,), ns(3), "")


def test_what_is_held_of_keys_in_alternating_fields_stays_in_proportion_to_them() -> None:
    names = (focus(0, "One"), focus(0, "Other"))
    events = [event for at in range(400) for event in (names[at % 2], Key(at, "x", "x", pressed=True))]
    few, many = (build_steps(tuple(events[:count])) for count in (400, 800))
    assert (len(few), len(many)) == (200, 400)
    assert _held(many) < 3 * _held(few)


def _held(steps: tuple[RawStep, ...]) -> int:
    """Code points in all texts of these steps, each text once."""
    texts = {text for step in steps for text in (step.raw_text, *lines(step))}
    return sum(map(len, texts))


def test_keys_get_the_widget_that_has_the_focus() -> None:
    focus = element(0.5, "Search", purpose=Purpose.FOCUS)
    assert [step.element for step in build_steps((focus, *typed(1, "a"), *pressed(2, "enter")))] == [focus, focus]


def test_every_step_knows_its_window() -> None:
    window = WindowFocused(1, "app", "title", "", PLACE)
    assert only(window, *click(2, 1, 1)).window == window


def test_a_session_that_was_stopped_is_done() -> None:
    assert kinds(started(), ended()) == [ActionKind.DONE]


def test_a_moved_step_moves_with_all_its_places() -> None:
    press = PointerButton(1, 50, 60, Button.LEFT, pressed=True)
    monitors = started(monitors=(MONITOR, Monitor(-10, 20, 5, 5, 1.0)))
    moved = only(monitors, press, PointerButton(2, 70, 80, Button.LEFT, pressed=False), element(1.1, "a")).in_image()
    assert (moved.x, moved.y, moved.end) == (60, 60, (80, 80))
    assert moved.element is not None
    assert (moved.element.area.x, moved.element.area.y) == (11, 2)


def test_places_count_from_the_corner_of_the_monitors_that_were_there() -> None:
    found = build_steps(
        (
            started(),
            *click(1, 50, 60),
            DisplayChanged(ns(2), (LEFT_OF, MONITOR)),
            *click(3, 50, 60),
            DisplayChanged(ns(4), (MONITOR,)),
            *click(5, 50, 60),
        )
    )
    assert [(step.in_image().x, step.stretch) for step in found] == [(50, 0), (250, 1), (50, 2)]


@pytest.mark.parametrize("between", BREAKS)
def test_what_was_pressed_before_a_break_does_not_end_after_it(between: RawEvent) -> None:
    press, release = (PointerButton(ns(at), 10, at * 50, Button.LEFT, pressed=at == 1) for at in (1, 2))
    assert kinds(press, between, release) == [ActionKind.CLICK]


@pytest.mark.parametrize("between", BREAKS)
def test_nothing_is_merged_across_a_break(between: RawEvent) -> None:
    clicks = kinds(*click(1.1, 10, 20), between, *click(1.2, 10, 20))
    turns = kinds(PointerScrolled(ns(1.1), 1, 1, 0, 1), between, PointerScrolled(ns(1.2), 1, 1, 0, 1))
    texts = kinds(*typed(1.1, "a"), between, *typed(1.2, "b"))
    assert (clicks, turns, texts) == ([ActionKind.CLICK] * 2, [ActionKind.SCROLL] * 2, [ActionKind.TYPE] * 2)


@pytest.mark.parametrize("between", BREAKS)
def test_after_a_break_no_modifier_counts_as_held(between: RawEvent) -> None:
    assert kinds(Key(1, "ctrl", "", pressed=True), between, *typed(4, "secret")) == [ActionKind.TYPE]


@pytest.mark.parametrize("between", BREAKS)
def test_a_widget_seen_after_a_break_is_not_that_of_a_click_before_it(between: RawEvent) -> None:
    assert only(*click(1, 10, 20), between, element(1.2, "Save")).element is None


def test_a_chord_has_the_command_and_the_menu_that_were_told_of_it() -> None:
    events = pressed(1, "ctrl", "s")
    at_ns = events[1].at_ns
    step = only(*events, Shortcut(at_ns, ("ctrl", "s"), "Save", ("File",)))
    assert (step.raw_command, step.raw_menu) == ("Save", ("File",))


def test_typed_text_has_no_command() -> None:
    assert only(*typed(1, "s"), Shortcut(ns(1), ("s",), "Save", ("File",))).raw_command == ""


@pytest.mark.parametrize(
    ("actions", "press"),
    [
        pytest.param(click(1, 5, 5), 1.0, id="click"),
        pytest.param((*click(1, 5, 5), *click(1.2, 5, 5)), 1.2, id="second press of a double click"),
        pytest.param((PointerScrolled(ns(1), 1, 1, 0, 1), PointerScrolled(ns(1.5), 1, 1, 0, 1)), 1.5, id="later turn"),
        pytest.param(typed(1, "abc", every=0.25), 1.5, id="last character"),
    ],
)
def test_what_was_told_of_a_press_belongs_to_the_step_that_it_went_into(
    actions: tuple[RawEvent, ...], press: float
) -> None:
    opened = UiEffect(ns(2), ns(press), Effect.POPUP_OPENED, "menu", "File")
    step = only(*actions, opened, ScreenSettled(ns(3), ns(press), ns(2), settled=True))
    assert (step.raw_effects, step.after_ns) == ((opened,), ns(2))


@pytest.mark.parametrize("action_ns", [0, ns(1) + 1])
def test_an_effect_of_no_known_press_belongs_to_no_step(action_ns: int) -> None:
    assert only(*click(1, 5, 5), UiEffect(ns(2), action_ns, Effect.EXPANDED, "tree item", "a")).raw_effects == ()


def test_several_effects_of_one_press_come_in_their_order() -> None:
    effects = [UiEffect(ns(2), ns(1), effect, "menu", "File") for effect in Effect]
    assert list(only(*click(1, 5, 5), *effects).raw_effects) == effects


@pytest.mark.parametrize("is_first", [True, False])
def test_a_step_has_the_frame_that_was_bound_to_it_whenever_that_is_told(*, is_first: bool) -> None:
    bound = FrameBound(ns(1), ns(0.5), 7)
    step = only(bound, *click(1, 5, 5)) if is_first else only(*click(1, 5, 5), bound)
    assert (step.frame_ns, step.stale_ns) == (ns(0.5), 7)


def test_typed_text_has_the_frame_of_its_first_key() -> None:
    bound = [FrameBound(ns(at), ns(at - 0.5), 0) for at in (1, 2)]
    assert only(*typed(1, "ab", every=1), *bound).frame_ns == ns(0.5)


def test_a_screen_that_did_not_stand_still_in_the_end_shows_nothing_after() -> None:
    told = (ScreenSettled(ns(at), ns(1), ns(1), settled=at == 2) for at in (2, 3))
    assert only(*click(1, 5, 5), *told).after_ns is None


def test_a_raw_step_does_not_show_what_was_typed() -> None:
    assert "secret" not in repr(only(*typed(1, "secret")))


def test_roles_are_plain_words() -> None:
    assert not [role for role in ROLES if role != " ".join(role.split()) or not role.replace(" ", "").isalpha()]


@pytest.mark.parametrize(
    ("role", "named"), [("push button", "push button"), ("Mr Okonkwo", "unknown"), ("", "unknown")]
)
def test_a_role_that_is_no_standard_word_is_unknown(role: str, named: str) -> None:
    assert known_role(role) == named
