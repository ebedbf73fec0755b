"""Screens come back from their tiles pixel for pixel; what does not fit, or would fill the memory, is refused."""

from __future__ import annotations

import tracemalloc

import msgspec
import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from capture.events import Area, EventError, Frame, Tile
from capture.frames import MAX_EDGE, TILE, Pixels, Screen, TileReader, TileWriter, aligned
from tests.world import grabbed

SIZES = [(1, 1), (64, 64), (65, 64), (64, 65), (200, 130), (63, 127), (1080, 1920)]
"""Heights and widths, with and without cropped tiles at the edges."""


def noise(height: int, width: int, seed: int) -> Screen:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def packed(pixels: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(pixels)


def writer_for(screen: Screen) -> TileWriter:
    return TileWriter(screen.shape[1], screen.shape[0])


def grey(width: int, height: int, value: int = 9) -> Pixels:
    return np.full((height, width), value, np.uint32)


def written(screen: Screen, *, at_ns: int = 0) -> Frame:
    frame = writer_for(screen).write(grabbed(screen), at_ns)
    assert frame is not None
    return frame


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_a_screen_of_any_size_comes_back(height: int, width: int) -> None:
    screen = noise(height, width, 1)
    assert np.array_equal(TileReader().read(written(screen)), screen)


@given(
    height=st.integers(1, 200),
    width=st.integers(1, 200),
    dots=st.lists(st.tuples(st.integers(0, 199), st.integers(0, 199)), min_size=1, max_size=5),
)
def test_every_changed_pixel_comes_back(height: int, width: int, dots: list[tuple[int, int]]) -> None:
    writer, reader, screen = TileWriter(width, height), TileReader(), noise(height, width, 2)
    frames = [writer.write(grabbed(screen), 0)]
    for x, y in dots:
        screen = screen.copy()
        screen[y % height, x % width] ^= 0x55
        frames.append(writer.write(grabbed(screen), 0))
    seen = [reader.read(frame) for frame in frames if frame is not None]
    assert np.array_equal(seen[-1], screen)


def test_only_tiles_that_changed_are_packed() -> None:
    writer, screen = TileWriter(200, 200), noise(200, 200, 3)
    writer.write(grabbed(screen), 0)
    screen[199, 70] ^= 1
    frame = writer.write(grabbed(screen), 1)
    assert frame is not None
    assert (frame.whole, frame.tiles) == (False, (Tile(1, 3),))


def test_a_screen_that_did_not_change_gives_no_frame() -> None:
    writer, screen = TileWriter(70, 70), noise(70, 70, 4)
    writer.write(grabbed(screen), 0)
    assert writer.write(grabbed(screen), 1) is None


def test_the_byte_that_means_nothing_is_no_change() -> None:
    writer, screen = TileWriter(70, 70), noise(70, 70, 4)
    writer.write(grabbed(screen), 0)
    assert writer.write(grabbed(screen) | np.uint32(0xFF000000), 1) is None


def test_a_part_of_the_screen_is_laid_where_it_belongs() -> None:
    writer, reader = TileWriter(200, 130, fill=5), TileReader()
    frames = [writer.write(grey(200, 130), 0), writer.write(grey(72, 66, 77), 1, x=128, y=64)]
    screen = [reader.read(frame) for frame in frames if frame is not None][-1]
    assert (screen[64:, 128:, 2] == 77).all()
    assert (screen[:64, :, 2] == 9).all()
    assert (screen[:, :128, 2] == 9).all()


def test_the_first_frame_is_whole_though_only_a_part_was_taken() -> None:
    frame = TileWriter(200, 130, fill=5).write(grey(64, 64), 0)
    assert frame is not None
    assert frame.whole
    screen = TileReader().read(frame)
    assert (screen[:64, :64, 2] == 9).all()
    assert (screen[64:, :, 2] == 5).all()


@pytest.mark.parametrize(
    ("x", "y", "width", "height"), [(1, 0, 64, 64), (0, 0, 63, 64), (0, 64, 64, 63), (192, 0, 64, 64)]
)
def test_pixels_that_are_not_whole_tiles_of_the_screen_are_refused(x: int, y: int, width: int, height: int) -> None:
    with pytest.raises(ValueError, match="whole tiles"):
        TileWriter(200, 130).write(grey(width, height), 0, x=x, y=y)


@pytest.mark.parametrize(
    ("area", "tiles"),
    [
        (Area(70, 1, 2, 2), Area(64, 0, 64, 64)),
        (Area(63, 63, 2, 2), Area(0, 0, 128, 128)),
        (Area(199, 129, 50, 50), Area(192, 128, 8, 2)),
        (Area(-5, -5, 10, 10), Area(0, 0, 64, 64)),
    ],
)
def test_an_area_is_rounded_to_the_tiles_that_lie_on_the_screen(area: Area, tiles: Area) -> None:
    assert aligned(area, width=200, height=130) == tiles


def test_a_screen_that_was_read_is_the_callers_own() -> None:
    writer, reader, screen = TileWriter(100, 100), TileReader(), noise(100, 100, 6)
    first = writer.write(grabbed(screen), 0)
    screen[0, 0] ^= 1
    second = writer.write(grabbed(screen), 1)
    assert first is not None
    assert second is not None
    reader.read(first)[:] = 0
    assert np.array_equal(reader.read(second), screen)


def test_a_frame_whose_base_is_missing_is_refused() -> None:
    with pytest.raises(EventError, match="missing"):
        TileReader().read(Frame(0, 64, 64, whole=False, tiles=(Tile(0, 0),), packed=packed(bytes(64 * 64 * 3))))


def test_a_frame_on_a_base_of_another_size_is_refused() -> None:
    reader = TileReader()
    reader.read(written(noise(64, 64, 7)))
    with pytest.raises(EventError, match="missing"):
        reader.read(Frame(0, 64, 65, whole=False, tiles=(Tile(0, 0),), packed=packed(bytes(64 * 64 * 3))))


def test_after_a_refused_frame_the_screen_is_what_it_was() -> None:
    reader, screen = TileReader(), noise(128, 64, 8)
    whole = written(screen)
    reader.read(whole)
    with pytest.raises(EventError):
        reader.read(Frame(0, 64, 128, whole=False, tiles=(Tile(0, 0), Tile(0, 9)), packed=b""))
    empty = Frame(0, 64, 128, whole=False, tiles=(), packed=packed(b""))
    assert np.array_equal(reader.read(empty), screen)


@pytest.mark.parametrize(("width", "height"), [(0, 64), (64, 0), (-1, 64), (MAX_EDGE + 1, 64), (64, 2**62)])
def test_a_frame_of_impossible_size_is_refused(width: int, height: int) -> None:
    with pytest.raises(EventError, match="size"):
        TileReader().read(Frame(0, width, height, whole=True, tiles=(Tile(0, 0),), packed=b""))


@pytest.mark.parametrize("tile", [Tile(1, 0), Tile(0, 1), Tile(-1, 0), Tile(0, -1), Tile(2**62, 0)])
def test_a_tile_outside_its_frame_is_refused(tile: Tile) -> None:
    with pytest.raises(EventError, match="outside"):
        TileReader().read(Frame(0, 64, 64, whole=True, tiles=(tile,), packed=packed(bytes(64 * 64 * 3))))


def test_a_tile_that_is_named_twice_is_refused() -> None:
    twice = Frame(0, 128, 64, whole=True, tiles=(Tile(0, 0), Tile(0, 0)), packed=packed(bytes(2 * TILE * TILE * 3)))
    with pytest.raises(EventError, match="twice"):
        TileReader().read(twice)


def test_a_whole_frame_without_every_tile_is_refused() -> None:
    with pytest.raises(EventError, match="every tile"):
        TileReader().read(Frame(0, 128, 64, whole=True, tiles=(Tile(0, 0),), packed=packed(bytes(TILE * TILE * 3))))


@pytest.mark.parametrize("size", [0, 1, TILE * TILE * 3 - 1, TILE * TILE * 3 + 1])
def test_tiles_of_the_wrong_size_are_refused(size: int) -> None:
    with pytest.raises(EventError, match="wrong size"):
        TileReader().read(Frame(0, 64, 64, whole=True, tiles=(Tile(0, 0),), packed=packed(bytes(size))))


def test_tiles_that_are_cut_off_or_damaged_are_refused() -> None:
    whole = written(noise(64, 64, 9))
    for damaged in (whole.packed[:-1], whole.packed[:3], b"", b"\0" * 40):
        with pytest.raises(EventError):
            TileReader().read(msgspec.structs.replace(whole, packed=damaged))


def test_a_small_frame_that_unpacks_to_a_gigabyte_takes_no_memory() -> None:
    packer = zstandard.ZstdCompressor(level=1).compressobj(size=1 << 30)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packer.flush()
    assert _memory_to_refuse(Frame(0, 64, 64, whole=True, tiles=(Tile(0, 0),), packed=bomb)) < 1 << 20


def test_a_huge_frame_with_one_tile_takes_no_memory() -> None:
    huge = Frame(0, MAX_EDGE, MAX_EDGE, whole=True, tiles=(Tile(0, 0),), packed=packed(b""))
    assert _memory_to_refuse(huge) < 1 << 20


def _memory_to_refuse(frame: Frame) -> int:
    tracemalloc.start()
    try:
        with pytest.raises(EventError):
            TileReader().read(frame)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
