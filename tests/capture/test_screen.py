"""What the real screen, its monitors and its windows tell, on a virtual display."""

from __future__ import annotations

import os
import random
import subprocess
import time
from collections.abc import Iterator

import pytest

from capture.events import Area, Monitor
from capture.sources import open_sources
from capture.sources.base import SourceFailed, SourceMissing, SystemClock, Window
from capture.sources.bell import DescriptorBell, PollingBell
from capture.sources.mss_source import MssScreen, open_screen
from capture.sources.x11_damage import LOOK_AGAIN_NS, read_scale
from capture.sources.x11_idle import X11Idle, open_idle
from capture.sources.x11_source import X11Windows, is_wayland_name, open_windows
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from tests.capture.desk import wait_until
from tests.capture.paint import ALPHA_DEPTH, Painter, XWindow

PLACE = Area(600, 100, 200, 150)
LONG_SECONDS = 30.0


class HurriedClock(SystemClock):
    """Runs as the machine's does, and a test can let time pass at once."""

    def __init__(self) -> None:
        self.ahead_ns = 0

    def now_ns(self) -> int:
        return super().now_ns() + self.ahead_ns


@pytest.fixture
def painter(environment: dict[str, str]) -> Iterator[Painter]:
    with Painter(environment["DISPLAY"]) as painter:
        yield painter


@pytest.fixture
def clock() -> HurriedClock:
    return HurriedClock()


@pytest.fixture
def screen(environment: dict[str, str], clock: HurriedClock) -> Iterator[MssScreen]:
    """A screen on which nothing has changed."""
    source = open_screen(environment["DISPLAY"], clock=clock)
    wait_until(lambda: _is_still(source))
    yield source
    source.close()


@pytest.fixture
def windows(environment: dict[str, str]) -> Iterator[X11Windows]:
    source = open_windows(environment["DISPLAY"])
    yield source
    source.close()


@pytest.fixture
def idle(environment: dict[str, str]) -> Iterator[X11Idle]:
    source = open_idle(environment["DISPLAY"])
    yield source
    source.close()


@pytest.fixture
def other_desktop() -> Iterator[VirtualDesktop]:
    """One that a test may rearrange."""
    with VirtualDesktop(800, 600) as desktop:
        yield desktop


@pytest.fixture
def other_painter(other_desktop: VirtualDesktop) -> Iterator[Painter]:
    with Painter(other_desktop.environment["DISPLAY"]) as painter:
        yield painter


@pytest.fixture
def other_screen(other_desktop: VirtualDesktop, clock: HurriedClock) -> Iterator[MssScreen]:
    source = open_screen(other_desktop.environment["DISPLAY"], clock=clock)
    wait_until(lambda: _is_still(source))
    yield source
    source.close()


def test_damage_is_where_something_was_drawn(screen: MssScreen, painter: Painter) -> None:
    window = painter.window(PLACE)
    wait_until(lambda: _is_still(screen))
    before_ns = time.monotonic_ns()
    painter.fill(window, Area(10, 20, 30, 40), colour=0xFF0000)
    damage = screen.damage()
    assert damage is not None
    assert damage.area == Area(PLACE.x + 10, PLACE.y + 20, 30, 40)
    assert before_ns - 1_000_000 <= damage.since_ns <= time.monotonic_ns()


def test_damage_gathers_what_was_drawn_since_the_first_of_it(screen: MssScreen, painter: Painter) -> None:
    window = painter.window(PLACE)
    wait_until(lambda: _is_still(screen))
    painter.fill(window, Area(10, 10, 5, 5), colour=0xFF0000)
    first_ns = screen.changed_since()
    time.sleep(0.02)
    painter.fill(window, Area(100, 50, 5, 5), colour=0xFF0000)
    damage = screen.damage()
    assert damage is not None
    assert damage.area == Area(PLACE.x + 10, PLACE.y + 10, 95, 45)
    assert damage.since_ns == first_ns
    assert screen.damage() is None


def test_an_animation_costs_one_piece_of_news(screen: MssScreen, painter: Painter) -> None:
    window = painter.window(PLACE)
    wait_until(lambda: _is_still(screen))
    bell = DescriptorBell((screen.fileno(),), (screen.queued,))
    painter.fill(window, Area(0, 0, 10, 10), colour=1)
    assert screen.changed_since() is not None
    for colour in range(20):
        painter.fill(window, Area(colour * 5, 0, 10, 10), colour=colour)
    began = time.monotonic()
    bell.wait(0.1)
    assert time.monotonic() - began >= 0.1


