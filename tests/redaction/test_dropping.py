"""A screen that is classified too highly never becomes an image, and what was done there leaves without its names."""

from __future__ import annotations

import pytest

from capture.events import (
    Ancestor,
    Area,
    ElementSeen,
    Purpose,
    RawEvent,
    ScreenSettled,
    UiEffect,
    WindowFocused,
)
from capture.events import Effect as RawEffect
from capture.frames import Screen
from consent.documents import Label, Policy
from redaction.classified import level_of
from redaction.detectors import light_detectors
from redaction.engine import redact
from redaction.fields import Tools
from redaction.images.pixels import MaskTools
from redaction.lexicon import load_lexicon
from redaction.readers.base import Reader, Word
from redaction.readers.fake import FakeReader
from redaction.redacted import ActionKind, Isolation, Missed, RedactedSession, Report, Step
from redaction.spans import Box
from tests.redaction.recording import DESK, POLICY, click, desk, frames, ns, pressed, raw_session, typed
from tests.redaction.test_engine import FakeBrokenReader
from tests.world import changed
from vault.errors import Refused
from vault.signed import Signed

LABEL = Area(20, 20, 60, 12)
"""Where the label stands on the screens that have one."""
PLAIN = desk(Area(200, 100, 90, 16))


def labelled() -> Screen:
    """A screen with noise where the reader reads the label."""
    return desk(LABEL)


def reader(text: str) -> FakeReader:
    return FakeReader(((Word(text, 0.99, Box(LABEL.x, LABEL.y, LABEL.width, LABEL.height)),),))


def tools(engine: Reader, policy: Signed[Policy] = POLICY) -> Tools:
    return Tools(MaskTools(engine, load_lexicon(), light_detectors()), Isolation.NETNS, policy, light_detectors())


def redacted(
    *events: RawEvent, engine: Reader, policy: Signed[Policy] = POLICY
) -> tuple[RedactedSession, Report, tuple[Step, ...]]:
    session, reported = redact(raw_session(*events, policy=policy), tools(engine, policy), silent)
    return session, reported.report, session.episode.steps[:-1]


def silent(_done: int, _all: int) -> None:
    """Nobody watches."""


def policy(**changes: object) -> Signed[Policy]:
    return changed(POLICY, "organisation", **changes)


def window(seconds: float, *, title: str = "", url: str = "") -> WindowFocused:
    return WindowFocused(ns(seconds), "app", title, url, DESK)


def widget(name: str, *above: Ancestor, seconds: float = 1.1) -> ElementSeen:
    return ElementSeen(ns(seconds), Purpose.CLICK, "push button", name, (), Area(100, 100, 40, 20), above)


@pytest.mark.parametrize("text", ["DSS-3", "DSS-4", "D5S-3", "DSS-?", "DSS"])
def test_a_screen_with_a_high_label_becomes_no_image(text: str) -> None:
    session, report, (step,) = redacted(*frames((0.5, labelled())), *click(1, 200, 150), engine=reader(text))
    assert (session.images, session.episode.images, step.image) == ((), (), None)
    assert (report.images, report.frames_dropped, report.frames_recorded) == (0, 1, 1)


@pytest.mark.parametrize("text", ["DSS-1", "DSS-2"])
def test_on_a_screen_with_a_low_label_the_label_is_masked(text: str) -> None:
    session, report, (step,) = redacted(*frames((0.5, labelled())), *click(1, 200, 150), engine=reader(text))
    (image,) = session.episode.images
    assert [mask.category for mask in image.masks] == ["classified"]
    assert (step.image, report.frames_dropped) == (0, 0)


def test_a_label_never_stays_though_the_lexicon_has_its_words() -> None:
    known = policy(labels=(Label(level=1, words="Save"),))
    session, report, _ = redacted(*frames((0.5, labelled())), *click(1, 200, 150), engine=reader("Save"), policy=known)
    assert [mask.category for mask in session.episode.images[0].masks] == ["classified"]
    assert report.kept_phrases == 0


@pytest.mark.parametrize(("drop_level", "images"), [(2, 0), (3, 1)])
def test_the_policy_says_which_level_is_dropped(drop_level: int, images: int) -> None:
    strict = policy(drop_level=drop_level)
    _, report, _ = redacted(*frames((0.5, labelled())), *click(1, 200, 150), engine=reader("DSS-2"), policy=strict)
    assert (report.images, report.frames_dropped) == (images, 1 - images)


