"""Homes of the command line at every stage, for tests: each is made by the real commands, and copies stand alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from optin.demo.chain import Chain
from optin.demo.hand import Hand

PASSPHRASE: Final = "correct horse battery staple"
TASK: Final = "Write to Okonkwo"
TYPED: Final = "okonkwo 219 09 9999"
"""What is typed into the recorded program; nobody may see it afterwards."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Office:
    """One home, and the commands over it."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def run(self, *arguments: str, passphrase: str = PASSPHRASE) -> Ran:
        """`optin ARGUMENTS` with the passphrase behind a descriptor."""
        logs = Path(str(self.folder / "chain"))
        shutil.rmtree(logs, ignore_errors=True)
        chain = Chain(logs, {**self.environment}, _passphrase=passphrase)
        (logs / "home").rmdir()
        (logs / "home").symlink_to(self.home)
        process = chain.start("tried", "optin", *arguments)
        out, _ = process.communicate(timeout=120)
        return Ran(process.returncode, out, (logs / "logs" / "tried.err").read_text(encoding="utf-8"))
