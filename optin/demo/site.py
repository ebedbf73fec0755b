"""A small local web site comes out: business pages with planted values, and the truth about what was seen of them.

Pages are looked up by host name, so an allow-list of addresses has something to decide. Each page reports which
values really lay within its window, where its widgets are, and what was chosen and typed; of texts the site keeps the
ids only. It listens on 127.0.0.1, serves the files of its own folder and nothing else, and logs nothing.
"""

from __future__ import annotations

import html
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self
from urllib.parse import quote_plus, urlsplit

from optin.demo.accessible import Rectangle
from optin.demo.planted import DENIED_PAGES, Channel, Page, Planted

HOSTS: Final = MappingProxyType(
    {
        Page.SIGN_IN: "expenses.localhost",
        Page.REPORT: "expenses.localhost",
        Page.MEMO: "expenses.localhost",
        Page.ACCOUNT: "crm.localhost",
        Page.CASE: "crm.localhost",
        Page.INTEGRATIONS: "crm.localhost",
        Page.PORTAL: "portal.health.localhost",
        Page.PAYROLL: "payroll.localhost",
        Page.CHAT: "chat.localhost",
        Page.REVIEWS: "reviews.hr.localhost",
    }
)
ALLOWED_HOSTS: Final = frozenset(host for page, host in HOSTS.items() if page not in DENIED_PAGES)
_STATIC: Final = MappingProxyType({"/style.css": "text/css", "/page.js": "text/javascript"})
_PLACEHOLDER: Final = re.compile(r"\[\[(?:(?P<kind>secret|text|query):(?P<id>[a-z-]+)|menubar)\]\]")
_LARGEST_REPORT: Final = 64 * 1024


class PageSilent(TimeoutError):
    """A page did not report what was waited for."""


@dataclass(frozen=True, slots=True)
class View:
    """One report of a page, pixels throughout.

    `located` tells that the page knows where it lies on the screen, which it learns from the first pointer event;
    `born` is when it was opened, in milliseconds since 1970; `number` counts the reports from 1.
    """

    page: Page
    widgets: Mapping[str, Rectangle]
    located: bool
    scrolled: int
    born: float
    number: int