def test_the_organisations_own_label_drops_a_screen() -> None:
    own = policy(labels=(Label(level=4, words="Cosmic Secret"),))
    _, report, _ = redacted(*frames((0.5, labelled())), *click(1, 9, 9), engine=reader("C0smic  Secret"), policy=own)
    assert report.frames_dropped == 1


def test_tools_under_another_policy_than_the_consents_are_refused() -> None:
    with pytest.raises(Refused, match="not the one that the session was recorded under"):
        redact(raw_session(), tools(FakeReader(), policy(drop_level=4)), silent)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(window(0.2, title="Merger plan DSS-3"), id="title"),
        pytest.param(window(0.7, title="Merger plan DSS-3"), id="title that came late"),
        pytest.param(window(0.2, url="https://files.example/DSS%2D4/plan"), id="path"),
        pytest.param(window(0.2, url="https://files.example/view?class=DSS+3"), id="query"),
        pytest.param(widget("Open DSS-3 plan"), id="widget"),
        pytest.param(widget("Save", Ancestor("panel", "DSS-4"), Ancestor("frame", "Plan")), id="above the widget"),
        pytest.param(UiEffect(ns(1.2), ns(1), RawEffect.SELECTED, "list item", "plan DSS-3.docx"), id="effect"),
    ],
)
def test_a_screen_of_which_a_high_label_was_told_is_not_even_read(told: RawEvent) -> None:
    events = sorted((*frames((0.5, PLAIN)), *click(1, 9, 9), told), key=lambda event: event.at_ns)
    _, report, (step,) = redacted(*events, engine=FakeBrokenReader())
    assert (report.frames_dropped, report.images, step.image, step.target) == (1, 0, None, None)


def test_a_host_is_no_label() -> None:
    shown = (window(0.2, url="https://dss-3.example/"), *frames((0.5, PLAIN)), *click(1, 9, 9))
    assert redacted(*shown, engine=FakeReader())[1].frames_dropped == 0


def test_once_another_window_has_the_focus_screens_are_images_again() -> None:
    screens = frames((0.5, PLAIN), (2.5, desk(Area(40, 60, 80, 12))))
    shown = (
        window(0.1, title="DSS-3"),
        screens[0],
        *click(1, 9, 9),
        window(2, title="Save"),
        screens[1],
        *click(3, 9, 9),
    )
    _, report, (first, second) = redacted(*shown, engine=FakeReader())
    assert (first.image, second.image, report.frames_dropped, report.images) == (None, 0, 1, 1)


def test_a_document_stays_classified_when_its_label_is_scrolled_away() -> None:
    screens = frames(
        (0.5, PLAIN), (2.5, labelled()), (4.5, desk(Area(40, 60, 80, 12))), (6.5, desk(Area(60, 90, 80, 12)))
    )
    titled = [window(0.1, title="Plan"), window(6, title="Inbox")]
    clicks = [one for seconds in (1, 3, 5, 7) for one in click(seconds, 9, 9)]
    shown = sorted((*screens, *titled, *clicks), key=lambda event: event.at_ns)
    session, report, steps = redacted(*shown, engine=reader("DSS-3"))
    assert [step.image for step in steps] == [None, None, None, 0]
    assert (report.frames_dropped, report.images, session.episode.images[0].at_ms) == (3, 1, 6500)


def test_the_window_before_a_classified_one_is_not_taken_for_it() -> None:
    """Its last screen goes, since the next title was told on it; its others stay."""
    screens = frames((0.5, PLAIN), (2.5, desk(LABEL)), (4.5, desk(Area(40, 60, 80, 12))))
    titled = [window(0.1, title="Inbox"), window(2.7, title="DSS-3"), window(4, title="Inbox")]
    clicks = [one for seconds in (1, 3, 5) for one in click(seconds, 9, 9)]
    shown = sorted((*screens, *titled, *clicks), key=lambda event: event.at_ns)
    assert [step.image for step in redacted(*shown, engine=FakeReader())[2]] == [0, None, 1]


