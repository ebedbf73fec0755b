"""One field at a time: what a step, a gap and an image become when they are redacted. Pure but for the tools it calls.

Raw steps, gaps and masked frames enter, the documents of `redaction.redacted` leave. `Work` is one redaction under way:
it numbers names, and counts what was masked. The rules are those at the head of `redaction.engine`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import msgspec

from capture.events import NAMED_KEYS, Area, Frame, Gap, Monitor, RawEvent, UiEffect, WindowFocused
from consent.documents import Policy
from redaction.detectors.base import Detector
from redaction.hunting.entities import Entities
from redaction.intake import RawSession
from redaction.redacted import (
    Action,
    ActionKind,
    Channel,
    Effect,
    EffectKind,
    Image,
    Isolation,
    Masked,
    Missed,
    Part,
    Place,
    Rectangle,
    Step,
    Target,
)
from redaction.reports.reporting import FrameFacts
from redaction.roles import known_role
from redaction.spans import Category
from redaction.steps import RawStep
from redaction.taint import Tainted
from redaction.text import find_all, mask_text, placeholder, tags_in
from vault.canonical import digest
from vault.signed import Signed

if TYPE_CHECKING:
    from redaction.images.pixels import MaskTools

ROUND_MS: Final = 100
"""Times are rounded to this many milliseconds: exact intervals between keys identify people."""
GAP_SOURCES: Final = frozenset({"elements", "keyboard", "pointer", "recorder", "screen", "windows"})
GAP_NS: Final = 10_000_000_000
"""Gaps of one reason and source that are less than ten seconds apart are told as one."""
MARGIN: Final = 1
"""Pixels around a click that must be free of masks for its place to stay."""
STALE_NS: Final = 2_000_000_000
"""An image that the screen had differed from for longer than two seconds does not say what a click lay on."""
SCALE_PERCENT: Final = 25
"""Scales of monitors are rounded to this many percent: odd ones would tell machines apart."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What reads and decides, how the process is isolated, and the policy that says which screens are dropped.

    `masking` decides on screens; `detectors` examine every text of the session, typed, told or read, for what is hunted
    in all others. `parts` are the packages and models that the report names.
    """

    masking: MaskTools
    isolation: Isolation
    policy: Signed[Policy]
    detectors: tuple[Detector, ...]
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class Numbers:
    """Numbers for names within one session: the first name seen is 1."""

    word: str
    seen: dict[str, int] = field(default_factory=dict)

    def number(self, raw_name: str) -> str:
        """The placeholder of a name; empty for none."""
        return f"{self.word}-{self.seen.setdefault(raw_name, len(self.seen) + 1)}" if raw_name else ""


@dataclass(slots=True)
class Work:
    """One redaction under way: what turns raw fields into redacted ones, and counts.

    `tainted` finds in any text what was found anywhere in the session, `entities` gives the same value the same
    placeholder in all of it.
    """

    raw: RawSession
    tools: Tools
    tainted: Tainted
    entities: Entities = field(default_factory=Entities)
    apps: Numbers = field(default_factory=lambda: Numbers("app"))
    sites: Numbers = field(default_factory=lambda: Numbers("site"))
    texts: Counter[tuple[Channel, Category]] = field(default_factory=Counter)
    found: Counter[Category] = field(default_factory=Counter)

    def time(self, at_ns: int) -> int:
        """Milliseconds since the session began, rounded."""
        return round((at_ns - self.raw.started.at_ns) / 1_000_000 / ROUND_MS) * ROUND_MS

    def app(self, window: WindowFocused | None) -> str:
        """What stands for a programme: its name if the policy allows that, else a number."""
        raw_app = window.app if window else ""
        allowed = self.tools.policy.document.allowlist.programmes
        return raw_app if raw_app in allowed else self.apps.number(raw_app)

    def site(self, window: WindowFocused | None) -> str:
        """What stands for a site: the name under which the policy allows it, else a number."""
        raw_host = _raw_host(window.url) if window else ""
        allowed = self.tools.policy.document.allowlist.sites
        known = next((site for site in allowed if raw_host == site or raw_host.endswith(f".{site}")), None)
        return self.sites.number(raw_host) if known is None else known

    def label(self, raw_text: str, channel: Channel) -> str:
        """A title or name, with all that is no interface phrase replaced by placeholders; empty for none."""
        masking = self.tools.masking
        masked = mask_text(raw_text, lexicon=masking.lexicon, detectors=self.detectors, tag=self.tag)
        self.texts.update({(channel, category): number for category, number in masked.counts.items()})
        return masked.text

    def typed(self, raw_text: str) -> str:
        """The placeholders of a typed text: what was found in it, each once; its length never."""
        tags = tags_in(raw_text, find_all(raw_text, self.detectors), self.tag)
        self.texts.update((Channel.TYPED, category) for category, _ in tags)
        return " ".join(tag for _, tag in tags)

    def withheld(self, channel: Channel) -> str:
        """What stands for any text that belongs to a classified screen."""
        self.texts.update([(channel, Category.CLASSIFIED)])
        return placeholder(Category.CLASSIFIED)

    def tag(self, value: str, category: Category) -> str:
        """The placeholder of a value, which is counted."""
        self.found[category] += 1
        return self.entities.tag(value, category)

    def counted(self) -> Iterator[tuple[Category, int, int]]:
        """For each category how many different values were found in the session, and how often any of them."""
        distinct = Counter(entity.category for entity in self.tainted.taint.entities)
        for category in sorted(distinct | self.found):
            yield category, distinct[category], self.found[category]

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """All that decides on a text of this session."""
        return (*self.tools.masking.detectors, self.tainted)


@dataclass(frozen=True, slots=True)
class MaskedImage:
    """One masked frame: what it was, its lossless WebP bytes, its masks, and what is counted of it."""

    frame: Frame
    webp: bytes
    masked: tuple[Masked, ...]
    facts: FrameFacts


@dataclass(frozen=True, slots=True)
class Screens:
    """The masked images by the number of their frame, and the frames that were dropped, in order."""

    images: dict[int, MaskedImage]
    dropped: tuple[Frame, ...]

    @property
    def places(self) -> dict[int, int]:
        """The numbers of the images in the episode, by those of their frames."""
        return {number: index for index, number in enumerate(self.images)}


@dataclass(frozen=True, slots=True)
class Seen:
    """The images of one step: number and form of the one before it, for how long it was out of date, number after it.

    Each is None where there is none, or where it is not known. `is_classified` says that the step went to a screen that
    is classified too highly to be shown, or led to one: its place, target and names are withheld then.
    """

    before: tuple[int, MaskedImage] | None
    stale_ns: int | None
    after: int | None
    is_classified: bool

    @property
    def masked(self) -> tuple[Masked, ...]:
        """The masks of the image before the step."""
        return () if self.before is None else self.before[1].masked

    def hides(self, step: RawStep) -> bool:
        """Whether the place that a step went to was masked, or nobody can say that it was not."""
        if self.before is None or self.is_classified or (self.stale_ns or 0) > STALE_NS:
            return True
        return _is_masked(step.x, step.y, self.masked)


def step_of(work: Work, index: int, step: RawStep, *, seen: Seen) -> Step:
    """The step that leaves."""
    hidden = seen.hides(step)
    action = _action(work, step, hidden=hidden, seen=seen)
    is_text = action.kind is ActionKind.TYPE
    is_silent = is_text or seen.is_classified
    named = partial(_named, work, is_classified=seen.is_classified)
    raw_title = step.window.title if step.window else ""
    return Step(
        action=action,
        after_image=seen.after,
        app=work.app(step.window),
        at_ms=work.time(step.at_ns),
        command="" if is_text else named(step.raw_command, Channel.NAME),
        effects=() if is_silent or (step.kind in _PLACED and hidden) else _effects(work, step.raw_effects),
        frame_age_ms=None if seen.before is None else max(work.time(step.at_ns) - _frame_ms(work, seen.before[1]), 0),
        frame_stale_ms=None if seen.stale_ns is None else -(-seen.stale_ns // (ROUND_MS * 1_000_000)) * ROUND_MS,
        image=None if seen.before is None else seen.before[0],
        index=index,
        menu=() if is_silent else tuple(named(raw_name, Channel.NAME) for raw_name in step.raw_menu),
        site=work.site(step.window),
        target=None if seen.is_classified else _target(work, step, hidden=hidden),
        window_title=named(raw_title, Channel.TITLE),
    )


def _frame_ms(work: Work, image: MaskedImage) -> int:
    return work.time(image.frame.at_ns)


def _named(work: Work, raw_name: str, channel: Channel = Channel.NAME, *, is_classified: bool = False) -> str:
    """A name of which only interface phrases stayed, nothing of one on a classified screen; empty for none."""
    if not raw_name:
        return ""
    return work.withheld(channel) if is_classified else work.label(raw_name, channel)


_STATES: Final = frozenset({EffectKind.CHECKED, EffectKind.UNCHECKED})
_MENU_ROLES: Final = frozenset({"menu item", "check menu item", "radio menu item"})
_FORM_ROLES: Final = frozenset({"check box", "radio button", "switch", "toggle button"})


def _effects(work: Work, raw_effects: tuple[UiEffect, ...]) -> tuple[Effect, ...]:
    """What widgets did, each thing once: how often would tell what was looked for."""
    kept = (_effect(work, raw_effect) for raw_effect in dict.fromkeys(raw_effects) if _may_be_told(raw_effect))
    return tuple(dict.fromkeys(kept))


def _may_be_told(raw_effect: UiEffect) -> bool:
    """States of form controls are not told, as they are not shown: only a menu's items say that they were ticked."""
    kind = EffectKind(raw_effect.effect.value)
    if kind in _STATES:
        return raw_effect.role in _MENU_ROLES
    return kind is not EffectKind.SELECTED or raw_effect.role not in _FORM_ROLES


