"""A scripted person works at the desk: signs in, fills a form, opens menus, picks from lists, passes private pages.

Programs and planted values come in, and what the person really did comes out, each item confirmed by the program it
was done in: by the page, by the accessibility bus or by the saved document. It waits for what pages report, and pauses
between actions as people do, so that a recorder finds a settled screen before each of them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from optin.demo.accessible import Gone, Rectangle, Widget, Widgets, address_in
from optin.demo.applications import EDITOR, Programs
from optin.demo.hand import Hand, Point
from optin.demo.planted import Page, Planted, by_id
from optin.demo.programs import wait_until
from optin.demo.site import DemoSite, DropdownChoice, MenuChoice

_PAUSE_SECONDS: Final = 0.45
_GLANCE_SECONDS: Final = 0.8
_SETTLE_SECONDS: Final = 0.3


@dataclass(frozen=True, slots=True)
class Performance:
    """What the person really did and saw; of planted values the ids only.

    `pages` are in the order of their opening, `shortcuts` in the order of playing, `seconds` is the time it took.
    """

    shown: frozenset[str]
    typed: frozenset[str]
    menu_choices: tuple[MenuChoice, ...]
    dropdown_choices: tuple[DropdownChoice, ...]
    tabs: tuple[str, ...]
    shortcuts: tuple[str, ...]
    pages: tuple[Page, ...]
    seconds: float


def play(
    environment: Mapping[str, str], site: DemoSite, *, programs: Programs, planted: tuple[Planted, ...]
) -> Performance:
    """Plays the whole script in about 45 s; raises PageSilent when a page or program did not follow."""
    started = time.monotonic()
    with Hand(environment["DISPLAY"]) as hand, Widgets(address_in(environment)) as widgets:
        person = Person(hand, site, planted=planted)
        person.sign_in()
        person.fill_report()
        person.pass_by(Page.PORTAL)
        person.work_on_account()
        choice = person.edit_document(widgets, programs.document)
        for page in (Page.PAYROLL, Page.INTEGRATIONS, Page.CHAT, Page.MEMO, Page.REVIEWS):
            person.pass_by(page)
        shortcuts = tuple(chord for chord in hand.chords if "+" in chord)
    facts = site.facts()
    in_document = programs.document.read_text(encoding="utf-8")
    saved = {secret.id for secret in planted if secret.page is Page.DOCUMENT and secret.value in in_document}
    return Performance(
        shown=facts.shown,
        typed=facts.typed | saved,
        menu_choices=(*facts.menu_choices, choice),
        dropdown_choices=facts.dropdown_choices,
        tabs=facts.tabs,
        shortcuts=shortcuts,
        pages=facts.arrivals,
        seconds=time.monotonic() - started,
    )


class Person:
    """The acts of the script; each leaves the desk settled. All pauses are multiplied by `pace`."""

    def __init__(self, hand: Hand, site: DemoSite, *, planted: tuple[Planted, ...], pace: float = 1.0) -> None:
        self._hand = hand
        self._site = site
        self._planted = planted
        self._pace = pace

    def sign_in(self) -> None:
        """Types the account name and the password, and arrives at the report."""
        self._locate()
        self._fill("user", "signin-user")
        self._fill("password", "signin-password")
        self._hand.chord("return")
        self._arrive(Page.REPORT)

    def fill_report(self) -> None:
        """Chooses a menu item and an option, types a guest's name, saves by key, looks at the rest of the page."""
        self.choose_menu("menu-view", "item-compact")
        self.choose_option("category", 3, count=6)
        self._fill("description", "report-guest")
        self._shortcut("ctrl+s")
        self._click("add")
        self.look_down()

    def work_on_account(self) -> None:
        """Picks a priority, turns to billing, chooses a menu item, follows the link to a case and reads it."""
        self.visit(Page.ACCOUNT)
        self.choose_option("priority", 2, count=4)
        self._click("tab-billing")
        self._pause(_GLANCE_SECONDS)
        self.choose_menu("menu-tools", "item-export")
        self._click("open-case")
        self._arrive(Page.CASE)
        self.look_down()

    def edit_document(self, widgets: Widgets, document: Path) -> MenuChoice:
        """Switches to the editor, chooses Edit > Select All, types, saves and switches back; the menu choice made."""
        self._shortcut("alt+tab")
        program = wait_until(lambda: widgets.program(EDITOR), what="The text editor")
        self._choose_in_editor(widgets, program, "Edit", "Select All")
        text = _found(widgets, program, role="text", name="")
        self._site.wait_for(lambda: widgets.selections(text) == 1, what="all text in the editor is selected")
        self._pause()
        self._shortcut("ctrl+end")
        secrets = [secret for secret in self._planted if secret.page is Page.DOCUMENT]
        self._hand.type("".join(f"{secret.value}\n" for secret in secrets))
        self._pause()
        self._shortcut("ctrl+s")
        last = secrets[-1].value
        self._site.wait_for(lambda: last in document.read_text(encoding="utf-8"), what="the document is saved")
        self._shortcut("alt+tab")
        return MenuChoice(EDITOR, ("Edit", "Select All"))

    def pass_by(self, page: Page) -> None:
        """Opens a page, reads for a moment and scrolls."""
        self.visit(page)
        self._pause(_GLANCE_SECONDS)
        self._hand.scroll(2)
        self._pause(_SETTLE_SECONDS)

    def look_down(self) -> None:
        """Reads, scrolls to the end, reads, and scrolls back."""
        self._pause()
        self._hand.scroll(4)
        self._pause(_GLANCE_SECONDS)
        self._hand.scroll(-4)
        self._pause(_SETTLE_SECONDS)

    def visit(self, page: Page) -> None:
        """Goes to a page by the address bar."""
        self._shortcut("ctrl+l")
        self._hand.type(self._site.address(page))
        self._hand.chord("return")
        self._arrive(page)

    def choose_menu(self, menu: str, item: str) -> None:
        """Opens a page's menu and clicks an item, both by their widget names."""
        before = len(self._site.facts().menu_choices)
        self._click(menu)
        self._site.wait_for(lambda: item in self._widgets(), what="the menu opens")
        self._click(item)
        self._site.wait_for(lambda: len(self._site.facts().menu_choices) > before, what="the menu item is chosen")

    def choose_option(self, name: str, number: int, *, count: int) -> None:
        """Opens a drop-down list of `count` options and clicks the one with this number, from 0."""
        before = len(self._site.facts().dropdown_choices)
        known = self._hand.popups()
        self._press(name)
        self._site.wait_for(lambda: set(self._hand.popups()) > set(known), what="the list opens")
        box = next(popup for popup in self._hand.popups() if popup not in known)
        self._hand.click(_row(box, number, count))
        self._site.wait_for(lambda: len(self._site.facts().dropdown_choices) > before, what="the option is chosen")
        self._pause()

    def _choose_in_editor(self, widgets: Widgets, program: Widget, menu_name: str, item_name: str) -> None:
        menu = _found(widgets, program, role="menu", name=menu_name)
        self._hand.click(widgets.rectangle(menu).centre)
        self._pause()
        item = _found(widgets, menu, role="menu item", name=item_name)
        self._hand.click(widgets.rectangle(item).centre)

    def _fill(self, field: str, secret: str) -> None:
        self._click(field)
        self._hand.type(by_id(self._planted, secret).value)
        self._site.wait_for(lambda: secret in self._site.facts().typed, what=f"the text arrives in the field {field}")
        self._pause()

    def _shortcut(self, keys: str) -> None:
        self._hand.chord(keys)
        self._pause()

    def _click(self, widget: str) -> None:
        """Clicks and waits until the page has told how it looks after that."""
        before = self._reports()
        self._press(widget)
        self._site.wait_for(lambda: self._reports() > before, what=f"the page answers a click on its {widget}")

    def _press(self, widget: str) -> None:
        self._site.wait_for(lambda: widget in self._widgets(), what=f"the page tells where its {widget} is")
        self._hand.click(self._widgets()[widget].centre)
        self._pause()

    def _arrive(self, page: Page) -> None:
        self._site.wait_for(lambda: self._is_at(page), what=f"the page {page} opens")
        self._pause(_SETTLE_SECONDS)
        self._locate()
        self._pause(_SETTLE_SECONDS)

    def _locate(self) -> None:
        """Moves the pointer a little over the page, which tells the page where it lies on the screen."""
        for point in ((610, 640), (640, 655)):
            self._hand.move(point)
        self._site.wait_for(self._is_located, what="the page finds its place on the screen")

    def _is_at(self, page: Page) -> bool:
        view = self._site.view()
        return view is not None and view.page is page

    def _is_located(self) -> bool:
        view = self._site.view()
        return view is not None and view.located

    def _reports(self) -> int:
        view = self._site.view()
        return 0 if view is None else view.number

    def _widgets(self) -> Mapping[str, Rectangle]:
        view = self._site.view()
        return {} if view is None else view.widgets

    def _pause(self, seconds: float = _PAUSE_SECONDS) -> None:
        time.sleep(seconds * self._pace)


def _row(box: Rectangle, number: int, count: int) -> Point:
    return box.left + box.width // 3, box.top + round((number + 0.5) * box.height / count)


def _found(widgets: Widgets, start: Widget, *, role: str, name: str) -> Widget:
    widget = widgets.find(start, role=role, name=name)
    if widget is None:
        raise Gone(f"The editor has no {role} named {name}.")
    return widget
