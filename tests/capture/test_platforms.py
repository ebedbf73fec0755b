"""What is refused on other systems than Linux with X11, and what their lists of windows are read as.

The lists have the shape that the systems' documentation gives them; no part of this ran on those systems.
"""

from __future__ import annotations

import os

import pytest

from capture.events import Area
from capture.sources import macos, open_sources, windows
from capture.sources.base import SourceMissing, SystemClock, Window
from capture.sources.macos import Permissions, what_to_allow
from capture.sources.native import EACH_NS, PolledScreen, UnknownElements
from capture.sources.rounded import without_corners
from capture.sources.windows import Told, idle_ns

EDITOR = {
    "kCGWindowNumber": 41,
    "kCGWindowOwnerName": "TextEdit",
    "kCGWindowName": "Untitled",
    "kCGWindowOwnerPID": 700,
    "kCGWindowBounds": {"X": 100.0, "Y": 50.0, "Width": 600.0, "Height": 400.0},
    "kCGWindowAlpha": 1.0,
    "kCGWindowLayer": 0,
}
MENU = {**EDITOR, "kCGWindowNumber": 42, "kCGWindowLayer": 101, "kCGWindowName": None}
FAR = {**EDITOR, "kCGWindowNumber": 40, "kCGWindowOwnerPID": 800, "kCGWindowOwnerName": "Mail"}
FRAMED = 0x00CF0000  # WS_OVERLAPPEDWINDOW
NOTE = Told(0x10, "notepad", "Untitled", 900, (10, 20, 410, 320), FRAMED, 0, 0)


class FakeIdle:
    """Input at moments that a test sets."""

    def __init__(self) -> None:
        self.at_ns: int | None = None

    def last_input_ns(self) -> int | None:
        return self.at_ns

    def close(self) -> None:
        """Nothing is held."""


class FakeClock(SystemClock):
    def __init__(self) -> None:
        self.at_ns = 10 * EACH_NS

    def now_ns(self) -> int:
        return self.at_ns


@pytest.mark.parametrize(("platform", "name"), [("darwin", "macOS"), ("win32", "Windows")])
def test_other_systems_are_refused_because_suppression_is_not_tested_there(platform: str, name: str) -> None:
    with pytest.raises(SourceMissing, match=rf"{name} is refused: that private windows .* is tested on Linux"):
        open_sources(SystemClock(), platform=platform)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_where_it_is_tried_out_on_the_wrong_system_a_part_is_missing(platform: str) -> None:
    with pytest.raises(SourceMissing, match="this is not"):
        open_sources(SystemClock(), platform=platform, experimental=True)


@pytest.mark.parametrize("experimental", [False, True])
def test_wayland_is_refused_even_as_an_experiment(*, experimental: bool) -> None:
    environment = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    with pytest.raises(SourceMissing, match=r"Wayland session.* choose a session \"on Xorg\""):
        open_sources(SystemClock(), environment=environment, experimental=experimental)


@pytest.mark.parametrize(
    ("permissions", "named"),
    [
        (Permissions(accessibility=False, screen=True, input=True), ["Accessibility"]),
        (Permissions(accessibility=True, screen=False, input=True), ["Screen & System Audio Recording"]),
        (Permissions(accessibility=True, screen=True, input=False), ["Input Monitoring"]),
        (
            Permissions(accessibility=False, screen=False, input=False),
            ["Accessibility", "Screen & System Audio Recording", "Input Monitoring"],
        ),
    ],
)
def test_each_permission_that_is_not_given_is_named(permissions: Permissions, named: list[str]) -> None:
    message = what_to_allow(permissions)
    assert [
        pane for pane in ("Accessibility", "Screen & System Audio Recording", "Input Monitoring") if pane in message
    ] == named
    assert "switch on" in message


def test_nothing_is_said_where_all_is_allowed() -> None:
    assert what_to_allow(Permissions(accessibility=True, screen=True, input=True)) == ""


