"""Frames as tiles: what changed is found by comparing 64x64 tiles, and only changed tiles are packed.

`TileWriter` turns what was grabbed of a screen into `Frame` events; `TileReader` turns them back into screens. Both
hold one screen in memory and write nothing. A reader that misses a frame refuses until the next whole one. What stood
in the tiles before serves as dictionary, so that what only moved costs little.
"""

from __future__ import annotations

from typing import Final, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt
import zstandard

from capture.events import Area, EventError, Frame, Tile

TILE: Final = 64
"""Edge of a tile in pixels."""
MAX_EDGE: Final = 32768
"""Largest width or height of a frame in pixels; checked before memory is taken."""
MAX_PIXELS: Final = 64 << 20
"""Largest frame in pixels (two 8K screens): whoever reads it needs three bytes for each."""
MAX_WINDOW_LOG: Final = 24
"""Largest zstandard window, as a power of two of bytes: a reader's memory is bounded by it, a 1080p frame fits in."""
MAX_TABLE_LOG: Final = 20
"""Largest table of the packer: with 2^17 entries, as level 3 has them, a scrolled page takes five times as much."""
LEVEL: Final = 3
"""zstandard level: with the table above a scrolled 1080p page takes a tenth of what level 1 makes of it."""

Pixel = TypeVar("Pixel", bound=np.generic)
Pixels: TypeAlias = npt.NDArray[np.uint32]
"""Pixels as a display gives them: shape (height, width), each 0x??RRGGBB; the highest byte means nothing."""
Screen: TypeAlias = npt.NDArray[np.uint8]
"""Pixels as rows of RGB: shape (height, width, 3), 8 bits a channel."""
_RGB: Final = np.uint32(0xFFFFFF)


def is_possible(width: int, height: int) -> bool:
    """Whether a screen of this size in pixels can be recorded and read."""
    return 0 < width <= MAX_EDGE and 0 < height <= MAX_EDGE and width * height <= MAX_PIXELS


