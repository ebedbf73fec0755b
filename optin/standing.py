"""The commands over a recorder, and what they print: start, stop, pause, resume, status.

`status` says how things stand now: recording, paused, starting, stopping, not recording, or unknown, and why. What it
cannot find out it calls unknown.
"""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import Final

import msgspec

from capture.command import Command, RecorderState, Status
from optin.controls import (
    STARTING_SECONDS,
    Means,
    NoAnswer,
    NotRunning,
    Stopped,
    ask,
    await_recording,
    pause_end,
    stop_recorder,
    told,
    was_killed,
)
from optin.home import Home, open_home, wall_ms
from optin.last import LastWord, last_word
from optin.say import say, say_json, size, when
from vault.errors import OptinError

OFF: Final = "off"
UNKNOWN: Final = "unknown"
_ORDINARY: Final = frozenset(
    {"stopped", "hotkey", "sigint", "sigterm", "sighup", "time_is_up", "lease_ended", "stop_file", "logout"}
)
_ENDS: Final = {
    "stopped": "you stopped it",
    "hotkey": "you pressed the hotkey",
    "sigint": "Ctrl+C",
    "sigterm": "a signal",
    "sighup": "its terminal was closed",
    "time_is_up": "its time was up",
    "lease_ended": "its lease or consent had ended",
    "stop_file": "the file STOP was there",
    "logout": "you logged out",
}


def start(*, task: str, seconds: int, profile: str, experimental: bool, signless: bool, as_json: bool) -> None:
    """`optin start`."""
    from optin.record import Wish
    from optin.record import start as begin

    wish = Wish(
        task=task,
        seconds=seconds,
        as_json=as_json,
        profile=profile,
        experimental=experimental,
        background=True,
        signless=signless,
    )
    began = begin(open_home(), wish)
    if as_json:
        return say_json(msgspec.to_builtins(began))
    return say(f"Recording session {began.session} in the background (sign: {began.sign}). `optin stop` ends it.")


def stop(*, as_json: bool) -> None:
    """`optin stop`: says that the recorder is gone only when it is."""
    stopped = stop_recorder(open_home())
    if as_json:
        return say_json({"means": stopped.means.name.lower(), "seconds": round(stopped.seconds, 3)})
    return say(_stopped_words(stopped))


def _stopped_words(stopped: Stopped) -> str:
    if stopped.means is Means.NONE:
        return "Not recording: there was nothing to stop."
    return f"Stopped: {stopped.means.value}. Its process was gone after {stopped.seconds:.2f} s."


def pause(length: str, *, as_json: bool) -> None:
    """`optin pause`."""
    until_ms = pause_end(length, datetime.now())  # noqa: DTZ005  # the person's own clock is meant
    _say_status(told(open_home(), Command.PAUSE, until_ms=until_ms), as_json=as_json)


def resume(*, as_json: bool) -> None:
    """`optin resume`: says that it records only when it does."""
    home = open_home()
    _say_status(await_recording(home, told(home, Command.RESUME)), as_json=as_json)


def status(*, as_json: bool) -> None:
    """`optin status`."""
    home = open_home()
    try:
        found = _answered(home)
    except NotRunning:
        return _say_off(home, as_json=as_json)
    except NoAnswer as error:
        return _say_unknown(home, str(error), as_json=as_json)
    return _say_status(found, as_json=as_json, home=home)


def _answered(home: Home) -> Status:
    """What the recorder says; one that holds the queue and has no socket may be about to begin, so it is waited for."""
    end = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            return ask(home, Command.STATUS).status
        except NoAnswer as error:
            if error.is_silent or time.monotonic() > end:
                raise
            time.sleep(0.05)


def _say_status(found: Status, *, as_json: bool, home: Home | None = None) -> None:
    queue_bytes = queue_size(home) if home is not None else None
    if as_json:
        facts = msgspec.to_builtins(found) | {
            "recording": found.state is RecorderState.RECORDING,
            "ready": False,
            "reason": found.why,
        }
        place = {} if home is None else {"home": str(home.root), "queue_bytes": queue_bytes}
        return say_json(facts | place)
    for line in status_lines(found, now_ms=wall_ms()):
        say(line)
    return None if queue_bytes is None else say(f"Queue: {size(queue_bytes)}.")


