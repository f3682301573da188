"""The checklist on paper: one or two pages, all of it inside the margins, found by search, readable as a picture."""

from __future__ import annotations

import ctypes
import datetime as dt
import itertools
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
import zxingcpp

from bot.documents.checklist import checklist_pdf
from bot.documents.page import ACCENT, BLACK, GREY, HEIGHT, SIDE, WIDTH, Sheet, Type
from bot.documents.step import GUTTER, LEAST_BODY, LEAST_SMALL
from bot.guidance.checklist import Checklist, checklists, make_checklist
from bot.knowledge.store import Knowledge
from bot.places.offices import Office
from bot.places.regions import places
from tests.documents.conftest import LINK, a_step

TODAY = dt.date(2026, 11, 24)
LANGUAGES = ("fr", "ar", "ary")
_POINT = 25.4 / 72


@pytest.fixture
def printed(knowledge: Knowledge) -> Iterator[Callable[..., pdfium.PdfDocument]]:
    opened = []

    def make(checklist: Checklist, link: str | None = LINK, sector: str | None = None) -> pdfium.PdfDocument:
        opened.append(pdfium.PdfDocument(checklist_pdf(checklist, knowledge, link, TODAY, sector)))
        return opened[-1]

    yield make
    for document in opened:
        document.close()


def _text(document: pdfium.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document)


def _found(document: pdfium.PdfDocument, wanted: str) -> bool:
    return any(page.get_textpage().search(wanted).get_next() for page in document)


def _ink(page: Any, scale: float = 3) -> np.ndarray:
    """Where the page is not white; a row or column is 1/scale point."""
    return np.asarray(page.render(scale=scale).to_pil().convert("L")) < 200


def _boxes(page: Any) -> list[tuple[float, float, float, float]]:
    """The bounds of the texts of a page, points: left, bottom, right, top. Vowel marks stand on letters and are left out, so is what has no ink."""
    textpage = page.get_textpage()
    found = []
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], textpage=textpage):
        letters = thing.extract().strip()
        if letters and not all(unicodedata.combining(letter) for letter in letters):
            found.append(thing.get_bounds())
    return found


def _long(language: str, count: int, office: Office | None = None) -> Checklist:
    """Steps as long as a file of checklists may make them."""
    do = (
        "Déposez le dossier complet au greffe du tribunal avec les copies. " if language == "fr" else "أودعوا الملف الكامل لدى كتابة الضبط بالمحكمة مع النسخ. "
    ) * 6
    document = (
        "Une pièce dont le nom est long, en trois exemplaires certifiés conformes, et datée"
        if language == "fr"
        else "وثيقة اسمها طويل في ثلاث نسخ مطابقة للأصل وموقعة ومؤرخة"
    )[:88]
    steps = tuple(
        a_step(language, number, do=do[:360], documents=(document,) * 5, office=office, office_kind=office.kind if office else None)
        for number in range(1, count + 1)
    )
    return Checklist("cooperative", None, None, language, steps)


# --- pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_typical_checklist_needs_one_or_two_a4_pages(
    cooperative: Callable[[str], Checklist], printed: Callable[..., Any], knowledge: Knowledge, measured: Callable[[str], None], language: str
) -> None:
    checklist = cooperative(language)
    document = printed(checklist)
    assert 1 <= len(document) <= 2
    assert document.get_page_size(0) == pytest.approx((WIDTH / _POINT, HEIGHT / _POINT), abs=0.1)
    start = time.perf_counter()
    file = checklist_pdf(checklist, knowledge, LINK, TODAY)
    measured(f"checklist of 12 steps as PDF ({language}): {len(document)} pages, {len(file) / 1000:.0f} kB, {(time.perf_counter() - start) * 1000:.0f} ms")
    assert len(file) < 100_000


_TOWNS = ("Taroudannt", "Casablanca", "Figuig", None)


def _own(form: str, language: str) -> Iterator[tuple[str | None, str | None]]:
    """The sectors that a form has steps for, and none; each with a town, or none, in turn."""
    sectors: list[str | None] = [None, *sorted({sector for step in checklists()[form].values() for sector in step.sectors})]
    towns = itertools.cycle(next((place.id for place in places().values() if place.name_fr == town), None) for town in _TOWNS)
    for _ in range(LANGUAGES.index(language)):
        next(towns)
    return zip(sectors, towns)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", sorted(checklists()))
