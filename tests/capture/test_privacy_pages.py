"""Private windows, other addresses and passwords in pages never get into a recording: Chromium on a virtual screen.

The pages do what a test tells them, so that they change while the recorder looks at them.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from capture.events import Area, ElementSeen, GapReason, Key, PointerButton, WindowFocused
from capture.sources.base import Window
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from optin.demo.programs import end_program
from tests.capture.arrange import Arranger
from tests.capture.desk import Sink, allowing, appeared, recording, title, type_until_judged, url, wait_until
from tests.capture.pages import HOST, Page, Pages

SHOWN = 0x14A05A
FORBIDDEN = 0xD4145A
CLAIM = Page("Claim 7 - Expenses", SHOWN, "<input aria-label=Name autofocus>")
DIARY = Page("Dear diary", FORBIDDEN, "<input aria-label=Entry autofocus>")
SIGN_IN = Page(
    "Sign in",
    SHOWN,
    "<input aria-label=Word type=password autofocus value=hunter2 style='background:#d4145a'><input aria-label=Name>",
)
LONG = Page(
    "Long sign in",
    SHOWN,
    "<input aria-label=Name autofocus><div style='height:420px'></div>"
    "<input aria-label=Word type=password value=hunter2 style='background:#d4145a'><div style='height:2000px'></div>",
)
EVERY = (url(f"{HOST}/*"), title("*"))
ONLY_CLAIMS = url(f"{HOST}/claim*")
LEFT, RIGHT = Area(0, 0, 600, 600), Area(640, 60, 560, 600)
_FLAGS = (
    *("--force-renderer-accessibility", "--force-color-profile=srgb", "--no-sandbox", "--disable-gpu", "--test-type"),
    *("--no-first-run", "--disable-background-networking", "--disable-background-timer-throttling"),
    *("--disable-renderer-backgrounding", "--password-store=basic", "--disable-features=Translate"),
)


class Browser:
    """One Chromium whose windows show pages that the tests steer."""

    def __init__(self, desktop: VirtualDesktop, pages: Pages) -> None:
        self._desktop, self.pages = desktop, pages
        self._command = ("chromium", *_FLAGS, f"--user-data-dir={desktop.environment['HOME']}/{pages.port}")
        self.process: subprocess.Popen[bytes] | None = None

    def open(self, name: str, *more: str) -> Window:
        """The window of its own that shows the page of this name, once it has the focus."""
        page, address = self.pages.page(name), self.pages.address(name)
        process = self._desktop.start(*self._command, "--new-window", *more, address)
        self.process = self.process or process
        wait_until(lambda: self.pages.is_open(name))
        return appeared(self._desktop.environment, page.title)

    def end(self) -> None:
        """Ends all of it."""
        if self.process is not None:
            end_program(self.process)

    def go(self, old: str, new: str) -> None:
        """Leads the window that shows one page to another, and waits until that is there."""
        self.pages.leave(old, f"location.assign('/{new}')")
        wait_until(lambda: self.pages.is_open(new))


@pytest.fixture
def claim(desktop: VirtualDesktop, arranger: Arranger) -> Iterator[Browser]:
    """A browser with one window, which shows a claim."""
    with Pages() as pages:
        for name, page in {"claim": CLAIM, "diary": DIARY, "sign-in": SIGN_IN, "long": LONG}.items():
            pages.add(name, page)
        browser = Browser(desktop, pages)
        browser.open("claim")
        arranger.place(CLAIM.title, LEFT)
        yield browser
        browser.end()


def typed_names(sink: Sink) -> set[str]:
    return {event.name for event in sink.of(Key)}


def test_a_private_window_beside_an_allowed_one_of_the_same_browser_gives_nothing(
    environment: dict[str, str], claim: Browser, arranger: Arranger, hand: Hand
) -> None:
    with recording(environment, allowing(*EVERY)) as sink:
        wait_until(lambda: "Name" in sink.focused)
        private = claim.open("diary", "--incognito")
        arranger.place(DIARY.title, RIGHT)
        hand.click((RIGHT.x + 200, RIGHT.y + 300))
        type_until_judged(hand, sink, text="xyz")
        for x in (300, 100, 500, 200, 640):
            arranger.place(DIARY.title, Area(x, 60, 560, 600))
            arranger.activate(CLAIM.title if x == 500 else DIARY.title)
            time.sleep(0.15)
        told = len(sink.focused)
        arranger.activate(CLAIM.title)
        wait_until(lambda: len(sink.focused) > told and sink.showing(SHOWN)[-1] > 0)
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert private.title.startswith(DIARY.title)
    assert sink.typed == "abc"
    assert not {"x", "y", "z"} & typed_names(sink)
    assert not any(sink.showing(FORBIDDEN))
    assert not sink.of(PointerButton)
    assert {event.url for event in sink.of(WindowFocused)} <= {claim.pages.address("claim")}
    assert "Entry" not in {event.name for event in sink.of(ElementSeen)}
    assert GapReason.NOT_ALLOWED in sink.refused("keyboard")


def test_what_is_typed_and_shown_after_a_link_to_another_address_is_not_kept(
    environment: dict[str, str], claim: Browser, hand: Hand
) -> None:
    with recording(environment, allowing(ONLY_CLAIMS)) as sink:
        wait_until(lambda: "Name" in sink.focused and any(sink.showing(SHOWN)))
        hand.type("abc")
        wait_until(lambda: sink.typed == "abc")
        claim.go("claim", "diary")
        type_until_judged(hand, sink, text="xyz")
        wait_until(lambda: not sink.showing(SHOWN)[-1])
        claim.go("diary", "claim")
        wait_until(lambda: sink.showing(SHOWN)[-1])
        hand.type("def")
        wait_until(lambda: sink.typed.endswith("def"))
    assert sink.typed == "abcdef"
    assert not any(sink.showing(FORBIDDEN))
    assert {event.url for event in sink.of(WindowFocused)} == {claim.pages.address("claim")}
    assert GapReason.NOT_ALLOWED in sink.refused("keyboard")


def test_what_is_typed_and_shown_after_a_script_changed_the_address_is_not_kept(
    environment: dict[str, str], claim: Browser, hand: Hand
) -> None:
    elsewhere = "history.pushState({}, '', '/elsewhere'); document.documentElement.style.background = '#d4145a'"
    with recording(environment, allowing(ONLY_CLAIMS)) as sink:
        wait_until(lambda: "Name" in sink.focused and any(sink.showing(SHOWN)))
        claim.pages.do("claim", elsewhere)
        type_until_judged(hand, sink, text="xyz")
        wait_until(lambda: not sink.showing(SHOWN)[-1])
        claim.pages.do(
            "claim", "document.documentElement.style.background = '#14a05a'; history.pushState({}, '', '/claim')"
        )
        wait_until(lambda: sink.showing(SHOWN)[-1])
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert sink.typed == "abc"
    assert not any(sink.showing(FORBIDDEN))
    assert GapReason.NOT_ALLOWED in sink.refused("keyboard")


def test_a_browser_that_does_not_answer_is_blank_and_its_keys_are_not_kept(
    environment: dict[str, str], claim: Browser, hand: Hand
) -> None:
    assert claim.process is not None
    with recording(environment, allowing(*EVERY)) as sink:
        wait_until(lambda: "Name" in sink.focused and any(sink.showing(SHOWN)))
        claim.process.send_signal(signal.SIGSTOP)
        try:
            type_until_judged(hand, sink, text="xyz")
            wait_until(lambda: not sink.showing(SHOWN)[-1])
        finally:
            claim.process.send_signal(signal.SIGCONT)
        wait_until(lambda: sink.showing(SHOWN)[-1])
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert sink.typed == "abc"


def test_a_password_typed_into_a_field_with_autofocus_is_not_kept_and_what_follows_is(
    environment: dict[str, str], claim: Browser, hand: Hand
) -> None:
    with recording(environment, allowing(*EVERY)) as sink:
        wait_until(lambda: "Name" in sink.focused)
        claim.go("claim", "sign-in")
        hand.type("xyz")
        wait_until(lambda: "Word" in sink.focused)
        type_until_judged(hand, sink, text="xyz")
        hand.chord("tab")
        wait_until(lambda: sink.focused[-1] == "Name")
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert sink.typed == "abc"
    assert not {"x", "y", "z"} & typed_names(sink)
    assert not any(sink.showing(FORBIDDEN))
    assert GapReason.PASSWORD_FIELD in sink.refused("keyboard")


def test_a_password_field_of_a_page_is_blank_while_it_is_scrolled_and_its_window_moved(
    environment: dict[str, str], claim: Browser, arranger: Arranger, hand: Hand
) -> None:
    with recording(environment, allowing(*EVERY)) as sink:
        wait_until(lambda: any(sink.showing(SHOWN)))
        claim.go("claim", "long")
        wait_until(lambda: LONG.title in {event.title[: len(LONG.title)] for event in sink.of(WindowFocused)})
        hand.move((LEFT.x + 300, LEFT.y + 300))
        for notches in (1, 1, -2, 2, -2):
            hand.scroll(notches)
            time.sleep(0.3)
        for x in (300, 600, 100):
            arranger.place(LONG.title, Area(x, 40, 600, 600))
            time.sleep(0.3)
        wait_until(lambda: sink.showing(SHOWN)[-1])
    assert len(sink.screens()) > 3
    assert not any(sink.showing(FORBIDDEN))


def test_a_password_that_a_script_shows_stays_out_of_keys_and_pixels(
    environment: dict[str, str], claim: Browser, hand: Hand
) -> None:
    with recording(environment, allowing(*EVERY)) as sink:
        wait_until(lambda: any(sink.showing(SHOWN)))
        claim.go("claim", "sign-in")
        wait_until(lambda: "Word" in sink.focused)
        claim.pages.do("sign-in", "document.querySelector('input').type = 'text'")
        type_until_judged(hand, sink, text="xyz")
        hand.chord("tab")
        wait_until(lambda: sink.focused[-1] == "Name")
        hand.chord("shift+tab")
        hand.type("xyz")
        hand.chord("tab")
        hand.type("abc")
        wait_until(lambda: sink.typed.endswith("abc"))
    assert sink.typed == "abc"
    assert not {"x", "y", "z"} & typed_names(sink)
    assert not any(sink.showing(FORBIDDEN))
    assert GapReason.PASSWORD_FIELD in sink.refused("keyboard")
