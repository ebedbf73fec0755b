"""Takes the network from this process before it sees raw data, and says what was reached.

On Linux the process moves into a network namespace of its own, which has no way out, not even to loopback, and puts a
filter before all calls that make or connect a socket. Either is enough. It may have threads already (numpy starts some
when it is imported): the filter holds for all of them, while a namespace counts only if there is one. Without either,
or with a connection that is open already, the answer is `NONE`; the report says so and the gate refuses it.

From then on the process has no core file, others of the same user cannot read its memory, and with `isolated` its
temporary files lie in memory, in a folder of its own that goes with it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from redaction.redacted import Isolation
from redaction.scratch import private_scratch
from redaction.seccomp import SeccompMissing, refuse_sockets
from vault.process import hide_memory

_CLONE_NEWNET: Final = 0x40000000
_CLONE_NEWUSER: Final = 0x10000000
_RING: Final = "anon_inode:[io_uring]"


@contextmanager
def isolated() -> Iterator[Isolation]:
    """What `isolate` reached; temporary files go to a private folder in memory meanwhile. The network stays away."""
    with private_scratch():
        yield isolate()


def isolate() -> Isolation:
    """`NETNS` or `SECCOMP` if this process can reach no network from now on, `NONE` if the system does not let it."""
    if sys.platform != "linux":
        return Isolation.NONE
    hide_memory()
    _forgo_core_files()
    is_apart, is_filtered = _enters_namespace(), _filters_sockets()
    if _has_connection() or not (is_apart or is_filtered):
        return Isolation.NONE
    return Isolation.NETNS if is_apart else Isolation.SECCOMP


def _forgo_core_files() -> None:
    """No core file of this process nor of one that it starts, which the kernel would let others read again."""
    import resource  # there is no such module on Windows

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _enters_namespace() -> bool:
    """Whether the whole process is in a network namespace of its own now: another thread would keep its network."""
    if len(list(Path("/proc/self/task").iterdir())) > 1:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    if libc.unshare(flags) != 0 and libc.unshare(_CLONE_NEWNET | _CLONE_NEWUSER) != 0:
        return False
    return not _reaches_network()


def _reaches_network() -> bool:
    """Whether any interface but a dead loopback is here, or a connection to loopback leaves the socket."""
    try:
        if any(name != "lo" for _, name in socket.if_nameindex()):
            return True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.1", 9))
    except OSError:
        return False
    return True


def _filters_sockets() -> bool:
    """Whether the kernel refuses sockets to all threads of this process now; it is tried."""
    try:
        refuse_sockets()
    except SeccompMissing:
        return False
    return not any(_can_open(family) for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX))


def _can_open(family: socket.AddressFamily) -> bool:
    try:
        socket.socket(family, socket.SOCK_DGRAM).close()
    except PermissionError:
        return False
    return True


def _has_connection() -> bool:
    """Whether a descriptor is open that leads out: a socket that is not local, or a ring that could make one."""
    return any(_leads_out(int(entry.name)) for entry in Path("/proc/self/fd").iterdir())


def _leads_out(descriptor: int) -> bool:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return os.readlink(f"/proc/self/fd/{descriptor}") == _RING  # noqa: PTH115  # it is no path
        with socket.socket(fileno=os.dup(descriptor)) as link:
            return link.family != socket.AF_UNIX
    except OSError as error:
        if error.errno != errno.EBADF:  # the descriptor that listed the folder is closed by now
            raise
        return False
