"""An action becomes pyautogui code with places as shares of the image; what has no place has no code."""

from __future__ import annotations

import pytest

from export.rows import pyautogui_code
from redaction.redacted import Action, ActionKind, Place

SIZE = (640, 400)


def action(
    kind: ActionKind,
    *,
    place: tuple[int, int] | None = (64, 100),
    end: tuple[int, int] | None = None,
    keys: tuple[str, ...] = (),
    scroll: tuple[int, int] = (0, 0),
    text: str = "",
) -> Action:
    """An action of this kind, at a tenth and a quarter of the image."""
    return Action(
        end=None if end is None else Place(x=end[0], y=end[1]),
        keys=keys,
        kind=kind,
        place=None if place is None else Place(x=place[0], y=place[1]),
        scroll_x=scroll[0],
        scroll_y=scroll[1],
        text=text,
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ActionKind.CLICK, "click"),
        (ActionKind.DOUBLE_CLICK, "doubleClick"),
        (ActionKind.RIGHT_CLICK, "rightClick"),
        (ActionKind.MIDDLE_CLICK, "middleClick"),
    ],
)
def test_clicks_have_four_decimals(kind: ActionKind, name: str) -> None:
    assert pyautogui_code(action(kind), SIZE) == f"pyautogui.{name}(x=0.1000, y=0.2500)"


def test_a_drag_moves_first() -> None:
    code = pyautogui_code(action(ActionKind.DRAG, end=(320, 200)), SIZE)
    assert code.splitlines() == [
        "pyautogui.moveTo(x=0.1000, y=0.2500)",
        "pyautogui.dragTo(x=0.5000, y=0.5000, button='left')",
    ]


def test_a_scroll_both_ways_is_two_calls() -> None:
    code = pyautogui_code(action(ActionKind.SCROLL, scroll=(2, -3)), SIZE)
    assert code.splitlines() == [
        "pyautogui.scroll(-3, x=0.1000, y=0.2500)",
        "pyautogui.hscroll(2, x=0.1000, y=0.2500)",
    ]


@pytest.mark.parametrize(
    ("kind", "keys", "code"),
    [
        (ActionKind.KEY, ("enter",), "pyautogui.press('enter')"),
        (ActionKind.KEY, ("pagedown",), "pyautogui.press('pagedown')"),
        (ActionKind.HOTKEY, ("ctrl", "s"), "pyautogui.hotkey('ctrl', 's')"),
        (ActionKind.HOTKEY, ("meta", "left"), "pyautogui.hotkey('win', 'left')"),
        (ActionKind.HOTKEY, ("ctrl", "'"), "pyautogui.hotkey('ctrl', \"'\")"),
    ],
)
def test_keys_have_the_names_that_pyautogui_knows(kind: ActionKind, keys: tuple[str, ...], code: str) -> None:
    assert pyautogui_code(action(kind, keys=keys, place=None), None) == code


def test_typed_text_is_its_placeholder() -> None:
    assert pyautogui_code(action(ActionKind.TYPE, text="<TEXT>", place=None), SIZE) == "pyautogui.write('<TEXT>')"


@pytest.mark.parametrize("kind", [ActionKind.CLICK, ActionKind.DRAG, ActionKind.SCROLL, ActionKind.DOUBLE_CLICK])
def test_a_pointer_action_without_a_place_has_no_code(kind: ActionKind) -> None:
    assert pyautogui_code(action(kind, place=None, end=(1, 1), scroll=(0, 3)), SIZE) == ""


def test_a_drag_whose_end_is_masked_has_no_code() -> None:
    assert pyautogui_code(action(ActionKind.DRAG), SIZE) == ""


def test_a_place_in_no_image_has_no_code() -> None:
    assert pyautogui_code(action(ActionKind.CLICK), None) == ""


def test_the_end_of_a_recording_does_not_claim_success() -> None:
    assert pyautogui_code(action(ActionKind.DONE, place=None), SIZE) == ""
