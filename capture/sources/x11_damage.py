"""Where and since when an X screen has changed, and which monitors it has, as the server itself tells.

No pixels are read here. While nothing is drawn nothing arrives and nothing is asked. Rules of this file:
1. The damage object tells once that the screen is no longer what it was (level NonEmpty); what comes after is gathered
   by the server until `damage` fetches it, so an animation costs one wake-up between two fetches.
2. Fetching empties the server's record and waits for the answer, so whatever is drawn later is told anew, and a grab on
   any connection after it shows at least what was fetched.
3. News of monitors is only a hint: the list itself decides. Changes that come without news (virtual monitors, the
   scale) are found by reading the list again each few seconds.
"""

from __future__ import annotations

import re
from typing import Any, Final

from Xlib import X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError, DisplayError, XError
from Xlib.ext import damage, randr
from Xlib.protocol import rq, structs

from capture.events import Area, Monitor
from capture.sources.base import Clock, Damage, SourceFailed, SourceMissing, bounds, common
from capture.sources.x11_time import stamp

LOOK_AGAIN_NS: Final = 5_000_000_000
"""How often the list of monitors is read without any news: one request each time."""
_NEEDED: Final = ("DAMAGE", "XFIXES", "RANDR")
_BASE_DPI: Final = 96
_DPI: Final = re.compile(r"^Xft\.dpi:\s*([0-9]{2,4}(?:\.[0-9]+)?)\s*$", re.MULTILINE)
_GONE: Final = "The X display has gone. Start a new recording when the desktop is back."


