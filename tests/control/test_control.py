"""The control socket by itself: who may speak, how much, and that nobody can keep the recorder busy."""

from __future__ import annotations

import os
import select
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from capture.command import (
    MAX_LINE,
    NEXT,
    Answer,
    Command,
    RecorderState,
    Request,
    Turn,
    read_answer,
    request_line,
)
from capture.control import BEAT_SECONDS, CLIENTS, HEARD_A_SECOND, NAME, WATCHERS, ControlSocket, connect, peer
from tests.control.statuses import status
from vault.errors import Refused

STATUS = request_line(Request(command=Command.STATUS))
WATCH = request_line(Request(command=Command.WATCH))


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """Answers every command, and remembers them."""

    def __init__(self) -> None:
        self.heard: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.heard.append(request)
        return Answer(accepted=True, status=status(), why="")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "control"


@pytest.fixture
def control(folder: Path, clock: Clock) -> Iterator[ControlSocket]:
    control = ControlSocket(folder, clock=clock)
    yield control
    control.close()


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("state", RecorderState)
@pytest.mark.parametrize("turn", Turn)
def test_every_cell_of_the_table_leads_to_one_state(state: RecorderState, turn: Turn) -> None:
    assert NEXT[state][turn] in RecorderState


@pytest.mark.parametrize("state", RecorderState)
def test_an_end_is_taken_in_every_state(state: RecorderState) -> None:
    assert NEXT[state][Turn.END] is RecorderState.STOPPING


@pytest.mark.parametrize("turn", Turn)
def test_nothing_leads_out_of_stopping(turn: Turn) -> None:
    assert NEXT[RecorderState.STOPPING][turn] is RecorderState.STOPPING


@pytest.mark.parametrize("state", [state for state in RecorderState if state is not RecorderState.STOPPING])
def test_a_pause_is_taken_in_every_state_but_the_last(state: RecorderState) -> None:
    assert NEXT[state][Turn.PAUSE] is RecorderState.PAUSED


def test_only_open_sources_lead_to_recording() -> None:
    leading = {(state, turn) for state, row in NEXT.items() for turn in row if row[turn] is RecorderState.RECORDING}
    assert leading == {(RecorderState.STARTING, Turn.OPENED)} | {
        (RecorderState.RECORDING, turn) for turn in (Turn.OPENED, Turn.RESUME)
    }


def test_the_socket_is_for_its_user_only(control: ControlSocket, folder: Path) -> None:
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_command_is_answered(control: ControlSocket, folder: Path, desk: Desk) -> None:
    with connect(folder, seconds=1) as client:
        client.sendall(request_line(Request(command=Command.PAUSE, until_ms=7)))
        control.serve(desk)
        assert read_answer(client.recv(1 << 16)).accepted
    assert desk.heard == [Request(command=Command.PAUSE, until_ms=7)]


def test_its_descriptor_is_readable_when_a_command_has_come_and_silent_before(
    control: ControlSocket, folder: Path, desk: Desk
) -> None:
    assert not _readable(control)
    with connect(folder, seconds=1) as client:
        client.sendall(STATUS)
        assert _readable(control)
        control.serve(desk)
        assert not _readable(control)


def test_the_kernel_names_the_listening_process(control: ControlSocket, folder: Path) -> None:
    with connect(folder, seconds=1) as client:
        assert peer(client) == (os.getpid(), os.geteuid())


def test_another_user_is_not_heard(folder: Path, desk: Desk) -> None:
    control = ControlSocket(folder, owner=os.geteuid() + 1)
    with connect(folder, seconds=1) as client:
        client.sendall(STATUS)
        control.serve(desk)
        assert _is_dropped(client)
    assert desk.heard == []
    control.close()


@pytest.mark.parametrize(
    "line",
    [
        b"stop\n",
        STATUS[:-1],
        STATUS + STATUS,
        b" " + STATUS,
        b'{"command":"open","until_ms":null}\n',
        b'{"command":"stop","more":1,"until_ms":null}\n',
        b"x" * MAX_LINE + b"\n",
    ],
    ids=["words", "cut", "two", "loose", "unknown", "more", "long"],
)
def test_what_is_no_command_is_dropped_unanswered(
    control: ControlSocket, folder: Path, desk: Desk, line: bytes
) -> None:
    with connect(folder, seconds=1) as client:
        client.sendall(line)
        control.serve(desk)
        assert _is_dropped(client)
    assert desk.heard == []


def test_a_line_that_comes_in_two_pieces_is_dropped(control: ControlSocket, folder: Path, desk: Desk) -> None:
    with connect(folder, seconds=1) as client:
        client.sendall(STATUS[:5])
        control.serve(desk)
        assert _is_dropped(client)


def test_who_says_nothing_is_dropped_after_a_second(
    control: ControlSocket, folder: Path, desk: Desk, clock: Clock
) -> None:
    with connect(folder, seconds=1) as client:
        control.serve(desk)
        assert not _is_dropped(client)
        clock.now += 1.0
        control.serve(desk)
        assert _is_dropped(client)


