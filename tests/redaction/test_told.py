"""The widgets that were told of a screen go to the frame that shows them, and a page's own are known as such."""

from __future__ import annotations

import pytest

from capture.events import Ancestor, Area, ElementSeen, Monitor, Purpose
from redaction.shown import shown_frames
from redaction.spans import Box
from redaction.steps import build_steps
from redaction.told import widgets_on
from redaction.widgets import Widget
from tests.redaction.recording import click, desk, frames, ns, raw_session

PLACE = Area(10, 20, 40, 12)
TOP = Ancestor("frame", "Ledger")


def seen(seconds: float, name: str, *above: Ancestor, role: str = "push button") -> ElementSeen:
    return ElementSeen(ns(seconds), Purpose.CLICK, role, name, (), PLACE, above)


def widgets(*above: Ancestor, role: str = "push button") -> tuple[Widget, ...]:
    """What the only frame of a session with one click gets."""
    raw = raw_session(*frames((0.5, desk())), *click(1, 15, 25), seen(1.1, "Save", *above, role=role))
    steps = tuple(step.in_image() for step in build_steps(raw.raw_events))
    return widgets_on(steps, shown_frames(raw.raw_events, steps)).get(0, ())


def test_the_widget_under_a_click_goes_to_the_frame_that_shows_it() -> None:
    first, second = frames((0.5, desk()), (1.5, desk(Area(100, 100, 40, 12))))
    clicks = (*click(1, 15, 25), seen(1.1, "Save", TOP), second, *click(2, 15, 25), seen(2.1, "Print", TOP))
    raw = raw_session(first, *clicks)
    steps = tuple(step.in_image() for step in build_steps(raw.raw_events))
    found = widgets_on(steps, shown_frames(raw.raw_events, steps))
    assert {number: [one.name for one in told] for number, told in found.items()} == {0: ["Save"], 1: ["Print"]}


def test_the_place_of_a_widget_counts_from_the_corner_of_the_image() -> None:
    monitors = (Monitor(-100, 5, 320, 200, 1.0),)
    raw = raw_session(*frames((0.5, desk())), *click(1, 15, 25), seen(1.1, "Save", TOP), monitors=monitors)
    steps = tuple(step.in_image() for step in build_steps(raw.raw_events))
    (widget,) = widgets_on(steps, shown_frames(raw.raw_events, steps))[0]
    assert widget == Widget(Box(110, 15, 40, 12), "push button", "Save", in_document=False)


def test_a_widget_that_was_clicked_twice_is_told_once() -> None:
    events = (*click(1, 15, 25), seen(1.1, "Save", TOP), *click(4, 15, 25), seen(4.1, "Save", TOP))
    raw = raw_session(*frames((0.5, desk())), *events)
    steps = tuple(step.in_image() for step in build_steps(raw.raw_events))
    assert len(widgets_on(steps, shown_frames(raw.raw_events, steps))[0]) == 1


def test_a_step_without_a_frame_has_no_widget() -> None:
    raw = raw_session(*click(1, 15, 25), seen(1.1, "Save", TOP))
    steps = build_steps(raw.raw_events)
    assert widgets_on(steps, shown_frames(raw.raw_events, steps)) == {}


@pytest.mark.parametrize(
    "above", [(TOP,), (Ancestor("menu bar", ""), TOP), (Ancestor("menu", "File"), Ancestor("window", ""))]
)
def test_a_widget_right_up_to_its_window_lies_outside_documents(above: tuple[Ancestor, ...]) -> None:
    assert [one.in_document for one in widgets(*above)] == [False]


@pytest.mark.parametrize(
    "role", ["document web", "document frame", "document text", "internal frame", "html container"]
)
def test_a_widget_below_a_document_lies_in_it(role: str) -> None:
    assert [one.in_document for one in widgets(Ancestor("section", ""), Ancestor(role, "Page"), TOP)] == [True]


def test_a_document_lies_in_itself() -> None:
    assert [one.in_document for one in widgets(TOP, role="document web")] == [True]


@pytest.mark.parametrize("above", [(), (Ancestor("section", ""),) * 6, (Ancestor("dialog", "Sign in"),)])
def test_a_widget_of_which_the_window_was_not_told_may_lie_in_a_document(above: tuple[Ancestor, ...]) -> None:
    """A page can give its parts the role of a dialog, and what is above them is told for a few steps only."""
    assert [one.in_document for one in widgets(*above)] == [True]
