"""The kit: every file of a campaign, each explained, and what is missing said."""

from __future__ import annotations

import io
import re
import zipfile

import pypdfium2 as pdfium
import pytest
import zxingcpp
from fpdf import FPDF
from PIL import Image

from bot.sharing.kit import Kit, NoChannel, make_kit
from bot.sharing.links import Channels
from bot.sharing.readme import GROUPS
from tests.sharing.conftest import CHANNELS, TODAY, a_campaign


def _kit(channels: Channels = CHANNELS, fault: str | None = None, **changes: object) -> Kit:
    return make_kit(a_campaign(**changes), channels, fault, TODAY)


def _names(kit: Kit, group: str) -> list[str]:
    return [file.name for file in kit.files if file.group == group]


def _readme(kit: Kit) -> str:
    return kit.file("README.txt").decode("utf-8-sig")


def _drawn(svg: bytes) -> Image.Image:
    """An SVG as it is printed."""
    pdf = FPDF(unit="mm", format=(100, 100))
    pdf.add_page()
    pdf.image(io.BytesIO(svg), 5, 5, 90)
    return pdfium.PdfDocument(bytes(pdf.output()))[0].render(scale=4).to_pil()


def test_there_is_every_size_in_every_language() -> None:
    kit = _kit()
    for name in ("affiche-a4", "affiche-a3", "flyer-a5", "flyers-a4", "carte", "cartes-a4", "carre"):
        assert {f"{name}-fr.pdf", f"{name}-ar.pdf", f"{name}-ar-fr.pdf"} <= {file.name for file in kit.files}
    assert _names(kit, "text") == ["texte-fr.txt", "texte-ar.txt", "texte-darija.txt"]
    assert _names(kit, "site") == ["code-site-fr.txt", "code-site-ar.txt"]
    assert kit.missing == ()


def test_names_are_plain_and_none_stands_twice() -> None:
    names = [file.name for file in _kit().files]
    assert all(re.fullmatch(r"[A-Za-z0-9-]+\.(pdf|png|svg|txt)", name) for name in names)
    assert len(set(names)) == len(names)


def test_the_codes_alone_are_read_and_lead_to_every_link() -> None:
    kit = _kit()
    wanted = {link for links in kit.links.values() for _, link in links.ordered()}
    names = _names(kit, "qr")
    assert len(names) == 2 * len(wanted) == 10
    for kind in ("svg", "png"):
        read = set()
        for name in names:
            if name.endswith(kind):
                content = kit.file(name)
                picture = _drawn(content) if kind == "svg" else Image.open(io.BytesIO(content))
                (found,) = zxingcpp.read_barcodes(picture)
                read.add(found.text)
        assert read == wanted


def test_a_code_alone_is_large_enough_for_print_and_lies_on_white() -> None:
    kit = _kit()
    picture = Image.open(io.BytesIO(kit.file("qr-whatsapp-ar-fr.png"))).convert("RGB")
    assert min(picture.size) >= 1000
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    # On a dark page an SVG without a ground of its own could not be read.
    dark = FPDF(unit="mm", format=(100, 100))
    dark.add_page()
    dark.set_fill_color(20, 20, 20)
    dark.rect(0, 0, 100, 100, style="F")
    dark.image(io.BytesIO(kit.file("qr-telegram.svg")), 20, 20, 60)
    (found,) = zxingcpp.read_barcodes(pdfium.PdfDocument(bytes(dark.output()))[0].render(scale=4).to_pil())
    assert found.text == kit.links["fr"].telegram


def test_the_readme_explains_every_file_in_both_languages() -> None:
    kit = _kit()
    text = _readme(kit)
    for file in kit.files[1:]:
        assert text.count(f"\r\n{file.name}\r\n") == 2
        assert all(text.count(GROUPS[file.group][language]) == 1 for language in ("fr", "ar"))
    assert "Souk de Taroudant (code souk-taroudant)" in text
    assert "Ce qui manque" not in text


@pytest.mark.parametrize(
    ("channels", "fault", "changes", "missing"),
    [
        (Channels("", "+212661234567", "https://dalil.example.ma"), "Telegram could not be asked (TimedOut)", {}, ("telegram",)),
        (Channels("dalil_ess_bot", "+212661234567"), None, {}, ("web",)),
        (CHANNELS, None, {"logo": b""}, ("logo",)),
        (CHANNELS, None, {"logo": b"no picture"}, ("logo",)),
        (CHANNELS, None, {"sites": ()}, ("sites",)),
        (Channels(telegram="dalil_ess_bot"), None, {"sites": (), "logo": b""}, ("web", "logo")),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_made(channels: Channels, fault: str | None, changes: dict[str, object], missing: tuple[str, ...]) -> None:
    kit = _kit(channels, fault, **changes)
    assert kit.missing == missing
    assert "Ce qui manque" in _readme(kit)
    assert "ما ينقص" in _readme(kit)
    assert kit.file("affiche-a4-fr.pdf").startswith(b"%PDF")
    assert bool(kit.snippets) == ("web" not in missing)
    assert not any("telegram" in name for name in _names(kit, "qr")) or channels.telegram


def test_without_any_channel_there_is_no_kit() -> None:
    with pytest.raises(NoChannel):
        _kit(Channels())


def test_an_unknown_file_is_refused() -> None:
    with pytest.raises(KeyError):
        _kit().file("../../etc/passwd")


def test_texts_open_in_any_editor() -> None:
    content = _kit().file("texte-darija.txt")
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") > 5


def test_the_zip_holds_all_of_it_in_one_folder_and_is_the_same_on_the_same_day() -> None:
    kit = _kit()
    first = kit.zip()
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"dalil-souk-taroudant/{file.name}" for file in kit.files]
        assert archive.read("dalil-souk-taroudant/texte-fr.txt") == kit.file("texte-fr.txt")
    assert len(first) < 3_000_000
    assert _kit().zip() == first