def _effect(work: Work, raw_effect: UiEffect) -> Effect:
    kind = EffectKind(raw_effect.effect.value)
    return Effect(kind=kind, name=_named(work, raw_effect.name), role=known_role(raw_effect.role))


def scales_of(monitors: tuple[Monitor, ...]) -> tuple[int, ...]:
    """Each monitor's scale in percent, rounded, and at least the step that it is rounded to."""
    return tuple(max(round(one.scale * 100 / SCALE_PERCENT), 1) * SCALE_PERCENT for one in monitors)


def _raw_host(raw_url: str) -> str:
    try:
        return urlsplit(raw_url).hostname or ""
    except ValueError:
        return ""


_PLACED: Final = frozenset(
    {
        ActionKind.CLICK,
        ActionKind.DOUBLE_CLICK,
        ActionKind.RIGHT_CLICK,
        ActionKind.MIDDLE_CLICK,
        ActionKind.DRAG,
        ActionKind.SCROLL,
    }
)


def _action(work: Work, step: RawStep, *, hidden: bool, seen: Seen) -> Action:
    kind, keys, text = step.kind, step.keys, ""
    if kind is ActionKind.TYPE or not _are_named(kind, keys):
        kind, keys = ActionKind.TYPE, ()
        text = work.withheld(Channel.TYPED) if seen.is_classified else work.typed(step.raw_text)
    gone = hidden or step.end is None or _is_masked(*step.end, seen.masked)
    end = None if gone or step.end is None else Place(x=step.end[0], y=step.end[1])
    return Action(
        end=end,
        keys=keys,
        kind=kind,
        place=Place(x=step.x, y=step.y) if kind in _PLACED and not hidden else None,
        scroll_x=step.scroll_x,
        scroll_y=step.scroll_y,
        text=text,
    )


