"""The recorder as a process: what it holds, that there is one at most, and how it ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from optin.demo.hand import Hand
from optin.demo.programs import wait_until
from optin.home import PASSPHRASE_FD
from tests.cli.conftest import Recording
from tests.cli.office import ORDINARY, PASSPHRASE, TASK, TYPED, Office
from vault.files import lock_file


def test_the_argument_list_names_a_descriptor_and_nothing_else(recording: Recording) -> None:
    arguments = Path(f"/proc/{recording.process.pid}/cmdline").read_text(encoding="utf-8").split("\0")[1:-1]
    assert arguments[:-1] == ["-m", "optin.recorder"]
    assert arguments[-1].isdigit()


def test_the_environment_holds_no_passphrase_no_task_and_no_key(recording: Recording) -> None:
    environment = Path(f"/proc/{recording.process.pid}/environ").read_bytes().split(b"\0")
    names = {entry.split(b"=", 1)[0].decode() for entry in environment if entry}
    assert names <= {*recording.office.environment, "OPTIN_HOME", "TMPDIR", "LC_CTYPE"}
    assert PASSPHRASE_FD not in names
    assert not any(word in entry for entry in environment for word in (PASSPHRASE.encode(), TASK.encode()))


@pytest.mark.parametrize("name", ["mem", "environ", "maps"])
def test_another_process_of_the_same_user_cannot_look_into_it(recording: Recording, name: str) -> None:
    assert not _opens(f"/proc/{recording.process.pid}/{name}")


def test_another_process_of_the_same_user_can_look_into_an_ordinary_one() -> None:
    ready = "print(flush=True); input()"
    with subprocess.Popen(
        (*ORDINARY, sys.executable, "-c", ready), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            assert _opens(f"/proc/{process.pid}/environ")
        finally:
            process.kill()


def test_it_says_that_it_records(recording: Recording) -> None:
    assert recording.office.run("status", "--json", passphrase=None).json["recording"] is True
    (listed,) = recording.office.run("sessions", "--json", passphrase=None).json
    assert listed == {"cut_off": False, "session": recording.session, "state": "recording"}


def test_a_signal_ends_it_within_two_seconds_and_the_session_is_listed(recording: Recording) -> None:
    _type(recording.office)
    began = time.monotonic()
    code, out = recording.stop(signal.SIGTERM)
    assert time.monotonic() - began < 2
    assert (code, '"reason": "sigterm"' in out) == (0, True)
    listed = recording.office.done("sessions", "--json").json
    assert listed == [{"cut_off": False, "session": recording.session, "state": "recorded"}]


def test_the_file_stop_ends_it(recording: Recording) -> None:
    (recording.office.home / "STOP").touch()
    assert recording.process.wait(timeout=5) == 0


def test_what_was_recorded_before_a_kill_can_be_redacted_and_is_marked_as_cut_off(recording: Recording) -> None:
    segments = recording.office.home / "queue" / "segments"
    before = sum(path.stat().st_size for path in segments.iterdir())
    _type(recording.office)
    wait_until(lambda: sum(path.stat().st_size for path in segments.iterdir()) > before or None, what="A commit")
    assert recording.stop(signal.SIGKILL)[0] == -signal.SIGKILL
    office = recording.office
    assert office.done("sessions", "--json").json[0]["cut_off"] is True
    office.done("redact", recording.session)
    page = (office.home / "reports" / f"{recording.session}.html").read_text(encoding="utf-8")
    assert "no: it was cut off" in page


def test_a_second_recorder_at_once_is_refused(
    opted_in: Office, on_screen: dict[str, str], new_folder: Callable[[], Path]
) -> None:
    office = Office(opted_in.copy(new_folder()).folder, on_screen)
    (office.home / "queue").mkdir(mode=0o700, exist_ok=True)
    with (office.home / "queue" / "LOCK").open("w") as lock:
        lock_file(lock.fileno())
        ran = office.run("record", "--seconds", "1")
    assert ran.code == 3
    assert "another recorder runs already" in ran.err


def test_a_task_that_is_too_long_is_refused_and_not_repeated(opted_in: Office, new_folder: Callable[[], Path]) -> None:
    ran = opted_in.copy(new_folder()).run("record", "--seconds", "1", "--task", TASK * 5000)
    assert ran.code == 4
    assert TASK not in ran.err


def _type(office: Office) -> None:
    with Hand(office.environment["DISPLAY"]) as hand:
        hand.click((760, 560))
        hand.type(TYPED)
    time.sleep(0.5)


def _opens(path: str) -> bool:
    """Whether a process of this user without special rights opens the file."""
    tried = (*ORDINARY, sys.executable, "-c", "import sys; open(sys.argv[1], 'rb').close()", path)
    return subprocess.run(tried, stderr=subprocess.DEVNULL, check=False).returncode == 0


pytestmark = pytest.mark.usefixtures("on_screen")
