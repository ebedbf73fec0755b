"""Texts to time contenders with: a seed enters, lines of a hundred characters and distinct titles leave. Pure."""

from __future__ import annotations

import random
from typing import Final

from benchmarks.text.planting import DRAWS, draw

SEED: Final = 4
LENGTH: Final = 100
"""Characters of a text that is examined alone."""
_FILLER: Final = (
    "the meeting was moved to the second floor and lasts an hour ",
    "open the settings and choose another colour for the header ",
    "all rows of the table were sorted by the column on the left ",
    "nothing has changed since the last release of the programme ",
)
_PROGRAMMES: Final = ("Word", "Excel", "Mozilla Firefox", "Visual Studio Code", "Outlook", "Slack", "Files", "Terminal")


def singles(count: int) -> tuple[str, ...]:
    """Distinct texts of a hundred characters: something harmless with a value in it."""
    chance = random.Random(SEED)
    return tuple(_single(chance, number) for number in range(count))


def many_titles(count: int) -> tuple[str, ...]:
    """Distinct window titles."""
    chance = random.Random(SEED + 1)
    categories = tuple(DRAWS)
    return tuple(
        f"{draw(chance, chance.choice(categories)).value} {number} - {chance.choice(_PROGRAMMES)}"
        for number in range(count)
    )


def _single(chance: random.Random, number: int) -> str:
    value = draw(chance, chance.choice(tuple(DRAWS))).value
    text = f"{number} {value} {chance.choice(_FILLER)}{chance.choice(_FILLER)}"
    return text[:LENGTH]
