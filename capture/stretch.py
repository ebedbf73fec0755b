"""The loop over open sources: it sleeps until one of them has news, and lets nothing go on that was not judged.

News go in; judged events leave for the outgoing batches. Nothing is written or logged here. Rules of this file:
1. It wakes for news and for what it has itself put off, else once a second. While nothing happens there is nothing to
   look at.
2. An event is held for some time before it is judged (`capture.ears`), by the rules of `capture.focus`.
3. Pixels are taken where the display says that they changed. A frame is stamped when it was complete, and dropped when
   the windows before and after it differ. So the last frame with a stamp before a press shows the screen before it.
4. Only programmes whose window is captured are asked for their widgets.
5. Once it was told to stop, what happens is not heard and nothing is taken; what is too young to be judged is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from capture.allow import Rules
from capture.blank import BLANK_PIXEL
from capture.camera import Camera, RawFrame
from capture.ears import HOLD_NS, Ears, captured_focus, seen
from capture.events import (
    Area,
    GapReason,
    Monitor,
    Purpose,
    UiEffect,
    WindowFocused,
)
from capture.focus import ADDRESS_NS, History, Sample, belongs, is_secret
from capture.frames import TileWriter
from capture.governor import Pacer
from capture.hold import Known, Observed, Waiting
from capture.outgoing import Outgoing
from capture.sleep import Sleep, read_clocks
from capture.sources.base import (
    Clock,
    Effected,
    Element,
    FocusChange,
    InputEvent,
    SourceFailed,
    Sources,
    Window,
    common,
)
from capture.watch import Watch
from capture.watchdog import Watchdog

MS: Final = 1_000_000
STOP_NS: Final = 200 * MS
"""How long, at the end, what was on its way is awaited, and what waits may still become old enough to be judged."""
TICK_NS: Final = 1000 * MS
DRAIN_NS: Final = 20 * MS
"""Least time between two looks at the input while it flows."""
RETRY_NS: Final = 40 * MS
"""How long a change of the screen goes on before it is taken, and how soon a dropped frame is taken again."""
ACTIVE_NS: Final = 600 * MS
"""How long after input changes of the screen are taken at full pace; after that once in `QUIET_NS`."""
QUIET_NS: Final = 1000 * MS
WHEEL_NS: Final = 250 * MS
"""While the wheel turns, and so long after it unless something else is done, the screen is taken once in `QUIET_NS`."""
AWAY_NS: Final = 30_000 * MS
"""After this time without input the screen is taken once in `AWAY_FRAME_NS`: a caret blinks on, a clock goes on."""
AWAY_FRAME_NS: Final = 5000 * MS
BETWEEN_NS: Final = 300 * MS
"""How long a browser's address is believed in samples on which nothing is judged."""
DISPLAY_CHANGED: Final = "display_changed"
HOTKEY: Final = "hotkey"

_LONG_AGO: Final = -(10**12)


