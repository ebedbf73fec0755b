"""What is typed into password fields, and how they look, never gets into a recording: GTK on a virtual screen."""

from __future__ import annotations

import signal

from capture.events import Area, GapReason, Key
from capture.sources.base import Window
from optin.demo.hand import Hand
from tests.capture.arrange import Arranger
from tests.capture.desk import Sink, Starting, allowing, is_shown, recording, title, type_until_judged, wait_until

SECRET = 0xD4145A
"""The colour of the password field."""
SIGN_IN = title("sign in")
NAME = (200, 45)
WORD = (200, 90)
STEPS = 20


def form(starting: Starting, *, first: str) -> Window:
    """A form with a password in it and the focus on this field."""
    return starting.gtk("gtk_secret.py", "Sign In", "80", "60", f"{SECRET:06x}", first)


def on(window: Window, offset: tuple[int, int]) -> tuple[int, int]:
    return window.area.x + offset[0], window.area.y + offset[1]


def typed_names(sink: Sink) -> set[str]:
    return {event.name for event in sink.of(Key)}


def test_a_password_typed_where_the_focus_was_from_the_start_is_not_kept_and_what_follows_is(
    environment: dict[str, str], starting: Starting, hand: Hand
) -> None:
    form(starting, first="Word")
    with recording(environment, allowing(SIGN_IN)) as sink:
        wait_until(lambda: "Word" in sink.focused)
        type_until_judged(hand, sink, text="xyz")
        hand.chord("shift+tab")
        wait_until(lambda: "Name" in sink.focused)
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert sink.typed == "abc"
    assert not {"x", "y", "z"} & typed_names(sink)
    assert not any(sink.showing(SECRET))
    assert GapReason.PASSWORD_FIELD in sink.refused("keyboard")


def test_a_password_field_that_never_had_the_focus_is_blank_from_the_first_frame_on(
    environment: dict[str, str], starting: Starting, hand: Hand
) -> None:
    window = form(starting, first="Name")
    with recording(environment, allowing(SIGN_IN)) as sink:
        wait_until(lambda: "Name" in sink.focused and is_shown(sink, window.area))
        hand.type("abc")
        wait_until(lambda: sink.typed == "abc")
    assert len(sink.screens()) > 1
    assert not any(sink.showing(SECRET))


def test_a_password_field_is_blank_when_its_window_appears_while_it_is_recorded(
    environment: dict[str, str], starting: Starting
) -> None:
    with recording(environment, allowing(SIGN_IN)) as sink:
        window = form(starting, first="Name")
        wait_until(lambda: is_shown(sink, window.area))
    assert not any(sink.showing(SECRET))


def test_a_password_field_stays_blank_while_its_window_is_moved(
    environment: dict[str, str], starting: Starting, arranger: Arranger
) -> None:
    window = form(starting, first="Name")
    with recording(environment, allowing(SIGN_IN)) as sink:
        wait_until(lambda: is_shown(sink, window.area))
        for step in range(1, STEPS + 1):
            arranger.place("Sign In", Area(80 + 28 * step, 60 + 18 * step, 500, 300))
        wait_until(lambda: is_shown(sink, Area(80 + 28 * STEPS, 60 + 18 * STEPS, 500, 300)))
    assert not any(sink.showing(SECRET))


def test_a_password_that_a_button_shows_stays_out_of_keys_and_pixels(
    environment: dict[str, str], starting: Starting, hand: Hand
) -> None:
    window = form(starting, first="Word")
    with recording(environment, allowing(SIGN_IN)) as sink:
        wait_until(lambda: "Word" in sink.focused and is_shown(sink, window.area))
        starting.processes[0].send_signal(signal.SIGUSR1)
        type_until_judged(hand, sink, text="xyz")
        hand.click(on(window, NAME))
        wait_until(lambda: "Name" in sink.focused)
        hand.click(on(window, WORD))
        hand.type("xyz")
        hand.click(on(window, NAME))
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert sink.typed == "abc"
    assert not {"x", "y", "z"} & typed_names(sink)
    assert not any(sink.showing(SECRET))
    assert GapReason.PASSWORD_FIELD in sink.refused("keyboard")
