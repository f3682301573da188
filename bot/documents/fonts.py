"""The typefaces of the documents: which letter is in which, and how wide shaped text is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb

FOLDER = Path(__file__).parent / "fonts"


@dataclass(frozen=True)
class Face:
    """A typeface.

    Attributes:
        family: `latin` or `arabic`.
        bold: its weight.
    """

    family: str
    bold: bool

    @property
    def style(self) -> str:
        """As fpdf2 calls the weight."""
        return "B" if self.bold else ""

    @property
    def path(self) -> Path:
        """Its file."""
        return FOLDER / f"{_FILES[self.family]}-{'Bold' if self.bold else 'Regular'}.ttf"


_FILES = {"latin": "NotoSans", "arabic": "NotoSansArabic"}
FACES = tuple(Face(family, bold) for family in _FILES for bold in (False, True))


@cache
def _font(face: Face) -> Any:
    return hb.Font(hb.Face(face.path.read_bytes()))


@cache
def _letters(family: str) -> frozenset[int]:
    return frozenset(_font(Face(family, False)).face.unicodes)


def family_of(letter: str, rtl: bool) -> str | None:
    """The family to set a letter in, in text that runs from right to left or not; None when no family has it."""
    families = ("arabic", "latin") if rtl else ("latin", "arabic")
    return next((family for family in families if ord(letter) in _letters(family)), None)


@lru_cache(maxsize=8192)
def width(text: str, face: Face, rtl: bool) -> float:
    """How wide a text of one face and one direction is when its letters are joined, in em."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    font = _font(face)
    hb.shape(font, buffer, {})
    return float(sum(position.x_advance for position in buffer.glyph_positions)) / float(font.face.upem)
