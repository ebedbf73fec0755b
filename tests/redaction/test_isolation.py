"""A process that was isolated reaches no network any more, and what it says of that is true."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from redaction.redacted import Isolation

SCRIPT = """
import os, socket, sys, threading
from redaction.isolation import isolate

def reaches(family, address):
    with socket.socket(family) as probe:
        probe.settimeout(5)
        try:
            probe.connect(address)
        except OSError:
            return "cut"
    return "reached"

addresses = [(socket.AF_INET, ("127.0.0.1", int(sys.argv[1]))), (socket.AF_INET6, ("::1", int(sys.argv[1])))]
if "nobody" in sys.argv:
    os.setgroups([])
    os.setresgid(65534, 65534, 65534)
    os.setresuid(65534, 65534, 65534)
if "thread" in sys.argv:
    threading.Thread(target=threading.Event().wait, daemon=True).start()
before = reaches(*addresses[0])
answer = isolate().value
after = "reached" if "reached" in [reaches(*address) for address in addresses] else "cut"
child = os.fork()
if child == 0:
    os._exit(reaches(*addresses[0]) == "reached")
forked = "reached" if os.waitpid(child, 0)[1] else "cut"
try:
    open(f"/proc/{os.getpid()}/mem", "rb").close()
    memory = "readable"
except OSError:
    memory = "closed"
print(before, answer, after, forked, memory, len(socket.if_nameindex()), flush=True)
os._exit(0)
"""


@pytest.fixture
def port() -> Iterator[int]:
    """A server on loopback that anyone could reach."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@dataclass(frozen=True, slots=True)
class Told:
    """What a child process found before and after it isolated itself."""

    before: str
    answer: Isolation
    after: str
    forked: str
    memory: str
    interfaces: int


def told(port: int, *words: str) -> Told:
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT, str(port), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    before, answer, after, forked, memory, interfaces = done.stdout.split()
    return Told(before, Isolation(answer), after, forked, memory, int(interfaces))


@pytest.mark.parametrize("words", [(), ("nobody",)], ids=["root", "nobody"])
def test_an_isolated_process_reaches_not_even_loopback(port: int, words: tuple[str, ...]) -> None:
    found = told(port, *words)
    assert (found.before, found.answer, found.after, found.interfaces) == ("reached", Isolation.NETNS, "cut", 1)


def test_neither_does_a_process_that_it_starts(port: int) -> None:
    assert told(port).forked == "cut"


def test_a_process_that_has_threads_already_does_not_call_itself_isolated(port: int) -> None:
    assert told(port, "thread").answer is Isolation.NONE


def test_another_process_of_the_same_user_cannot_read_its_memory(port: int) -> None:
    assert told(port, "nobody").memory == "closed"
