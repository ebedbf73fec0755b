"""What was masked with a session's detectors is found clean by them in the last look, whatever it was made of."""

from __future__ import annotations

import random
from typing import Final

from redaction.detectors import light_detectors
from redaction.examine import Examiner
from redaction.hunting.entities import Entities
from redaction.hunting.hunt import Entity, Hunt
from redaction.lexicon import Lexicon, load_lexicon
from redaction.reports.residual import residuals
from redaction.spans import Category
from redaction.text import mask_text
from tests.redaction.reports import episode, step

HUNT: Final = Hunt(
    (
        Entity("Mark Bell", Category.PERSON),
        Entity("Grace Page", Category.PERSON),
        Entity("hunter2", Category.SECRET),
        Entity("open sesame", Category.SECRET),
        Entity("metformin", Category.MEDICAL),
        Entity("4111 1111 1111 1111", Category.FINANCIAL),
    )
)
"""Names and words that are interface words, too."""
VALUES: Final = (
    *("Bell, Mark", "M. Bell", "Grace", "hunter2", "0pen sesarne", "metforrnin", "ending in 1111"),
    *("219-09-9999", "john@x.example", "sk-abcdefghij12345", "MRN 88123", "$4,200.00"),
)
MARKS: Final = (" - ", " | ", ": ", " > ", " \u2014 ", " / ", " ")


def titles(number: int, lexicon: Lexicon) -> list[str]:
    """Titles of interface phrases and values, always the same."""
    chance, phrases = random.Random(5), sorted(lexicon.phrases)
    made = []
    for _ in range(number):
        title = chance.choice(phrases)
        for _ in range(chance.randint(0, 4)):
            title += chance.choice(MARKS) + chance.choice(phrases if chance.random() < 0.6 else VALUES)
        made.append(title)
    return made


def left_over(shown: list[str]) -> int:
    """In how many titles the last look finds something."""
    session = episode(steps=tuple(step(window_title=title) for title in shown))
    found = residuals((session,), examine=Examiner(light_detectors()).examine, hunt=HUNT)
    return sum(one.number for one in found)


def test_nothing_is_left_over_of_what_was_masked() -> None:
    lexicon, detectors, entities = load_lexicon(), (*light_detectors(), HUNT), Entities()
    raw_titles = titles(200, lexicon)
    masked = [mask_text(raw, lexicon=lexicon, detectors=detectors, tag=entities.tag) for raw in raw_titles]
    assert left_over(raw_titles) > 80
    assert sum(one.kept for one in masked) > 80
    assert left_over([one.text for one in masked]) == 0
