"""A private virtual desktop comes out: a screen, a window manager, a session bus and an accessibility bus.

Nothing enters from the person's own session: home, run-time and configuration folders are fresh and 0700, and no
setting, bus or display is shared. Everything that was started is ended, and the folders deleted, on the way out,
also when a later step of the start fails.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

from optin.demo.programs import (
    DidNotStart,
    end_marked,
    end_program,
    find_programs,
    start_program,
    wait_until,
)

WIDTH: Final = 1280
HEIGHT: Final = 800
_NEEDED: Final = ("Xvfb", "openbox", "dbus-daemon", "at-spi-bus-launcher")
_DISPLAY_NAME: Final = re.compile(r"(?P<host>[^:]*):(?P<number>\d+)(\.\d+)?")
_X_PORT: Final = 6000
_ANSWER_SECONDS: Final = 2.0
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "TZ")
_LANGUAGE: Final = "C.UTF-8"

# One work space, click to focus, Alt+Tab without a pop-up, and no key of its own beside that one.
_OPENBOX: Final = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <placement><policy>UnderMouse</policy></placement>
  <theme>
    <name>Clearlooks</name><titleLayout>NLIMC</titleLayout>
    <font place="ActiveWindow"><name>DejaVu Sans</name><size>9</size><weight>Bold</weight></font>
    <font place="InactiveWindow"><name>DejaVu Sans</name><size>9</size></font>
  </theme>
  <desktops><number>1</number><popupTime>0</popupTime></desktops>
  <keyboard>
    <keybind key="A-Tab"><action name="NextWindow"><dialog>none</dialog><raise>yes</raise></action></keybind>
  </keyboard>
  <mouse>
    <context name="Titlebar"><mousebind button="Left" action="Press">
      <action name="Focus"/><action name="Raise"/></mousebind></context>
    <context name="Client"><mousebind button="Left" action="Press">
      <action name="Focus"/><action name="Raise"/></mousebind></context>
  </mouse>
  <applications>
    <application class="Mousepad" type="normal">
      <position force="yes"><x>540</x><y>250</y></position><size><width>640</width><height>420</height></size>
    </application>
  </applications>
</openbox_config>
"""
# Animations would make two frames of the same page differ, and the overlay scroll bar appears only while it moves.
_GTK: Final = """[Settings]
gtk-enable-animations=0
gtk-font-name=DejaVu Sans 10
gtk-cursor-blink=0
gtk-recent-files-enabled=0
"""


class VirtualDesktop:
    """A context manager; inside it `environment` is what a program needs in order to appear on the desktop.

    `parent` is where its private folder is made, by default the system's folder for temporary files. Entering raises
    MissingProgram, or DidNotStart when a part does not come up.
    """

    def __init__(self, width: int = WIDTH, height: int = HEIGHT, *, parent: Path | None = None) -> None:
        self._size = (width, height)
        self._parent = parent
        self._folder: Path | None = None
        self._processes: list[subprocess.Popen[bytes]] = []
        self._environment: dict[str, str] = {}

    @property
    def environment(self) -> Mapping[str, str]:
        """DISPLAY, the two buses, private folders and a plain locale; read-only."""
        return MappingProxyType(self._environment)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self._size

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A program on this desktop, which is ended with it."""
        process = start_program(arguments, environment=self._environment)
        self._processes.append(process)
        return process

    def __enter__(self) -> Self:
        programs = find_programs(_NEEDED)
        self._folder = Path(tempfile.mkdtemp(prefix="optin-desktop-", dir=self._parent))
        try:
            self._environment = _private_environment(self._folder)
            self._start_screen(programs["Xvfb"])
            self._start_window_manager(programs["openbox"])
            self._start_buses(programs["dbus-daemon"], programs["at-spi-bus-launcher"])
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _start_screen(self, program: str) -> None:
        width, height = self._size
        reader, writer = os.pipe()
        try:
            options = (
                "-screen",
                "0",
                f"{width}x{height}x24",
                "-nolisten",
                "tcp",
                "-noreset",
                "-displayfd",
                f"{writer}",
            )
            process = start_program((program, *options), environment=self._environment, pass_fds=(writer,))
            self._processes.append(process)
        finally:
            os.close(writer)
        with os.fdopen(reader) as answer:  # ends at once when the server dies, so this cannot hang
            number = answer.readline().strip()
        if not number:
            raise DidNotStart("The virtual screen (Xvfb) did not start. Run Xvfb :77 by hand to see why.")
        self._environment["DISPLAY"] = f":{number}"

    def _start_window_manager(self, program: str) -> None:
        process = self.start(
            program, "--sm-disable", "--config-file", str(_written(self._root / "openbox.xml", _OPENBOX))
        )
        wait_until(self._managed, what="The window manager (openbox)", process=process)

    def _start_buses(self, dbus: str, launcher: str) -> None:
        place = self._root / "run" / "bus"
        address = f"unix:path={place}"
        process = self.start(dbus, "--session", "--nofork", "--nopidfile", f"--address={address}")
        wait_until(lambda: place.exists() or None, what="The session bus (dbus-daemon)", process=process)
        self._environment["DBUS_SESSION_BUS_ADDRESS"] = address
        process = self.start(launcher, "--launch-immediately", "--a11y=1")
        name = "The accessibility bus (at-spi-bus-launcher)"
        self._environment["AT_SPI_BUS_ADDRESS"] = wait_until(self._accessibility, what=name, process=process)

    def _managed(self) -> bool | None:
        from Xlib.X import AnyPropertyType

        display = _connect(self._environment["DISPLAY"])
        try:
            atom = display.intern_atom("_NET_SUPPORTING_WM_CHECK")
            return True if display.screen().root.get_full_property(atom, AnyPropertyType) else None
        finally:
            display.close()

    def _accessibility(self) -> str | None:
        from optin.demo.accessible import bus_address

        return bus_address(self._environment["DBUS_SESSION_BUS_ADDRESS"])

    @property
    def _root(self) -> Path:
        if self._folder is None:
            raise RuntimeError("The virtual desktop is used outside its with statement.")
        return self._folder

    def _end(self) -> None:
        while self._processes:
            end_program(self._processes.pop())
        if self._folder is not None:
            end_marked(_marker(self._folder))
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None
        self._environment = {}


def _connect(name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from Xlib.display import Display

    return Display(name)


def _private_environment(folder: Path) -> dict[str, str]:
    places = {
        "HOME": folder / "home",
        "XDG_RUNTIME_DIR": folder / "run",
        "XDG_CONFIG_HOME": folder / "home" / ".config",
        "XDG_DATA_HOME": folder / "home" / ".local" / "share",
        "XDG_CACHE_HOME": folder / "home" / ".cache",
    }
    for place in places.values():
        place.mkdir(mode=0o700, parents=True)
    _written(places["XDG_CONFIG_HOME"] / "gtk-3.0" / "settings.ini", _GTK)
    fixed = {
        "LANG": _LANGUAGE,
        "GSETTINGS_BACKEND": "memory",  # settings of this desktop are never those of the person
        "GTK_OVERLAY_SCROLLING": "0",
        "GTK_MODULES": "gail:atk-bridge",
        "GNOME_ACCESSIBILITY": "1",
        "XDG_SESSION_TYPE": "x11",
        "GDK_BACKEND": "x11",
    }
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | fixed | {name: str(place) for name, place in places.items()}


def _marker(folder: Path) -> str:
    return f"XDG_RUNTIME_DIR={folder / 'run'}"


def _written(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
