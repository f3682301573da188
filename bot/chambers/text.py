"""What Dalil says in a chamber's name: its welcome line, and how to reach it. Pure."""

from __future__ import annotations

from bot.chambers.chamber import Chamber
from bot.places.text import label

_YOURS = {"fr": "Votre chambre :", "ar": "غرفتكم:", "ary": "الغرفة ديالكم:"}


def welcome(chamber: Chamber, language: str) -> str:
    """The chamber's own line in a reply language; Darija falls back on the Arabic one. Empty where it has none."""
    return chamber.welcome.get(language) or (chamber.welcome.get("ar", "") if language == "ary" else "")


def reached(chamber: Chamber, language: str) -> str | None:
    """How to reach a chamber, a line each; None where it did not say."""
    written = "fr" if language == "fr" else "ar"
    contacts = chamber.contacts
    values = {
        "phone": contacts.phone,
        "address": contacts.address.get(written, ""),
        "hours": contacts.hours.get(written, ""),
        "email": contacts.email,
        "website": contacts.website,
    }
    lines = [f"{label(name, language)} {value}" for name, value in values.items() if value]
    return "\n".join([f"{_YOURS[language]} {chamber.name(language)}", *lines]) if lines else None
