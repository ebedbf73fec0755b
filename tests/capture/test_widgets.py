"""What real programmes tell of their widgets over a real accessibility bus: targets, effects, secrets, commands."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from capture.events import Area, Effect
from capture.sources.atspi_effects import ASKED_AT_ONCE
from capture.sources.atspi_keys import chord
from capture.sources.atspi_source import AtspiElements, open_elements
from capture.sources.base import Command, Effected, SourceFailed, Window, WindowSource, holds
from capture.sources.x11_source import open_windows
from optin.demo.desktop import VirtualDesktop
from optin.demo.hand import Hand
from tests.capture.desk import wait_until

Point = tuple[int, int]
Told = tuple[Effect, str, str]

# Places in the form (gtk_widgets.py), from its window's upper left corner.
FILE, EDIT, LIST, MORE, URGENT = (20, 39), (60, 39), (240, 75), (240, 111), (40, 147)
PAPER, SCREEN, WORD = (40, 183), (90, 183), (240, 220)
SUMMARY, DETAILS, PAGE_TEXT = (50, 256), (140, 256), (250, 292)
ARROW, YEAR, LAST_YEAR = (11, 346), (100, 346), (100, 369)
# Places in the page (widgets.html), from the upper left corner of what the browser shows.
NAME, CATEGORY, ACTIONS, URGENT_BOX = (100, 25), (100, 65), (100, 105), (140, 145)
TABS, MORE_BUTTON, SECRET, REVEAL = ((60, 185), (170, 185)), (140, 225), (100, 265), (100, 305)
PUSH, STORM, LATER, NOWHERE = (100, 345), (100, 385), (100, 425), (500, 250)
CONTENT = (4, 87)
REST_SECONDS = 0.08
SETTLED_SECONDS = 0.2


@dataclass(frozen=True)
class Person:
    """Who looks at what lies under the pointer, and clicks."""

    elements: AtspiElements
    windows: WindowSource
    hand: Hand

    def look(self, point: Point) -> tuple[str, str]:
        """What lies under the resting pointer; a busy machine may need to be asked more than once."""
        self.hand.move(point)
        time.sleep(REST_SECONDS)
        seen: list[tuple[str, str]] = []

        def is_told() -> bool:
            window = self.windows.stack().under(*point)
            element = None if window is None else self.elements.at(*point, window=window)
            seen.extend(() if element is None else ((element.role, element.name),))
            return bool(seen)

        wait_until(is_told)
        return seen[0]

    def click(self, point: Point) -> tuple[str, str]:
        """What lay under the pointer when it was clicked."""
        seen = self.look(point)
        self.hand.click(point)
        time.sleep(SETTLED_SECONDS)
        return seen

    def hears(self, *expected: Told) -> list[Told]:
        """Everything told, once all that is expected is among it."""
        told: list[Told] = []

        def is_told() -> bool:
            told.extend(_told(effect) for effect in self.elements.effects())
            return set(expected) <= set(told)

        wait_until(is_told)
        return told


@pytest.fixture
def elements(environment: dict[str, str]) -> Iterator[AtspiElements]:
    source = open_elements("", environment["AT_SPI_BUS_ADDRESS"])
    yield source
    source.close()


@pytest.fixture
def person(environment: dict[str, str], elements: AtspiElements, hand: Hand) -> Iterator[Person]:
    windows = open_windows(environment["DISPLAY"])
    yield Person(elements, windows, hand)
    hand.chord("escape")
    hand.chord("escape")
    windows.close()


@pytest.fixture
def on_form(person: Person, widgets: Window) -> Callable[[Point], Point]:
    """The place of a point of the form, which is in front."""
    person.hand.click((widgets.area.x + 250, widgets.area.y + 5))
    time.sleep(SETTLED_SECONDS / 2)
    person.elements.effects()
    return lambda point: (widgets.area.x + point[0], widgets.area.y + point[1])


@pytest.fixture
def on_page(person: Person, widgets_page: Window) -> Callable[[Point], Point]:
    """The place of a point of the page, which is in front and tidied up (F2)."""
    left, top = widgets_page.area.x + CONTENT[0], widgets_page.area.y + CONTENT[1]
    person.hand.click((left + NOWHERE[0], top + NOWHERE[1]))
    person.hand.chord("F2")
    time.sleep(SETTLED_SECONDS)
    person.elements.effects()
    return lambda point: (left + point[0], top + point[1])


def test_widgets_of_a_form_are_named(person: Person, on_form: Callable[[Point], Point]) -> None:
    points = (FILE, MORE, URGENT, PAPER, WORD, DETAILS, ARROW, YEAR)
    assert [person.look(on_form(point)) for point in points] == [
        ("menu", "File"),
        ("toggle button", "More"),
        ("check box", "Urgent"),
        ("radio button", "Paper"),
        ("password text", "Word"),
        ("page tab", "Details"),
        ("table cell", "2026"),
        ("table cell", "2026"),
    ]


def test_what_lies_on_a_page_of_a_notebook_is_named(person: Person, on_form: Callable[[Point], Point]) -> None:
    person.click(on_form(SUMMARY))
    assert person.look(on_form(PAGE_TEXT)) == ("label", "Text of Summary")


def test_a_menu_its_item_and_its_choice_are_named(person: Person, on_form: Callable[[Point], Point]) -> None:
    assert person.click(on_form(FILE)) == ("menu", "File")
    assert person.click(on_form((30, 90))) == ("menu item", "Save")
    opened, chosen = (Effect.POPUP_OPENED, "menu", "File"), (Effect.SELECTED, "menu item", "Save")
    closed = (Effect.POPUP_CLOSED, "menu", "File")
    assert person.hears(opened, chosen, closed) == [opened, chosen, closed]


def test_a_menu_that_is_left_without_a_choice_names_none(person: Person, on_form: Callable[[Point], Point]) -> None:
    person.click(on_form(FILE))
    person.look(on_form((30, 90)))
    person.click(on_form((400, 490)))
    told = person.hears((Effect.POPUP_CLOSED, "menu", "File"))
    assert Effect.SELECTED not in {effect for effect, _, _ in told}


def test_an_item_of_a_menu_in_a_menu_is_named(person: Person, on_form: Callable[[Point], Point]) -> None:
    person.click(on_form(EDIT))
    assert person.look(on_form((80, 95))) == ("menu", "Preferences")
    time.sleep(SETTLED_SECONDS)
    assert person.click(on_form((240, 95))) == ("menu item", "General")
    person.hears(
        (Effect.POPUP_OPENED, "menu", "Edit"),
        (Effect.POPUP_OPENED, "menu", "Preferences"),
        (Effect.SELECTED, "menu item", "General"),
        (Effect.POPUP_CLOSED, "menu", "Edit"),
    )


def test_a_list_and_the_option_chosen_from_it_are_named(person: Person, on_form: Callable[[Point], Point]) -> None:
    before = person.click(on_form(LIST))
    options = ("Travel", "Meals", "Hotel")
    above = 2 if before[1] == "Hotel" else 1
    step = -29 if before[1] == "Hotel" else 29
    chosen = options[above - 1] if before[1] == "Hotel" else options[options.index(before[1]) + 1]
    left, top = on_form(LIST)
    assert person.click((left, top + step)) == ("menu item", chosen)
    told = person.hears((Effect.COLLAPSED, *before))
    effects = [effect for effect, _, _ in told]
    assert effects[0] is Effect.EXPANDED
    assert set(effects) == {Effect.EXPANDED, Effect.SELECTED, Effect.COLLAPSED}
    assert (Effect.SELECTED, "menu item", chosen) in told


def test_a_button_of_a_popover_is_named_and_not_what_it_covers(
    person: Person, on_form: Callable[[Point], Point]
) -> None:
    person.click(on_form(MORE))
    assert person.click(on_form((240, 150))) == ("push button", "Share")
    person.hears((Effect.CHECKED, "toggle button", "More"), (Effect.UNCHECKED, "toggle button", "More"))


def test_boxes_tabs_and_rows_tell_of_themselves(person: Person, on_form: Callable[[Point], Point]) -> None:
    for point in (URGENT, SCREEN, PAPER, DETAILS, SUMMARY, ARROW):
        person.click(on_form(point))
    told = person.hears((Effect.CHECKED, "radio button", "Paper"), (Effect.SELECTED, "page tab", "Summary"))
    time.sleep(SETTLED_SECONDS)
    told += [_told(effect) for effect in person.elements.effects()]
    named = {(role, name) for effect, role, name in told if effect in {Effect.CHECKED, Effect.UNCHECKED}}
    assert ("check box", "Urgent") in named
    assert {(role, name) for effect, role, name in told if effect in {Effect.EXPANDED, Effect.COLLAPSED}} == {
        ("table cell", "2026")
    }


def test_widgets_of_a_page_are_named(person: Person, on_page: Callable[[Point], Point]) -> None:
    points = (NAME, CATEGORY, ACTIONS, URGENT_BOX, TABS[1], MORE_BUTTON, SECRET)
    assert [person.look(on_page(point)) for point in points] == [
        ("entry", "Name"),
        ("combo box", "Category"),
        ("push button", "Actions"),
        ("check box", "Urgent"),
        ("page tab", "Details"),
        ("push button", "More"),
        ("password text", "Word"),
    ]


def test_an_option_of_a_page_is_named_wherever_its_row_is_clicked(
    person: Person, on_page: Callable[[Point], Point]
) -> None:
    assert person.click(on_page(CATEGORY)) == ("combo box", "Category")
    (popup,) = (window for window in person.windows.stack().windows if window.popup and window.area.width > 100)
    right = (popup.area.x + popup.area.width - 20, popup.area.y + popup.area.height // 2)
    assert person.click(right) == ("menu item", "Meals")
    opened, closed = (Effect.EXPANDED, "combo box", "Category"), (Effect.COLLAPSED, "combo box", "Category")
    chosen = (Effect.SELECTED, "menu item", "Meals")
    assert person.hears(opened, closed, chosen) == [opened, closed, chosen]


def test_a_menu_that_a_page_draws_over_its_boxes_is_named(person: Person, on_page: Callable[[Point], Point]) -> None:
    person.click(on_page(ACTIONS))
    assert person.click(on_page(URGENT_BOX)) == ("menu item", "Approve")
    told = person.hears(
        (Effect.POPUP_OPENED, "menu", "Actions"),
        (Effect.SELECTED, "menu item", "Approve"),
        (Effect.POPUP_CLOSED, "menu", "Actions"),
    )
    assert "check box" not in {role for _, role, _ in told}


def test_boxes_and_tabs_of_a_page_tell_of_themselves(person: Person, on_page: Callable[[Point], Point]) -> None:
    for point in (URGENT_BOX, TABS[1], MORE_BUTTON):
        person.click(on_page(point))
    person.hears(
        (Effect.CHECKED, "check box", "Urgent"),
        (Effect.SELECTED, "page tab", "Details"),
        (Effect.EXPANDED, "push button", "More"),
    )


def test_a_page_behind_the_active_window_tells_nothing(
    person: Person, on_page: Callable[[Point], Point], widgets: Window
) -> None:
    person.click(on_page(LATER))
    person.click((widgets.area.x + URGENT[0], widgets.area.y + URGENT[1]))
    time.sleep(1.5)
    told = person.hears()
    assert {name for _, role, name in told if role == "check box"} == {"Urgent"}
    assert sum(role == "check box" for _, role, _ in told) == 1


def test_a_page_that_ticks_hundreds_of_boxes_costs_a_bounded_number_of_questions(
    person: Person, on_page: Callable[[Point], Point], widgets: Window
) -> None:
    place = on_page(STORM)
    person.look(place)
    before = person.elements.asked
    person.hand.click(place)
    time.sleep(0.6)
    assert person.elements.asked - before < 500
    assert len(person.elements.effects()) <= ASKED_AT_ONCE + 12
    assert person.look((widgets.area.x + URGENT[0], widgets.area.y + URGENT[1])) == ("check box", "Urgent")


def test_a_password_field_of_a_page_is_known_without_the_focus(
    person: Person, on_page: Callable[[Point], Point], widgets_page: Window
) -> None:
    wait_until(lambda: _covers(person.elements.secrets(widgets_page), on_page(SECRET)))


def test_a_password_field_that_shows_its_text_stays_covered(
    person: Person, on_page: Callable[[Point], Point], widgets_page: Window
) -> None:
    wait_until(lambda: _covers(person.elements.secrets(widgets_page), on_page(SECRET)))
    person.click(on_page(REVEAL))
    assert person.look(on_page(SECRET)) == ("entry", "Word")
    time.sleep(1.2)
    for _ in range(3):
        assert _covers(person.elements.secrets(widgets_page), on_page(SECRET))
        time.sleep(0.2)


def test_a_password_field_that_is_scrolled_is_covered_where_it_was_and_where_it_is(
    person: Person, on_page: Callable[[Point], Point], widgets_page: Window
) -> None:
    wait_until(lambda: _covers(person.elements.secrets(widgets_page), on_page(SECRET)))
    person.hand.move(on_page(NOWHERE))
    person.hand.scroll(1)
    wait_until(lambda: len(person.elements.secrets(widgets_page)) > 1)
    assert _covers(person.elements.secrets(widgets_page), on_page(SECRET))
    wait_until(lambda: len(person.elements.secrets(widgets_page)) == 1)
    (area,) = person.elements.secrets(widgets_page)
    assert area.y < on_page(SECRET)[1] - 40


def test_a_password_field_of_a_form_is_known_and_kept_while_the_programme_hangs(
    person: Person, on_form: Callable[[Point], Point], widgets: Window
) -> None:
    wait_until(lambda: _covers(person.elements.secrets(widgets), on_form(WORD)))
    os.kill(widgets.pid, signal.SIGSTOP)
    try:
        time.sleep(1.2)
        person.elements.secrets(widgets)
        time.sleep(0.2)
        assert _covers(person.elements.secrets(widgets), on_form(WORD))
        time.sleep(1.2)
        assert _covers(person.elements.secrets(widgets), on_form(WORD))
    finally:
        os.kill(widgets.pid, signal.SIGCONT)


def test_a_programme_that_hangs_hides_no_other(
    person: Person, on_page: Callable[[Point], Point], widgets: Window, widgets_page: Window
) -> None:
    os.kill(widgets.pid, signal.SIGSTOP)
    try:
        x, y = widgets.area.x + URGENT[0], widgets.area.y + URGENT[1]
        assert person.elements.at(x, y, window=widgets) is None
        assert person.look(on_page(NAME)) == ("entry", "Name")
        assert person.elements.document(widgets_page) is not None
    finally:
        os.kill(widgets.pid, signal.SIGCONT)
    wait_until(lambda: person.look((x, y)) == ("check box", "Urgent"))


def test_a_shortcut_of_a_menu_bar_is_known_by_its_command(
    person: Person, on_form: Callable[[Point], Point], widgets: Window
) -> None:
    person.click(on_form(URGENT))
    wait_until(lambda: person.elements.command(("ctrl", "s"), window=widgets))
    assert person.elements.command(("ctrl", "s"), window=widgets) == Command("Save", ("File",))
    assert person.elements.command(("ctrl", "shift", "s"), window=widgets) == Command("Save As", ("File",))
    assert person.elements.command(("ctrl", "q"), window=widgets) is None


def test_a_browser_is_not_asked_for_its_shortcuts(
    person: Person, on_page: Callable[[Point], Point], widgets_page: Window
) -> None:
    person.click(on_page(NAME))
    time.sleep(1)
    assert person.elements.command(("ctrl", "s"), window=widgets_page) is None


def test_an_address_that_changes_without_a_new_page_is_told(
    person: Person, on_page: Callable[[Point], Point], widgets_page: Window
) -> None:
    def path() -> str:
        document = person.elements.document(widgets_page)
        return "" if document is None or document.url is None else document.url.partition("localhost")[2]

    wait_until(lambda: path().endswith("/widgets"))
    person.click(on_page(PUSH))
    wait_until(lambda: path().endswith("/widgets/pushed"))


def test_a_focus_in_a_list_of_a_form_is_told(person: Person, on_form: Callable[[Point], Point]) -> None:
    person.click(on_form(LIST))
    roles = [change.element.role for change in person.elements.focus_changes() if change.element is not None]
    assert roles[-1] == "menu item"


def test_news_of_the_focus_can_be_waited_for(person: Person, on_form: Callable[[Point], Point]) -> None:
    person.elements.focus_changes()
    assert not _is_readable(person.elements)
    person.click(on_form(WORD))
    assert _is_readable(person.elements)
    person.elements.focus_changes()
    assert not _is_readable(person.elements)


def test_nothing_is_done_while_nothing_happens(person: Person, on_form: Callable[[Point], Point]) -> None:
    person.click(on_form(URGENT))
    time.sleep(1.5)
    thread = next(one for one in threading.enumerate() if one.name == "accessibility")
    before = _switches(thread)
    time.sleep(1)
    assert _switches(thread) - before <= 1


def test_a_focus_that_stays_unknown_is_sought_ever_more_seldom() -> None:
    with VirtualDesktop() as other:
        source = open_elements("", other.environment["AT_SPI_BUS_ADDRESS"])
        before = source.asked
        time.sleep(1.7)
        assert source.asked - before <= 4
        source.close()


def test_without_its_bus_the_focus_is_unknown_and_then_an_error_says_so() -> None:
    with VirtualDesktop() as other:
        source = open_elements("", other.environment["AT_SPI_BUS_ADDRESS"])
    wait_until(lambda: _is_readable(source))
    wait_until(lambda: [change for change in source.focus_changes() if change.element is None])
    with pytest.raises(SourceFailed, match="accessibility bus has gone"):
        wait_until(lambda: not isinstance(source.focus_changes(), tuple))
    source.close()


@pytest.mark.parametrize(
    ("binding", "keys"),
    [
        (";;<Primary>s", ("ctrl", "s")),
        ("s;<Alt>f:s;<Shift><Control>s", ("ctrl", "shift", "s")),
        (";;<Alt>Return", ("alt", "enter")),
        (";;F5", ("f5",)),
        (";;<Primary>plus", ("ctrl", "+")),
        ("Ctrl+Shift+S", ("ctrl", "shift", "s")),
        ("Ctrl++", ("ctrl", "+")),
        ("Alt+F4", ("alt", "f4")),
        ("Meta+PgUp", ("meta", "pageup")),
    ],
)
def test_a_key_binding_is_read_as_a_chord(binding: str, keys: tuple[str, ...]) -> None:
    assert chord(binding) == keys


@pytest.mark.parametrize("binding", ["", "s", ";;", "f;<Alt>f;", "<Hyper>x", "Ctrl+Nonsense", "x" * 1000])
def test_what_is_no_shortcut_is_no_chord(binding: str) -> None:
    assert chord(binding) is None


def _told(effect: Effected) -> Told:
    return effect.effect, effect.element.role, effect.element.name


def _covers(areas: tuple[Area, ...], point: Point) -> bool:
    return any(holds(area, *point) for area in areas)


def _is_readable(source: AtspiElements) -> bool:
    return bool(select.select((source.fileno(),), (), (), 0)[0])


def _switches(thread: threading.Thread) -> int:
    """How often a thread has gone to sleep."""
    lines = Path(f"/proc/self/task/{thread.native_id}/status").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))
