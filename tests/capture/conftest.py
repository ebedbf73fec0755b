"""One virtual desktop for all tests of this folder, with two small programmes and a page to record."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from capture.sources.base import Window
from capture.sources.x11_source import open_windows
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand

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
        self.wfile.write(PAGE)

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
def form(desktop: VirtualDesktop) -> Iterator[Window]:
    """A form whose title a rule may allow."""
    yield from _form(desktop, "Entry Form", at=(80, 60))


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


def _page(desktop: VirtualDesktop, *more: str) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://expenses.localhost:{server.server_port}/claim"
    profile = f"--user-data-dir={desktop.environment['HOME']}/browser-{server.server_port}"
    flags = ("--force-renderer-accessibility", "--no-sandbox", "--disable-gpu", "--no-first-run", "--test-type")
    quiet = ("--disable-background-networking", "--password-store=basic", "--window-size=900,600", profile)
    process = desktop.start("chromium", *flags, *quiet, *more, address)
    try:
        _appeared(desktop, "Claim 7 - Expenses")
        yield address
    finally:
        process.terminate()
        process.wait(10)
        server.shutdown()
        server.server_close()


def _form(desktop: VirtualDesktop, title: str, *, at: tuple[int, int]) -> Iterator[Window]:
    process = desktop.start("/usr/bin/python3", str(HERE / "gtk_form.py"), title, str(at[0]), str(at[1]))
    try:
        yield _appeared(desktop, title)
    finally:
        process.kill()
        process.wait(10)


def _appeared(desktop: VirtualDesktop, title: str) -> Window:
    """The window with this title, once it has the focus; a moment more lets the programme draw it."""
    source = open_windows(desktop.environment["DISPLAY"])
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            stack = source.stack()
            window = stack.find(stack.focused)
            if window is not None and window.title.startswith(title):
                time.sleep(0.5)
                return window
            time.sleep(0.05)
    finally:
        source.close()
    raise AssertionError("the programme did not appear")
