"""The runs of the recorder benchmark: a contender and a script enter, figures leave. Each run has a fresh desk.

working     the scripted session
waiting     a still screen with a blinking caret, then one without; then a steady load, then a burst
light       Optin alone at a light pace, counted on both sides of the recorder (`recorder_probe`)
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.recorder_contenders import CONTENDERS, ROOT, DidNotRecord, Ended, Running
from benchmarks.recorder_cost import Meter, Spent, folder_size
from benchmarks.recorder_desk import EDITOR, HOST, Desk
from benchmarks.recorder_script import LIGHT, Step, Tally, click, load, session, tally

RATE: Final = 800
LOAD_SECONDS: Final = 20
BURST: Final = 5_000
BURST_RATE: Final = 10_000
"""A burst that comes in one piece overflows the X server's own queue for listeners, which then drops some unsaid."""
_SETTLE_SECONDS: Final = 3.0
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Worked:
    """A contender's scripted session: what it spent in it, its peaks in bytes until its end, and what it left."""

    injected: Tally
    seconds: float
    late: float
    spent: Spent
    peak_pss: int
    peak_rss: int
    ended: Ended


@dataclass(frozen=True, slots=True)
class Waited:
    """What a contender spent while nothing happened, and what it kept of the load and the burst.

    `failed` says that it gave up under them, in its own way; then nothing is known of what it kept.
    """

    caret: Spent
    still: Spent
    loaded: Spent
    injected: Tally
    ended: Ended | None
    failed: str


@dataclass(frozen=True, slots=True)
class Lightly:
    """Optin at a light pace: bytes of the queue, and the counts of the probe."""

    injected: Tally
    seconds: float
    disk: int
    counts: dict[str, Any]


def work(name: str, place: Path, *, seed: int, seconds: float) -> Worked:
    """One contender at the scripted session."""
    steps = session(seed, seconds)
    with Desk(place) as desk:
        running = CONTENDERS[name](place / name, desk.environment)
        time.sleep(_SETTLE_SECONDS)
        with Meter(running.keeper, desk.server_pid) as meter:
            began = meter.now()
            late = desk.play(steps)
            spent = meter.between(began, meter.now())
            time.sleep(1)
            ended = running.end()
            pss, rss = meter.peak()
    return Worked(tally(steps), seconds, late, spent, pss, rss, ended)


def wait(name: str, place: Path, *, seconds: float) -> Waited:
    """One contender before a still screen, and then under load."""
    focusing, leaving = click("name"), click("text")
    heavy = (load(RATE, RATE * LOAD_SECONDS), load(BURST_RATE, BURST))
    with Desk(place) as desk:
        running = CONTENDERS[name](place / name, desk.environment)
        with Meter(running.keeper, desk.server_pid) as meter:
            caret = _still(desk, meter, focusing, seconds=seconds)
            still = _still(desk, meter, leaving, seconds=seconds)
            desk.play(click("note"))
            began = meter.now()
            for steps in heavy:
                desk.play(steps)
                time.sleep(_SETTLE_SECONDS)
            loaded = meter.between(began, meter.now())
        ended, failed = _ended(running)
    injected = tally((*focusing, *leaving, *click("note"), *heavy[0], *heavy[1]))
    return Waited(caret, still, loaded, injected, ended, failed)


def work_lightly(place: Path, *, seed: int, seconds: float) -> Lightly:
    """Optin's recorder at a light pace."""
    steps = session(seed, seconds, pace=LIGHT)
    with Desk(place) as desk, probing(place / "light", desk.environment) as probe:
        time.sleep(_SETTLE_SECONDS)
        desk.play(steps)
        time.sleep(1)
        counts = told(probe)
    return Lightly(tally(steps), seconds, folder_size(place / "light" / "queue"), counts)


@contextmanager
def probing(folder: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A probe that records, below a keeper."""
    folder.mkdir(parents=True)
    keeper = ("-m", "benchmarks.recorder_cost", str(folder / "told.json"))
    probe = ("-m", "benchmarks.recorder_probe", str(folder), EDITOR, HOST)
    process = subprocess.Popen(
        (sys.executable, *keeper, sys.executable, *probe),
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdout is None or "recording" not in process.stdout.readline():
            raise DidNotRecord(f"the probe ended with code {process.wait()} before it recorded")
        yield process
    finally:
        if process.poll() is None:
            process.communicate(timeout=_PATIENCE_SECONDS)


def told(probe: subprocess.Popen[str]) -> dict[str, Any]:
    """The counts of a probe, which ends with this."""
    printed, _ = probe.communicate(timeout=_PATIENCE_SECONDS)
    if probe.returncode != 0:
        raise DidNotRecord(f"the probe ended with code {probe.returncode}")
    counts: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return counts


def _still(desk: Desk, meter: Meter, steps: tuple[Step, ...], *, seconds: float) -> Spent:
    """What is spent while nothing happens after these steps."""
    desk.play(steps)
    time.sleep(_SETTLE_SECONDS)
    began = meter.now()
    time.sleep(seconds)
    return meter.between(began, meter.now())


def _ended(running: Running) -> tuple[Ended | None, str]:
    try:
        return running.end(), ""
    except DidNotRecord as error:
        return None, str(error)
