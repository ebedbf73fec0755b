"""The figures of all runs as a table with ratios, and as JSON. Pure: results enter, text and plain values leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias, TypeVar

from benchmarks.recorder_read import Recorded, at_share, percentile
from benchmarks.recorder_runs import Lightly, Waited, Worked
from benchmarks.recorder_script import Tally

MB: Final = 1_000_000
OURS: Final = "optin"

T = TypeVar("T")
Value: TypeAlias = float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of every contender, written in a form; `ratio`: whether the others' are set against ours."""

    name: str
    values: Mapping[str, Value]
    form: str = "{:,.1f}"
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """Of what was injected, what was neither kept nor said to be withheld.

    Keys and buttons are counted one by one. Moves are not: Optin thins the pointer's path on purpose.
    """

    keys: int
    presses: int
    withheld: int


def rows(worked: Mapping[str, Worked], waited: Mapping[str, Waited]) -> tuple[Row, ...]:
    """The table's rows, in order."""
    return (
        _of("CPU while it records, % of a core", worked, lambda one: one.spent.cpu * 100, ratio=True),
        _of("X server meanwhile, % of a core", worked, lambda one: one.spent.server_cpu * 100, ratio=True),
        _of("CPU from start to end, s", worked, lambda one: one.ended.cpu_seconds, ratio=True),
        _of("from stop to gone, s", worked, lambda one: one.ended.ending_seconds),
        _of("peak memory, PSS, MB", worked, lambda one: one.peak_pss / MB, ratio=True),
        _of("peak memory, RSS, MB", worked, lambda one: one.peak_rss / MB, ratio=True),
        _of("on disk, MB a minute", worked, lambda one: one.ended.disk / MB / one.seconds * 60, "{:,.2f}", ratio=True),
        _of("actions of the hand", worked, lambda one: one.injected.actions, "{:,.0f}"),
        _of("actions kept", worked, lambda one: one.ended.recorded.actions, "{:,.0f}"),
        _of("frames kept", worked, lambda one: one.ended.recorded.frames, "{:,.0f}"),
        _of("actions without a frame", worked, lambda one: one.ended.recorded.unframed, "{:,.0f}"),
        _of("frame before an action, age p50, ms", worked, lambda one: percentile(one.ended.recorded.ages_ms, 0.5)),
        _of("frame before an action, age p99, ms", worked, lambda one: percentile(one.ended.recorded.ages_ms, 0.99)),
        _of("... screen changed unseen for, p50, ms", worked, lambda one: percentile(one.ended.recorded.stale_ms, 0.5)),
        _of(
            "... screen changed unseen for, p99, ms", worked, lambda one: percentile(one.ended.recorded.stale_ms, 0.99)
        ),
        _of("keys lost", worked, lambda one: lost(one.injected, one.ended.recorded).keys, "{:,.0f}"),
        _of("buttons and notches lost", worked, lambda one: lost(one.injected, one.ended.recorded).presses, "{:,.0f}"),
        _of("withheld, and said so", worked, lambda one: lost(one.injected, one.ended.recorded).withheld, "{:,.0f}"),
        _of("wake-ups an hour, working", worked, lambda one: one.spent.wakeups_an_hour, "{:,.0f}", ratio=True),
        _of("CPU, caret blinks, % of a core", waited, lambda one: one.caret.cpu * 100, "{:,.2f}", ratio=True),
        _of("CPU, still screen, % of a core", waited, lambda one: one.still.cpu * 100, "{:,.2f}", ratio=True),
        _of("wake-ups an hour, caret blinks", waited, lambda one: one.caret.wakeups_an_hour, "{:,.0f}", ratio=True),
        _of("wake-ups an hour, still screen", waited, lambda one: one.still.wakeups_an_hour, "{:,.0f}", ratio=True),
        _of("CPU at 800 events/s and burst, % of a core", waited, lambda one: one.loaded.cpu * 100, ratio=True),
        _of("... keys lost", waited, lambda one: _lost_under(one, "keys"), "{:,.0f}"),
        _of("... buttons lost", waited, lambda one: _lost_under(one, "presses"), "{:,.0f}"),
    )


def lost(injected: Tally, kept: Recorded) -> Lost:
    """What is missing without a word."""
    keyboard, pointer = (_withheld(kept, source) for source in ("keyboard", "pointer"))
    presses = injected.buttons + injected.notches - kept.buttons - kept.notches
    return Lost(max(injected.keys - kept.keys - keyboard, 0), max(presses - pointer, 0), keyboard + pointer)


def light_facts(light: Lightly) -> dict[str, float | int | None]:
    """Bytes an hour, the rate of actions they belong to, and how long actions took to be durable."""
    bins, given = light.counts["bins"], light.counts["given"]
    told = light.injected
    heard = given.get("PointerMoved", 0) + given.get("PointerButton", 0) + given.get("Key", 0)
    return {
        "mb_an_hour": light.disk / MB / light.seconds * 3600,
        "actions_a_minute": told.actions / light.seconds * 60,
        "moves_a_minute": told.moves / light.seconds * 60,
        "to_disk_p50_ms": at_share(bins, 0.5),
        "to_disk_p99_ms": at_share(bins, 0.99),
        "not_heard": told.moves + told.buttons + told.keys + told.notches - heard - given.get("PointerScrolled", 0),
        "unaccounted": unaccounted(light.counts["counters"]),
    }


def unaccounted(counters: Mapping[str, int]) -> int:
    """What the recorder itself cannot say what became of: zero, or it lost something silently."""
    return counters["produced"] - counters["committed"] - counters["coalesced"] - counters["refused"]


def as_text(found: tuple[Row, ...], names: tuple[str, ...]) -> str:
    """The table."""
    others = tuple(name for name in names if name != OURS)
    head = "".join(f"{name:>14}" for name in names) + "".join(f"{f'{name}/{OURS}':>18}" for name in others)
    return "\n".join((f"{'':<44}{head}", *(_line(row, names, others) for row in found)))


def as_json(found: tuple[Row, ...]) -> dict[str, Any]:
    """Names and values."""
    return {row.name: dict(row.values) for row in found}


def full(worked: Mapping[str, Worked], waited: Mapping[str, Waited]) -> dict[str, Any]:
    """Everything that was measured but single ages."""
    return {"working": {name: asdict(one) for name, one in worked.items()}} | {
        "waiting": {name: asdict(one) for name, one in waited.items()}
    }


def _of(
    name: str, results: Mapping[str, T], value: Callable[[T], Value], form: str = "{:,.1f}", *, ratio: bool = False
) -> Row:
    return Row(name, {contender: value(one) for contender, one in results.items()}, form, ratio)


def _lost_under(one: Waited, kind: str) -> Value:
    if one.ended is None:
        return None
    missing = lost(one.injected, one.ended.recorded)
    return missing.keys if kind == "keys" else missing.presses


def _withheld(kept: Recorded, source: str) -> int:
    return sum(count for name, count in kept.withheld.items() if name.startswith(f"{source}:"))


def _line(row: Row, names: tuple[str, ...], others: tuple[str, ...]) -> str:
    told = "".join(f"{_written(row.values.get(name), row.form):>14}" for name in names)
    return f"{row.name:<44}{told}" + "".join(f"{_ratio(row, name):>18}" for name in others)


def _ratio(row: Row, name: str) -> str:
    ours, theirs = row.values.get(OURS), row.values.get(name)
    return "" if not row.ratio or not ours or theirs is None else f"{theirs / ours:,.1f}x"


def _written(value: Value, form: str) -> str:
    return "-" if value is None else form.format(value)
