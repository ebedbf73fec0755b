"""Window titles and addresses with their truth: a marked line enters; text, planted values and the rest leave. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from benchmarks.text.judge import Planted
from benchmarks.text.title_table import ROWS

_MARK: Final = re.compile(r"\{(\w+)\|([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Title:
    """A title or an address, the values planted in it, and the text around them."""

    programme: str
    text: str
    planted: tuple[Planted, ...]
    benign: str

    @property
    def is_address(self) -> bool:
        """Whether it is an address and no title."""
        return self.text.startswith("https://")


def parse(programme: str, marked: str) -> Title:
    """The line with its truth."""
    planted = tuple(Planted(match[2], match[1]) for match in _MARK.finditer(marked))
    return Title(programme, _MARK.sub(r"\2", marked), planted, _MARK.sub(" ", marked))


def titles() -> tuple[Title, ...]:
    """All of the table."""
    return tuple(parse(programme, marked) for programme, *lines in ROWS for marked in lines)
