"""A chamber's links followed over both channels: from the code on a poster to the greeting, the contacts and the count in the console."""

import itertools
import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from sqlalchemy import text

from bot.privacy.pseudonym import pseudonym
from bot.sharing.links import Channels, links
from tests.chambers.tools import VALUES, share
from tests.connected import Connected

pytestmark = [pytest.mark.server, pytest.mark.model]

_numbers = itertools.count(6_100_000)
_codes = itertools.count()


@pytest.fixture
def code(connected: Connected) -> str:
    found = f"lien-{next(_codes)}"
    share(connected.database, found)
    return found


def _link(connected: Connected, channel: str, code: str, language: str) -> str:
    found = links(Channels("dalil_bot", connected.twilio.sender, "https://dalil.example"), code, language)
    return str(getattr(found, channel))


class Visitor:
    """Somebody new who follows a link and sends what stands ready there."""

    def __init__(self, connected: Connected, channel: str, link: str) -> None:
        parts = urlsplit(link)
        if channel == "telegram":
            self.user: Any = connected.telegram.user(next(_numbers))
            self.address = str(self.user.id)
            self.user.command(f"/start {parse_qs(parts.query)['start'][0]}")
        else:
            assert parts.path == f"/{connected.twilio.sender.removeprefix('+')}"
            self.address = f"+2126{next(_numbers)}"
            self.user = connected.twilio.user(self.address)
            self.user.text(unquote(parts.query.removeprefix("text=")))
        self.sender = pseudonym(channel, self.address, connected.dalil.settings.key())
        self.user.wait_for(2)  # the greeting, and the notice on privacy

    def say(self, words: str, replies: int) -> list[str]:
        """Write; what comes back."""
        before = len(self.user.sent)
        self.user.text(words)
        self.user.wait_for(before + replies)
        return [_said(message) for message in self.user.sent[before:]]

    @property
    def greeting(self) -> str:
        return _said(self.user.sent[0])


def _said(message: Any) -> str:
    """What a message says, on WhatsApp also within a template."""
    return str(getattr(message, "text", "") or getattr(message, "body", "") or message)


def _counted(connected: Connected, sender: str, turns: int) -> list[str]:
    """The campaigns of somebody's turns in the console, once there are so many."""
    deadline = time.monotonic() + 20
    query = text("SELECT campaign FROM conversations_turn WHERE conversation_id = :sender ORDER BY id")
    while True:
        found = [row[0] for row in connected.database.now(lambda c: c.execute(query, {"sender": sender}).all())]
        if len(found) >= turns or time.monotonic() > deadline:
            return found
        time.sleep(0.5)


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize("language", ["fr", "ar", "both"])
def test_a_link_leads_to_the_chamber_s_greeting_and_its_count(connected: Connected, code: str, channel: str, language: str) -> None:
    visitor = Visitor(connected, channel, _link(connected, channel, code, language))
    assert any(str(VALUES[name]) in visitor.greeting for name in ("name_fr", "name_ar"))
    assert _counted(connected, visitor.sender, 1)[0] == code


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_who_writes_later_without_the_link_is_still_the_chamber_s(connected: Connected, code: str, channel: str) -> None:
    visitor = Visitor(connected, channel, _link(connected, channel, code, "fr"))
    said = visitor.say("où est le tribunal à Meknès ?", 2)
    assert str(VALUES["phone"]) in said[0], "its contacts come first"
    visitor.say("Combien de personnes faut-il pour créer une coopérative ?", 1)
    assert set(_counted(connected, visitor.sender, 3)) == {code}
