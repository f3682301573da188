"""Texts to paste: three languages, every link in them whole, nothing that a telephone shows in the wrong order."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from bot.chambers.chamber import Contacts
from bot.sharing.embed import snippet
from bot.sharing.links import Channels, links
from bot.sharing.texts import REPLY_LANGUAGES, sms_parts, texts
from tests.sharing.conftest import CHANNELS, CODE, a_chamber


def _greeting(language: str) -> str:
    return "fr" if language == "fr" else "ar"


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_every_link_stands_whole_and_alone(language: str) -> None:
    found = links(CHANNELS, CODE, _greeting(language))
    for text in (texts(a_chamber(), found, language).group, texts(a_chamber(), found, language).page):
        assert re.findall(r"https://\S+", text) == [link for _, link in found.ordered()]
        assert "{" not in text


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_a_channel_that_is_not_there_is_not_named(language: str) -> None:
    found = links(Channels(telegram="dalil_ess_bot"), CODE, _greeting(language))
    text = texts(a_chamber(), found, language).group
    assert "WhatsApp" not in text
    assert "واتساب" not in text
    assert text.count("https://") == 1


def test_the_chamber_signs_with_its_telephone_where_it_gave_one() -> None:
    found = links(CHANNELS, CODE, "fr")
    assert texts(a_chamber(), found, "fr").group.endswith("\nChambre d'artisanat de Souss-Massa, tél. 05 28 85 12 34")
    assert texts(a_chamber(contacts=Contacts()), found, "fr").group.endswith("\nChambre d'artisanat de Souss-Massa")


@pytest.mark.parametrize(("phone", "shown"), [("05 28 85 12 34", "0528851234"), ("+212 5 28-85.12/34", "0528851234"), ("+33 1 23 45 67 89", "0033123456789")])
def test_a_number_in_arabic_has_nothing_that_turns_it_round(phone: str, shown: str) -> None:
    found = links(CHANNELS, CODE, "ar")
    for language in ("ar", "ary"):
        assert texts(a_chamber(contacts=Contacts(phone=phone)), found, language).group.endswith(f"سوس ماسة، {shown}")


@pytest.mark.parametrize(("language", "most"), [("fr", 1), ("ar", 2), ("ary", 2)])
def test_an_sms_is_short_and_has_one_link(language: str, most: int) -> None:
    sms = texts(a_chamber(), links(CHANNELS, CODE, _greeting(language)), language).sms
    assert sms_parts(sms) <= most
    assert sms.count("https://") == 1
    assert "\n" not in sms


def test_an_sms_over_whatsapp_alone_stays_within_three() -> None:
    found = links(Channels(whatsapp="+212661234567"), CODE, "ar")
    assert sms_parts(texts(a_chamber(), found, "ary").sms) <= 3


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("é" * 160, 1), ("ê" * 70, 1), ("ê" * 71, 2), ("س" * 70, 1), ("س" * 134, 2), ("س" * 135, 3)]
)
def test_parts_of_an_sms_are_counted_as_operators_do(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_snippet_is_a_script_that_waits_and_a_link_without_scripts(language: str) -> None:
    html = snippet("https://dalil.example.ma", "https://dalil.example.ma/chat?c=souk", "souk", language)
    assert f'<script src="https://dalil.example.ma/chat/embed.js" data-code="souk" data-language="{language}" async></script>' in html
    root = ET.fromstring("<div>" + html.replace(" async", ' async="async"') + "</div>")
    link = root.find("noscript/a")
    assert link is not None
    assert link.get("href") == "https://dalil.example.ma/chat?c=souk"
    assert (link.get("lang"), link.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    assert link.text
