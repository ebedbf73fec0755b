"""What leaves redaction holds nothing of what was typed, named or shown, and nothing leaves when a tool fails."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from capture.events import (
    Ancestor,
    Area,
    DisplayChanged,
    ElementSeen,
    FrameBound,
    Gap,
    GapReason,
    Key,
    Monitor,
    PointerButton,
    PointerScrolled,
    Purpose,
    RawEvent,
    ScreenSettled,
    Shortcut,
    Suspended,
    UiEffect,
    WindowFocused,
)
from capture.events import Button as PointerKey
from capture.events import Effect as RawEffect
from redaction.detectors import light_detectors
from redaction.detectors.base import DetectorError, Role
from redaction.engine import open_redacted, redact, seal_redacted
from redaction.fields import STALE_NS, Tools
from redaction.images.pixels import MaskTools
from redaction.lexicon import load_lexicon
from redaction.readers.base import Line, Pixels, Reader, Strip, Word
from redaction.readers.fake import FakeReader
from redaction.redacted import (
    Action,
    ActionKind,
    Effect,
    EffectKind,
    Isolation,
    Place,
    RedactedSession,
    Reported,
    Step,
)
from redaction.spans import Box, TextSpan
from tests.redaction.recording import DESK, POLICY, click, desk, frames, ns, pressed, raw_session, typed
from tests.world import opening, signing
from vault.canonical import canonical, digest
from vault.envelope import open_envelope, seal_envelope
from vault.errors import BadInput, NotMinted, Refused
from vault.minted import Mint

CANARY = "Qxwvz"
SECRET = Area(200, 100, 90, 16)
"""Where the screen holds noise that nobody can read."""
MASKING = MaskTools(FakeReader(), load_lexicon(), light_detectors())
TOOLS = Tools(MASKING, Isolation.NETNS, POLICY, light_detectors())
SCREEN = frames((0.5, desk(SECRET)))


def redacted(*events: RawEvent, tools: Tools = TOOLS, task: str = "") -> tuple[RedactedSession, Reported]:
    return redact(raw_session(*events, task=task), tools, silent)


def with_reader(reader: Reader) -> Tools:
    """The same tools with another engine."""
    return replace(TOOLS, masking=replace(MASKING, reader=reader))


def silent(_done: int, _all: int) -> None:
    """Nobody watches."""


def steps(*events: RawEvent) -> tuple[Step, ...]:
    """The redacted steps but the last one, which is the end."""
    return redacted(*events)[0].episode.steps[:-1]


def only(*events: RawEvent) -> Step:
    (step,) = steps(*events)
    return step


def widget(name: str, *, role: str = "push button", area: Area = DESK, purpose: Purpose = Purpose.CLICK) -> ElementSeen:
    return ElementSeen(ns(2), purpose, role, name, (CANARY,), area, (Ancestor(CANARY, CANARY),))


def window(seconds: float, app: str, *, title: str = "", url: str = "") -> WindowFocused:
    return WindowFocused(ns(seconds), app, title, url, DESK)


def chord(seconds: float, name: str, *, command: str, menu: tuple[str, ...] = ()) -> tuple[RawEvent, ...]:
    """Ctrl and a key, and what they are a shortcut of."""
    events = pressed(seconds, "ctrl", name)
    return (*events, Shortcut(events[1].at_ns, ("ctrl", name), command, menu))


def effect(kind: RawEffect, name: str, *, role: str = "menu item", of: float = 1) -> UiEffect:
    """What a widget did after the press at a moment."""
    return UiEffect(ns(of + 0.2), ns(of), kind, role, name)


def everything(session: RedactedSession, reported: Reported) -> bytes:
    """All bytes that leave, in the form before sealing and after."""
    sealed = seal_redacted(session, reported, opening("consent").public, device=signing("device"))
    inside = open_envelope(sealed, opening("consent"), "redacted session")
    return canonical(session.episode) + canonical(reported.report) + b"".join(session.images) + sealed + inside


@pytest.mark.parametrize("text", ["a", "two words", "x" * 300])
def test_typed_text_becomes_one_placeholder_whatever_its_length(text: str) -> None:
    assert only(*typed(1, text)).action == Action(
        end=None, keys=(), kind=ActionKind.TYPE, place=None, scroll_x=0, scroll_y=0, text="<TEXT>"
    )


def test_sessions_that_differ_in_what_was_typed_only_are_the_same_when_redacted() -> None:
    one, other = (redacted(*typed(1, text, every=0.001))[0].episode for text in ("abc", "entirely other words"))
    assert one == other


def test_a_known_kind_of_text_names_its_category_and_nothing_more() -> None:
    assert only(*typed(1, "219-09-9999")).action.text in {"<TAX>", "<PERSON>"}


@settings(max_examples=25, deadline=None)
@given(text=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=12))
def test_no_byte_that_leaves_holds_what_was_typed(text: str) -> None:
    out = everything(*redacted(*SCREEN, *typed(1, f"{CANARY}{text}")))
    assert CANARY.encode() not in out
    assert f"{CANARY}{text}".encode("utf-16-le") not in out


def test_a_canary_in_every_field_of_every_event_is_nowhere_in_what_leaves() -> None:
    events = (
        window(0.1, CANARY, title=f"{CANARY} report", url=f"https://{CANARY}.example/{CANARY}?q={CANARY}"),
        *SCREEN,
        *click(1, 20, 20),
        FrameBound(ns(1), ns(0.5), 0),
        widget(CANARY, role=CANARY),
        *(effect(kind, CANARY, role=role) for kind in RawEffect for role in (CANARY, "menu item")),
        ScreenSettled(ns(1.5), ns(1), ns(0.5), settled=True),
        *typed(3, CANARY),
        effect(RawEffect.POPUP_OPENED, CANARY, of=3),
        Key(ns(4), CANARY, CANARY, pressed=True),
        *pressed(5, "ctrl", CANARY),
        Shortcut(ns(5) + 1, ("ctrl", CANARY), CANARY, (CANARY,)),
        *chord(5.5, "s", command=CANARY, menu=(CANARY, CANARY)),
        effect(RawEffect.SELECTED, CANARY, of=5.5),
        widget(CANARY, purpose=Purpose.FOCUS),
        *pressed(6, "enter"),
        Suspended(ns(6.5), 1, 1, 1),
        DisplayChanged(ns(6.6), (Monitor(0, 0, 64, 64, 1.0),)),
        Gap(ns(7), ns(8), GapReason.NOT_ALLOWED, CANARY, 1),
    )
    raw = raw_session(*events, task=CANARY, platform=CANARY)
    session, reported = redact(raw, TOOLS, silent)
    assert CANARY.casefold().encode() not in everything(session, reported).lower()
    # The canary was there to leave: in its place stand placeholders.
    click_step, chord_step = (next(step for step in session.episode.steps if step.at_ms == at) for at in (1000, 5500))
    placed = "<TEXT>"
    assert {(one.name, one.role) for one in click_step.effects} == {(placed, "unknown"), (placed, "menu item")}
    assert (chord_step.command, chord_step.menu) == (placed, (placed, placed))


@pytest.mark.parametrize("count", [1, 2, 40])
def test_a_missed_password_does_not_show_its_length(count: int) -> None:
    gaps = (Gap(ns(1), ns(1), GapReason.PASSWORD_FIELD, "keyboard", 1) for _ in range(count))
    (missed,) = redacted(*gaps)[0].episode.gaps
    assert (missed.count, missed.reason, missed.source) == (1, "password_field", "keyboard")


def test_gaps_far_apart_or_of_another_reason_are_told_apart() -> None:
    gaps = (
        Gap(ns(1), ns(2), GapReason.NOT_ALLOWED, "pointer", 3),
        Gap(ns(2), ns(3), GapReason.SCREEN_CHANGED, "pointer", 1),
        Gap(ns(9), ns(10), GapReason.NOT_ALLOWED, "pointer", 4),
        Gap(ns(30), ns(31), GapReason.NOT_ALLOWED, "pointer", 5),
    )
    told = [(missed.count, missed.from_ms, missed.until_ms) for missed in redacted(*gaps)[0].episode.gaps]
    assert told == [(7, 1000, 10_000), (1, 2000, 3000), (5, 30_000, 31_000)]


@pytest.mark.parametrize("names", [("ctrl", "s"), ("alt", "f4"), ("shift", "left"), ("ctrl", "shift", "p")])
def test_chords_stay(names: tuple[str, ...]) -> None:
    action = only(*pressed(1, *names)).action
    assert (action.kind, action.keys, action.text) == (ActionKind.HOTKEY, names, "")


@pytest.mark.parametrize("name", ["enter", "tab", "esc", "f5", "pagedown"])
def test_named_keys_stay(name: str) -> None:
    action = only(*pressed(1, name)).action
    assert (action.kind, action.keys) == (ActionKind.KEY, (name,))


@pytest.mark.parametrize("key", ["å", "kp_5", "Okonkwo", "\x13"])
def test_a_chord_with_a_key_that_may_not_be_named_counts_as_text(key: str) -> None:
    action = only(Key(ns(1), "ctrl", "", pressed=True), Key(ns(1.1), key, "", pressed=True)).action
    assert (action.kind, action.keys, action.text) == (ActionKind.TYPE, (), "<TEXT>")


def test_a_click_on_what_stays_visible_keeps_its_place_and_target() -> None:
    step = only(*SCREEN, *click(1, 20, 20), widget("Save", area=Area(10, 10, 40, 20)))
    assert step.action.place == Place(x=20, y=20)
    assert step.target is not None
    assert (step.target.name, step.target.role) == ("Save", "push button")


@pytest.mark.parametrize(
    ("x", "y"), [(SECRET.x + 40, SECRET.y + 8), (SECRET.x, SECRET.y), (SECRET.x + SECRET.width - 1, SECRET.y + 15)]
)
def test_a_click_in_a_masked_area_loses_its_place_and_its_target(x: int, y: int) -> None:
    step = only(*SCREEN, *click(1, x, y), widget("Save"))
    assert (step.action.kind, step.action.place, step.target) == (ActionKind.CLICK, None, None)


def test_a_click_before_the_first_screen_loses_its_place_and_its_target() -> None:
    step = only(*click(0.2, 20, 20), widget("Save"))
    assert (step.image, step.frame_age_ms, step.action.place, step.target) == (None, None, None, None)


def test_a_drag_that_ends_in_a_masked_area_loses_its_end() -> None:
    press = PointerButton(ns(1), 20, 20, PointerKey.LEFT, pressed=True)
    release = PointerButton(ns(2), SECRET.x + 40, SECRET.y + 8, PointerKey.LEFT, pressed=False)
    action = only(*SCREEN, press, release).action
    assert (action.kind, action.place, action.end) == (ActionKind.DRAG, Place(x=20, y=20), None)


def test_a_drag_that_begins_in_a_masked_area_loses_both_its_places() -> None:
    press = PointerButton(ns(1), SECRET.x + 40, SECRET.y + 8, PointerKey.LEFT, pressed=True)
    action = only(*SCREEN, press, PointerButton(ns(2), 20, 20, PointerKey.LEFT, pressed=False)).action
    assert (action.place, action.end) == (None, None)


def test_a_scroll_keeps_its_way() -> None:
    action = only(*SCREEN, PointerScrolled(ns(1), 20, 20, 0, -3)).action
    assert (action.kind, action.scroll_y, action.place) == (ActionKind.SCROLL, -3, Place(x=20, y=20))


@pytest.mark.parametrize("name", ["Mr Okonkwo", "219-09-9999", "Okonkwo Save"])
def test_a_widget_name_that_is_no_phrase_becomes_a_placeholder(name: str) -> None:
    target = only(*SCREEN, *click(1, 20, 20), widget(name)).target
    assert target is not None
    assert target.name.startswith("<")


def test_an_unknown_role_is_unknown() -> None:
    target = only(*SCREEN, *click(1, 20, 20), widget("Save", role="Mr Okonkwo")).target
    assert target is not None
    assert target.role == "unknown"


def test_the_field_that_was_typed_into_has_no_place() -> None:
    focus = widget("Search", role="entry", purpose=Purpose.FOCUS)
    target = only(*SCREEN, focus, *typed(3, "a")).target
    assert target is not None
    assert (target.name, target.role, target.place) == ("Search", "entry", None)


def test_a_shortcut_keeps_the_command_and_menu_that_are_phrases() -> None:
    step = only(*chord(1, "s", command="Save", menu=("File", "Okonkwo")))
    assert (step.action.keys, step.command, step.menu) == (("ctrl", "s"), "Save", ("File", "<TEXT>"))


def test_a_chord_that_counts_as_text_has_no_command() -> None:
    step = only(*chord(1, "å", command="Save", menu=("File",)))
    assert (step.action.text, step.command, step.menu) == ("<TEXT>", "", ())


def test_an_action_says_which_menu_opened_and_which_item_was_chosen() -> None:
    step = only(
        *SCREEN,
        *click(1, 20, 20),
        effect(RawEffect.POPUP_OPENED, "File", role="menu"),
        effect(RawEffect.SELECTED, "Save"),
        effect(RawEffect.SELECTED, "Mr Okonkwo", role="list item"),
    )
    assert step.effects == (
        Effect(kind=EffectKind.POPUP_OPENED, name="File", role="menu"),
        Effect(kind=EffectKind.SELECTED, name="Save", role="menu item"),
        Effect(kind=EffectKind.SELECTED, name="<TEXT>", role="list item"),
    )


def test_effects_have_one_vocabulary() -> None:
    assert {kind.value for kind in EffectKind} == {kind.value for kind in RawEffect}


@pytest.mark.parametrize("role", ["check box", "radio button", "switch", "toggle button"])
@pytest.mark.parametrize("kind", [RawEffect.CHECKED, RawEffect.UNCHECKED, RawEffect.SELECTED])
def test_the_state_of_a_form_control_is_not_told(kind: RawEffect, role: str) -> None:
    assert only(*SCREEN, *click(1, 20, 20), effect(kind, "Save", role=role)).effects == ()


def test_that_an_item_of_a_menu_was_ticked_is_told() -> None:
    ticked = effect(RawEffect.CHECKED, "Save", role="check menu item")
    assert [one.kind for one in only(*SCREEN, *click(1, 20, 20), ticked).effects] == [EffectKind.CHECKED]


@pytest.mark.parametrize("count", [1, 2, 30])
def test_effects_do_not_tell_how_many_unknown_things_were_passed(count: int) -> None:
    passed = [effect(RawEffect.SELECTED, f"Person {number}", role="list item") for number in range(count)]
    assert len(only(*SCREEN, *click(1, 20, 20), *passed).effects) == 1


def test_a_click_in_a_masked_area_does_not_say_what_it_did() -> None:
    step = only(*SCREEN, *click(1, SECRET.x + 40, SECRET.y + 8), effect(RawEffect.POPUP_OPENED, "File"))
    assert step.effects == ()


def test_typed_text_does_not_say_what_it_did() -> None:
    assert only(*typed(1, "a"), effect(RawEffect.POPUP_OPENED, "File")).effects == ()


@pytest.mark.parametrize(("stale", "told"), [(0, 0), (0.001, 100), (0.1, 100), (0.101, 200)])
def test_for_how_long_an_image_was_out_of_date_is_rounded_up(stale: float, told: int) -> None:
    assert only(*SCREEN, *click(1, 5, 5), FrameBound(ns(1), ns(0.5), ns(stale))).frame_stale_ms == told


def test_where_no_frame_was_bound_nobody_says_that_it_is_exact() -> None:
    assert only(*SCREEN, *click(1, 5, 5)).frame_stale_ms is None


@pytest.mark.parametrize(("stale_ns", "is_there"), [(STALE_NS, True), (STALE_NS + 1, False)])
def test_a_click_on_a_screen_that_had_long_changed_loses_its_place_and_its_target(
    stale_ns: int, *, is_there: bool
) -> None:
    step = only(*SCREEN, *click(4, 20, 20), FrameBound(ns(4), ns(0.5), stale_ns), widget("Save"))
    assert (step.image, step.action.place is not None, step.target is not None) == (0, is_there, is_there)


def test_a_step_names_the_image_after_it() -> None:
    screens = frames((0.5, desk()), (1.5, desk(SECRET)))
    settled = ScreenSettled(ns(2), ns(1), ns(1.5), settled=True)
    session, _ = redacted(*screens, *click(1, 5, 5), settled, Gap(ns(3), ns(3), GapReason.PAUSED, "recorder", 0))
    assert [step.after_image for step in session.episode.steps] == [1, None]
    assert bool(session.episode.images[1].masks)


def test_programmes_and_sites_are_numbered_in_the_order_of_their_appearance() -> None:
    found = steps(
        window(1, "ledger", url="https://pay.example/a?b"),
        *pressed(2, "enter"),
        window(3, "mail"),
        *pressed(4, "enter"),
        window(5, "browser", url="https://other.example"),
        *pressed(6, "enter"),
        window(7, "ledger", url="https://pay.example/other"),
        *pressed(8, "enter"),
    )
    assert [(step.app, step.site) for step in found] == [
        ("app-1", "site-1"),
        ("app-2", ""),
        ("app-3", "site-2"),
        ("app-1", "site-1"),
    ]


@pytest.mark.parametrize("url", ["http://[", "about:blank", "file:///home/okonkwo/a", "Okonkwo", "https://"])
def test_an_address_without_a_host_has_no_site(url: str) -> None:
    assert only(window(1, "browser", url=url), *pressed(2, "enter")).site == ""


def test_a_title_keeps_interface_phrases_only() -> None:
    step = only(window(1, "editor", title="Okonkwo - Save"), *pressed(2, "enter"))
    assert step.window_title == "<TEXT> - Save"


def test_times_are_rounded_to_a_tenth_of_a_second() -> None:
    found = steps(*frames((0.519, desk())), *pressed(1.234, "enter"), *pressed(1.277, "tab"))
    assert [step.at_ms for step in found] == [1200, 1300]


def test_no_time_that_leaves_is_finer_than_that() -> None:
    episode = redacted(
        *frames((0.519, desk())),
        *click(1.234, 5, 5),
        FrameBound(ns(1.234), ns(0.519), ns(0.0123)),
        Gap(ns(2.345), ns(3.456), GapReason.PAUSED, "screen", 1),
    )[0].episode
    times = [episode.duration_ms, *(image.at_ms for image in episode.images)]
    times += [moment for gap in episode.gaps for moment in (gap.from_ms, gap.until_ms)]
    times += [moment for step in episode.steps for moment in (step.at_ms, step.frame_age_ms or 0)]
    times += [step.frame_stale_ms or 0 for step in episode.steps]
    assert not [moment for moment in times if moment % 100]


def test_only_screens_that_an_action_needs_leave() -> None:
    screens = frames((0.5, desk()), (1.5, desk(SECRET)), (2.5, desk()), (3.5, desk(Area(10, 10, 40, 12))))
    session, reported = redacted(*screens, *click(1, 5, 5), *click(3, 50, 50))
    assert [step.image for step in session.episode.steps[:2]] == [0, 1]
    assert (reported.report.frames_recorded, reported.report.images) == (4, 3)


def test_an_image_is_the_last_screen_before_its_action() -> None:
    screens = frames((0.5, desk()), (1.5, desk(SECRET)))
    session, _ = redacted(*screens, *click(1, 5, 5), *click(2, 5, 5))
    first, second = (session.episode.images[step.image or 0] for step in session.episode.steps[:2])
    assert (first.at_ms, first.masks, second.at_ms, bool(second.masks)) == (500, (), 1500, True)


def test_nothing_of_a_masked_area_is_left_in_the_image() -> None:
    session, _ = redacted(*SCREEN, *click(1, 5, 5))
    pixels = np.asarray(Pillow.open(io.BytesIO(session.images[0])))
    inside = pixels[SECRET.y : SECRET.y + SECRET.height, SECRET.x : SECRET.x + SECRET.width]
    assert len(np.unique(inside.reshape(-1, 3), axis=0)) == 1


def test_an_image_has_no_metadata() -> None:
    session, _ = redacted(*SCREEN, *click(1, 5, 5))
    image = Pillow.open(io.BytesIO(session.images[0]))
    assert (image.format, not set(image.info) & {"exif", "icc_profile", "xmp"}) == ("WEBP", True)


def test_places_are_counted_from_the_corner_of_the_image() -> None:
    monitors = (Monitor(-100, 50, 320, 200, 1.0),)
    raw = raw_session(*frames((0.5, desk())), *click(1, -80, 70), monitors=monitors)
    assert redact(raw, TOOLS, silent)[0].episode.steps[0].action.place == Place(x=20, y=20)


def test_after_the_monitors_changed_places_and_images_are_those_of_the_new_ones() -> None:
    wide = Monitor(-320, 0, 640, 200, 1.0)
    wide_screen = np.concatenate((desk(), desk(SECRET)), axis=1)
    clicked = (*click(1, 20, 20), *click(1.5, SECRET.x + 40, SECRET.y + 8))
    again = (*click(3, 20, 20), *click(3.5, SECRET.x + 40, SECRET.y + 8))
    session, _ = redacted(
        *frames((0.5, desk())), *clicked, DisplayChanged(ns(2), (wide,)), *frames((2.5, wide_screen)), *again
    )
    steps = session.episode.steps[:-1]
    assert [step.action.place for step in steps] == [Place(x=20, y=20), Place(x=240, y=108), Place(x=340, y=20), None]
    assert [session.episode.images[step.image or 0].width for step in steps] == [320, 320, 640, 640]


def test_a_click_right_after_the_monitors_changed_has_no_image_and_no_place() -> None:
    found = steps(*SCREEN, DisplayChanged(ns(0.8), (Monitor(0, 0, 64, 64, 1.0),)), *click(1, 20, 20))
    assert [(step.image, step.action.place) for step in found] == [(None, None)]


@pytest.mark.parametrize(("scale", "percent"), [(1.0, 100), (1.25, 125), (1.3333, 125), (2.0, 200), (0.01, 25)])
def test_the_scale_of_a_monitor_is_rounded(scale: float, percent: int) -> None:
    raw = raw_session(monitors=(Monitor(0, 0, 320, 200, scale), Monitor(320, 0, 320, 200, 1.0)))
    assert redact(raw, TOOLS, silent)[0].episode.scale_percent == (percent, 100)


def test_the_report_belongs_to_the_episode() -> None:
    session, reported = redacted(*SCREEN, *click(1, 5, 5))
    assert reported.report.episode_digest == digest(canonical(session.episode))


def test_the_report_says_how_the_process_was_isolated() -> None:
    _, reported = redacted(tools=replace(TOOLS, isolation=Isolation.NONE))
    assert reported.report.isolation is Isolation.NONE


def test_redaction_is_the_same_each_time() -> None:
    raw = raw_session(*SCREEN, *click(1, 5, 5), *typed(2, "abc"))
    assert everything(*redact(raw, TOOLS, silent))[:2000] == everything(*redact(raw, TOOLS, silent))[:2000]


def test_progress_is_told_from_nothing_to_all() -> None:
    told: list[tuple[int, int]] = []
    raw = raw_session(*SCREEN, *click(1, 5, 5))
    redact(raw, TOOLS, lambda done, every: told.append((done, every)))
    assert told == [(0, 2), (1, 2), (2, 2)]  # a screen is read, and then masked


class ToolBrokenError(Exception):
    """What a tool of these tests raises."""


@dataclass(frozen=True, slots=True)
class FakeBrokenReader:
    """Fails on every screen."""

    name: str = "broken"
    version: str = "1"

    def read(self, rgb: Pixels) -> tuple[Line, ...]:
        """Nothing, ever."""
        raise ToolBrokenError(rgb.shape)

    def read_strips(self, strips: tuple[Strip, ...]) -> tuple[tuple[Word, ...], ...]:
        """Nothing, ever."""
        raise ToolBrokenError(len(strips))


@dataclass(frozen=True, slots=True)
class FakeBrokenDetector:
    """Examines no text."""

    name: str = "broken"
    role: Role = Role.DENY

    def find(self, text: str) -> tuple[TextSpan, ...]:
        """Nothing, ever."""
        raise DetectorError(len(text))


def test_a_reader_that_fails_lets_nothing_leave() -> None:
    with pytest.raises(ToolBrokenError):
        redacted(*SCREEN, *click(1, 5, 5), tools=with_reader(FakeBrokenReader()))


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(typed(1, "a"), id="typed"),
        pytest.param((window(1, "app", title="Save"), *pressed(2, "enter")), id="title"),
        pytest.param((*SCREEN, *click(1, 20, 20), widget("Save")), id="widget"),
        pytest.param((*SCREEN, *click(1, 20, 20), effect(RawEffect.EXPANDED, "Save")), id="effect"),
        pytest.param(chord(1, "s", command="Save"), id="command"),
        pytest.param(chord(1, "s", command="", menu=("File",)), id="menu"),
    ],
)
def test_a_detector_that_fails_lets_nothing_leave(events: tuple[RawEvent, ...]) -> None:
    with pytest.raises(DetectorError):
        redacted(*events, tools=replace(TOOLS, detectors=(FakeBrokenDetector(),)))


def test_a_detector_that_fails_on_a_screen_lets_nothing_leave() -> None:
    reader = FakeReader(((Word("Save", 0.99, Box(20, 20, 40, 12)),),))
    broken = replace(with_reader(reader), detectors=(FakeBrokenDetector(),))
    with pytest.raises(DetectorError):
        redacted(*frames((0.5, desk(Area(20, 20, 40, 12)))), *click(1, 200, 20), tools=broken)


def test_a_damaged_frame_lets_nothing_leave() -> None:
    damaged = msgspec.structs.replace(SCREEN[0], packed=b"damaged")
    with pytest.raises(BadInput):
        redacted(damaged, *click(1, 5, 5))


def test_a_read_phrase_stays_and_is_counted() -> None:
    written = Area(20, 20, 40, 12)
    reader = FakeReader(((Word("Save", 0.99, Box(20, 20, 40, 12)),),))
    session, reported = redacted(*frames((0.5, desk(written))), *click(1, 200, 20), tools=with_reader(reader))
    assert (reported.report.words_read, reported.report.mean_confidence_percent) == (1, 99)
    assert len(session.images) == 1


def test_what_was_sealed_is_opened_by_the_consents_key() -> None:
    session, reported = redacted(*SCREEN, *click(1, 5, 5))
    sealed = seal_redacted(session, reported, opening("consent").public, device=signing("device"))
    again, report = open_redacted(sealed, opening("consent"), devices=(signing("device").public,))
    assert (again, report) == (session, reported)


def test_another_key_opens_nothing() -> None:
    sealed = seal_redacted(*redacted(), opening("consent").public, device=signing("device"))
    with pytest.raises(Refused):
        open_redacted(sealed, opening("exporter"), devices=(signing("device").public,))


def test_a_session_that_another_device_made_is_refused() -> None:
    """Whoever has the consent's public key only cannot plant a session on the employee's disk."""
    sealed = seal_redacted(*redacted(), opening("consent").public, device=signing("employee"))
    with pytest.raises(BadInput, match="another key"):
        open_redacted(sealed, opening("consent"), devices=(signing("device").public,))


@pytest.mark.parametrize("part", ["images", "episode", "report", "proof"])
def test_an_exchanged_part_is_refused(part: str) -> None:
    mine, theirs = (_parts(*redacted(*SCREEN, *click(1, x, 5))) for x in (5, 90))
    theirs["images"] = [b"other"]
    forged = seal_envelope(
        msgspec.msgpack.encode(mine | {part: theirs[part]}), (opening("consent").public,), "redacted session"
    )
    with pytest.raises(BadInput):
        open_redacted(forged, opening("consent"), devices=(signing("device").public,))


@pytest.mark.parametrize("images", [[], ["twice", "twice"]])
def test_missing_or_doubled_images_are_refused(images: list[str]) -> None:
    mine = _parts(*redacted(*SCREEN, *click(1, 5, 5)))
    mine["images"] = [mine["images"][0] for _ in images]
    forged = seal_envelope(msgspec.msgpack.encode(mine), (opening("consent").public,), "redacted session")
    with pytest.raises(BadInput, match="images"):
        open_redacted(forged, opening("consent"), devices=(signing("device").public,))


def test_a_sealed_file_that_is_no_session_is_refused() -> None:
    forged = seal_envelope(b"\xff\x00", (opening("consent").public,), "redacted session")
    with pytest.raises(BadInput, match="damaged"):
        open_redacted(forged, opening("consent"), devices=(signing("device").public,))


def test_nobody_else_makes_a_redacted_session_or_a_report() -> None:
    session, reported = redacted()
    with pytest.raises(NotMinted):
        RedactedSession(session.episode, (), Mint("somebody"))
    with pytest.raises(NotMinted):
        Reported(reported.report, Mint("somebody"))


def _parts(session: RedactedSession, reported: Reported) -> dict[str, list[bytes]]:
    sealed = seal_redacted(session, reported, opening("consent").public, device=signing("device"))
    parts: dict[str, list[bytes]] = msgspec.msgpack.decode(
        open_envelope(sealed, opening("consent"), "redacted session")
    )
    return parts
