"""What each recorder has kept of a session: its own files enter, counts and ages leave; nothing of the content.

Optin's queue is opened with the consent's key in a process of its own (`python -m benchmarks.recorder_read SESSION`).
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from capture.bind import Action
    from capture.events import RawEvent

MS: Final = 1_000_000
BIN_MS: Final = 5
"""Times are counted in bins of so many milliseconds: an hour's worth of them takes no memory."""

_MODIFIER_CODES: Final = frozenset({"keycode_37", "keycode_50", "keycode_64"})
"""What openadapt-capture calls the left Ctrl, Shift and Alt where it does not learn the names of keys, as on Xvfb."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was kept, of each kind of event; what was withheld by rule and said so, by kind of source.

    `actions` are presses and turns of the wheel that were kept, modifiers aside, `unframed` those without a frame from
    before them. `ages_ms`: how old an action's frame was; `stale_ms`: for how long the screen had changed unseen.
    """

    moves: int
    buttons: int
    keys: int
    notches: int
    actions: int
    unframed: int
    ages_ms: tuple[float, ...] = ()
    stale_ms: tuple[float, ...] = ()
    withheld: dict[str, int] = field(default_factory=dict)
    frames: int = 0


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value that this share of all does not exceed, None where there are none."""
    if not values:
        return None
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def at_share(bins: dict[str, int], share: float) -> int | None:
    """The upper end, in milliseconds, of the bin that holds the value which this share of all does not exceed."""
    wanted, seen = share * sum(bins.values()), 0
    for begin, count in sorted((int(begin), count) for begin, count in bins.items()):
        seen += count
        if seen >= wanted:
            return begin + BIN_MS
    return None


def read_openadapt(folder: Path) -> Recorded:
    """The rows of its database; an action's frame is the screenshot that the row names."""
    with sqlite3.connect(f"file:{folder / 'recording.db'}?mode=ro", uri=True) as base:
        rows = base.execute(
            "SELECT name, mouse_pressed, key_name, timestamp, screenshot_timestamp, screenshot_id FROM action_event"
        ).fetchall()
        ((frames,),) = base.execute("SELECT count(*) FROM screenshot").fetchall()
    names = Counter(row[0] for row in rows)
    actions = [row for row in rows if _acts(row[0], row[1], row[2])]
    return Recorded(
        moves=names["move"],
        buttons=names["click"],
        keys=names["press"] + names["release"],
        notches=names["scroll"],
        actions=len(actions),
        unframed=sum(row[5] is None for row in actions),
        ages_ms=tuple((row[3] - row[4]) * 1000 for row in actions if row[4] is not None),
        frames=frames,
    )


def read_naive(folder: Path) -> Recorded:
    """The lines it wrote and the pictures that lie there; a picture is taken after its action, so it has no age."""
    lines = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    kinds = Counter(line["kind"] for line in lines)
    pictures = {int(path.stem) for path in folder.glob("*.png")}
    wanted = [line["number"] for line in lines if line["kind"] == "scroll" or line.get("pressed")]
    modifiers = {line["number"] for line in lines if str(line.get("key", "")).startswith(("Key.ctrl", "Key.shift"))}
    actions = [number for number in wanted if number not in modifiers]
    return Recorded(
        moves=kinds["move"],
        buttons=kinds["button"],
        keys=kinds["key"],
        notches=kinds["scroll"],
        actions=len(actions),
        unframed=sum(number not in pictures for number in actions),
        frames=len(pictures),
    )


def summed(events: Iterable[RawEvent]) -> Recorded:
    """The counts over Optin's own events.

    One `FrameBound` serves a whole text or turn of the wheel (`capture.bind`), as those are one action; so what follows
    without another kind of action between has its frame too.
    """
    from capture.events import Frame, FrameBound, Gap, Key, PointerButton, PointerMoved, PointerScrolled

    kinds: Counter[str] = Counter()
    withheld: Counter[str] = Counter()
    notches, bound, actions = 0, dict[int, FrameBound](), list[PointerButton | PointerScrolled | Key]()
    for event in events:
        kinds[type(event).__name__] += 1
        match event:
            case FrameBound():
                bound[event.at_ns] = event
            case Gap():
                withheld[f"{event.source}: {event.reason.value}"] += event.count
            case PointerScrolled():
                notches += abs(event.dx) + abs(event.dy)
                actions.append(event)
            case PointerButton() | Key() if _begins(event):
                actions.append(event)
            case _:
                pass
    return Recorded(
        moves=kinds[PointerMoved.__name__],
        buttons=kinds[PointerButton.__name__],
        keys=kinds[Key.__name__],
        notches=notches,
        actions=len(actions),
        unframed=_unframed(actions, bound),
        ages_ms=tuple((one.at_ns - one.frame_ns) / MS for one in bound.values()),
        stale_ms=tuple(one.stale_ns / MS for one in bound.values()),
        withheld=dict(withheld),
        frames=kinds[Frame.__name__],
    )


def recorded(facts: dict[str, Any]) -> Recorded:
    """The same, from its JSON."""
    return Recorded(**facts | {"ages_ms": tuple(facts["ages_ms"]), "stale_ms": tuple(facts["stale_ms"])})


def _unframed(actions: list[Action], bound: dict[int, Any]) -> int:
    missing, running = 0, ""
    for action in actions:
        kind = _kind(action)
        if action.at_ns in bound:
            running = kind
        elif kind != running or not kind:
            missing, running = missing + 1, ""
    return missing


def _kind(action: Action) -> str:
    """Of what a longer action may consist; empty for what stands alone."""
    from capture.events import Key, PointerScrolled

    if isinstance(action, PointerScrolled):
        return "wheel"
    return "text" if isinstance(action, Key) and (action.character or action.name == "backspace") else ""


def _begins(event: Action) -> bool:
    from capture.bind import begins_nothing

    return not begins_nothing(event)


def _acts(name: str, pressed: int | None, key: str | None) -> bool:
    if name == "press":
        return not (key or "").startswith(("ctrl", "shift", "alt")) and key not in _MODIFIER_CODES
    return name == "scroll" or (name == "click" and bool(pressed))


def _read_optin(session: str) -> Recorded:
    from capture.queue import QueueFolder, QueueReader
    from optin.home import open_home
    from redaction.intake import open_session

    home = open_home()
    reader = QueueReader(QueueFolder(home.queue), home.devices())
    lease = home.lease(reader.session(session)[0].head.lease_digest)
    return summed(
        open_session(reader, session, key=home.keys.opening("consent"), grant=home.grant(), lease=lease).raw_events
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_read_optin(sys.argv[1]))))
