"""The recorder that one writes first: pynput, mss and one PNG an action, with every event as a line of JSON.

It runs in the peers' environment, until SIGINT. The callbacks note and return; one thread takes the screenshots, so a
picture is as late as that thread is busy, and what it has not come to at the end has none.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from mss import mss
from mss.tools import to_png
from pynput import keyboard, mouse


class Naive:
    """Writes `events.jsonl` and `NUMBER.png` into a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder, self._number = folder, 0
        self._lines = (folder / "events.jsonl").open("w", encoding="utf-8", buffering=1)
        self._wanted: queue.SimpleQueue[int] = queue.SimpleQueue()

    def record(self) -> None:
        """Records; does not return."""
        threading.Thread(target=self._shoot, daemon=True).start()
        listeners = (
            mouse.Listener(on_move=self._moved, on_click=self._clicked, on_scroll=self._scrolled),
            keyboard.Listener(on_press=self._pressed, on_release=self._released),
        )
        for listener in listeners:
            listener.start()
            listener.wait()
        signal.signal(signal.SIGINT, self._end)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            signal.pause()

    def _end(self, *_signal: object) -> None:
        self._lines.close()
        os._exit(0)  # a listener of pynput ends only with the next event

    def _moved(self, x: int, y: int, *_injected: object) -> None:
        self._note("move", x=x, y=y)

    def _clicked(self, x: int, y: int, button: mouse.Button, pressed: bool, *_injected: object) -> None:  # noqa: FBT001
        self._note("button", x=x, y=y, button=button.name, pressed=pressed)

    def _scrolled(self, x: int, y: int, dx: int, dy: int, *_injected: object) -> None:
        self._note("scroll", x=x, y=y, dx=dx, dy=dy)

    def _pressed(self, key: object, *_injected: object) -> None:
        self._note("key", key=str(key), pressed=True)

    def _released(self, key: object, *_injected: object) -> None:
        self._note("key", key=str(key), pressed=False)

    def _note(self, kind: str, **facts: Any) -> None:  # noqa: ANN401  # JSON
        self._number += 1
        line = {"number": self._number, "kind": kind, "at_ns": time.monotonic_ns(), **facts}
        self._lines.write(json.dumps(line) + "\n")
        if kind == "scroll" or facts.get("pressed"):
            self._wanted.put(self._number)

    def _shoot(self) -> None:
        with mss() as screen:
            while True:
                number = self._wanted.get()
                picture = screen.grab(screen.monitors[0])
                to_png(picture.rgb, picture.size, output=str(self._folder / f"{number}.png"))


if __name__ == "__main__":
    Naive(Path(sys.argv[1])).record()
