"""Links carry the code, on every channel that there is, and nothing in them breaks on the way."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.chambers.chamber import CODE as CODES
from bot.sharing.links import LANGUAGES, Channels, Links, links, ready_message, short_address, spaced_number
from tests.sharing.conftest import CHANNELS, CODE


def test_each_channel_has_its_link() -> None:
    assert links(CHANNELS, CODE, "fr") == Links(
        telegram="https://t.me/dalil_ess_bot?start=souk-taroudant",
        whatsapp="https://wa.me/212661234567?text=Bonjour%20Dalil%20%23souk-taroudant",
        web="https://dalil.example.ma/chat?c=souk-taroudant",
    )


@pytest.mark.parametrize(
    ("language", "message"),
    [("fr", "Bonjour Dalil #souk-taroudant"), ("ar", "السلام عليكم #souk-taroudant"), ("both", "السلام عليكم، Bonjour #souk-taroudant")],
)
def test_the_message_that_stands_ready_arrives_as_it_was_written(language: str, message: str) -> None:
    link = links(CHANNELS, CODE, language).whatsapp
    assert link is not None
    assert link.isascii()
    assert " " not in link
    assert "#" not in link
    assert parse_qs(urlsplit(link).query) == {"text": [message]}
    assert ready_message(CODE, language) == message


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_code_stays_whole(language: str) -> None:
    code = "z" + "-_9" * 13
    assert CODES.fullmatch(code)
    found = links(CHANNELS, code, language)
    assert parse_qs(urlsplit(found.telegram or "").query) == {"start": [code]}
    assert parse_qs(urlsplit(found.web or "").query) == {"c": [code]}
    assert parse_qs(urlsplit(found.whatsapp or "").query)["text"][0].endswith(f" #{code}")


def test_a_channel_that_is_not_set_up_has_no_link() -> None:
    assert links(Channels(), CODE, "fr") == Links(None, None, None)
    assert links(Channels(), CODE, "fr").ordered() == []
    assert links(Channels(telegram="dalil_ess_bot"), CODE, "fr").ordered() == [("telegram", "https://t.me/dalil_ess_bot?start=souk-taroudant")]


def test_whatsapp_comes_first_then_telegram_then_the_web() -> None:
    assert [channel for channel, _ in links(CHANNELS, CODE, "ar").ordered()] == ["whatsapp", "telegram", "web"]


def test_what_is_typed_is_short() -> None:
    assert [short_address(link) for _, link in links(CHANNELS, CODE, "ar").ordered()] == [
        "+212\u00a06\u00a061\u00a023\u00a045\u00a067",
        "t.me/dalil_ess_bot",
        "dalil.example.ma/chat",
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [("0528851234", "05 28 85 12 34"), ("05.28-85 12/34", "05 28 85 12 34"), ("+212528851234", "+212 5 28 85 12 34"), ("+14155238886", "+14155238886")],
)
def test_moroccan_numbers_are_set_in_pairs(written: str, read: str) -> None:
    assert spaced_number(written).replace("\u00a0", " ") == read
