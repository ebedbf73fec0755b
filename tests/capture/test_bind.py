"""Which frame an action is bound to, and when the screen counts as settled after it."""

from __future__ import annotations

import pytest

from capture.bind import Binder, Seen, begins_nothing
from capture.events import Button, FrameBound, Key, PointerButton, PointerScrolled, ScreenSettled

MS = 1_000_000
S = 1000 * MS


def press(at_ns: int, *, pressed: bool = True) -> PointerButton:
    return PointerButton(at_ns, 5, 5, Button.LEFT, pressed=pressed)


def key(at_ns: int, name: str = "a", character: str = "a") -> Key:
    return Key(at_ns, name, character, pressed=True)


def wheel(at_ns: int) -> PointerScrolled:
    return PointerScrolled(at_ns, 5, 5, 0, -1)


@pytest.fixture
def binder() -> Binder:
    """The screen was taken at one second and has not changed since."""
    binder = Binder()
    binder.saw(Seen(S, S, None))
    return binder


def test_an_action_is_bound_to_the_last_frame_before_it(binder: Binder) -> None:
    binder.saw(Seen(2 * S, 2 * S, 2 * S - 50 * MS))
    assert binder.acted(press(3 * S), dirty_ns=None) == (FrameBound(3 * S, 2 * S, 0),)


def test_a_frame_taken_after_the_press_is_not_the_one_before_it(binder: Binder) -> None:
    binder.saw(Seen(2 * S, 2 * S, 2 * S - 50 * MS))
    (bound, *_) = binder.acted(press(2 * S - 100 * MS), dirty_ns=None)
    assert bound == FrameBound(2 * S - 100 * MS, S, 0)


def test_a_frame_is_stale_by_the_time_that_the_screen_had_been_changing(binder: Binder) -> None:
    binder.saw(Seen(2 * S, 2 * S, 2 * S - 150 * MS))
    assert binder.acted(press(2 * S - 30 * MS), dirty_ns=None) == (FrameBound(2 * S - 30 * MS, S, 120 * MS),)


def test_a_frame_is_stale_when_a_change_has_not_been_taken_yet(binder: Binder) -> None:
    assert binder.acted(press(2 * S), dirty_ns=2 * S - 80 * MS) == (FrameBound(2 * S, S, 80 * MS),)


def test_a_change_after_the_press_does_not_make_its_frame_stale(binder: Binder) -> None:
    assert binder.acted(press(2 * S), dirty_ns=2 * S + 80 * MS) == (FrameBound(2 * S, S, 0),)


def test_a_look_that_found_nothing_new_keeps_the_old_frame_exact(binder: Binder) -> None:
    binder.saw(Seen(2 * S, S, 2 * S - 50 * MS))
    assert binder.acted(press(2 * S), dirty_ns=None) == (FrameBound(2 * S, S, 0),)


def test_without_a_frame_before_it_nothing_is_bound() -> None:
    assert Binder().acted(press(S), dirty_ns=None) == ()


def test_characters_typed_in_a_row_are_bound_once(binder: Binder) -> None:
    bound = [binder.acted(key(2 * S + n * 100 * MS), dirty_ns=None) for n in range(5)]
    bound += [binder.acted(key(3 * S, "backspace", ""), dirty_ns=None)]
    assert [len(one) for one in bound] == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("action", [press(3 * S), key(3 * S, "enter", ""), wheel(3 * S)])
def test_another_action_ends_a_typed_text(binder: Binder, action: PointerButton | Key | PointerScrolled) -> None:
    binder.acted(key(2 * S), dirty_ns=None)
    assert FrameBound(3 * S, S, 0) in binder.acted(action, dirty_ns=None)
    assert binder.acted(key(4 * S), dirty_ns=None)


