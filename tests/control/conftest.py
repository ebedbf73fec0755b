"""One virtual desktop with an editor, a home that has opted in, and recorders in the background."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from capture.control import connect, peer
from optin.demo.hand import Hand
from tests.cli.conftest import desktop, new_folder, on_screen, opted_in, plain
from tests.cli.office import TASK, Office, Ran
from tests.control.notices import Notices

__all__ = ["desktop", "new_folder", "on_screen", "opted_in", "plain"]


@dataclass(frozen=True, slots=True)
class Background:
    """A home whose recorders are started by `optin start`; commands get no passphrase."""

    office: Office

    def start(self, *more: str) -> Ran:
        """A recorder that records for a minute at most."""
        return self.office.run("start", "--seconds", "60", "--task", TASK, *more)

    def ran(self, *arguments: str) -> Ran:
        """A command without a passphrase, keys and settings out of reach."""
        return self.office.run(*arguments, passphrase=None)

    def said(self, *arguments: str) -> str:
        """What such a command that succeeds prints."""
        ran = self.ran(*arguments)
        assert ran.code == 0, ran.err
        return ran.out

    @property
    def state(self) -> str:
        """What `optin status` calls it."""
        return str(self.ran("status", "--json").json["state"])

    @property
    def control(self) -> Path:
        return self.office.home / "control"

    @property
    def pid(self) -> int:
        """The recorder's process."""
        with connect(self.control, seconds=1) as connection:
            return peer(connection)[0]

    def children(self) -> list[int]:
        """The processes that the recorder has started and that are alive."""
        tasks = Path(f"/proc/{self.pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text(encoding="ascii").split()]


@pytest.fixture
def background(opted_in: Office, on_screen: dict[str, str], new_folder: Callable[[], Path]) -> Iterator[Background]:
    """A home of its own; a recorder that is left over is ended."""
    found = Background(Office(opted_in.copy(new_folder()).folder, on_screen))
    yield found
    found.ran("stop")


@pytest.fixture
def recorder(background: Background) -> Background:
    """The same while a recorder runs in the background that needs no sign."""
    ran = background.start("--no-sign")
    assert ran.code == 0, ran.err
    return background


@pytest.fixture
def hand(on_screen: dict[str, str]) -> Iterator[Hand]:
    with Hand(on_screen["DISPLAY"]) as hand:
        yield hand


@pytest.fixture
def notices(on_screen: dict[str, str]) -> Iterator[Notices]:
    """A notification server on the desktop's bus."""
    with Notices(on_screen["DBUS_SESSION_BUS_ADDRESS"]) as notices:
        yield notices


def is_alive(pid: int) -> bool:
    """Whether there is such a process, and not only what the system keeps of one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
