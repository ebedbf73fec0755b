"""A long day at the desk: the real recorder over a real screen loses nothing silently, and takes no more memory.

A scripted hand works (`benchmarks.recorder_script`), then come 800 events a second and a burst. The recorder runs in a
process that counts what its sources gave and what became durable (`benchmarks.recorder_probe`). With OPTIN_TORTURE=1
the hand works for an hour, or for OPTIN_SOAK_SECONDS. Memory is judged, time is not.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest

from benchmarks.recorder_cost import Meter, Usage
from benchmarks.recorder_desk import Desk
from benchmarks.recorder_runs import BURST, BURST_RATE, RATE, probing, told
from benchmarks.recorder_script import Tally, load, session, tally
from benchmarks.recorder_table import unaccounted
from tests.torture.conftest import Amount

MB: Final = 1_000_000
SETTLE_SECONDS: Final = 3
LIMIT_MB: Final = 150
"""What the recorder and its listener may take together, at any moment."""
WINDOWS: Final = 20
"""The floor of memory is taken in so many stretches; single frames come and go above it."""
KINDS: Final = {"moves": "PointerMoved", "buttons": "PointerButton", "keys": "Key", "notches": "PointerScrolled"}

pytestmark = pytest.mark.timeout(4 * 3600)


@dataclass(frozen=True, slots=True)
class Soaked:
    """What the hand did, what the probe counted, and the memory while the hand worked, once a second."""

    injected: Tally
    counts: dict[str, Any]
    work: tuple[Usage, ...]
    all: tuple[Usage, ...]

    def given(self, kind: str) -> int:
        return int(self.counts["given"].get(KINDS[kind], 0))

    def kept(self, kind: str) -> int:
        return int(self.counts["kept"].get(KINDS[kind], 0))

    def withheld(self, source: str) -> int:
        return sum(count for name, count in self.counts["withheld"].items() if name.startswith(f"{source}:"))


@pytest.fixture(scope="module")
def soaked(amount: Amount, tmp_path_factory: pytest.TempPathFactory) -> Soaked:
    seed = int(os.environ.get("OPTIN_SEED") or int.from_bytes(os.urandom(4)))
    print(f"OPTIN_SEED={seed}")  # pytest shows it where a test fails  # noqa: T201
    work = session(seed, amount.of(8, int(os.environ.get("OPTIN_SOAK_SECONDS") or 3600)))
    heavy = (load(RATE, RATE * amount.of(2, 60)), load(BURST_RATE, amount.of(500, BURST)))
    folder = tmp_path_factory.mktemp("soak")
    with Desk() as desk, probing(folder / "probe", desk.environment) as probe:
        time.sleep(SETTLE_SECONDS)
        with Meter(probe.pid, desk.server_pid) as meter:
            desk.play(work)
            working = meter.seen
            for steps in heavy:
                desk.play(steps)
                time.sleep(SETTLE_SECONDS)
            seen = meter.seen
        counts = told(probe)
    return Soaked(tally((*work, *heavy[0], *heavy[1])), counts, working, seen)


@pytest.mark.parametrize("kind", KINDS)
def test_the_recorder_hears_every_event_of_the_hand(soaked: Soaked, kind: str) -> None:
    assert soaked.given(kind) == getattr(soaked.injected, kind)


def test_the_recorder_can_say_of_everything_what_became_of_it(soaked: Soaked) -> None:
    assert unaccounted(soaked.counts["counters"]) == 0


def test_every_key_was_kept_or_is_counted_in_a_gap(soaked: Soaked) -> None:
    assert soaked.kept("keys") + soaked.withheld("keyboard") == soaked.injected.keys


@pytest.mark.parametrize("kind", ["buttons", "notches"])
def test_every_click_and_notch_was_kept_or_is_counted_in_a_gap(soaked: Soaked, kind: str) -> None:
    missing = getattr(soaked.injected, kind) - soaked.kept(kind)
    assert 0 <= missing <= soaked.withheld("pointer")


def test_most_of_what_the_hand_did_in_allowed_windows_was_kept(soaked: Soaked) -> None:
    assert soaked.kept("keys") + soaked.kept("buttons") > (soaked.injected.keys + soaked.injected.buttons) / 2


def test_the_recorder_and_its_listener_stay_below_the_limit(soaked: Soaked) -> None:
    assert max(one.pss for one in soaked.all) < LIMIT_MB * MB


def test_the_floor_of_memory_does_not_rise(soaked: Soaked, amount: Amount) -> None:
    """After the first sixth, which warms up, memory grows in an hour by less than 2 MB more than chance explains."""
    warm = soaked.work[len(soaked.work) // 6 :]
    found = fit(floors([one.pss for one in warm]))
    print(f"the floor rose by {found.rise / MB:.1f} MB, give or take {found.error / MB:.1f} MB")  # noqa: T201
    assert found.rise - 2 * found.error < amount.of(20, 2) * MB


def test_a_rise_is_told_from_noise() -> None:
    noise = [100.0 + (number * 7919) % 13 for number in range(4_000)]
    still, rising = fit(floors(noise)), fit(floors([value + number / 100 for number, value in enumerate(noise)]))
    assert abs(still.rise) < 1
    assert rising.rise == pytest.approx(38, abs=3)
    assert rising.rise - 2 * rising.error > 30


@dataclass(frozen=True, slots=True)
class Fit:
    """By how much the straight line of least squares rises from the first value to the last; its standard error."""

    rise: float
    error: float


def floors(sizes: Sequence[float]) -> list[float]:
    """The least of each stretch: frames that wait to be judged come and go above it."""
    length = max(len(sizes) // WINDOWS, 1)
    return [min(sizes[start : start + length]) for start in range(0, len(sizes), length)]


def fit(values: list[float]) -> Fit:
    """The fit; three values at least."""
    length, middle = len(values) - 1, sum(values) / len(values)
    below = sum((x - length / 2) ** 2 for x in range(len(values)))
    slope = sum((x - length / 2) * (y - middle) for x, y in enumerate(values)) / below
    off = sum((y - middle - slope * (x - length / 2)) ** 2 for x, y in enumerate(values))
    return Fit(slope * length, math.sqrt(off / (len(values) - 2) / below) * length)