def status_lines(found: Status, *, now_ms: int) -> tuple[str, ...]:
    """What a person reads of a recorder that answers."""
    since = when(found.since_ms)
    match found.state:
        case RecorderState.RECORDING:
            left = f"ends by itself after {_length(found.seconds_left)} more"
            first = f"Recording since {since}, session {found.session}; {left}."
        case RecorderState.PAUSED:
            until = "`optin resume`" if found.paused_until_ms is None else when(found.paused_until_ms)
            first = f"Paused since {since} until {until} ({found.why}). Nothing listens."
        case RecorderState.STARTING:
            first = "Starting: nothing is captured yet."
        case _:
            first = f"Stopping ({_ENDS.get(found.why, found.why.replace('_', ' '))})."
    return (first, *_counts(found, now_ms), f"Sign: {found.sign.replace('+', ', ')}. `optin stop` ends it.")


def _counts(found: Status, now_ms: int) -> tuple[str, ...]:
    saved = (
        "Nothing is saved yet."
        if found.last_commit_ms is None
        else f"Last saved {max(now_ms - found.last_commit_ms, 0) / 1000:.1f} s ago."
    )
    cost = found.budget
    bytes_hour = f"{size(cost.bytes_hour)} of {size(cost.bytes_limit_hour)} an hour"
    return (
        f"Events: {found.committed} kept, {found.coalesced} joined with others, {found.refused} refused. {saved}",
        *(f"  refused: {one.count} of {one.source}, {one.reason.replace('_', ' ')}" for one in found.refused_by),
        f"Pace: {found.pace}. CPU {cost.cpu_percent:.1f} % of {cost.cpu_limit_percent:.0f} % of a core; {bytes_hour}.",
    )


def _length(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _say_off(home: Home, *, as_json: bool) -> None:
    reason, last = _why_not(home), _last_words(home)
    if as_json:
        facts = {"home": str(home.root), "last": last, "queue_bytes": queue_size(home), "ready": not reason}
        return say_json({"state": OFF, "recording": False, "reason": reason, **facts})
    say(f"Not recording: {reason}" if reason else "Not recording. Ready: `optin record` or `optin start` begins.")
    return say(last) if last else None


def _last_words(home: Home) -> str:
    """How the last recording ended, empty if there was none."""
    if was_killed(home):
        return "The last recorder was killed, or the power was cut; what it had saved is safe."
    last = last_word(home)
    return "" if last is None else _last_line(last)


def _last_line(last: LastWord) -> str:
    if last.reason in _ORDINARY:
        return f"The last recording ended {when(last.at_ms)}: {_ENDS[last.reason]}."
    return f"The last recording failed {when(last.at_ms)}: {last.message or 'by a bug'}"


def _say_unknown(home: Home, why: str, *, as_json: bool) -> None:
    """A recorder is there and does not answer: neither "recording" nor "not recording" would be known to be true."""
    if as_json:
        facts = {"home": str(home.root), "queue_bytes": queue_size(home), "ready": False}
        return say_json({"state": UNKNOWN, "recording": None, "reason": why, **facts})
    return say(f"Unknown: {why}.")


def _why_not(home: Home) -> str:
    """Why a recording would be refused now; empty if it would not."""
    from consent.standing import require_grant, require_policy

    if home.stop_file.exists():
        return f"the file {home.stop_file} forbids it; remove it if you want to record"
    try:
        home.config()
        policy = home.policy()
        require_policy(policy.document)
        require_grant(home.grant(), policy, wall_ms())
    except OptinError as error:
        return str(error)
    return "" if home.allowed() else "nothing is allowed yet; see `optin allow --help`"


def queue_size(home: Home) -> int:
    """How many bytes lie in the queue, sealed."""
    try:
        with os.scandir(home.queue / "segments") as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    except FileNotFoundError:
        return 0
