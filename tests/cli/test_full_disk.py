"""A recorder whose disk becomes full ends by itself, at once, says so, and the ledger holds the stop."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from optin.demo.hand import Hand
from optin.home import Home
from tests.cli.office import TASK, TYPED, Office, Ran
from vault.ledger import LedgerEvent

SMALL_DISK = 'mount -t tmpfs -o size=8m,mode=700 small "$1" && cp -a "$2/." "$1" && echo && exec sleep 600'
"""The disk is seen by this command and by whoever enters its namespace; it is gone with it."""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A copy of a home on a disk of 8 MiB: the office as commands see it in there, and the same files from outside."""

    office: Office
    holder: int

    @property
    def under(self) -> tuple[str, ...]:
        """Begins a command that is to see the disk."""
        return ("nsenter", f"--mount=/proc/{self.holder}/ns/mnt")

    @property
    def home(self) -> Path:
        """The home, seen from here."""
        return Path(f"/proc/{self.holder}/root{self.office.home}")

    def fill(self) -> None:
        """Leaves no room at all."""
        writing = ("dd", "if=/dev/zero", f"of={self.home.parent / 'filler'}", "bs=4k")
        assert subprocess.run(writing, stderr=subprocess.DEVNULL, check=False).returncode != 0


@pytest.fixture(scope="module")
def disk(opted_in: Office, on_screen: dict[str, str], new_folder: Callable[[], Path]) -> Iterator[SmallDisk]:
    place = new_folder()
    place.mkdir(mode=0o700)
    script = ("sh", "-c", SMALL_DISK, "sh", str(place), str(opted_in.folder))
    with subprocess.Popen(("unshare", "--mount", *script), stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == b"\n"
            yield SmallDisk(Office(place, on_screen), holder.pid)
        finally:
            holder.kill()


@dataclass(frozen=True, slots=True)
class Ended:
    """How the recorder ended, and how long that was after the first input that it could not save."""

    ran: Ran
    session: str
    seconds: float


@pytest.fixture(scope="module")
def ended(disk: SmallDisk) -> Ended:
    with disk.office.start("record", "--seconds", "60", "--task", TASK, "--json", under=disk.under) as process:
        assert process.stdout is not None
        session = json.loads(process.stdout.readline())["session"]
        with Hand(disk.office.environment["DISPLAY"]) as hand:
            hand.click((760, 560))
            hand.type(TYPED)
            time.sleep(1)
            disk.fill()
            began = time.monotonic()
            hand.type(TYPED[:3])
        out, err = process.communicate(timeout=20)
        seconds = time.monotonic() - began
    return Ended(Ran(process.returncode, out, err), session, seconds)


def test_it_ends_by_itself_with_an_exit_code_that_says_so(ended: Ended) -> None:
    assert ended.ran.code not in {0, 1}
    assert ended.seconds < 1.5  # the slot of 0.25 s, then a second


def test_it_says_why_and_nothing_of_what_was_typed(ended: Ended) -> None:
    assert "recording stopped" in ended.ran.err
    assert not set(TYPED.split()) & set((ended.ran.err + ended.ran.out).split())


def test_its_last_words_for_a_script_say_that_it_stopped(ended: Ended) -> None:
    assert json.loads(ended.ran.out.splitlines()[-1])["state"] == "stopped"


def test_the_stop_is_in_the_ledger(ended: Ended, disk: SmallDisk) -> None:
    home = Home(disk.home)
    entries = home.ledger.verify(home.first_device()).entries
    assert any(entry.event is LedgerEvent.STOP and home.ledger.concerns(entry, ended.session) for entry in entries)


def test_what_was_saved_before_is_listed(ended: Ended, disk: SmallDisk) -> None:
    listed = disk.office.run("sessions", "--json", under=disk.under)
    assert [entry["session"] for entry in listed.json] == [ended.session]


def test_the_next_recording_is_refused_and_told_how_much_room_it_needs(ended: Ended, disk: SmallDisk) -> None:
    ran = disk.office.run("record", "--seconds", "1", under=disk.under)
    assert ran.code not in {0, 1}
    assert "room" in ran.err
