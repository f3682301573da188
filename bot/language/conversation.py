"""The language of a conversation, from what its slots remember."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.language.variety import REPLY_LANGUAGES

#: When nothing at all is known: most people who write to Dalil speak Darija.
DEFAULT_LANGUAGE = "ary"

#: Slots in the order in which they are believed: an explicit choice, clear evidence, the last guess.
LANGUAGE_SLOTS = ("chosen_language", "language", "language_guess")


def conversation_language(slots: Mapping[str, Any]) -> str:
    """The reply language (fr, ar or ary) that the slots of a conversation call for."""
    for name in LANGUAGE_SLOTS:
        if slots.get(name) in REPLY_LANGUAGES:
            return str(slots[name])
    return DEFAULT_LANGUAGE
