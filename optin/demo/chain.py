"""The demo's chain of commands: each stage is the real command in a process of its own, as a person would run it.

The passphrase of the demo's keys is made anew, lives in this process's memory and reaches each command through a pipe.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from optin.home import PASSPHRASE_FD
from vault.errors import OptinError

_STOP_SECONDS: Final = 15
_START_SECONDS: Final = 20


class StageFailed(OptinError):
    """A command of the chain ended with an error; its own words say why."""


@dataclass(slots=True)
class Chain:
    """Runs commands over one home, and keeps what they print and how long they take."""

    folder: Path
    environment: Mapping[str, str]
    seconds: dict[str, float] = field(default_factory=dict)
    _passphrase: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def __post_init__(self) -> None:
        for name in ("home", "tmp", "logs"):
            (self.folder / name).mkdir(mode=0o700, parents=True)

    def optin(self, stage: str, *arguments: str) -> str:
        """What `optin ARGUMENTS` printed; `StageFailed` with its words if it failed."""
        return self._finished(stage, self.start(stage, "optin", *arguments))

    def start(self, stage: str, module: str, *arguments: str) -> subprocess.Popen[str]:
        """A process of `python -m MODULE ARGUMENTS` with the passphrase behind a descriptor."""
        reading, writing = os.pipe()
        os.write(writing, f"{self._passphrase}\n".encode())
        os.close(writing)
        try:
            with (self.folder / "logs" / f"{stage}.err").open("w", encoding="utf-8") as words:
                return subprocess.Popen(
                    (sys.executable, "-m", module, *arguments),
                    env=self._environment(reading),
                    pass_fds=(reading,),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=words,
                    text=True,
                )
        finally:
            os.close(reading)

    def finish(self, stage: str, process: subprocess.Popen[str]) -> Any:  # noqa: ANN401  # JSON
        """The JSON that a started process printed; `StageFailed` if it failed."""
        return json.loads(self._finished(stage, process))

    @contextmanager
    def recording(self) -> Iterator[str]:
        """Records while the body runs; gives the session's id, and ends the recorder by SIGTERM."""
        process = self.start("record", "optin", "record", "--seconds", "300", "--task", "Open the report", "--json")
        try:
            session = str(json.loads(self._first_line(process))["session"])
            yield session
            process.send_signal(signal.SIGTERM)
            self._finished("record", process, seconds=_STOP_SECONDS)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def _first_line(self, process: subprocess.Popen[str]) -> str:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            self._finished("record", process, seconds=_START_SECONDS)
            raise StageFailed("the recorder ended before it began")
        return line

    def _finished(self, stage: str, process: subprocess.Popen[str], seconds: float = 600) -> str:
        began = time.monotonic()
        printed, _ = process.communicate(timeout=seconds)
        (self.folder / "logs" / f"{stage}.out").write_text(printed, encoding="utf-8")
        self.seconds[stage] = self.seconds.get(stage, 0) + time.monotonic() - began
        if process.returncode != 0:
            words = (self.folder / "logs" / f"{stage}.err").read_text(encoding="utf-8").strip()
            raise StageFailed(f"stage '{stage}' ended with exit code {process.returncode}: {words}")
        return printed

    def _environment(self, descriptor: int) -> dict[str, str]:
        own = {
            "OPTIN_HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            PASSPHRASE_FD: str(descriptor),
            "OMP_THREAD_LIMIT": "1",
        }
        return {**self.environment, **own}
