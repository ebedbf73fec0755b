"""A shelf: named objects behind any fsspec URL, so that roles may sit on one machine or on three.

Objects are sealed, signed or public. They are created once and never overwritten, except those that `replace` names (a
status that moves on). Names are checked, so that a name from outside cannot leave the shelf. In a folder an object is
there whole and durably, or not at all.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Final

from vault.errors import BadInput, MissingPart
from vault.files import create_file, remove_file, replace_file

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Shelf:
    """The objects below one URL (a folder, or for example `s3://bucket/prefix`)."""

    def __init__(self, url: str) -> None:
        import fsspec
        from fsspec.implementations.local import LocalFileSystem

        self._files, self._root = fsspec.core.url_to_fs(url)
        self._is_folder = isinstance(self._files, LocalFileSystem)
        self.url = url

    def create(self, name: str, data: bytes) -> None:
        """Stores a new object; `BadInput` if the name is taken by other bytes, nothing to do if by the same."""
        path = self._made(name)
        try:
            if self._is_folder:
                create_file(Path(path), data)
            else:
                self._files.pipe_file(path, data, mode="create")
        except (FileExistsError, BadInput):
            if self.read(name) != data:
                raise BadInput(f"{name} exists already with other content; nothing was overwritten") from None

    def replace(self, name: str, data: bytes) -> None:
        """Stores an object that may move on."""
        path = self._made(name)
        if self._is_folder:
            replace_file(Path(path), data)
        else:
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
        names = (f"{folder}/{PurePosixPath(str(path)).name}" for path in found)
        return tuple(sorted(name for name in names if _NAME.fullmatch(name)))  # not what a kill left half written

    def remove(self, name: str) -> None:
        """Removes an object; one that is gone already is no error."""
        path = self._path(name)
        if self._is_folder and Path(path).parent.is_dir():
            remove_file(Path(path))
        elif self.has(name):
            self._files.rm_file(path)

    def _made(self, name: str) -> str:
        """The object's path, after the folder that it lies in was made."""
        path = self._path(name)
        self._files.makedirs(self._files._parent(path), exist_ok=True)  # fsspec names no public one  # noqa: SLF001
        return path

    def _path(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise BadInput("an object's name holds a character that a name may not hold")
        return f"{self._root}/{name}"
