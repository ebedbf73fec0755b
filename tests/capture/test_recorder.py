"""The recorder's promises, on fakes and a clock that only waiting moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from capture.account import DERIVED, Counters
from capture.allow import Rule, RuleKind
from capture.blank import BLANK
from capture.events import (
    Ancestor,
    Area,
    Button,
    ElementSeen,
    Frame,
    Gap,
    GapReason,
    Key,
    Monitor,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    RawEvent,
    SessionEnded,
    SessionStarted,
    WindowFocused,
)
from capture.recorder import Recorder, RecorderStopped
from capture.sources.base import Document, Element, FocusChange, Window, WindowStack
from capture.sources.fake import FakeDesk
from tests.capture.desk import Sink, allowing, title, url

S = 1_000_000_000
MS = 1_000_000
START = 2 * S
"""When things begin to happen: the fake clock starts one second before, and the session with it."""

EDITOR = Window(1, "Editor", "notes", 11, Area(0, 0, 160, 200), (Area(0, 0, 160, 200),))
DIARY = Window(2, "Diary", "today", 12, Area(160, 0, 160, 200), (Area(160, 0, 160, 200),))
MENU = Window(3, "", "", 11, Area(10, 10, 50, 50), (Area(10, 10, 50, 50),), popup=True)
LOCK = Window(4, "", "", 99, Area(0, 0, 320, 200), (Area(0, 0, 320, 200),), popup=True)
BROWSER = Window(5, "Chromium", "Claim", 15, Area(0, 0, 160, 200), (Area(0, 0, 160, 200),))

ALONE = WindowStack((EDITOR, DIARY), EDITOR.id)


def widget(role: str, *, pid: int = 11, name: str = "field") -> Element:
    return Element(role, name, ("focused",), Area(20, 20, 30, 10), (Ancestor("frame", "notes"),), pid)


TEXT = widget("text")
PASSWORD = widget("password text")


def key(name: str, at_ns: int, *, character: str | None = None) -> tuple[Key, Key]:
    text = name if character is None else character
    return Key(at_ns, name, text, pressed=True), Key(at_ns + 20 * MS, name, text, pressed=False)


def click(x: int, y: int, at_ns: int) -> tuple[PointerButton, PointerButton]:
    return (
        PointerButton(at_ns, x, y, Button.LEFT, pressed=True),
        PointerButton(at_ns + 80 * MS, x, y, Button.LEFT, pressed=False),
    )


@pytest.fixture
def desk() -> FakeDesk:
    """The editor, which is allowed, has the focus in a text field; the diary, which is not, lies beside it."""
    desk = FakeDesk.new()
    desk.windows.now = ALONE
    desk.elements.changes = [FocusChange(S, TEXT)]
    return desk


def record(desk: FakeDesk, *rules: Rule, until: int = START + 3 * S, sink: Sink | None = None) -> tuple[Sink, Counters]:
    sink = sink or Sink()
    allowed = rules or (Rule(RuleKind.APP, "editor"),)
    recorder = Recorder(sink, rules=allowing(*allowed), clock=desk.clock, task="a task")
    return sink, recorder.end(recorder.record(desk.sources, _at(desk, until)))


def _at(desk: FakeDesk, moment: int) -> Callable[[], str | None]:
    return lambda: "asked" if desk.clock.now_ns() >= moment else None


def reasons(sink: Sink) -> set[GapReason]:
    return {gap.reason for gap in sink.of(Gap)}


def test_a_session_begins_and_ends_with_its_marks(desk: FakeDesk) -> None:
    sink, _ = record(desk)
    first, last = sink.events[0], sink.events[-1]
    assert isinstance(first, SessionStarted)
    assert isinstance(last, SessionEnded)
    assert (first.task, first.monitors, last.reason) == ("a task", (Monitor(0, 0, 320, 200, 1.0),), "asked")


def test_everything_observed_is_committed_coalesced_or_refused(desk: FakeDesk) -> None:
    moves = tuple(PointerMoved(START + n * 5 * MS, n, 50) for n in range(300))
    desk.input.plan(*moves, *key("a", START + S), *click(200, 50, START + S), *click(20, 50, START + 2 * S))
    sink, counters = record(desk)
    assert counters.produced == counters.committed + counters.coalesced + counters.refused
    assert counters.committed == sum(not isinstance(event, DERIVED) for event in sink.events)
    assert counters.refused == sum(gap.count for gap in sink.of(Gap))


def test_the_counters_that_are_written_are_those_that_are_returned(desk: FakeDesk) -> None:
    desk.input.plan(*key("a", START), *click(200, 50, START))
    sink, counters = record(desk)
    ended = sink.events[-1]
    assert isinstance(ended, SessionEnded)
    assert Counters(ended.produced, ended.committed, ended.coalesced, ended.refused) == counters


def test_a_key_in_an_allowed_window_and_a_known_field_is_kept(desk: FakeDesk) -> None:
    desk.input.plan(*key("a", START))
    sink, _ = record(desk)
    assert [(event.name, event.pressed) for event in sink.of(Key)] == [("a", True), ("a", False)]


def test_a_key_in_a_window_that_is_not_allowed_leaves_a_count(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY), DIARY.id)
    desk.input.plan(*key("a", START))
    sink, _ = record(desk)
    assert not sink.of(Key)
    assert sum(gap.count for gap in sink.of(Gap)) == 2
    assert GapReason.NOT_ALLOWED in reasons(sink)


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        (PASSWORD, GapReason.PASSWORD_FIELD),
        (None, GapReason.UNKNOWN_FOCUS),
        (widget("text", pid=12), GapReason.UNKNOWN_FOCUS),
        (widget("terminal"), GapReason.UNKNOWN_FOCUS),
        (widget("drawing area"), GapReason.UNKNOWN_FOCUS),
    ],
)
def test_a_key_is_refused_where_the_focused_widget_is_closed_or_unknown(
    desk: FakeDesk, element: Element | None, reason: GapReason
) -> None:
    desk.elements.changes = [FocusChange(S, element)]
    desk.input.plan(*key("a", START))
    sink, _ = record(desk)
    assert not sink.of(Key)
    assert reasons(sink) == {reason}


def test_without_an_accessibility_tree_no_key_is_kept(desk: FakeDesk) -> None:
    desk.elements.changes = []
    desk.input.plan(*key("a", START), *key("tab", START + 100 * MS, character=""))
    assert not record(desk)[0].of(Key)


def test_a_letter_that_overtakes_the_news_of_a_password_field_is_refused(desk: FakeDesk) -> None:
    desk.elements.changes.append(FocusChange(START + 140 * MS, PASSWORD))
    desk.input.plan(*key("s", START))
    sink, _ = record(desk)
    assert not sink.of(Key)
    assert reasons(sink) == {GapReason.PASSWORD_FIELD}


def test_after_a_tab_a_letter_waits_longer_for_the_news(desk: FakeDesk) -> None:
    desk.elements.changes.append(FocusChange(START + 390 * MS, PASSWORD))
    desk.input.plan(*key("tab", START, character=""), *key("s", START + 50 * MS))
    assert [event.name for event in record(desk)[0].of(Key)] == ["tab", "tab"]


def test_a_letter_typed_well_before_the_focus_moves_is_kept(desk: FakeDesk) -> None:
    desk.elements.changes.append(FocusChange(START + 160 * MS, PASSWORD))
    desk.input.plan(*key("a", START))
    assert len(record(desk)[0].of(Key)) == 2


def test_a_letter_typed_in_a_password_field_is_refused_though_the_focus_then_leaves_it(desk: FakeDesk) -> None:
    desk.elements.changes += [FocusChange(START, PASSWORD), FocusChange(START + 60 * MS, TEXT)]
    desk.input.plan(*key("s", START + 50 * MS))
    assert not record(desk)[0].of(Key)


@pytest.mark.parametrize("name", ["tab", "enter", "l"])
def test_a_key_that_enters_nothing_is_kept_though_it_moves_the_focus(desk: FakeDesk, name: str) -> None:
    desk.elements.changes.append(FocusChange(START + 10 * MS, PASSWORD))
    desk.input.plan(*key(name, START, character=""))
    assert len(record(desk)[0].of(Key)) == 2


def test_a_key_waits_while_the_focus_is_between_two_widgets(desk: FakeDesk) -> None:
    desk.elements.changes += [FocusChange(START + 100 * MS, None), FocusChange(START + 300 * MS, TEXT)]
    desk.input.plan(*key("a", START))
    assert len(record(desk)[0].of(Key)) == 2


def test_a_key_does_not_wait_for_ever(desk: FakeDesk) -> None:
    desk.elements.changes.append(FocusChange(START + 100 * MS, None))
    desk.input.plan(*key("a", START))
    sink, _ = record(desk)
    assert reasons(sink) == {GapReason.UNKNOWN_FOCUS}


def test_a_key_is_refused_when_another_window_takes_the_focus_before_it_is_judged(desk: FakeDesk) -> None:
    desk.windows.later = [(START + 100 * MS, WindowStack((EDITOR, DIARY), DIARY.id))]
    desk.input.plan(*key("a", START))
    assert not record(desk)[0].of(Key)


def test_keys_under_a_lock_screen_that_leaves_the_focus_alone_are_refused(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, LOCK), EDITOR.id)
    desk.input.plan(*key("a", START))
    sink, _ = record(desk)
    assert not sink.of(Key)
    assert reasons(sink) == {GapReason.UNKNOWN_OWNER}


def test_a_shortcut_is_kept_though_another_programmes_popup_comes_after_it(desk: FakeDesk) -> None:
    desk.windows.later = [(START + 100 * MS, WindowStack((EDITOR, LOCK), EDITOR.id))]
    desk.input.plan(*key("s", START, character=""))
    assert len(record(desk)[0].of(Key)) == 2


def test_a_letter_is_refused_when_another_programmes_popup_comes_after_it(desk: FakeDesk) -> None:
    desk.windows.later = [(START + 100 * MS, WindowStack((EDITOR, LOCK), EDITOR.id))]
    desk.input.plan(*key("s", START))
    assert not record(desk)[0].of(Key)


def test_a_shortcut_under_another_programmes_popup_is_refused(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, LOCK), EDITOR.id)
    desk.input.plan(*key("s", START, character=""))
    assert not record(desk)[0].of(Key)


def test_keys_are_kept_while_the_programme_shows_a_menu_of_its_own(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, MENU), EDITOR.id)
    desk.input.plan(*key("down", START, character=""))
    assert len(record(desk)[0].of(Key)) == 2


def test_the_release_of_a_key_pressed_before_the_session_is_refused(desk: FakeDesk) -> None:
    desk.input.plan(Key(START, "a", "a", pressed=False))
    assert not record(desk)[0].of(Key)


def test_a_click_in_an_allowed_window_comes_with_the_widget_under_it(desk: FakeDesk) -> None:
    desk.elements.places[20, 25] = widget("push button", name="Save")
    desk.input.plan(*click(20, 25, START))
    sink, _ = record(desk)
    assert sink.clicked == [("push button", "Save")]
    assert [event.pressed for event in sink.of(PointerButton)] == [True, False]


def test_a_widget_that_lies_elsewhere_than_the_press_is_not_believed(desk: FakeDesk) -> None:
    desk.elements.places[20, 50] = widget("push button", name="Save")
    desk.input.plan(*click(20, 50, START))
    sink, _ = record(desk)
    assert not sink.clicked
    assert len(sink.of(PointerButton)) == 2


def test_an_item_of_a_list_is_believed_though_its_place_is_not(desk: FakeDesk) -> None:
    desk.elements.places[20, 50] = widget("menu item", name="Meals")
    desk.input.plan(*click(20, 50, START))
    (seen,) = (event for event in record(desk)[0].of(ElementSeen) if event.name == "Meals")
    assert seen.area == Area(20, 50, 1, 1)


def test_after_the_wheel_the_widget_under_the_resting_pointer_is_looked_up_anew(desk: FakeDesk) -> None:
    desk.elements.places[20, 25] = widget("push button", name="Save")
    desk.input.plan(PointerMoved(START, 20, 25), PointerScrolled(START + 200 * MS, 20, 25, 0, -1))
    desk.input.plan(*click(20, 25, START + 400 * MS))
    sink = _Scrolling(desk)
    record(desk, sink=sink)
    assert sink.clicked == [("link", "Next")]


class _Scrolling(Sink):
    """Another widget lies under the pointer as soon as the wheel has turned."""

    def __init__(self, desk: FakeDesk) -> None:
        super().__init__()
        desk.screen.later = [(START + 220 * MS, Area(0, 0, 160, 200), 90)]
        self._desk, self._told = desk, desk.elements.at
        desk.elements.at = self.at  # type: ignore[method-assign]

    def at(self, x: int, y: int, *, window: Window) -> Element | None:
        told = self._told(x, y, window=window)
        return widget("link", name="Next") if self._desk.clock.now_ns() > START + 220 * MS else told


def test_the_widget_is_the_one_that_was_there_before_the_press(desk: FakeDesk) -> None:
    desk.elements.places[20, 50] = widget("menu", name="File")
    desk.windows.later = [(START + 305 * MS, WindowStack((EDITOR, DIARY, MENU), EDITOR.id))]
    desk.input.plan(PointerMoved(START, 20, 50), *click(20, 50, START + 300 * MS))
    record(desk)
    assert MENU.id not in desk.elements.asked


def test_a_click_on_a_window_that_is_not_allowed_leaves_a_count_and_asks_nothing(desk: FakeDesk) -> None:
    desk.input.plan(*click(200, 50, START))
    sink, _ = record(desk)
    assert not sink.of(PointerButton)
    assert sum(gap.count for gap in sink.of(Gap)) == 2
    assert not desk.elements.asked


def test_a_drag_that_ends_on_a_window_that_is_not_allowed_loses_its_end(desk: FakeDesk) -> None:
    desk.input.plan(
        PointerButton(START, 20, 50, Button.LEFT, pressed=True),
        PointerButton(START + S, 200, 50, Button.LEFT, pressed=False),
    )
    assert [event.pressed for event in record(desk)[0].of(PointerButton)] == [True]


def test_moves_are_thinned_and_the_last_one_stays(desk: FakeDesk) -> None:
    desk.input.plan(*(PointerMoved(START + n * MS, n, 50) for n in range(100)))
    sink, counters = record(desk)
    moves = sink.of(PointerMoved)
    assert 2 <= len(moves) <= 5
    assert moves[-1].x == 99
    assert counters.coalesced >= 95


def test_moves_over_a_window_that_is_not_allowed_are_not_recorded(desk: FakeDesk) -> None:
    desk.input.plan(PointerMoved(START, 20, 50), PointerMoved(START + 500 * MS, 200, 50))
    assert [event.x for event in record(desk)[0].of(PointerMoved)] == [20]


def test_a_popup_of_the_focused_programme_is_captured(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((DIARY, EDITOR, MENU), EDITOR.id)
    desk.input.plan(*click(20, 20, START))
    assert len(record(desk)[0].of(PointerButton)) == 2


def test_a_popup_of_nobody_knows_whom_is_not_captured(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, LOCK), EDITOR.id)
    desk.input.plan(*click(20, 20, START))
    sink, _ = record(desk)
    assert not sink.of(PointerButton)
    assert GapReason.UNKNOWN_OWNER in reasons(sink)


def test_only_the_allowed_window_can_be_seen_in_a_frame(desk: FakeDesk) -> None:
    (screen, *_more) = record(desk)[0].screens()
    assert (screen[:, :160] == 200).all()
    assert (screen[:, 160:] == BLANK).all()


def test_where_nothing_allowed_is_visible_no_pixels_are_asked_for(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((DIARY,), DIARY.id)
    sink, _ = record(desk)
    assert desk.screen.grabs == 0
    assert all((screen == BLANK).all() for screen in sink.screens())


def test_a_password_field_is_blank_in_the_frames_after_it_had_the_focus(desk: FakeDesk) -> None:
    desk.elements.changes.append(FocusChange(START, PASSWORD))
    desk.input.plan(*key("tab", START - 50 * MS, character=""))
    screen = record(desk)[0].screens()[-1]
    area = PASSWORD.area
    assert (screen[area.y : area.y + area.height, area.x : area.x + area.width] == BLANK).all()


def test_a_frame_is_dropped_when_the_windows_change_while_it_is_taken(desk: FakeDesk) -> None:
    desk.windows.later = [(S + 40_500_000, WindowStack((DIARY, EDITOR), EDITOR.id))]
    sink, _ = record(desk)
    assert GapReason.SCREEN_CHANGED in reasons(sink)
    assert sink.of(Frame)


def test_a_frame_is_dropped_when_its_window_turns_out_not_to_be_allowed(desk: FakeDesk) -> None:
    secret = Window(1, "Editor", "my diary", 11, EDITOR.area, EDITOR.solid)
    desk.windows.later = [(S + 100 * MS, WindowStack((secret, DIARY), 1))]
    sink, _ = record(desk, title("notes"))
    assert all((screen == BLANK).all() for screen in sink.screens())


def test_a_screen_that_does_not_change_is_one_frame(desk: FakeDesk) -> None:
    sink, _ = record(desk, until=START + 60 * S)
    assert len(sink.of(Frame)) == desk.screen.grabs == 1


def test_the_last_frame_before_a_press_does_not_show_what_the_press_did(desk: FakeDesk) -> None:
    desk.input.plan(PointerMoved(START, 20, 50), *click(20, 50, START + 500 * MS))
    sink = _Pressing(desk)
    record(desk, sink=sink)
    press = sink.of(PointerButton)[0]
    before = [event for event in sink.of(Frame) if event.at_ns < press.at_ns]
    assert before
    assert (sink.screens()[len(before) - 1][:, :160] == 200).all()


class _Pressing(Sink):
    """Changes the screen as soon as the press is possible."""

    def __init__(self, desk: FakeDesk) -> None:
        super().__init__()
        self._desk = desk

    def commit(self, events: tuple[RawEvent, ...]) -> None:
        super().commit(events)
        if self._desk.clock.now_ns() > START + 500 * MS:
            self._desk.screen.pixels[:] = 10


def test_focus_and_title_of_an_allowed_window_are_said_once(desk: FakeDesk) -> None:
    sink, _ = record(desk)
    assert [(event.app, event.title) for event in sink.of(WindowFocused)] == [("Editor", "notes")]
    assert [event.role for event in sink.of(ElementSeen)] == ["text"]


def test_nothing_is_said_of_a_window_that_is_not_allowed(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((EDITOR, DIARY), DIARY.id)
    desk.elements.changes = [FocusChange(S, widget("text", pid=12))]
    sink, _ = record(desk)
    assert not sink.of(WindowFocused)
    assert not sink.of(ElementSeen)


@pytest.mark.parametrize(("app", "pid"), [("", 11), ("Editor", 0)])
def test_a_window_of_nobody_knows_whom_is_not_captured_though_its_title_is_allowed(
    desk: FakeDesk, app: str, pid: int
) -> None:
    desk.windows.now = WindowStack((Window(1, app, "notes", pid, EDITOR.area, EDITOR.solid),), EDITOR.id)
    desk.input.plan(*click(20, 25, START))
    sink, _ = record(desk, title("*"))
    assert desk.screen.grabs == 0
    assert not sink.of(PointerButton)


def test_a_browser_is_captured_at_an_allowed_address(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((BROWSER,), BROWSER.id)
    desk.elements.documents[5] = Document("http://expenses.localhost/claim", private=False)
    sink, _ = record(desk, url("expenses.localhost"))
    assert [event.url for event in sink.of(WindowFocused)] == ["http://expenses.localhost/claim"]


@pytest.mark.parametrize(
    "document",
    [
        None,
        Document(None, private=False),
        Document("http://expenses.localhost/", private=True),
        Document("http://x.test/", private=False),
    ],
)
def test_a_browser_that_is_private_or_elsewhere_or_silent_is_not_captured(
    desk: FakeDesk, document: Document | None
) -> None:
    desk.windows.now = WindowStack((BROWSER,), BROWSER.id)
    if document is not None:
        desk.elements.documents[5] = document
    sink, _ = record(desk, url("expenses.localhost"))
    assert not sink.of(WindowFocused)
    assert desk.screen.grabs == 0


class Loading:
    """A browser that follows a link when it is clicked, and says the new address some time later."""

    def __init__(self, desk: FakeDesk, *, from_ns: int, until_ns: int, then: str) -> None:
        self._desk, self._from_ns, self._until_ns, self._then = desk, from_ns, until_ns, then
        desk.windows.now = WindowStack((BROWSER,), BROWSER.id)
        desk.elements.changes = [FocusChange(S, widget("text", pid=15))]
        desk.screen.later = [(from_ns + 20 * MS, Area(0, 0, 160, 200), 90)]
        desk.elements.document = self.document  # type: ignore[method-assign]

    def document(self, window: Window) -> Document | None:  # noqa: ARG002 - the port's name
        now = self._desk.clock.now_ns()
        if self._from_ns <= now < self._until_ns:
            return Document(None, private=False)
        return Document("http://expenses.localhost/" if now < self._from_ns else self._then, private=False)


def test_a_click_on_a_link_is_kept_though_the_next_page_says_late_what_it_is(desk: FakeDesk) -> None:
    Loading(desk, from_ns=START + 5 * MS, until_ns=START + 500 * MS, then="http://expenses.localhost/next")
    desk.input.plan(*click(20, 50, START))
    sink, _ = record(desk, url("expenses.localhost*"))
    assert [event.pressed for event in sink.of(PointerButton)] == [True, True] or sink.of(PointerButton)[0].pressed
    assert not any((screen == BLANK).all() for screen in sink.screens())
    assert (sink.screens()[-1][:, :160] == 90).all()


@pytest.mark.parametrize("then", ["http://bank.localhost/", "about:blank"])
def test_a_click_on_a_link_to_a_page_that_is_not_allowed_is_refused(desk: FakeDesk, then: str) -> None:
    Loading(desk, from_ns=START + 5 * MS, until_ns=START + 300 * MS, then=then)
    desk.input.plan(*click(20, 50, START), *key("a", START + 100 * MS))
    sink, _ = record(desk, url("expenses.localhost*"))
    assert not sink.of(PointerButton)
    assert not sink.of(Key)
    assert not any((screen[:, :160] == 90).any() for screen in sink.screens())


def test_keys_while_nobody_knows_the_page_are_refused_whatever_it_turns_out_to_be(desk: FakeDesk) -> None:
    Loading(desk, from_ns=START + 5 * MS, until_ns=START + 500 * MS, then="http://expenses.localhost/next")
    desk.input.plan(*key("a", START - 500 * MS), *key("b", START + 420 * MS), *key("c", START + S))
    assert record(desk, url("expenses.localhost*"))[0].typed == "ac"


def test_a_page_that_never_says_its_address_goes_blank(desk: FakeDesk) -> None:
    Loading(desk, from_ns=START + 5 * MS, until_ns=START + 60 * S, then="")
    desk.input.plan(*click(20, 50, START), *click(20, 50, START + 2 * S))
    sink, _ = record(desk, url("expenses.localhost*"))
    assert not sink.of(PointerButton)
    assert (sink.screens()[-1] == BLANK).all()
    assert not any((screen[:, :160] == 90).any() for screen in sink.screens())


def test_batches_come_on_a_grid_and_in_order_of_time(desk: FakeDesk) -> None:
    for n in range(20):
        desk.input.plan(*key("a", START + n * 70 * MS))
    sink, _ = record(desk)
    moments = [event.at_ns for event in sink.events if not isinstance(event, Gap)]
    assert np.all(np.diff(moments) >= 0)
    assert len(sink.batches) <= 4 * 4 + 2


def test_nothing_is_sent_while_there_is_nothing_to_say(desk: FakeDesk) -> None:
    desk.windows.now = WindowStack((), 0)
    sink, _ = record(desk, until=START + 30 * S)
    assert len(sink.batches) <= 3


def test_a_source_that_dies_stops_the_recording_with_a_mark(desk: FakeDesk) -> None:
    sink = Sink()
    recorder = Recorder(sink, rules=allowing(Rule(RuleKind.APP, "editor")), clock=desk.clock)
    desk.input.plan(*key("a", START))

    def breaks() -> None:
        desk.input.broken = desk.clock.now_ns() >= START + S

    with pytest.raises(RecorderStopped, match="keyboard and pointer") as caught:
        recorder.record(desk.sources, breaks)
    assert caught.value.reason == "source_failed"
    assert isinstance(sink.events[-1], SessionEnded)
    assert GapReason.SOURCE_FAILED in reasons(sink)


class _Full(Sink):
    def commit(self, events: tuple[RawEvent, ...]) -> None:
        if self.events:
            raise OSError("no space for " + repr(events))
        super().commit(events)


def test_a_sink_that_fails_stops_the_recording_and_its_words_are_not_repeated(desk: FakeDesk) -> None:
    desk.input.plan(*key("q", START))
    with pytest.raises(RecorderStopped, match=r"\(OSError\)") as caught:
        record(desk, sink=_Full())
    assert caught.value.reason == "sink_failed"
    assert "no space" not in str(caught.value)
    assert caught.value.__cause__ is None
