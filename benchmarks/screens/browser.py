"""A Chromium that draws pages: HTML and a look enter, a PNG and what stands where leave.

It is spoken to over a pair of pipes, so no port is opened; it has a profile of its own in a temporary folder, loads
nothing from anywhere, and ends with the context.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.screens.looks import Look
from optin.demo.programs import QUIET_BROWSER, end_program, find_programs

_HERE: Final = Path(__file__).parent
_PATIENCE_SECONDS: Final = 90.0
_FLAGS: Final = (
    *QUIET_BROWSER,
    "--headless=new",
    "--remote-debugging-pipe",
    "--hide-scrollbars",
    "--font-render-hinting=slight",
    "--force-color-profile=srgb",
)
# The browser reads commands from 3 and writes answers to 4; a shell puts the pipes there.
_PIPED: Final = 'exec "$@" 3<&"$OPTIN_SCREENS_IN" 4>&"$OPTIN_SCREENS_OUT"'


class BrowserFailed(RuntimeError):
    """The browser did not do what it was asked, or went away."""


class Browser:
    """A context manager; inside it `show`, `run`, `shot` and `tree` work on one page."""

    def __init__(self) -> None:
        self._number = 0
        self._rest = b""
        self._answers: dict[int, Mapping[str, Any]] = {}
        self._session = ""
        self._frame = ""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="optin-screens-", ignore_cleanup_errors=True)
        there, self._write = os.pipe()
        self._read, back = os.pipe()
        self._process = self._start(there, back)
        os.close(there)
        os.close(back)
        try:
            self._attach()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._write)  # the browser ends when its commands do
        end_program(self._process)
        os.close(self._read)
        self._folder.cleanup()

    def _start(self, there: int, back: int) -> subprocess.Popen[bytes]:
        program = find_programs(("chromium",))["chromium"]
        # Chromium's own sandbox refuses to run as root, as in a container.
        more = ("--no-sandbox",) if os.geteuid() == 0 else ()
        own = f"--user-data-dir={self._folder.name}"
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": self._folder.name,
            "LANG": "C.UTF-8",
            "OPTIN_SCREENS_IN": str(there),
            "OPTIN_SCREENS_OUT": str(back),
        }
        return subprocess.Popen(
            ["bash", "-c", _PIPED, "bash", program, *_FLAGS, *more, own, "about:blank"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=(there, back),
        )

    def _attach(self) -> None:
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask_all((name, {}) for name in ("Page.enable", "DOM.enable", "Accessibility.enable"))
        self._frame = self.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def ask(self, method: str, **parameters: object) -> Mapping[str, Any]:
        """The answer to one command; BrowserFailed when it is an error."""
        answer = self._await((self._send(method, parameters),))[0]
        if "error" in answer:
            raise BrowserFailed(f"{method}: {answer['error'].get('message', 'no reason given')}")
        return dict(answer["result"])

    def ask_all(self, asked: Iterable[tuple[str, Mapping[str, object]]]) -> tuple[Mapping[str, Any], ...]:
        """The answers to many commands, in their order; an empty one where a command failed."""
        numbers = tuple(self._send(method, parameters) for method, parameters in asked)
        return tuple(answer.get("result", {}) for answer in self._await(numbers))

    def show(self, html: str, look: Look) -> None:
        """Draws a page; pictures of it are `look.width` times `look.scale` pixels wide."""
        size = {"width": look.width, "height": look.height, "deviceScaleFactor": look.scale, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self.ask("Page.setDocumentContent", frameId=self._frame, html=html)
        self.run((_HERE / "paint.js").read_text("utf-8"))
        self.run("document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => done(1))))")

    def run(self, script: str) -> Any:  # noqa: ANN401  # what a script gives back is its own affair
        """The value of a script in the page, once it is known."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            told = answer["exceptionDetails"]
            raise BrowserFailed(f"a script failed: {told.get('exception', told).get('description', told['text'])}")
        return answer["result"].get("value")

    def measure(self) -> Mapping[str, Any]:
        """Words and targets of the page, as measure.js tells them."""
        return dict(self.run((_HERE / "measure.js").read_text("utf-8")))

    def shot(self) -> bytes:
        """The page as a PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def tree(self) -> tuple[tuple[str, str, tuple[float, ...]], ...]:
        """Role, name and border quad in CSS pixels of each widget of the accessibility tree that has a place."""
        self.ask("DOM.getDocument", depth=0)
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        seen = [node for node in nodes if not node.get("ignored") and "backendDOMNodeId" in node]
        asked = (("DOM.getBoxModel", {"backendNodeId": node["backendDOMNodeId"]}) for node in seen)
        boxes = self.ask_all(asked)
        return tuple(
            (str(node["role"]["value"]), str(node.get("name", {}).get("value", "")), tuple(box["model"]["border"]))
            for node, box in zip(seen, boxes, strict=True)
            if box
        )

    def _send(self, method: str, parameters: Mapping[str, object]) -> int:
        self._number += 1
        message: dict[str, object] = {"id": self._number, "method": method, "params": dict(parameters)}
        if self._session:
            message["sessionId"] = self._session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._write, data) :]
        return self._number

    def _await(self, numbers: tuple[int, ...]) -> tuple[Mapping[str, Any], ...]:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not all(number in self._answers for number in numbers):
            if not select.select((self._read,), (), (), max(0.0, deadline - time.monotonic()))[0]:
                raise BrowserFailed("the browser did not answer. Is the machine very busy?")
            self._take(os.read(self._read, 1 << 20))
        return tuple(self._answers.pop(number) for number in numbers)

    def _take(self, data: bytes) -> None:
        if not data:
            raise BrowserFailed("the browser went away. Start chromium by hand to see why.")
        *messages, self._rest = (self._rest + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self._answers[message["id"]] = message
