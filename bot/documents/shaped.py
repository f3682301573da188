"""fpdf2 with text set by the run: letters joined and marks placed by HarfBuzz, and nothing else done to them.

fpdf2's own cells cannot be used: they tear a word apart at a vowel mark, so that its letters no longer join, and order what is seen by the
paragraph and not by the line.
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE
from collections.abc import Iterator
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.enums import TextDirection
from fpdf.line_break import Fragment


class ShapedPdf(FPDF):
    """A PDF to put runs of text on."""

    @contextmanager
    def reads(self, text: str) -> Iterator[None]:
        """Say what the runs put inside are to be found and copied as.

        Not for Arabic: a widespread viewer (PDFium) takes such text to stand in the order in which it is seen.
        """
        self._out(f"/Span <</ActualText <{(BOM_UTF16_BE + text.encode('utf-16-be')).hex().upper()}>>> BDC")
        yield
        self._out("EMC")

    def trim(self, bleed: float) -> None:
        """Say where the page is cut: `bleed` mm inside its edges. fpdf2 writes what it is given, but knows no word for it."""
        page, edge = self.pages[self.page], bleed * self.k
        page.trim_box = f"[{edge:.2f} {edge:.2f} {self.w_pt - edge:.2f} {self.h_pt - edge:.2f}]"  # type: ignore[attr-defined]

    def run(self, text: str, x: float, baseline: float, rtl: bool) -> None:
        """Set text of one direction in the current font, size and colour of text.

        Args:
            text: in the order in which it is read.
            x: of its left edge, mm.
            baseline: from the top of the page, mm.
            rtl: whether its letters run from right to left.
        """
        direction = TextDirection.RTL if rtl else TextDirection.LTR
        self.set_text_shaping(True, direction=direction)
        if self.text_shaping is None or self.current_font is None or self.text_color is None:
            raise RuntimeError("no font is set")
        self.text_shaping.update(fragment_direction=direction, paragraph_direction=direction)
        if not self.current_font_is_set_on_page:
            self._out(self._set_font_for_page(self.current_font, self.font_size_pt))
        glyphs = Fragment(text, self._get_current_graphics_state(), self.k).render_with_text_shaping(x, baseline, self.h, 0)
        self._out(f"q {self.text_color.serialize().lower()} BT {x * self.k:.2f} {(self.h - baseline) * self.k:.2f} Td {glyphs} ET Q")
