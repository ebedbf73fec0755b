"""A desk to work at: a virtual screen of 1920x1080 with a browser on three pages and a text editor, and a hand on it.

Programs and pages are the same each time and laid out by the numbers of `recorder_script`; the hand plays a script
through the X server's own test extension, so a recorder sees what it would see of a mouse and a keyboard. Pages come
from 127.0.0.1, and all is ended on the way out.
"""

from __future__ import annotations

import os
import random
import socket
import struct
import subprocess
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.recorder_script import PLACES, WORDS, Act, Step, Where
from optin.demo.desktop import VirtualDesktop
from optin.demo.programs import QUIET_BROWSER, end_program, find_programs, wait_until

SIZE: Final = (1920, 1080)
HOST: Final = "desk.localhost"
EDITOR: Final = "mousepad"
_EDITOR_AREA: Final = (1230, 80, 640, 700)
_FLAGS: Final = (
    *QUIET_BROWSER,
    "--force-renderer-accessibility",
    "--test-type",
    "--window-position=0,0",
    "--window-size=1200,1000",
)
_STYLE: Final = """<style>body{margin:0;font:15px sans-serif;background:#fff}nav{position:fixed;top:0;left:0;right:0;
height:40px;background:#eef}nav a{position:absolute;top:10px;width:100px}nav a:nth-child(1){left:20px}
nav a:nth-child(2){left:140px}nav a:nth-child(3){left:260px}main{padding:60px 40px}p{max-width:860px;line-height:1.5}
form>*{position:absolute;box-sizing:border-box}td{padding:4px 18px;border:1px solid #ccd}</style>"""
_NAV: Final = '<nav><a href="/form">Form</a><a href="/article">Article</a><a href="/table">Table</a></nav>'
# A page learns from the pointer's first event where on the screen it lies.
_TELL: Final = """<script>addEventListener("pointermove",e=>fetch("/here",{method:"POST",
body:[e.screenX-e.clientX,e.screenY-e.clientY]}),{once:true})</script>"""
_LABELS: Final = {
    "name": '<input aria-label="Name" style="width:200px;height:36px;{}">',
    "mail": '<input aria-label="Subject" style="width:200px;height:36px;{}">',
    "kind": '<select aria-label="Category" style="width:200px;height:36px;{}"><option>Travel<option>Meals<option>Hotel'
    "<option>Books<option>Other</select>",
    "note": '<textarea aria-label="Note" style="width:400px;height:180px;{}"></textarea>',
    "urgent": '<label style="width:100px;height:24px;{}"><input type=checkbox>Urgent</label>',
    "copy": '<label style="width:100px;height:24px;{}"><input type=checkbox>Copy me</label>',
    "save": '<button type=button style="width:200px;height:36px;{}">Save</button>',
}
_SIZES: Final = {"note": (400, 180), "urgent": (100, 24), "copy": (100, 24)}


class Desk:
    """A context manager; inside it `environment` is what a recorder needs, and `play` works at the desk."""

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent
        self._open = ExitStack()
        self.environment: dict[str, str] = {}
        self.server_pid = 0

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            desktop = opened.enter_context(VirtualDesktop(*SIZE, parent=self._parent))
            self.environment = dict(desktop.environment)
            pages = opened.enter_context(_Pages())
            self._display = opened.enter_context(_Display(self.environment["DISPLAY"]))
            self.server_pid = self._display.server_pid()
            for process in (self._start_editor(), self._start_browser(pages)):
                opened.callback(end_program, process)
            self._offsets = self._laid_out(pages)
            self._open = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def play(self, steps: tuple[Step, ...]) -> float:
        """How late the latest step was, in seconds, once all were played and the X server has taken them."""
        began, late = time.monotonic(), 0.0
        for step in steps:
            wait = began + step.at - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            late = max(late, -wait)
            self._display.do(step, self._offsets[step.where])
        self._display.settle()
        return late

    def _start_editor(self) -> subprocess.Popen[bytes]:
        from optin.demo.programs import start_program

        document = Path(self.environment["HOME"]) / "notes.txt"
        document.write_text("Agenda\n\nReview open items\n", encoding="utf-8")
        program = find_programs((EDITOR,))[EDITOR]
        process = start_program((program, "--disable-server", str(document)), environment=self.environment)
        wait_until(lambda: self._display.window("Mousepad"), what="The text editor", process=process)
        self._display.place("Mousepad", _EDITOR_AREA)
        return process

    def _start_browser(self, pages: _Pages) -> subprocess.Popen[bytes]:
        from optin.demo.programs import start_program

        program = find_programs(("chromium",))["chromium"]
        own = (f"--user-data-dir={self.environment['HOME']}/browser", f"http://{HOST}:{pages.port}/form")
        # Chromium's own sandbox refuses to run as root, as in a container.
        more = ("--no-sandbox",) if os.geteuid() == 0 else ()
        process = start_program((program, *_FLAGS, *more, *own), environment=self.environment)
        wait_until(lambda: self._display.window("Chromium"), what="The browser", process=process, seconds=40)
        return process

    def _laid_out(self, pages: _Pages) -> dict[Where, tuple[int, int]]:
        """Where page and editor begin on the screen, in pixels."""
        number = iter(range(400, 4000))
        page = wait_until(lambda: self._asked(pages, next(number)), what="The page in the browser", seconds=40)
        return {Where.PAGE: page, Where.EDITOR: self._display.origin("Mousepad")}

    def _asked(self, pages: _Pages, x: int) -> tuple[int, int] | None:
        self._display.do(Step(0, Act.MOVE, x=x % 500 + 300, y=500), (0, 0))
        self._display.settle()
        return pages.offset


