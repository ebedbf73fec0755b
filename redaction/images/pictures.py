"""Reads and writes picture files: untrusted bytes become plain RGB pixels or an error, pixels become new bytes.

PNG, JPEG and WebP of one frame are read, whatever their colours; what a viewer would show in 8-bit RGB is what counts:

1. 16-bit channels keep their upper 8 bits and inks (CMYK) become RGB. What gets lost so is not in the output either.
2. A picture with transparent parts is seen over white and over black. Each channel over any other background lies
   between the two, so writing that is faint over both is faint over every background.
3. Orientation in EXIF is ignored: width and height stay as they are stored.

What is written comes from the pixels alone: no metadata, colour profile, thumbnail, comment or trailing bytes pass.
"""

from __future__ import annotations

import io
import struct
import warnings
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, UnidentifiedImageError

Pixels = npt.NDArray[np.uint8]

LONGEST: Final = 20_000
"""Largest width or height in pixels."""
MOST: Final = 100_000_000
"""Most pixels; a larger picture is taken for a decompression bomb. To mask one takes about 30 bytes a pixel."""
JPEG_QUALITY: Final = 92
FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
"""File endings and the format that each promises."""
REACH: Final = 7
"""Pixels around each one that smoothing looks at; JPEG works in blocks of 8."""
RIPPLE: Final = 30
"""Levels of 255 up to about which a difference is taken for a ripple."""
WHITE: Final = 255
BLACK: Final = 0
_LIMITS: Final = f"{LONGEST:,} pixels a side and {MOST // 1_000_000} megapixels"
_PLAIN: Final = frozenset({"1", "L", "P", "RGB", "CMYK"})
_CLEAR: Final = frozenset({"RGBA", "LA", "PA", "RGBa", "La"})
_DEEP_GREY: Final = frozenset({"I;16", "I;16B"})
_ROWS: Final = 256
"""Rows that are laid over a background at a time, since that needs twice their memory."""


class PictureError(Exception):
    """A picture that cannot be read safely; the message says why, never what it shows."""


def read_picture(untrusted_bytes: bytes, ending: str) -> tuple[Pixels, ...]:
    """What the picture shows, as pixels of shape (height, width, 3): once, or twice if it has transparent parts.

    Those that are transparent are seen over white first, which is what may be written, then over black. What was
    compressed with loss is smoothed. `PictureError` for what is damaged, too large, animated or of another kind.
    """
    expected = FORMATS[ending]
    with warnings.catch_warnings():
        # Our own limits are checked below; what the library warns of is either one of them or an error later.
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(untrusted_bytes), formats=tuple(set(FORMATS.values()))) as picture:
                _check(picture, expected)
                views = _views(picture)
        except UnidentifiedImageError:
            raise PictureError(_unknown(untrusted_bytes, expected)) from None
        except Image.DecompressionBombError:
            raise PictureError(f"is too large: cut it below {_LIMITS}") from None
        except MemoryError:
            raise PictureError("is too large for the memory of this machine: cut it into parts") from None
        except (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, OverflowError, struct.error):
            raise PictureError("is a damaged picture: save it again") from None
    return views if _is_lossless(untrusted_bytes, expected) else tuple(without_ringing(view) for view in views)


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


def _check(picture: ImageFile.ImageFile, expected: str) -> None:
    """Refuses before any pixel is decoded."""
    # A JPEG with further pictures behind it (as telephones write) is shown by viewers as its first.
    is_album = picture.format == "MPO"
    kind = "JPEG" if is_album else picture.format
    if kind != expected:
        raise PictureError(f"is a {kind} picture, although its name says {expected}: give it the ending of its kind")
    width, height = picture.size
    if max(width, height) > LONGEST or width * height > MOST:
        raise PictureError(f"is too large: cut it below {_LIMITS}")
    if getattr(picture, "n_frames", 1) != 1 and not is_album:
        raise PictureError("is animated: save the frames as pictures of their own")
    if picture.mode not in _PLAIN | _CLEAR | _DEEP_GREY:
        raise PictureError("has colours that are not read here: save it as plain 8-bit RGB")


def _views(picture: ImageFile.ImageFile) -> tuple[Pixels, ...]:
    if picture.mode in _CLEAR or "transparency" in picture.info:
        return _over_backgrounds(picture)
    if picture.mode in _DEEP_GREY:
        upper = (np.asarray(picture, np.uint16) >> 8).astype(np.uint8)
        return (np.repeat(upper[:, :, np.newaxis], 3, axis=2),)
    return (np.array(picture.convert("RGB"), np.uint8),)


def _over_backgrounds(picture: ImageFile.ImageFile) -> tuple[Pixels, ...]:
    """The picture as it is if all of it is opaque, else over white and over black."""
    if _has_deep_key(picture):
        raise PictureError("has a transparent colour of 16 bits a channel: save it without transparency")
    raw = np.asarray(picture.convert("RGBA"), np.uint8)
    if (raw[:, :, 3] == WHITE).all():
        return (np.ascontiguousarray(raw[:, :, :3]),)
    return tuple(_laid_over(raw, level) for level in (WHITE, BLACK))


def _has_deep_key(picture: ImageFile.ImageFile) -> bool:
    """Whether one colour of a picture without 8-bit channels is its transparent one, which 8 bits cannot tell apart."""
    key = picture.info.get("transparency")
    numbers = key if isinstance(key, tuple) else (key,) if isinstance(key, int) else ()
    return picture.mode in _DEEP_GREY or any(number > WHITE for number in numbers)


def _laid_over(raw: Pixels, level: int) -> Pixels:
    """The picture over a grey of this level, to within one level of 255."""
    seen = np.empty((*raw.shape[:2], 3), np.uint8)
    for top in range(0, len(raw), _ROWS):
        rows = raw[top : top + _ROWS].astype(np.uint16)
        alpha = rows[:, :, 3:]
        seen[top : top + _ROWS] = (rows[:, :, :3] * alpha + level * (WHITE - alpha) + WHITE // 2) // WHITE
    return seen


def _is_lossless(untrusted_bytes: bytes, expected: str) -> bool:
    """Whether the pixels need no smoothing; where a hostile file says so wrongly, only more of it is masked."""
    return expected == "PNG" or (expected == "WEBP" and b"VP8L" in untrusted_bytes)


def _unknown(untrusted_bytes: bytes, expected: str) -> str:
    if not untrusted_bytes:
        return "is empty: save it again"
    return f"is not a {expected} picture, although its name says so"
