"""The links of a code: who follows one comes to Dalil with the code. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

#: The languages of what is shared: French, Arabic, or both, Arabic first.
LANGUAGES = ("fr", "ar", "both")

#: What stands ready to be sent on WhatsApp: a greeting, so that the language is known, and the code.
_GREETINGS = {"fr": "Bonjour Dalil", "ar": "السلام عليكم", "both": "السلام عليكم، Bonjour"}


@dataclass(frozen=True)
class Channels:
    """Where this Dalil can be reached; empty where it cannot.

    Attributes:
        telegram: the bot's user name, without @.
        whatsapp: the number, + and digits.
        public_url: what the address of the chat page begins with.
    """

    telegram: str = ""
    whatsapp: str = ""
    public_url: str = ""


@dataclass(frozen=True)
class Links:
    """The links of a code; None where there is no such channel."""

    telegram: str | None
    whatsapp: str | None
    web: str | None

    def ordered(self) -> list[tuple[str, str]]:
        """The channels that there are and their links, the one that most people have first."""
        found = (("whatsapp", self.whatsapp), ("telegram", self.telegram), ("web", self.web))
        return [(channel, link) for channel, link in found if link]


def ready_message(code: str, language: str) -> str:
    """What a person sends first on WhatsApp; the code stands at its end."""
    return f"{_GREETINGS[language]} #{code}"


def links(channels: Channels, code: str, language: str) -> Links:
    """The links of a code.

    Args:
        channels: where Dalil can be reached.
        code: a campaign's.
        language: fr, ar or both: of the message that stands ready on WhatsApp.
    """
    message = quote(ready_message(code, language), safe="")
    return Links(
        telegram=f"https://t.me/{channels.telegram}?start={code}" if channels.telegram else None,
        whatsapp=f"https://wa.me/{channels.whatsapp.removeprefix('+')}?text={message}" if channels.whatsapp else None,
        web=f"{channels.public_url}/chat?c={code}" if channels.public_url else None,
    )


def short_address(link: str) -> str:
    """What somebody types who cannot scan: the number on WhatsApp, else the address without what only machines need; the code is not in it."""
    parts = urlsplit(link)
    if parts.netloc == "wa.me":
        return spaced_number(f"+{parts.path.removeprefix('/')}")
    return f"{parts.netloc}{parts.path}"


def spaced_number(number: str) -> str:
    """A Moroccan number in pairs of digits, as it is read out; any other as it is."""
    found = re.fullmatch(r"(?:\+212|0)(\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.sub(r"[ ./-]", "", number))
    if not found:
        return number
    first, *pairs = found.groups()
    return "\u00a0".join([f"+212\u00a0{first}" if number.startswith("+") else f"0{first}", *pairs])
