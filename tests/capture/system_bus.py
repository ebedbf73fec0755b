"""A real D-Bus daemon of its own, with a service that answers as power-profiles-daemon and logind do.

The service runs in a thread, speaks through jeepney, and notes what it was asked. Everything ends with the context.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NEW: Final = "org.freedesktop.UPower.PowerProfiles"
OLD: Final = "net.hadess.PowerProfiles"
LOGIN: Final = "org.freedesktop.login1"

_CONFIG: Final = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path={folder}/bus</listen><auth>EXTERNAL</auth><servicedir>{folder}</servicedir>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="false"/>
<allow receive_sender="*"/></policy></busconfig>"""


_STARTABLE: Final = """[D-BUS Service]
Name={name}
Exec=/bin/touch {folder}/started
"""


class SystemBus:
    """A daemon; `address` is where it listens. Whoever makes it start the service `NEW` leaves the file `started`."""

    def __init__(self, folder: Path) -> None:
        self.started = folder / "started"
        self.address = f"unix:path={folder / 'bus'}"
        self._config = folder / "bus.conf"
        self._config.write_text(_CONFIG.format(folder=folder))
        (folder / f"{NEW}.service").write_text(_STARTABLE.format(name=NEW, folder=folder))
        self._process: subprocess.Popen[bytes] | None = None

    def start_service(self) -> None:
        """Starts the service as anybody does who asks it something; returns when it has begun."""
        end = time.monotonic() + 10
        with open_dbus_connection(self.address) as connection:
            connection.send(message_bus.StartServiceByName(NEW))
            while not self.started.exists() and time.monotonic() < end:
                time.sleep(0.01)

    def __enter__(self) -> Self:
        command = ("dbus-daemon", f"--config-file={self._config}", "--nofork", "--nosyslog", "--print-address")
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._process.stdout is not None
        assert self._process.stdout.readline()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def hang(self) -> None:
        """From now on it takes connections and answers nobody."""
        self._send(signal.SIGSTOP)

    def kill(self) -> None:
        """It is gone."""
        if self._process is not None and self._process.stdout is not None:
            self._send(signal.SIGKILL)
            self._process.wait(10)
            self._process.stdout.close()

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, number)


class Doorman:
    """Lets everybody in as a bus does, and then says nothing more."""

    def __init__(self, path: Path) -> None:
        self.address = f"unix:path={path}"
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen()
        self._guests: list[socket.socket] = []
        self._thread = threading.Thread(target=self._receive, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        for one in (*self._guests, self._socket):
            one.close()

    def _receive(self) -> None:
        while True:
            try:
                guest, _ = self._socket.accept()
            except OSError:  # the door was shut
                return
            self._guests.append(guest)
            guest.recv(1024)
            guest.sendall(b"OK 1234deadbeef1234deadbeef1234dead\r\n")


class Service:
    """Answers under some names; `profile` None: it never answers, and `refuses`: with an error."""

    def __init__(self, bus: SystemBus, *names: str, profile: object = "balanced", refuses: bool = False) -> None:
        self._connection: DBusConnection = open_dbus_connection(bus.address)
        self.profile, self._refuses = profile, refuses
        self.asked: list[str] = []
        self._over = False
        for name in names:
            self._connection.send_and_get_reply(message_bus.RequestName(name))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        self._thread.join(10)
        self._connection.close()

    def say_sleep(self, *body: object, signature: str = "b") -> None:
        """Tells of suspend as logind does, and returns when the bus has passed it on."""
        address = DBusAddress("/org/freedesktop/login1", bus_name=LOGIN, interface=f"{LOGIN}.Manager")
        self._connection.send(new_signal(address, "PrepareForSleep", signature, body))
        time.sleep(0.1)

    def _serve(self) -> None:
        while not self._over:
            try:
                message = self._connection.receive(timeout=0.05)
            except TimeoutError:
                continue
            except OSError:  # the bus was killed
                return
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message: Message) -> None:
        self.asked.append(str(message.header.fields[HeaderFields.destination]))
        if self._refuses:
            self._connection.send(new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "s", ("no",)))
        elif self.profile is not None:
            kind = "s" if isinstance(self.profile, str) else "i"
            self._connection.send(new_method_return(message, "v", ((kind, self.profile),)))
