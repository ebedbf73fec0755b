"""What recorders kept is counted fairly: each by its own files, a text or a turn of the wheel as one action."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from benchmarks.recorder_read import at_share, percentile, read_naive, read_openadapt, summed
from benchmarks.recorder_script import Tally
from benchmarks.recorder_table import Lost, Row, as_text, lost, unaccounted
from capture.events import (
    Button,
    FrameBound,
    Gap,
    GapReason,
    Key,
    PointerButton,
    PointerMoved,
    PointerScrolled,
    RawEvent,
)

MS = 1_000_000


def key(at: int, name: str, *, character: str | None = None) -> Key:
    return Key(at * MS, name, name if character is None else character, pressed=True)


def click(at: int) -> PointerButton:
    return PointerButton(at * MS, 5, 5, Button.LEFT, pressed=True)


def bound(at: int, *, frame: int = 0, stale: int = 0) -> FrameBound:
    return FrameBound(at * MS, frame * MS, stale * MS)


def test_every_kind_of_event_is_counted() -> None:
    wheel = PointerScrolled(4 * MS, 1, 1, 0, -3)
    found = summed((PointerMoved(1 * MS, 1, 1), click(2), key(3, "a"), wheel))
    assert (found.moves, found.buttons, found.keys, found.notches, found.actions) == (1, 1, 1, 3, 3)


def test_what_was_withheld_is_counted_by_source_and_reason() -> None:
    gap = Gap(1, 2, GapReason.UNKNOWN_FOCUS, "keyboard", 4)
    assert summed((gap, gap)).withheld == {"keyboard: unknown_focus": 8}


@pytest.mark.parametrize(
    ("events", "unframed"),
    [
        ((click(1),), 1),
        ((click(1), bound(1)), 0),
        ((key(1, "a"), bound(1), key(2, "b"), key(3, "backspace", character="")), 0),
        ((key(1, "a"), bound(1), click(2), key(3, "b")), 2),
        ((key(1, "enter", character=""), bound(1), key(2, "enter", character="")), 1),
        ((PointerScrolled(1 * MS, 0, 0, 0, 1), bound(1), PointerScrolled(2 * MS, 0, 0, 0, 1)), 0),
        ((key(1, "ctrl", character=""),), 0),
    ],
    ids=["alone", "own", "text", "after another", "two keys", "wheel", "modifier"],
)
def test_an_action_has_a_frame_of_its_own_or_goes_on_with_one_that_has(
    events: tuple[RawEvent, ...], unframed: int
) -> None:
    assert summed(events).unframed == unframed


def test_the_age_of_a_frame_and_how_long_it_was_stale_are_told_apart() -> None:
    found = summed((click(900), bound(900, frame=400, stale=30)))
    assert (found.ages_ms, found.stale_ms) == ((500.0,), (30.0,))


def test_rows_of_openadapt_are_counted_as_it_names_them(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "recording.db") as base:
        base.execute(
            "CREATE TABLE action_event (name, mouse_pressed, key_name, timestamp, screenshot_timestamp, screenshot_id)"
        )
        base.execute("CREATE TABLE screenshot (id)")
        base.execute("INSERT INTO screenshot VALUES (1)")
        rows = [
            ("move", None, None, 1.0, 0.5, 1),
            ("click", 1, None, 2.0, 1.75, 1),
            ("click", 0, None, 2.1, 1.75, 1),
            ("press", None, "ctrl_l", 3.0, 1.75, 1),
            ("press", None, "keycode_37", 3.5, 1.75, 1),
            ("press", None, "keycode_38", 4.0, None, None),
            ("release", None, None, 4.1, 1.75, 1),
            ("scroll", None, None, 5.0, 4.5, 1),
        ]
        base.executemany("INSERT INTO action_event VALUES (?, ?, ?, ?, ?, ?)", rows)
    found = read_openadapt(tmp_path)
    assert (found.moves, found.buttons, found.keys, found.notches, found.frames) == (1, 2, 4, 1, 1)
    assert (found.actions, found.unframed, found.ages_ms) == (3, 1, (250.0, 500.0))


def test_a_plain_recording_is_counted_by_its_lines_and_pictures(tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"number": 1, "kind": "move"},
        {"number": 2, "kind": "button", "pressed": True},
        {"number": 3, "kind": "button", "pressed": False},
        {"number": 4, "kind": "key", "key": "Key.ctrl", "pressed": True},
        {"number": 5, "kind": "scroll"},
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    (tmp_path / "2.png").write_bytes(b"")
    found = read_naive(tmp_path)
    assert (found.moves, found.buttons, found.keys, found.notches) == (1, 2, 1, 1)
    assert (found.actions, found.unframed, found.frames) == (2, 1, 1)


def test_what_was_neither_kept_nor_said_to_be_withheld_is_lost() -> None:
    kept = summed((key(1, "a"), Gap(1, 2, GapReason.UNKNOWN_FOCUS, "keyboard", 2)))
    assert lost(Tally(keys=5, buttons=1), kept) == Lost(keys=2, presses=1, withheld=2)


def test_what_the_recorder_cannot_account_for_is_told() -> None:
    assert unaccounted({"produced": 10, "committed": 5, "coalesced": 3, "refused": 1}) == 1


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([], 0.5) is None
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(number) for number in range(200)], 0.99) == 198.0


def test_a_share_of_counted_times_is_the_end_of_its_bin() -> None:
    assert at_share({}, 0.5) is None
    assert at_share({"0": 98, "100": 1, "250": 1}, 0.99) == 105


def test_the_table_sets_the_others_against_ours() -> None:
    row = Row("CPU", {"optin": 2.0, "openadapt": 9.0, "naive": None}, ratio=True)
    (_, line) = as_text((row,), ("optin", "openadapt", "naive")).splitlines()
    assert line.split() == ["CPU", "2.0", "9.0", "-", "4.5x"]
