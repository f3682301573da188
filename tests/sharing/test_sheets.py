"""Posters, flyers, cards and the square as they are printed: codes that a reader reads, nothing lost, nothing over another."""

from __future__ import annotations

import ctypes
import io
import itertools
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from bot.documents.qr import QUIET, matrix
from bot.sharing.card import SINGLE, TEN
from bot.sharing.colours import LEAST_CONTRAST, contrast
from bot.sharing.links import LANGUAGES, Channels
from bot.sharing.picture import png
from bot.sharing.square import PIXELS, square
from bot.sharing.words import QUESTIONS, word
from tests.sharing.conftest import SHEETS, TODAY, a_logo, a_matter

Open = Callable[[str, str], pdfium.PdfDocument]

#: A point, mm; the dots of a good printer, per point.
_POINT = 25.4 / 72
_PRINT = 300 / 72

#: Width and height, mm.
_SIZES = {"a4": (210, 297), "a3": (297, 420), "flyer": (148, 210), "flyers": (297, 210), "card": (91, 61), "cards": (210, 297), "square": (108, 108)}
#: Office printers leave out the last millimetres; a card is cut 3 mm inside its page; the square is not printed.
_FREE = {"a4": 5, "a3": 5, "flyer": 5, "flyers": 5, "card": 6.5, "cards": 5, "square": 0}
_ONE_CODE = ("card", "cards", "square")

_ALL = [pytest.param(name, language, id=f"{name}-{language}") for name in SHEETS for language in LANGUAGES]
_LONG = {
    "fr": "Chambre régionale d'artisanat et des métiers traditionnels de Souss-Massa, antenne de Taroudannt, guichet des coopératives et du"[:120],
    "ar": "الغرفة الجهوية للصناعة التقليدية والحرف بجهة سوس ماسة، الملحقة الإقليمية بتارودانت، مصلحة مواكبة التعاونيات والمقاولين ذا"[:120],
}
_HOST = "https://assistant.dalil.chambre-artisanat-souss-massa.example.ma"

#: What a chamber or an installation may bring, beyond the usual.
_UNUSUAL: dict[str, dict[str, Any]] = {
    "long names": {"names": _LONG},
    "mixed names, no logo": {
        "names": {"fr": "Chambre CCIS-SM (غرفة التجارة) Agadir 2026", "ar": "غرفة التجارة CCIS Souss-Massa والصناعة 2026"},
        "logo": b"",
    },
    "huge logo": {"logo": a_logo(4000, 3000)},
    "tiny logo": {"logo": a_logo(16, 16)},
    "wide logo": {"logo": a_logo(3000, 120)},
    "long names, wide logo": {"names": _LONG, "logo": a_logo(3000, 1500)},
    "tall logo": {"logo": a_logo(120, 3000)},
    "long addresses": {"channels": Channels("a" * 32, "+212661234567", _HOST), "code": "a" * 40},
    "web only": {"channels": Channels(public_url=_HOST), "code": "a" * 40},
    "Telegram only": {"channels": Channels(telegram="dalil_ess_bot")},
    "WhatsApp and Telegram": {"channels": Channels("dalil_ess_bot", "+14155238886")},
}


def _read(picture: Image.Image) -> list[str]:
    return sorted(found.text for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode))


def _expected(name: str, matter: Any) -> list[str]:
    """The codes on a page."""
    found = [link for _, link in matter.links.ordered()]
    each = found[:1] if name in _ONE_CODE else found
    return sorted(each * {"cards": 10, "flyers": 2}.get(name, 1))


def _texts(page: Any) -> Iterator[tuple[Any, str]]:
    """The texts of a page that leave ink; vowel marks stand on letters and are left out."""
    textpage = page.get_textpage()
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], textpage=textpage):
        letters = thing.extract().strip()
        if letters and not all(unicodedata.combining(letter) for letter in letters):
            yield thing, letters


def _size(thing: Any) -> float:
    """Of the letters of a text, points."""
    found = ctypes.c_float()
    assert raw.FPDFTextObj_GetFontSize(thing.raw, found)
    return found.value


