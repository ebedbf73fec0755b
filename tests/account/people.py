"""Unprivileged users without names, each with a private folder, who run the real commands in processes of their own.

A checkout or a Python in a folder that such users may not enter is laid open to them in a mount namespace of the
process, at the same path; nothing of the machine changes.
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from optin.home import PASSPHRASE_FD
from tests.cli.office import PATIENCE_SECONDS, Ran

EMPLOYEE: Final = 64001
REDACTOR: Final = 64002
STRANGER: Final = 64003
ROOT: Final = Path(__file__).parents[2]
PASSPHRASE: Final = "correct horse battery staple"
REDACTORS_PASSPHRASE: Final = "another stable of horses"


@dataclass(frozen=True, slots=True)
class Person:
    """A user of this number, whose private folder holds a home."""

    uid: int
    folder: Path
    passphrase: str = PASSPHRASE

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A Python of this user's, under a umask that keeps nothing private by itself; not waited for."""
        reading, writing = os.pipe()
        os.write(writing, f"{self.passphrase}\n".encode())
        os.close(writing)
        try:
            return subprocess.Popen(
                (*become(self.uid), sys.executable, *arguments),
                cwd=ROOT,
                env=self._environment() | {PASSPHRASE_FD: str(reading)},
                pass_fds=(reading,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                umask=0,
            )
        finally:
            os.close(reading)

    def python(self, *arguments: str) -> Ran:
        """How a Python of this user's ended."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=PATIENCE_SECONDS)
        return Ran(process.returncode, out, err)

    def optin(self, *arguments: str) -> Ran:
        """How `optin ARGUMENTS` ended."""
        return self.python("-m", "optin", *arguments)

    def done(self, *arguments: str) -> Ran:
        """The same, for a command that must succeed."""
        ran = self.optin(*arguments)
        assert ran.code == 0, ran.err
        return ran

    def ask(self, question: str, *arguments: str) -> Ran:
        """How a function of `tests.account.questions` ended, called with these words in a process of this user's."""
        ran = self.python("-m", "tests.account.questions", question, *arguments)
        assert ran.code == 0, ran.err
        return ran

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
        own = {"OPTIN_HOME": str(self.home), "TMPDIR": str(self.folder), "HOME": str(self.folder)}
        return {**kept, **own, "LANG": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def new_person(uid: int, folder: Path, passphrase: str = PASSPHRASE) -> Person:
    """A user with a private folder below this one."""
    own = folder / str(uid)
    own.mkdir(mode=0o700)
    os.chown(own, uid, uid)
    return Person(uid, own, passphrase)


def become(uid: int) -> tuple[str, ...]:
    """Begins a command that runs as this user, without a name, a group, a privilege or a way to get one."""
    person = (
        *("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"),
        *("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs", "--"),
    )
    script = _opening_script()
    return ("unshare", "--mount", "--propagation", "private", "sh", "-ec", script, "sh", *person) if script else person


@cache
def _opening_script() -> str:
    """Shell commands that lay open what a Python of another user needs, empty where nothing is closed."""
    needed = {ROOT, Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    closed: dict[Path, list[Path]] = {}
    for path in sorted(needed):
        above = next((part for part in reversed((path, *path.parents)) if not _may_enter(part)), None)
        if above is not None:
            closed.setdefault(above, []).extend(path.iterdir() if above == path else [path])
    lines = [line for above, paths in closed.items() for line in _opened(above, paths)]
    return "\n".join(("before=$(umask)", "umask 022", *lines, 'umask "$before"', 'exec "$@"')) if lines else ""


def _may_enter(folder: Path) -> bool:
    return bool(folder.stat().st_mode & stat.S_IXOTH)


def _opened(above: Path, paths: list[Path]) -> Iterator[str]:
    """Covers the closed folder with an empty one that holds only these paths."""
    hold, cover = "/mnt", shlex.quote(str(above))
    yield f"mount -t tmpfs -o mode=755 hold {hold}"
    for number, path in enumerate(paths):
        yield f"{'mkdir' if path.is_dir() else 'touch'} {hold}/{number}"
        yield f"mount --bind {shlex.quote(str(path))} {hold}/{number}"
    yield f"mount -t tmpfs -o mode=755 open {cover}"
    for number, path in enumerate(paths):
        place = shlex.quote(str(path))
        yield f"mkdir -p {place}" if path.is_dir() else f"touch {place}"
        yield f"mount --bind {hold}/{number} {place}"
