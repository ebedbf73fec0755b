"""What had the focus and what lay where, a few seconds back, and the rules that judge by it. Pure.

Samples of the windows and changes of the focused widget go in; a verdict comes out: keep, wait, or the reason of a gap.

1. A key is kept only if every sample of the windows, from the last one before the press to the first one after its
   holding time, has an allowed window with the keys, and no popup of another programme lies above it (a screen lock or
   a launcher may hold the keyboard while the focus stays). For a key that enters nothing the last sample before the
   press and the first one after it count.
2. The focused widget must be known at the press, belong to that window's programme, and be no password field. For a
   key that enters a character no password field and no closed widget may have had the focus until the end of that
   time, and then it must be known: so a letter that overtook the news of the focus change is not kept.
3. A key that enters nothing (Tab, Return, arrows, any key with Ctrl) is judged by the moment of its press: it causes
   the change, so what comes after it is no reason to lose it.
4. A place of the pointer is kept only if the window under it was allowed in the last sample before and in the first
   one after, and is still allowed when it is judged.
5. A window that was captured and then, for a moment, does not tell what it shows (a page that is being loaded) makes
   what came before it wait until it tells. What is done while it is so is refused.
6. A frame, a widget or a title is kept only if each window that it shows was allowed in every sample since, for as
   long as it existed.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from capture.events import Area, GapReason
from capture.sources.base import CLOSED_ROLES, PASSWORD_ROLES, Element, FocusChange, Window, WindowStack

KEPT_NS: Final = 5_000_000_000
"""How long the history reaches back: longer than anything is held."""


ADDRESS_NS: Final = 100_000_000
"""Less than any event is held, so that the address is asked again between an event and its judgement."""


class Hold(Enum):
    """What to do with an event that is not refused."""

    KEEP = "keep"
    WAIT = "wait"


Verdict: TypeAlias = Hold | GapReason


@dataclass(frozen=True, slots=True)
class Sample:
    """How the windows lay at some moment between `began_ns` and `ended_ns`; `captured` are ids, `urls` by id.

    `doubtful` windows were captured a moment ago and do not tell at present what they show. `addresses_ns` is when the
    first of the addresses was told, None where there is no browser.
    """

    began_ns: int
    ended_ns: int
    stack: WindowStack
    captured: frozenset[int]
    urls: tuple[tuple[int, str], ...] = ()
    doubtful: frozenset[int] = frozenset()
    addresses_ns: int | None = None

    def is_known_at(self, at_ns: int) -> bool:
        """Whether it tells how things were at this moment or later; addresses may be `ADDRESS_NS` older."""
        asked = self.began_ns if self.addresses_ns is None else self.addresses_ns + ADDRESS_NS
        return min(self.began_ns, asked) >= at_ns

    @property
    def focused(self) -> Window | None:
        """The window that gets the keys, if it is known."""
        return self.stack.find(self.stack.focused)

    def url(self, window_id: int) -> str:
        """The address that a window shows, empty if there is none."""
        return dict(self.urls).get(window_id, "")


class History:
    """The samples and focus changes of the last seconds, in their order."""

    def __init__(self, focus: FocusChange | None = None) -> None:
        self._samples: deque[Sample] = deque()
        self._changes: deque[FocusChange] = deque((focus or FocusChange(0, None),))

    def add_sample(self, sample: Sample) -> None:
        """Remembers a sample and forgets those that nothing can need any more."""
        self._samples.append(sample)
        while len(self._samples) > 2 and self._samples[1].ended_ns < sample.ended_ns - KEPT_NS:
            self._samples.popleft()

    def add_changes(self, changes: tuple[FocusChange, ...]) -> None:
        """Remembers changes of the focused widget."""
        for change in changes:
            self._changes.append(change)
            while len(self._changes) > 2 and self._changes[1].at_ns < change.at_ns - KEPT_NS:
                self._changes.popleft()

    @property
    def latest_change(self) -> FocusChange:
        """The newest change of the focused widget."""
        return self._changes[-1]

    def before(self, at_ns: int) -> Sample | None:
        """The last sample that was complete at this moment, None when there is none."""
        return next((sample for sample in reversed(self._samples) if sample.ended_ns <= at_ns), None)

    def key(self, at_ns: int, until_ns: int, *, enters: str) -> Verdict:
        """The verdict on a key pressed at one moment, that enters these characters, by what was known until another."""
        samples = self._samples_between(at_ns, until_ns)
        if not samples:
            return GapReason.UNKNOWN_FOCUS
        rest = samples[1:] if enters or _focus_is_in_doubt(samples[1]) else samples[1:2]
        for sample in (samples[0], *(sample for sample in rest if not _focus_is_in_doubt(sample))):
            reason = _window_reason(sample)
            if reason is not None:
                return reason
        if _focus_is_in_doubt(rest[-1]):
            return Hold.WAIT
        changes = self._changes_since(at_ns)
        first = _element_reason(changes[0].element, samples[0].focused)
        if first is not None:
            return first
        return _later(changes, until_ns, window=samples[-1].focused) if enters else Hold.KEEP

    def place(self, at_ns: int, until_ns: int, *, point: tuple[int, int]) -> Verdict:
        """The verdict on the pointer being at a place at one moment, by what was known until another (rule 4)."""
        before = self.before(at_ns)
        after = next((sample for sample in self._samples if sample.began_ns >= at_ns), None)
        if before is None or after is None:
            return GapReason.UNKNOWN_OWNER
        window = before.stack.under(*point)
        for sample in (before, after):
            reason = _place_reason(sample, point)
            in_doubt = sample is after and window is not None and window.id in sample.doubtful
            if reason is not None and not in_doubt:
                return reason
        return self.shown(before.ended_ns, until_ns, windows=frozenset() if window is None else frozenset((window.id,)))

    def shown(self, at_ns: int, until_ns: int, *, windows: frozenset[int]) -> Verdict:
        """The verdict on something that shows these windows as they were at one moment, until another (rule 5)."""
        samples = self._samples_between(at_ns, until_ns)
        if not samples:
            return GapReason.UNKNOWN_OWNER
        for sample in samples:
            present = {window.id for window in sample.stack.windows}
            if (windows & present) - sample.captured - sample.doubtful:
                return GapReason.NOT_ALLOWED
        return Hold.WAIT if windows & samples[-1].doubtful else Hold.KEEP

    def _samples_between(self, at_ns: int, until_ns: int) -> tuple[Sample, ...]:
        """From the last sample complete at the first moment to the first without doubt begun after the second.

        Where all of those are in doubt, to the last; none at all where there is none before or none after.
        """
        samples = tuple(self._samples)
        start = max((index for index, sample in enumerate(samples) if sample.ended_ns <= at_ns), default=None)
        later = [index for index, sample in enumerate(samples) if sample.is_known_at(until_ns)]
        end = next((index for index in later if not samples[index].doubtful), later[-1] if later else None)
        return () if start is None or end is None else samples[start : end + 1]

    def _changes_since(self, at_ns: int) -> tuple[FocusChange, ...]:
        start = max((index for index, change in enumerate(self._changes) if change.at_ns <= at_ns), default=0)
        return tuple(self._changes)[start:]


def is_secret(element: Element | None) -> bool:
    """Whether a widget hides what is entered into it."""
    return element is not None and element.role in PASSWORD_ROLES


def belongs(popup: Window, window: Window) -> bool:
    """Whether a popup is of the same programme as a window, or says that the window owns it."""
    return (popup.pid != 0 and popup.pid == window.pid) or (popup.owner != 0 and popup.owner == window.id)


def _focus_is_in_doubt(sample: Sample) -> bool:
    return sample.focused is not None and sample.focused.id in sample.doubtful


def _window_reason(sample: Sample) -> GapReason | None:
    window = sample.focused
    if window is None:
        return GapReason.UNKNOWN_FOCUS
    if window.id not in sample.captured:
        return GapReason.NOT_ALLOWED
    above = sample.stack.windows[sample.stack.windows.index(window) + 1 :]
    if any(other.popup and _can_be_seen(other.area) and not belongs(other, window) for other in above):
        return GapReason.UNKNOWN_OWNER
    return None


def _can_be_seen(area: Area) -> bool:
    """False for the specks beside the screen that programmes use to talk to the window manager."""
    return area.width > 1 and area.height > 1 and area.x + area.width > 0 and area.y + area.height > 0


def _element_reason(element: Element | None, window: Window | None) -> GapReason | None:
    if element is None or window is None or window.pid == 0 or element.pid != window.pid:
        return GapReason.UNKNOWN_FOCUS
    if is_secret(element):
        return GapReason.PASSWORD_FIELD
    return GapReason.UNKNOWN_FOCUS if element.role in CLOSED_ROLES else None


def _later(changes: tuple[FocusChange, ...], until_ns: int, *, window: Window | None) -> Verdict:
    """What the focus did until the judging; where it was not known then, what it did until it was."""
    settled = False
    for change in changes:
        if settled and change.at_ns > until_ns:
            break
        if is_secret(change.element):
            return GapReason.PASSWORD_FIELD
        if change.element is not None and change.element.role in CLOSED_ROLES:
            return GapReason.UNKNOWN_FOCUS
        settled = _element_reason(change.element, window) is None
    return Hold.KEEP if settled else Hold.WAIT


def _place_reason(sample: Sample, point: tuple[int, int]) -> GapReason | None:
    window = sample.stack.under(*point)
    if window is not None and window.id in sample.captured:
        return None
    return GapReason.UNKNOWN_OWNER if window is not None and window.popup else GapReason.NOT_ALLOWED
