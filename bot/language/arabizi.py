"""Darija in Latin letters, written from Darija in Arabic letters: the extra training copy of each Darija line.

Nobody spells Arabizi by rule, so one line is written by one of several invented hands, chosen by the line itself: the same line always
gives the same copy. For training only; a text shown to people is never transliterated.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from bot.language.lexicon import latin_spellings
from bot.language.normal import normalise, tokens

_COMMON = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "t", "ج": "j", "د": "d", "ذ": "d", "ر": "r", "ز": "z", "س": "s", "ش": "ch",
    "ص": "s", "ض": "d", "ط": "t", "ظ": "d", "ف": "f", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "ء": "",
}  # fmt: skip


@dataclass(frozen=True)
class Hand:
    """One person's habits: how the letters without a Latin twin are written, and whether vowels are filled in."""

    letters: dict[str, str] = field(hash=False)
    fill: str = ""


HANDS = (
    Hand({"ح": "7", "ع": "3", "ق": "9", "خ": "kh", "غ": "gh", "و": "o", "ي": "i"}, "e"),
    Hand({"ح": "h", "ع": "a", "ق": "q", "خ": "kh", "غ": "gh", "و": "ou", "ي": "i"}, "e"),
    Hand({"ح": "7", "ع": "3", "ق": "9", "خ": "5", "غ": "4", "و": "o", "ي": "y", "ش": "sh"}),
    Hand({"ح": "7", "ع": "3", "ق": "k", "خ": "kh", "غ": "gh", "و": "w", "ي": "i"}),
)


def _write(word: str, hand: Hand) -> str:
    article = word.startswith("ال") and len(word) > 3
    if article:
        word = word[2:]
    end = "a" if word.endswith("ه") and len(word) > 2 else ""
    if end:
        word = word[:-1]
    out: list[str] = []
    for position, letter in enumerate(word):
        latin = hand.letters.get(letter, _COMMON.get(letter, letter))
        if position == 0 and letter in "وي":
            latin = {"و": "w", "ي": "y"}[letter]
        if hand.fill and out and out[-1][-1:] not in "aeiou" and latin[:1] not in "aeiou" and position % 2 == 1:
            out.append(hand.fill)
        if latin:
            out.append(latin)
    return ("l" if article else "") + "".join(out) + end


def to_arabizi(text: str, hand: Hand | None = None) -> str:
    """Write a Darija line in Latin letters.

    Args:
        text: a line in Arabic script; Latin words in it stay as they are.
        hand: whose spelling; chosen from the text when it is not given.
    """
    seed = zlib.crc32(normalise(text).encode())
    hand = hand or HANDS[seed % len(HANDS)]
    words = []
    for word in tokens(text):
        spellings = latin_spellings(word)
        words.append(spellings[seed % len(spellings)] if spellings else _write(word, hand))
    return " ".join(word for word in words if word)