class _CreateRegion(rq.Request):  # type: ignore[misc]  # python-xlib has no types
    """An empty region (XFIXES 2.0, request 5; python-xlib lacks regions)."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(5), rq.RequestLength(), rq.Card32("region"))


class _FetchRegion(rq.ReplyRequest):  # type: ignore[misc]  # the same
    """The box around a region and the rectangles that it is made of (XFIXES 2.0, request 19)."""

    _request = rq.Struct(rq.Card8("opcode"), rq.Opcode(19), rq.RequestLength(), rq.Card32("region"))
    _reply = rq.Struct(
        rq.ReplyCode(),
        rq.Pad(1),
        rq.Card16("sequence_number"),
        rq.ReplyLength(),
        rq.Object("extents", structs.Rectangle),
        rq.Pad(16),
        rq.List("rectangles", structs.Rectangle),
    )


class X11Damage:
    """The news of one display's screen, over a connection of its own."""

    def __init__(self, display: Display, *, clock: Clock) -> None:
        self._display, self._clock = display, clock
        self._root: Any = display.screen().root
        self._resources = display.intern_atom("RESOURCE_MANAGER")
        self._told = int(display.extension_event.DamageNotify)
        self._fixes = display.display.get_extension_major("XFIXES")
        self._since_ns: int | None = None
        self._everything = True
        self._doubtful = False
        self._looked_ns = clock.now_ns()
        display.set_error_handler(_ignore)
        self._root.xrandr_select_input(
            randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask | randr.RROutputChangeNotifyMask
        )
        self._damage = self._root.damage_create(damage.DamageReportNonEmpty)
        self._region = display.display.allocate_resource_id()
        _CreateRegion(display=display.display, opcode=self._fixes, region=self._region)
        self._painting: int | None = None
        self._shown = self._read()

    def fileno(self) -> int:
        """Readable when news has come."""
        return int(self._display.fileno())

    def queued(self) -> bool:
        """Whether news waits that was read already, so that the connection will not say so."""
        return bool(self._display.display.event_queue)

    def monitors(self) -> tuple[Monitor, ...]:
        """The monitors as they are now; if they are others than before, everything counts as changed."""
        monitors = self._asked()
        self._everything |= monitors != self._shown
        self._shown = monitors
        return monitors

    def topology_changed(self) -> bool:
        """Whether the monitors are other ones than `monitors` gave last."""
        self._hear()
        now_ns = self._clock.now_ns()
        if not self._doubtful and now_ns - self._looked_ns < LOOK_AGAIN_NS:
            return False
        changed = self._asked() != self._shown
        self._doubtful = changed  # until somebody takes note by `monitors`
        return changed

    def changed_since(self) -> int | None:
        """The moment of the first change since the last `damage`; None when there was none."""
        self._hear()
        if self._since_ns is None and self._everything:
            self._since_ns = self._clock.now_ns()
        return self._since_ns

    def damage(self) -> Damage | None:
        """The box around what has changed since the last call, on the screen; everything the first time."""
        since_ns = self.changed_since()
        if since_ns is None:
            return None
        everything, self._everything, self._since_ns = self._everything, False, None
        box, screen = self._fetched(), bounds(self._shown)
        area = screen if everything else common(box, screen)
        return None if area is None else Damage(area, since_ns)

    def watch_painting(self) -> None:
        """From this moment on `painted` counts, with a record of its own beside that of `damage`."""
        try:
            if self._painting is None:
                self._painting = self._root.damage_create(damage.DamageReportNonEmpty)
            self._gathered(self._painting)
        except (ConnectionClosedError, OSError, XError):
            raise SourceFailed(_GONE) from None

    def painted(self) -> tuple[Area, ...]:
        """Where something was painted since the last call of `painted` or `watch_painting`."""
        if self._painting is None:
            return ()
        try:
            return self._gathered(self._painting)[1]
        except (ConnectionClosedError, OSError, XError):
            raise SourceFailed(_GONE) from None

    def close(self) -> None:
        """Ends the connection."""
        try:
            self._display.close()
        except (ConnectionClosedError, OSError):
            return  # it has gone already

    def _hear(self) -> None:
        """Takes note of what has come; what is no damage is news of monitors."""
        try:
            while self._display.pending_events():
                event = self._display.next_event()
                if event.type != self._told:
                    self._doubtful = True
                elif self._since_ns is None:
                    self._since_ns = stamp(self._clock.now_ns(), event.timestamp)
        except (ConnectionClosedError, OSError):
            raise SourceFailed(_GONE) from None

    def _fetched(self) -> Area:
        try:
            return self._gathered(self._damage)[0]
        except (ConnectionClosedError, OSError, XError):
            raise SourceFailed(_GONE) from None

    def _gathered(self, record: int) -> tuple[Area, tuple[Area, ...]]:
        """Empties a record of the server's: the box around what was in it, and its rectangles."""
        self._display.damage_subtract(record, X.NONE, self._region)
        region = _FetchRegion(display=self._display.display, opcode=self._fixes, region=self._region)
        return _area(region.extents), tuple(_area(each) for each in region.rectangles)

    def _asked(self) -> tuple[Monitor, ...]:
        try:
            return self._read()
        except (ConnectionClosedError, OSError, XError):
            raise SourceFailed(_GONE) from None

    def _read(self) -> tuple[Monitor, ...]:
        self._doubtful, self._looked_ns = False, self._clock.now_ns()
        scale = self._scale()
        told = tuple(
            Monitor(each.x, each.y, each.width_in_pixels, each.height_in_pixels, scale)
            for each in self._root.xrandr_get_monitors().monitors
        )
        if told:
            return told
        box = self._root.get_geometry()  # no output is on: the screen still has pixels
        return (Monitor(0, 0, box.width, box.height, scale),)

    def _scale(self) -> float:
        found = self._root.get_full_property(self._resources, X.AnyPropertyType)
        return 1.0 if found is None else read_scale(found.value)


def open_damage(name: str, *, clock: Clock) -> X11Damage:
    """The news of this X display's screen; `SourceMissing` when it or an extension is not there."""
    try:
        display = Display(name)
    except (DisplayError, OSError):
        raise SourceMissing("The X display does not answer. Check DISPLAY and its permissions.") from None
    missing = [extension for extension in _NEEDED if not display.has_extension(extension)]
    if missing:
        display.close()
        raise SourceMissing(
            f"The X server lacks {', '.join(missing)}, without which every pixel would have to be read all the time. "
            "Turn it on in the server's configuration, or use another X server."
        )
    display.damage_query_version()  # before this the server refuses every other request of the extension
    display.xfixes_query_version()
    return X11Damage(display, clock=clock)


def read_scale(untrusted_resources: bytes | str) -> float:
    """How much larger than at 96 dpi the X resources want things drawn; 1.0 where they do not say."""
    text = untrusted_resources
    found = _DPI.search(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
    return round(float(found[1]) / _BASE_DPI, 2) if found else 1.0


def _area(box: Any) -> Area:  # noqa: ANN401
    return Area(box.x, box.y, box.width, box.height)


def _ignore(*_error: object) -> None:
    """A request that came too late fails; the next answer knows."""