def _assert_sound(name: str, document: pdfium.PdfDocument) -> None:
    """Nothing reaches into the edge, no text stands over another."""
    for page in document:
        free = _FREE[name] / _POINT
        width, height = page.get_size()
        boxes = []
        for thing, letters in _texts(page):
            left, bottom, right, top = thing.get_bounds()
            assert left >= free - 0.5, letters
            assert bottom >= free - 0.5, letters
            assert right <= width - free + 0.5, letters
            assert top <= height - free + 0.5, letters
            boxes.append((left, bottom, right, top, _size(thing), letters))
        for one, other in itertools.combinations(boxes, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            size = min(one[4], other[4])
            assert across < 0.12 * size or down < 0.12 * size, (one, other)
        if free:
            ink = np.asarray(page.render(scale=2).to_pil().convert("L")) < 250
            edge = int((free - 0.5) * 2)
            for strip in (ink[:edge], ink[-edge:], ink[:, :edge], ink[:, -edge:]):
                assert not strip.any()


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_each_code_is_read_and_leads_where_it_says(sheet: Open, name: str, language: str) -> None:
    for page in sheet(name, language):
        assert _read(page.render(scale=_PRINT).to_pil()) == _expected(name, a_matter(language))


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_the_large_code_is_read_from_a_bad_copy(sheet: Open, name: str, language: str) -> None:
    # What is small is held near.
    dots = 220 if name in ("card", "cards", "square") else 150
    for page in sheet(name, language):
        copy = page.render(scale=dots / 72).to_pil().convert("L").filter(ImageFilter.GaussianBlur(1.0)).point(lambda value: 60 + value * 0.55)
        assert a_matter(language).links.whatsapp in _read(copy)


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_each_code_has_the_light_margin_that_readers_need(sheet: Open, name: str, language: str) -> None:
    for page in sheet(name, language):
        picture = page.render(scale=_PRINT).to_pil().convert("L")
        for found in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode):
            left, top, right, bottom = (
                min(found.position.top_left.x, found.position.bottom_left.x),
                min(found.position.top_left.y, found.position.top_right.y),
                max(found.position.top_right.x, found.position.bottom_right.x),
                max(found.position.bottom_left.y, found.position.bottom_right.y),
            )
            module = (right - left) / len(matrix(found.text))
            margin = int(module * (QUIET - 0.5))
            around = np.array(picture.crop((left - margin, top - margin, right + margin, bottom + margin)))
            inside = int(margin - module * 0.5)
            around[inside:-inside, inside:-inside] = 255
            # White, or at a rounded corner the light ground.
            assert around.min() > 200, found.text


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_the_size_is_that_of_the_paper(sheet: Open, name: str, language: str) -> None:
    document = sheet(name, language)
    on_both_sides = language == "both" and name in ("flyer", "flyers", "card", "cards")
    assert len(document) == (2 if on_both_sides else 1)
    for page in document:
        assert [side * _POINT for side in page.get_size()] == pytest.approx(_SIZES[name], abs=0.02)


def test_a_card_says_where_it_is_cut(sheet: Open) -> None:
    left, bottom, right, top = sheet("card", "fr")[0].get_trimbox()
    assert [side * _POINT for side in (left, bottom, right - left, top - bottom)] == pytest.approx([3, 3, 85, 55], abs=0.02)
    assert SINGLE.width - 2 * SINGLE.bleed == (TEN.width - 2 * TEN.side) / 2


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_typefaces_are_embedded(sheet: Open, name: str, language: str) -> None:
    for page in sheet(name, language):
        for thing, letters in _texts(page):
            assert raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(thing.raw)) == 1, letters


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_all_text_is_on_the_paper_and_none_over_another(sheet: Open, name: str, language: str) -> None:
    _assert_sound(name, sheet(name, language))


@pytest.mark.parametrize("unusual", _UNUSUAL)
@pytest.mark.parametrize("name", ["a4", "flyer", "card", "square"])
def test_the_unusual_fits_as_well(name: str, unusual: str) -> None:
    for language in ("fr", "both"):
        matter = a_matter(language, **_UNUSUAL[unusual])
        file = SHEETS[name](matter)
        assert len(file) < 1_500_000
        document = pdfium.PdfDocument(file)
        _assert_sound(name, document)
        for page in document:
            assert _read(page.render(scale=_PRINT).to_pil()) == _expected(name, matter)


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_text_stands_out_from_what_is_behind_it(sheet: Open, name: str, language: str) -> None:
    scale = 4
    for page in sheet(name, language):
        picture = page.render(scale=scale).to_pil().convert("RGB")
        for thing, letters in _texts(page):
            left, bottom, right, top = (round(side * scale) for side in thing.get_bounds())
            high = picture.height
            behind, _ = Counter(picture.crop((left - 4, high - top - 4, right + 4, high - bottom + 4)).getdata()).most_common(1)[0]
            red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
            assert raw.FPDFPageObj_GetFillColor(thing.raw, red, green, blue, alpha)
            ink = (red.value, green.value, blue.value)
            # Where the letters themselves fill most of their box, their own colour is what is found.
            if max(abs(one - other) for one, other in zip(ink, behind)) > 8:
                assert contrast(ink, behind) >= LEAST_CONTRAST, letters


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_text_is_large_enough_to_read(sheet: Open, name: str, language: str) -> None:
    least = {"card": 5.5, "cards": 5.5, "square": 5.0}.get(name, 7.0)
    for page in sheet(name, language):
        for thing, letters in _texts(page):
            assert _size(thing) >= least, letters


