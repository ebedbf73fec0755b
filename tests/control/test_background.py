"""Recorders in the background, as real processes on a virtual desktop: the ways to start, pause and end them."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time

from capture.control import NAME
from optin.demo.hand import Hand
from optin.demo.programs import wait_until
from optin.home import PASSPHRASE_FD, Home
from tests.cli.office import PASSPHRASE, TASK, TYPED, Office
from tests.control.conftest import Background, is_alive
from tests.control.notices import Notices
from vault.ledger import LedgerEvent

READ_BACK = """
import json, sys
from optin.demo.control import _opened
print(json.dumps([type(event).__name__ + ":" + str(event.at_ns) for event in _opened(sys.argv[1]).raw_events]))
"""


def test_nothing_begins_where_nothing_can_show_it(background: Background) -> None:
    ran = background.start()
    assert (ran.code, ran.out) == (3, "")
    assert "optin tray" in ran.err
    assert background.state == "off"


def test_a_refusal_says_why_and_passes_its_code_on(background: Background) -> None:
    (background.office.home / "STOP").touch()
    ran = background.start("--no-sign")
    assert ran.code == 3
    assert "forbids recording" in ran.err


def test_one_that_is_stopped_before_it_records_says_so_and_leaves_no_session(background: Background) -> None:
    with background.office.start("start") as starting:
        wait_until(lambda: (background.control / NAME).exists() or None, what="The socket")
        assert "as asked" in background.said("stop")
        _, err = starting.communicate(timeout=20)
    assert starting.returncode == 3
    assert "before it recorded" in err
    assert background.ran("sessions", "--json").json == []


def test_a_hotkey_that_cannot_be_one_is_refused(background: Background) -> None:
    (background.office.home / "recorder.json").write_text('{"hotkey": "q"}', encoding="utf-8")
    ran = background.start("--no-sign")
    assert ran.code == 4
    assert "hotkey" in ran.err


def test_a_setting_that_nobody_knows_is_refused(background: Background) -> None:
    (background.office.home / "recorder.json").write_text('{"hotkeys": "ctrl+alt+q"}', encoding="utf-8")
    assert background.start("--no-sign").code == 4


def test_it_outlives_the_command_that_started_it_and_status_says_what_is_saved(recorder: Background) -> None:
    assert os.getsid(recorder.pid) == recorder.pid
    found = wait_until(lambda: _saved(recorder), what="A commit")
    assert found["recording"] is True
    assert found["queue_bytes"] > 0
    assert found["produced"] == found["committed"] + found["coalesced"] + found["refused"]


def test_stop_needs_no_passphrase_no_settings_and_no_keys(recorder: Background) -> None:
    pid = recorder.pid
    (recorder.office.home / "config.json").unlink()
    assert "as asked" in recorder.said("stop")
    assert not is_alive(pid)
    assert list(recorder.control.glob(NAME)) == []


def test_what_happens_after_stop_has_answered_is_not_captured(recorder: Background, hand: Hand) -> None:
    session = str(recorder.ran("status", "--json").json["session"])
    hand.click((760, 560))
    hand.type(TYPED)
    with recorder.office.start("stop", passphrase=None) as stopping:
        while stopping.poll() is None:
            hand.move((700, 500))
            hand.move((720, 520))
        stopped_ns = time.monotonic_ns()
        hand.move((500, 500))
    ran = _read_back(recorder.office, session)
    moments = [int(line.split(":")[1]) for line in ran]
    assert len(moments) > 5
    assert max(moments) < stopped_ns
    assert ran[-1].startswith("SessionEnded")


def test_in_a_pause_no_process_listens_and_what_is_typed_is_nowhere(recorder: Background, hand: Hand) -> None:
    session = str(recorder.ran("status", "--json").json["session"])
    (listening,) = recorder.children()
    recorder.said("pause", "30m")
    wait_until(lambda: recorder.children() == [] or None, what="The end of the listening process")
    assert not is_alive(listening)
    began_ns = time.monotonic_ns()
    hand.click((760, 560))
    hand.type(TYPED)
    ended_ns = time.monotonic_ns()
    assert recorder.ran("resume", "--json").json["recording"] is True
    recorder.said("stop")
    events = [line.split(":") for line in _read_back(recorder.office, session)]
    assert not [kind for kind, at_ns in events if began_ns < int(at_ns) < ended_ns]
    assert "Gap" in [kind for kind, _ in events]


def test_pause_and_resume_are_entered_in_the_ledger(recorder: Background) -> None:
    recorder.said("pause")
    recorder.said("resume")
    recorder.said("stop")
    home = Home(recorder.office.home)
    found = [entry.event for entry in home.ledger.verify(home.first_device()).entries]
    mine = {LedgerEvent.START, LedgerEvent.PAUSE, LedgerEvent.RESUME, LedgerEvent.STOP}
    assert [event for event in found if event in mine][-4:] == [
        LedgerEvent.START,
        LedgerEvent.PAUSE,
        LedgerEvent.RESUME,
        LedgerEvent.STOP,
    ]


def test_a_resume_that_the_ledger_does_not_take_leaves_it_paused(recorder: Background) -> None:
    recorder.said("pause")
    (recorder.office.home / "ledger" / "entries").rename(recorder.office.home / "ledger" / "away")
    ran = recorder.ran("resume")
    assert ran.code == 3
    assert "ledger" in ran.err
    assert recorder.state == "paused"
    (recorder.office.home / "ledger" / "away").rename(recorder.office.home / "ledger" / "entries")


def test_a_signal_ends_it_while_it_is_paused(recorder: Background) -> None:
    recorder.said("pause")
    os.kill(recorder.pid, signal.SIGHUP)
    wait_until(lambda: recorder.state == "off" or None, what="The end of the recorder")


def test_the_hotkey_ends_it(recorder: Background, hand: Hand) -> None:
    hand.chord("ctrl+alt+shift+F12")
    wait_until(lambda: recorder.state == "off" or None, what="The end of the recorder")
    assert "hotkey" in recorder.said("status")


def test_a_second_one_is_refused_and_the_first_goes_on(recorder: Background) -> None:
    ran = recorder.start("--no-sign")
    assert ran.code == 3
    assert "another recorder runs already" in ran.err
    assert recorder.state == "recording"


def test_a_killed_recorder_is_not_called_recording_and_another_can_begin(recorder: Background) -> None:
    os.kill(recorder.pid, signal.SIGKILL)
    wait_until(lambda: recorder.state == "off" or None, what="The end of the recorder")
    assert "was killed" in recorder.said("status")
    assert recorder.start("--no-sign").code == 0
    assert recorder.state == "recording"


def test_one_that_can_save_nothing_any_more_ends_and_status_says_why(recorder: Background, hand: Hand) -> None:
    resource.prlimit(recorder.pid, resource.RLIMIT_FSIZE, (4096, 4096))
    hand.click((760, 560))
    hand.type(TYPED)
    wait_until(lambda: recorder.state == "off" or None, what="The end of the recorder")
    assert "failed" in recorder.said("status")
    assert "the queue cannot be written" in recorder.said("status")


def test_one_that_was_halted_is_called_unknown_and_can_be_stopped(recorder: Background) -> None:
    pid = recorder.pid
    os.kill(pid, signal.SIGSTOP)
    found = recorder.ran("status", "--json").json
    assert (found["state"], found["recording"], found["ready"]) == ("unknown", None, False)
    assert recorder.ran("stop", "--json").json["means"] == "force"
    assert not is_alive(pid)


def test_one_without_its_socket_is_called_unknown_and_can_be_stopped(recorder: Background) -> None:
    pid = recorder.pid
    (recorder.control / NAME).unlink()
    assert recorder.state == "unknown"
    assert recorder.ran("stop", "--json").json["means"] == "signal"
    assert not is_alive(pid)


def test_one_that_nothing_names_is_stopped_by_the_file_and_no_other_process_is_harmed(recorder: Background) -> None:
    (recorder.control / NAME).unlink()
    (recorder.office.home / "queue" / "LOCK").write_bytes(b"%d\n" % os.getpid())
    assert recorder.ran("stop", "--json").json["means"] == "file"
    assert not (recorder.office.home / "STOP").exists()
    assert recorder.state == "off"


def test_where_nothing_runs_the_commands_say_so(background: Background) -> None:
    assert "nothing to stop" in background.said("stop")
    for command in ("pause", "resume"):
        ran = background.ran(command)
        assert (ran.code, ran.out) == (3, "")
        assert "no recorder runs" in ran.err


def test_a_person_is_told_of_each_change_and_of_no_content(background: Background, notices: Notices) -> None:
    assert background.start("--json").json["sign"] == "notification"
    background.said("pause", "30m")
    background.said("resume")
    background.said("stop")
    wait_until(lambda: True if len(notices.told) == 4 else None, what="The last notification")
    begins, paused, again, ended = notices.summaries
    assert begins == "Optin begins to record"
    assert paused.startswith("Recording is paused until 20")
    assert again == "Optin records again"
    assert ended == "Optin has stopped recording (stopped)"
    assert not [line for pair in notices.told for line in pair if TASK in line or PASSPHRASE in line]


def _saved(recorder: Background) -> dict[str, int] | None:
    found: dict[str, int] = recorder.ran("status", "--json").json
    return found if found["committed"] else None


def _read_back(office: Office, session: str) -> list[str]:
    """Kind and moment of every event of a session, opened in a process of its own."""
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    environment = {**office.environment, "OPTIN_HOME": str(office.home), PASSPHRASE_FD: str(reading)}
    arguments = (sys.executable, "-c", READ_BACK, session)
    printed = subprocess.run(arguments, env=environment, pass_fds=(reading,), capture_output=True, check=True).stdout
    os.close(reading)
    found: list[str] = json.loads(printed)
    return found
