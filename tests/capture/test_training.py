"""What an agent learns from comes out of the sealed queue: real widgets, a real recorder, and a reader with the key.

A choice from a list and a shortcut of a menu are recorded on a virtual screen, sealed, read back and looked at.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from capture.events import (
    Area,
    Effect,
    ElementSeen,
    Frame,
    FrameBound,
    PointerButton,
    Purpose,
    RawEvent,
    ScreenSettled,
    Shortcut,
    UiEffect,
    decode_event,
)
from capture.frames import Screen, TileReader
from capture.queue import QueueFolder, QueueReader, QueueWriter
from capture.segment import Intact
from capture.session import Clocks, SealingSession, SessionFacts
from capture.sources.base import SystemClock, Window
from optin.demo.hand import Hand
from tests.capture.desk import Sink, allowing, recording, title, url, wait_until
from tests.world import SESSION, opening, signing, unheard

COMBO, URGENT = (240, 75), (40, 147)
"""The drop-down list and the tick box of the form (gtk_widgets.py), from its window's upper left corner."""
CATEGORY = (104, 152)
"""The drop-down list of the page (widgets.html), from its window's upper left corner."""


@dataclass
class SealingSink(Sink):
    """Seals what it remembers."""

    session: SealingSession | None = None

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        assert self.session is not None
        self.session.commit(events)
        super().commit(events)

    def rotate(self) -> None:
        assert self.session is not None
        self.session.rotate()
        super().rotate()


@dataclass(frozen=True)
class Recorded:
    """What came out of the queue."""

    events: tuple[RawEvent, ...]

    def frame(self, at_ns: int) -> Screen:
        """The screen after the frame of this moment."""
        reader = TileReader()
        screens = {event.at_ns: reader.read(event) for event in self.events if isinstance(event, Frame)}
        return screens[at_ns]

    def presses(self) -> list[int]:
        """When a button went down."""
        return [event.at_ns for event in self.events if isinstance(event, PointerButton) and event.pressed]

    def clicked(self) -> list[tuple[str, str]]:
        """Role and name of what was clicked."""
        seen = (event for event in self.events if isinstance(event, ElementSeen) and event.purpose is Purpose.CLICK)
        return [(event.role, event.name) for event in seen]

    def effects(self, action_ns: int) -> set[tuple[Effect, str, str]]:
        """What an action did, to which role and name."""
        told = (event for event in self.events if isinstance(event, UiEffect) and event.action_ns == action_ns)
        return {(event.effect, event.role, event.name) for event in told}

    def before(self, action_ns: int) -> Screen:
        """The screen that an action was taken on."""
        (bound,) = (event for event in self.events if isinstance(event, FrameBound) and event.at_ns == action_ns)
        return self.frame(bound.frame_ns)

    def after(self, action_ns: int) -> Screen:
        """The screen that an action led to."""
        told = [event for event in self.events if isinstance(event, ScreenSettled) and event.action_ns == action_ns]
        return self.frame(told[-1].frame_ns)


@pytest.fixture
def folder(tmp_path: Path) -> QueueFolder:
    return QueueFolder(tmp_path / "queue")


@contextmanager
def sealing(folder: QueueFolder) -> Iterator[SealingSink]:
    """A sink that seals into a queue, and ends its segment."""
    clock = SystemClock()
    session = SealingSession(
        QueueWriter(folder),
        SessionFacts(SESSION, grant_digest="1" * 64, lease_digest="2" * 64, policy_digest="3" * 64),
        consent=opening("consent").public,
        device=signing("device"),
        clocks=Clocks(clock.wall_ms, clock.now_ns, clock.boot_ns),
        random=secrets.token_bytes,
        heard=unheard,
    )
    yield SealingSink(session=session)
    session.close()


def opened(folder: QueueFolder) -> Recorded:
    """What is in the queue, for the one who has the consent's key."""
    reader = QueueReader(folder, (signing("device").public,))
    parts = reader.session(SESSION)
    assert all(isinstance(part, Intact) for part in parts)
    records = (record for part in parts for record in reader.records(part, opening("consent")))
    return Recorded(tuple(decode_event(record) for record in records))


def lists(hand: Hand) -> list[Area]:
    """Where lists lie that are open; a speck beside the screen is none."""
    return [Area(box.left, box.top, box.width, box.height) for box in hand.popups() if box.width > 1]


