"""A window that comes and goes between two looks leaves a touch where it stood."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from Xlib import X

from capture.events import Area
from capture.sources.base import TRACE, Touch
from capture.sources.x11_trace import Trace

PLACE = Area(10, 20, 30, 40)


def news(kind: int, window: int = 7, place: Area = PLACE) -> SimpleNamespace:
    return SimpleNamespace(
        type=kind,
        window=SimpleNamespace(id=window),
        x=place.x,
        y=place.y,
        width=place.width,
        height=place.height,
        border_width=0,
    )


def heard(*events: SimpleNamespace, known: Area | None = None) -> Trace:
    trace = Trace()
    for event in events:
        trace.hear(event, known)
    return trace


def test_a_window_that_is_only_made_touches_nothing() -> None:
    assert heard(news(X.CreateNotify)).touches == ()


def test_a_window_that_is_shown_and_gone_touches_its_place_twice() -> None:
    trace = heard(news(X.CreateNotify), news(X.MapNotify), news(X.DestroyNotify))
    assert trace.touches == (Touch(1, 7, PLACE), Touch(2, 7, PLACE))


def test_a_window_that_moves_touches_where_it_was_and_where_it_is() -> None:
    trace = heard(news(X.ConfigureNotify, place=Area(0, 0, 5, 5)), known=PLACE)
    assert [touch.area for touch in trace.touches] == [PLACE, Area(0, 0, 5, 5)]


def test_a_window_that_moves_before_it_is_shown_touches_nothing() -> None:
    assert heard(news(X.CreateNotify), news(X.ConfigureNotify)).touches == ()


def test_a_window_whose_place_nobody_knows_touches_anything() -> None:
    assert heard(news(X.UnmapNotify)).touches == (Touch(1, 7, None),)


def test_the_border_belongs_to_the_place() -> None:
    event = news(X.CreateNotify)
    event.border_width = 2
    assert heard(event, news(X.MapNotify)).touches[0].area == Area(10, 20, 34, 44)


def test_only_the_last_touches_are_remembered() -> None:
    trace = heard(*(news(X.ConfigureNotify) for _ in range(TRACE)), known=PLACE)
    assert (len(trace.touches), trace.serial) == (TRACE, 2 * TRACE)


@pytest.mark.parametrize("known", [None, PLACE])
def test_a_doubt_touches_what_is_known(known: Area | None) -> None:
    trace = Trace()
    trace.doubt(7, known)
    assert trace.touches == (Touch(1, 7, known),)
