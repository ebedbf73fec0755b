"""Writes a date in other ways: a value enters, the usual writings of the same day leave. Tables and rules only.

1. Where day and month could be either, both readings are written. A day without its year is no date here.
2. Writings of fewer than six digits alone are not given: they are found in anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAMES: Final = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_PARTED: Final = re.compile(r"(\d{1,4})([/.\- ])(\d{1,2})\2(\d{4}|\d{2})(?:[T ]\d\d:.*)?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .\-]*([A-Za-z]{3,9})[ .,\-]*(\d{4})")
_MONTH_FIRST: Final = re.compile(r"([A-Za-z]{3,9})[ .\-]*(\d{1,2})(?:st|nd|rd|th)?[ .,\-]+(\d{4})")
_Day = tuple[int, int, int]


def writings_of(value: str) -> tuple[str, ...]:
    """The usual writings of a date, marks and leading zeros varied; none if the value is no date."""
    days = dict.fromkeys(day for day in _readings(value.strip()[:40]) if _is_day(day))
    return tuple(dict.fromkeys(text for day in days for text in _written(*day)))


def _readings(value: str) -> Iterator[_Day]:
    """The year, month and day that a value may mean."""
    if (parted := _PARTED.fullmatch(value)) is not None:
        first, second, third = int(parted[1]), int(parted[3]), int(parted[4])
        if len(parted[1]) == 4:
            yield first, second, third
        elif len(parted[1]) < 3:
            year = third if third > 99 else third + (1900 if third > 30 else 2000)
            yield year, second, first
            yield year, first, second
    elif (named := _DAY_FIRST.fullmatch(value)) is not None:
        yield int(named[3]), _month(named[2]), int(named[1])
    elif (named := _MONTH_FIRST.fullmatch(value)) is not None:
        yield int(named[3]), _month(named[1]), int(named[2])


def _month(name: str) -> int:
    """The number of a month by its name or the beginning of it; 0 for another word."""
    number = _NAMES.get(name[:3].lower(), 0)
    return number if number and _MONTHS[number - 1].lower().startswith(name.lower()) else 0


def _is_day(day: _Day) -> bool:
    year, month, number = day
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= number <= 31


def _written(year: int, month: int, day: int) -> Iterator[str]:
    yield f"{year}-{month:02}-{day:02}"
    yield from (f"{day:02}/{month:02}/{year}", f"{month:02}/{day:02}/{year}", f"{day}/{month}/{year}")
    yield from (f"{month}/{day}/{year}", f"{day:02}/{month:02}/{year % 100:02}", f"{month:02}/{day:02}/{year % 100:02}")
    for name in (_MONTHS[month - 1], _MONTHS[month - 1][:3]):
        yield from (
            f"{day} {name} {year}",
            f"{day:02} {name} {year}",
            f"{name} {day}, {year}",
            f"{name} {day:02}, {year}",
        )
