"""A filter in the Linux kernel that takes all sockets from this process, its threads and whatever it starts, for good.

Nothing enters; from then on no socket of any family can be made, connected or given another address, and ways round
that are closed: io_uring, other processes' memory and descriptors, other namespaces, mounts, and the kernel's own
look-ups. Open descriptors go on working, and so do pairs of local sockets. It needs no privilege, and the process can
gain none afterwards. On other systems and processors than those below it raises.

Numbers are those of <asm/unistd_64.h> (x86_64) and <asm-generic/unistd.h> (aarch64); forms those of seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from vault.errors import MissingPart

_LOAD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_AT_LEAST: Final = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K
_ALLOW: Final = 0x7FFF0000  # SECCOMP_RET_ALLOW
_DENY: Final = 0x00050000 | errno.EPERM  # SECCOMP_RET_ERRNO
_NUMBER_AT, _PROCESSOR_AT, _ARGUMENTS_AT = 0, 4, 16  # struct seccomp_data
_X32: Final = 0x40000000
"""Calls from this number on are those of the x32 interface, which would pass by the numbers below."""
_AF_UNIX: Final = 1
_SET_MODE_FILTER: Final = 1
_ALL_THREADS: Final = 1  # SECCOMP_FILTER_FLAG_TSYNC
_NO_NEW_PRIVILEGES: Final = 38  # PR_SET_NO_NEW_PRIVS


class SeccompMissing(MissingPart):
    """This system has no such filter for this process; its sockets are as they were."""


@dataclass(frozen=True, slots=True)
class Processor:
    """A processor's name for the kernel, and the numbers of its calls."""

    audit: int
    seccomp: int
    socketpair: int
    sendto: int
    denied: tuple[int, ...]


PROCESSORS: Final = MappingProxyType(
    {
        "x86_64": Processor(
            audit=0xC000003E,
            seccomp=317,
            socketpair=53,
            sendto=44,
            denied=(
                *(41, 42, 46, 49, 307),  # socket, connect, sendmsg, bind, sendmmsg
                *(425, 426, 427),  # io_uring_setup, io_uring_enter, io_uring_register
                *(101, 310, 311, 438),  # ptrace, process_vm_readv, process_vm_writev, pidfd_getfd
                *(308, 165, 430, 321, 298),  # setns, mount, fsopen, bpf, perf_event_open
                *(248, 249, 250),  # add_key, request_key, keyctl: a key can be a name that the kernel looks up
            ),
        ),
        "aarch64": Processor(
            audit=0xC00000B7,
            seccomp=277,
            socketpair=199,
            sendto=206,
            denied=(
                *(198, 203, 211, 200, 269),
                *(425, 426, 427),
                *(117, 270, 271, 438),
                *(268, 40, 430, 280, 241),
                *(217, 218, 219),
            ),
        ),
    }
)
"""Calls that are denied stand in the same order for both."""


class Instruction(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(Instruction)))


def refuse_sockets() -> None:
    """Takes all sockets from this process; `SeccompMissing` if the system does not let it."""
    processor = PROCESSORS.get(platform.machine())
    if sys.platform != "linux" or sys.byteorder != "little" or struct.calcsize("P") != 8 or processor is None:
        raise SeccompMissing("this system has no filter for a process's sockets that is known here")
    filtered = tuple(filter_of(processor))
    program = _Program(len(filtered), (Instruction * len(filtered))(*filtered))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise SeccompMissing("this system does not let a process give up its privileges")
    libc.syscall.restype = ctypes.c_long
    asked = (ctypes.c_long(processor.seccomp), ctypes.c_long(_SET_MODE_FILTER), ctypes.c_long(_ALL_THREADS))
    if libc.syscall(*asked, ctypes.byref(program)) != 0:
        raise SeccompMissing(f"this system refuses a filter for sockets: {os.strerror(ctypes.get_errno())}")


def filter_of(processor: Processor) -> Iterator[Instruction]:
    """The filter's program; what it does not name is allowed."""
    yield Instruction(_LOAD, 0, 0, _PROCESSOR_AT)
    yield from (Instruction(_EQUAL, 1, 0, processor.audit), Instruction(_RETURN, 0, 0, _DENY))
    yield Instruction(_LOAD, 0, 0, _NUMBER_AT)
    yield from (Instruction(_AT_LEAST, 0, 1, _X32), Instruction(_RETURN, 0, 0, _DENY))
    for number in processor.denied:
        yield from (Instruction(_EQUAL, 0, 1, number), Instruction(_RETURN, 0, 0, _DENY))
    yield from _only(processor.socketpair, ((0, _AF_UNIX),))
    yield from _only(processor.sendto, ((8, 0), (9, 0)))
    yield Instruction(_RETURN, 0, 0, _ALLOW)


def _only(number: int, halves: tuple[tuple[int, int], ...]) -> Iterator[Instruction]:
    """Allows one call only with these values; each is the low or high half of an argument, counted in halves."""
    yield Instruction(_EQUAL, 0, 3 * len(halves) + 1, number)
    for half, value in halves:
        yield Instruction(_LOAD, 0, 0, _ARGUMENTS_AT + 4 * half)
        yield from (Instruction(_EQUAL, 1, 0, value), Instruction(_RETURN, 0, 0, _DENY))
    yield Instruction(_RETURN, 0, 0, _ALLOW)
