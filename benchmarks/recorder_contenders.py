"""The recorders that are measured, each started and ended as a person would, below a keeper that counts what they cost.

    optin        init, consent, allow, then `optin record --seconds N`; the queue is sealed
    openadapt    openadapt-capture's own `capture record FOLDER`, as it comes; ended by Ctrl+C
    naive        benchmarks/peers/naive.py: pynput, mss and a PNG for each action; ended by Ctrl+C

The last two run in the environment of the peers (`make bench-recorder` makes it).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from benchmarks.recorder_cost import folder_size
from benchmarks.recorder_desk import EDITOR, HOST
from benchmarks.recorder_read import Recorded, read_naive, read_openadapt, recorded
from optin.demo.chain import Chain

ROOT: Final = Path(__file__).parents[1]
PEERS: Final = ROOT / ".venv" / "peers" / "bin"
_KEEPER: Final = "benchmarks.recorder_cost"
_PATIENCE_SECONDS: Final = 300
_SOURCES: Final = ("pointer", "keys", "screen", "widgets")


class DidNotRecord(RuntimeError):
    """A recorder did not start, or ended with an error; the message says which and with what code."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a recording left: the whole tree's processor time from start to end, bytes on disk, and what was kept.

    `ending_seconds` is how long it took from being told to stop until all of its processes were gone.
    """

    cpu_seconds: float
    disk: int
    ending_seconds: float
    recorded: Recorded


class Running(Protocol):
    """A recording that has begun."""

    @property
    def keeper(self) -> int:
        """The process below which the recorder's tree is."""
        ...

    def end(self) -> Ended:
        """Ends it, and reads what it kept; `DidNotRecord` if it failed."""
        ...


@dataclass(slots=True)
class _Optin:
    chain: Chain
    process: subprocess.Popen[str]
    session: str
    before: int

    @property
    def keeper(self) -> int:
        return self.process.pid

    def end(self) -> Ended:
        began = time.monotonic()
        for child in _children(self.process.pid):
            os.kill(child, signal.SIGTERM)
        cpu = _finished("optin", self.process, self.chain.folder / "told.json")
        seconds = time.monotonic() - began
        disk = folder_size(self.chain.folder / "home" / "queue") - self.before
        read = self.chain.finish("read", self.chain.start("read", "benchmarks.recorder_read", self.session))
        return Ended(cpu, disk, seconds, recorded(read))


@dataclass(slots=True)
class _Peer:
    name: str
    folder: Path
    process: subprocess.Popen[str]
    read: Callable[[Path], Recorded]
    told: Path = field(init=False)

    def __post_init__(self) -> None:
        self.told = self.folder.with_suffix(".told")

    @property
    def keeper(self) -> int:
        return self.process.pid

    def end(self) -> Ended:
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)  # as Ctrl+C in a terminal does
        cpu = _finished(self.name, self.process, self.told)
        return Ended(cpu, folder_size(self.folder), time.monotonic() - began, self.read(self.folder))


def start_optin(folder: Path, environment: Mapping[str, str]) -> Running:
    """A home is made and the desk's programs are allowed; then the recorder runs."""
    chain = Chain(folder, {**environment, "PYTHONPATH": str(ROOT)})
    chain.optin("init", "init", "--solo")
    ticks = [part for source in _SOURCES for part in ("--source", source)]
    chain.optin("consent", "consent", "grant", "--purpose", "agent-training", *ticks)
    chain.optin("allow", "allow", "app", EDITOR)
    chain.optin("allow", "allow", "url", f"{HOST}:*")
    queue = folder / "home" / "queue"
    before = folder_size(queue) if queue.exists() else 0
    command = (sys.executable, "-m", "optin", "record", "--seconds", "7200", "--json")
    process = chain.start("record", _KEEPER, str(folder / "told.json"), *command)
    line = _line(process, "optin", '{"state": "recording"')
    return _Optin(chain, process, str(json.loads(line)["session"]), before)


def start_openadapt(folder: Path, environment: Mapping[str, str]) -> Running:
    """As its own words tell to start it."""
    process = _peer(folder, environment, str(PEERS / "capture"), "record", str(folder))
    _line(process, "openadapt", "Capture session:")
    return _Peer("openadapt", folder, process, read_openadapt)


def start_naive(folder: Path, environment: Mapping[str, str]) -> Running:
    """The plain recorder."""
    program = str(ROOT / "benchmarks" / "peers" / "naive.py")
    process = _peer(folder, environment, str(PEERS / "python"), program, str(folder))
    _line(process, "naive", "ready")
    return _Peer("naive", folder, process, read_naive)


CONTENDERS: Final[Mapping[str, Callable[[Path, Mapping[str, str]], Running]]] = {
    "optin": start_optin,
    "openadapt": start_openadapt,
    "naive": start_naive,
}


def _peer(folder: Path, environment: Mapping[str, str], *command: str) -> subprocess.Popen[str]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".err").open("w", encoding="utf-8") as words:
        return subprocess.Popen(
            (sys.executable, "-m", _KEEPER, str(folder.with_suffix(".told")), *command),
            cwd=ROOT,
            env={**environment, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            start_new_session=True,
        )


def _line(process: subprocess.Popen[str], name: str, beginning: str) -> str:
    """The first line that begins so; a recorder that ends before it has failed."""
    for line in process.stdout or ():
        if line.startswith(beginning):
            return line
    raise DidNotRecord(f"{name} ended with code {process.wait()} before it recorded")


def _finished(name: str, process: subprocess.Popen[str], told: Path) -> float:
    """Processor seconds of the whole tree."""
    try:
        process.communicate(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        while process.poll() is None:  # its keeper gets what its children leave behind, and ends after all of them
            with suppress(FileNotFoundError, ProcessLookupError):
                for child in _children(process.pid):
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.1)
        raise DidNotRecord(f"{name} had not ended {_PATIENCE_SECONDS} seconds after it was told to") from None
    facts = json.loads(told.read_text(encoding="utf-8"))
    if facts["code"] != 0:
        raise DidNotRecord(f"{name} ended with code {facts['code']}")
    return float(facts["cpu_seconds"])


def _children(pid: int) -> tuple[int, ...]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return tuple(int(child) for child in text.split())