# --- what is said


def _words(document: pdfium.PdfDocument, wanted: str) -> bool:
    return any(page.get_textpage().search(wanted).get_next() for page in document)


@pytest.mark.parametrize("name", SHEETS)
def test_french_is_found(sheet: Open, name: str) -> None:
    for language in ("fr", "both"):
        for wanted in ("Une question", "Demandez à Dalil", "Gratuit", "service officiel", "artisanat", "05\u00a028\u00a085"):
            assert _words(sheet(name, language), wanted), wanted


@pytest.mark.parametrize("name", SHEETS)
def test_arabic_is_found_in_the_order_in_which_it_is_read(sheet: Open, name: str) -> None:
    for language in ("ar", "both"):
        # Not words with لا: PDFium turns round what stands behind a ligature.
        for wanted in ("تعاونيتكم", "دليل", "مجاني", "رسمية", "غرفة", "التقليدية"):
            assert _words(sheet(name, language), wanted), wanted


@pytest.mark.parametrize(("name", "language"), _ALL)
def test_what_can_be_typed_instead_is_there(sheet: Open, name: str, language: str) -> None:
    document = sheet(name, language)
    assert _words(document, "+212\u00a06\u00a061\u00a023\u00a045\u00a067")
    if name not in ("card", "cards"):
        assert _words(document, "t.me/dalil_ess_bot")
        assert _words(document, "dalil.example.ma/chat")


def test_a_poster_and_a_flyer_have_examples(sheet: Open) -> None:
    for name in ("a4", "a3", "flyer", "flyers"):
        assert all(_words(sheet(name, "fr"), question.split(" ")[-2]) for question in QUESTIONS["fr"])
        assert _words(sheet(name, "both"), "association")


def test_arabic_comes_first(sheet: Open) -> None:
    (poster,) = sheet("a4", "both")
    tops = {letters: thing.get_bounds()[3] for thing, letters in _texts(poster)}
    assert next(top for letters, top in tops.items() if "تعاونيتكم" in letters) > next(
        top for letters, top in tops.items() if letters.startswith("Une question")
    )
    arabic, french = sheet("flyer", "both")
    assert arabic.get_textpage().search("دليل").get_next()
    assert french.get_textpage().search("Dalil").get_next()
    assert not french.get_textpage().search("دليل").get_next()


def test_arabic_is_a_mirror_of_french(sheet: Open) -> None:
    for name in ("a4", "flyer", "card", "square"):
        ends = {}
        for language in ("fr", "ar"):
            page = sheet(name, language)[0]
            picture = page.render(scale=2).to_pil()
            codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
            large = max((code.position for code in codes), key=lambda position: position.bottom_right.x - position.top_left.x)
            middle = (large.top_left.x + large.bottom_right.x) / 2
            ends[language] = (middle, picture.width - middle)
        assert ends["fr"][0] == pytest.approx(ends["ar"][1], abs=3), name


def test_a_name_in_two_scripts_keeps_its_order() -> None:
    document = pdfium.PdfDocument(SHEETS["a4"](a_matter("ar", **_UNUSUAL["mixed names, no logo"])))
    textpage = document[0].get_textpage()

    def left(wanted: str) -> float:
        found = textpage.search(wanted).get_next()
        assert found, wanted
        return min(textpage.get_charbox(found[0] + number)[0] for number in range(found[1]))

    assert left("غرفة") > left("CCIS") > left("والصناعة") > left("2026")


# --- the square as a picture, and the files


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_square_is_a_picture_of_1080_pixels(language: str) -> None:
    matter = a_matter(language)
    picture = Image.open(io.BytesIO(png(square(matter), PIXELS)))
    assert picture.size == (1080, 1080)
    assert _read(picture) == [matter.links.whatsapp]
    # As a telephone shows it.
    assert _read(picture.resize((720, 720), Image.Resampling.LANCZOS)) == [matter.links.whatsapp]


@pytest.mark.parametrize("name", SHEETS)
def test_the_same_day_gives_the_same_file(name: str) -> None:
    assert SHEETS[name](a_matter("both")) == SHEETS[name](a_matter("both"))


def test_the_file_says_what_it_is(sheet: Open) -> None:
    said = sheet("a4", "fr").get_metadata_dict()
    assert said["Title"] == f"{word('question', 'fr')} {word('ask', 'fr')}"
    assert said["CreationDate"].startswith(f"D:{TODAY:%Y%m%d}")


def test_a_link_that_no_code_can_hold_is_refused() -> None:
    with pytest.raises(ValueError):
        a_matter("fr", channels=Channels(public_url="https://example.ma/" + "a" * 5000))
