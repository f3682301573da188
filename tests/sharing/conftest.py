"""A chamber and what a kit is made of, and the sheets as they come out of the printer."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from functools import partial
from typing import Any

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw

from bot.chambers.chamber import Campaign, Chamber, Contacts
from bot.documents.logo import read_logo
from bot.sharing.card import card, ten_cards
from bot.sharing.flyer import flyer, two_flyers
from bot.sharing.layout import Matter
from bot.sharing.links import Channels, links
from bot.sharing.poster import A3, A4, poster
from bot.sharing.square import square

TODAY = dt.date(2026, 11, 30)
CODE = "souk-taroudant"
CHANNELS = Channels("dalil_ess_bot", "+212661234567", "https://dalil.example.ma")

#: Sheet -> how it is made.
SHEETS: dict[str, Callable[[Matter], bytes]] = {
    "a4": partial(poster, paper=A4),
    "a3": partial(poster, paper=A3),
    "flyer": flyer,
    "flyers": two_flyers,
    "card": card,
    "cards": ten_cards,
    "square": square,
}


def a_logo(width: int = 600, height: int = 400) -> bytes:
    """A red shield on a transparent ground, as a PNG."""
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    ImageDraw.Draw(picture).rectangle((0, 0, width, height - height // 10), fill=(140, 30, 40, 255))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def a_chamber(**changes: Any) -> Chamber:
    """A chamber that gave all there is."""
    names = {"fr": "Chambre d'artisanat de Souss-Massa", "ar": "غرفة الصناعة التقليدية سوس ماسة"}
    fields: dict[str, Any] = {"id": 1, "kind": "crafts", "names": names, "region": "09", "contacts": Contacts(phone="05 28 85 12 34"), "logo": a_logo()}
    return Chamber(**{"sites": ("https://chambre.example.ma",), **fields, **changes})


def a_campaign(**changes: Any) -> Campaign:
    """A campaign of it."""
    return Campaign(CODE, "Souk de Taroudant", a_chamber(**changes))


def a_matter(language: str, channels: Channels = CHANNELS, code: str = CODE, **changes: Any) -> Matter:
    """What a sheet is made of."""
    chamber = a_chamber(**changes)
    return Matter(language, chamber, read_logo(chamber.logo), links(channels, code, language), TODAY)


@pytest.fixture(scope="session")
def sheet() -> Callable[[str, str], pdfium.PdfDocument]:
    """A sheet in a language, made once a run."""
    made: dict[tuple[str, str], bytes] = {}

    def make(name: str, language: str) -> pdfium.PdfDocument:
        key = (name, language)
        if key not in made:
            made[key] = SHEETS[name](a_matter(language))
        return pdfium.PdfDocument(made[key])

    return make