def test_windows_without_a_name_are_not_taken_for_the_same() -> None:
    screens = frames((0.5, PLAIN), (2.5, labelled()))
    _, report, _ = redacted(screens[0], *click(1, 9, 9), screens[1], *click(3, 9, 9), engine=reader("DSS-3"))
    assert (report.frames_dropped, report.images) == (1, 1)


def test_what_was_done_on_a_dropped_screen_leaves_without_place_target_and_names() -> None:
    shown = (
        window(0.1, title="Save"),
        *frames((0.5, labelled())),
        *click(1, 200, 150),
        widget("Save"),
        UiEffect(ns(1.2), ns(1), RawEffect.POPUP_OPENED, "menu", "File"),
        *typed(2, "abc"),
        *pressed(3, "ctrl", "s"),
    )
    _, _, (clicked, entered, chord) = redacted(*shown, engine=reader("DSS-3"))
    assert (clicked.action.place, clicked.target, clicked.effects, clicked.frame_stale_ms) == (None, None, (), None)
    assert {step.window_title for step in (clicked, entered, chord)} == {"<CLASSIFIED>"}
    assert (entered.action.text, chord.action.keys, chord.target) == ("<CLASSIFIED>", ("ctrl", "s"), None)


def test_an_action_that_led_to_a_dropped_screen_names_nothing() -> None:
    screens = frames((0.5, PLAIN), (1.5, labelled()))
    shown = (
        window(0.1, title="Save"),
        screens[0],
        *click(1, 9, 9),
        UiEffect(ns(1.2), ns(1), RawEffect.POPUP_OPENED, "dialog", "Save"),
        window(1.4, title="Print"),
        screens[1],
        ScreenSettled(ns(1.8), ns(1), ns(1.5), settled=True),
    )
    _, _, (step,) = redacted(*shown, engine=reader("DSS-4"))
    assert (step.image, step.after_image, step.effects, step.window_title) == (0, None, (), "<CLASSIFIED>")


def test_dropped_screens_are_told_as_what_was_missed() -> None:
    screens = frames(*((second + 0.5, desk(LABEL, Area(100, 100 + second, 30, 10))) for second in (0, 4, 30)))
    clicks = [one for second in (1, 5, 31) for one in click(second, 9, 9)]
    shown = sorted((*screens, *clicks), key=lambda event: event.at_ns)
    session, report, _ = redacted(*shown, engine=reader("DSS-3"))
    told = [Missed(count=2, from_ms=500, reason="classified", source="screen", until_ms=4500)]
    told.append(Missed(count=1, from_ms=30_500, reason="classified", source="screen", until_ms=30_500))
    assert (list(session.episode.gaps), report.frames_dropped) == (told, 3)


def test_nothing_is_counted_of_a_dropped_screen() -> None:
    _, report, _ = redacted(*frames((0.5, labelled())), *click(1, 200, 150), engine=reader("DSS-3"))
    assert (report.masks, report.words_read, report.kept_phrases) == ((), 0, 0)


def test_a_screen_that_no_action_needs_is_not_counted_as_dropped() -> None:
    screens = frames((0.5, labelled()), (0.7, PLAIN))
    assert redacted(*screens, *click(1, 9, 9), engine=reader("DSS-3"))[1].frames_dropped == 0


def test_a_label_in_a_title_below_the_limit_is_masked() -> None:
    _, _, (step,) = redacted(window(0.2, title="Save - DSS-2"), *pressed(1, "enter"), engine=FakeReader())
    assert (step.window_title, level_of((step.window_title,), ())) == ("Save - <CLASSIFIED>", None)


def test_keys_in_a_classified_window_have_no_names_though_no_screen_was_kept() -> None:
    _, _, (step,) = redacted(window(0.2, title="Save - DSS-3"), *typed(1, "219-09-9999"), engine=FakeReader())
    assert (step.action.kind, step.action.text, step.window_title) == (ActionKind.TYPE, "<CLASSIFIED>", "<CLASSIFIED>")


def test_redaction_is_told_to_be_done_when_all_screens_were_dropped() -> None:
    told: list[tuple[int, int]] = []
    raw = raw_session(*frames((0.5, labelled())), *click(1, 200, 150))
    redact(raw, tools(reader("DSS-3")), lambda done, every: told.append((done, every)))
    assert told == [(0, 2), (1, 2), (2, 2)]