def test_many_silent_clients_keep_no_command_out(control: ControlSocket, folder: Path, desk: Desk) -> None:
    silent = []
    for _ in range(2 * CLIENTS):
        silent.append(connect(folder, seconds=1))
        control.serve(desk)
    with connect(folder, seconds=1) as client:
        client.sendall(STATUS)
        control.serve(desk)
        assert read_answer(client.recv(1 << 16)).accepted
    for one in silent:
        one.close()


def test_a_flood_is_heard_in_part_and_then_wakes_nobody_for_a_second(
    control: ControlSocket, folder: Path, desk: Desk, clock: Clock
) -> None:
    flood = [connect(folder, seconds=1) for _ in range(2 * HEARD_A_SECOND)]
    for client in flood:
        client.sendall(STATUS)
    for _ in range(10):
        control.serve(desk)
    assert len(desk.heard) == HEARD_A_SECOND
    assert not _readable(control)
    clock.now += 1.0
    control.serve(desk)
    assert len(desk.heard) == 2 * HEARD_A_SECOND
    for client in flood:
        client.close()


def test_a_client_that_has_gone_is_no_error(control: ControlSocket, folder: Path, desk: Desk) -> None:
    client = connect(folder, seconds=1)
    client.sendall(STATUS)
    client.close()
    control.serve(desk)
    assert not _readable(control)


def test_who_watches_hears_of_changes(control: ControlSocket, folder: Path, desk: Desk) -> None:
    with _watching(control, folder, desk) as client:
        control.tell(lambda: status(state=RecorderState.PAUSED))
        assert read_answer(client.recv(1 << 16)).status.state is RecorderState.PAUSED


def test_who_watches_hears_a_beat(control: ControlSocket, folder: Path, desk: Desk, clock: Clock) -> None:
    with _watching(control, folder, desk) as client:
        control.beat(status)
        clock.now += BEAT_SECONDS
        control.beat(status)
        assert client.recv(1 << 16).count(b"\n") == 1


def test_who_watches_is_kept_and_counted_until_it_goes(
    control: ControlSocket, folder: Path, desk: Desk, clock: Clock
) -> None:
    with _watching(control, folder, desk):
        clock.now += 60
        control.serve(desk)
        assert control.watchers == 1
    control.serve(desk)
    assert control.watchers == 0


def test_only_so_many_watch(control: ControlSocket, folder: Path, desk: Desk) -> None:
    watching = [_watching(control, folder, desk) for _ in range(WATCHERS)]
    with connect(folder, seconds=1) as one_more:
        one_more.sendall(WATCH)
        control.serve(desk)
        assert _is_dropped(one_more)
    for client in watching:
        client.close()


def test_who_watches_and_does_not_read_is_dropped(control: ControlSocket, folder: Path, desk: Desk) -> None:
    with _watching(control, folder, desk):
        for _ in range(10_000):
            control.tell(status)
            if not control.watchers:
                return
    raise AssertionError("a watcher that does not read is kept")


def test_what_a_killed_recorder_left_is_replaced(folder: Path, desk: Desk) -> None:
    folder.mkdir(mode=0o700)
    left = socket.socket(socket.AF_UNIX)
    left.bind(os.fspath(folder / NAME))
    left.close()
    control = ControlSocket(folder)
    connect(folder, seconds=1).close()
    control.close()


def test_what_is_no_socket_is_left_alone(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / NAME).write_text("a note", encoding="utf-8")
    with pytest.raises(Refused, match="is no socket"):
        ControlSocket(folder)
    assert (folder / NAME).read_text(encoding="utf-8") == "a note"


def test_a_folder_that_others_may_enter_is_refused(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    with pytest.raises(Refused, match="others may enter"):
        ControlSocket(folder)


def test_a_home_with_a_long_path_has_a_socket_too(tmp_path: Path, desk: Desk) -> None:
    folder = tmp_path / ("a" * 100) / ("b" * 100)
    control = ControlSocket(folder)
    with connect(folder, seconds=1) as client:
        client.sendall(STATUS)
        control.serve(desk)
        assert read_answer(client.recv(1 << 16)).accepted
    control.close()
    assert not (folder / NAME).exists()


def test_it_leaves_nothing_behind(control: ControlSocket, folder: Path) -> None:
    control.close()
    with pytest.raises(FileNotFoundError):
        connect(folder, seconds=1)
    assert list(folder.iterdir()) == []


def _watching(control: ControlSocket, folder: Path, desk: Desk) -> socket.socket:
    client = connect(folder, seconds=1)
    client.sendall(WATCH)
    control.serve(desk)
    assert read_answer(client.recv(1 << 16)).accepted
    return client


def _readable(control: ControlSocket) -> bool:
    return bool(select.select((control.fileno(),), (), (), 0)[0])


def _is_dropped(client: socket.socket) -> bool:
    """Whether the other end has closed; what was sent and not read counts as closed too."""
    client.settimeout(0)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