def test_turns_of_the_wheel_are_one_action_until_it_rests(binder: Binder) -> None:
    moments = (2 * S, 2 * S + 500 * MS, 3 * S, 4 * S + 100 * MS)
    bound = [
        [one for one in binder.acted(wheel(at_ns), dirty_ns=None) if isinstance(one, FrameBound)] for at_ns in moments
    ]
    assert [len(one) for one in bound] == [1, 0, 0, 1]


def test_a_chord_is_no_part_of_what_is_typed(binder: Binder) -> None:
    binder.acted(key(2 * S), dirty_ns=None)
    assert FrameBound(3 * S, S, 0) in binder.acted(key(3 * S, "s", ""), dirty_ns=None, alone=True)


def test_a_screen_that_stands_still_has_settled(binder: Binder) -> None:
    binder.acted(press(2 * S), dirty_ns=None)
    binder.saw(Seen(2 * S + 100 * MS, 2 * S + 100 * MS, 2 * S + 20 * MS))
    assert binder.settled(2 * S + 300 * MS, dirty_ns=None) == ()
    end = 2 * S + 400 * MS
    assert binder.settled(end, dirty_ns=None) == (ScreenSettled(end, 2 * S, 2 * S + 100 * MS, settled=True),)


def test_it_is_said_once_that_the_screen_has_settled(binder: Binder) -> None:
    binder.acted(press(2 * S), dirty_ns=None)
    assert binder.waits
    assert binder.settled(3 * S, dirty_ns=None)
    assert not binder.waits
    assert binder.settled(4 * S, dirty_ns=None) == ()


def test_a_screen_that_changes_unseen_has_not_settled(binder: Binder) -> None:
    binder.acted(press(2 * S), dirty_ns=None)
    assert binder.settled(3 * S, dirty_ns=2 * S + 900 * MS) == ()


def test_a_screen_that_never_stands_still_is_said_not_to_have_settled(binder: Binder) -> None:
    binder.acted(press(2 * S), dirty_ns=None)
    for n in range(1, 40):
        binder.saw(Seen(2 * S + n * 100 * MS, 2 * S + n * 100 * MS, 2 * S + n * 100 * MS - 50 * MS))
    assert binder.settled(5 * S, dirty_ns=None) == (ScreenSettled(5 * S, 2 * S, 5 * S, settled=False),)


def test_the_next_action_ends_the_wait(binder: Binder) -> None:
    binder.acted(press(2 * S), dirty_ns=None)
    binder.saw(Seen(2 * S + 100 * MS, 2 * S + 100 * MS, 2 * S + 20 * MS))
    at_ns = 2 * S + 200 * MS
    ended, bound = binder.acted(press(at_ns), dirty_ns=None)
    assert ended == ScreenSettled(at_ns, 2 * S, 2 * S + 100 * MS, settled=False)
    assert bound == FrameBound(at_ns, 2 * S + 100 * MS, 0)


def test_a_typed_text_settles_after_its_last_character(binder: Binder) -> None:
    binder.acted(key(2 * S), dirty_ns=None)
    binder.acted(key(3 * S), dirty_ns=None)
    assert binder.settled(3 * S + 200 * MS, dirty_ns=None) == ()
    (said,) = binder.settled(3 * S + 300 * MS, dirty_ns=None)
    assert isinstance(said, ScreenSettled)
    assert said.action_ns == 2 * S


def test_an_effect_belongs_to_the_action_soon_before_it(binder: Binder) -> None:
    binder.acted(press(2 * S), dirty_ns=None)
    assert binder.cause_of(2 * S + 300 * MS) == 2 * S
    assert binder.cause_of(4 * S) == 0
    assert binder.cause_of(2 * S - 1) == 0


def test_releases_and_lone_modifiers_begin_nothing() -> None:
    assert begins_nothing(press(S, pressed=False))
    assert begins_nothing(key(S, "ctrl", ""))
    assert not begins_nothing(press(S))
    assert not begins_nothing(key(S, "tab", ""))
    assert not begins_nothing(wheel(S))
