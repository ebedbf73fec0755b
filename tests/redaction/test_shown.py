"""The frames that show a step are those of its own screen, and a frame after it is added only where it shows more."""

from __future__ import annotations

import pytest

from capture.events import DisplayChanged, Frame, FrameBound, Gap, GapReason, RawEvent, ScreenSettled, Suspended
from redaction.shown import Shown, shown_frames
from redaction.steps import build_steps
from tests.redaction.recording import MONITOR, click, ended, ns, typed


def frame(seconds: float) -> Frame:
    return Frame(ns(seconds), 64, 64, whole=True, tiles=(), packed=b"")


def bound(seconds: float, frame_seconds: float, *, stale: float = 0) -> FrameBound:
    return FrameBound(ns(seconds), ns(frame_seconds), ns(stale))


def settled(seconds: float, frame_seconds: float) -> ScreenSettled:
    return ScreenSettled(ns(seconds + 0.5), ns(seconds), ns(frame_seconds), settled=True)


def shown(*events: RawEvent) -> tuple[Shown, ...]:
    return shown_frames(events, build_steps(events))


def after(*events: RawEvent) -> list[int | None]:
    return [one.after for one in shown(*events)]


def test_a_step_shows_the_frame_that_was_bound_to_it() -> None:
    assert shown(frame(0.5), frame(0.9), *click(1, 5, 5), bound(1, 0.5, stale=0.1)) == (Shown(0, ns(0.1), None),)


def test_without_a_bound_frame_the_last_one_before_counts_and_nobody_knows_how_stale_it_is() -> None:
    assert shown(frame(0.5), frame(0.9), *click(1, 5, 5), frame(1.1)) == (Shown(1, None, None),)


def test_a_bound_frame_that_is_not_there_is_replaced_by_one_before_it() -> None:
    assert shown(frame(0.5), frame(0.9), *click(1, 5, 5), bound(1, 0.7)) == (Shown(0, None, None),)


def test_before_the_first_frame_there_is_none() -> None:
    assert shown(*click(1, 5, 5), frame(2)) == (Shown(None, None, None),)


ANEW = [
    pytest.param(DisplayChanged(ns(0.8), (MONITOR,)), id="other monitors"),
    pytest.param(Gap(ns(0.6), ns(0.8), GapReason.PAUSED, "recorder", 0), id="pause"),
]
"""After what recording begins anew."""


@pytest.mark.parametrize("told", [(), (bound(1, 0.5),)])
@pytest.mark.parametrize("anew", ANEW)
def test_a_frame_of_another_stretch_shows_no_step(anew: RawEvent, told: tuple[RawEvent, ...]) -> None:
    assert shown(frame(0.5), anew, *click(1, 5, 5), *told) == (Shown(None, None, None),)


@pytest.mark.parametrize("anew", ANEW)
def test_after_that_the_first_frame_of_the_new_stretch_shows_it(anew: RawEvent) -> None:
    assert shown(frame(0.5), anew, frame(0.9), *click(1, 5, 5), bound(1, 0.9)) == (Shown(1, 0, None),)


def test_a_frame_from_before_the_machine_slept_may_still_show_a_step() -> None:
    events = (frame(0.5), Suspended(ns(0.8), 1, 1, 1), *click(1, 5, 5), bound(1, 0.5))
    assert shown(*events) == (Shown(0, 0, None),)


def test_a_frame_after_the_monitors_changed_shows_nothing_of_before() -> None:
    events = (frame(0.5), *click(1, 5, 5), settled(1, 2), DisplayChanged(ns(1.5), (MONITOR,)), frame(2))
    assert after(*events) == [None]


@pytest.mark.parametrize("next_frame", [1, 2])
def test_after_a_step_comes_the_image_of_the_next_one_if_it_is_no_older(next_frame: int) -> None:
    events = (frame(0), *click(1, 5, 5), settled(1, 1.1), frame(1.1), frame(2), *click(3, 9, 9))
    assert after(*events, bound(3, (1.1, 2)[next_frame - 1]))[0] == next_frame


def test_after_a_step_whose_next_image_is_older_there_is_none() -> None:
    events = (frame(0), *click(1, 5, 5), settled(1, 1.1), frame(1.1), *click(3, 9, 9), bound(3, 0))
    assert after(*events)[0] is None


def test_a_screen_that_stayed_the_same_is_its_own_after() -> None:
    assert after(frame(0.5), *click(1, 5, 5), settled(1, 0.5)) == [0]


def test_a_step_that_was_not_said_to_settle_has_none_after_it() -> None:
    moving = ScreenSettled(ns(2), ns(1), ns(1.1), settled=False)
    assert after(frame(0.5), *click(1, 5, 5), frame(1.1), moving) == [None]


def test_the_last_step_of_a_session_that_was_cut_off_has_a_frame_of_its_own() -> None:
    assert after(frame(0.5), *click(1, 5, 5), frame(1.1), settled(1, 1.1), frame(2)) == [1]


def test_the_last_step_before_the_end_shares_the_end_s_image() -> None:
    assert after(frame(0.5), *click(1, 5, 5), frame(1.1), settled(1, 1.1), frame(2), ended()) == [2, None]


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(Gap(ns(2), ns(3), GapReason.NOT_ALLOWED, "pointer", 1), id="clicks missed"),
        pytest.param(Gap(ns(2), ns(3), GapReason.PASSWORD_FIELD, "keyboard", 1), id="keys missed"),
        pytest.param(Gap(ns(2), ns(3), GapReason.PAUSED, "recorder", 0), id="paused"),
        pytest.param(Gap(ns(-1), ns(3), GapReason.NOT_ALLOWED, "pointer", 9), id="missed until then"),
        pytest.param(Suspended(ns(3), 1, 1, 1), id="slept"),
    ],
)
def test_where_something_was_missed_the_next_image_does_not_show_what_the_step_led_to(between: RawEvent) -> None:
    events = (frame(0.5), *click(1, 5, 5), frame(1.1), settled(1, 1.1), between, frame(4), *click(5, 9, 9))
    assert after(*events)[0] == 1


@pytest.mark.parametrize("source", ["screen", "elements", "windows"])
def test_where_no_action_can_have_been_missed_the_next_image_shows_it(source: str) -> None:
    gap = Gap(ns(2), ns(3), GapReason.SCREEN_CHANGED, source, 1)
    events = (frame(0.5), *click(1, 5, 5), frame(1.1), settled(1, 1.1), gap, frame(4), *click(5, 9, 9))
    assert after(*events)[0] == 2


def test_typed_text_gets_no_frame_of_its_own_whose_moment_would_tell_its_length() -> None:
    assert after(frame(0.5), *typed(1, "abc"), frame(1.3), settled(1, 1.3)) == [None]
