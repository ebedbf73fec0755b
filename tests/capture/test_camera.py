"""Pixels are taken where they changed and may be seen, and nowhere else."""

from __future__ import annotations

import pytest

from capture.blank import BLANK_PIXEL
from capture.camera import CHANGED_NS, COMPOSED_NS, VEIL_NS, Camera, RawFrame
from capture.events import Area, Monitor
from capture.focus import Sample
from capture.sources.base import TRACE, Touch, Window, WindowStack
from capture.sources.fake import FakeClock, FakeScreen

LEFT = Window(1, "Editor", "notes", 11, Area(0, 0, 160, 200), (Area(0, 0, 160, 200),))
RIGHT = Window(2, "Diary", "today", 12, Area(160, 0, 160, 200), (Area(160, 0, 160, 200),))
STACK = WindowStack((LEFT, RIGHT), 1)
GREY = 200 << 16 | 200 << 8 | 200


def sample(*captured: int, stack: WindowStack = STACK) -> Sample:
    return Sample(0, 0, stack, frozenset(captured))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def screen(clock: FakeClock) -> FakeScreen:
    return FakeScreen(clock)


@pytest.fixture
def camera(screen: FakeScreen, clock: FakeClock) -> Camera:
    return Camera(screen, clock, screen.monitors())


def taken(camera: Camera, now: Sample, *secret: Area) -> RawFrame:
    frame = camera.take(now, secret)
    assert frame is not None
    return frame


def test_the_first_time_everything_is_taken_and_the_rest_is_blank(camera: Camera) -> None:
    frame = taken(camera, sample(1))
    assert frame.area == Area(0, 0, 320, 200)
    assert (frame.pixels[:, :160] == GREY).all()
    assert (frame.pixels[:, 160:] == BLANK_PIXEL).all()


def test_only_where_something_captured_lies_pixels_are_asked_for(camera: Camera, screen: FakeScreen) -> None:
    camera.take(sample(1), ())
    (asked,) = screen.grabbed
    assert asked.x + asked.width <= 192
    assert camera.take(sample(1), ()) is None


def test_where_nothing_is_captured_no_pixels_are_asked_for(camera: Camera, screen: FakeScreen) -> None:
    assert (taken(camera, sample()).pixels == BLANK_PIXEL).all()
    assert screen.grabbed == []


def test_only_the_tiles_around_a_change_are_taken(camera: Camera, screen: FakeScreen) -> None:
    camera.take(sample(1), ())
    screen.pixels[70, 70] = 9
    frame = taken(camera, sample(1))
    assert frame.area == Area(64, 64, 64, 64)
    assert frame.pixels[6, 6] == 9 << 16 | 9 << 8 | 9


def test_a_change_where_nothing_captured_lies_takes_nothing(camera: Camera, screen: FakeScreen) -> None:
    camera.take(sample(1), ())
    asked = len(screen.grabbed)
    screen.pixels[100:, 200:] = 9
    assert camera.take(sample(1), ()) is None
    assert len(screen.grabbed) == asked


def test_of_a_tile_that_two_windows_share_only_the_captured_part_is_kept(camera: Camera, screen: FakeScreen) -> None:
    camera.take(sample(1), ())
    screen.pixels[10, 150:170] = 9
    frame = taken(camera, sample(1))
    assert frame.area == Area(128, 0, 64, 64)
    assert (frame.pixels[:, 32:] == BLANK_PIXEL).all()
    assert (frame.pixels[10, 22:32] == (9 << 16 | 9 << 8 | 9)).all()


def test_a_window_that_may_no_longer_be_seen_is_blanked_at_once(camera: Camera) -> None:
    camera.take(sample(1, 2), ())
    frame = taken(camera, sample(1))
    assert (frame.pixels[:, 160:] == BLANK_PIXEL).all()
    assert frame.area == Area(0, 0, 320, 200)


def test_a_new_title_without_a_new_place_takes_nothing(camera: Camera) -> None:
    camera.take(sample(1), ())
    other = Window(1, "Editor", "more notes", 11, LEFT.area, LEFT.solid)
    now = sample(1, stack=WindowStack((other, RIGHT), 1))
    assert camera.would_show(now, ())
    assert camera.take(now, ()) is None
    assert not camera.would_show(now, ())


