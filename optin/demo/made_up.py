"""Made-up values come out of a seed, drawn from short lists; none belongs to anybody.

SSNs and EINs use ranges that are never issued, telephones the exchange 555-01, mail the reserved domain example.com,
and card numbers a test prefix with a valid check digit. The same seed gives the same values in the same order.
"""

from __future__ import annotations

import random
import string
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST_NAMES: Final = _words(
    "Oluwaseun Ngozi Siobhan Katarzyna Hiroshi Priyanka Mehmet Xiomara Tomasz Fatoumata Linh Rajesh Ingeborg Tariq "
    "Mairead Dmitri Aaliyah Guillermo Yevgenia Kwabena Saoirse Babajide Anneliese Chidinma Rosalind Leocadia"
)
_LAST_NAMES: Final = _words(
    "Adeyemisola Wojciechowska Ramachandran Fitzgibbon Nakashima Chukwuemeka Yilmazoglu Villavicencio Szczepaniak "
    "Diarrassouba Nguyenphuoc Venkataraman Thorvaldsen Alghamdian Gallaghery Kuznetsovich Etxeberriaga Zaharopoulos "
    "Papadimitriou Okonkwolu Vandenbroucke Stankiewicz Bhattacharya Schwarzenbach Featherstone Macgillivray"
)
_STREETS: Final = _words("Thistledown Marrowbone Quillfeather Bellwether Hollyhock Saltmarsh Copperbeech Larkspur")
_TOWNS: Final = _words("Winterhaven Brackenridge Oldmillport Fernhollow Stonycreek Cedarquarry Marlborne Ashgrovely")
# Any two differ in two digits at least, so that one misread digit never turns one value into another.
_AREAS: Final = _words("212 330 415 508 617 786 824 941")
_YEARS: Final = _words("1953 1967 1979 1984 1991")
_DRUGS: Final = _words(
    "Levetiracetam Methotrexate Lamotrigine Escitalopram Apixaban Tacrolimus Rosuvastatin Empagliflozin"
)
_DIAGNOSES: Final = (
    "Ulcerative colitis, left sided",
    "Relapsing multiple sclerosis",
    "Paroxysmal atrial fibrillation",
    "Generalised anxiety disorder",
    "Polycystic kidney disease",
    "Chronic hepatitis B infection",
)
_PROCEDURES: Final = ("Colonoscopy with biopsy", "Cardiac ablation", "Lumbar puncture", "Bone marrow biopsy")
_MOODS: Final = _words("threadbare exhausted overlooked cornered heartbroken furious bewildered sleepless resentful")
_TOPICS: Final = ("the divorce hearing", "my landlord", "her surgery", "the custody papers", "our adoption plans")
_PLACES: Final = ("Ravensgate station", "the Juniper bakery", "the Foundry car park", "the old boathouse")
_HABITS: Final = ("interrupts customers", "misses handovers", "avoids conflict", "outgrew the role", "mentors poorly")
_GOALS: Final = ("a tactful resignation letter", "a limerick about my manager", "an excuse for missing the offsite")
_PROJECTS: Final = ("Nightjar", "Ptarmigan", "Quicksilver", "Obsidian", "Wolverine")


