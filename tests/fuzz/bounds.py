"""Bounds for one input: 64 MiB of memory above what the process holds already, and two seconds of its processor time.

The kernel enforces the memory (RLIMIT_DATA), so that a length that is believed before it is checked fails as itself.
"""

from __future__ import annotations

import resource
import time
from pathlib import Path
from typing import Final

from tests.fuzz.targets import Target

MEMORY: Final = 64 << 20
SECONDS: Final = 2.0
_PAGE: Final = resource.getpagesize()
_DATA_FIELD: Final = 5  # of /proc/self/statm, in pages: see proc(5)


def read_bounded(target: Target, untrusted: bytes) -> bool:
    """Whether the target took the input, False where it refused by an error that it names; any other comes out."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    began = time.process_time()
    resource.setrlimit(resource.RLIMIT_DATA, (_held() + MEMORY, before[1]))
    try:
        target.read(untrusted)
    except target.errors:
        return False
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
        _require_quick(time.process_time() - began)
    return True


def _held() -> int:
    """Bytes of data that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[_DATA_FIELD]) * _PAGE


def _require_quick(seconds: float) -> None:
    if seconds > SECONDS:
        raise TimeoutError(f"one input took {seconds:.1f} s")