class TileWriter:
    """Makes `Frame` events from grabbed pixels; the first one is whole, and holds `fill` where nothing was grabbed."""

    def __init__(self, width: int, height: int, *, fill: int = 0) -> None:
        self._last: Pixels = np.full((height, width), fill, np.uint32)
        self._whole = True

    def write(self, pixels: Pixels, at_ns: int, *, x: int = 0, y: int = 0) -> Frame | None:
        """The frame that leads from the last screen to the one with these pixels (0x??RRGGBB) at this place of it.

        None when not a pixel changed. The place must be whole tiles, see `aligned`; else ValueError. The highest byte
        of the pixels is set to 0.
        """
        changed, old = self._lay(pixels, x, y)
        whole, self._whole = self._whole, False
        height, width = self._last.shape
        tiles = _all_tiles(height, width) if whole else changed
        if not tiles:
            return None
        packed = _packer(b"" if whole else old).compress(_rgb_of(self._last, tiles))
        return Frame(at_ns=at_ns, width=width, height=height, whole=whole, tiles=tiles, packed=packed)

    def _lay(self, pixels: Pixels, x: int, y: int) -> tuple[tuple[Tile, ...], bytes]:
        """Lays the pixels into the screen; the tiles that are not what they were, and what they were."""
        height, width = pixels.shape
        place = Area(x, y, width, height)
        if aligned(place, width=self._last.shape[1], height=self._last.shape[0]) != place:
            raise ValueError("pixels for a frame must be whole tiles")
        under = self._last[y : y + height, x : x + width]
        np.bitwise_and(pixels, _RGB, out=pixels)
        # Column by column: what is scrolled then lies in one piece beside what it was, and packs well.
        columns, rows = np.nonzero(_differing_tiles(pixels, under).T)
        tiles = tuple(
            Tile(int(column) + x // TILE, int(row) + y // TILE) for column, row in zip(columns, rows, strict=True)
        )
        old = b"" if self._whole else _rgb_of(self._last, tiles)
        under[:] = pixels
        return tiles, old


def aligned(area: Area, *, width: int, height: int) -> Area:
    """The smallest area of whole tiles around the part of an area that lies on a screen of this size."""
    left, top = max(area.x, 0) // TILE * TILE, max(area.y, 0) // TILE * TILE
    right = min(-(-(area.x + area.width) // TILE) * TILE, width)
    lower = min(-(-(area.y + area.height) // TILE) * TILE, height)
    return Area(left, top, max(right - left, 0), max(lower - top, 0))


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
    old = b"" if frame.whole else b"".join(place.tobytes() for place in places)
    pixels = _unpacked(frame.packed, sum(place.size for place in places), old=old)
    start = 0
    for place in places:
        place[:] = np.frombuffer(pixels, np.uint8, place.size, start).reshape(place.shape)
        start += place.size


def _packer(old: bytes) -> zstandard.ZstdCompressor:
    if not old:
        return zstandard.ZstdCompressor(level=LEVEL)
    # Both the old and the new content lie in the window, and the table is large enough to find the one in the other.
    bits = max((2 * len(old)).bit_length(), zstandard.WINDOWLOG_MIN)
    window, table = min(bits, MAX_WINDOW_LOG), min(bits, MAX_TABLE_LOG)
    how = zstandard.ZstdCompressionParameters.from_level(LEVEL, window_log=window, hash_log=table, chain_log=table)
    return zstandard.ZstdCompressor(dict_data=_dictionary(old), compression_params=how)


def _unpacked(untrusted: bytes, size: int, *, old: bytes) -> bytes:
    """Exactly `size` bytes; no more than that is ever unpacked, whatever the packed form says of itself."""
    window = 1 << MAX_WINDOW_LOG
    reader = (
        zstandard.ZstdDecompressor(dict_data=_dictionary(old), max_window_size=window)
        if old
        else zstandard.ZstdDecompressor(max_window_size=window)
    )
    try:
        with reader.stream_reader(untrusted) as stream:
            pixels = stream.read(size + 1)
    except zstandard.ZstdError:
        raise EventError("a frame's tiles cannot be unpacked") from None
    if len(pixels) != size:
        raise EventError("a frame's tiles have the wrong size")
    return pixels


def _dictionary(old: bytes) -> zstandard.ZstdCompressionDict:
    """What stood in the tiles before, as content that new tiles may refer to (RFC 8878, section 5: raw content)."""
    return zstandard.ZstdCompressionDict(old, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


def _cut(screen: npt.NDArray[Pixel], tile: Tile) -> npt.NDArray[Pixel]:
    """The part of the screen that a tile covers, as a view."""
    height, width = screen.shape[:2]
    if not (0 <= tile.column * TILE < width and 0 <= tile.row * TILE < height):
        raise EventError("a tile lies outside its frame")
    return screen[tile.row * TILE : (tile.row + 1) * TILE, tile.column * TILE : (tile.column + 1) * TILE]


def _all_tiles(height: int, width: int) -> tuple[Tile, ...]:
    rows, columns = -(-height // TILE), -(-width // TILE)
    return tuple(Tile(column, row) for column in range(columns) for row in range(rows))


def _differing_tiles(one: Pixels, other: Pixels) -> npt.NDArray[np.bool_]:
    """True for each tile with a pixel of another colour; eight comparisons are joined at a time."""
    height, width = one.shape
    differs = np.zeros((height, -(-width // 8) * 8), np.bool_)
    np.not_equal(one, other, out=differs[:, :width])
    words = differs.view(np.uint64)
    rows = np.bitwise_or.reduceat(words, np.arange(0, height, TILE), axis=0)
    joined: npt.NDArray[np.bool_] = np.bitwise_or.reduceat(rows, np.arange(0, words.shape[1], TILE // 8), axis=1) != 0
    return joined


def _rgb_of(screen: Pixels, tiles: tuple[Tile, ...]) -> bytes:
    """The tiles' rows of RGB, one tile after another; tiles below each other are one strip, and turned at once."""
    strips: list[bytes] = []
    start = 0
    for end in range(1, len(tiles) + 1):
        if end == len(tiles) or tiles[end] != Tile(tiles[end - 1].column, tiles[end - 1].row + 1):
            first, last = tiles[start], tiles[end - 1]
            left = first.column * TILE
            strips.append(_rgb(screen[first.row * TILE : (last.row + 1) * TILE, left : left + TILE]))
            start = end
    return b"".join(strips)


def _rgb(strip: Pixels) -> bytes:
    """Rows of RGB; channel by channel is several times as fast as one strided copy."""
    rgb = np.empty((*strip.shape, 3), np.uint8)
    for channel, shift in enumerate((16, 8, 0)):
        rgb[:, :, channel] = strip >> np.uint32(shift)
    return rgb.tobytes()
