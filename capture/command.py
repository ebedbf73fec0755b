"""What is said to a recorder and what it says of itself, and the table of its states. Pure.

Commands and states, times and counts; never content, a title or a task.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import Final

from vault.canonical import Document, canonical, parse
from vault.errors import BadInput

MAX_LINE: Final = 512
"""Upper limit of a command in bytes, with its end."""
MAX_ANSWER: Final = 1 << 16
"""Upper limit of an answer in bytes, with its end."""


class RecorderState(Enum):
    """What a recorder does. Only while `recording` are its sources open and listening."""

    STARTING = "starting"
    RECORDING = "recording"
    PAUSED = "paused"
    STOPPING = "stopping"


class Turn(Enum):
    """What changes the state."""

    OPENED = "opened"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


NEXT: Final = MappingProxyType(
    {
        RecorderState.STARTING: MappingProxyType(
            {
                Turn.OPENED: RecorderState.RECORDING,
                Turn.PAUSE: RecorderState.PAUSED,
                Turn.RESUME: RecorderState.STARTING,
                Turn.END: RecorderState.STOPPING,
            }
        ),
        RecorderState.RECORDING: MappingProxyType(
            {
                Turn.OPENED: RecorderState.RECORDING,
                Turn.PAUSE: RecorderState.PAUSED,
                Turn.RESUME: RecorderState.RECORDING,
                Turn.END: RecorderState.STOPPING,
            }
        ),
        RecorderState.PAUSED: MappingProxyType(
            {
                Turn.OPENED: RecorderState.PAUSED,  # the pause came while the sources were being opened
                Turn.PAUSE: RecorderState.PAUSED,
                Turn.RESUME: RecorderState.STARTING,
                Turn.END: RecorderState.STOPPING,
            }
        ),
        RecorderState.STOPPING: MappingProxyType(dict.fromkeys(Turn, RecorderState.STOPPING)),
    }
)
"""The whole state machine: what narrows always happens, and nothing leads out of `stopping`."""


class Command(Enum):
    """What a client may ask for."""

    STOP = "stop"
    PAUSE = "pause"
    RESUME = "resume"
    STATUS = "status"
    WATCH = "watch"


class Request(Document, frozen=True):
    """One command. `until_ms` (Unix time) is for `pause` only; None: until it is resumed."""

    command: Command
    until_ms: int | None = None


class RefusedCount(Document, frozen=True):
    """How many observations of a source were not captured, and why."""

    count: int
    reason: str
    source: str


class Cost(Document, frozen=True):
    """What recording costs and may cost: shares of one core in percent, and rates an hour."""

    bytes_hour: int
    bytes_limit_hour: int
    cpu_limit_percent: float
    cpu_percent: float
    cpu_seconds_hour: float
    profile: str
    state: str
    wake_ups_hour: int | None


class Status(Document, frozen=True):
    """How a recorder stands. Times are Unix milliseconds; `last_commit_ms` is None before anything was saved.

    `why` says what paused or ended it; `sign` by what the person is told of it; `seconds_left` counts time recorded;
    `pace` says what slows it down.
    """

    budget: Cost
    coalesced: int
    committed: int
    ends_ms: int
    last_commit_ms: int | None
    pace: str
    paused_until_ms: int | None
    produced: int
    refused: int
    refused_by: tuple[RefusedCount, ...]
    seconds_left: int
    session: str
    sign: str
    since_ms: int
    state: RecorderState
    why: str


class Answer(Document, frozen=True):
    """Whether a command was taken, why it was not, and how the recorder stands after it."""

    accepted: bool
    status: Status
    why: str


def request_line(request: Request) -> bytes:
    """The line that asks."""
    return canonical(request) + b"\n"


def read_request(untrusted: bytes) -> Request | None:
    """The command in one whole line, None if it is anything else."""
    if len(untrusted) > MAX_LINE or not untrusted.endswith(b"\n"):
        return None
    try:
        return parse(untrusted[:-1], Request)
    except BadInput:
        return None


def answer_line(answer: Answer) -> bytes:
    """The line that answers."""
    return canonical(answer) + b"\n"


def read_answer(untrusted: bytes) -> Answer:
    """The answer in a line; `BadInput` if it is none."""
    return parse(untrusted.removesuffix(b"\n"), Answer)
