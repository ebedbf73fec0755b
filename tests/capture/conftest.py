"""One virtual desktop for all tests of this folder, with two small programmes and a page to record."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from capture.sources.base import Window
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from optin.demo.programs import end_program
from tests.capture.arrange import Arranger
from tests.capture.desk import Starting, appeared
from tests.capture.paint import Painter

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

PAGE = b"""<!doctype html><html lang=en><meta charset=utf-8><title>Claim 7 - Expenses</title>
<style>body{margin:20px;font:16px sans-serif} input,select,button{display:block;width:300px;height:40px;margin:10px}
</style><input aria-label=Name autofocus><input type=password aria-label=Word>
<select aria-label=Category><option>Travel<option>Meals<option>Hotel</select><button>Submit</button></html>"""


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write((HERE / "widgets.html").read_bytes() if self.path.startswith("/widgets") else PAGE)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def desktop() -> Iterator[VirtualDesktop]:
    with VirtualDesktop() as desktop:
        yield desktop


@pytest.fixture(scope="session")
def environment(desktop: VirtualDesktop) -> dict[str, str]:
    return dict(desktop.environment)


@pytest.fixture
def hand(environment: dict[str, str]) -> Iterator[Hand]:
    with Hand(environment["DISPLAY"]) as hand:
        yield hand


@pytest.fixture
def painter(environment: dict[str, str]) -> Iterator[Painter]:
    """Plain windows, of the process of the tests."""
    with Painter(environment["DISPLAY"]) as painter:
        yield painter


@pytest.fixture
def arranger(environment: dict[str, str]) -> Iterator[Arranger]:
    with Arranger(environment["DISPLAY"]) as arranger:
        yield arranger


@pytest.fixture
def starting(desktop: VirtualDesktop) -> Iterator[Starting]:
    """Programmes of this folder and of the system, which end with the test."""
    starting = Starting(desktop)
    yield starting
    for process in starting.processes:
        end_program(process)


@pytest.fixture
def form(desktop: VirtualDesktop) -> Iterator[Window]:
    """A form whose title a rule may allow."""
    yield from _form(desktop, "Entry Form", at=(80, 60))


@pytest.fixture(scope="module")
def widgets(desktop: VirtualDesktop) -> Iterator[Window]:
    """A form with a widget of each kind; it stays for all tests of a module."""
    yield from _form(desktop, "Gadgets", at=(20, 30), programme="gtk_widgets.py")


@pytest.fixture(scope="module")
def widgets_page(desktop: VirtualDesktop) -> Iterator[Window]:
    """A page with a widget of each kind, in a browser that stays for all tests of a module."""
    place = ("--window-position=560,30", "--window-size=700,600")
    for _ in _page(desktop, *place, path="/widgets", title="Widgets page"):
        yield appeared(desktop.environment, "Widgets page")


@pytest.fixture
def diary(desktop: VirtualDesktop) -> Iterator[Window]:
    """A form that no rule allows, over a part of where the other lies."""
    yield from _form(desktop, "Diary", at=(380, 200))


@pytest.fixture
def page(desktop: VirtualDesktop) -> Iterator[str]:
    """The address of a page in a browser on the desktop."""
    yield from _page(desktop)


@pytest.fixture
def private_page(desktop: VirtualDesktop) -> Iterator[str]:
    """The same page in a private window."""
    yield from _page(desktop, "--incognito")


def _page(
    desktop: VirtualDesktop, *more: str, path: str = "/claim", title: str = "Claim 7 - Expenses"
) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://expenses.localhost:{server.server_port}{path}"
    profile = f"--user-data-dir={desktop.environment['HOME']}/browser-{server.server_port}"
    flags = ("--force-renderer-accessibility", "--no-sandbox", "--disable-gpu", "--no-first-run", "--test-type")
    quiet = ("--disable-background-networking", "--password-store=basic", "--window-size=900,600", profile)
    process = desktop.start("chromium", *flags, *quiet, *more, address)
    try:
        appeared(desktop.environment, title)
        yield address
    finally:
        process.terminate()
        process.wait(10)
        server.shutdown()
        server.server_close()


def _form(
    desktop: VirtualDesktop, title: str, *, at: tuple[int, int], programme: str = "gtk_form.py"
) -> Iterator[Window]:
    process = desktop.start("/usr/bin/python3", str(HERE / programme), title, str(at[0]), str(at[1]))
    try:
        yield appeared(desktop.environment, title)
    finally:
        process.kill()
        process.wait(10)
