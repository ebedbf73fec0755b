"""Values to plant, of each category of sensitive data, drawn from a seed. Pure; all are made up.

Names, places and words come from lists of several languages. Card numbers satisfy Luhn's sum and SSNs have areas that
are issued, so that nobody misses them for their form.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks.text.judge import Planted

_FIRST: Final = (
    "Margaret",
    "Oluwaseun",
    "Wojciech",
    "Priya",
    "Siobhan",
    "Xiuying",
    "Dmitri",
    "Aiyana",
    "Fatima",
    "Jürgen",
)
_LAST: Final = (
    "Thornhill",
    "Adeyemi",
    "Kowalczyk",
    "Venkataraman",
    "O'Rourke",
    "Zhang",
    "Volkov",
    "Castellanos",
    "Brandt",
)
_STREETS: Final = ("Larkspur Crescent", "Elmwood Avenue", "Brucker Strasse", "Rue des Acacias", "Okafor Close")
_TOWNS: Final = ("Duluth", "Szczecin", "Enugu", "Galway", "Tucson")
_MEDICAL: Final = (
    "type 2 diabetes mellitus", "sertraline 50 mg daily", "hepatitis C antibody positive", "lumbar spine MRI",
    "metformin 500 mg", "bipolar affective disorder", "HbA1c 9.2 %", "miscarriage at 11 weeks", "levothyroxine 75 mcg",
)  # fmt: skip
_CHAT: Final = (
    "please do not tell Beth that I am leaving", "we had a terrible row last night", "can you lend me 400 until Friday",
    "I think he is drinking again", "meet me behind the warehouse at nine",
)  # fmt: skip
_HR: Final = (
    "rated below expectations for the second cycle", "recommend termination effective 31 March",
    "merit increase of 2.5 percent declined", "formal warning for absence", "not ready for promotion to level 6",
)  # fmt: skip
_PROMPTS: Final = (
    "write a complaint about my manager to the ombudsman", "explain my chemotherapy side effects to a child",
    "draft a non-compete waiver for the Halcyon deal", "is it legal to record my landlord",
)  # fmt: skip
_CLASSIFIED: Final = (
    "Nightjar reactor shutdown sequence", "bid ceiling for the Halcyon takeover", "unannounced recall of batch 7731",
)  # fmt: skip
_WORDS: Final = ("Correct", "Battery", "Harbour", "Walnut", "Tangerine", "Copper")

Draw = Callable[[random.Random], str]


def _digits(chance: random.Random, form: str) -> str:
    return "".join(chance.choice(string.digits) if one == "d" else one for one in form)


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"


def _mail(chance: random.Random) -> str:
    return f"{_name(chance).lower().replace(' ', '.')}@example.org"


def _address(chance: random.Random) -> str:
    return f"{chance.randrange(10, 2000)} {chance.choice(_STREETS)}, {chance.choice(_TOWNS)}"


def _ssn(chance: random.Random) -> str:
    return f"{chance.randrange(100, 600)}-{chance.randrange(10, 99)}-{chance.randrange(1000, 9999)}"


def _card(chance: random.Random) -> str:
    digits = [4, *(chance.randrange(10) for _ in range(14))]
    doubled = [digit if at % 2 else digit * 2 for at, digit in enumerate(digits)]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled)
    text = "".join(map(str, (*digits, -total % 10)))
    return " ".join(text[at : at + 4] for at in range(0, 16, 4))


def _password(chance: random.Random) -> str:
    return f"{''.join(chance.sample(_WORDS, 2))}{chance.randrange(10, 99)}!"


def _token(chance: random.Random) -> str:
    return "ghp_" + "".join(chance.choices(string.ascii_letters + string.digits, k=36))


DRAWS: Final[Mapping[str, tuple[Draw, ...]]] = MappingProxyType(
    {
        "person": (_name, _mail, _address, lambda chance: _digits(chance, "+44 7700 900ddd")),
        "medical": (lambda chance: chance.choice(_MEDICAL), lambda chance: _digits(chance, "MRN 00dddddd")),
        "tax": (_ssn, lambda chance: _digits(chance, "EIN 4d-ddddddd")),
        "financial": (_card, lambda chance: _digits(chance, "DE4450010517540732dddd")),
        "chat": (lambda chance: chance.choice(_CHAT),),
        "hr": (lambda chance: chance.choice(_HR),),
        "ai_prompt": (lambda chance: chance.choice(_PROMPTS),),
        "classified": (lambda chance: chance.choice(_CLASSIFIED),),
        "secret": (_password, _token),
    }
)
"""How a value of each category is drawn."""


def draw(chance: random.Random, category: str) -> Planted:
    """A value of this category."""
    return Planted(chance.choice(DRAWS[category])(chance), category)
