"""No bit of what passes between the roles can be changed, and no byte cut off: nothing is taken for what it is not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Final

import pytest

from consent.documents import ConsentStatus, Grant, Lease, Policy
from redaction.submission import open_submission
from review.approval import verify_approval
from tests.world import opening, world
from vault.errors import OptinError
from vault.signed import verify_self

ALL_BITS: Final = os.environ.get("OPTIN_TORTURE") == "1"
READERS: Final[dict[str, tuple[Callable[[], bytes], Callable[[bytes], object]]]] = {
    "grant": (lambda: world().grant.data, lambda data: verify_self(data, Grant)),
    "lease": (lambda: world().lease.data, lambda data: verify_self(data, Lease)),
    "policy": (lambda: world().policy.data, lambda data: verify_self(data, Policy)),
    "status": (lambda: world().status.data, lambda data: verify_self(data, ConsentStatus)),
    "approval": (lambda: world().approvals[0].decision.data, lambda data: verify_approval(data, world().policy)),
    "bundle": (lambda: world().sealed, lambda data: open_submission(data, opening("exporter"))),
}


def flipped(data: bytes) -> Iterator[bytes]:
    """The data with a bit of each byte flipped, one at a time; in `make torture` with each of its bits."""
    changed = bytearray(data)
    for place in range(len(data)):
        for bit in range(8) if ALL_BITS else (place % 8,):
            changed[place] ^= 1 << bit
            yield bytes(changed)
            changed[place] ^= 1 << bit


def accepted(name: str, variants: Iterator[bytes]) -> int:
    """How many of the variants a reader took; every other one must be refused."""
    read, taken = READERS[name][1], 0
    for variant in variants:
        try:
            read(variant)
        except OptinError:
            continue
        taken += 1
    return taken


@pytest.mark.parametrize("name", READERS)
def test_what_was_not_changed_is_accepted(name: str) -> None:
    assert accepted(name, iter((READERS[name][0](),))) == 1


@pytest.mark.parametrize("name", READERS)
def test_no_flipped_bit_is_accepted(name: str) -> None:
    assert accepted(name, flipped(READERS[name][0]())) == 0


@pytest.mark.parametrize("name", READERS)
def test_no_cut_is_accepted(name: str) -> None:
    data = READERS[name][0]()
    assert accepted(name, (data[:size] for size in range(len(data)))) == 0
