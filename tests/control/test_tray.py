"""The icon in a real tray: what it shows, that its menu works, and that it is a sign only while it can be seen."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from Xlib.display import Display
from Xlib.error import XError

from capture.command import Answer, RecorderState, Request
from capture.control import ControlSocket
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from optin.demo.programs import wait_until
from optin.tray import draw
from optin.tray_menu import ROW, draw_menu
from optin.tray_watch import Look, Shown, Watch, shown
from tests.cli.office import Office
from tests.control.conftest import Background
from tests.control.statuses import status

RED, YELLOW, GREY = (220, 30, 30), (240, 180, 0), (130, 130, 130)
STOP_LINE = 4


@pytest.fixture(scope="module")
def tray(desktop: VirtualDesktop) -> Iterator[None]:
    """A tray at the lower right of the screen."""
    process = desktop.start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request")
    wait_until(lambda: _has_tray(desktop.environment["DISPLAY"]) or None, what="The tray", process=process)
    yield
    process.terminate()
    process.wait(10)


@pytest.fixture
def iconed(background: Background, tray: None) -> Iterator[Background]:
    """A home whose icon is in the tray."""
    with _icon(background.office):
        yield background


@contextmanager
def _icon(office: Office) -> Iterator[subprocess.Popen[str]]:
    with office.start("tray", passphrase=None) as process:
        try:
            wait_until(lambda: _find_icon(office.environment["DISPLAY"]), what="The icon")
            yield process
        finally:
            process.kill()
            wait_until(lambda: _find_icon(office.environment["DISPLAY"]) is None or None, what="The end of the icon")


def test_the_icon_shows_a_recording_its_menu_stops_it_and_then_it_shows_that(iconed: Background, hand: Hand) -> None:
    display = iconed.office.environment["DISPLAY"]
    assert iconed.start("--json").json["sign"] == "tray"
    wait_until(lambda: RED in _colours(display) or None, what="A red icon")
    left, top = _find_icon(display) or (0, 0)
    hand.click((left + 10, top + 10))
    (menu,) = wait_until(lambda: [box for box in hand.popups() if box.height == 5 * ROW] or None, what="The menu")
    hand.click((menu.left + 20, menu.top + STOP_LINE * ROW + ROW // 2))
    wait_until(lambda: iconed.state == "off" or None, what="The end of the recorder")
    wait_until(lambda: GREY in _colours(display) or None, what="A grey icon")


def test_an_icon_that_is_the_only_sign_pauses_the_recording_when_it_goes(background: Background, tray: None) -> None:
    with _icon(background.office):
        assert background.start().code == 0
        assert background.state == "recording"
    wait_until(lambda: background.state == "paused" or None, what="A pause")
    assert "no icon" in background.said("status")


def test_without_a_tray_there_is_no_icon_and_it_says_so(background: Background) -> None:
    with VirtualDesktop() as bare:
        office = Office(background.office.folder, {**background.office.environment, **bare.environment})
        ran = office.run("tray", passphrase=None)
    assert ran.code == 5
    assert "no tray" in ran.err


@pytest.mark.parametrize(
    ("state", "look"),
    [
        (RecorderState.STARTING, Look.RECORDING),
        (RecorderState.RECORDING, Look.RECORDING),
        (RecorderState.PAUSED, Look.PAUSED),
        (RecorderState.STOPPING, Look.OFF),
    ],
)
def test_each_state_has_its_look(state: RecorderState, look: Look) -> None:
    assert shown(status(state=state)).look is look


def test_no_two_looks_are_the_same_without_colours() -> None:
    shapes = {draw(look).convert("L").point(lambda grey: 255 * (grey > 225)).tobytes() for look in Look}
    assert len(shapes) == len(Look)


def test_the_menu_marks_the_line_under_the_pointer() -> None:
    plain, marked = (draw_menu("Optin", ["Pause", "Stop"], chosen=chosen) for chosen in (None, 1))
    above = (0, 0, plain.width, 2 * ROW)
    assert plain.crop(above).tobytes() == marked.crop(above).tobytes()
    assert plain.tobytes() != marked.tobytes()


class Recorder:
    """The socket of a recorder in a thread; `mute` makes it stop as if it were halted."""

    def __init__(self, folder: Path) -> None:
        self._control = ControlSocket(folder)
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _answer(self, _request: Request) -> Answer:
        return Answer(accepted=True, status=status(), why="")

    def _serve(self) -> None:
        while not self._ends.wait(0.02):
            self._control.serve(self._answer)

    def tell(self, state: RecorderState) -> None:
        """Tells who watches of a state."""
        self._control.tell(lambda: status(state=state))

    def close(self) -> None:
        self._ends.set()
        self._thread.join()
        self._control.close()


@pytest.fixture
def watched(tmp_path: Path) -> tuple[Path, list[Look]]:
    """A folder that is watched by a thread that dies with the tests, and the looks that were shown."""
    folder = tmp_path / "control"
    folder.mkdir(mode=0o700)
    looks: list[Look] = []
    watch = Watch(folder, lambda found: _remember(looks, found), silence=0.2)
    threading.Thread(target=watch.follow, daemon=True).start()
    wait_until(lambda: looks or None, what="The first look")
    return folder, looks


def _remember(looks: list[Look], found: Shown) -> None:
    looks.append(found.look)


def _last(looks: list[Look], look: Look) -> Callable[[], bool | None]:
    return lambda: looks[-1] is look or None


def test_a_recorder_that_begins_is_noticed(watched: tuple[Path, list[Look]]) -> None:
    folder, looks = watched
    recorder = Recorder(folder)
    wait_until(_last(looks, Look.RECORDING), what="Recording")
    recorder.close()
    wait_until(_last(looks, Look.OFF), what="Not recording")


def test_each_recorder_after_another_is_noticed(watched: tuple[Path, list[Look]]) -> None:
    folder, looks = watched
    for _ in range(3):
        recorder = Recorder(folder)
        wait_until(_last(looks, Look.RECORDING), what="Recording")
        recorder.close()
        wait_until(_last(looks, Look.OFF), what="Not recording")


def test_one_that_is_silent_is_shown_as_unknown_until_it_speaks(watched: tuple[Path, list[Look]]) -> None:
    folder, looks = watched
    recorder = Recorder(folder)
    wait_until(_last(looks, Look.UNKNOWN), what="Unknown")
    recorder.tell(RecorderState.PAUSED)
    wait_until(_last(looks, Look.PAUSED), what="Paused")
    recorder.close()


def _has_tray(display_name: str) -> bool:
    display = Display(display_name)
    try:
        return bool(display.get_selection_owner(display.intern_atom("_NET_SYSTEM_TRAY_S0")))
    finally:
        display.close()


def _find_icon(display_name: str) -> tuple[int, int] | None:
    """Where on the screen the icon is, None while it is not in a tray and drawn."""
    display = Display(display_name)
    try:
        window = _icon_below(display.screen().root)
        if window is None or window.get_geometry().width < 8:
            return None
        place = window.translate_coords(display.screen().root, 0, 0)
        return -int(place.x), -int(place.y)
    except XError:  # a window went while it was looked at
        return None
    finally:
        display.close()


def _icon_below(window: Any) -> Any:  # noqa: ANN401
    for child in window.query_tree().children:
        name = child.get_wm_class()
        if name is not None and name[0] == "optinSystemTrayIcon":
            return child
        found = _icon_below(child)
        if found is not None:
            return found
    return None


def _colours(display_name: str) -> set[tuple[int, int, int]]:
    """The colours that the icon shows on the screen."""
    import mss

    left, top = _find_icon(display_name) or (0, 0)
    with mss.MSS(display=display_name) as screen:
        shot = screen.grab({"left": left, "top": top, "width": 24, "height": 24})
    return {pixel for row in shot.pixels for pixel in row}
