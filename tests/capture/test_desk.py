"""The recorder on a real virtual screen, with real programmes and real input."""

from __future__ import annotations

import time

import numpy as np

from capture.blank import BLANK
from capture.events import ElementSeen, Gap, GapReason, Key, SessionEnded, WindowFocused
from capture.sources.base import Window
from optin.demo.hand import Hand
from tests.capture.desk import allowing, recording, title, url, wait_until

MENU = (30, 45)
ITEM = (40, 90)
NAME = (200, 80)


def at(window: Window, offset: tuple[int, int]) -> tuple[int, int]:
    return window.area.x + offset[0], window.area.y + offset[1]


def test_a_menu_item_that_is_clicked_comes_out_with_role_and_name(
    environment: dict[str, str], form: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        hand.click(at(form, MENU))
        time.sleep(0.4)
        hand.click(at(form, ITEM))
        wait_until(lambda: len(sink.clicked) == 2)
    assert sink.clicked == [("menu", "File"), ("menu item", "Open")]


def test_a_shortcut_comes_out_as_named_keys_that_enter_nothing(
    environment: dict[str, str], form: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        wait_until(lambda: sink.focused)
        hand.chord("ctrl+s")
        wait_until(lambda: len(sink.of(Key)) == 4)
    keys = [(event.name, event.character, event.pressed) for event in sink.of(Key)]
    assert keys == [("ctrl", "", True), ("s", "", True), ("s", "", False), ("ctrl", "", False)]


def test_keys_for_a_password_field_of_gtk_never_appear_and_those_beside_it_do(
    environment: dict[str, str], form: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        hand.click(at(form, NAME))
        time.sleep(0.5)
        hand.type("abc")
        time.sleep(0.3)
        hand.chord("tab")
        hand.type("xyz")
        time.sleep(0.4)
        hand.click(at(form, NAME))
        time.sleep(0.5)
        hand.type("def")
        wait_until(lambda: sink.typed.endswith("def"))
    assert sink.typed == "abcdef"
    assert not {"x", "y", "z"} & {event.name for event in sink.of(Key)}


def test_the_tab_that_leads_to_a_password_field_is_not_lost(
    environment: dict[str, str], form: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        wait_until(lambda: "Name" in sink.focused)
        hand.chord("tab")
        wait_until(lambda: "Word" in sink.focused)
    assert [event.name for event in sink.of(Key)] == ["tab", "tab"]


def test_keys_for_a_password_field_of_a_browser_never_appear_and_those_beside_it_do(
    environment: dict[str, str], page: str, hand: Hand
) -> None:
    with recording(environment, allowing(url("expenses.localhost*"))) as sink:
        wait_until(lambda: "Name" in sink.focused)
        hand.type("abc")
        time.sleep(0.4)
        hand.chord("tab")
        hand.type("xyz")
        time.sleep(0.4)
        hand.chord("tab")
        wait_until(lambda: "Category" in sink.focused)
        wait_until(lambda: sink.typed)
    assert sink.typed == "abc"
    assert not {"x", "y", "z"} & {event.name for event in sink.of(Key)}
    assert page in {event.url for event in sink.of(WindowFocused)}


def test_a_browser_whose_address_no_rule_allows_gives_nothing(
    environment: dict[str, str], page: str, hand: Hand
) -> None:
    with recording(environment, allowing(url("crm.localhost*"))) as sink:
        hand.type("abc")
        wait_until(lambda: sink.of(Gap))
    assert sink.typed == ""
    assert not sink.of(WindowFocused)
    assert all((screen == BLANK).all() for screen in sink.screens())


def test_a_window_that_is_not_allowed_is_blank_in_every_frame(
    environment: dict[str, str], form: Window, diary: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        wait_until(sink.screens)
        hand.move(at(diary, NAME))
        time.sleep(0.6)
    area = diary.area
    for screen in sink.screens():
        covered = screen[area.y : area.y + area.height, area.x : area.x + area.width]
        assert (covered == BLANK).all()
    shown = screen[form.area.y : form.area.y + 100, form.area.x : form.area.x + 250]
    assert not (shown == BLANK).all()


def test_keys_and_clicks_for_a_window_that_is_not_allowed_leave_only_counts(
    environment: dict[str, str], form: Window, diary: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        hand.click(at(diary, NAME))
        hand.type("xyz")
        wait_until(lambda: any(gap.source == "keyboard" for gap in sink.of(Gap)))
    assert not sink.of(Key)
    assert not sink.clicked
    # While the click moves the focus, a slow machine cannot tell whose window it is; that is refused as well.
    reasons = {gap.reason for gap in sink.of(Gap)}
    assert GapReason.NOT_ALLOWED in reasons
    assert reasons <= {GapReason.NOT_ALLOWED, GapReason.UNKNOWN_OWNER}


def test_an_option_of_a_drop_down_list_comes_out_with_role_and_name(
    environment: dict[str, str], page: str, hand: Hand
) -> None:
    with recording(environment, allowing(url("expenses.localhost*"))) as sink:
        wait_until(lambda: "Name" in sink.focused)
        box = next(event.area for event in sink.of(ElementSeen) if event.name == "Name")
        hand.click((box.x + 50, box.y + box.height * 2 + 40))
        wait_until(lambda: "Travel" in sink.focused)
        option = next(event.area for event in sink.of(ElementSeen) if event.name == "Travel")
        hand.click((option.x + 10, option.y + option.height + option.height // 2))
        wait_until(lambda: len(sink.clicked) == 2)
    assert sink.clicked == [("combo box", "Category"), ("menu item", "Meals")]


def test_a_private_window_gives_nothing_even_where_its_address_is_allowed(
    environment: dict[str, str], private_page: str, hand: Hand
) -> None:
    with recording(environment, allowing(url("expenses.localhost*"), title("claim*"))) as sink:
        hand.type("abc")
        wait_until(lambda: sink.of(Gap))
    assert sink.typed == ""
    assert not sink.of(WindowFocused)
    assert all((screen == BLANK).all() for screen in sink.screens())


def test_stopping_takes_less_than_a_second(environment: dict[str, str], form: Window) -> None:
    with recording(environment, allowing(title("entry form"))):
        began = time.monotonic()
    assert time.monotonic() - began < 1


def test_every_observation_on_a_real_screen_is_accounted_for(
    environment: dict[str, str], form: Window, hand: Hand
) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        hand.click(at(form, NAME))
        hand.type("hello")
        hand.move((5, 700))
    ended = sink.events[-1]
    assert isinstance(ended, SessionEnded)
    assert ended.produced == ended.committed + ended.coalesced + ended.refused
    assert ended.refused == sum(gap.count for gap in sink.of(Gap))


def test_batches_are_in_order_of_time(environment: dict[str, str], form: Window, hand: Hand) -> None:
    with recording(environment, allowing(title("entry form"))) as sink:
        hand.click(at(form, NAME))
        hand.type("hello")
    moments = [event.at_ns for event in sink.events if not isinstance(event, Gap)]
    assert np.all(np.diff(moments) >= 0)
