"""The consonant skeleton: what remains of a word when script, vowels and spelling habits are taken away.

`ta3awniya`, `taawniya` and `تعاونية` become the same few letters, so that a word typed in one script finds the other. The rules are data
(`data/language/arabizi-rules.tsv`): a Latin sequence or an Arabic letter on the left, its code on the right, longest first. Emphatic
consonants share the code of the plain ones, doubled letters count once. Skeletons compare; they are never shown.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from bot.language.normal import TEXTS, WORDS, normalise, tokens
from bot.paths import LANGUAGE

RULES_FILE = LANGUAGE / "arabizi-rules.tsv"

_ARABIC = re.compile("[\u0600-\u06ff]")
_LATIN = re.compile("[a-z]")
# Al- and the particles written together with a word: و ف ب ل ك, alone or before the article.
_ARABIC_PREFIX = re.compile("^(?:[وفبلك]?ال|[وف]?لل|[وف]?ل(?=ل))(?=..)")
_LATIN_PREFIX = re.compile("^(?:[wfb]?(?:el|al|l)[- ]?)(?=[^aeiou]{1}..)")


@lru_cache(maxsize=1)
def rules() -> tuple[dict[str, str], dict[str, str]]:
    """The two code tables, (Latin sequence -> code, Arabic letter -> code)."""
    latin: dict[str, str] = {}
    arabic: dict[str, str] = {}
    with RULES_FILE.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["latin"] != row["latin"].lower():
                continue  # text is compared in lower case: the capitals that mark emphatics say nothing there
            code = row["skeleton"] or ""
            if row["latin"]:
                latin[row["latin"]] = code
            if len(row["arabic"] or "") == 1 and code:
                arabic.setdefault(normalise(row["arabic"]), code)
    return latin, arabic


@lru_cache(maxsize=WORDS)
def without_prefix(word: str) -> str:
    """The word without the Arabic article and the particles written with it; unchanged when it is too short to have one."""
    if _ARABIC.search(word):
        return _ARABIC_PREFIX.sub("", word)
    return _LATIN_PREFIX.sub("", word)


@lru_cache(maxsize=WORDS)
def word_skeleton(word: str) -> str:
    """The skeleton of one word in normal form; empty for a word without consonants."""
    latin, arabic = rules()
    if len(word) > 3 and word.endswith("ه"):
        word = word[:-1]  # a ta marbuta in normal form, or the h that nobody pronounces
    codes: list[str] = []
    position = 0
    while position < len(word):
        for length in (2, 1):
            piece = word[position : position + length]
            code = latin.get(piece)
            if code is None and length == 1:
                code = arabic.get(piece, piece if piece.isdigit() else "")
            if code is not None:
                if code and (not codes or codes[-1] != code):
                    codes.append(code)
                position += length
                break
        else:  # pragma: no cover - length 1 always finds a code
            position += 1
    return "".join(codes)


@lru_cache(maxsize=TEXTS)
def skeleton(text: str) -> str:
    """The skeletons of the words of `text`, separated by spaces; the article is dropped, words without consonants too."""
    codes = (word_skeleton(without_prefix(word)) if not word.isdigit() else word for word in tokens(text))
    return " ".join(code for code in codes if code)
