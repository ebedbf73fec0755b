"""What finds sensitive stretches in texts, as processes that are asked: texts enter, stretches and times leave.

    optin            the union of Optin's full list of detectors, as its examiner gives it
    optin-strict     what leaves of a session under the strict profile, which is exported (typed texts and titles only)
    presidio         presidio-analyzer as it comes, with spaCy's small English model
    openadapt        openadapt-privacy's own `scrub_text`
    detect-secrets   detect-secrets' `scan_line` with its default plugins
    none             nothing is found: what the measures say of the texts as they are
    all              everything is found

Each is one process on one core, with one thread for each library; the peers run in an environment of their own (`make
bench-text` makes it). A contender that fails ends the benchmark.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from benchmarks.text.worker import Found
from optin.scrubber import ONE_THREAD

ROOT: Final = Path(__file__).parents[2]
PEERS: Final = ROOT / ".venv" / "peers-text" / "bin" / "python"
OURS: Final = "optin"
STRICT: Final = "optin-strict"
THEIRS: Final = ("presidio", "openadapt", "detect-secrets")
NOTHING: Final = "none"
EVERYTHING: Final = "all"
ALL: Final = (STRICT, OURS, *THEIRS, NOTHING, EVERYTHING)
STANDARD: Final = "presidio"
"""The field's standard, against which ratios are given."""


class DidNotFind(RuntimeError):
    """A contender ended with an error; the message says which and with what code."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A process that answers, and the seconds until it had examined its first text."""

    name: str
    process: subprocess.Popen[str]
    words: IO[str]
    load_seconds: float = 0.0

    def spans(self, texts: Sequence[str]) -> list[list[Found]]:
        """What it finds in each text."""
        found: list[list[Found]] = self._ask({"texts": list(texts)})["spans"]
        return found

    def timed(self, singles: Sequence[str], titles: Sequence[str]) -> dict[str, Any]:
        """What it takes; `benchmarks.text.worker.timed` says what is measured."""
        return self._ask({"singles": list(singles), "titles": list(titles)})

    def close(self) -> None:
        """Ends the process."""
        self.process.communicate()
        self.words.close()

    def answer(self) -> dict[str, Any]:
        """The next answer; `DidNotFind` if the process ended instead."""
        line = self.process.stdout.readline() if self.process.stdout is not None else ""
        if not line:
            self.process.communicate()
            self.words.seek(0)
            failed = _failed(self.name, self.process.returncode, self.words.read())
            self.words.close()
            raise DidNotFind(failed)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        if self.process.stdin is not None:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        return self.answer()


def start(name: str) -> Contender:
    """The contender, ready, on one core."""
    return begin(name, (*_command(name), str(max(os.sched_getaffinity(0)))))


def begin(name: str, command: tuple[str, ...]) -> Contender:
    """The process of this command, once it has said that it is ready; `DidNotFind` if it ends instead."""
    words = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115  # the contender closes it
    begun = Contender(name, _start(command, words), words)
    return replace(begun, load_seconds=begun.answer()["load seconds"])


def nothing(texts: Sequence[str]) -> list[list[Found]]:
    """Finds nothing in any text."""
    return [[] for _ in texts]


def everything(texts: Sequence[str]) -> list[list[Found]]:
    """Finds all of each text."""
    return [[(0, len(text), "PII", 1.0)] for text in texts]


def evaluate(data: Path, numbers: Sequence[int], answers: Mapping[str, object]) -> dict[str, Any]:
    """What presidio's evaluator counts (`benchmarks/peers/text/evaluate.py`)."""
    process = _start((str(PEERS), "-m", "benchmarks.peers.text.evaluate"), subprocess.PIPE)
    request = {"data": str(data.resolve()), "numbers": list(numbers), "answers": answers}
    told, words = process.communicate(json.dumps(request))
    if process.returncode != 0:
        raise DidNotFind(_failed("the evaluator", process.returncode, words))
    counts: dict[str, Any] = json.loads(told)
    return counts


def is_there(name: str) -> bool:
    """Whether a contender is installed."""
    return name not in THEIRS or PEERS.exists()


def _failed(name: str, code: int, words: str) -> str:
    last = words.strip().splitlines()[-1:] or [""]
    return f"{name} ended with code {code}: {last[0]}"


def _start(command: tuple[str, ...], words: IO[str] | int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**_environment(), **ONE_THREAD},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        text=True,
    )


def _command(name: str) -> tuple[str, ...]:
    if name == OURS:
        return (sys.executable, "-m", "benchmarks.text.ours")
    return (str(PEERS), "-m", "benchmarks.peers.text.find", name)


def _environment() -> Mapping[str, str]:
    """What any programme needs, and nothing that names a package index."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
