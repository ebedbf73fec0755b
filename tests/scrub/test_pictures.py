"""Every picture file gives a clear result or a clear error: what a viewer could see in it is masked or not written."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from redaction.images.pictures import LONGEST, PictureError, read_picture, write_picture
from redaction.readers.base import Pixels
from redaction.scrub import ScrubError, scrub_file
from redaction.scrubbed import ScrubResult
from tests.redaction.drawing import Canvas, shows
from tests.scrub.simulated import SECRET, told_tools

NAME = "Margaret Thornhill"


def screen(*, paper: str = "#ffffff", pen: str = "#111111") -> Canvas:
    canvas = Canvas(paper=paper, pen=pen)
    canvas.line("Settings", 20, 20)
    canvas.line(NAME, 20, 80)
    return canvas


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def chunks(*parts: tuple[bytes, bytes]) -> bytes:
    body = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def header(width: int, height: int, *, depth: int = 8, colour: int = 2) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)


def png_of_size(width: int, height: int) -> bytes:
    return chunks(header(width, height), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))


def deep_png(grey: np.ndarray[tuple[int, ...], np.dtype[np.uint16]], *more: tuple[bytes, bytes]) -> bytes:
    """A PNG with 16-bit channels: grey of shape (height, width), RGB of (height, width, 3)."""
    colour = {2: 0, 3: 2}[grey.ndim]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in grey)
    head = header(grey.shape[1], grey.shape[0], depth=16, colour=colour)
    return chunks(head, *more, (b"IDAT", zlib.compress(rows)), (b"IEND", b""))


def animated(kind: str) -> bytes:
    first, second = Image.new("RGB", (40, 40), "red"), Image.new("RGB", (40, 40), "blue")
    return saved(first, kind, save_all=True, append_images=[second])


PLAIN = Image.new("RGB", (60, 40), "white")
BAD = {
    "damaged.png": (saved(screen().image, "PNG")[:600], "damaged"),
    "cut.jpg": (saved(screen().image, "JPEG")[:900], "damaged"),
    "cut.webp": (saved(screen().image, "WEBP")[:900], "damaged"),
    "without-pixels.png": (chunks(header(40, 40), (b"IEND", b"")), "damaged"),
    "empty.png": (b"", "is empty"),
    "empty.webp": (b"", "is empty"),
    "text.png": (SECRET.encode(), "not a PNG"),
    "really-a-jpeg.png": (saved(PLAIN, "JPEG"), "is a JPEG picture"),
    "really-a-png.webp": (saved(PLAIN, "PNG"), "is a PNG picture"),
    "really-a-gif.png": (saved(PLAIN, "GIF"), "not a PNG"),
    "deep-key-colour.png": (deep_png(np.zeros((4, 4), np.uint16), (b"tRNS", b"\x12\x34")), "transparent colour"),
    "moving.png": (animated("PNG"), "animated"),
    "moving.webp": (animated("WEBP"), "animated"),
    "wide.png": (png_of_size(LONGEST + 1, 10), "too large"),
    "high.png": (png_of_size(10, LONGEST + 1), "too large"),
    "bomb.png": (png_of_size(19_000, 19_000), "100 megapixels"),
    "large.png": (png_of_size(11_000, 10_000), "100 megapixels"),
    "bomb-of-text.png": (
        chunks(header(4, 4), (b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 70_000_000)), (b"IEND", b"")),
        "damaged",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_picture_that_cannot_be_examined_is_an_error_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    data, reason = BAD[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ScrubError, match=reason) as caught:
        scrub_file(tmp_path / name, tmp_path / "out" / name, stage=told_tools())
    assert SECRET not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


GOOD = {
    "black-and-white.png": saved(screen().image.convert("1"), "PNG"),
    "grey.png": saved(screen().image.convert("L"), "PNG"),
    "palette.png": saved(screen().image.convert("P"), "PNG"),
    "palette-with-a-transparent-colour.png": saved(screen().image.convert("P"), "PNG", transparency=3),
    "opaque-alpha.png": saved(screen().image.convert("RGBA"), "PNG"),
    "opaque-alpha.webp": saved(screen().image.convert("RGBA"), "WEBP", lossless=True),
    "grey-alpha.png": saved(screen().image.convert("LA"), "PNG"),
    "deep.png": deep_png(screen().pixels[:, :, 0].astype(np.uint16) * 257),
    "deep-colours.png": deep_png(screen().pixels.astype(np.uint16) * 257),
    "inks.jpg": saved(screen().image.convert("CMYK"), "JPEG", quality=98),
    "with-more-behind-it.jpg": saved(screen().image, "MPO", save_all=True, append_images=[PLAIN], quality=98),
    "with-bytes-behind-it.png": saved(screen().image, "PNG") + SECRET.encode(),
    "with-a-profile.png": saved(screen().image, "PNG", icc_profile=SECRET.encode() * 20),
    "lossless-with-a-profile.webp": saved(screen().image, "WEBP", lossless=True, icc_profile=SECRET.encode() * 20),
}


@pytest.mark.parametrize("name", GOOD)
def test_screens_in_any_kind_of_colours_are_masked_and_keep_their_size(tmp_path: Path, name: str) -> None:
    pixels, result = scrubbed(tmp_path, name, GOOD[name], screen())
    assert pixels.shape == (200, 640, 3)
    assert result.kept == 1
    # JPEG leaves a ripple of a few levels at the edges of a mask.
    assert all(flat(pixels, word.box.y, word.box.x, word.box.bottom, word.box.right) for word in screen().words[1])


@pytest.mark.parametrize("name", GOOD)
def test_what_is_written_is_plain_and_holds_nothing_else_of_the_file(tmp_path: Path, name: str) -> None:
    scrubbed(tmp_path, name, GOOD[name], screen())
    written = (tmp_path / "out" / name).read_bytes()
    assert SECRET.encode() not in written
    with Image.open(io.BytesIO(written)) as image:
        assert image.mode == "RGB"
        assert {"icc_profile", "exif", "transparency", "comment"}.isdisjoint(image.info)


@pytest.mark.parametrize("pen", ["#111111", "#ffffff", "#808080"])
@pytest.mark.parametrize("kind", ["png", "webp"])
def test_writing_on_a_transparent_ground_is_masked_whatever_its_colour(tmp_path: Path, pen: str, kind: str) -> None:
    canvas = screen()
    letters = np.asarray(screen(paper="#000000", pen="#ffffff").image.convert("L"))
    image = Image.new("RGBA", (640, 200), pen)
    image.putalpha(Image.fromarray(letters))
    data = saved(image, kind.upper(), **({"lossless": True} if kind == "webp" else {}))
    pixels, result = scrubbed(tmp_path, f"a.{kind}", data, canvas)
    assert result.masks
    assert not any(shows(pixels, word.box) for word in canvas.words[1])


def test_what_is_seen_over_black_alone_is_masked_and_not_written(tmp_path: Path) -> None:
    """White letters on a clear ground: over white there is nothing, and the mask says only that something was there."""
    canvas = screen()
    image = Image.new("RGBA", (640, 200), "white")
    image.putalpha(Image.fromarray(np.asarray(screen(paper="#000000", pen="#ffffff").image.convert("L"))))
    pixels, _ = scrubbed(tmp_path, "a.png", saved(image, "PNG"), canvas)
    outside = pixels[(pixels != 128).any(axis=2)]
    assert (outside == 255).all()


def test_a_clear_picture_is_white_and_without_what_lay_under_its_clearness() -> None:
    raw = np.random.default_rng(1).integers(0, 256, (40, 60, 4), np.uint8)
    raw[:, :, 3] = 0
    white, black = read_picture(saved(Image.fromarray(raw), "PNG"), ".png")
    assert (white == 255).all()
    assert (black == 0).all()


def test_between_white_and_black_lies_every_other_background() -> None:
    raw = np.random.default_rng(2).integers(0, 256, (20, 20, 4), np.uint8)
    white, black = read_picture(saved(Image.fromarray(raw), "PNG"), ".png")
    over = np.asarray(Image.alpha_composite(Image.new("RGBA", (20, 20), "#3078c0"), Image.fromarray(raw)))[:, :, :3]
    assert (over.astype(int) <= white.astype(int) + 1).all()
    assert (over.astype(int) >= black.astype(int) - 1).all()


def test_the_lower_bits_of_deep_channels_go() -> None:
    grey = np.full((4, 4), 0x12FF, np.uint16)
    grey[1, 1] = 0x1234
    (seen,) = read_picture(deep_png(grey), ".png")
    assert (seen == 0x12).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1, 9), (9, 1)])
@pytest.mark.parametrize("ending", ["png", "jpg", "webp"])
def test_a_tiny_picture_is_written_in_its_size(tmp_path: Path, size: tuple[int, int], ending: str) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), np.uint8)
    name = f"a.{ending}"
    (tmp_path / name).write_bytes(write_picture(noise, f".{ending}"))
    scrub_file(tmp_path / name, tmp_path / "out" / name, stage=told_tools())
    with Image.open(tmp_path / "out" / name) as image:
        assert image.size == size


@pytest.mark.parametrize("size", [(LONGEST, 3), (3, LONGEST)])
def test_the_longest_picture_is_written_in_its_size(tmp_path: Path, size: tuple[int, int]) -> None:
    image = Image.new("RGB", size, "white")
    image.putpixel((1, 1), (0, 0, 0))
    image.save(tmp_path / "a.png")
    scrub_file(tmp_path / "a.png", tmp_path / "out" / "a.png", stage=told_tools())
    with Image.open(tmp_path / "out" / "a.png") as redacted:
        assert redacted.size == size


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_no_damage_to_a_file_is_a_bug(kind: str) -> None:
    """Bytes changed at random are either a picture or an error that says so."""
    whole, ending = saved(screen().image, kind), {"JPEG": ".jpg"}.get(kind, f".{kind.lower()}")
    numbers = np.random.default_rng(4)
    for _ in range(60):
        data = np.frombuffer(whole, np.uint8).copy()
        places = numbers.integers(0, min(len(data), 400), 3)
        data[places] = numbers.integers(0, 256, 3)
        try:
            views = read_picture(data.tobytes(), ending)
        except PictureError:
            continue
        assert all(view.dtype == np.uint8 and view.shape[2] == 3 for view in views)


def scrubbed(folder: Path, name: str, data: bytes, canvas: Canvas) -> tuple[Pixels, ScrubResult]:
    """The pixels of the output, and what was done."""
    (folder / name).write_bytes(data)
    result = scrub_file(folder / name, folder / "out" / name, stage=told_tools(*canvas.words))
    assert isinstance(result, ScrubResult)
    with Image.open(folder / "out" / name) as image:
        return np.asarray(image.convert("RGB")), result


def flat(pixels: Pixels, top: int, left: int, bottom: int, right: int) -> bool:
    place = pixels[top:bottom, left:right].astype(int)
    return int(place.max() - place.min()) <= 4
