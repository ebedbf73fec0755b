"""Guards for types that only one function may make.

A module that owns such a type holds one `Mint` in a private name and asks for it in the type's `__post_init__`. Whoever
makes the type without that very object gets `NotMinted`, also through `dataclasses.replace`. This is a wall against
mistakes inside one process; between processes and people the walls are signatures over digests.
"""

from __future__ import annotations

from typing import final

from vault.errors import NotMinted


@final
class Mint:
    """The right to make values of one type; compared by identity."""

    __slots__ = ("_maker",)

    def __init__(self, maker: str) -> None:
        self._maker = maker

    def require(self, shown: Mint) -> None:
        """Nothing, if `shown` is this mint; `NotMinted` otherwise."""
        if shown is not self:
            raise NotMinted(f"a value of this type is made only by {self._maker}")