def test_a_grab_shows_what_was_drawn_before_the_damage_was_asked(screen: MssScreen, painter: Painter) -> None:
    window = painter.window(PLACE, colour=0x112233)
    for colour in (0xFF0000, 0x00FF00, 0x0000FF) * 5:
        painter.fill(window, Area(0, 0, PLACE.width, PLACE.height), colour=colour)
        assert screen.damage() is not None
        pixels, _ = screen.grab(PLACE)
        assert ((pixels & 0xFFFFFF) == colour).all()


def test_a_pointer_that_moves_is_no_change(screen: MssScreen, painter: Painter, hand: Hand) -> None:
    painter.window(PLACE)
    wait_until(lambda: _is_still(screen))
    hand.move((PLACE.x + 20, PLACE.y + 20))
    hand.move((PLACE.x + 90, PLACE.y + 70))
    assert screen.changed_since() is None


def test_the_bell_rings_when_something_is_drawn(screen: MssScreen, painter: Painter) -> None:
    window = painter.window(PLACE)
    wait_until(lambda: _is_still(screen))
    bell = DescriptorBell((screen.fileno(),), (screen.queued,))
    painter.fill(window, Area(0, 0, 10, 10), colour=1)
    assert _rings(bell)


def test_the_bell_does_not_sleep_over_news_that_was_read_with_an_answer(windows: X11Windows, painter: Painter) -> None:
    windows.stack()
    painter.window(PLACE)
    bell = DescriptorBell((windows.fileno(),), (windows.queued,))
    windows.is_wayland()  # any question reads what else has come
    assert windows.queued()
    assert _rings(bell)


def test_the_bell_rings_for_what_else_it_was_given() -> None:
    reader, writer = os.pipe()
    try:
        bell = DescriptorBell((reader,))
        os.write(writer, b"x")
        assert _rings(bell)
    finally:
        os.close(reader)
        os.close(writer)


def test_a_bell_that_polls_is_soon_back() -> None:
    assert _rings(PollingBell())


def test_monitors_side_by_side_are_told_with_their_places(
    other_screen: MssScreen, other_painter: Painter, clock: HurriedClock
) -> None:
    assert other_screen.monitors() == (Monitor(0, 0, 800, 600, 1.0),)
    other_painter.split(Area(0, 0, 500, 600), Area(500, 0, 300, 600))
    clock.ahead_ns = LOOK_AGAIN_NS  # the server tells nobody of virtual monitors
    assert other_screen.topology_changed()
    assert other_screen.monitors() == (Monitor(0, 0, 500, 600, 1.0), Monitor(500, 0, 300, 600, 1.0))
    assert not other_screen.topology_changed()
    assert other_screen.damage() is not None


def test_a_screen_that_grew_can_be_taken_whole(
    other_desktop: VirtualDesktop, other_painter: Painter, clock: HurriedClock
) -> None:
    other_painter.resize(640, 480)
    screen = open_screen(other_desktop.environment["DISPLAY"], clock=clock)
    other_painter.resize(800, 600)
    assert screen.monitors() == (Monitor(0, 0, 800, 600, 1.0),)
    assert screen.grab(Area(0, 0, 800, 600))[0].shape == (600, 800)
    screen.close()


def test_a_screen_of_another_size_is_told_and_taken_whole(other_screen: MssScreen, other_painter: Painter) -> None:
    other_painter.resize(640, 480)
    assert other_screen.topology_changed()
    assert other_screen.monitors() == (Monitor(0, 0, 640, 480, 1.0),)
    damage = other_screen.damage()
    assert damage is not None
    assert damage.area == Area(0, 0, 640, 480)
    pixels, _ = other_screen.grab(damage.area)
    assert pixels.shape == (480, 640)
    assert not other_screen.topology_changed()


def test_a_screen_counts_as_changed_until_somebody_takes_note(other_screen: MssScreen, other_painter: Painter) -> None:
    other_painter.resize(640, 480)
    assert other_screen.topology_changed()
    assert other_screen.topology_changed()


def test_an_area_off_the_screen_cannot_be_taken(other_screen: MssScreen) -> None:
    with pytest.raises(SourceFailed, match="can no longer be read"):
        other_screen.grab(Area(700, 500, 200, 200))


