"""What every source promises, the fake and the real one alike, and what only the real ones can break."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from capture.events import MODIFIER_KEYS, NAMED_KEYS, Button, Key, PointerButton, PointerMoved, PointerScrolled
from capture.sources import open_sources
from capture.sources.atspi_bus import Silent, find_bus
from capture.sources.atspi_source import open_elements
from capture.sources.base import (
    ElementSource,
    InputEvent,
    InputSource,
    ScreenSource,
    SourceFailed,
    SourceMissing,
    SystemClock,
    Window,
    WindowSource,
    bounds,
)
from capture.sources.fake import FakeClock, FakeDesk
from capture.sources.mss_source import open_screen
from capture.sources.pynput_child import LATEST_MS, Listening, Naming, name_key, stamp
from capture.sources.pynput_source import PynputInput, open_input
from capture.sources.x11_source import X11Windows, open_windows
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from tests.capture.desk import wait_until

KINDS = ("fake", "real")


@pytest.fixture
def fakes() -> FakeDesk:
    return FakeDesk.new()


@pytest.fixture(params=KINDS)
def screen(request: pytest.FixtureRequest, fakes: FakeDesk, environment: dict[str, str]) -> Iterator[ScreenSource]:
    real = request.param == "real"
    source = open_screen(environment["DISPLAY"], clock=SystemClock()) if real else fakes.screen
    yield source
    source.close()


@pytest.fixture(params=KINDS)
def windows(request: pytest.FixtureRequest, fakes: FakeDesk, environment: dict[str, str]) -> Iterator[WindowSource]:
    source = open_windows(environment["DISPLAY"]) if request.param == "real" else fakes.windows
    yield source
    source.close()


@pytest.fixture(params=KINDS)
def elements(request: pytest.FixtureRequest, fakes: FakeDesk, environment: dict[str, str]) -> Iterator[ElementSource]:
    real = request.param == "real"
    source = open_elements("", environment["AT_SPI_BUS_ADDRESS"]) if real else fakes.elements
    yield source
    source.close()


@pytest.fixture
def real_windows(environment: dict[str, str]) -> Iterator[X11Windows]:
    source = open_windows(environment["DISPLAY"])
    yield source
    source.close()


@pytest.fixture
def real_input(environment: dict[str, str], form: Window) -> Iterator[PynputInput]:
    """With a mapped window: a bare server hands out its news in lots only."""
    source = open_input(environment["DISPLAY"])
    yield source
    source.close()


@pytest.fixture(params=KINDS)
def heard(
    request: pytest.FixtureRequest, fakes: FakeDesk, real_input: PynputInput, hand: Hand
) -> tuple[InputSource, Callable[[], None]]:
    """A source of input, and what makes it hear one move."""
    if request.param == "real":
        return real_input, _nudge(hand)
    return fakes.input, _plan(fakes)


def test_input_gives_each_event_once(heard: tuple[InputSource, Callable[[], None]]) -> None:
    source, happens = heard
    happens()
    events = _heard(source, 1)
    time.sleep(0.2)
    source.drain()
    assert isinstance(events[0], PointerMoved)
    assert source.drain() == ()


def test_input_comes_in_order_of_time(heard: tuple[InputSource, Callable[[], None]]) -> None:
    source, happens = heard
    for _ in range(3):
        happens()
    moments = [event.at_ns for event in _heard(source, 3)]
    assert moments == sorted(moments)


def test_a_screen_has_the_size_of_its_monitors(screen: ScreenSource) -> None:
    pixels, _ = screen.grab()
    area = bounds(screen.monitors())
    assert pixels.shape == (area.height, area.width, 3)
    assert pixels.dtype == np.uint8


def test_two_grabs_do_not_share_their_pixels(screen: ScreenSource) -> None:
    first, began = screen.grab()
    second, ended = screen.grab()
    kept = second.copy()
    first[:] = 123
    assert (second == kept).all()
    assert began < ended


def test_a_grab_may_be_written_into(screen: ScreenSource) -> None:
    pixels, _ = screen.grab()
    pixels[:] = 0
    assert not pixels.any()


def test_the_focused_window_is_on_the_stack_or_nobody_knows(windows: WindowSource) -> None:
    stack = windows.stack()
    assert stack.focused == 0 or stack.find(stack.focused) is not None


def test_nothing_moved_means_the_same_stack(windows: WindowSource) -> None:
    time.sleep(0.2)
    windows.stack()
    assert windows.stack() == windows.stack()


def test_a_window_that_nobody_has_gives_no_widget(elements: ElementSource) -> None:
    window = Window(1, "none", "none", 999_999, bounds((FakeDesk.new().screen.monitors()[0],)), ())
    assert elements.at(5, 5, window=window) is None
    assert elements.document(window) is None


def test_focus_changes_are_given_once(elements: ElementSource) -> None:
    time.sleep(0.2)
    elements.focus_changes()
    assert elements.focus_changes() == ()


def test_sources_can_be_closed_in_half_a_second(environment: dict[str, str], form: Window) -> None:
    sources = open_sources(SystemClock(), environment=environment)
    began = time.monotonic()
    sources.close()
    assert time.monotonic() - began < 0.5


def test_the_listening_process_is_gone_after_closing(environment: dict[str, str]) -> None:
    source = open_input(environment["DISPLAY"])
    source.close()
    with pytest.raises(ProcessLookupError):
        os.kill(source.pid, 0)


def test_a_listening_process_that_dies_is_said(real_input: PynputInput) -> None:
    os.kill(real_input.pid, signal.SIGKILL)
    real_input.wait(5)
    with pytest.raises(SourceFailed, match="has ended"):
        real_input.drain()


def test_the_listening_process_dies_with_its_parent(environment: dict[str, str]) -> None:
    code = (
        "import sys, time\n"
        "from capture.sources.pynput_source import open_input\n"
        "print(open_input(sys.argv[1]).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    command = (sys.executable, "-c", code, environment["DISPLAY"])
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    wait_until(lambda: _has_ended(child))


def test_real_keys_buttons_and_wheel_are_heard(real_input: PynputInput, form: Window, hand: Hand) -> None:
    hand.click((form.area.x + 200, form.area.y + 80))
    hand.type("aB")
    hand.scroll(1)
    time.sleep(0.3)
    events = _heard(real_input, 10)
    assert any(isinstance(event, PointerScrolled) for event in events)
    entered = [event.character for event in events if isinstance(event, Key) and event.pressed]
    assert entered == ["a", "", "B"]
    assert [event.pressed for event in events if isinstance(event, PointerButton)] == [True, False]


def test_windows_lie_in_their_stacking_order(real_windows: X11Windows, form: Window, diary: Window, hand: Hand) -> None:
    titles = [window.title for window in real_windows.stack().windows]
    assert titles.index("Entry Form") < titles.index("Diary")
    hand.click((form.area.x + 50, form.area.y + 200))
    wait_until(lambda: real_windows.stack().focused == form.id)
    titles = [window.title for window in real_windows.stack().windows]
    assert titles.index("Diary") < titles.index("Entry Form")


def test_an_open_menu_is_a_popup_of_its_programme(real_windows: X11Windows, form: Window, hand: Hand) -> None:
    hand.click((form.area.x + 30, form.area.y + 45))
    wait_until(lambda: any(window.popup and window.pid == form.pid for window in real_windows.stack().windows))
    assert real_windows.stack().focused == form.id
    hand.chord("escape")


def test_a_hung_programme_delays_nobody_for_long(environment: dict[str, str], form: Window) -> None:
    source = open_elements("", environment["AT_SPI_BUS_ADDRESS"])
    wait_until(lambda: source.at(form.area.x + 200, form.area.y + 80, window=form))
    os.kill(form.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert source.at(form.area.x + 200, form.area.y + 80, window=form) is None
        assert time.monotonic() - began < 0.15
    finally:
        os.kill(form.pid, signal.SIGCONT)
        source.close()


def test_without_its_bus_the_focus_is_unknown_and_nobody_waits(form: Window) -> None:
    with VirtualDesktop() as other:
        source = open_elements("", other.environment["AT_SPI_BUS_ADDRESS"])
    wait_until(lambda: [change for change in source.focus_changes() if change.element is None])
    wait_until(lambda: source.at(1, 1, window=form) is None)
    began = time.monotonic()
    assert source.document(form) is None
    assert time.monotonic() - began < 0.04
    source.close()


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({}, "DISPLAY is not set"),
        ({"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "Wayland"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "Wayland"),
    ],
)
def test_a_desktop_that_cannot_be_recorded_is_refused_with_the_reason(environment: dict[str, str], reason: str) -> None:
    with pytest.raises(SourceMissing, match=reason):
        open_sources(SystemClock(), environment=environment)


def test_a_desktop_without_an_accessibility_bus_is_refused(environment: dict[str, str]) -> None:
    without = {"DISPLAY": environment["DISPLAY"], "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    with pytest.raises(SourceMissing, match="accessibility bus"):
        open_sources(SystemClock(), environment=without)


def test_the_accessibility_bus_of_a_session_is_found(environment: dict[str, str]) -> None:
    assert find_bus(environment["DBUS_SESSION_BUS_ADDRESS"]) == environment["AT_SPI_BUS_ADDRESS"]


def test_a_session_without_an_accessibility_bus_is_silent() -> None:
    with pytest.raises(Silent):
        find_bus("unix:path=/nonexistent")


@pytest.mark.parametrize(
    ("key", "named"),
    [
        (SimpleNamespace(char="S"), ("s", "S")),
        (SimpleNamespace(char="\x13"), ("s", "")),
        (SimpleNamespace(char=None, vk=65027), ("key-65027", "")),
        (SimpleNamespace(name="ctrl_l"), ("ctrl", "")),
        (SimpleNamespace(name="alt_gr"), ("altgr", "")),
        (SimpleNamespace(name="space"), ("space", " ")),
        (SimpleNamespace(name="page_up"), ("pageup", "")),
        (None, ("unknown", "")),
    ],
)
def test_keys_have_names(key: object, named: tuple[str, str]) -> None:
    assert name_key(key) == named


@pytest.mark.parametrize("name", ["page_up", "page_down", "enter", "esc", "tab", "backspace", "delete", "f5", "menu"])
def test_a_key_that_enters_nothing_has_a_name_that_redaction_knows(name: str) -> None:
    assert name_key(SimpleNamespace(name=name))[0] in NAMED_KEYS


@pytest.mark.parametrize("name", ["ctrl", "ctrl_l", "ctrl_r", "shift", "shift_r", "alt", "alt_gr", "cmd", "cmd_r"])
def test_a_modifier_has_a_name_that_redaction_knows(name: str) -> None:
    assert name_key(SimpleNamespace(name=name))[0] in MODIFIER_KEYS


def test_a_letter_with_ctrl_enters_nothing() -> None:
    naming = Naming()
    naming.event((1, "press", (SimpleNamespace(name="ctrl_r"),)))
    assert naming.event((2, "press", (SimpleNamespace(char="s"),))) == Key(2, "s", "", pressed=True)
    naming.event((3, "release", (SimpleNamespace(name="ctrl_r"),)))
    assert naming.event((4, "press", (SimpleNamespace(char="s"),))) == Key(4, "s", "s", pressed=True)


def test_a_button_without_a_name_is_left_out_and_the_others_are_not() -> None:
    naming = Naming()
    assert naming.event((1, "click", (5, 6, SimpleNamespace(name="button8"), True))) is None
    left = naming.event((1, "click", (5, 6, SimpleNamespace(name="left"), True)))
    assert left == PointerButton(1, 5, 6, Button.LEFT, pressed=True)


def test_a_callback_only_stamps_and_enqueues() -> None:
    heard: queue.Queue[tuple[int, str, tuple[object, ...]]] = queue.Queue(1)
    Listening(heard).move(3, 4)
    at_ns, kind, arguments = heard.get_nowait()
    assert (kind, arguments) == ("move", (3, 4))
    assert abs(time.monotonic_ns() - at_ns) < 1_000_000_000


def test_events_of_one_millisecond_keep_their_order() -> None:
    stamps = [stamp(now_ns, 1000) for now_ns in (1_000_950_000, 1_001_050_000, 1_003_700_000)]
    assert stamps == sorted(stamps)


def test_an_event_is_stamped_with_the_servers_time() -> None:
    assert stamp(5_000_000_000, 4_900) == 4_900_000_000


def test_the_servers_time_may_wrap() -> None:
    now_ms = (1 << 32) + 5
    assert stamp(now_ms * 1_000_000, (1 << 32) - 10) == ((1 << 32) - 10) * 1_000_000


@pytest.mark.parametrize("server_ms", [None, 5_001, 5_000 - LATEST_MS])
def test_a_server_with_another_clock_is_not_believed(server_ms: int | None) -> None:
    assert stamp(5_000_000_000, server_ms) == 5_000_000_000


def test_a_fake_clock_moves_only_when_somebody_waits() -> None:
    clock = FakeClock()
    assert clock.now_ns() == clock.now_ns()


def _heard(source: InputSource, least: int) -> list[InputEvent]:
    events: list[InputEvent] = []
    while len(events) < least:
        source.wait(5)
        events += source.drain()
    return events


def _nudge(hand: Hand) -> Callable[[], None]:
    return lambda: hand.move((300 if hand.position()[0] != 300 else 320, 300))


def _plan(fakes: FakeDesk) -> Callable[[], None]:
    return lambda: fakes.input.plan(PointerMoved(fakes.clock.now_ns(), 1, 1))


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
