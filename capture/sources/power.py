"""The machine's power as the kernel and the system bus tell it: nothing enters, a `Power` leaves.

Files below a root folder are read (`/` but in a test); one that is missing, unreadable or nonsense is unknown, never a
number. Nothing is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Final, Protocol

from capture.governor import Power

ROOT: Final = Path("/")
_PROCESSOR_ZONES: Final = ("x86_pkg_temp", "cpu", "soc", "tcpu", "b0d4")
"""What types of thermal zones of processors begin with; the zone of the board says too little, others are disks and
radios."""
_PROCESSOR_CHIPS: Final = frozenset({"coretemp", "k10temp", "zenpower", "cpu_thermal"})
_PLAUSIBLE_CELSIUS: Final = (1.0, 130.0)
"""A sensor that is asleep or broken says 0, -273 or 255."""


class BusNews(Protocol):
    """Who knows what only the system bus does."""

    def saver_wanted(self) -> bool:
        """Whether the person wants power to be saved."""
        ...

    def going_to_sleep(self) -> bool:
        """Whether the machine is about to suspend."""
        ...

    def close(self) -> None:
        """Asks nothing any more."""
        ...


class NoBus:
    """A machine without a system bus."""

    def saver_wanted(self) -> bool:
        """Nobody says so."""
        return False

    def going_to_sleep(self) -> bool:
        """Nobody says so."""
        return False

    def close(self) -> None:
        """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class _Battery:
    percent: float | None
    full: float | None
    status: str


class SystemPower:
    """Power of this machine."""

    def __init__(self, bus: BusNews, *, root: Path = ROOT, cores: int | None = None) -> None:
        self._bus, self._root = bus, root
        self._cores = cores or os.cpu_count() or 1

    def read(self) -> Power:
        """Everything, read anew; takes about a millisecond."""
        batteries = tuple(self._batteries())
        return Power(
            on_battery=self._on_battery(batteries),
            percent=_charge(batteries),
            load=self._load(),
            celsius=self._celsius(),
            saver_wanted=self._bus.saver_wanted(),
            going_to_sleep=self._bus.going_to_sleep(),
        )

    def going_to_sleep(self) -> bool:
        """Whether the system has said that it suspends; cheap enough for every second."""
        return self._bus.going_to_sleep()

    def close(self) -> None:
        """Leaves the bus."""
        self._bus.close()

    def _supplies(self, kind: str) -> Iterator[Path]:
        return (path for path in self._found("sys/class/power_supply/*") if _text(path / "type") == kind)

    def _batteries(self) -> Iterator[_Battery]:
        """The machine's batteries, without those of mice and headsets."""
        for path in self._supplies("Battery"):
            if _text(path / "scope") != "Device" and _text(path / "present") != "0":
                percent = _number(path / "capacity")
                sane = percent if percent is not None and 0 <= percent <= 100 else None
                yield _Battery(sane, _number(path / "energy_full"), _text(path / "status"))

    def _on_battery(self, batteries: tuple[_Battery, ...]) -> bool | None:
        plugs = [_number(path / "online") for kind in ("Mains", "USB") for path in self._supplies(kind)]
        told = {battery.status for battery in batteries}
        if any(plugs) or "Charging" in told:
            return False
        if "Discharging" in told or (batteries and 0 in plugs):
            return True
        return None

    def _load(self) -> float | None:
        mean = _as_number(_text(self._root / "proc/loadavg").partition(" ")[0])
        return None if mean is None else mean / self._cores

    def _celsius(self) -> float | None:
        low, high = _PLAUSIBLE_CELSIUS
        read = (_number(path) for path in (*self._zones(), *self._chips()))
        sane = [value / 1000 for value in read if value is not None and low <= value / 1000 <= high]
        return max(sane, default=None)

    def _zones(self) -> Iterator[Path]:
        for zone in self._found("sys/class/thermal/thermal_zone*"):
            if _text(zone / "type").casefold().startswith(_PROCESSOR_ZONES):
                yield zone / "temp"

    def _chips(self) -> Iterator[Path]:
        for chip in self._found("sys/class/hwmon/hwmon*"):
            if _text(chip / "name") in _PROCESSOR_CHIPS:
                yield from sorted(chip.glob("temp*_input"))

    def _found(self, pattern: str) -> list[Path]:
        return sorted(self._root.glob(pattern))


def _charge(batteries: tuple[_Battery, ...]) -> float | None:
    """The charge of all batteries together in percent, weighted by size where all tell theirs."""
    known = [(battery.percent, battery.full) for battery in batteries if battery.percent is not None]
    sizes = [full for _, full in known if full]
    if not known:
        return None
    weights = sizes if len(sizes) == len(known) else [1.0] * len(known)
    return sum(percent * weight for (percent, _), weight in zip(known, weights, strict=True)) / sum(weights)


def _number(path: Path) -> float | None:
    return _as_number(_text(path))


def _as_number(untrusted: str) -> float | None:
    try:
        number = float(untrusted)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _text(path: Path) -> str:
    """A small file's content without blanks around it, empty where it cannot be read."""
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
