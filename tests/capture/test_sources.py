"""What every source promises, the fake and the real one alike, and what only the real ones can break."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from capture.events import MODIFIER_KEYS, NAMED_KEYS, Area, Button, Key, PointerButton, PointerMoved, PointerScrolled
from capture.sources import open_sources
from capture.sources.atspi_bus import find_bus
from capture.sources.atspi_source import open_elements
from capture.sources.atspi_wire import Silent
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
from capture.sources.naming import Naming, name_key
from capture.sources.pynput_child import REST_SECONDS, Batches, CoreParser, Heard, Listening, Rest
from capture.sources.pynput_source import LONGEST, PynputInput, open_input
from capture.sources.x11_idle import open_idle
from capture.sources.x11_source import X11Windows, open_windows
from capture.sources.x11_time import LATEST_MS, stamp
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from tests.capture.desk import PATIENCE_SECONDS, wait_until
from tests.capture.paint import Painter

KINDS = ("fake", "real")


class CountedRest(Rest):
    """Counts how often somebody rests."""

    taken = 0

    def take(self, *, waits: Callable[[], bool]) -> None:
        self.taken += 1
        super().take(waits=waits)


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


@pytest.fixture
def painter(environment: dict[str, str]) -> Iterator[Painter]:
    with Painter(environment["DISPLAY"]) as painter:
        yield painter


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


def test_the_display_knows_of_input_that_was_heard(heard: tuple[InputSource, Callable[[], None]]) -> None:
    source, happens = heard
    source.last_input_ns()
    happens()
    moment = _heard(source, 1)[-1].at_ns
    last_ns = source.last_input_ns()
    assert last_ns is not None
    assert last_ns >= moment - 1_000_000


def test_at_first_everything_on_a_screen_counts_as_changed(screen: ScreenSource) -> None:
    assert screen.changed_since() is not None
    damage = screen.damage()
    assert damage is not None
    assert damage.area == bounds(screen.monitors())


def test_on_a_still_screen_nothing_has_changed(screen: ScreenSource) -> None:
    wait_until(lambda: screen.damage() is None)
    assert screen.changed_since() is None
    assert screen.damage() is None
    assert not screen.topology_changed()


def test_asking_since_when_the_screen_has_changed_forgets_nothing(screen: ScreenSource) -> None:
    since_ns = screen.changed_since()
    assert screen.changed_since() == since_ns
    damage = screen.damage()
    assert damage is not None
    assert damage.since_ns == since_ns


@pytest.mark.parametrize("area", [Area(0, 0, 1, 1), Area(64, 64, 128, 64), Area(0, 0, 320, 200)])
def test_a_grab_has_the_size_that_was_asked_for(screen: ScreenSource, area: Area) -> None:
    pixels, _ = screen.grab(area)
    assert pixels.shape == (area.height, area.width)
    assert pixels.dtype == np.uint32


def test_a_part_of_the_screen_is_what_the_whole_shows_there(screen: ScreenSource) -> None:
    wait_until(lambda: screen.damage() is None)
    whole, _ = screen.grab(bounds(screen.monitors()))
    part, _ = screen.grab(Area(100, 50, 70, 60))
    assert (part == whole[50:110, 100:170]).all()


def test_two_grabs_do_not_share_their_pixels(screen: ScreenSource) -> None:
    first, began = screen.grab(Area(0, 0, 64, 64))
    second, ended = screen.grab(Area(0, 0, 64, 64))
    kept = second.copy()
    first[:] = 123
    assert (second == kept).all()
    assert began < ended


def test_a_grab_may_be_written_into(screen: ScreenSource) -> None:
    pixels, _ = screen.grab(Area(0, 0, 64, 64))
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
    with pytest.raises(SourceFailed, match="has ended"):
        wait_until(lambda: real_input.drain() and None)


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
    events = _heard(real_input, 10, until=PointerScrolled)
    assert any(isinstance(event, PointerScrolled) for event in events)
    entered = [event.character for event in events if isinstance(event, Key) and event.pressed]
    assert entered == ["a", "", "B"]
    assert [event.pressed for event in events if isinstance(event, PointerButton)] == [True, False]


def test_no_move_is_lost_in_a_burst_or_a_fast_flow(real_input: PynputInput, painter: Painter) -> None:
    _burst(painter, 5_000)
    burst = _heard(real_input, 5_000)
    _flick(painter, 1_600, each_second=800)
    flow = _heard(real_input, 1_600)
    time.sleep(4 * REST_SECONDS)
    assert (len(burst), len(flow), real_input.drain()) == (5_000, 1_600, ())


def test_a_key_in_a_flow_of_moves_keeps_its_place(
    real_input: PynputInput, form: Window, hand: Hand, painter: Painter
) -> None:
    hand.click((form.area.x + 200, form.area.y + 80))
    for _ in range(5):
        _flick(painter, 12, each_second=200)
        hand.type("a")
    _flick(painter, 12, each_second=200)
    events = _heard(real_input, 12 + 5 * 14 + 12)
    moments = [event.at_ns for event in events]
    assert moments == sorted(moments)
    assert [event.character for event in events if isinstance(event, Key) and event.pressed] == ["a"] * 5


def test_nothing_runs_in_the_listening_process_while_nothing_happens(real_input: PynputInput) -> None:
    time.sleep(0.5)
    before = _wake_ups(real_input.pid)
    time.sleep(1.5)
    assert _wake_ups(real_input.pid) == before


@pytest.mark.parametrize("sent", [b"\0\0\0\x01\xc1", struct.pack(">I", LONGEST + 1), b"\0\0\0\x02\x91\x2a"])
def test_what_is_no_batch_of_events_is_refused(environment: dict[str, str], sent: bytes) -> None:
    code = f"import sys, time; sys.stdout.buffer.write({sent!r}); sys.stdout.flush(); time.sleep(60)"
    with subprocess.Popen((sys.executable, "-c", code), stdout=subprocess.PIPE) as child:
        source = PynputInput(child, open_idle(environment["DISPLAY"]))
        with pytest.raises(SourceFailed, match="what is no event"):
            wait_until(lambda: source.drain() and None)
        source.close()


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
    heard = Heard()
    Listening(heard, Rest(heard)).move(3, 4)
    ((at_ns, kind, arguments),) = heard.take()
    assert (kind, arguments) == ("move", (3, 4))
    assert abs(time.monotonic_ns() - at_ns) < 1_000_000_000


def test_what_two_listeners_heard_leaves_in_order_of_time() -> None:
    heard = Heard()
    heard.put((20, "press", ("a",)))
    heard.put((10, "move", (1, 1)))
    heard.put((20, "release", ("a",)))
    heard.ring()
    assert [kind for _, kind, _ in heard.take()] == ["move", "press", "release"]


def test_a_rest_that_nobody_ends_keeps_quiet_about_moves() -> None:
    heard = Heard()
    Rest(heard).take(waits=lambda: False)
    assert not heard.has_rung()


@pytest.mark.parametrize("more", [True, False])
def test_a_key_ends_the_rest_and_leaves_after_the_moves_that_wait(*, more: bool) -> None:
    heard = Heard()
    rest = Rest(heard, seconds=30)
    resting = threading.Thread(target=rest.take, kwargs={"waits": lambda: more})
    resting.start()
    wait_until(lambda: rest.is_taken)
    Listening(heard, rest).press("a")
    resting.join(10)
    assert not resting.is_alive()
    assert heard.has_rung() is not more


def test_a_key_while_nobody_rests_leaves_at_once() -> None:
    heard = Heard()
    Listening(heard, Rest(heard)).press("a")
    assert heard.has_rung()


@pytest.mark.parametrize(("waiting", "rings"), [(b"", True), (b"the next answer", False)])
def test_a_batch_of_moves_leaves_when_all_of_it_was_read(waiting: bytes, *, rings: bool) -> None:
    heard = Heard()
    rest = Rest(heard, seconds=0)
    ear = Listening(heard, rest, batched=True)
    Batches(_listener(ear, waiting), ear, rest, clock=lambda: 10**12).handle(None)
    assert heard.has_rung() is rings


@pytest.mark.parametrize(("each_second", "rests"), [(60, 60), (1_000, 1_000), (8_000, 1)])
def test_nobody_rests_while_the_server_answers_too_often(each_second: int, rests: int) -> None:
    heard = Heard()
    rest = CountedRest(heard, seconds=0)
    ear = Listening(heard, rest, batched=True)
    moments = iter(range(10**12, 10**12 + 10**9, 10**9 // each_second))
    batches = Batches(_listener(ear, b""), ear, rest, clock=lambda: next(moments))
    for _ in range(each_second):
        batches.handle(None)
    assert rest.taken == rests


@pytest.mark.parametrize(("kind", "ends"), [(2, False), (3, False), (4, True), (5, True), (4 | 0x80, True), (6, False)])
def test_a_button_ends_the_rest_of_the_pointers_listener(kind: int, *, ends: bool) -> None:
    heard = Heard()
    rest = Rest(heard)
    CoreParser(Listening(heard, rest), rest).parse_binary_value(bytes((kind,)) + bytes(31))
    assert heard.has_rung() is ends  # nobody rests, so what was heard leaves


def test_an_event_of_the_server_is_read_with_its_time() -> None:
    ear = Listening(Heard(), Rest(Heard()))
    sent = struct.pack("=BBHIIIIhhhhHBx", 6 | 0x80, 1, 7, 4_900, 1, 2, 3, -5, 60, 7, 8, 4, 1)
    event, rest = CoreParser(ear).parse_binary_value(sent + b"rest")
    assert (event.type, event.detail, event.root_x, event.root_y, event.state) == (6, 1, -5, 60, 4)
    assert event.send_event
    assert rest == b"rest"
    assert ear.server_ms == 4_900


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


def _heard(source: InputSource, least: int, *, until: type[InputEvent] | None = None) -> list[InputEvent]:
    events: list[InputEvent] = []
    end = time.monotonic() + PATIENCE_SECONDS
    while len(events) < least or not (until is None or any(isinstance(event, until) for event in events)):
        assert time.monotonic() < end, "what should have been heard was not"
        time.sleep(0.01)
        events += source.drain()
    return events


def _burst(painter: Painter, moves: int) -> None:
    """Moves the pointer ten times as often as any mouse tells; all at once the server itself would lose some."""
    for number in range(moves):
        painter.point(600 + number % 100, 600)
        if number % 250 == 249:
            painter.sync()
            time.sleep(0.025)


def _flick(painter: Painter, moves: int, *, each_second: int) -> None:
    """Moves the pointer to and fro, evenly."""
    began = time.monotonic()
    for number in range(moves):
        painter.point(600 + number % 100, 600)
        painter.sync()
        time.sleep(max(began + (number + 1) / each_second - time.monotonic(), 0))


def _nudge(hand: Hand) -> Callable[[], None]:
    return lambda: hand.move((300 if hand.position()[0] != 300 else 320, 300))


def _plan(fakes: FakeDesk) -> Callable[[], None]:
    return lambda: fakes.input.plan(PointerMoved(fakes.clock.now_ns(), 1, 1))


def _listener(ear: Listening, waiting: bytes) -> SimpleNamespace:
    """A listener that hears one move with each answer, after which something more waits."""
    connection = SimpleNamespace(data_recv=waiting, recv_packet_len=0, socket=None)
    return SimpleNamespace(
        _handler=lambda _delivered: ear.move(1, 1), _display_record=SimpleNamespace(display=connection)
    )


def _wake_ups(pid: int) -> int:
    found = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        found += sum(int(line.split()[1]) for line in lines if "ctxt_switches" in line)
    return found


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False