def test_windows_of_macos_lie_from_the_lowest_to_the_highest() -> None:
    stack = macos.read_stack([MENU, EDITOR, FAR], front_pid=700)
    assert [window.id for window in stack.windows] == [40, 41, 42]
    assert stack.focused == 41
    assert [window.popup for window in stack.windows] == [False, False, True]
    assert stack.windows[1].area == Area(100, 50, 600, 400)
    assert (stack.windows[1].app, stack.windows[1].title, stack.windows[1].pid) == ("TextEdit", "Untitled", 700)


def test_nobody_has_the_focus_where_the_front_programme_shows_no_window() -> None:
    assert macos.read_stack([EDITOR], front_pid=1).focused == 0


def test_a_see_through_window_of_macos_hides_nothing() -> None:
    stack = macos.read_stack([{**EDITOR, "kCGWindowAlpha": 0.9}], front_pid=700)
    assert stack.windows[0].solid == ()


def test_a_window_without_any_property_has_no_name_and_hides_nothing() -> None:
    assert macos.read_stack([{}], front_pid=0).windows == (Window(0, "", "", 0, Area(0, 0, 0, 0), ()),)


def test_windows_of_windows_lie_from_the_lowest_to_the_highest() -> None:
    menu = Told(0x20, "notepad", "", 900, (50, 60, 150, 160), 0x80000000, 0, 0x10)
    stack = windows.read_stack([menu, NOTE], foreground=0x10)
    assert [window.id for window in stack.windows] == [0x10, 0x20]
    assert stack.focused == 0x10
    assert [window.popup for window in stack.windows] == [False, True]
    assert stack.windows[0].area == Area(10, 20, 400, 300)
    assert stack.windows[1].owner == 0x10


@pytest.mark.parametrize("style", [0x00080000, 0x00000020])
def test_a_layered_window_hides_nothing(style: int) -> None:
    told = Told(0x10, "notepad", "", 900, (0, 0, 100, 100), FRAMED, style, 0)
    assert windows.read_stack([told], foreground=0).windows[0].solid == ()


def test_a_foreground_window_that_is_not_shown_has_no_focus() -> None:
    assert windows.read_stack([NOTE], foreground=0x99).focused == 0


def test_round_corners_hide_nothing() -> None:
    parts = without_corners(Area(10, 10, 100, 80), 8)
    assert parts == (Area(18, 10, 84, 80), Area(10, 18, 100, 64))
    assert without_corners(Area(0, 0, 16, 80), 8) == ()


def test_the_idle_time_of_windows_may_wrap() -> None:
    assert idle_ns(5, 0xFFFFFFFB) == 10_000_000


def test_a_pipe_is_read_as_everywhere_where_it_can_be_waited_for() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"heard")
    assert windows.read_pipe(reader, 100) == b"heard"
    os.close(writer)
    assert windows.read_pipe(reader, 100) == b""
    os.close(reader)


def test_without_a_source_of_widgets_nothing_is_known_of_any() -> None:
    elements = UnknownElements()
    window = Window(1, "safari", "Home", 5, Area(0, 0, 10, 10), ())
    assert elements.at(1, 1, window=window) is None
    assert elements.focus_changes() == ()
    assert elements.document(window) is None
    assert elements.secrets(window) == ()
    assert elements.effects() == ()
    assert elements.command(("ctrl", "s"), window=window) is None


def test_without_news_everything_counts_as_changed_each_second_while_there_is_input(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from mss import MSS

    monkeypatch.setenv("DISPLAY", environment["DISPLAY"])
    clock, idle = FakeClock(), FakeIdle()
    screen = PolledScreen(MSS(), idle, clock=clock)
    assert screen.damage() is not None
    clock.at_ns += EACH_NS
    assert screen.damage() is None
    idle.at_ns = clock.at_ns
    damage = screen.damage()
    assert damage is not None
    assert damage.since_ns == clock.at_ns - EACH_NS
    assert screen.changed_since() is None
    assert screen.grab(Area(0, 0, 30, 20))[0].shape == (20, 30)
    assert not screen.topology_changed()
    screen.close()
