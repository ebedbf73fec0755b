"""Presses and releases become clicks, drags, scrolls, chords and typed texts, as the person meant them."""

from __future__ import annotations

import pytest

from capture.events import (
    Area,
    Button,
    ElementSeen,
    Gap,
    GapReason,
    Key,
    PointerButton,
    PointerScrolled,
    Purpose,
    RawEvent,
    WindowFocused,
)
from redaction.redacted import ActionKind
from redaction.roles import ROLES, known_role
from redaction.steps import DOUBLE_CLICK_NS, SCROLL_NS, RawStep, build_steps
from tests.redaction.recording import click, ended, ns, pressed, started, typed

PLACE = Area(1, 2, 30, 40)


def kinds(*events: RawEvent) -> list[ActionKind]:
    return [step.kind for step in build_steps(events)]


def only(*events: RawEvent) -> RawStep:
    (step,) = build_steps(events)
    return step


def element(seconds: float, name: str, *, purpose: Purpose = Purpose.CLICK) -> ElementSeen:
    return ElementSeen(ns(seconds), purpose, "push button", name, (), PLACE, ())


def missed(source: str) -> Gap:
    return Gap(ns(2), ns(3), GapReason.PASSWORD_FIELD, source, 1)


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


@pytest.mark.parametrize("name", ["enter", "tab", "esc", "f5", "left"])
def test_a_named_key_is_a_key_and_ends_the_text(name: str) -> None:
    found = kinds(*typed(1, "ab"), *pressed(2, name), *typed(3, "c"))
    assert found == [ActionKind.TYPE, ActionKind.KEY, ActionKind.TYPE]


def test_a_click_ends_the_text() -> None:
    assert kinds(*typed(1, "ab"), *click(2, 1, 1), *typed(3, "c"))[::2] == [ActionKind.TYPE] * 2


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
    step = only(press, PointerButton(2, 70, 80, Button.LEFT, pressed=False), element(1.1, "a")).shifted(10, -20)
    assert (step.x, step.y, step.end) == (60, 40, (80, 60))
    assert step.element is not None
    assert (step.element.area.x, step.element.area.y) == (11, -18)


def test_a_raw_step_does_not_show_what_was_typed() -> None:
    assert "secret" not in repr(only(*typed(1, "secret")))


def test_roles_are_plain_words() -> None:
    assert not [role for role in ROLES if role != " ".join(role.split()) or not role.replace(" ", "").isalpha()]


@pytest.mark.parametrize(
    ("role", "named"), [("push button", "push button"), ("Mr Okonkwo", "unknown"), ("", "unknown")]
)
def test_a_role_that_is_no_standard_word_is_unknown(role: str, named: str) -> None:
    assert known_role(role) == named