class Maker:
    """Draws values; a name, a drug or a sentence is drawn only once."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311
        names = (_FIRST_NAMES, _LAST_NAMES, _STREETS, _TOWNS, _AREAS, _YEARS)
        sentences = (_DRUGS, _DIAGNOSES, _PROCEDURES, _MOODS, _TOPICS, _PLACES, _HABITS, _GOALS)
        self._stocks = {stock: self._random.sample(stock, len(stock)) for stock in names + sentences}

    def name(self) -> str:
        """First name and surname."""
        return f"{self._draw(_FIRST_NAMES)} {self._draw(_LAST_NAMES)}"

    def email(self) -> str:
        """A mail address at example.com."""
        return f"{self._letters(7)}.{self._letters(6)}{self._digits(2)}@example.com"

    def phone(self) -> str:
        """A telephone number in a fictional exchange."""
        return f"({self._draw(_AREAS)}) 555-01{self._digits(2)}"

    def address(self) -> str:
        """Number, street, town, state and postcode."""
        town = self._draw(_TOWNS)
        return f"{self._random.randint(1000, 9899)} {self._draw(_STREETS)} Lane, {town}, OH {self._digits(5)}"

    def birth_date(self) -> str:
        """A date as month/day/year."""
        return f"{self._random.randint(1, 12):02}/{self._random.randint(10, 28)}/{self._draw(_YEARS)}"

    def ssn(self) -> str:
        """A social security number in a range that is never issued."""
        return f"9{self._digits(2)}-{self._random.randint(10, 49)}-{self._digits(4)}"

    def ein(self) -> str:
        """An employer number with a prefix that is never issued."""
        return f"{self._random.choice(('07', '08', '17', '28', '49', '69', '78', '89'))}-{self._digits(7)}"

    def amount(self) -> str:
        """A six-figure amount of dollars."""
        return f"${self._random.randint(101, 989)},{self._digits(3)}.{self._random.randint(11, 98)}"

    def card(self) -> str:
        """Sixteen digits in fours, with a valid check digit."""
        number = "400000" + self._digits(9)
        doubled = [
            sum(divmod(2 * int(digit), 10)) if place % 2 == 0 else int(digit) for place, digit in enumerate(number)
        ]
        number += str(-sum(doubled) % 10)
        return " ".join(number[start : start + 4] for start in range(0, 16, 4))

    def account(self) -> str:
        """A bank account of twelve digits."""
        return f"{self._random.randint(1, 9)}{self._digits(11)}"

    def record_number(self) -> str:
        """A medical record number."""
        return f"MRN-{self._random.randint(1, 9)}{self._digits(8)}"

    def member_number(self) -> str:
        """A health plan's member number."""
        return f"HPX{self._random.randint(1, 9)}{self._digits(9)}"

    def drug(self) -> str:
        """A drug and its dose."""
        return f"{self._draw(_DRUGS)} {self._random.choice((75, 150, 250, 375))} mg"

    def diagnosis(self) -> str:
        """A diagnosis."""
        return self._draw(_DIAGNOSES)

    def procedure(self) -> str:
        """A medical procedure."""
        return self._draw(_PROCEDURES)

    def rating(self) -> str:
        """A sentence of a performance review."""
        habit, half = self._draw(_HABITS), self._random.randint(1, 2)
        return f"Rated {self._draw(_MOODS)} and partially meeting: {habit} since half {half}, plan {self._digits(4)}"

    def chat(self) -> str:
        """A private message."""
        topic, place = self._draw(_TOPICS), self._draw(_PLACES)
        return f"Feeling {self._draw(_MOODS)} about {topic}, meet me at {place} at {self._random.randint(6, 9)} sharp"

    def prompt(self) -> str:
        """A prompt to an assistant."""
        goal, count = self._draw(_GOALS), self._random.randint(21, 98)
        return f"Write {goal} in {count} words, sounding {self._draw(_MOODS)} but grateful"

    def classified(self) -> str:
        """A sentence of a classified plan."""
        project, month = self._random.choice(_PROJECTS), self._random.choice(("March", "August", "November"))
        return f"Project {project} acquires the {self._draw(_TOWNS)} plant in {month} for {self._digits(3)} million"

    def api_key(self) -> str:
        """A key of a payment service."""
        return "sk_live_" + self._token(28)

    def access_token(self) -> str:
        """An access token of a code host."""
        return "ghp_" + self._token(36)

    def cloud_key(self) -> str:
        """An access key of a cloud."""
        return "AKIA" + "".join(self._random.choices(string.ascii_uppercase + "234567", k=16))

    def connection(self) -> str:
        """A connection string with a password."""
        return f"postgres://{self._letters(7)}:{self._token(14)}@db.example.com:5432/{self._letters(6)}"

    def password(self) -> str:
        """A password."""
        return f"{self._letters(6).title()}-{self._letters(5).title()}-{self._digits(4)}!"

    def _draw(self, stock: tuple[str, ...]) -> str:
        return self._stocks[stock].pop()

    def _digits(self, count: int) -> str:
        return "".join(self._random.choices(string.digits, k=count))

    def _letters(self, count: int) -> str:
        return "".join(self._random.choices(string.ascii_lowercase, k=count))

    def _token(self, count: int) -> str:
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=count))
