"""The scripted person really does on a real desktop what the performance says, as the programs themselves tell."""

from __future__ import annotations

import time
from typing import Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from optin.demo.accessible import Widgets, address_in
from optin.demo.applications import Programs
from optin.demo.desktop import VirtualDesktop
from optin.demo.finder import Finder
from optin.demo.person import Person
from optin.demo.planted import Channel, Page, Planted
from optin.demo.site import DemoSite, DropdownChoice, MenuChoice

SHOWN_AT_ONCE = (Page.PORTAL, Page.PAYROLL, Page.CHAT, Page.REVIEWS, Page.INTEGRATIONS, Page.MEMO, Page.CASE)


class Desk(Protocol):
    """The desk of conftest.py."""

    desktop: VirtualDesktop
    site: DemoSite
    programs: Programs
    person: Person

    def screen(self) -> NDArray[np.uint8]: ...


def test_signing_in_types_account_and_password(desk: Desk) -> None:
    desk.person.visit(Page.SIGN_IN)
    desk.person.sign_in()
    assert desk.site.facts().typed >= {"signin-user", "signin-password"}


def test_a_password_cannot_be_read_on_the_screen(desk: Desk, finder: Finder) -> None:
    desk.person.visit(Page.SIGN_IN)
    desk.person.sign_in()
    assert "signin-password" not in finder.in_image(desk.screen())


def test_a_menu_opens_and_its_item_is_chosen(desk: Desk) -> None:
    desk.person.visit(Page.REPORT)
    desk.person.choose_menu("menu-view", "item-compact")
    assert desk.site.facts().menu_choices[-1] == MenuChoice("chromium", ("View", "Compact rows"))


def test_an_option_of_a_list_is_chosen(desk: Desk) -> None:
    desk.person.visit(Page.REPORT)
    desk.person.choose_option("category", 3, count=6)
    assert desk.site.facts().dropdown_choices[-1] == DropdownChoice(Page.REPORT, "category", "Lodging")


def test_the_whole_form_is_filled_and_saved_by_key(desk: Desk) -> None:
    desk.person.visit(Page.REPORT)
    desk.person.fill_report()
    assert "report-guest" in desk.site.facts().typed
    assert "ctrl+s" in desk.site.facts().shortcuts


def test_the_account_leads_through_billing_to_a_case(desk: Desk, planted: tuple[Planted, ...]) -> None:
    desk.person.work_on_account()
    assert desk.site.facts().tabs[-1] == "Billing"
    assert desk.site.facts().shown >= {secret.id for secret in planted if secret.page in {Page.ACCOUNT, Page.CASE}}


def test_the_editor_saves_what_was_typed(desk: Desk, planted: tuple[Planted, ...]) -> None:
    with Widgets(address_in(desk.desktop.environment)) as widgets:
        choice = desk.person.edit_document(widgets, desk.programs.document)
    text = desk.programs.document.read_text()
    assert choice == MenuChoice("mousepad", ("Edit", "Select All"))
    assert all(secret.value in text for secret in planted if secret.page is Page.DOCUMENT)


@pytest.mark.parametrize("page", SHOWN_AT_ONCE)
def test_the_finder_reads_each_value_of_a_real_page(
    desk: Desk, planted: tuple[Planted, ...], finder: Finder, page: Page
) -> None:
    desk.person.visit(page)
    expected = {secret.id for secret in planted if secret.page is page and secret.channel is Channel.SCREEN}
    assert finder.in_image(desk.screen()) >= expected
    assert desk.site.facts().shown >= expected


def test_the_finder_finds_nothing_on_a_page_without_secrets(desk: Desk, finder: Finder) -> None:
    desk.person.visit(Page.SIGN_IN)
    assert not finder.in_image(desk.screen())


def test_reading_a_screen_takes_about_a_second(desk: Desk, finder: Finder) -> None:
    desk.person.visit(Page.REPORT)
    screen = desk.screen()
    finder.in_image(screen)
    started = time.process_time()
    finder.in_image(screen)
    assert time.process_time() - started < 2.5  # about 0.9 s on an idle core