class _Display:
    """The hand's connection to the X server."""

    def __init__(self, name: str) -> None:
        from Xlib import XK, X
        from Xlib.display import Display
        from Xlib.ext import xtest

        self._x, self._keys, self._send = X, XK, xtest.fake_input
        self._display = Display(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.close()

    def server_pid(self) -> int:
        """The process behind the socket: the X server."""
        connection: socket.socket = self._display.display.socket
        pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return int(pid)

    def do(self, step: Step, offset: tuple[int, int]) -> None:
        """Hands one event to the server, without waiting for it."""
        match step.act:
            case Act.MOVE:
                self._send(self._display, self._x.MotionNotify, x=step.x + offset[0], y=step.y + offset[1])
            case Act.BUTTON_DOWN | Act.BUTTON_UP:
                kind = self._x.ButtonPress if step.act is Act.BUTTON_DOWN else self._x.ButtonRelease
                self._send(self._display, kind, step.number)
            case Act.KEY_DOWN | Act.KEY_UP:
                kind = self._x.KeyPress if step.act is Act.KEY_DOWN else self._x.KeyRelease
                code = self._display.keysym_to_keycode(self._keys.string_to_keysym(step.key))
                self._send(self._display, kind, code)
        self._display.flush()

    def settle(self) -> None:
        """Returns when the server has taken everything."""
        self._display.sync()

    def window(self, kind: str) -> Any:  # noqa: ANN401  # Xlib has no types
        """The client window of this class, or None."""
        atom = self._display.intern_atom("_NET_CLIENT_LIST")
        listed = self._display.screen().root.get_full_property(atom, self._x.AnyPropertyType)
        windows = [self._display.create_resource_object("window", id_) for id_ in (listed.value if listed else ())]
        return next((window for window in windows if kind in (window.get_wm_class() or ())), None)

    def place(self, kind: str, area: tuple[int, int, int, int]) -> None:
        """Moves a window and gives it a size."""
        x, y, width, height = area
        self.window(kind).configure(x=x, y=y, width=width, height=height)
        self.settle()
        time.sleep(0.5)  # until the window manager has done it and the programme has drawn

    def origin(self, kind: str) -> tuple[int, int]:
        """Where a client window begins on the screen."""
        at = self._display.screen().root.translate_coords(self.window(kind), 0, 0)
        return int(at.x), int(at.y)


class _Pages(ThreadingHTTPServer):
    """Serves the pages, and hears where they lie on the screen; a context manager."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.offset: tuple[int, int] | None = None
        self.texts = {f"/{name}": _page(name, body) for name, body in _bodies().items()}

    @property
    def port(self) -> int:
        """The TCP port."""
        return int(self.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 5}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Pages

    def do_GET(self) -> None:
        text = self.server.texts.get(self.path)
        self.send_response(200 if text else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write((text or "").encode())

    def do_POST(self) -> None:
        x, y = self.rfile.read(int(self.headers["Content-Length"])).decode().split(",")
        self.server.offset = int(float(x)), int(float(y))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


def _page(name: str, body: str) -> str:
    title = f"{name.title()} - Desk"
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>{_STYLE}{_NAV}{body}{_TELL}</html>"


def _bodies() -> dict[str, str]:
    """The form by the places of the script, and two long pages of words and figures."""
    chance = random.Random(11)
    form = "".join(text.format(_at(name)) for name, text in _LABELS.items())
    article = "".join(f"<p>{' '.join(chance.choices(WORDS, k=90)).capitalize()}.</p>" for _ in range(60))
    rows = ("".join(f"<td>{chance.choice(WORDS)}<td>{chance.randint(1, 9999)}" for _ in range(4)) for _ in range(300))
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    return {
        "form": f"<form>{form}</form>",
        "article": f"<main>{article}</main>",
        "table": f"<main><table>{table}</table></main>",
    }


def _at(name: str) -> str:
    _, x, y = PLACES[name]
    width, height = _SIZES.get(name, (200, 36))
    return f"left:{x - width // 2}px;top:{y - height // 2}px"
