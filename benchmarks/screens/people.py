"""Made-up people with numbers, keys and amounts: a generator and a half enter, the same people each time leave.

Nothing here is anybody's: numbers come from the generator, mail addresses lie under example domains.
"""

from __future__ import annotations

import random
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from benchmarks.screens.names import (
    COMMON,
    COUNTRIES,
    CULTURES,
    DEPARTMENTS,
    DOMAINS,
    EMPLOYERS,
    OWN_SCRIPT,
    PLACES,
    STREETS,
    TITLES,
)
from benchmarks.screens.truth import Half

T = TypeVar("T")

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COMMON_SHARE: Final = 0.15
_OWN_SCRIPT_SHARE: Final = 0.03
_ALNUM: Final = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person."""

    given: str
    family: str
    mail: str
    phone: str
    ssn: str
    born: str
    street: str
    city: str
    state: str
    postcode: str
    country: str
    employee: str
    record: str
    member: str
    account: str
    card: str
    salary: int
    title: str
    department: str
    employer: str

    @property
    def full(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"

    @property
    def sorted_name(self) -> str:
        """Family name first."""
        return f"{self.family}, {self.given}"

    @property
    def initials(self) -> str:
        """Two letters."""
        return self.given[0] + self.family[0]

    @property
    def address(self) -> str:
        """On one line."""
        return f"{self.street}, {self.city}, {self.state} {self.postcode}"


class People:
    """Deals people of one half, and the numbers and keys that go with them, from one generator."""

    def __init__(self, chance: random.Random, half: Half) -> None:
        self.chance = chance
        self._turn = 0 if half is Half.TUNING else 1

    def deal(self, pool: Sequence[T]) -> Sequence[T]:
        """Every second one of a pool: no half sees what the other half has."""
        return pool[self._turn :: 2]

    def one(self) -> Person:
        """The next person."""
        draw, name = self.chance, self._name()
        given, family = name.rsplit(" ", 1)
        city, state, postcode = draw.choice(PLACES)
        return Person(
            given,
            family,
            self._mail(given, family),
            self._phone(),
            self.ssn(),
            self.date(1948, 2004),
            f"{draw.randint(3, 9800)} {draw.choice(STREETS)} {draw.choice(('St', 'Ave', 'Lane', 'Court'))}",
            city,
            state,
            postcode,
            draw.choice(COUNTRIES),
            f"E{draw.randint(10000, 99999)}",
            f"MRN {draw.randint(1000000, 9999999)}",
            f"{''.join(draw.choices(string.ascii_uppercase, k=3))}{draw.randint(100000000, 999999999)}",
            str(draw.randint(10**9, 10**10 - 1)),
            self.card(),
            draw.randrange(41_000, 287_000, 250),
            draw.choice(TITLES),
            draw.choice(DEPARTMENTS),
            draw.choice(EMPLOYERS),
        )

    def some(self, count: int) -> tuple[Person, ...]:
        """So many people."""
        return tuple(self.one() for _ in range(count))

    def ssn(self) -> str:
        """A number in the form of a US social security number."""
        draw = self.chance
        return f"{draw.randint(100, 899)}-{draw.randint(10, 99)}-{draw.randint(1000, 9999)}"

    def ein(self) -> str:
        """A number in the form of an employer's."""
        return f"{self.chance.randint(10, 99)}-{self.chance.randint(1000000, 9999999)}"

    def card(self) -> str:
        """Sixteen digits in four groups."""
        return " ".join(str(self.chance.randint(1000, 9999)) for _ in range(4))

    def date(self, first: int = 2025, last: int = 2026) -> str:
        """A day, in one of the ways that programmes write it."""
        draw = self.chance
        year, month, day = draw.randint(first, last), draw.randint(1, 12), draw.randint(1, 28)
        word = MONTHS[month - 1]
        ways = (
            f"{month:02}/{day:02}/{year}",
            f"{word} {day}, {year}",
            f"{year}-{month:02}-{day:02}",
            f"{day} {word} {year}",
        )
        return draw.choice(ways)

    def money(self, low: int = 5, high: int = 9000) -> str:
        """An amount in dollars."""
        return f"${self.chance.uniform(low, high):,.2f}"

    def number(self, digits: int) -> str:
        """So many digits."""
        return str(self.chance.randint(10 ** (digits - 1), 10**digits - 1))

    def token(self, length: int) -> str:
        """Letters and digits."""
        return "".join(self.chance.choices(_ALNUM, k=length))

    def secret(self) -> str:
        """A key or a password in one of the usual forms."""
        forms = (
            f"ghp_{self.token(36)}",
            f"AKIA{self.token(16).upper()}",
            f"sk-proj-{self.token(28)}",
            f"xoxb-{self.number(11)}-{self.token(20)}",
            f"glpat-{self.token(20)}",
            self.password(),
        )
        return self.chance.choice(forms)

    def password(self) -> str:
        """A password: letters, digits and signs, or words."""
        words = ("Copper", "Lantern", "gravel", "Pickle", "meadow", "Trombone", "sunset", "Walnut")
        spelled = "-".join(self.chance.sample(words, 3)) + self.number(2)
        mixed = "".join(self.chance.choices(_ALNUM + "!#%+?", k=14))
        return self.chance.choice((spelled, mixed, f"{self.chance.choice(words)}{self.number(4)}!"))

    def _name(self) -> str:
        draw = self.chance.random()
        if draw < _COMMON_SHARE:
            return self.chance.choice(self.deal(COMMON))
        if draw < _COMMON_SHARE + _OWN_SCRIPT_SHARE:
            return self.chance.choice(self.deal(OWN_SCRIPT))
        given, family = (self.deal(names.split()) for names in self.chance.choice(CULTURES))
        return f"{self.chance.choice(given)} {self.chance.choice(family)}"

    def _mail(self, given: str, family: str) -> str:
        parts = (_plain(given), _plain(family))
        joined = self.chance.choice((".".join(parts), parts[0][:1] + parts[1], "_".join(parts)))
        return f"{joined}@{self.chance.choice(DOMAINS)}"

    def _phone(self) -> str:
        draw = self.chance
        area, middle, last = draw.randint(201, 989), draw.randint(200, 999), draw.randint(1000, 9999)
        return draw.choice((f"({area}) {middle}-{last}", f"{area}-{middle}-{last}", f"+1 {area} {middle} {last}"))


def _plain(name: str) -> str:
    """The name in the letters that a mail address has; `user` when none is left."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in flat if one in string.ascii_lowercase) or "user"
