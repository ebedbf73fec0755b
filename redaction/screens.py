"""The screens of a session that steps need: read for what stands on them, then masked, encoded and described.

A raw session and its tools enter; `read_screens` gives what was read on each frame, which is raw, and `mask_screens`
images without anything that was not recognised as safe. Between the two, all that was found anywhere in the session
becomes known (`redaction.taint`), so that each screen is masked once, with all of it.

Rules of this file:
1. A screen that is classified too highly becomes no image, nor does any other of the same window.
2. Of a person who was read in a mask, the mask bears the placeholder; it says nothing else of what it hides.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from capture.events import Frame, WindowFocused
from redaction.detectors.base import Role
from redaction.fields import MaskedImage, Screens, Work
from redaction.intake import RawSession
from redaction.redacted import Masked, Rectangle
from redaction.reports.reporting import FrameFacts
from redaction.shown import Shown, needed_frames
from redaction.spans import Box, Category
from redaction.steps import RawStep
from redaction.told import Levels, box_of_area, dropped_frames, focused_windows, of_same_windows, widgets_on

if TYPE_CHECKING:
    from redaction.images.pixels import About, Focus, MaskedFrame, Masker, MaskTools
    from redaction.images.strips import Runs

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The frames that become images, by number: what is known of each before it is looked at."""

    about: Mapping[int, About]
    told: frozenset[int]

    def __repr__(self) -> str:
        return f"Wanted({len(self.about)} frames)"


def wanted_screens(raw: RawSession, steps: tuple[RawStep, ...], shown: tuple[Shown, ...], levels: Levels) -> Wanted:
    """The frames that steps need, but for those of which something told says that they are classified too highly."""
    from redaction.images.pixels import About  # the engine stays light until it is used

    told = dropped_frames(raw.raw_events, steps, shown, levels=levels)
    needed, widgets = needed_frames(shown), widgets_on(steps, shown)
    about = {}
    for number, window in enumerate(focused_windows(raw.raw_events)):
        if number in needed - told:
            about[number] = About(None, widgets.get(number, ()), None if window is None else _focus(window))
    return Wanted(about, told & needed)


def _focus(window: WindowFocused) -> Focus:
    from redaction.images.pixels import Focus

    return Focus(box_of_area(window.area), window.app, window.title, window.url)


def read_screens(
    raw: RawSession, wanted: Wanted, masking: MaskTools, *, heard: Callable[[Runs], None], progress: Progress
) -> Wanted:
    """The same frames with what was read on each; `heard` gets that while it is read."""
    from redaction.images.pixels import Masker

    masker, about = Masker(masking), dict(wanted.about)
    for number, (_, screen) in enumerate(raw.raw_screens()):
        if number in about:
            runs = masker.read(screen)
            heard(runs)
            about[number] = replace(about[number], runs=runs)
            progress(sum(one.runs is not None for one in about.values()), 2 * len(about))
    return replace(wanted, about=about)


def mask_screens(work: Work, wanted: Wanted, *, levels: Levels, progress: Progress) -> Screens:
    """The images of the frames that were read, and the frames that were dropped."""
    from redaction.images.pixels import Masker

    masker = Masker(replace(work.tools.masking, detectors=work.detectors))
    images: dict[int, MaskedImage] = {}
    frames: dict[int, Frame] = {}
    for number, (frame, screen) in enumerate(work.raw.raw_screens()):
        about = wanted.about.get(number)
        if about is None and number not in wanted.told:
            continue
        frames[number] = frame
        if about is None:
            continue
        masked = masker.mask(screen, about=about)
        if not levels.drops(masked.level):
            named = tuple(_people(work, about.runs, masker)) if about.runs else ()
            images[number] = _image(frame, masked, named)
        progress(len(wanted.about) + len(frames.keys() - wanted.told), 2 * len(wanted.about))
    dropped = of_same_windows(work.raw.raw_events, frozenset(frames.keys() - images.keys() - wanted.told))
    kept = {number: image for number, image in images.items() if number not in dropped}
    return Screens(kept, tuple(frame for number, frame in frames.items() if number not in kept))


def _image(frame: Frame, masked: MaskedFrame, named: tuple[tuple[Box, str], ...]) -> MaskedImage:
    masks = tuple(
        Masked(
            category=str(mask.category),
            entity=_entity(mask.box, named) if mask.category is Category.PERSON else "",
            place=Rectangle(height=mask.box.height, width=mask.box.width, x=mask.box.x, y=mask.box.y),
        )
        for mask in masked.masks
    )
    facts = FrameFacts(
        kept=len(masked.kept),
        words=masked.words_read,
        confidence=masked.mean_confidence,
        bins=masked.confidences,
        second=masked.second_findings,
        unread_percent=masked.unread_percent,
    )
    return MaskedImage(frame, _webp(masked), masks, facts)


def _people(work: Work, runs: Runs, masker: Masker) -> list[tuple[Box, str]]:
    """The boxes of the words that name somebody, each with the placeholder."""
    return [
        (word.box, work.tag(line.text[span.start : span.end], span.category))
        for line in runs.lines
        for role, span in masker.found(line.text)
        if role is Role.DENY and span.category is Category.PERSON
        for word in line.words_in(span)
    ]


def _entity(box: Box, named: tuple[tuple[Box, str], ...]) -> str:
    """The placeholder of the one person who is named in a box; empty for none, or for several."""
    tags = {tag for inner, tag in named if inner.meets(box)}
    return tags.pop() if len(tags) == 1 else ""


def _webp(masked: MaskedFrame) -> bytes:
    """Lossless WebP of the masked pixels, without metadata."""
    from PIL import Image as Pillow

    out = io.BytesIO()
    Pillow.fromarray(masked.pixels, "RGB").save(out, "WEBP", lossless=True, quality=20, method=2, exact=True)
    return out.getvalue()
