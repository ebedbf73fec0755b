"""Starts a recording: checks consent and lease, then becomes a recorder that holds no key that opens.

It unlocks the key store, puts the device's signing key and the plan into a pipe, and replaces this process by
`python -m optin.recorder` (`record`), or starts that in the background (`start`): the memory that held the passphrase
and the other keys is gone, or stays behind, before the first event. Nothing of the plan stands in the argument list;
the task is a person's text.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from capture.events import MODIFIER_KEYS, NAMED_KEYS
from capture.governor import Profile
from capture.queue import QueueFolder
from consent.documents import Grant, Policy, Source
from consent.standing import require_grant, require_lease, require_policy, require_source
from optin.checkup import require_extra
from optin.home import AllowRule, Home, wall_ms
from optin.setup import solo_lease
from vault.canonical import Document, canonical, parse
from vault.errors import BadInput, Refused
from vault.files import create_file, read_file
from vault.keys import to_text
from vault.ledger import LedgerEvent
from vault.signed import Signed

MAX_PLAN: Final = 60_000
"""A pipe takes 64 KiB without a reader."""
HOTKEY: Final = "ctrl+alt+shift+f12"
"""The chord that stops: three modifiers, since no program uses it and nobody plays it by mistake."""
PREFERENCES: Final = "recorder.json"
_LIMIT: Final = 1 << 12


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person may write into `recorder.json`: the chord that stops (empty: none), and the governor's profile."""

    hotkey: str = HOTKEY
    profile: Profile = Profile.AUTO


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks for. `profile` is empty for the one that is preferred."""

    task: str
    seconds: int
    as_json: bool
    profile: str = ""
    experimental: bool = False
    background: bool = False
    signless: bool = False


class Plan(Document, frozen=True):
    """All that the recorder gets. `device_key` is the private signing key; it cannot open anything."""

    allowed: tuple[AllowRule, ...]
    as_json: bool
    background: bool
    consent_key: str
    device_key: str
    ends_ms: int
    experimental: bool
    grant_digest: str
    home: str
    hotkey: tuple[str, ...]
    lease_digest: str
    policy_digest: str
    profile: Profile
    seconds: int
    session: str
    signless: bool
    task: str


def record(home: Home, wish: Wish) -> None:
    """Does not return: this process becomes the recorder. `Refused` if consent, lease or allow-list forbid it."""
    _become_recorder(_checked_plan(home, wish))


def start(home: Home, wish: Wish) -> Began:
    """What the recorder says once it records in the background; if it does not, its words and exit code are ours."""
    return _await(_spawned(_checked_plan(home, wish)))


def _checked_plan(home: Home, wish: Wish) -> bytes:
    require_extra("capture")
    policy, signed = home.policy(), home.grant()
    require_policy(policy.document)
    require_grant(signed, policy, wall_ms())
    for source in Source:
        require_source(signed.document, source)
    if home.stop_file.exists():
        raise Refused(f"the file {home.stop_file} forbids recording; remove it if you want to record")
    if not home.allowed():
        raise Refused("nothing is allowed yet, so there is nothing to record; see `optin allow --help`")
    QueueFolder(home.queue).make()  # a place that is no good is refused before anybody is asked for a passphrase
    preferences = _preferences(home)
    if home.is_recording():
        raise Refused("another recorder runs already; `optin status` shows it")
    plan = canonical(_plan(home, policy, signed, wish=wish, preferences=preferences))
    if len(plan) > MAX_PLAN:
        raise BadInput("the task or the allow-list is too long; shorten it")
    return plan


def _preferences(home: Home) -> Preferences:
    path = home.root / PREFERENCES
    if not path.exists():
        return Preferences()
    try:
        preferences = msgspec.json.decode(read_file(path, _LIMIT), type=Preferences)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadInput(f"{path} is no such file; see docs/recording.md for what may stand in it") from None
    chord(preferences.hotkey)
    return preferences


def chord(text: str) -> tuple[str, ...]:
    """The keys of a chord such as ctrl+alt+shift+f12, none for an empty text; `BadInput` if it cannot be one."""
    if not text:
        return ()
    *held, last = text.casefold().split("+")
    is_key = last in NAMED_KEYS or (len(last) == 1 and last.isalnum())
    if len(set(held)) < 2 or not set(held) <= MODIFIER_KEYS or not is_key:
        raise BadInput(f"a hotkey is two or more of {', '.join(sorted(MODIFIER_KEYS))} and one more key, joined by +")
    return (*held, last)


def _plan(home: Home, policy: Signed[Policy], signed: Signed[Grant], *, wish: Wish, preferences: Preferences) -> Plan:
    device = home.keys.signing("device")
    lease = solo_lease(home, policy)
    require_lease(lease, policy, from_ms=wall_ms(), until_ms=wall_ms())
    session = secrets.token_hex(8)
    home.ledger.enter(LedgerEvent.LEASE, lease.digest, device)
    create_file(home.folder("leases") / f"{lease.digest}.json", lease.data)
    home.ledger.enter(LedgerEvent.START, session, device)
    return Plan(
        allowed=home.allowed(),
        as_json=wish.as_json,
        background=wish.background,
        consent_key=signed.document.consent_key,
        device_key=to_text(device.private_raw()),
        ends_ms=min(lease.document.expires_ms, signed.document.expires_ms),
        experimental=wish.experimental,
        grant_digest=signed.digest,
        home=str(home.root),
        hotkey=chord(preferences.hotkey),
        lease_digest=lease.digest,
        policy_digest=policy.digest,
        profile=Profile(wish.profile) if wish.profile else preferences.profile,
        seconds=wish.seconds,
        session=session,
        signless=wish.signless,
        task=wish.task,
    )


def _become_recorder(plan: bytes) -> None:
    reading = _piped(plan)
    os.set_inheritable(reading, True)  # the system's form  # noqa: FBT003
    sys.stdout.flush()
    os.execv(sys.executable, _arguments(reading))  # fixed arguments  # noqa: S606


def _spawned(plan: bytes) -> subprocess.Popen[bytes]:
    """A recorder in a session of its own, which no terminal ends; it speaks until it records, then nobody hears it."""
    reading = _piped(plan)
    try:
        return subprocess.Popen(
            _arguments(reading),
            pass_fds=(reading,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    finally:
        os.close(reading)


def _await(recorder: subprocess.Popen[bytes]) -> Began:
    """What the recorder says; ends this process with its words and exit code if it ends before it records."""
    try:
        said = recorder.stdout.readline() if recorder.stdout else b""
        if said:
            return msgspec.json.decode(said, type=Began)
        sys.stderr.buffer.write(recorder.stderr.read() if recorder.stderr else b"")
        sys.stderr.flush()
        if recorder.wait() == 0:
            raise Refused("the recorder was stopped before it recorded")
        raise SystemExit(recorder.returncode)
    except KeyboardInterrupt:
        recorder.terminate()
        raise


class Began(msgspec.Struct, frozen=True):
    """What a recorder says when it begins."""

    seconds: int
    session: str
    sign: str
    state: str


def _piped(plan: bytes) -> int:
    """The end of a pipe that the plan can be read from."""
    reading, writing = os.pipe()
    os.write(writing, plan)
    os.close(writing)
    return reading


def _arguments(reading: int) -> list[str]:
    return [sys.executable, "-m", "optin.recorder", str(reading)]


def read_plan(descriptor: int) -> Plan:
    """The plan from the pipe, which is closed then."""
    with os.fdopen(descriptor, "rb") as file:
        return parse(file.read(MAX_PLAN + 1), Plan)


def plan_home(plan: Plan) -> Home:
    """The home that the plan names."""
    return Home(Path(plan.home))
