"""Pages to put text and shapes on: every place is given from the side where reading starts, left in French and right in Arabic."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from fpdf import ViewerPreferences
from fpdf.enums import TextDirection

from bot.documents.fonts import FACES
from bot.documents.lines import Line, Span, break_lines, plain
from bot.documents.qr import matrix
from bot.documents.shaped import ShapedPdf
from bot.documents.texts import typeset


@dataclass(frozen=True)
class Paper:
    """A size of page.

    Attributes:
        width, height: in mm.
        side: the margin left and right, mm.
        scale: how much larger all of it is printed: the same page serves A4 and A3.
        bleed: how far beyond the cut it is printed, on all four sides, mm; the width and the height hold it.
    """

    width: float
    height: float
    side: float
    scale: float = 1.0
    bleed: float = 0.0

    @property
    def room(self) -> float:
        """What is between the margins, mm."""
        return self.width - 2 * self.side


#: A4 and its margins, mm.
A4 = Paper(210.0, 297.0, 14.5)
WIDTH, HEIGHT, SIDE, ROOM = A4.width, A4.height, A4.side, A4.room
TOP, BOTTOM = 12.5, 15.0

Ink = tuple[int, int, int]
#: Dark enough to be read on a bad copy: the contrast with paper is 16, 8 and 8 to 1; hairlines may be lighter.
BLACK: Ink = (26, 30, 34)
GREY: Ink = (72, 80, 88)
ACCENT: Ink = (10, 86, 80)
HAIR: Ink = (176, 184, 188)

#: A point, mm.
_POINT = 25.4 / 72
#: Where the letters stand in a line: the baseline below its middle, in em.
_BASELINE = 0.33
#: The corners of a tick in a box of side 1.
_TICK = ((0.17, 0.53), (0.28, 0.41), (0.43, 0.57), (0.76, 0.16), (0.89, 0.26), (0.44, 0.81))
_LOCALES = {"fr": "fr-MA", "ar": "ar-MA", "ary": "ar-MA"}


@dataclass(frozen=True)
class Type:
    """How text is set.

    Attributes:
        size: of the letters, points.
        leading: from one line to the next, mm.
        ink: its colour.
        bold: its weight, where a span does not say so itself.
    """

    size: float
    leading: float
    ink: Ink = BLACK
    bold: bool = False

    def scaled(self, scale: float, least: float = 0.0) -> Type:
        """The same, larger or smaller, but not below `least` points."""
        factor = max(scale, min(1.0, least / self.size))
        return replace(self, size=self.size * factor, leading=self.leading * factor)

    @property
    def baseline(self) -> float:
        """How far the foot of the letters is below the top of a line, mm."""
        return self.leading / 2 + _BASELINE * self.em

    @property
    def em(self) -> float:
        """An em, mm."""
        return self.size * _POINT


@dataclass(frozen=True)
class Block:
    """A paragraph broken into lines.

    Attributes:
        lines: from the top.
        type: how they are set.
        room: the width they were broken for, mm.
    """

    lines: tuple[Line, ...]
    type: Type
    room: float

    @property
    def height(self) -> float:
        """In mm."""
        return len(self.lines) * self.type.leading

    @property
    def width(self) -> float:
        """Of the widest line, mm."""
        return max((line.width for line in self.lines), default=0.0) * self.type.em


class Sheet:
    """The pages of one document.

    Attributes:
        language: fr, ar or ary.
        rtl: whether it reads from right to left.
        paper: the size of its pages.
    """

    def __init__(self, title: str, language: str, today: dt.date, paper: Paper = A4) -> None:
        """A document without pages.

        Args:
            title: for the viewer's window and for searches.
            language: fr, ar or ary.
            today: the day it is made, which is all it knows of time.
            paper: the size of its pages.
        """
        self.read_in(language)
        self.paper = paper
        self._area = (paper.side, 0.0, paper.room)
        self._pdf = ShapedPdf(unit=paper.scale / _POINT, format=(paper.width, paper.height))
        self._pdf.set_auto_page_break(False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.set_title(title)
        self._pdf.set_author("Dalil")
        self._pdf.set_lang(_LOCALES[language])
        self._pdf.set_creation_date(dt.datetime(today.year, today.month, today.day, 12, tzinfo=dt.timezone.utc))
        self._pdf.viewer_preferences = ViewerPreferences(display_doc_title=True, direction=TextDirection.RTL if self.rtl else TextDirection.LTR)
        for face in FACES:
            self._pdf.add_font(face.family, face.style, face.path)

    def block(self, spans: Sequence[Span] | str, kind: Type, room: float, language: str | None = None) -> Block:
        """A paragraph, broken for a width in mm: of spans, or of plain text; in another language than the document's where one is given."""
        language = language or self.language
        given = [Span(spans)] if isinstance(spans, str) else spans
        ready = [replace(span, text=typeset(span.text, language), bold=span.bold or (kind.bold and not span.muted)) for span in given]
        return Block(break_lines(ready, language != "fr", room / kind.em), kind, room)

    def read_in(self, language: str) -> None:
        """Go on in another language: what is set from now on begins at the side where that one begins."""
        self.language = language
        self.rtl = language != "fr"

    def new_page(self) -> None:
        """Start a page."""
        self._pdf.add_page()
        if self.paper.bleed:
            self._pdf.trim(self.paper.bleed)

    @contextmanager
    def within(self, left: float, top: float, width: float) -> Iterator[None]:
        """For a while, give places from the sides and the top of a part of the page and not from those of the page; all in mm."""
        whole, self._area = self._area, (left, top, width)
        try:
            yield
        finally:
            self._area = whole

    def left(self, start: float, width: float) -> float:
        """The left edge of something that begins `start` mm from the margin where reading starts and is `width` mm wide."""
        left, _, room = self._area
        return left + (room - start - width if self.rtl else start)

    @property
    def room(self) -> float:
        """The width between the sides from which places are given, mm."""
        return self._area[2]

    def _down(self, top: float) -> float:
        """From the top of the page, mm."""
        return self._area[1] + top

    def put(self, block: Block, start: float, top: float, align: str = "start") -> float:
        """Set a paragraph.

        Args:
            block: the paragraph.
            start: from the margin where reading starts, mm.
            top: from the top of the page, mm.
            align: `start`, `end` or `center`.

        Returns:
            Where it ends, mm from the top of the page.
        """
        for line in block.lines:
            width = line.width * block.type.em
            before = {"start": 0.0, "center": (block.room - width) / 2, "end": block.room - width}[align]
            self._put_line(line, self.left(start + before, width), top, block.type)
            top += block.type.leading
        return top

    def _put_line(self, line: Line, x: float, top: float, kind: Type) -> None:
        top = self._down(top)
        baseline = top + kind.baseline
        for span, pieces in groupby(line.pieces, key=attrgetter("span")):
            with self._pdf.reads(plain([span])) if span.pairs else nullcontext():
                for piece in pieces:
                    self._pdf.set_font(piece.face.family, piece.face.style, kind.size * self.paper.scale)
                    self._pdf.set_text_color(*(GREY if span.muted else kind.ink))
                    self._pdf.run(piece.text, x, baseline, piece.rtl)
                    if span.link:
                        self._pdf.link(x, top, piece.width * kind.em, kind.leading, span.link)
                    x += piece.width * kind.em

    def rule(self, start: float, top: float, width: float, ink: Ink = HAIR, weight: float = 0.2, *, dotted: bool = False) -> None:
        """A level line; all measures in mm."""
        x, top = self.left(start, width), self._down(top)
        self._stroke(ink, weight)
        if dotted:
            self._pdf.set_dash_pattern(dash=0.3, gap=1.1)
        self._pdf.line(x, top, x + width, top)
        self._pdf.set_dash_pattern()

    def upright(self, start: float, top: float, height: float) -> None:
        """An upright hairline."""
        x, top = self.left(start, 0), self._down(top)
        self._stroke(HAIR, 0.2)
        self._pdf.line(x, top, x, top + height)

    def tick_box(self, start: float, top: float, side: float, ticked: bool) -> None:
        """A box to tick, its side in mm."""
        x, top = self.left(start, side), self._down(top)
        self._stroke(ACCENT, side * 0.085)
        self._pdf.rect(x, top, side, side, round_corners=True, corner_radius=side * 0.16)
        if ticked:
            self._pdf.set_fill_color(*BLACK)
            self._pdf.polygon([(x + side * right, top + side * down) for right, down in _TICK], style="F")

    def dot(self, start: float, top: float, diameter: float, ink: Ink = ACCENT) -> None:
        """A bullet, or any disc."""
        self._pdf.set_fill_color(*ink)
        self._pdf.ellipse(self.left(start, diameter), self._down(top), diameter, diameter, style="F")

    def panel(self, start: float, top: float, width: float, height: float, ink: Ink, radius: float = 0.0, tail: str | None = None) -> None:
        """A filled rectangle.

        Args:
            start: from the margin where reading starts, mm.
            top: from the top, mm.
            width: in mm.
            height: in mm.
            ink: its colour.
            radius: of its corners, mm, less than half of its sides.
            tail: the lower corner that stays square, as that of a speech bubble does: `start` or `end`.
        """
        # fpdf2 calls the corners on the left right, and the other way round.
        lower = {"left": "BOTTOM_RIGHT", "right": "BOTTOM_LEFT"}
        square = lower["right" if (tail == "start") == self.rtl else "left"] if tail else None
        corners = tuple(corner for corner in ("TOP_LEFT", "TOP_RIGHT", *lower.values()) if corner != square) if radius else ()
        self._pdf.set_fill_color(*ink)
        self._pdf.rect(self.left(start, width), self._down(top), width, height, "F", corners, radius)  # type: ignore[arg-type]

    def shape(self, corners: Sequence[tuple[float, float]], ink: Ink) -> None:
        """A filled shape; each corner by its distance from the margin where reading starts and from the top, mm."""
        self._pdf.set_fill_color(*ink)
        self._pdf.polygon([(self.left(start, 0), self._down(top)) for start, top in corners], style="F")

    def picture(self, png: bytes, start: float, top: float, width: float, height: float) -> None:
        """A picture, all measures in mm.

        Raises:
            OSError: when it is none.
        """
        self._pdf.image(io.BytesIO(png), self.left(start, width), self._down(top), width, height)

    def warning_sign(self, start: float, top: float, side: float) -> None:
        """A triangle with an exclamation mark."""
        x, top = self.left(start, side), self._down(top)
        self._stroke(BLACK, side * 0.09)
        self._pdf.polygon([(x + side / 2, top), (x + side, top + side * 0.88), (x, top + side * 0.88)])
        self._pdf.set_fill_color(*BLACK)
        self._pdf.rect(x + side * 0.455, top + side * 0.3, side * 0.09, side * 0.27, style="F")
        self._pdf.rect(x + side * 0.455, top + side * 0.64, side * 0.09, side * 0.1, style="F")

    def code(self, link: str, start: float, top: float, side: float) -> None:
        """The QR code of a link, drawn without a margin: paper has to be left free around it.

        Raises:
            ValueError: when the link is too long for a code.
        """
        x, top = self.left(start, side), self._down(top)
        rows = matrix(link)
        module = side / len(rows)
        self._pdf.set_fill_color(0, 0, 0)
        for number, row in enumerate(rows):
            begin = 0
            while begin < len(row):
                end = begin
                while end < len(row) and row[end]:
                    end += 1
                if end > begin:
                    # A little higher than the row, so that no seam shows.
                    self._pdf.rect(x + begin * module, top + number * module, (end - begin) * module, module * 1.02, style="F")
                begin = max(end, begin + 1)
        self._pdf.link(x, top, side, side, link)

    def _stroke(self, ink: Ink, weight: float) -> None:
        self._pdf.set_draw_color(*ink)
        self._pdf.set_line_width(weight)

    def output(self) -> bytes:
        """The document."""
        return bytes(self._pdf.output())
