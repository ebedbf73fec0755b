"""Programs come in as argument lists and leave as processes that are ended by their own process group.

Each is started in a session of its own, with no input and no output, so that ending one never touches another.
A program that is not installed is an error that names the Debian package to install.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from vault.errors import MissingPart

T = TypeVar("T")

PACKAGES: Final = MappingProxyType(
    {
        "Xvfb": "xvfb",
        "openbox": "openbox",
        "dbus-daemon": "dbus",
        "at-spi-bus-launcher": "at-spi2-core",
        "chromium": "chromium",
        "mousepad": "mousepad",
    }
)
QUIET_BROWSER: Final = (
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--password-store=basic",
)
"""What keeps a browser to the one page that it is given: no services, no questions, no network of its own."""
# at-spi2-core installs its launcher outside PATH; the second place is the one of Debian 11 and of Fedora.
_ELSEWHERE: Final = ("/usr/libexec", "/usr/lib/at-spi2-core")
_POLL_SECONDS: Final = 0.05


class MissingProgram(MissingPart):
    """One or more programs that the demo needs are not installed; the message names their Debian packages."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        packages = " ".join(sorted({PACKAGES[name] for name in names}))
        super().__init__(f"Not installed: {', '.join(names)}. On Debian or Ubuntu: apt-get install {packages}")


class DidNotStart(RuntimeError):
    """A program ended, or did not answer, before it was ready."""


def find_programs(names: Sequence[str], *, path: str | None = None) -> Mapping[str, str]:
    """The full path of each named program; `path` replaces every place that is searched.

    Raises MissingProgram with all absent names at once.
    """
    places = path if path is not None else os.pathsep.join((os.environ.get("PATH", os.defpath), *_ELSEWHERE))
    found = {name: shutil.which(name, path=places) for name in names}
    missing = [name for name, place in found.items() if place is None]
    if missing:
        raise MissingProgram(missing)
    return {name: place for name, place in found.items() if place is not None}


def start_program(
    arguments: Sequence[str], *, environment: Mapping[str, str], pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """A process in a session and process group of its own, silent, with exactly the given environment."""
    return subprocess.Popen(  # the caller ends it with end_program
        list(arguments),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=tuple(pass_fds),
    )


def end_program(process: subprocess.Popen[bytes], *, patience_seconds: float = 3.0) -> None:
    """Ends the process and everything in its group: asked first, then killed."""
    _signal_group(process.pid, signal.SIGTERM)
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()
    _signal_group(process.pid, signal.SIGKILL)


def end_marked(marker: str) -> None:
    """Kills every process that inherited `marker`, an environment entry such as XDG_RUNTIME_DIR=/a/private/folder.

    Programs that a bus activates are nobody's child any more, so the private entry is what tells that they are ours.
    """
    deadline = time.monotonic() + 5.0
    while (left := marked_processes(marker)) and time.monotonic() < deadline:
        for pid in left:
            _signal(pid, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def marked_processes(marker: str) -> tuple[int, ...]:
    """The ids of the living processes of this user whose environment holds `marker`, this process left out."""
    wanted = marker.encode()
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return tuple(pid for pid in pids if pid != os.getpid() and wanted in _environment_of(pid))


def wait_until(
    probe: Callable[[], T | None], *, what: str, seconds: float = 15.0, process: subprocess.Popen[bytes] | None = None
) -> T:
    """The first answer of `probe` that is not None; DidNotStart when it stays away or the process ends."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = probe()
        if answer is not None:
            return answer
        if process is not None and process.poll() is not None:
            raise DidNotStart(f"{what} ended at once with code {process.returncode}. Start it by hand to see why.")
        time.sleep(_POLL_SECONDS)
    raise DidNotStart(f"{what} was not ready after {seconds:.0f} s. Is the machine very busy?")


def _environment_of(pid: int) -> frozenset[bytes]:
    try:
        return frozenset(Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"))
    except (FileNotFoundError, PermissionError, ProcessLookupError):  # it ended meanwhile, or is another user's
        return frozenset()


def _signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:  # the whole group is gone, which is what was wanted
        return


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:  # it ended by itself
        return
