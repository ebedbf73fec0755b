"""What lies beside, over and around an allowed window never gets into a recording: real windows on a virtual screen.

Each test takes one forbidden thing, and shows with something allowed beside it that the recorder was at work.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from Xlib import X, Xatom

from capture.blank import BLANK
from capture.events import (
    Area,
    Gap,
    GapReason,
    Key,
    PointerButton,
    SessionEnded,
    SessionStarted,
    WindowFocused,
)
from capture.sources.base import Window
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from optin.demo.programs import end_program
from tests.capture.arrange import Arranger
from tests.capture.desk import (
    HERE,
    Sink,
    Starting,
    allowing,
    app,
    appeared,
    is_shown,
    nobody_holds,
    recording,
    title,
    type_until_judged,
    wait_until,
)
from tests.capture.paint import ALPHA_DEPTH, Painter, XWindow

FORBIDDEN = 0xD4145A
ALLOWED = 0x14A05A
NAME = (200, 80)
ENTRY = title("entry form")
PAINTED = title("painted")
TOAST = Area(330, 160, 200, 80)
"""A place over the form."""
FREE = Area(700, 100, 300, 200)
"""A place beside it."""
MOVES = 30
"""How many frames must have been taken, and dropped or kept, while a window moves: some five seconds of it."""


def on(window: Window, offset: tuple[int, int]) -> tuple[int, int]:
    return window.area.x + offset[0], window.area.y + offset[1]


def is_kept_again(sink: Sink, form: Window, hand: Hand) -> None:
    """Types into the form until it is kept: what was refused before was not refused for good."""
    hand.click(on(form, NAME))
    hand.type("ok")
    wait_until(lambda: sink.typed.endswith("ok"))


def grab(painter: Painter, window: XWindow) -> None:
    """Takes the keyboard, as locks and prompts do; the focus stays where it is."""
    assert window.grab_keyboard(1, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    painter.sync()


# Popups


def test_a_popup_of_another_programme_over_an_allowed_window_leaves_no_pixel(
    environment: dict[str, str], form: Window, painter: Painter
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        wait_until(lambda: is_shown(sink, form.area))
        toast = painter.window(TOAST, colour=FORBIDDEN)
        wait_until(lambda: not is_shown(sink, TOAST))
        toast.configure(x=form.area.x + 20)
        painter.sync()
        wait_until(lambda: is_shown(sink, TOAST))
        toast.destroy()
        painter.sync()
        wait_until(lambda: is_shown(sink, Area(form.area.x + 20, TOAST.y, TOAST.width, TOAST.height)))
    assert not any(sink.showing(FORBIDDEN))


def test_what_a_programme_that_hangs_leaves_of_a_popup_over_it_is_not_shown(
    environment: dict[str, str], starting: Starting, painter: Painter
) -> None:
    form = starting.gtk("gtk_form.py", "Entry Form", "80", "60")
    with recording(environment, allowing(ENTRY, PAINTED)) as sink:
        wait_until(lambda: is_shown(sink, form.area))
        starting.processes[0].send_signal(signal.SIGSTOP)
        toast = painter.window(TOAST, colour=FORBIDDEN)
        wait_until(lambda: not is_shown(sink, TOAST))
        toast.destroy()
        painter.window(FREE, colour=ALLOWED, popup=False)
        wait_until(lambda: any(sink.showing(ALLOWED)))
        starting.processes[0].send_signal(signal.SIGCONT)
        wait_until(lambda: is_shown(sink, TOAST))
    assert not any(sink.showing(FORBIDDEN))


def test_a_click_on_a_popup_of_another_programme_is_not_kept(
    environment: dict[str, str], form: Window, painter: Painter, hand: Hand
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        wait_until(lambda: is_shown(sink, form.area))
        painter.window(TOAST, colour=FORBIDDEN)
        hand.click((TOAST.x + 50, TOAST.y + 50))
        wait_until(lambda: GapReason.UNKNOWN_OWNER in sink.refused("pointer"))
    assert not sink.of(PointerButton)
    assert not sink.clicked


def test_keys_that_a_popup_of_another_programme_grabs_are_not_kept(
    environment: dict[str, str], form: Window, painter: Painter, hand: Hand
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        wait_until(lambda: "Name" in sink.focused)
        toast = painter.window(TOAST, colour=FORBIDDEN)
        grab(painter, toast)
        hand.type("xyz")
        toast.destroy()
        painter.sync()
        is_kept_again(sink, form, hand)
    assert sink.typed == "ok"
    assert GapReason.UNKNOWN_OWNER in sink.refused("keyboard")


def test_keys_for_a_screen_lock_are_not_kept_though_the_focus_stays_on_an_allowed_window(
    environment: dict[str, str], form: Window, painter: Painter, hand: Hand
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        wait_until(lambda: "Name" in sink.focused)
        lock = painter.window(Area(0, 0, 1280, 800), colour=FORBIDDEN)
        grab(painter, lock)
        hand.type("xyz")
        lock.destroy()
        painter.sync()
        is_kept_again(sink, form, hand)
    assert sink.typed == "ok"
    assert GapReason.UNKNOWN_OWNER in sink.refused("keyboard")
    assert not any(sink.showing(FORBIDDEN))


# Windows that move


def test_a_window_that_moves_as_fast_as_it_can_leaves_no_pixel(
    environment: dict[str, str], form: Window, starting: Starting, hand: Hand
) -> None:
    over, beside = (form.area.x + 40, form.area.y + 40), (form.area.x + form.area.width, form.area.y)
    numbers = (*over, *beside, 400, 200, FORBIDDEN)
    with recording(environment, allowing(ENTRY)) as sink:
        wait_until(lambda: is_shown(sink, form.area))
        mover = starting.run(sys.executable, str(HERE / "x_mover.py"), *(str(number) for number in numbers))
        wait_until(lambda: len(sink.screens()) + _dropped(sink) >= MOVES)
        end_program(mover)
        hand.click(on(form, NAME))
        type_until_judged(hand, sink, text="abc")
        wait_until(lambda: is_shown(sink, TOAST))
    assert not any(sink.showing(FORBIDDEN))
    assert _dropped(sink)


def _dropped(sink: Sink) -> int:
    return sum(gap.count for gap in sink.of(Gap) if gap.reason is GapReason.SCREEN_CHANGED)


# Windows of which something is not known


def test_a_window_of_a_programme_without_a_name_is_blank_whatever_its_title(
    environment: dict[str, str], painter: Painter
) -> None:
    window = painter.window(FREE, colour=ALLOWED, popup=False)
    with recording(environment, allowing(title("*"))) as sink:
        wait_until(lambda: any(sink.showing(ALLOWED)))
        window.delete_property(Xatom.WM_CLASS)
        painter.sync()
        wait_until(lambda: not sink.showing(ALLOWED)[-1])
        painter.fill(window, Area(0, 0, 300, 200), colour=FORBIDDEN)
        window.set_wm_class("painted", "Painted")
        painter.fill(window, Area(0, 0, 300, 200), colour=ALLOWED)
        wait_until(lambda: sink.showing(ALLOWED)[-1])
    assert not any(sink.showing(FORBIDDEN))


def test_a_window_that_is_made_see_through_is_blank_while_a_compositor_runs(
    environment: dict[str, str], painter: Painter
) -> None:
    window = painter.window(FREE, colour=ALLOWED, popup=False)
    with recording(environment, allowing(PAINTED)) as sink:
        wait_until(lambda: any(sink.showing(ALLOWED)))
        painter.compose(painter.window(Area(-10, -10, 1, 1)))
        painter.set_number(window, "_NET_WM_WINDOW_OPACITY", 0x7FFFFFFF)
        wait_until(lambda: not sink.showing(ALLOWED)[-1])
        painter.set_number(window, "_NET_WM_WINDOW_OPACITY", 0xFFFFFFFF)
        wait_until(lambda: sink.showing(ALLOWED)[-1])


def test_a_window_whose_frame_is_made_see_through_is_blank_while_a_compositor_runs(
    environment: dict[str, str], painter: Painter
) -> None:
    frame = painter.frame(painter.window(FREE, colour=ALLOWED, popup=False))
    with recording(environment, allowing(PAINTED)) as sink:
        wait_until(lambda: any(sink.showing(ALLOWED)))
        painter.compose(painter.window(Area(-10, -10, 1, 1)))
        painter.set_number(frame, "_NET_WM_WINDOW_OPACITY", 0x7FFFFFFF)
        wait_until(lambda: not sink.showing(ALLOWED)[-1])
        painter.set_number(frame, "_NET_WM_WINDOW_OPACITY", 0xFFFFFFFF)
        wait_until(lambda: sink.showing(ALLOWED)[-1])


def test_a_window_with_an_alpha_channel_is_blank_while_a_compositor_runs(
    environment: dict[str, str], painter: Painter
) -> None:
    painter.window(FREE, colour=ALLOWED, depth=ALPHA_DEPTH, popup=False)
    with recording(environment, allowing(PAINTED)) as sink:
        wait_until(lambda: any(sink.showing(ALLOWED)))
        painter.compose(painter.window(Area(-10, -10, 1, 1)))
        wait_until(lambda: not sink.showing(ALLOWED)[-1])


# Where nobody knows what asks for a password


def test_what_is_typed_into_a_terminal_is_not_kept_though_its_window_is_captured(
    environment: dict[str, str], starting: Starting, hand: Hand
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        asks = "stty -echo; printf 'Password: '; read line; sleep 60"
        starting.run("xterm", "-T", "Entry Form", "-geometry", "60x10+700+100", "-e", "/bin/sh", "-c", asks)
        terminal = appeared(environment, "Entry Form")
        wait_until(lambda: is_shown(sink, terminal.area))
        type_until_judged(hand, sink, text="xyz")
    assert not sink.of(Key)
    assert GapReason.UNKNOWN_FOCUS in sink.refused("keyboard")


def test_what_is_typed_into_a_prompt_for_a_passphrase_is_not_kept_even_if_every_title_is_allowed(
    environment: dict[str, str], form: Window, starting: Starting, hand: Hand
) -> None:
    with recording(environment, allowing(title("*"))) as sink:
        wait_until(lambda: "Name" in sink.focused)
        starting.run("/bin/sh", "-c", "(echo GETPIN; sleep 60) | pinentry-gtk-2")
        prompt = appeared(environment, "pinentry")
        frames = len(sink.screens())
        type_until_judged(hand, sink, text="xyz")
        wait_until(lambda: sink.screens() and not is_shown(sink, prompt.area))
        end_program(starting.processes[0])
        is_kept_again(sink, form, hand)
    assert sink.typed == "ok"
    assert len(sink.screens()) > frames

    # The deny-list
    assert GapReason.NOT_ALLOWED in sink.refused("keyboard")


@pytest.fixture
def payroll(starting: Starting) -> Window:
    return starting.gtk("gtk_form.py", "Payroll - May", "80", "60")


def test_a_title_on_the_shipped_deny_list_gives_nothing_even_if_every_title_and_programme_is_allowed(
    environment: dict[str, str], payroll: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("*"), app("*"))) as sink:
        hand.click(on(payroll, NAME))
        type_until_judged(hand, sink, text="xyz")
    assert {type(event) for event in sink.events} <= {SessionStarted, SessionEnded, Gap} | _frames(sink)
    assert all((screen == BLANK).all() for screen in sink.screens())
    assert GapReason.NOT_ALLOWED in sink.refused("keyboard")


def _frames(sink: Sink) -> set[type]:
    from capture.events import Frame

    return {Frame}


def test_a_programme_on_the_shipped_deny_list_is_blank_even_if_every_title_and_programme_is_allowed(
    environment: dict[str, str], painter: Painter
) -> None:
    window = painter.window(FREE, colour=ALLOWED, popup=False)
    with recording(environment, allowing(title("*"), app("*"))) as sink:
        wait_until(lambda: any(sink.showing(ALLOWED)))
        window.set_wm_class("slack", "Slack")
        painter.sync()
        wait_until(lambda: not sink.showing(ALLOWED)[-1])


# Keys that nobody may have


def test_nobody_holds_the_keys_of_a_window_that_is_not_allowed_once_they_are_judged(
    environment: dict[str, str], form: Window, diary: Window, hand: Hand
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        hand.type("xyz")
        wait_until(lambda: _refused_keys(sink) == 6)
        assert {key.name for key in sink.heard if isinstance(key, Key)} == {"x", "y", "z"}
        assert nobody_holds(sink.heard)
    assert not sink.of(Key)


def _refused_keys(sink: Sink) -> int:
    return sum(gap.count for gap in sink.of(Gap) if gap.source == "keyboard")


# Several monitors


@pytest.fixture
def wide_desktop() -> Iterator[VirtualDesktop]:
    """A desktop that a test may split into monitors."""
    with VirtualDesktop(1200, 600) as desktop:
        yield desktop


def test_a_window_on_a_second_monitor_is_blank(wide_desktop: VirtualDesktop) -> None:
    environment = dict(wide_desktop.environment)
    with Painter(environment["DISPLAY"]) as painter, Arranger(environment["DISPLAY"]) as arranger:
        painter.split(Area(0, 0, 600, 600), Area(600, 0, 600, 600))
        painter.window(Area(650, 100, 200, 200), colour=FORBIDDEN, popup=False).set_wm_name("Diary")
        painter.window(Area(50, 100, 200, 200), colour=ALLOWED, popup=False)
        arranger.place("Diary", Area(650, 100, 200, 200))
        arranger.place("Painted", Area(50, 100, 200, 200))
        with recording(environment, allowing(PAINTED)) as sink:
            wait_until(lambda: any(sink.showing(ALLOWED)))
            whole = sink.showing(ALLOWED)[-1]
            arranger.place("Diary", Area(150, 100, 300, 200))
            arranger.activate("Diary")
            wait_until(lambda: 0 < sink.showing(ALLOWED)[-1] < whole)
            arranger.place("Painted", Area(700, 100, 300, 200))
            arranger.activate("Painted")
            wait_until(lambda: _is_right_of(sink, 600))
    (started,) = sink.of(SessionStarted)
    assert len(started.monitors) == 2
    assert not any(sink.showing(FORBIDDEN))


def _is_right_of(sink: Sink, column: int) -> bool:
    return bool((sink.screens()[-1][:, column:] != BLANK).any())


def test_no_title_of_a_window_that_is_not_allowed_is_told(
    environment: dict[str, str], form: Window, diary: Window, arranger: Arranger
) -> None:
    with recording(environment, allowing(ENTRY)) as sink:
        arranger.activate("Entry Form")
        wait_until(lambda: sink.of(WindowFocused))
        arranger.activate("Diary")
        wait_until(lambda: not is_shown(sink, diary.area))
        arranger.activate("Entry Form")
        wait_until(lambda: len(sink.of(WindowFocused)) == 2)
    assert {event.title for event in sink.of(WindowFocused)} == {"Entry Form"}
    moments = [event.at_ns for event in sink.of(WindowFocused)]
    assert np.all(np.diff(moments) > 0)