def test_an_output_that_goes_off_and_on_again_is_no_change(other_screen: MssScreen, other_painter: Painter) -> None:
    other_painter.turn_output(is_on=False)
    other_painter.turn_output(is_on=True)
    assert not other_screen.topology_changed()


def test_the_scale_is_what_the_resources_of_the_display_say(other_screen: MssScreen, other_painter: Painter) -> None:
    other_painter.set_resources("Xft.antialias:\t1\nXft.dpi:\t144\n")
    assert [monitor.scale for monitor in other_screen.monitors()] == [1.5]


@pytest.mark.parametrize(
    ("resources", "scale"),
    [(b"", 1.0), ("Xft.dpi: 192", 2.0), (b"Xft.dpi:120.0\n", 1.25), ("*Xft.dpi: many", 1.0), ("Xft.dpi: -96", 1.0)],
)
def test_a_scale_that_makes_no_sense_is_none(resources: bytes | str, scale: float) -> None:
    assert read_scale(resources) == scale


def test_a_server_without_damage_is_refused_with_what_to_do() -> None:
    with _server("-extension", "DAMAGE") as name, pytest.raises(SourceMissing, match=r"lacks DAMAGE.*Turn it on"):
        open_screen(name, clock=SystemClock())


def test_a_screen_whose_server_has_gone_has_failed() -> None:
    with _server() as name:
        screen = open_screen(name, clock=SystemClock())
    with pytest.raises(SourceFailed, match="has gone"):
        wait_until(screen.topology_changed)
    screen.close()


def test_a_stack_is_the_same_object_while_nothing_changes(windows: X11Windows, form: Window) -> None:
    windows.stack()
    assert windows.stack() is windows.stack()


def test_what_a_window_did_is_seen_by_the_next_sample(windows: X11Windows, painter: Painter) -> None:
    low, high = painter.window(PLACE), painter.window(PLACE)
    assert [window.id for window in windows.stack().windows][-2:] == [low.id, high.id]
    low.configure(stack_mode=0)
    painter.sync()
    assert [window.id for window in windows.stack().windows][-2:] == [high.id, low.id]
    low.configure(x=20, y=30)
    painter.sync()
    assert _find(windows, low).area == Area(20, 30, PLACE.width, PLACE.height)
    assert _find(windows, low).solid == (Area(20, 30, PLACE.width, PLACE.height),)
    low.configure(width=50)
    painter.sync()
    assert _find(windows, low).solid == (Area(20, 30, 50, PLACE.height),)
    low.set_wm_name("Renamed")
    painter.sync()
    assert _find(windows, low).title == "Renamed"
    low.unmap()
    painter.sync()
    assert windows.stack().find(low.id) is None


def test_samples_say_what_a_fresh_look_says(environment: dict[str, str], windows: X11Windows, painter: Painter) -> None:
    """Whatever windows do, in any order: what is believed from the news is what the server would answer."""
    chance = random.Random(7)
    mine = [painter.window(Area(20 * number, 30, 150, 100)) for number in range(5)]
    for _ in range(60):
        _act(chance, painter, mine)
        if chance.random() < 0.5:
            wait_until(lambda: _agrees(windows, environment["DISPLAY"]))


def test_a_window_cut_to_a_shape_is_solid_only_there(windows: X11Windows, painter: Painter) -> None:
    window = painter.window(PLACE)
    assert _find(windows, window).solid == (PLACE,)
    painter.cut(window, Area(5, 5, 50, 50))
    assert _find(windows, window).solid == (Area(PLACE.x + 5, PLACE.y + 5, 50, 50),)


def test_without_a_compositor_nothing_shines_through(windows: X11Windows, painter: Painter) -> None:
    window = painter.window(PLACE, depth=ALPHA_DEPTH)
    painter.set_number(window, "_NET_WM_WINDOW_OPACITY", 0x80000000)
    assert _find(windows, window).solid == (PLACE,)


def test_a_window_with_opacity_is_see_through_once_a_compositor_runs(windows: X11Windows, painter: Painter) -> None:
    window = painter.window(PLACE)
    plain = painter.window(PLACE)
    painter.set_number(window, "_NET_WM_WINDOW_OPACITY", 0x80000000)
    assert _find(windows, window).solid == (PLACE,)
    painter.compose(plain)
    assert _find(windows, window).solid == ()
    assert _find(windows, plain).solid == (PLACE,)


