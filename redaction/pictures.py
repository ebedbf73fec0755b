"""Reads and writes picture files: untrusted bytes become plain RGB pixels or an error, pixels become new bytes.

PNG, JPEG and WebP of one frame, 8 bits a channel, grey or RGB, are read. What is written comes from the pixels alone:
no metadata, colour profile, thumbnail, comment or trailing bytes pass. Orientation in EXIF is ignored: width and
height stay as they are stored.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, UnidentifiedImageError

Pixels = npt.NDArray[np.uint8]

LONGEST: Final = 20_000
"""Largest width or height in pixels."""
MOST: Final = 200_000_000
"""Most pixels; a larger picture is taken for a decompression bomb."""
JPEG_QUALITY: Final = 92
FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
"""File endings and the format that each promises."""
REACH: Final = 7
"""Pixels around each one that smoothing looks at; JPEG works in blocks of 8."""
RIPPLE: Final = 30
"""Levels of 255 up to about which a difference is taken for a ripple."""
_MODES: Final = frozenset({"1", "L", "RGB"})


class PictureError(Exception):
    """A picture that cannot be read safely; the message says why, never what it shows."""


def read_picture(untrusted_bytes: bytes, ending: str) -> Pixels:
    """Pixels of shape (height, width, 3), smoothed if they were compressed with loss.

    `PictureError` for what is damaged, too large, or not plain 8-bit colour.
    """
    expected = FORMATS[ending]
    with warnings.catch_warnings():
        # Our own limits are checked below; the library's warning about large pictures would only repeat them.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(untrusted_bytes), formats=(expected,)) as picture:
                _check(picture, untrusted_bytes)
                pixels = np.ascontiguousarray(picture.convert("RGB"), np.uint8)
        except UnidentifiedImageError:
            raise PictureError(f"is not a {expected} picture, although its name says so") from None
        except Image.DecompressionBombError:
            raise PictureError("is too large: cut it below 200 megapixels") from None
        except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, OverflowError):
            raise PictureError("is a damaged picture: save it again") from None
    lossless = expected == "PNG" or untrusted_bytes[12:16] == b"VP8L"
    return pixels if lossless else without_ringing(pixels)


def without_ringing(pixels: Pixels) -> Pixels:
    """The same picture, smoothed where its compression left faint ripples around edges; edges stay.

    Ripples are contrast, so masking would cover most of a compressed picture. What is decided on the smoothed pixels
    must be written from the smoothed pixels.
    """
    return np.asarray(cv2.bilateralFilter(pixels, REACH, RIPPLE, REACH), np.uint8)


def write_picture(pixels: Pixels, ending: str) -> bytes:
    """The bytes of a new file: PNG, JPEG of quality 92, or lossless WebP."""
    picture, target = Image.fromarray(pixels), io.BytesIO()
    if FORMATS[ending] == "PNG":
        picture.save(target, "PNG")
    elif FORMATS[ending] == "JPEG":
        picture.save(target, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    else:
        picture.save(target, "WEBP", lossless=True)
    return target.getvalue()


def _check(picture: ImageFile.ImageFile, untrusted_bytes: bytes) -> None:
    """Refuses before any pixel is decoded."""
    width, height = picture.size
    if max(width, height) > LONGEST or width * height > MOST:
        raise PictureError("is too large: cut it below 20,000 pixels a side and 200 megapixels")
    if getattr(picture, "n_frames", 1) != 1:
        raise PictureError("is animated: save the frames as pictures of their own")
    if "transparency" in picture.info or picture.mode in {"RGBA", "LA", "PA", "RGBa", "La"}:
        raise PictureError("has transparent parts: save it without an alpha channel")
    deep = picture.format == "PNG" and untrusted_bytes[24:25] == b"\x10"
    if deep or picture.mode not in _MODES | {"P"}:
        raise PictureError("has colours other than 8-bit grey or RGB: save it as plain 8-bit RGB")
