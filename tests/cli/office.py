"""A home and the commands over it, each the real one in a process of its own; copies of a home stand alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from optin.home import PASSPHRASE_FD

PASSPHRASE: Final = "correct horse battery staple"
TASK: Final = "Write to Okonkwo"
TYPED: Final = "okonkwo 219 09 9999"
"""What is typed into the recorded program; nobody may see it afterwards."""
PATIENCE_SECONDS: Final = 120
ORDINARY: Final = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
"""Begins a command that is to run without root's privileges; one that has them may read every process's memory."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Office:
    """One home, with the environment that its commands get."""

    folder: Path
    environment: Mapping[str, str]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def tmp(self) -> Path:
        return self.folder / "tmp"

    def start(
        self, *arguments: str, passphrase: str | None = PASSPHRASE, under: tuple[str, ...] = ()
    ) -> subprocess.Popen[str]:
        """`optin ARGUMENTS` without a terminal, begun by `under`; without a passphrase it gets no descriptor either."""
        environment = {**self.environment, "OPTIN_HOME": str(self.home), "TMPDIR": str(self.tmp)}
        reading, writing = os.pipe()
        os.write(writing, f"{passphrase}\n".encode())
        os.close(writing)
        if passphrase is not None:
            environment[PASSPHRASE_FD] = str(reading)
        try:
            return subprocess.Popen(
                (*under, sys.executable, "-m", "optin", *arguments),
                env=environment,
                pass_fds=(reading,) if passphrase is not None else (),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        finally:
            os.close(reading)

    def run(self, *arguments: str, passphrase: str | None = PASSPHRASE, under: tuple[str, ...] = ()) -> Ran:
        """How `optin ARGUMENTS` ended, whatever its exit code."""
        with self.start(*arguments, passphrase=passphrase, under=under) as process:
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        return Ran(process.returncode, out, err)

    def done(self, *arguments: str) -> Ran:
        """The same, for a command that must succeed."""
        ran = self.run(*arguments)
        assert ran.code == 0, ran.err
        return ran

    def copy(self, folder: Path) -> Office:
        """A home of its own in the same state."""
        shutil.copytree(self.folder, folder)
        return Office(folder, self.environment)


def new_office(folder: Path, environment: Mapping[str, str]) -> Office:
    """A place for a home that is not made yet."""
    office = Office(folder, environment)
    office.tmp.mkdir(mode=0o700, parents=True)
    return office
