"""A shelf: named objects behind any fsspec URL, so that roles may sit on one machine or on three.

Objects are sealed, signed or public. They are created once and never overwritten, except those that `replace` names (a
status that moves on). Names are checked, so that a name from outside cannot leave the shelf.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from vault.errors import BadInput, MissingPart

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Shelf:
    """The objects below one URL (a folder, or for example `s3://bucket/prefix`)."""

    def __init__(self, url: str) -> None:
        import fsspec

        self._files, self._root = fsspec.core.url_to_fs(url)
        self.url = url

    def create(self, name: str, data: bytes) -> None:
        """Stores a new object; `BadInput` if the name is taken by other bytes, nothing to do if by the same."""
        path = self._path(name)
        self._files.makedirs(self._files._parent(path), exist_ok=True)  # fsspec names no public one  # noqa: SLF001
        try:
            self._files.pipe_file(path, data, mode="create")
        except FileExistsError:
            if self.read(name) != data:
                raise BadInput(f"{name} exists already with other content; nothing was overwritten") from None

    def replace(self, name: str, data: bytes) -> None:
        """Stores an object that may move on."""
        path = self._path(name)
        self._files.makedirs(self._files._parent(path), exist_ok=True)  # fsspec names no public one  # noqa: SLF001
        self._files.pipe_file(path, data)

    def read(self, name: str) -> bytes:
        """The object's bytes; `MissingPart` if it is not there."""
        try:
            data: bytes = self._files.cat_file(self._path(name))
        except FileNotFoundError:
            raise MissingPart(f"{name} is not in {self.url}") from None
        return data

    def has(self, name: str) -> bool:
        """Whether there is such an object."""
        return bool(self._files.exists(self._path(name)))

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the objects right below a folder of the shelf, sorted; none if there is no such folder."""
        try:
            found = self._files.ls(self._path(folder), detail=False)
        except FileNotFoundError:
            return ()
        return tuple(sorted(f"{folder}/{PurePosixPath(str(path)).name}" for path in found))

    def remove(self, name: str) -> None:
        """Removes an object; one that is gone already is no error."""
        if self.has(name):
            self._files.rm_file(self._path(name))

    def _path(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise BadInput("an object's name holds a character that a name may not hold")
        return f"{self._root}/{name}"
