"""Chambers: their records, their codes, their kits and their months; each sees its own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from bot.chambers import store
from bot.console.accounts.models import AuditEntry
from bot.console.chambers import reports
from bot.console.chambers.logo import LARGEST
from bot.console.chambers.models import Campaign, Chamber, MonthReport
from bot.console.conversations.models import Turn
from bot.console.database import in_dalil
from bot.console.figures.period import Month
from tests.browser.conftest import PICTURES
from tests.console.test_figures import somebody
from tests.console.tools import project
from tests.tools import environment

pytestmark = pytest.mark.usefixtures("console_url")


def _picture(size: tuple[int, int] = (300, 200), kind: str = "PNG", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 90, 80)).save(out, kind, **save)
    return out.getvalue()


@pytest.fixture
def fes(console_url: str) -> Chamber:
    chamber = Chamber.objects.create(kind="crafts", name_fr="Chambre d'artisanat de Fès", name_ar="غرفة الصناعة التقليدية بفاس", region="03", logo=_picture())
    Campaign.objects.create(code="guichet-fes", chamber=chamber, title="Guichet")
    return chamber


@pytest.fixture
def agadir(console_url: str) -> Chamber:
    chamber = Chamber.objects.create(name_fr="Chambre de commerce d'Agadir", name_ar="غرفة التجارة بأكادير", region="09")
    Campaign.objects.create(code="souk-agadir", chamber=chamber, title="Souk")
    return chamber


@pytest.fixture
def open_channels() -> Iterator[None]:
    """WhatsApp and the web page have an address."""
    with environment(PUBLIC_URL="https://dalil.example", TWILIO_WHATSAPP_FROM="+212600000000", TWILIO_ACCOUNT_SID="AC1", TWILIO_AUTH_TOKEN="x"):
        yield


def _values(chamber: Chamber, **changed: str) -> dict[str, Any]:
    names = ("kind", "name_fr", "name_ar", "region", "welcome_fr", "welcome_ar", "welcome_ary", "phone", "email", "website", "address_fr", "address_ar")
    return {**{name: getattr(chamber, name) for name in (*names, "hours_fr", "hours_ar", "sites")}, **changed}


@pytest.fixture
def own(account: Any, browse: Any, fes: Chamber) -> Any:
    """The account of the chamber in Fès."""
    return browse(account("chamber", "fes", chamber=fes))


# --- records


def test_a_chamber_changes_its_record_and_the_bot_says_so_at_once(own: Any, fes: Chamber) -> None:
    answer = own.post(f"/chambers/{fes.pk}/", _values(fes, welcome_fr="Nous vous attendons.", phone="0535 00 00 00", sites="https://artisanat-fes.example"))
    assert answer.status_code == 302
    chamber = in_dalil(store.campaign, "guichet-fes").chamber
    assert (chamber.welcome["fr"], chamber.contacts.phone, chamber.sites) == ("Nous vous attendons.", "0535 00 00 00", ("https://artisanat-fes.example",))
    entry = AuditEntry.objects.get(action="chamber.changed")
    assert entry.details["fields"] == ["phone", "sites", "welcome_fr"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("sites", "http://sans-s.example", "écrivez https://"),
        ("sites", "https://*.example", "écrivez https://"),
        ("sites", "https://a.example; script-src *", "écrivez https://"),
        ("phone", "appelez-nous", "pas un numéro"),
        ("name_ar", "", "obligatoire"),
        ("welcome_fr", "x" * 161, "160"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(own: Any, fes: Chamber, field: str, typed: str, said: str) -> None:
    answer = own.post(f"/chambers/{fes.pk}/", _values(fes, website="https://fes.example", **{field: typed}))
    assert answer.status_code == 400
    page = answer.content.decode().replace("&#x27;", "'")
    assert said in page
    assert typed in page
    assert "https://fes.example" in page
    fes.refresh_from_db()
    assert fes.website == ""


@pytest.mark.one_database
@pytest.mark.parametrize(("kind", "save"), [("PNG", {}), ("JPEG", {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"}), ("WEBP", {})])
def test_a_logo_is_written_anew(own: Any, fes: Chamber, kind: str, save: dict[str, Any]) -> None:
    upload = SimpleUploadedFile("logo.bin", _picture((3000, 2000), kind, **save) + b"<script>alert(1)</script>")
    assert own.post(f"/chambers/{fes.pk}/", {**_values(fes), "upload": upload}).status_code == 302
    shown = own.get(f"/chambers/{fes.pk}/logo/")
    assert shown.headers["Content-Type"] == "image/png"
    assert b"script" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (1000, 667)
    assert own.post(f"/chambers/{fes.pk}/", {**_values(fes), "without_logo": "on"}).status_code == 302
    assert own.get(f"/chambers/{fes.pk}/logo/").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    "upload",
    [b"GIF89a nothing", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", _picture((7000, 10)), b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"x" * (LARGEST + 1)],
)
def test_what_is_no_picture_is_no_logo(own: Any, fes: Chamber, upload: bytes) -> None:
    before = bytes(fes.logo)
    own.post(f"/chambers/{fes.pk}/", {**_values(fes), "upload": SimpleUploadedFile("logo.png", upload)})
    fes.refresh_from_db()
    assert bytes(fes.logo) == before


@pytest.mark.one_database
def test_a_manager_adds_a_chamber_with_its_first_code(browse: Any, fes: Chamber) -> None:
    manager = browse("manager")
    values = _values(fes, name_fr="Chambre d'agriculture", kind="agriculture")
    refused = manager.post("/chambers/add/", {**values, "first-title": "Général", "first-code": "Guichet FES"})
    assert refused.status_code == 400
    assert Chamber.objects.count() == 1
    made = manager.post("/chambers/add/", {**values, "first-title": "Général", "first-code": "agri-fes"})
    chamber = Chamber.objects.get(kind="agriculture")
    assert made.headers["Location"] == f"/chambers/{chamber.pk}/"
    assert chamber.campaigns.get().code == "agri-fes"
    assert b"agri-fes" in manager.get("/chambers/").content


@pytest.mark.one_database
@pytest.mark.parametrize("code", ["guichet-fes", "Majuscule", "é", "a b", "a", "x" * 41, "-debut", ""])
def test_a_code_is_one_of_a_kind_and_fits_into_links(own: Any, fes: Chamber, code: str) -> None:
    assert own.post(f"/chambers/{fes.pk}/codes/", {"title": "Souk", "code": code}).status_code == 400
    assert fes.campaigns.count() == 1


# --- each its own


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["", "logo/", "kit/souk-agadir/", "kit/souk-agadir/README.txt", "reports/{last:%Y-%m}/fr.pdf"])
def test_a_chamber_sees_no_other_chamber(own: Any, agadir: Chamber, open_channels: None, path: str) -> None:
    assert own.get(f"/chambers/{agadir.pk}/{path.format(last=_last().first)}").status_code == 404


def test_a_chamber_changes_no_other_chamber_and_takes_no_code_of_it(own: Any, fes: Chamber, agadir: Chamber, open_channels: None) -> None:
    assert own.post(f"/chambers/{agadir.pk}/", _values(agadir, name_fr="Autre")).status_code == 404
    assert own.post(f"/chambers/{agadir.pk}/codes/", {"title": "x", "code": "nouveau"}).status_code == 404
    assert own.get(f"/chambers/{fes.pk}/kit/souk-agadir/").status_code == 404
    assert own.get("/chambers/").headers["Location"] == f"/chambers/{fes.pk}/"
    assert own.get("/chambers/add/").status_code == 403


# --- kits


@pytest.mark.one_database
@pytest.mark.usefixtures("open_channels")
def test_a_new_code_has_its_kit_at_once(own: Any, fes: Chamber) -> None:
    made = own.post(f"/chambers/{fes.pk}/codes/", {"title": "Souk de Taroudant", "code": "souk-taroudant"})
    page = own.get(made.headers["Location"]).content.decode()
    assert "https://dalil.example/chat?c=souk-taroudant" in page
    assert "https://wa.me/212600000000?text=" in page
    assert "affiche-a4-ar.pdf" in page
    assert "&lt;script src=&quot;https://dalil.example/chat/embed.js&quot; data-code=&quot;souk-taroudant&quot;" in page
    picture = own.get(f"/chambers/{fes.pk}/kit/souk-taroudant/qr-web.png")
    assert picture.headers["Content-Type"] == "image/png"
    assert zxingcpp.read_barcode(Image.open(io.BytesIO(picture.content))).text == "https://dalil.example/chat?c=souk-taroudant"
    assert AuditEntry.objects.filter(action="kit.downloaded", details__file="qr-web.png").count() == 1
    assert own.get(f"/chambers/{fes.pk}/kit/souk-taroudant/nothing.pdf").status_code == 404


@pytest.mark.one_database
@pytest.mark.usefixtures("open_channels")
def test_the_whole_kit_comes_in_one_file(own: Any, fes: Chamber) -> None:
    answer = own.get(f"/chambers/{fes.pk}/kit/guichet-fes/dalil-guichet-fes.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert "dalil-guichet-fes/README.txt" in names
    assert {f"dalil-guichet-fes/affiche-a3-{language}.pdf" for language in ("ar", "fr", "ar-fr")} <= set(names)


@pytest.mark.one_database
def test_without_a_channel_the_page_says_that_there_is_nothing_to_share(own: Any, fes: Chamber) -> None:
    page = own.get(f"/chambers/{fes.pk}/kit/guichet-fes/")
    assert page.status_code == 200
    assert "rien à partager" in page.content.decode()
    assert own.get(f"/chambers/{fes.pk}/kit/guichet-fes/README.txt").status_code == 404


# --- months


def _last() -> Month:
    """The last month that is over in Morocco: another one when the tests run over the end of a month."""
    return reports.months(timezone.localdate())[0]


def _month(people: int, code: str = "guichet-fes", month: Month | None = None, first: int = 1) -> None:
    """So many people ask something in a month (the last one), each on a day of their own."""
    begins = (month or _last()).first
    for number in range(first, first + people):
        somebody(number, begins + dt.timedelta(days=number % 25), code=code).asks()
    project()


def _cells(own: Any, chamber: Chamber, language: str = "fr") -> dict[tuple[str, str], str]:
    text = own.get(f"/chambers/{chamber.pk}/reports/{_last().first:%Y-%m}/{language}.csv").content.decode("utf-8-sig")
    return {(row[1], row[2]): row[3] for row in list(csv.reader(io.StringIO(text), delimiter=";"))[1:]}


def test_the_month_of_a_chamber_counts_its_own_public(own: Any, fes: Chamber, agadir: Chamber) -> None:
    _month(12)
    _month(30, "souk-agadir", first=100)
    cells = _cells(own, fes)
    assert cells["Messages", ""] == "12"
    assert cells["Personnes", ""] == "12"
    assert cells["Guichet", "Messages"] == "12"
    assert ("Souk", "Messages") not in cells


def test_who_wrote_before_the_month_comes_back(own: Any, fes: Chamber) -> None:
    _month(7, month=_last().before)
    _month(14)
    assert _cells(own, fes)["Revenues", ""] == "7"


def test_figures_about_few_people_are_kept_back(own: Any, fes: Chamber) -> None:
    _month(4)
    cells = _cells(own, fes)
    assert cells["Messages", ""] == cells["Personnes", ""] == "moins de 5"
    assert not any(value.strip().isdecimal() for value in cells.values())


def test_a_report_says_the_same_whoever_was_erased_since(own: Any, fes: Chamber) -> None:
    _month(12)
    before = _cells(own, fes)
    Turn.objects.all().delete()
    assert _cells(own, fes) == before


def test_reports_are_made_when_a_month_is_over_and_once(fes: Chamber, agadir: Chamber) -> None:
    _month(6)
    assert reports.make_due() == 4  # two chambers, two languages
    assert reports.make_due() == 0
    assert set(MonthReport.objects.values_list("month", flat=True)) == {_last().first}


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_report_on_paper_says_what_the_table_says(own: Any, fes: Chamber, language: str) -> None:
    _month(12)
    answer = own.get(f"/chambers/{fes.pk}/reports/{_last().first:%Y-%m}/{language}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "12" in text
    assert len(document) <= 3
    PICTURES.mkdir(parents=True, exist_ok=True)
    document[0].render(scale=1.5).to_pil().save(PICTURES / f"report-{language}.png")
    assert AuditEntry.objects.filter(action="report.downloaded").count() == 1


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["2020-01/fr.pdf", "2999-01/fr.pdf", "x/fr.pdf", "{last:%Y-%m}/en.pdf", "{last:%Y-%m}/fr.exe", "{last:%Y-%m}/fr"])
def test_there_are_no_other_reports(own: Any, fes: Chamber, name: str) -> None:
    assert own.get(f"/chambers/{fes.pk}/reports/{name.format(last=_last().first)}").status_code == 404