def choose_the_second(hand: Hand, sink: Sink, *, at: tuple[int, int]) -> Area:
    """Opens the list at a place and clicks the second of its three entries; where the list was."""
    hand.click(at)
    wait_until(lambda: lists(hand))
    place = max(lists(hand), key=lambda area: area.height)
    wait_until(lambda: sink.of(ScreenSettled))
    hand.click((place.x + place.width // 2, place.y + place.height // 2))
    wait_until(lambda: len(sink.clicked) == 2)
    wait_until(lambda: len({event.action_ns for event in sink.of(ScreenSettled)}) == 2)
    return place


def last_row(screen: Screen, place: Area) -> bytes:
    """The pixels where the last of three entries lies: below the box that the list belongs to."""
    top = place.y + place.height * 3 // 4
    return screen[top : place.y + place.height - 4, place.x + 4 : place.x + place.width - 4].tobytes()


@pytest.fixture
def chosen_in_gtk(environment: dict[str, str], widgets: Window, hand: Hand, folder: QueueFolder) -> Area:
    """A choice from a list of GTK lies in the queue; where the list was."""
    with sealing(folder) as sink, recording(environment, allowing(title("gadgets")), into=sink):
        wait_until(sink.screens)
        time.sleep(0.5)
        return choose_the_second(hand, sink, at=(widgets.area.x + COMBO[0], widgets.area.y + COMBO[1]))


@pytest.fixture
def chosen_in_chromium(environment: dict[str, str], widgets_page: Window, hand: Hand, folder: QueueFolder) -> Area:
    """A choice from a list of a page lies in the queue; where the list was."""
    at = (widgets_page.area.x + CATEGORY[0], widgets_page.area.y + CATEGORY[1])
    with sealing(folder) as sink, recording(environment, allowing(url("expenses.localhost*")), into=sink):
        wait_until(sink.screens)
        time.sleep(0.5)
        return choose_the_second(hand, sink, at=at)


def test_a_choice_from_a_list_of_gtk_comes_out_with_roles_names_and_the_screens_before_and_after(
    chosen_in_gtk: Area, folder: QueueFolder
) -> None:
    raw = opened(folder)
    _, choosing_click = raw.presses()
    assert raw.clicked()[1] == ("menu item", "Meals")
    assert (Effect.SELECTED, "menu item", "Meals") in raw.effects(choosing_click)
    shows_list(raw, chosen_in_gtk)


def test_a_choice_from_a_list_of_a_page_comes_out_with_roles_names_and_the_screens_before_and_after(
    chosen_in_chromium: Area, folder: QueueFolder
) -> None:
    raw = opened(folder)
    opening_click, choosing_click = raw.presses()
    assert raw.clicked() == [("combo box", "Category"), ("menu item", "Meals")]
    assert (Effect.EXPANDED, "combo box", "Category") in raw.effects(opening_click)
    assert (Effect.SELECTED, "menu item", "Meals") in raw.effects(choosing_click)
    shows_list(raw, chosen_in_chromium)


def shows_list(raw: Recorded, place: Area) -> None:
    """The list is closed before the first click, open after it and before the second, and closed after that."""
    opening_click, choosing_click = raw.presses()
    closed, opened_list = last_row(raw.before(opening_click), place), last_row(raw.after(opening_click), place)
    assert closed != opened_list
    assert last_row(raw.after(choosing_click), place) == closed
    assert last_row(raw.before(choosing_click), place) != closed


def test_a_shortcut_of_a_menu_comes_out_with_its_command_and_the_menu_where_it_is(
    environment: dict[str, str], widgets: Window, hand: Hand, folder: QueueFolder
) -> None:
    with sealing(folder) as sink, recording(environment, allowing(title("gadgets")), into=sink):
        hand.click((widgets.area.x + URGENT[0], widgets.area.y + URGENT[1]))
        wait_until(lambda: _is_known(sink, hand))
    told = [event for event in opened(folder).events if isinstance(event, Shortcut)]
    assert (told[-1].keys, told[-1].command, told[-1].menu) == (("ctrl", "s"), "Save", ("File",))


def _is_known(sink: Sink, hand: Hand) -> bool:
    """Plays the chord until its command has been learned from the menu."""
    shortcuts = len(sink.of(Shortcut))
    hand.chord("ctrl+s")
    wait_until(lambda: len(sink.of(Shortcut)) > shortcuts)
    return bool(sink.of(Shortcut)[-1].command)
