"""A process that was isolated reaches no network any more, and what it says of that is true."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from redaction.redacted import Isolation
from redaction.scratch import private_scratch

SCRIPT = """
import ctypes, errno, json, os, resource, socket, struct, sys, threading
from redaction.isolation import isolate

port = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)

def reaches(family, host):
    try:
        with socket.socket(family) as probe:
            probe.settimeout(5)
            probe.connect((host, port))
    except OSError:
        return False
    return True

def says(call):
    ctypes.set_errno(0)
    return "done" if call() >= 0 else errno.errorcode[ctypes.get_errno()]

def anyone_reaches():
    return reaches(socket.AF_INET, "127.0.0.1") or reaches(socket.AF_INET6, "::1")

def others_reach():
    ask.set()
    answered.wait(20)
    return found[0]

def wait_for_it():
    ask.wait()
    found.append(anyone_reaches())
    answered.set()

ask, answered, found = threading.Event(), threading.Event(), []
if "nobody" in sys.argv:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
if "thread" in sys.argv:
    threading.Thread(target=wait_for_it, daemon=True).start()
before = anyone_reaches()
old = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
pair = socket.socketpair()
kept = socket.create_connection(("127.0.0.1", port)) if "connected" in sys.argv else None
answer = isolate().value
child = os.fork()
if child == 0:
    os._exit(anyone_reaches())
forked = os.waitpid(child, 0)[1] != 0
try:
    open(f"/proc/{os.getpid()}/mem", "rb").close()
    memory = "readable"
except OSError:
    memory = "closed"
address = struct.pack("=H2s4s8x", socket.AF_INET, port.to_bytes(2, "big"), bytes((127, 0, 0, 1)))
pair[0].sendall(b"still")
print(json.dumps({
    "before": before,
    "answer": answer,
    "after": anyone_reaches(),
    "forked": forked,
    "thread": others_reach() if "thread" in sys.argv else False,
    "memory": memory,
    "core": resource.getrlimit(resource.RLIMIT_CORE),
    "interfaces": [line.split(":")[0].strip() for line in open("/proc/self/net/dev") if ":" in line],
    "pair": pair[1].recv(9).decode(),
    "raw": {
        "socket": says(lambda: libc.syscall(41, socket.AF_INET, socket.SOCK_STREAM, 0)),
        "local socket": says(lambda: libc.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0)),
        "vsock": says(lambda: libc.socket(40, socket.SOCK_STREAM, 0)),
        "pair": says(lambda: libc.socketpair(30, socket.SOCK_DGRAM, 0, (ctypes.c_int * 2)())),
        "connect": says(lambda: libc.connect(old.fileno(), address, len(address))),
        "send to": says(lambda: libc.sendto(old.fileno(), b"x", 1, 0, address, len(address))),
        "sendmsg": says(lambda: libc.sendmsg(old.fileno(), None, 0)),
        "ring": says(lambda: libc.syscall(425, 1, None)),
        "ptrace": says(lambda: libc.ptrace(0, 0, 0, 0)),
        "memory of others": says(lambda: libc.process_vm_readv(os.getppid(), None, 0, None, 0, 0)),
        "old namespace": says(lambda: libc.setns(0, 0x40000000)),
        "x32": says(lambda: libc.syscall(0x40000000 + 41, socket.AF_INET, socket.SOCK_STREAM, 0)),
    },
}), flush=True)
os._exit(0)
"""
NO_NAMESPACES = ("unshare", "--user", "--map-root-user", "sh", "-c", 'echo 0 > /proc/sys/user/max_net_namespaces; "$@"')
"""Begins a process in a user namespace in which, by the kernel's own limit, no network namespace can be made."""


