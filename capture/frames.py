"""Frames as tiles: what changed is found by comparing 64x64 tiles, and only changed tiles are packed.

`TileWriter` turns screens into `Frame` events; `TileReader` turns them back. Both hold one screen in memory and write
nothing. A reader that misses a frame refuses until the next whole one.
"""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import zstandard

from capture.events import EventError, Frame, Tile

TILE: Final = 64
"""Edge of a tile in pixels."""
MAX_EDGE: Final = 32768
"""Largest width or height of a frame in pixels; checked before memory is taken."""
MAX_PIXELS: Final = 64 << 20
"""Largest frame in pixels (two 8K screens): whoever reads it needs three bytes for each."""
MAX_WINDOW: Final = 8 << 20
"""Largest zstandard window in bytes that a reader must support (RFC 8878, section 3.1.1.1.2)."""
LEVEL: Final = 1
"""zstandard level: 1 ms and 22-78 KB for a 1080p interface screen, where PNG takes 18-25 ms."""

Pixel = TypeVar("Pixel", bound=np.generic)
Screen = npt.NDArray[np.uint8]
"""Pixels as rows of RGB: shape (height, width, 3), 8 bits a channel."""


def is_possible(width: int, height: int) -> bool:
    """Whether a screen of this size in pixels can be recorded and read."""
    return 0 < width <= MAX_EDGE and 0 < height <= MAX_EDGE and width * height <= MAX_PIXELS


class TileWriter:
    """Makes `Frame` events from screens, whole at first and after a change of size.

    A screen that was written belongs to the writer: whoever changes it afterwards hides that change.
    """

    def __init__(self) -> None:
        self._last: Screen | None = None
        self._pack = zstandard.ZstdCompressor(level=LEVEL)

    def write(self, screen: Screen, at_ns: int) -> Frame | None:
        """The frame that leads from the last screen to this one; None when not a pixel changed."""
        whole = self._last is None or self._last.shape != screen.shape
        tiles = _all_tiles(screen) if whole else _changed_tiles(self._last, screen)
        if not tiles:
            return None
        self._last = screen
        packed = self._pack.compress(b"".join(_cut(screen, tile).tobytes() for tile in tiles))
        height, width = screen.shape[:2]
        return Frame(at_ns=at_ns, width=width, height=height, whole=whole, tiles=tiles, packed=packed)


class TileReader:
    """Rebuilds screens from `Frame` events in their order."""

    def __init__(self) -> None:
        self._last: Screen | None = None

    def read(self, frame: Frame) -> Screen:
        """The full screen after this frame, a new array; `EventError` if the frame does not fit what came before."""
        if not is_possible(frame.width, frame.height):
            raise EventError("a frame has an impossible size")
        shape = (frame.height, frame.width, 3)
        if len(set(frame.tiles)) != len(frame.tiles):
            raise EventError("a frame names a tile twice")
        if frame.whole:
            _require_whole(frame)
            screen = np.zeros(shape, np.uint8)
        elif self._last is None or self._last.shape != shape:
            raise EventError("a frame builds on one that is missing")
        else:
            screen = self._last
        _paste(screen, frame)
        self._last = screen
        return screen.copy()


def _require_whole(frame: Frame) -> None:
    if len(frame.tiles) != -(-frame.width // TILE) * -(-frame.height // TILE):
        raise EventError("a whole frame does not hold every tile")


def _paste(screen: Screen, frame: Frame) -> None:
    """Lays the tiles into the screen; before the first is laid, all is checked."""
    places = [_cut(screen, tile) for tile in frame.tiles]
    pixels = _unpacked(frame.packed, sum(place.size for place in places))
    start = 0
    for place in places:
        place[:] = np.frombuffer(pixels, np.uint8, place.size, start).reshape(place.shape)
        start += place.size


def _unpacked(untrusted: bytes, size: int) -> bytes:
    """Exactly `size` bytes; no more than that is ever unpacked, whatever the packed form says of itself."""
    try:
        with zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW).stream_reader(untrusted) as stream:
            pixels = stream.read(size + 1)
    except zstandard.ZstdError:
        raise EventError("a frame's tiles cannot be unpacked") from None
    if len(pixels) != size:
        raise EventError("a frame's tiles have the wrong size")
    return pixels


def _cut(screen: npt.NDArray[Pixel], tile: Tile) -> npt.NDArray[Pixel]:
    """The part of the screen that a tile covers, as a view."""
    height, width = screen.shape[:2]
    if not (0 <= tile.column * TILE < width and 0 <= tile.row * TILE < height):
        raise EventError("a tile lies outside its frame")
    return screen[tile.row * TILE : (tile.row + 1) * TILE, tile.column * TILE : (tile.column + 1) * TILE]


def _all_tiles(screen: Screen) -> tuple[Tile, ...]:
    height, width = screen.shape[:2]
    rows, columns = -(-height // TILE), -(-width // TILE)
    return tuple(Tile(column, row) for row in range(rows) for column in range(columns))


def _changed_tiles(last: Screen | None, screen: Screen) -> tuple[Tile, ...]:
    if last is None:
        return _all_tiles(screen)
    differs = last != screen
    return tuple(tile for tile in _all_tiles(screen) if _cut(differs, tile).any())