def test_a_password_field_is_never_in_what_is_taken(camera: Camera) -> None:
    camera.take(sample(1), ())
    frame = taken(camera, sample(1), Area(10, 10, 50, 20))
    assert (frame.pixels[10:30, 10:60] == BLANK_PIXEL).all()
    assert frame.pixels[40, 10] == GREY


def test_what_was_dropped_is_taken_again_and_is_as_old_as_it_was(camera: Camera, screen: FakeScreen) -> None:
    first = taken(camera, sample(1))
    camera.drop(first)
    assert camera.dirty_ns() is not None
    again = taken(camera, sample(1))
    assert again.area == first.area
    assert again.since_ns == min(at_ns for at_ns in (first.since_ns, first.at_ns) if at_ns is not None)


def test_what_was_skipped_is_taken_later(camera: Camera, screen: FakeScreen) -> None:
    camera.take(sample(1), ())
    screen.pixels[70, 70] = 9
    since = camera.dirty_ns()
    camera.skip()
    assert camera.dirty_ns() == since
    assert taken(camera, sample(1)).pixels[70, 70] != GREY


def test_a_screen_that_does_not_change_is_not_dirty(camera: Camera, screen: FakeScreen) -> None:
    assert camera.dirty_ns() is not None
    camera.take(sample(1), ())
    assert camera.dirty_ns() is None


def test_monitors_that_begin_elsewhere_are_counted_from_their_corner() -> None:
    screen = FakeScreen(FakeClock(), (Monitor(-320, 0, 320, 200, 1.0), Monitor(0, 0, 320, 200, 2.0)))
    camera = Camera(screen, FakeClock(), screen.monitors())
    far = Window(1, "Editor", "notes", 11, Area(-320, 0, 100, 100), (Area(-320, 0, 100, 100),))
    now = sample(1, stack=WindowStack((far,), 1))
    frame = taken(camera, now)
    assert frame.pixels.shape == (200, 640)
    assert (frame.pixels[:100, :100] == GREY).all()
    assert (frame.pixels[:, 320:] == BLANK_PIXEL).all()
    screen.pixels[5, 5] = 1
    assert taken(camera, now).area == Area(-320, 0, 64, 64)


# What may still show what stood there before

COVERED = WindowStack((LEFT, Window(3, "", "", 99, Area(40, 40, 50, 30), (), popup=True), RIGHT), 1, serial=1)
UNDER = (slice(40, 70), slice(40, 90))
"""The place of the popup of another programme."""


def bare(serial: int = 2, *touches: Touch, composited: bool = False) -> WindowStack:
    return WindowStack((LEFT, RIGHT), 1, serial, composited, touches)


def is_blank(frame: RawFrame) -> bool:
    return bool((frame.pixels[UNDER] == BLANK_PIXEL).all())


@pytest.fixture
def uncovered(camera: Camera, screen: FakeScreen) -> Camera:
    """A popup of another programme lay over the allowed window and has just gone; nothing was painted since."""
    screen.repainted = ()
    camera.take(sample(1, stack=COVERED), ())
    assert camera.prepare(sample(1, stack=bare()), ()) == {1}
    return camera


def test_what_a_popup_leaves_is_not_taken_before_it_was_painted_over(uncovered: Camera, clock: FakeClock) -> None:
    assert not uncovered.is_ready()
    clock.advance(VEIL_NS)
    assert uncovered.is_ready()
    assert uncovered.take(sample(1, stack=bare()), ()) is None, "where the popup was it stays blank as it was"


def test_what_was_painted_over_is_taken(uncovered: Camera, screen: FakeScreen) -> None:
    screen.repainted = (Area(0, 0, 160, 200),)
    assert uncovered.is_ready()
    assert not is_blank(taken(uncovered, sample(1, stack=bare())))


