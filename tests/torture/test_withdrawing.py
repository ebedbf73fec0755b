"""A withdrawal that is killed or refused at any system call is finished by the next one, and then nothing is left."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from optin.erasure import withdraw
from optin.home import Home, SubmittedFile
from tests.cli.office import new_office
from tests.faults import EVERY, Call, Effect, Fault, Interposer
from tests.torture.writing import SMALL, event, open_session
from vault.canonical import canonical
from vault.errors import OptinError, Refused
from vault.files import create_file, private_folder

BUNDLE = "ab" * 32
DERIVED = ("redacted/one.sealed", "reports/one.json", "desk/shown/one/image.png")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with consent, a recording, what was derived from it, and a submission that waits in the inbox."""
    passed_on = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    office = new_office(tmp_path_factory.mktemp("office") / "of", {**passed_on, "LANG": "C.UTF-8"})
    office.done("init", "--solo")
    office.done("consent", "grant", "--purpose", "agent-training", "--source", "keys")
    home = Home(office.home)
    for session in ("one", "two"):
        sink = open_session(home.queue, session, random=secrets.token_bytes)
        for number in range(5):
            sink.commit((event(number, SMALL),))
        sink.close()
    for name in DERIVED:
        place = home.root / name
        private_folder(place.parent)
        create_file(place, b"derived")
    home.inbox().lay_submission(BUNDLE, b"sealed")
    submitted = SubmittedFile(bundle_digest=BUNDLE, session="one", version=1)
    create_file(home.folder("submitted") / "one.json", canonical(submitted))
    return home


@pytest.fixture
def copies(memory: Path) -> Path:
    """Where a fresh copy of that home is to be laid."""
    return memory / "home"


def fresh(recorded: Home, place: Path) -> Home:
    if place.exists():
        shutil.rmtree(place)
    shutil.copytree(recorded.root, place)
    return Home(place)


def killed(home: Home, fault: Fault) -> bool:
    """Whether the withdrawal was killed, rather than done."""
    child = os.fork()
    if child == 0:
        try:
            with Interposer(home.root, fault):
                withdraw(home)
        except BaseException:  # a forked child must end here, whatever happened  # noqa: BLE001
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def finish(home: Home) -> None:
    """The next withdrawal; consent that is gone already needs none."""
    try:
        withdraw(home)
    except Refused:
        assert not (home.root / "consent" / "grant.json").exists()


def left_in(home: Home) -> list[str]:
    """What a withdrawal must erase and is there."""
    erased = (
        "queue/segments",
        "queue/keys",
        "redacted",
        "reports",
        "desk",
        "submitted",
        "consent",
        "inbox/submissions",
    )
    places = (path for name in erased for path in (home.root / name).rglob("*"))
    files = [path for path in (*places, *(home.root / "keys").glob("*consent*")) if path.is_file()]
    return sorted(path.name for path in files if path.name != "CACHEDIR.TAG")


def require_gone(home: Home) -> None:
    assert left_in(home) == []
    assert list((home.root / "receipts").iterdir()), "there is no receipt"
    assert home.inbox().status(next(iter(digests(home)))) is not None, "nobody else can learn of the withdrawal"
    home.ledger.verify(home.first_device())


def digests(home: Home) -> set[str]:
    return {path.stem for path in (home.root / "inbox" / "status").glob("[!.]*")}


@pytest.mark.parametrize("effect", [Effect.KILL, Effect.KILL_HALFWAY])
def test_the_next_withdrawal_finishes_one_that_was_killed(recorded: Home, copies: Path, effect: Effect) -> None:
    calls = EVERY - {Call.CLOSE} if effect is Effect.KILL else frozenset({Call.WRITE})
    number = 1
    while killed(home := fresh(recorded, copies), Fault(effect, calls, number=number)):
        finish(home)
        require_gone(home)
        number += 1
    assert number > (50 if effect is Effect.KILL else 3)
    require_gone(home)


@pytest.mark.parametrize("call", sorted(set(Call) - {Call.TRUNCATE, Call.ALLOCATE, Call.FDATASYNC, Call.LINK}, key=str))
@pytest.mark.parametrize(("error", "lasting"), [(errno.EIO, False), (errno.ENOSPC, True)])
def test_a_withdrawal_is_done_or_says_what_is_left(
    recorded: Home, copies: Path, call: Call, *, error: int, lasting: bool
) -> None:
    fault, number, struck = Fault(Effect.FAIL, frozenset({call}), error=error, lasting=lasting), 1, True
    while struck:
        home = fresh(recorded, copies)
        is_done, struck = attempt(home, replace(fault, number=number))
        assert not is_done or left_in(home) == [], "it is said to be done and is not"
        finish(home)
        require_gone(home)
        number += 1
    assert number > 2


def attempt(home: Home, fault: Fault) -> tuple[bool, bool]:
    """Whether the withdrawal was done, and whether its fault struck."""
    with Interposer(home.root, fault) as disk:
        try:
            withdraw(home)
        except (OptinError, OSError) as error:
            sys.stdout.write(f"{type(error).__name__} at {fault.number}: {error}\n")
            return False, disk.fired > 0
    return True, disk.fired > 0
