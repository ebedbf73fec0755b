"""What the filter says of each call, on each processor that it knows: the program is run here as the kernel runs it."""

from __future__ import annotations

import struct
from typing import Final

import pytest

from redaction.seccomp import PROCESSORS, filter_of

ALLOWED: Final = 0x7FFF0000
REFUSED: Final = 0x00050001
"""SECCOMP_RET_ERRNO with EPERM."""
NUMBERS: Final = {
    "x86_64": {
        "read": 0, "write": 1, "openat": 257, "mmap": 9, "clone": 56, "execve": 59, "recvmsg": 47, "recvfrom": 45,
        "socket": 41, "connect": 42, "sendto": 44, "sendmsg": 46, "bind": 49, "socketpair": 53, "ptrace": 101,
        "mount": 165, "add_key": 248, "request_key": 249, "keyctl": 250, "perf_event_open": 298, "sendmmsg": 307,
        "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "bpf": 321, "io_uring_setup": 425,
        "io_uring_enter": 426, "io_uring_register": 427, "fsopen": 430, "pidfd_getfd": 438,
    },
    "aarch64": {
        "read": 63, "write": 64, "openat": 56, "mmap": 222, "clone": 220, "execve": 221, "recvmsg": 212,
        "recvfrom": 207, "socket": 198, "connect": 203, "sendto": 206, "sendmsg": 211, "bind": 200, "socketpair": 199,
        "ptrace": 117, "mount": 40, "add_key": 217, "request_key": 218, "keyctl": 219, "perf_event_open": 241,
        "sendmmsg": 269, "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "bpf": 280,
        "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "fsopen": 430, "pidfd_getfd": 438,
    },
}  # fmt: skip
AUDIT: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of <linux/audit.h>."""
OPEN: Final = ("read", "write", "openat", "mmap", "clone", "execve", "recvmsg", "recvfrom")
BOUND: Final = ("sendto", "socketpair")
CLOSED: Final = tuple(name for name in NUMBERS["x86_64"] if name not in {*OPEN, *BOUND})


def said(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the filter of a processor returns for a call with these arguments."""
    six = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, AUDIT[machine] if audit is None else audit, 0, *six)
    program = tuple(filter_of(PROCESSORS[machine]))
    at, loaded = 0, 0
    while True:
        one = program[at]
        at += 1
        if one.code == 0x20:  # BPF_LD | BPF_W | BPF_ABS
            (loaded,) = struct.unpack_from("<I", data, one.value)
        elif one.code == 0x15:  # BPF_JMP | BPF_JEQ | BPF_K
            at += one.yes if loaded == one.value else one.no
        elif one.code == 0x35:  # BPF_JMP | BPF_JGE | BPF_K
            at += one.yes if loaded >= one.value else one.no
        else:
            assert one.code == 0x06  # BPF_RET | BPF_K
            return int(one.value)


@pytest.fixture(params=sorted(PROCESSORS))
def machine(request: pytest.FixtureRequest) -> str:
    """A processor that the filter knows."""
    return str(request.param)


@pytest.mark.parametrize("name", CLOSED)
def test_a_call_that_could_lead_out_is_refused(machine: str, name: str) -> None:
    assert said(machine, NUMBERS[machine][name], 1, 1, 0) == REFUSED


@pytest.mark.parametrize("name", OPEN)
def test_any_other_call_is_allowed(machine: str, name: str) -> None:
    assert said(machine, NUMBERS[machine][name], 2, 1, 0) == ALLOWED


@pytest.mark.parametrize(("family", "answer"), [(1, ALLOWED), (0, REFUSED), (2, REFUSED), (10, REFUSED), (30, REFUSED)])
def test_pairs_of_sockets_are_local(machine: str, family: int, answer: int) -> None:
    assert said(machine, NUMBERS[machine]["socketpair"], family, 1, 0) == answer


@pytest.mark.parametrize(
    ("address", "answer"), [(0, ALLOWED), (1, REFUSED), (1 << 32, REFUSED), (0x7FFF_1234_0000, REFUSED)]
)
def test_sending_names_no_address(machine: str, address: int, answer: int) -> None:
    assert said(machine, NUMBERS[machine]["sendto"], 3, 0, 9, 0, address, 16) == answer


def test_calls_in_the_form_of_another_processor_are_refused(machine: str) -> None:
    """A 64-bit process may call as a 32-bit one does, whose calls have other numbers."""
    assert said(machine, NUMBERS[machine]["read"], audit=0x40000003) == REFUSED


def test_calls_with_the_numbers_of_the_x32_interface_are_refused(machine: str) -> None:
    assert said(machine, 0x40000000 + NUMBERS["x86_64"]["read"]) == REFUSED