@pytest.fixture
def port() -> Iterator[int]:
    """A server on loopback that anyone could reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@dataclass(frozen=True, slots=True)
class Told:
    """What a child process found before and after it isolated itself."""

    before: bool
    answer: Isolation
    after: bool
    forked: bool
    thread: bool
    memory: str
    core: tuple[int, int]
    interfaces: tuple[str, ...]
    pair: str
    raw: dict[str, str]


def told(port: int, *words: str, begin: tuple[str, ...] = ()) -> Told:
    command = [*begin, *(("sh",) if begin else ()), sys.executable, "-W", "ignore", "-c", SCRIPT, str(port), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return msgspec.json.decode(done.stdout, type=Told)


@pytest.mark.parametrize("words", [(), ("nobody",)], ids=["root", "nobody"])
def test_an_isolated_process_reaches_not_even_loopback(port: int, words: tuple[str, ...]) -> None:
    found = told(port, *words)
    assert (found.before, found.answer, found.after, found.interfaces) == (True, Isolation.NETNS, False, ("lo",))


def test_neither_does_a_process_that_it_starts(port: int) -> None:
    assert not told(port).forked


@pytest.mark.parametrize("begin", [(), NO_NAMESPACES], ids=["namespace", "filter"])
def test_no_call_of_the_kernel_makes_or_connects_a_socket(port: int, begin: tuple[str, ...]) -> None:
    assert set(told(port, begin=begin).raw.items()) == {(call, "EPERM") for call in told(port).raw}


def test_where_no_namespace_can_be_made_a_filter_does(port: int) -> None:
    found = told(port, begin=NO_NAMESPACES)
    assert (found.before, found.answer, found.after, found.forked) == (True, Isolation.SECCOMP, False, False)
    assert len(found.interfaces) > 0


def test_threads_that_are_there_already_are_cut_off_too(port: int) -> None:
    found = told(port, "thread")
    assert (found.before, found.answer, found.after, found.thread) == (True, Isolation.SECCOMP, False, False)


@pytest.mark.parametrize("begin", [(), NO_NAMESPACES], ids=["namespace", "filter"])
def test_a_process_with_an_open_connection_does_not_call_itself_isolated(port: int, begin: tuple[str, ...]) -> None:
    assert told(port, "connected", begin=begin).answer is Isolation.NONE


def test_a_local_socket_that_was_open_already_goes_on_working(port: int) -> None:
    assert told(port).pair == "still"


def test_another_process_of_the_same_user_cannot_read_its_memory(port: int) -> None:
    assert told(port, "nobody").memory == "closed"


def test_neither_it_nor_what_it_starts_leaves_a_core_file(port: int) -> None:
    assert told(port).core == (0, 0)


SCRATCH = """
import os, signal, stat, subprocess, sys, tempfile
from pathlib import Path
from redaction.isolation import isolated

before = tempfile.gettempdir()
with isolated():
    place = Path(tempfile.gettempdir())
    with tempfile.NamedTemporaryFile() as file:
        assert Path(file.name).parent == place
    child = subprocess.run([sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"],
                           capture_output=True, text=True, check=True).stdout.strip()
    assert child == str(place)
    (place / "left").write_bytes(b"raw")
    print(place, oct(stat.S_IMODE(place.stat().st_mode)), flush=True)
    if "die" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)
assert tempfile.gettempdir() == before, "temporary files do not go where they went before"
assert not place.exists()
"""


def scratch(*words: str) -> tuple[str, str]:
    """Where a child's private folder was, and its mode."""
    done = subprocess.run(
        [sys.executable, "-c", SCRATCH, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == (-9 if words else 0), done.stderr
    place, mode = done.stdout.split()
    return place, mode


def test_temporary_files_lie_in_memory_in_a_private_folder_that_is_gone_afterwards() -> None:
    place, mode = scratch()
    assert (place.startswith("/dev/shm/"), mode, os.path.exists(place)) == (True, "0o700", False)  # noqa: PTH110, S108


def test_what_a_killed_process_left_goes_with_the_next_one() -> None:
    left, _ = scratch("die")
    assert os.path.exists(left)  # noqa: PTH110
    scratch()
    assert not os.path.exists(left)  # noqa: PTH110


def test_processes_that_begin_together_get_a_folder_each() -> None:
    ran = [subprocess.Popen([sys.executable, "-c", SCRATCH], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    places = {process.communicate(timeout=60)[0].split()[0] for process in ran}
    assert (len(places), {process.returncode for process in ran}) == (6, {0})


@pytest.mark.parametrize("kind", ["ext4", "nfs4", ""])
def test_where_no_memory_is_mounted_temporary_files_are_refused(tmp_path: Path, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 1 0:20 / / rw - {kind} /dev/vda1 rw\n" if kind else "")
    with private_scratch(tmp_path, mounts) as place:
        assert place is None
        with pytest.raises(FileNotFoundError):
            tempfile.mkdtemp()
    assert Path(tempfile.gettempdir()).is_dir()


def test_a_system_without_a_table_of_mounts_has_no_memory_to_write_to(tmp_path: Path) -> None:
    with private_scratch(tmp_path, tmp_path / "nothing") as place:
        assert place is None