def test_the_projects_own_checklists_need_one_or_two_pages(knowledge: Knowledge, printed: Callable[..., Any], form: str, language: str) -> None:
    for sector, place in _own(form, language):
        checklist = make_checklist(checklists()[form], knowledge, form, language, sector, place)
        assert len(printed(checklist, sector="Un secteur")) <= 2, (sector, place)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_list_is_whole_inside_the_margins_and_large_enough_to_read(knowledge: Knowledge, printed: Callable[..., Any], language: str) -> None:
    town = next(place.id for place in places().values() if place.name_fr == "Casablanca")
    checklist = make_checklist(checklists()["cooperative"], knowledge, "cooperative", language, "crafts", town)
    document = printed(checklist)
    titles = re.findall(r"^\d+\. " if language == "fr" else r"^\.\d+ ", _text(document), flags=re.MULTILINE)
    assert len(titles) == len(checklist.steps) > 16
    sizes = []
    for page in document:
        _assert_inside_margins(page)
        _assert_nothing_over_another(page)
        sizes += [(_size(thing), len(thing.extract())) for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())]
    assert min(size for size, _ in sizes) >= LEAST_SMALL - 0.01
    assert sum(letters for size, letters in sizes if size >= LEAST_BODY - 0.01) > 0.6 * sum(letters for _, letters in sizes)


def test_a_second_step_at_the_same_office_does_not_repeat_its_contacts_in_a_column(printed: Callable[..., Any], odco: Office) -> None:
    steps = tuple(a_step("fr", number, office=odco, office_kind="odco") for number in (1, 2))
    document = printed(Checklist("cooperative", None, None, "fr", steps))
    lines = _text(document).splitlines()
    assert any(line.startswith(f"Où aller {odco.name.fr}") and line.endswith("étape 1") for line in lines), lines


