"""What Dalil says and prints in a chamber's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

#: A code in a link. Telegram allows no other letters (https://core.telegram.org/bots/features#deep-linking); small ones only, so that
#: whoever types one need not look at its case.
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{1,39}")


@dataclass(frozen=True)
class Contacts:
    """How to reach a chamber; empty where it did not say.

    Attributes:
        phone, email, website: as they are written.
        address: by language, fr and ar.
        hours: when it is open, by language.
    """

    phone: str = ""
    email: str = ""
    website: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chamber:
    """A chamber.

    Attributes:
        id: its number.
        kind: commerce, crafts or agriculture.
        names: fr and ar.
        region: the code of its region (bot/places/regions.py).
        welcome: its own line in the greeting, by reply language fr, ar, ary; empty where it has none.
        contacts: how to reach it.
        sites: the origins (https://...) of its websites that may show the chat.
        logo: a PNG; empty where it has none.
    """

    id: int
    kind: str
    names: Mapping[str, str]
    region: str
    welcome: Mapping[str, str] = field(default_factory=dict)
    contacts: Contacts = Contacts()
    sites: tuple[str, ...] = ()
    logo: bytes = b""

    def name(self, language: str) -> str:
        """Its name in a reply language: Darija uses the Arabic one."""
        return self.names["fr" if language == "fr" else "ar"]


@dataclass(frozen=True)
class Campaign:
    """A code in a chamber's links: "souk Taroudant", "guichet Fès".

    Attributes:
        code: as it stands in links (`CODE`).
        title: what it is for, in the chamber's words.
        chamber: whose.
    """

    code: str
    title: str
    chamber: Chamber
