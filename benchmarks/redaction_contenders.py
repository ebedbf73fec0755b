"""The redactors that are measured: a folder of screens and the name of one enter, masked screens and times leave.

    optin              the strict profile from pixels alone (`benchmarks/redaction_ours.py`)
    optin-tree         the same, told of the widgets by the accessibility tree
    optin-verified     from pixels alone, with a second engine that looks again
    optin-full         both
    optin-balanced     the balanced profile: detectors decide, both engines read; never exported
    presidio           presidio-image-redactor as it comes, with spaCy's small model
    presidio-tuned     the same with its own preprocessor for faint text (`benchmarks/peers/redaction/redact.py`)
    openadapt          openadapt-privacy's own `scrub_image`, as its documents show it
    none               nothing is masked: what the measures say of the screens as they are

Each is one process on one core that reads pictures and writes pictures. The peers run in an environment of their own
(`make bench-redaction` makes it). A contender that fails as a whole ends the benchmark; one that refuses a screen gave
nothing out there, which is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.redaction_ours import Variant
from optin.scrubber import ONE_THREAD

ROOT: Final = Path(__file__).parents[1]
PEERS: Final = ROOT / ".venv" / "peers-redaction" / "bin" / "python"
OURS: Final = tuple(str(one) for one in Variant)
THEIRS: Final = ("presidio", "presidio-tuned", "openadapt")
NOTHING: Final = "none"
"""The screens as they are: what the measures say when nothing is redacted."""
STANDARD: Final = "presidio"
"""The field's standard, against which ratios are given."""


class DidNotRedact(RuntimeError):
    """A contender ended with an error; the message says which and with what code."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What one screen took, by the clock and in processor time with that of children, and whether it was dropped."""

    name: str
    seconds: float
    cpu: float
    dropped: bool


@dataclass(frozen=True, slots=True)
class Running:
    """A contender at work on some of the screens."""

    contender: str
    process: subprocess.Popen[str]

    def times(self) -> tuple[Timed, ...]:
        """What each screen took, when it has ended; `DidNotRedact` if it failed."""
        told, words = self.process.communicate()
        if self.process.returncode != 0:
            last = words.strip().splitlines()[-1:] or [""]
            raise DidNotRedact(f"{self.contender} ended with code {self.process.returncode}: {last[0]}")
        return tuple(Timed(**json.loads(line)) for line in told.splitlines() if line.startswith("{"))


def redact(
    contender: str, screens: Path, out: Path, *, names: Sequence[str], jobs: int = 1, keeping: bool = False
) -> tuple[Timed, ...]:
    """Lets the contender work through these pictures, in `jobs` processes of one core each."""
    out.mkdir(parents=True, exist_ok=True)
    cores = sorted(os.sched_getaffinity(0))
    shares = [names[job::jobs] for job in range(jobs)]
    running = [
        start(contender, screens, out, names=share, core=cores[-1 - job % len(cores)], keeping=keeping)
        for job, share in enumerate(shares)
        if share
    ]
    return tuple(sorted((time for one in running for time in one.times()), key=lambda time: names.index(time.name)))


def start(contender: str, screens: Path, out: Path, *, names: Sequence[str], core: int, keeping: bool) -> Running:
    """The contender's process, started, on one core."""
    command = [*_command(contender), str(screens), str(out), "--core", str(core), *(["--keeping"] if keeping else [])]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**_environment(), **ONE_THREAD},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    _tell(process, names)
    return Running(contender, process)


def is_there(contender: str) -> bool:
    """Whether a contender is installed."""
    return contender in {*OURS, NOTHING} or PEERS.exists()


def _tell(process: subprocess.Popen[str], names: Sequence[str]) -> None:
    if process.stdin is not None:
        process.stdin.write("\n".join(names))
        process.stdin.close()
        process.stdin = None


def _command(contender: str) -> tuple[str, ...]:
    if contender in OURS:
        return (sys.executable, "-m", "benchmarks.redaction_ours", contender)
    return (str(PEERS), str(ROOT / "benchmarks" / "peers" / "redaction" / "redact.py"), contender)


def _environment() -> Mapping[str, str]:
    """What any programme needs, and nothing that names a package index."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR") if name in os.environ}