def test_a_window_with_alpha_is_solid_only_where_it_says_so(windows: X11Windows, painter: Painter) -> None:
    window = painter.window(PLACE, depth=ALPHA_DEPTH)
    painter.compose(window)
    assert _find(windows, window).solid == ()
    painter.set_number(window, "_NET_WM_OPAQUE_REGION", 10, 10, 60, 40)
    assert _find(windows, window).solid == (Area(PLACE.x + 10, PLACE.y + 10, 60, 40),)
    window.configure(x=0, y=0)
    painter.sync()
    assert _find(windows, window).solid == (Area(10, 10, 60, 40),)


@pytest.mark.parametrize(
    ("monitors", "expected"), [(("XWAYLAND0",), True), (("eDP-1", "HDMI-1"), False), (("screen",), False), ((), False)]
)
def test_a_display_that_stands_before_a_wayland_server_is_known(monitors: tuple[str, ...], *, expected: bool) -> None:
    assert is_wayland_name(monitors) is expected


def test_an_x_display_that_only_stands_before_a_wayland_server_is_refused(
    other_desktop: VirtualDesktop, other_painter: Painter
) -> None:
    other_painter.split(Area(0, 0, 800, 600), name="XWAYLAND")
    with pytest.raises(SourceMissing, match="This is a Wayland session"):
        open_sources(SystemClock(), environment=other_desktop.environment)


def test_the_display_knows_when_it_last_got_input(idle: X11Idle, hand: Hand) -> None:
    began_ns = time.monotonic_ns()
    left, top = hand.position()
    hand.move((left + 50 if left < 500 else left - 50, top))
    last_ns = idle.last_input_ns()
    assert last_ns is not None
    assert began_ns - 1_000_000 <= last_ns <= time.monotonic_ns()


def test_a_player_that_keeps_the_screen_on_is_no_input(idle: X11Idle, painter: Painter) -> None:
    before = idle.last_input_ns()
    painter.reset_screen_saver()
    assert idle.last_input_ns() == before


def _is_still(screen: MssScreen) -> bool:
    screen.damage()
    time.sleep(0.1)
    return screen.changed_since() is None


def _rings(bell: DescriptorBell | PollingBell) -> bool:
    began = time.monotonic()
    bell.wait(LONG_SECONDS)
    return time.monotonic() - began < LONG_SECONDS / 2


def _find(windows: X11Windows, window: XWindow) -> Window:
    found = windows.stack().find(window.id)
    assert found is not None
    return found


def _agrees(windows: X11Windows, name: str) -> bool:
    """The window manager may act between the two looks, so they may differ for a moment."""
    fresh = open_windows(name)
    try:
        told, true = windows.stack(), fresh.stack()
        return (told.windows, told.focused) == (true.windows, true.focused)
    finally:
        fresh.close()


def _act(chance: random.Random, painter: Painter, mine: list[XWindow]) -> None:
    """Something that windows do."""
    window, other = chance.sample(mine, 2)
    changes = (
        lambda: window.configure(x=chance.randrange(500), y=chance.randrange(400)),
        lambda: window.configure(width=chance.randrange(10, 300), height=chance.randrange(10, 300)),
        lambda: window.configure(stack_mode=chance.randrange(2)),
        lambda: window.configure(sibling=other, stack_mode=chance.randrange(2)),
        lambda: window.set_wm_name(f"Title {chance.randrange(9)}"),
        window.unmap,
        window.map,
        lambda: painter.cut(window, Area(0, 0, chance.randrange(1, 100), chance.randrange(1, 100))),
        lambda: _replace(chance, painter, mine, window),
    )
    chance.choice(changes)()
    painter.sync()


def _replace(chance: random.Random, painter: Painter, mine: list[XWindow], window: XWindow) -> None:
    mine.remove(window)
    window.destroy()
    mine.append(painter.window(Area(chance.randrange(300), 50, 120, 90), popup=chance.random() < 0.5))


class _server:  # noqa: N801 - it reads as a function in a with statement
    """A bare X server with these options; its name comes out."""

    def __init__(self, *options: str) -> None:
        self._options = options

    def __enter__(self) -> str:
        reader, writer = os.pipe()
        command = ("Xvfb", "-displayfd", f"{writer}", "-nolisten", "tcp", "-screen", "0", "320x200x24", *self._options)
        self._process = subprocess.Popen(command, pass_fds=(writer,), stderr=subprocess.DEVNULL)
        os.close(writer)
        with os.fdopen(reader) as answer:
            return f":{answer.readline().strip()}"

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(10)
