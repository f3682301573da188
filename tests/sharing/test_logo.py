"""A logo is printed as sharp as it is, and whatever is none does no harm."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from bot.documents.logo import read_logo
from tests.sharing.conftest import a_logo


def test_a_large_logo_is_made_smaller_and_keeps_its_shape() -> None:
    logo = read_logo(a_logo(6000, 3000))
    assert logo is not None
    assert (logo.width, logo.height) == (1600, 800)
    assert Image.open(io.BytesIO(logo.png)).size == (1600, 800)
    assert logo.fitted(60, 20) == pytest.approx((40, 20))


def test_a_small_logo_is_not_blown_up() -> None:
    logo = read_logo(a_logo(16, 16))
    assert logo is not None
    assert logo.fitted(60, 20) == pytest.approx((4, 4))


@pytest.mark.parametrize(("width", "height", "fitted"), [(3000, 100, (60, 2)), (100, 3000, (20 / 30, 20)), (300, 200, (30, 20))])
def test_a_logo_fits_its_box(width: int, height: int, fitted: tuple[float, float]) -> None:
    logo = read_logo(a_logo(width, height))
    assert logo is not None
    assert logo.fitted(60, 20) == pytest.approx(fitted, rel=0.05)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, "PNG")
    logo = read_logo(out.getvalue())
    assert logo is not None
    assert (logo.width, logo.height) == (40, 30)


def test_transparency_stays() -> None:
    logo = read_logo(a_logo())
    assert logo is not None
    assert Image.open(io.BytesIO(logo.png)).getpixel((5, 399)) == (255, 255, 255, 0)


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize("given", [b"", b"not a picture", _jpeg(), a_logo()[:200], b"\x89PNG\r\n\x1a\n"], ids=["none", "text", "JPEG", "cut off", "head only"])
def test_what_is_no_png_is_no_logo(given: bytes) -> None:
    assert read_logo(given) is None
