"""The normal form: one spelling for what people type in many.

Unicode NFKC; vowel marks, tatweel, zero-width and direction characters dropped; alif, ya, ta marbuta and the Persian and Maghrebi
letters folded; Arabic digits turned into 0-9; typographic apostrophes straightened; Latin accents dropped; three or more equal letters
made two. It is for comparing only: a text shown to people is never normalised.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache

#: Several readings of one text follow one another (words, letters, skeletons ...): so many texts are remembered. Training reads all its lines
#: again and again, and asks for room for them all (bot/training.py).
TEXTS_VARIABLE = "DALIL_REMEMBERED_TEXTS"
TEXTS = int(os.environ.get(TEXTS_VARIABLE, "2048"))
#: So many words are remembered.
WORDS = 32_768

# Vowel marks, Koranic signs, tatweel; zero-width and direction controls.
_DROPPED = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe0f]")
_FOLDED = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ڭ": "ك",
        "گ": "ك",
        "ڤ": "ف",
        "پ": "ب",
        "’": "'",
        "‘": "'",
        "`": "'",
        "´": "'",
        "œ": "oe",
        "æ": "ae",
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)
# What NFKD takes apart: accents and vowel marks of any script.
_MARKS = re.compile(f"[{''.join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))}]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SPACE = re.compile(r"\s+")
# A word: letters and digits of any script, an apostrophe only inside Arabizi (3' and 7').
_WORD = re.compile(r"[^\W_]+(?:(?<=[37])'(?=\w))?[^\W_]*")


@lru_cache(maxsize=TEXTS)
def normalise(text: str) -> str:
    """Return the normal form of `text`, in lower case with single spaces."""
    text = text.translate(_FOLDED).casefold()
    if not text.isascii():  # in ASCII there is nothing to fold
        text = _MARKS.sub("", unicodedata.normalize("NFKD", text)).casefold()
        text = _DROPPED.sub("", unicodedata.normalize("NFKC", text)).translate(_FOLDED)
    return _SPACE.sub(" ", _REPEATED.sub(r"\1\1", text)).strip()


@lru_cache(maxsize=TEXTS)
def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` in normal form; punctuation, emoji and symbols are left out."""
    return tuple(_WORD.findall(normalise(text)))
