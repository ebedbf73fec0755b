"""What recording costs: Optin beside openadapt-capture and a plain recorder, at the same scripted desk in one run.

Each works through the same script with the same seed on a fresh virtual desk of 1920x1080, one after another; then each
waits before a still screen and meets a load of 800 events a second and a burst of 5,000; last, Optin alone works at a
light pace. What is measured, and how, stands in docs/performance.md. It prints a table with ratios, or JSON, and leaves
nothing behind; the machine should be idle otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.recorder_contenders import CONTENDERS, PEERS
from benchmarks.recorder_runs import Lightly, Waited, Worked, wait, work, work_lightly
from benchmarks.recorder_table import OURS, as_json, as_text, full, light_facts, rows
from vault.errors import MissingPart

SEED: Final = 20_260
IDLE_SECONDS: Final = 60
PEER_IDLE_SECONDS: Final = 15
LIGHTLY: Final = 2
"""Little happens at a light pace, so that is watched for so many times as long."""


def main() -> None:
    """Runs all and prints it."""
    options = _options()
    names = tuple(options.only or CONTENDERS)
    if set(names) != {OURS} and not (PEERS / "capture").exists():
        raise MissingPart("the environment of the peers is not there; `make bench-recorder` makes it")
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="optin-bench-") as place:
        worked, waited, light = _runs(Path(place), names, options)
    facts = _environment(options)
    if options.json:
        told: dict[str, Any] = {"environment": facts, "table": as_json(rows(worked, waited)), **full(worked, waited)}
        print(json.dumps(told | ({"light": light_facts(light)} if light else {}), indent=1))
        return
    print("\n".join(f"{name}: {value}" for name, value in facts.items()), end="\n\n")
    print(as_text(rows(worked, waited), names))
    for name, one in waited.items():
        if one.failed:
            print(f"{name} gave up under load: {one.failed}")
    if light:
        print(
            "\nOptin at a light pace:",
            *(f"  {name}: {_short(value)}" for name, value in light_facts(light).items()),
            sep="\n",
        )


def _runs(
    place: Path, names: tuple[str, ...], options: argparse.Namespace
) -> tuple[dict[str, Worked], dict[str, Waited], Lightly | None]:
    worked, waited = {}, {}
    for name in names:
        _note(f"{name} at the scripted desk, {options.seconds} s")
        worked[name] = work(name, _new(place, f"work-{name}"), seed=options.seed, seconds=options.seconds)
    for name in () if options.only_work else names:
        idle = options.idle if name == OURS else min(options.idle, PEER_IDLE_SECONDS)
        _note(f"{name} before a still screen, twice {idle} s, then under load")
        waited[name] = wait(name, _new(place, f"wait-{name}"), seconds=idle)
    if options.only_work or OURS not in names:
        return worked, waited, None
    seconds = LIGHTLY * options.seconds
    _note(f"{OURS} at a light pace, {seconds} s")
    return worked, waited, work_lightly(_new(place, "light"), seed=options.seed, seconds=seconds)


def _environment(options: argparse.Namespace) -> dict[str, object]:
    """What the figures depend on; no name of the machine."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "kernel": platform.release().partition("-")[0],
        "load before": round(os.getloadavg()[2], 2),
        "seed": options.seed,
        "seconds": options.seconds,
        "openadapt-capture": _peer_version("openadapt_capture"),
        **{name: version(name) for name in ("optin", "pynput", "mss", "numpy", "zstandard")},
    }


def _peer_version(name: str) -> str:
    found = sorted(PEERS.parent.glob(f"lib/python3*/site-packages/{name}-*.dist-info"))
    return found[0].name.removesuffix(".dist-info").partition("-")[2] if found else "none"


def _new(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    return folder


def _note(text: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.recorder", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60, help="how long each works at the desk")
    parser.add_argument("--idle", type=int, default=IDLE_SECONDS, help="how long Optin waits before a still screen")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", action="append", choices=tuple(CONTENDERS), help="leave the others out")
    parser.add_argument("--only-work", action="store_true", help="the scripted session alone")
    parser.add_argument("--folder", help="a folder on the disk to be used; default: the system's temporary folder")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
