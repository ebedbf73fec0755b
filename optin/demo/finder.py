"""The ids of planted values come out of whatever is held before the finder: bytes, texts, pictures, files.

It looks for more than the plain value: other encodings, missing blanks, parts that give the value away, and in
pictures what a misreading eye would still recognise. It never returns, logs or writes what it found, only ids. What it
cannot open is an error: not examined is not the same as not found.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from optin.demo.needles import encodings, exact_encodings, folded, is_near, needles_of, squashed
from optin.demo.planted import Planted
from optin.demo.reading import Reader

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PARQUET: Final = b"PAR1"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_GZIP: Final = b"\x1f\x8b"
_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_TAG: Final = re.compile(r"<[^>]*>")
_NOTHING: Final[frozenset[str]] = frozenset()
Found = frozenset[str]


class Unexamined(ValueError):
    """A file or a part of it could not be opened, so nothing can be said about it."""


class Finder:
    """Looks for the given planted values; a context manager, since it may load a reading engine. One a process."""

    def __init__(self, planted: tuple[Planted, ...]) -> None:
        self._needles = needles_of(planted)
        self._encoded = tuple((secret.id, encodings(secret.value)) for secret in planted)
        self._exactly = tuple((secret.id, exact_encodings(secret.value)) for secret in planted)
        self._reader = Reader()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Frees the reading engine."""
        self._reader.close()

    def in_bytes(self, data: bytes) -> Found:
        """The ids whose value is in the bytes: as text in three encodings, escaped, quoted, in hex or base64."""
        lower = data.lower()
        spelled = {name for name, forms in self._encoded if any(form in lower for form in forms)}
        return frozenset(spelled | {name for name, forms in self._exactly if any(form in data for form in forms)})

    def in_text(self, text: str) -> Found:
        """The ids whose value, or a telling part of it, is in the text once blanks and punctuation are gone."""
        plain = squashed(text)
        found = frozenset(needle.id for needle in self._needles if needle.text in plain)
        return found | self.in_bytes(text.encode("utf-8", "surrogatepass"))

    def in_image(self, rgb: NDArray[np.uint8]) -> Found:
        """The ids that can be read in a picture of shape (height, width, 3), with one error in eight characters."""
        return self.in_reading(self._reader.read(rgb))

    def in_reading(self, texts: Iterable[str]) -> Found:
        """The ids in texts that were read from pixels, where characters that look alike count as one."""
        plain = [folded(text) for text in texts]
        return frozenset(
            needle.id for needle in self._needles if any(is_near(needle.folded, text, needle.errors) for text in plain)
        )

    def in_file(self, path: Path) -> Found:
        """The ids in a file, its name included; Unexamined when it says that it is something that it is not."""
        return self.in_text(path.name) | self.in_blob(path.read_bytes())

    def in_blob(self, data: bytes) -> Found:
        """The ids in bytes of any kind: Parquet, pictures, zstd, gzip, JSON, HTML, else text or plain bytes."""
        found = self.in_bytes(data)
        if data.startswith(_PARQUET):
            return found | self._in_values(_parquet_values(data))
        if data.startswith(_PICTURES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
            return found | self._in_picture(data)
        if data.startswith((_ZSTD, _GZIP)):
            return found | self.in_blob(_unpacked(data))
        return found | self._in_readable(data)

    def _in_readable(self, data: bytes) -> Found:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:  # not a text, and as bytes it has been looked at
            return _NOTHING
        plain = html.unescape(text)
        return self.in_text(plain) | self.in_text(_TAG.sub("", plain)) | self._in_values(_json_values(text))

    def _in_picture(self, data: bytes) -> Found:
        import numpy as np
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(io.BytesIO(data)) as image:
                notes = [value for value in image.info.values() if isinstance(value, str | bytes)]
                rgb = np.asarray(image.convert("RGB"))
        except (UnidentifiedImageError, OSError) as error:
            raise Unexamined("A picture is damaged, so it was not examined.") from error
        return self.in_image(rgb) | self._in_values(iter(notes))

    def _in_values(self, values: Iterator[object]) -> Found:
        """The ids in single values, and in those of one character each taken together, as single keys would be."""
        found = _NOTHING
        keys = []
        seen: set[str] = set()
        for value in values:
            if isinstance(value, bytes):
                found |= self.in_blob(value)
            elif (text := str(value)) not in seen:
                seen.add(text)
                found |= self.in_text(text)
            if isinstance(value, str) and len(value) == 1:
                keys.append(value)
        return found | self.in_text("".join(keys))


def _parquet_values(data: bytes) -> Iterator[object]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise Unexamined("A Parquet file is damaged, so it was not examined.") from error
    yield from (part for pair in (table.schema.metadata or {}).items() for part in pair)
    for name in table.column_names:
        yield name
        yield from _leaves(table.column(name).to_pylist())


def _json_values(text: str) -> Iterator[object]:
    """The strings and numbers of a JSON text, or of each line that is one."""
    try:
        yield from _leaves(json.loads(text))
    except ValueError:  # not one document; perhaps one a line
        for line in text.splitlines():
            try:
                yield from _leaves(json.loads(line))
            except ValueError:  # a line of prose, which was looked at as text
                continue


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value
        yield from _leaves(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif value is not None:
        yield value


def _unpacked(data: bytes) -> bytes:
    import zstandard

    try:
        if data.startswith(_GZIP):
            return gzip.decompress(data)
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True) as stream:
            return bytes(stream.read())
    except (zstandard.ZstdError, OSError, EOFError) as error:
        raise Unexamined("A compressed file is damaged, so it was not examined.") from error