@dataclass(frozen=True, slots=True)
class MenuChoice:
    """A menu item that was chosen, as the program under the pointer says."""

    program: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DropdownChoice:
    """An option of a drop-down list that was chosen, as the page says."""

    page: Page
    field: str
    option: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that pages have reported so far; of planted values the ids only."""

    shown: frozenset[str]
    typed: frozenset[str]
    menu_choices: tuple[MenuChoice, ...]
    dropdown_choices: tuple[DropdownChoice, ...]
    tabs: tuple[str, ...]
    shortcuts: tuple[str, ...]
    arrivals: tuple[Page, ...]


@dataclass(slots=True)
class _Book:
    shown: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)
    menu_choices: list[MenuChoice] = field(default_factory=list)
    dropdown_choices: list[DropdownChoice] = field(default_factory=list)
    tabs: list[str] = field(default_factory=list)
    shortcuts: list[str] = field(default_factory=list)
    arrivals: list[Page] = field(default_factory=list)
    view: View | None = None
    offset: tuple[int, int] | None = None


class DemoSite:
    """A context manager; inside it the pages are served and `facts` and `wait_for` tell what happened on them."""

    def __init__(self, planted: tuple[Planted, ...]) -> None:
        self._planted = MappingProxyType({secret.id: secret for secret in planted})
        self._typed = tuple(secret for secret in planted if secret.channel is not Channel.SCREEN)
        self._book = _Book()
        self._news = threading.Condition()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        """The TCP port on 127.0.0.1."""
        return int(self._server.server_address[1])

    def address(self, page: Page) -> str:
        """The URL of a page."""
        return f"http://{HOSTS[page]}:{self.port}/{page}"

    def facts(self) -> Facts:
        """What has been reported up to now."""
        with self._news:
            book = self._book
            return Facts(
                shown=frozenset(book.shown),
                typed=frozenset(book.typed),
                menu_choices=tuple(book.menu_choices),
                dropdown_choices=tuple(book.dropdown_choices),
                tabs=tuple(book.tabs),
                shortcuts=tuple(book.shortcuts),
                arrivals=tuple(book.arrivals),
            )

    def view(self) -> View | None:
        """The newest report of any page, or None before the first."""
        with self._news:
            return self._book.view

    def wait_for(self, happened: Callable[[], bool], *, what: str, seconds: float = 15.0) -> None:
        """Returns when `happened` holds; it is asked after each report. PageSilent when it stays away."""
        deadline = time.monotonic() + seconds
        while not happened():
            left = deadline - time.monotonic()
            if left <= 0:
                raise PageSilent(f"The demo waited {seconds:.0f} s for this: {what}.")
            with self._news:
                self._news.wait(min(left, 0.1))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def render(self, page: Page) -> str:
        """The page's HTML with its planted values."""
        return _PLACEHOLDER.sub(self._filled, _text(f"{page}.html"))

    def _filled(self, match: re.Match[str]) -> str:
        if match["kind"] is None:
            return _text("menubar.html")
        secret = self._planted[match["id"]]
        if match["kind"] == "query":
            return quote_plus(secret.value)
        text = html.escape(secret.value)
        return text if match["kind"] == "text" else f'<span data-secret="{secret.id}">{text}</span>'

    def note(self, report: Mapping[str, Any]) -> None:
        """Takes in one report of a page; a report of an unknown page or kind is a ValueError."""
        page = Page(report["page"])
        with self._news:
            if report["offset"] is not None:
                self._book.offset = (int(report["offset"][0]), int(report["offset"][1]))
            _KINDS[report["kind"]](self, page, report)
            self._news.notify_all()

    def _note_view(self, page: Page, report: Mapping[str, Any]) -> None:
        book = self._book
        book.shown.update(name for name in report["shown"] if name in self._planted)
        born = float(report["born"])
        if book.view is not None and born < book.view.born:
            return  # the last word of a page that was left meanwhile
        if book.view is None or book.view.page is not page:
            book.arrivals.append(page)
        number = 1 if book.view is None else book.view.number + 1
        left, top = book.offset or (0, 0)
        widgets = {name: Rectangle(x + left, y + top, w, h) for name, (x, y, w, h) in report["widgets"].items()}
        book.view = View(
            page, MappingProxyType(widgets), book.offset is not None, int(report["scrolled"]), born, number
        )

    def _note_menu(self, _page: Page, report: Mapping[str, Any]) -> None:
        self._book.menu_choices.append(MenuChoice("chromium", tuple(report["path"])))

    def _note_dropdown(self, page: Page, report: Mapping[str, Any]) -> None:
        self._book.dropdown_choices.append(DropdownChoice(page, str(report["name"]), str(report["option"])))

    def _note_tab(self, _page: Page, report: Mapping[str, Any]) -> None:
        self._book.tabs.append(str(report["name"]))

    def _note_shortcut(self, _page: Page, report: Mapping[str, Any]) -> None:
        self._book.shortcuts.append(str(report["keys"]))

    def _note_typed(self, _page: Page, report: Mapping[str, Any]) -> None:
        self._book.typed.update(secret.id for secret in self._typed if secret.value in report["text"])


_KINDS: Final[Mapping[str, Callable[[DemoSite, Page, Mapping[str, Any]], None]]] = MappingProxyType(
    {
        "view": DemoSite._note_view,  # noqa: SLF001
        "menu": DemoSite._note_menu,  # noqa: SLF001
        "dropdown": DemoSite._note_dropdown,  # noqa: SLF001
        "tab": DemoSite._note_tab,  # noqa: SLF001
        "shortcut": DemoSite._note_shortcut,  # noqa: SLF001
        "typed": DemoSite._note_typed,  # noqa: SLF001
    }
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, site: DemoSite) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site = site


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30.0

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in _STATIC:
            self._answer(HTTPStatus.OK, _text(path[1:]), _STATIC[path])
            return
        page = next((page for page, host in HOSTS.items() if (host, f"/{page}") == (self._host(), path)), None)
        if page is None:
            self._answer(HTTPStatus.NOT_FOUND, "Not found", "text/plain")
            return
        self._answer(HTTPStatus.OK, self.server.site.render(page), "text/html")

    def do_POST(self) -> None:
        untrusted_body = self.rfile.read(min(int(self.headers.get("Content-Length", "0")), _LARGEST_REPORT))
        if self.path == "/session":  # any account may sign in; what was typed is not kept
            self._redirect(f"/{Page.REPORT}")
            return
        try:
            self.server.site.note(json.loads(untrusted_body))
        except (ValueError, KeyError, TypeError):
            self._answer(HTTPStatus.BAD_REQUEST, "Not a report", "text/plain")
            return
        self._answer(HTTPStatus.OK, "{}", "application/json")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keeps silent: addresses of pages hold planted values."""

    def _host(self) -> str:
        return self.headers.get("Host", "").partition(":")[0]

    def _redirect(self, place: str) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _answer(self, status: HTTPStatus, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def _text(name: str) -> str:
    return files("optin.demo").joinpath("pages", name).read_text(encoding="utf-8")
