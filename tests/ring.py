"""A real keyring of a desktop for tests: a message bus and GNOME's keyring daemon of their own, in one folder.

    with Ring(folder) as ring: ... ring.environment ...

Nothing of the person who runs the tests is touched: bus, home and keyring lie in the folder, and both processes end
with the context.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

import secretstorage
from jeepney import DBusAddress, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from secretstorage.util import add_match_rules

PASSWORD: Final = b"the password of the desktop"
_PATIENCE_SECONDS: Final = 20.0
_BUS: Final = "DBUS_SESSION_BUS_ADDRESS"
_CONFIGURATION: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type><listen>{address}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


class Ring:
    """The bus and the daemon; without `daemon` there is only a bus, which starts none. `bus` is one that is there."""

    def __init__(self, folder: Path, *, daemon: bool = True, bus: str = "") -> None:
        self._folder = folder
        self._with_daemon = daemon
        self._ends = ExitStack()
        self._daemon: subprocess.Popen[bytes] | None = None
        self._has_own_bus = not bus
        self.environment = {_BUS: bus or f"unix:path={folder}/bus"}
        """What a program needs to find this keyring and no other."""

    def __enter__(self) -> Ring:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._ends:
            if self._has_own_bus:
                self._start_bus()
            if self._with_daemon:
                self._start_daemon()
            self._ends = self._ends.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.close()

    def items(self) -> tuple[str, ...]:
        """The user names of the items of our service, sorted."""
        with self._collection() as collection:
            found = collection.search_items({"service": "optin"})
            return tuple(sorted(item.get_attributes()["username"] for item in found))

    def lock(self) -> None:
        """Locks the keyring, as a screen lock or a log-out does."""
        with self._collection() as collection:
            collection.lock()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The daemon is there and does not answer."""
        assert self._daemon is not None
        self._daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._daemon.send_signal(signal.SIGCONT)

    def make_session_default(self) -> None:
        """Points the default at the collection that is kept in memory only."""
        service = DBusAddress("/org/freedesktop/secrets", "org.freedesktop.secrets", "org.freedesktop.Secret.Service")
        session = "/org/freedesktop/secrets/collection/session"
        with closing(_connect(self.environment[_BUS])) as bus:
            bus.send_and_get_reply(new_method_call(service, "SetAlias", "so", ("default", session)))

    def take(self, name: str) -> str:
        """Deletes an item behind our back; its value."""
        with self._collection() as collection:
            item = next(iter(collection.search_items({"service": "optin", "username": name})))
            value = item.get_secret().decode()
            item.delete()
            return value

    def look(self, name: str) -> str:
        """An item's value."""
        with self._collection() as collection:
            item = next(iter(collection.search_items({"service": "optin", "username": name})))
            return bytes(item.get_secret()).decode()

    def unlock(self) -> None:
        """Unlocks the keyring as logging in anew does: a new daemon, given the password."""
        assert self._daemon is not None
        _end(self._daemon)
        self._start_daemon()

    def put(self, name: str, value: str) -> None:
        """Makes an item behind our back."""
        with self._collection() as collection:
            collection.create_item(name, {"service": "optin", "username": name}, value.encode(), replace=True)

    def _start_bus(self) -> None:
        configuration = self._folder / "bus.conf"
        configuration.write_text(_CONFIGURATION.format(address=self.environment[_BUS]), encoding="utf-8")
        self._start("dbus-daemon", f"--config-file={configuration}", "--nofork", "--nopidfile", "--nosyslog")
        _until((self._folder / "bus").exists)

    def _start_daemon(self) -> None:
        self._daemon = daemon = self._start("gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets")
        assert daemon.stdin is not None
        daemon.stdin.write(PASSWORD)
        daemon.stdin.close()
        _until(self._is_ready)

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        home = {"HOME": str(self._folder), "XDG_RUNTIME_DIR": str(self._folder)}
        process = subprocess.Popen(
            command,
            env={"PATH": os.environ["PATH"], **home, **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ends.callback(_end, process)
        return process

    def _is_ready(self) -> bool:
        with closing(_connect(self.environment[_BUS])) as bus:
            if Proxy(message_bus, bus).NameHasOwner("org.freedesktop.secrets") != (1,):
                return False  # a call would make the bus start a daemon that knows no password
            try:
                return not secretstorage.get_collection_by_alias(bus, "default").is_locked()
            except secretstorage.SecretStorageException:
                return False

    @contextmanager
    def _collection(self) -> Iterator[secretstorage.Collection]:
        with closing(_connect(self.environment[_BUS])) as bus:
            yield secretstorage.get_collection_by_alias(bus, "default")


def _connect(address: str) -> DBusConnection:
    bus = open_dbus_connection(address)
    add_match_rules(bus)
    return bus


def _until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not ready():
        assert time.monotonic() < deadline, "the keyring of the test did not start"
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()
    process.terminate()
    process.wait(timeout=10)
