"""Every way in which one system call, or each from one on, can be refused; and the loop over all places of it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from tests.faults import Call, Effect, Fault

ERRORS: Final = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EDQUOT, errno.EMFILE, errno.EINTR)
CALLS: Final = tuple(sorted(set(Call) - {Call.RMDIR}, key=str))
"""All that the product calls; folders are removed by withdrawing only, which `test_withdrawing.py` tries."""


def ways(call: Call) -> Iterator[Fault]:
    """Each error, once and for ever; for a write also that it is short, once, always, or before the disk is full."""
    calls = frozenset({call})
    for error in ERRORS:
        for lasting in (False, True):
            yield Fault(Effect.FAIL, calls, error=error, lasting=lasting)
    if call is Call.WRITE:
        yield Fault(Effect.SHORT, calls)
        yield Fault(Effect.SHORT, calls, lasting=True)
        yield Fault(Effect.SHORT_THEN_FAIL, calls, error=errno.ENOSPC)


def refuse_everywhere(call: Call, attempt: Callable[[Fault], int]) -> int:
    """Lets the first, the second and each next call fail until an attempt met no fault; gives how many did.

    `attempt` gives how often its fault struck.
    """
    struck = 0
    for way in ways(call):
        number = 1
        while attempt(replace(way, number=number)):
            number += 1
        struck += number - 1
    return struck
