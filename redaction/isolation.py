"""Takes the network from this process before it sees raw data, and says what was reached.

On Linux the process moves into a network namespace of its own, which has no way out, not even to loopback. It must be
called before any thread is started (numpy starts some when it is imported): another thread would keep its network, so
then the answer is `NONE`. What was reached is written into the report; the gate refuses `none`.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from pathlib import Path
from typing import Final

from redaction.redacted import Isolation
from vault.process import hide_memory

_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWUSER: Final = 0x10000000


def isolate() -> Isolation:
    """`NETNS` if this process can reach no network from now on, `NONE` if the system does not let it."""
    if sys.platform != "linux":
        return Isolation.NONE
    hide_memory()
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        return Isolation.NONE
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    if libc.unshare(flags) != 0 and libc.unshare(_CLONE_NEWNET | _CLONE_NEWUSER) != 0:
        return Isolation.NONE
    return Isolation.NETNS if not _reaches_network() else Isolation.NONE


def _reaches_network() -> bool:
    """Whether any interface but a dead loopback is here, or a connection to loopback leaves the socket."""
    if any(name != "lo" for _, name in socket.if_nameindex()):
        return True
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("127.0.0.1", 9))
        except OSError:
            return False
    return True
