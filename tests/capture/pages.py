"""Pages that a test steers: names and bodies go in, addresses come out; scripts are run inside the page that shows."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from tests.capture.desk import wait_until

HOST: Final = "expenses.localhost"
_PAGE: Final = """<!doctype html><html lang=en><meta charset=utf-8><title>%(title)s</title>
<style>html{background:%(colour)s} body{margin:20px;font:16px sans-serif}
input,select,button,a{display:block;width:300px;height:40px;margin:10px}</style>%(body)s
<script>
(async () => {
  for (let done = 0; ;) {
    const told = await (await fetch(`/word/%(name)s?load=%(load)d&done=${done}`)).json();
    if (told !== null) { new Function(told)(); done += 1 } else { await new Promise(go => setTimeout(go, 40)) }
  }
})()
</script></html>"""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is called, the colour behind it (0xRRGGBB), and what is in it."""

    title: str
    colour: int
    body: str


class Pages:
    """A context manager that serves on loopback; a page that is loaded anew has heard nothing."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.pages = self  # type: ignore[attr-defined]  # the server makes its handlers itself
        self._pages: dict[str, Page] = {}
        self._loads: dict[str, int] = {}
        self._words: dict[str, list[str]] = {}
        self._done: dict[str, int] = {}
        self._leaving: set[str] = set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    def add(self, name: str, page: Page) -> None:
        """Serves a page under this name."""
        self._pages[name] = page

    def page(self, name: str) -> Page:
        """The page of this name."""
        return self._pages[name]

    def address(self, name: str) -> str:
        """Where the page of this name is."""
        return f"http://{HOST}:{self.port}/{name}"

    def do(self, name: str, script: str) -> None:
        """Has the page of this name run a script, and returns when it has."""
        words = self._words[name]
        words.append(script)
        wait_until(lambda: self._words.get(name) is not words or self._done[name] >= len(words))

    def leave(self, name: str, script: str) -> None:
        """Has the page of this name run a script that ends it."""
        self._leaving.add(name)
        self._words[name].append(script)
        wait_until(lambda: name not in self._done)

    def is_open(self, name: str) -> bool:
        """Whether this page was loaded and has asked what to do."""
        return name in self._done

    def answer(self, address: str) -> tuple[str, bytes] | None:
        """The type and the bytes of what lies at a path, None if nothing does."""
        parts = urlsplit(address)
        if parts.path.startswith("/word/"):
            asked = {key: int(value[0]) for key, value in parse_qs(parts.query).items()}
            word = self._word(parts.path.removeprefix("/word/"), load=asked["load"], done=asked["done"])
            return "application/json", json.dumps(word).encode()
        name = parts.path.strip("/")
        return ("text/html", self._page(name).encode()) if name in self._pages else None

    def _word(self, name: str, *, load: int, done: int) -> str | None:
        if load != self._loads[name]:
            return None
        if done >= len(self._words[name]):
            self._done[name] = done
            return None
        if name in self._leaving:
            self._forget(name)
        return self._words[name][done]

    def _forget(self, name: str) -> None:
        """From here on what the page that was loaded last asks is not heard."""
        self._leaving.discard(name)
        self._done.pop(name, None)
        self._loads[name] = self._loads.get(name, 0) + 1

    def _page(self, name: str) -> str:
        page = self._pages[name]
        self._forget(name)
        self._words[name] = []
        facts = {"title": page.title, "colour": f"#{page.colour:06x}", "body": page.body}
        return _PAGE % (facts | {"name": name, "load": self._loads[name]})


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        pages: Pages = self.server.pages  # type: ignore[attr-defined]
        found = pages.answer(self.path)
        kind, body = ("text/plain", b"") if found is None else found
        self.send_response(404 if found is None else 200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""