def _are_named(kind: ActionKind, keys: tuple[str, ...]) -> bool:
    """Whether the keys may be named: a named key, or a chord that ends in one or in one ASCII character."""
    if not keys or keys[-1] in NAMED_KEYS:
        return True
    return kind is ActionKind.HOTKEY and len(keys[-1]) == 1 and keys[-1].isascii() and keys[-1].isprintable()


def _target(work: Work, step: RawStep, *, hidden: bool) -> Target | None:
    """The widget, where the accessibility tree gave one and the click was not in a masked area.

    A key's target keeps role and name only: the field that has the focus is no place that was pointed at.
    """
    if step.element is None or (step.kind in _PLACED and hidden):
        return None
    raw_name = step.element.name
    area = _rectangle(step.element.area) if step.kind in _PLACED else None
    return Target(name=_named(work, raw_name), place=area, role=known_role(step.element.role))


def _rectangle(area: Area) -> Rectangle:
    return Rectangle(height=area.height, width=area.width, x=area.x, y=area.y)


def _is_masked(x: int, y: int, masked: tuple[Masked, ...]) -> bool:
    return any(
        mask.place.x - MARGIN <= x < mask.place.x + mask.place.width + MARGIN
        and mask.place.y - MARGIN <= y < mask.place.y + mask.place.height + MARGIN
        for mask in masked
    )


def image_of(work: Work, image: MaskedImage) -> Image:
    """What the episode says of an image."""
    return Image(
        at_ms=work.time(image.frame.at_ns),
        digest=digest(image.webp),
        height=image.frame.height,
        masks=image.masked,
        width=image.frame.width,
    )


def merged_gaps(raw_events: tuple[RawEvent, ...]) -> tuple[Gap, ...]:
    """The gaps, where those of one reason and source that lie close together are one: their edges show a rhythm."""
    merged: list[Gap] = []
    for gap in (event for event in raw_events if isinstance(event, Gap)):
        alike = (at for at, old in enumerate(merged) if (old.reason, old.source) == (gap.reason, gap.source))
        last = max(alike, default=None)
        if last is None or gap.at_ns - merged[last].until_ns > GAP_NS:
            merged.append(gap)
        else:
            until_ns, count = max(merged[last].until_ns, gap.until_ns), merged[last].count + gap.count
            merged[last] = msgspec.structs.replace(merged[last], until_ns=until_ns, count=count)
    return tuple(merged)


def missed_of(work: Work, gap: Gap) -> Missed:
    """A gap without raw words; of keys it never says how many they were, which is the length of a password."""
    return Missed(
        count=min(gap.count, 1) if gap.source == "keyboard" else gap.count,
        from_ms=work.time(gap.at_ns),
        reason=gap.reason.value,
        source=gap.source if gap.source in GAP_SOURCES else "other",
        until_ms=work.time(gap.until_ns),
    )


def dropped_of(work: Work, dropped: tuple[Frame, ...]) -> tuple[Missed, ...]:
    """The classified screens that were dropped, told like gaps; those that lie close together are one."""
    told: list[Missed] = []
    for frame in dropped:
        at_ms = work.time(frame.at_ns)
        if told and at_ms - told[-1].until_ms <= GAP_NS // 1_000_000:
            told[-1] = msgspec.structs.replace(told[-1], count=told[-1].count + 1, until_ms=at_ms)
        else:
            told.append(Missed(count=1, from_ms=at_ms, reason="classified", source="screen", until_ms=at_ms))
    return tuple(told)