class Stretch:
    """Records from sources that are open, on monitors that stay the same; used once."""

    def __init__(  # noqa: PLR0913
        self,
        sources: Sources,
        out: Outgoing,
        *,
        rules: Rules,
        clock: Clock,
        pacer: Pacer,
        sleep: Sleep,
        monitors: tuple[Monitor, ...],
        hotkey: frozenset[str],
        focus: FocusChange | None,
    ) -> None:
        self._sources, self._out, self._clock = sources, out, clock
        self._pacer, self._sleep = pacer, sleep
        self._watch = Watch(sources, rules=rules, clock=clock)
        self._history = History(focus)
        self._camera = Camera(sources.screen, clock, monitors)
        area = self._camera.area
        tiles = TileWriter(area.width, area.height, fill=BLANK_PIXEL)
        self._waiting = Waiting(self._history, out.account, screen=area, tiles=tiles)
        now = clock.now_ns()
        self._pace = pacer.pace(now)
        self._watchdog = Watchdog(now)
        self._ears = Ears(self._history, sources.elements, clock, hotkey=hotkey)
        self._secret: tuple[Area, ...] = ()
        self._noted_window: tuple[int, str, str] | None = None
        self._noted_change_ns = 0
        self._last_grab_ns = _LONG_AGO
        self._last_change_ns: int | None = None
        self._last_commit_ns = self._last_tick_ns = now
        self._dropped = False
        self._over: str | None = None

    @property
    def focus(self) -> FocusChange:
        """Which widget had the focus last."""
        return self._history.latest_change

    def run(self, stop: Callable[[], str | None]) -> str:
        """Goes on until `stop` gives a reason or the stretch has one of its own; `SourceFailed` when a source fails."""
        self._sample()
        while (reason := stop() or self._over) is None:
            self._turn()
        if reason == HOTKEY:
            self._waiting.give_up()
        else:
            self._finish(self._clock.now_ns())
        return reason

    def _turn(self) -> None:
        began = self._clock.now_ns()
        flowing = self._hear()
        sample = self._sample(believing_ns=BETWEEN_NS)
        self._hear_widgets(sample)
        self._ears.look_under_pointer()
        if _is_due(self._grab_due_ns(sample), self._clock.now_ns()):
            self._grab()
        if _is_due(self._commit_due_ns(), self._clock.now_ns()):
            self._commit()
        if self._clock.now_ns() - self._last_tick_ns >= TICK_NS:
            self._tick()
        if self._sources.screen.topology_changed():
            self._over = DISPLAY_CHANGED
        self._rest(sample, DRAIN_NS - (self._clock.now_ns() - began) if flowing else 0)

    def _rest(self, sample: Sample, least_ns: int) -> None:
        """Sleeps at least so long, and then until there is something to do."""
        if least_ns > 0:
            self._clock.sleep(least_ns / 1e9)
        put_off = (self._grab_due_ns(sample), self._commit_due_ns(), self._ears.due_ns, self._last_tick_ns + TICK_NS)
        due = min(at_ns for at_ns in put_off if at_ns is not None)
        if self._over is None:
            self._sources.bell.wait(max(due - self._clock.now_ns(), 0) / 1e9)

    def _tick(self) -> None:
        """What is done once a second, whatever happens."""
        now = self._last_tick_ns = self._clock.now_ns()
        self._pace = self._pacer.pace(now)
        suspended = self._sleep.since(read_clocks(self._clock))
        if suspended is not None:
            self._out.add((suspended,))
        if self._watchdog.is_due(now):
            display = self._sources.input.last_input_ns()
            changed = self._camera.dirty_ns() or self._last_change_ns
            if self._watchdog.is_deaf(now, heard_ns=self._ears.last_input_ns, display_ns=display, changed_ns=changed):
                raise SourceFailed("Keyboard and pointer are in use, but none of it is heard. Start a new recording.")

    # Input

    def _hear(self) -> bool:
        """Takes the input that has come; true if there was any."""
        events = self._sources.input.drain()
        for event in events:
            self._take(event)
        return bool(events)

    def _take(self, event: InputEvent) -> None:
        content, hold_ns = self._ears.heard(event)
        self._waiting.add(content, event.at_ns, hold_ns=hold_ns)
        if self._ears.hotkey_is_held:
            self._over = HOTKEY

    # Windows and widgets

    def _sample(self, *, believing_ns: int = ADDRESS_NS) -> Sample:
        """Looks at the windows and the focus, remembers both, and notes what is new."""
        sample = self._watch.sample(believing_ns=believing_ns)
        self._history.add_sample(sample)
        self._history.add_changes(self._sources.elements.focus_changes())
        self._note_window(sample)
        self._note_focus(sample)
        return sample

    def _note_window(self, sample: Sample) -> None:
        window = captured_focus(sample)
        if window is None:
            self._noted_window = None
            return
        url = sample.url(window.id)
        if self._noted_window == (window.id, window.title, url):
            return
        self._noted_window = (window.id, window.title, url)
        event = WindowFocused(sample.ended_ns, window.app, window.title, url, window.area)
        self._waiting.add(Observed(event, window.id), sample.ended_ns, hold_ns=HOLD_NS)

    def _note_focus(self, sample: Sample) -> None:
        window, change = captured_focus(sample), self._history.latest_change
        if window is None or change.at_ns == self._noted_change_ns:
            return
        if change.element is None or change.element.pid != window.pid:
            return
        self._noted_change_ns = change.at_ns
        event = seen(change.element, sample.ended_ns, purpose=Purpose.FOCUS)
        self._waiting.add(Observed(event, window.id), sample.ended_ns, hold_ns=HOLD_NS)

    def _hear_widgets(self, sample: Sample) -> None:
        """Takes what widgets of the captured window with the focus tell of themselves, and of no other."""
        effects = self._sources.elements.effects()
        window = captured_focus(sample)
        if window is None:
            return
        for effect in effects:
            if _is_of(effect.element, window, sample):
                event = _effect(effect, self._out.not_before(effect.at_ns))
                self._waiting.add(Observed(event, window.id), event.at_ns, hold_ns=HOLD_NS)

    def _secrets(self, sample: Sample) -> tuple[Area, ...]:
        """Where password fields lie in captured windows, the one with the focus included."""
        windows = (window for window in sample.stack.windows if window.id in sample.captured and not window.popup)
        areas = {area for window in windows for area in self._sources.elements.secrets(window)}
        return tuple(sorted(areas.union(self._focused_secret()), key=str))

    def _focused_secret(self) -> tuple[Area, ...]:
        focused = self._history.latest_change.element
        return (focused.area,) if focused is not None and is_secret(focused) else ()

    # The screen

    def _grab_due_ns(self, sample: Sample) -> int | None:
        """When pixels are to be taken next, None while the screen is as it was taken."""
        dirty = self._camera.dirty_ns()
        hidden = set(self._focused_secret()) <= set(self._secret)
        veiled = self._camera.veiled_until_ns
        if dirty is None and veiled is None and hidden and not self._camera.would_show(sample, self._secret):
            return None
        if self._dropped:
            return self._last_grab_ns + RETRY_NS
        news = dirty + RETRY_NS if dirty is not None else veiled or 0
        due = max(self._last_grab_ns + self._interval_ns(), news)
        wheel = self._ears.wheel_ns
        if wheel is None:
            return due
        return max(due, min(wheel + WHEEL_NS, self._last_grab_ns + max(self._pace.frame_ns, QUIET_NS)))

    def _interval_ns(self) -> int:
        idle = self._clock.now_ns() - self._ears.last_input_ns
        if idle < ACTIVE_NS or self._waiting.settles:
            return self._pace.frame_ns
        return max(self._pace.frame_ns, QUIET_NS if idle < AWAY_NS else AWAY_FRAME_NS)

    def _grab(self) -> None:
        self._last_change_ns = self._camera.dirty_ns() or self._last_change_ns
        self._last_grab_ns, self._dropped = self._clock.now_ns(), False
        if not self._pace.frames:
            self._camera.skip()
            self._waiting.refuse(GapReason.BUDGET, "screen", at_ns=self._last_grab_ns)
            return
        before = self._sample()
        if not self._may_take(before):
            self._dropped = True  # it is soon known what may be seen
            return
        frame = self._taken(before)
        if frame is None:
            return
        after = self._sample()
        self._last_grab_ns = frame.at_ns
        if (before.stack, before.captured) != (after.stack, after.captured):
            self._dropped = True
            self._camera.drop(frame)
            self._waiting.refuse(GapReason.SCREEN_CHANGED, "screen", at_ns=frame.at_ns)
            return
        self._waiting.add(frame, frame.at_ns, hold_ns=HOLD_NS)

    def _may_take(self, sample: Sample) -> bool:
        """Whether it is known what may be seen, and what that is stands on the screen."""
        if sample.doubtful:
            return False
        self._secret = self._secrets(sample)
        for window in self._camera.prepare(sample, self._secret):
            self._sources.windows.repaint(window)
        return self._camera.is_ready()

    def _taken(self, sample: Sample) -> RawFrame | None:
        try:
            return self._camera.take(sample, self._secret)
        except SourceFailed:
            if not self._sources.screen.topology_changed():
                raise
            self._over = DISPLAY_CHANGED  # the pixels asked for are not there any more
            return None

    # Judging and sending

    def _commit_due_ns(self) -> int | None:
        """The next place on the grid at which something can be judged or sent, None while there is nothing."""
        ready = self._out.due_ns
        moments = (
            self._waiting.due_ns,
            None if ready is None else ready + HOLD_NS,
            0 if self._waiting.settles else None,
        )
        first = min((at_ns for at_ns in moments if at_ns is not None), default=None)
        if first is None:
            return None
        grid = self._pace.commit_ns
        return max(-(-first // grid), self._last_commit_ns // grid + 1) * grid

    def _commit(self) -> None:
        """Judges what is due, and sends what nothing older can still precede."""
        sample = self._sample()
        self._last_commit_ns = until = sample.began_ns
        known = Known(self._camera.dirty_ns(), self._secrets(sample))
        self._out.add(self._waiting.judge(until, known))
        for frame in self._waiting.take_refused_frames():
            self._camera.drop(frame)
        # Input that is still on its way is stamped later than this, so that batches stay in order.
        oldest = self._waiting.oldest_ns
        horizon = until - HOLD_NS if oldest is None else min(oldest, until - HOLD_NS)
        self._out.add(self._waiting.settled(horizon, known))
        due = self._out.due_ns
        if due is not None and due <= horizon:
            self._out.flush(horizon)

    def _finish(self, stopped_ns: int) -> None:
        """Judges what was before the stop as far as it becomes old enough in time, and refuses the rest."""
        self._clock.sleep(STOP_NS / 1e9)
        for event in self._sources.input.drain():  # what was still on its way
            if event.at_ns <= stopped_ns:
                self._take(event)
        self._commit()
        self._waiting.give_up()


def _is_due(due_ns: int | None, now_ns: int) -> bool:
    return due_ns is not None and due_ns <= now_ns


def _is_of(element: Element, window: Window, sample: Sample) -> bool:
    """Whether a widget is of this window or of a popup of it, by its process and by its place."""
    if element.pid == 0 or element.pid != window.pid:
        return False
    near = (
        other for other in sample.stack.windows if other.id == window.id or (other.popup and belongs(other, window))
    )
    return any(common(element.area, other.area) is not None for other in near)


def _effect(told: Effected, at_ns: int) -> UiEffect:
    return UiEffect(at_ns, 0, told.effect, told.element.role, told.element.name)
