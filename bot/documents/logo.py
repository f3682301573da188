"""A chamber's logo, made ready to be printed."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, UnidentifiedImageError

#: Pixels of the longer side: enough for a hand's width in print; more only makes the files heavy.
_MOST = 1600
#: A small picture is not blown up beyond this, pixels a mm (100 dpi): it would look torn.
_COARSEST = 4.0


@dataclass(frozen=True)
class Logo:
    """A logo.

    Attributes:
        png: the picture.
        width, height: in pixels.
    """

    png: bytes
    width: int
    height: int

    def fitted(self, width: float, height: float) -> tuple[float, float]:
        """Width and height, mm, at which it fits into a box of `width` x `height` mm; smaller where it has too few pixels."""
        scale = min(width / self.width, height / self.height, 1 / _COARSEST)
        return self.width * scale, self.height * scale


def read_logo(png: bytes) -> Logo | None:
    """The logo in a PNG, not larger than is of use; None where there is none, or nothing that is a picture."""
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            picture.load()
            ready = picture.convert("RGBA" if picture.mode in ("LA", "PA", "RGBA") or "transparency" in picture.info else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    ready.thumbnail((_MOST, _MOST))
    out = io.BytesIO()
    ready.save(out, "PNG")
    return Logo(out.getvalue(), *ready.size)
