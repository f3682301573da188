"""QR codes lead where they should, in every shape they come in."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET

import pytest
import segno
import zxingcpp
from PIL import Image

from bot.documents.qr import QUIET, matrix, png, svg
from tests.documents.conftest import LINK


def test_the_picture_can_be_read() -> None:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png(LINK))))
    assert found.text == LINK


def test_the_matrix_is_that_of_the_code() -> None:
    assert [list(row) for row in matrix(LINK)] == [[bool(module) for module in row] for row in segno.make_qr(LINK, error="m").matrix]


def test_the_drawing_has_the_size_asked_for() -> None:
    root = ET.fromstring(svg(LINK, module=0.5))
    side = (len(matrix(LINK)) + 2 * QUIET) * 0.5
    assert root.get("width") == root.get("height") == f"{side:g}mm"


def test_a_link_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError):
        matrix("https://example.org/" + "a" * 5000)
