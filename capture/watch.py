"""Samples of the windows with the decision on each: windows and rules go in, a `Sample` comes out.

It asks browsers for the address that they show, no other programme, and keeps decisions in memory only. Rules:
1. A popup takes the decision of the focused window, if it belongs to it; any other popup is not captured.
2. What a browser does not tell is unknown, and unknown is not captured unless a title rule says so (`capture.allow`).
3. A browser window that was captured and no longer tells its address is in doubt for `DOUBT_NS`, then not captured.
4. An address is believed for `ADDRESS_NS` and only under the same title. A sample that need not be fresh may be older
   in that, as long as a fresh one follows before anything that rests on it is judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from capture.allow import Browsing, Rules, is_browser
from capture.focus import ADDRESS_NS, Sample, belongs
from capture.sources.base import Clock, Document, Sources, Window, WindowStack

DOUBT_NS: Final = 800_000_000
"""How long a page may take to say its address after a link was followed; measured on Chromium: up to half a second."""
_MOST_DECISIONS: Final = 500

_Question = tuple[str, str, str | None, Browsing]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a browser window answered, and when."""

    title: str
    at_ns: int
    document: Document | None


class Watch:
    """Looks at the windows and decides which are captured."""

    def __init__(self, sources: Sources, *, rules: Rules, clock: Clock) -> None:
        self._windows, self._elements = sources.windows, sources.elements
        self._rules, self._clock = rules, clock
        self._asked: dict[int, _Asked] = {}
        self._decided: dict[_Question, bool] = {}
        self._sure_ns: dict[int, int] = {}

    def sample(self, *, believing_ns: int = ADDRESS_NS) -> Sample:
        """How the windows lie now and which are captured; `SourceFailed` when the display has gone.

        An address that a browser told is believed for `believing_ns`.
        """
        began = self._clock.now_ns()
        stack = self._windows.stack()
        documents = {
            window.id: self._document(window, began - believing_ns)
            for window in stack.windows
            if window.draws and not window.popup and is_browser(window.app)
        }
        self._asked = {window_id: asked for window_id, asked in self._asked.items() if window_id in documents}
        captured = self._captured(stack, documents)
        urls = tuple((key, shown.url) for key, shown in documents.items() if shown is not None and shown.url)
        doubtful = self._doubtful(documents, captured, began)
        asked = min((asked.at_ns for asked in self._asked.values()), default=None)
        return Sample(began, self._clock.now_ns(), stack, captured, urls, doubtful, asked)

    def _doubtful(self, documents: dict[int, Document | None], captured: frozenset[int], now_ns: int) -> frozenset[int]:
        """The browser windows of which nobody can tell for the moment whether they are still captured."""
        told = {key for key, shown in documents.items() if shown is not None and shown.url is not None}
        for key in documents:
            if key in captured:
                self._sure_ns[key] = now_ns
            elif key in told or now_ns - self._sure_ns.get(key, now_ns) > DOUBT_NS:
                self._sure_ns.pop(key, None)
        self._sure_ns = {key: at_ns for key, at_ns in self._sure_ns.items() if key in documents}
        return frozenset(self._sure_ns) - captured

    def _captured(self, stack: WindowStack, documents: dict[int, Document | None]) -> frozenset[int]:
        plain = {
            window.id
            for window in stack.windows
            if window.draws and not window.popup and self._decide(window, documents)
        }
        focused = stack.find(stack.focused)
        if focused is None or focused.id not in plain:
            return frozenset(plain)
        popups = {window.id for window in stack.windows if window.popup and belongs(window, focused)}
        return frozenset(plain | popups)

    def _decide(self, window: Window, documents: dict[int, Document | None]) -> bool:
        if not window.app or not window.pid:
            return False  # nobody knows whose it is
        document = documents.get(window.id)
        browsing = _browsing(document) if window.id in documents else Browsing.NORMAL
        question = (window.app, window.title, None if document is None else document.url, browsing)
        if question not in self._decided:
            if len(self._decided) >= _MOST_DECISIONS:
                self._decided.clear()
            decision = self._rules.decide(window.app, window.title, url=question[2], browsing=browsing)
            self._decided[question] = decision.captured
        return self._decided[question]

    def _document(self, window: Window, oldest_ns: int) -> Document | None:
        asked = self._asked.get(window.id)
        if asked is None or asked.title != window.title or asked.at_ns < oldest_ns:
            asked = _Asked(window.title, self._clock.now_ns(), self._elements.document(window))
            self._asked[window.id] = asked
        return asked.document


def _browsing(document: Document | None) -> Browsing:
    if document is None:
        return Browsing.UNKNOWN
    return Browsing.PRIVATE if document.private else Browsing.NORMAL
