"""A sheet as a picture."""

from __future__ import annotations

import io

import pypdfium2 as pdfium


def png(pdf: bytes, pixels: int) -> bytes:
    """The first page of a square PDF as a PNG of `pixels` x `pixels`."""
    with pdfium.PdfDocument(pdf) as document:
        page = document[0]
        # A little less than a whole pixel more would be one more.
        picture = page.render(scale=(pixels - 0.01) / page.get_width()).to_pil()
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