def test_where_only_a_part_was_painted_the_rest_stays_blank(
    uncovered: Camera, screen: FakeScreen, clock: FakeClock
) -> None:
    screen.repainted = (Area(0, 0, 60, 200),)
    clock.advance(VEIL_NS)
    frame = taken(uncovered, sample(1, stack=bare()))
    assert (frame.pixels[40:70, 40:60] == GREY).all()
    assert (frame.pixels[40:70, 60:90] == BLANK_PIXEL).all()


def test_a_popup_that_came_back_while_it_was_painted_undoes_the_painting(
    uncovered: Camera, screen: FakeScreen, clock: FakeClock
) -> None:
    screen.repainted = (Area(0, 0, 160, 200),)
    assert uncovered.is_ready()
    screen.repainted = ()
    again = sample(1, stack=bare(4))
    assert uncovered.prepare(again, ()) == {1}
    assert not uncovered.is_ready()
    clock.advance(VEIL_NS)
    frame = uncovered.take(again, ())
    assert frame is None or is_blank(frame)


def test_where_something_else_changes_while_it_is_painted_the_programme_is_asked_again(
    uncovered: Camera, screen: FakeScreen
) -> None:
    screen.repainted = (Area(0, 0, 160, 200),)
    assert uncovered.is_ready()
    screen.repainted = ()
    secret = (Area(100, 100, 20, 20),)
    assert uncovered.prepare(sample(1, stack=bare()), secret) == {1}, "else it would stay blank for good"
    assert not uncovered.is_ready()


def test_a_window_that_came_and_went_unseen_leaves_a_veil(camera: Camera, screen: FakeScreen) -> None:
    screen.repainted = ()
    camera.take(sample(1, stack=bare(2)), ())
    now = sample(1, stack=bare(4, Touch(3, 9, Area(40, 40, 50, 30)), Touch(4, 9, Area(40, 40, 50, 30))))
    assert camera.prepare(now, ()) == {1}
    assert not camera.is_ready()


def test_a_menu_of_the_captured_programme_leaves_none(camera: Camera, screen: FakeScreen) -> None:
    screen.repainted = ()
    camera.take(sample(1, stack=bare(2)), ())
    now = sample(1, stack=bare(3, Touch(3, 1, Area(40, 40, 50, 30))))
    assert camera.prepare(now, ()) == frozenset()
    assert camera.is_ready()


@pytest.mark.parametrize("stack", [bare(TRACE + 3), bare(3, Touch(3, 9, None))])
def test_where_it_is_not_known_what_came_and_went_all_is_veiled(
    camera: Camera, screen: FakeScreen, stack: WindowStack
) -> None:
    screen.repainted = ()
    camera.take(sample(1, stack=bare(2)), ())
    assert camera.prepare(sample(1, stack=stack), ()) == {1}


def test_with_a_compositor_painting_alone_is_not_enough(camera: Camera, screen: FakeScreen, clock: FakeClock) -> None:
    camera.take(sample(1, stack=COVERED), ())
    now = sample(1, stack=bare(composited=True))
    camera.prepare(now, ())
    assert not camera.is_ready()
    clock.advance(COMPOSED_NS)
    assert camera.is_ready()
    assert not is_blank(taken(camera, now))


def test_a_window_whose_title_is_allowed_from_now_on_is_shown_once_its_page_was_drawn(
    camera: Camera, clock: FakeClock
) -> None:
    camera.take(sample(), ())
    assert camera.prepare(sample(1), ()) == frozenset(), "nobody is asked to paint: nothing has moved"
    assert not camera.is_ready()
    clock.advance(CHANGED_NS)
    assert camera.is_ready()
    assert not is_blank(taken(camera, sample(1)))


def test_a_veil_is_looked_at_again_until_it_is_lifted(uncovered: Camera, screen: FakeScreen, clock: FakeClock) -> None:
    assert uncovered.veiled_until_ns == clock.now_ns()
    clock.advance(VEIL_NS)
    assert uncovered.veiled_until_ns is None, "a programme that hangs is not asked for ever"
    screen.repainted = (Area(0, 0, 160, 200),)
    assert not is_blank(taken(uncovered, sample(1, stack=bare())))
