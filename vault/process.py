"""What a process that holds keys or raw data does to itself before it holds them."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_PR_SET_DUMPABLE: Final = 4  # from <linux/prctl.h>


def hide_memory() -> None:
    """On Linux, keeps other processes of the same user from reading this one's memory and the kernel from dumping it.

    A new program in the same process starts readable again, so each program calls this itself. Elsewhere the system has
    no such switch for a process, and nothing is done.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
