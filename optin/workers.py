"""Scrubs many files in processes of their own, each a file at a time; this process gives the results their names.

1. Through the pipes go numbers of files one way and counts the other. An answer is parsed and never unpickled: a
   hostile picture may have taken its worker over.
2. Only when a worker's counts have come does its part file get the output's name. What a worker that ends too early
   leaves is removed, its file counts as not examined, and another worker goes on.
3. However a run ends, its workers end before it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import secrets
import signal
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from optin.scrubber import ANSWERS, NUMBER, ONE_THREAD, Bench, Failed, Missing, Opener, Ready, Whole, Withheld, live
from redaction.isolation import isolated
from redaction.redacted import Isolation
from redaction.scrub import ScrubTools, give_name, make_room, new_part, scrub_file
from redaction.scrubbed import Dropped, NotExamined, Outcome, ScrubInput, ScrubReport
from vault.errors import BadInput, MissingPart

GRACE_SECONDS: Final = 5
"""How long a worker may clean up when it is told to end."""
LARGEST_ANSWER: Final = 1 << 16
"""Bytes of the longest answer that is taken from a worker."""

Step: TypeAlias = Callable[[int, int], None]


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def scrub_here(inputs: tuple[ScrubInput, ...], out: Path, *, opener: Opener) -> ScrubReport:
    """What came of the files, scrubbed one after another by this process, which then has no network any more."""
    os.environ.update(ONE_THREAD)
    with isolated() as isolation:
        stage = opener()
        outcomes = tuple((source, _scrubbed_here(source, out / source.name, stage)) for source in inputs)
    return ScrubReport(stage.facts, isolation.value, outcomes)


def scrub_apart(inputs: tuple[ScrubInput, ...], out: Path, *, opener: Opener, jobs: int, step: Step) -> ScrubReport:
    """What came of the files, scrubbed by up to `jobs` workers; there must be one file at least.

    `step` hears how many files are done, and how many there are. `MissingPart` if workers cannot open their tools.
    """
    work = _Run(inputs, out, opener, step)
    try:
        for _ in range(min(jobs, len(inputs))):
            work.begin_worker()
        while work.links:
            for link in wait(work.links):
                if isinstance(link, Connection):
                    work.hear(link)
    finally:
        work.end()
    return work.report()


def _scrubbed_here(source: ScrubInput, target: Path, stage: ScrubTools) -> Outcome:
    try:
        return scrub_file(source.path, target, stage=stage)
    except BadInput as error:
        return NotExamined(str(error))


@dataclass(slots=True)
class _Worker:
    """A worker, the mark of its part files, and the number of the file that it has."""

    process: BaseProcess
    mark: str
    number: int | None = None


class _Run:
    """One run: which files are left, who has which, and what came of the others."""

    def __init__(self, inputs: tuple[ScrubInput, ...], out: Path, opener: Opener, step: Step) -> None:
        self._inputs, self._out, self._opener, self._step = inputs, out, opener, step
        self._left = deque(range(len(inputs)))
        self._outcomes: dict[int, Outcome] = {}
        self._workers: dict[Connection, _Worker] = {}
        self._leaving: list[_Worker] = []
        self._ready: list[Ready] = []

    @property
    def links(self) -> tuple[Connection, ...]:
        """The pipes of the workers that have something to say yet."""
        return tuple(self._workers)

    def begin_worker(self) -> None:
        """Starts one more worker; it will say when it is ready."""
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        bench = Bench(there, self._inputs, self._out, secrets.token_hex(8))
        process = context.Process(target=live, args=(bench, self._opener), daemon=True)
        with there, _no_interrupts():
            process.start()
            self._workers[here] = _Worker(process, bench.mark)

    def hear(self, link: Connection) -> None:
        """Takes what a worker says, or that it has ended, and gives it something to do."""
        worker = self._workers[link]
        try:
            answer = ANSWERS.decode(link.recv_bytes(LARGEST_ANSWER))
        except (EOFError, OSError, msgspec.DecodeError, UnicodeDecodeError):
            return self._bury(link, worker)
        if isinstance(answer, Missing):
            raise MissingPart(answer.message)
        if isinstance(answer, Ready):
            self._ready.append(answer)
        elif worker.number is not None:
            self._settle(worker, worker.number, self._outcome(worker, worker.number, answer))
        return self._give(link, worker)

    def end(self) -> None:
        """Ends all workers and removes what they had not finished."""
        for link, worker in self._workers.items():
            link.close()
            worker.process.terminate()
        for worker in (*self._workers.values(), *self._leaving):
            _wait_for(worker)
            self._remove_part(worker)

    def report(self) -> ScrubReport:
        """What came of all files."""
        isolations = {ready.isolation for ready in self._ready}
        least = next(kind for kind in reversed(Isolation) if kind in isolations)
        outcomes = tuple((source, self._outcomes[number]) for number, source in enumerate(self._inputs))
        return ScrubReport(self._ready[0].facts, least.value, outcomes)

    def _give(self, link: Connection, worker: _Worker) -> None:
        """Gives the worker the next file that has a place for its output, or lets it go."""
        while self._left:
            number = self._left.popleft()
            try:
                make_room(self._target(number))
            except BadInput as error:
                self._settle(worker, number, NotExamined(str(error)))
                continue
            worker.number = number
            with contextlib.suppress(OSError):  # that it has ended will be heard
                link.send_bytes(number.to_bytes(NUMBER, "big"))
            return
        del self._workers[link]
        link.close()
        self._leaving.append(worker)

    def _outcome(self, worker: _Worker, number: int, answer: Whole | Withheld | Failed) -> Outcome:
        if isinstance(answer, Withheld):
            return Dropped(answer.level)
        if isinstance(answer, Failed):
            return NotExamined(answer.reason)
        target = self._target(number)
        try:
            give_name(new_part(target, worker.mark), target)
        except BadInput as error:
            return NotExamined(str(error))
        return answer.result

    def _bury(self, link: Connection, worker: _Worker) -> None:
        """Counts the file of a worker that ended as not examined, and has another worker go on."""
        del self._workers[link]
        link.close()
        _wait_for(worker)
        if worker.number is None:
            raise MissingPart("a process that examines files could not start; `optin doctor` checks what it needs")
        self._remove_part(worker)
        name = self._inputs[worker.number].name.name
        reason = f"{name} was not examined: {_ending(worker.process.exitcode)}"
        self._settle(worker, worker.number, NotExamined(reason))
        if self._left:
            self.begin_worker()

    def _settle(self, worker: _Worker, number: int, outcome: Outcome) -> None:
        self._outcomes[number] = outcome
        worker.number = None
        self._step(len(self._outcomes), len(self._inputs))

    def _remove_part(self, worker: _Worker) -> None:
        if worker.number is not None:
            new_part(self._target(worker.number), worker.mark).unlink(missing_ok=True)

    def _target(self, number: int) -> Path:
        return self._out / self._inputs[number].name


def _wait_for(worker: _Worker) -> None:
    """Waits until a worker has ended, which it is made to if it cannot."""
    worker.process.join(GRACE_SECONDS)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _ending(code: int | None) -> str:
    if code == -signal.SIGKILL:
        return "its process was killed, perhaps for want of memory; try --jobs 1, or cut it into parts"
    return "its process ended by a bug" if code == 1 else f"its process ended with code {code}"


@contextlib.contextmanager
def _no_interrupts() -> Iterator[None]:
    """Lets Ctrl+C come afterwards; a process that is started inside never gets it, since its parent ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would lift the block when it is started with the first process
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
