"""Cutting a text that is longer than a vendor takes: between paragraphs, else lines, sentences, words; never inside a word that fits."""

from __future__ import annotations

import re

_PLACES = ("\n\n", "\n", re.compile(r"(?<=[.!?؟،])\s+"), " ")


def length(text: str) -> int:
    """The length of a text as Telegram and WhatsApp count it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, longest: int) -> list[str]:
    """`text` in parts of at most `longest` units."""
    parts = []
    while length(text) > longest:
        head = text[: _fitting(text, longest)]
        cut = next((position for place in _PLACES if (position := _last(place, head)) > len(head) // 3), len(head))
        parts.append(text[:cut].strip())
        text = text[cut:].strip()
    return [part for part in (*parts, text) if part]


def _fitting(text: str, longest: int) -> int:
    """How many characters of `text` fit."""
    units = 0
    for position, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > longest:
            return position
    return len(text)


def _last(place: str | re.Pattern[str], text: str) -> int:
    """Where `place` occurs last in `text`; -1 where it does not."""
    if isinstance(place, str):
        return text.rfind(place)
    return max((match.start() for match in place.finditer(text)), default=-1)