def test_documents_stand_side_by_side(printed: Callable[..., Any]) -> None:
    step = a_step("fr", 1, documents=("Une photo", "Une copie de la CIN", "Les statuts"))
    text = _text(printed(Checklist("cooperative", None, None, "fr", (step,))))
    assert re.search("À apporter.*Une photo.*Une copie de la CIN.*Les statuts", text)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_fifteen_long_steps_break_between_steps(printed: Callable[..., Any], odco: Office, language: str) -> None:
    document = printed(_long(language, 15, odco))
    assert len(document) > 2
    for page in document:
        text = page.get_textpage().get_text_range()
        # As many sources, which end a step, as titles, which begin one: no step is torn.
        titles = re.findall(r"^\d+\. " if language == "fr" else r"^\.\d+ ", text, flags=re.MULTILINE)
        assert len(titles) == text.count("112-12" if language == "fr" else "112.12") > 0
        _assert_inside_margins(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_list_without_place_office_or_link_is_one_page(printed: Callable[..., Any], language: str) -> None:
    assert len(printed(Checklist("association", None, None, language, ()), link=None)) == 1


def test_a_form_without_a_title_of_its_own_goes_by_its_name(printed: Callable[..., Any], knowledge: Knowledge) -> None:
    document = printed(Checklist("ess", None, None, "fr", (a_step("fr", 1),)))
    assert knowledge.subjects["ess"].title.fr.split("'")[-1] in _text(document)


# --- where things are


def _assert_inside_margins(page: Any) -> None:
    ink = _ink(page)
    side, edge = int((SIDE - 0.6) / _POINT * 3), int(8 / _POINT * 3)
    assert not ink[:, :side].any()
    assert not ink[:, -side:].any()
    assert not ink[:edge].any()
    assert not ink[-edge:].any()


def _assert_nothing_over_another(page: Any) -> None:
    for one, other in itertools.combinations(_boxes(page), 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[1], other[1])
        assert across < 1 or down < 1.2, (one, other)


def _size(thing: Any) -> float:
    """Of the letters of a text, points."""
    found = ctypes.c_float()
    assert raw.FPDFTextObj_GetFontSize(thing.raw, found)
    return found.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_outside_the_margins(cooperative: Callable[[str], Checklist], printed: Callable[..., Any], language: str) -> None:
    for page in printed(cooperative(language), sector="Artisanat"):
        _assert_inside_margins(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_put_over_another(cooperative: Callable[[str], Checklist], printed: Callable[..., Any], language: str) -> None:
    for page in printed(cooperative(language)):
        _assert_nothing_over_another(page)


def test_arabic_is_a_mirror_of_french(cooperative: Callable[[str], Checklist], printed: Callable[..., Any]) -> None:
    margin = SIDE / _POINT
    lefts = [box[0] for page in printed(cooperative("fr")) for box in _boxes(page)]
    rights = [WIDTH / _POINT - box[2] for page in printed(cooperative("ar")) for box in _boxes(page)]
    for starts in (lefts, rights):
        # The title and the footer begin at the margin, the titles of the steps behind their boxes, all in one line.
        assert min(starts) == pytest.approx(margin, abs=3)
        assert sum(abs(start - margin - GUTTER / _POINT) < 3 for start in starts) > 12


# --- what can be found and read


def test_french_words_phones_and_addresses_are_found(cooperative: Callable[[str], Checklist], printed: Callable[..., Any], odco: Office) -> None:
    document = printed(cooperative("fr"), sector="Artisanat")
    for wanted in (
        "Créer une coopérative",
        "Artisanat",
        "Tanger",
        "24 novembre 2026",
        "112-12",
        "Après",
        "Où aller",
        "page 1/",
        "gratuites",
        *odco.phones,
        odco.email,
    ):
        assert _found(document, str(wanted)), wanted


@pytest.mark.parametrize("language", ["ar", "ary"])
def test_arabic_words_phones_and_laws_are_found(cooperative: Callable[[str], Checklist], printed: Callable[..., Any], odco: Office, language: str) -> None:
    document = printed(cooperative(language))
    for wanted in ("تعاونية", "طنجة", "التسجيل", "كتابة الضبط", "112.12", "24/11/2026", "نونبر", *odco.phones, odco.email, odco.address):
        assert _found(document, str(wanted)), wanted


def test_the_way_to_an_office_is_told_once(printed: Callable[..., Any], odco: Office) -> None:
    steps = tuple(a_step("fr", number, office=odco, office_kind="odco") for number in (1, 2))
    text = _text(printed(Checklist("cooperative", None, None, "fr", steps)))
    assert text.count(odco.phones[0]) == 1
    assert "étape 1" in text


def test_without_a_town_it_says_how_to_get_addresses(printed: Callable[..., Any]) -> None:
    step = a_step("fr", 1, office_kind="odco", office_title="Bureau ODCO")
    text = _text(printed(Checklist("cooperative", None, None, "fr", (step,))))
    assert "Bureau ODCO" in text
    assert "dites votre ville" in text


def test_the_code_leads_back_to_the_chat(cooperative: Callable[[str], Checklist], printed: Callable[..., Any]) -> None:
    for language in LANGUAGES:
        (found,) = zxingcpp.read_barcodes(printed(cooperative(language))[0].render(scale=3).to_pil())
        assert found.text == LINK


def test_arabic_letters_are_joined_in_the_picture() -> None:
    sheet = Sheet("x", "ar", TODAY)
    sheet.new_page()
    sheet.put(sheet.block("محمد", Type(40, 20), 150), 0, 50)
    with pdfium.PdfDocument(sheet.output()) as document:
        columns = np.flatnonzero(_ink(document[0]).any(axis=0))
    # Without a gap from the first letter to the last: this word has no dots and no letter that ends a join.
    assert (np.diff(columns) == 1).all()


def test_done_steps_are_ticked(printed: Callable[..., Any]) -> None:
    def ink(done: bool) -> int:
        page = printed(Checklist("cooperative", None, None, "fr", (a_step("fr", 1, title="", source="", do="", done=done),)), link=None)[0]
        left = int(SIDE / _POINT * 3)
        return int(_ink(page)[150:, left : left + 50].sum())

    assert ink(True) - ink(False) > 200


def test_every_ink_of_text_stands_out_from_paper() -> None:
    def luminance(ink: tuple[int, int, int]) -> float:
        parts = [part / 255 for part in ink]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all(1.05 / (luminance(ink) + 0.05) >= 7 for ink in (BLACK, GREY, ACCENT))


# --- the file


def test_the_same_list_on_the_same_day_is_the_same_file(cooperative: Callable[[str], Checklist], knowledge: Knowledge) -> None:
    first = checklist_pdf(cooperative("ar"), knowledge, LINK, TODAY)
    time.sleep(1.1)
    assert checklist_pdf(cooperative("ar"), knowledge, LINK, TODAY) == first
    assert checklist_pdf(cooperative("ar"), knowledge, LINK, TODAY + dt.timedelta(days=1)) != first


@pytest.mark.parametrize(("language", "locale", "title"), [("fr", "fr-MA", "Créer une coopérative : ma liste"), ("ar", "ar-MA", "تأسيس تعاونية: لائحتي")])
def test_the_file_says_what_it_is(
    cooperative: Callable[[str], Checklist], printed: Callable[..., Any], knowledge: Knowledge, language: str, locale: str, title: str
) -> None:
    said = printed(cooperative(language)).get_metadata_dict()
    assert said["Title"] == title
    assert said["Author"] == "Dalil"
    assert said["CreationDate"].startswith("D:20261124")
    assert f"/Lang ({locale})".encode() in checklist_pdf(cooperative(language), knowledge, LINK, TODAY)
