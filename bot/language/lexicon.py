"""One meaning, many words: a small Moroccan thesaurus over the four varieties.

`data/language/darija-terms.tsv` (the field's words) and `general-terms.tsv` (everyday words) list, row by row, the spellings in Latin
letters, in Arabic letters, the MSA and the French words of one meaning. A text is read as the sequence of meanings found in it, so that a
French question can meet a Darija example. Matching is by the normal form without article and plural, longest first, and by the skeleton
for longer Darija words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bot.language.normal import TEXTS, WORDS, normalise, tokens
from bot.language.skeleton import skeleton, without_prefix
from bot.paths import LANGUAGE

FIELD_TERMS = LANGUAGE / "darija-terms.tsv"
TERMS_FILES = (FIELD_TERMS, LANGUAGE / "general-terms.tsv")
_LONGEST = 4
_LATIN_WORD = re.compile(r"[a-z]")


@lru_cache(maxsize=WORDS)
def _key(word: str) -> str:
    """What a word is looked up by: no article, no French plural, no feminine or relational ending in Arabic."""
    word = without_prefix(word)
    if _LATIN_WORD.search(word):
        return word[:-1] if len(word) > 4 and word[-1] in "sx" else word
    return word[:-1] if len(word) > 3 and word.endswith("ه") else word


def _rows(paths: Iterable[Path] = TERMS_FILES) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            rows += csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return rows


def _variants(cell: str | None) -> list[str]:
    return [variant.strip() for variant in (cell or "").split("|") if variant.strip()]


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[tuple[str, ...], str], dict[str, int], dict[str, str]]:
    """Word keys -> meaning, first key -> most keys that follow it with itself, skeleton of one Darija word -> meaning.

    The first row that claims a spelling keeps it.
    """
    by_words: dict[tuple[str, ...], str] = {}
    longest: dict[str, int] = {}
    by_skeleton: dict[str, str] = {}
    ambiguous: set[str] = set()
    for row in _rows():
        meaning = normalise(row["french_english"].split("/")[-1]).replace(" ", "_")
        french = row["french_english"].rsplit("/", 1)[0]
        darija = _variants(row["latin"]) + _variants(row["arabic"])
        for variant in darija + _variants(row["msa"]) + _variants(french.replace("/", "|").replace(",", "|")):
            words = tuple(_key(word) for word in tokens(variant))
            if words and len(words) <= _LONGEST:
                by_words.setdefault(words, meaning)
                longest[words[0]] = max(longest.get(words[0], 1), len(words))
        for variant in darija:
            code = skeleton(variant)
            if len(code) >= 4 and " " not in code and by_skeleton.setdefault(code, meaning) != meaning:
                ambiguous.add(code)
    return by_words, longest, {code: meaning for code, meaning in by_skeleton.items() if code not in ambiguous}


@lru_cache(maxsize=TEXTS)
def _read(text: str) -> tuple[tuple[str | None, str], ...]:
    """The text piece by piece: (meaning, word), where one is None."""
    by_words, longest, by_skeleton = _tables()
    words = tokens(text)
    keys = [_key(word) for word in words]
    found: list[tuple[str | None, str]] = []
    position = 0
    while position < len(keys):
        for length in range(min(longest.get(keys[position], 1), len(keys) - position), 0, -1):
            meaning = by_words.get(tuple(keys[position : position + length]))
            if meaning is None and length == 1:
                meaning = by_skeleton.get(skeleton(words[position]))
            if meaning is not None:
                found.append((meaning, " ".join(words[position : position + length])))
                position += length
                break
        else:
            found.append((None, words[position]))
            position += 1
    return tuple(found)


def meanings(text: str) -> tuple[str, ...]:
    """The meanings found in `text`, in order; words that are not in the thesaurus are passed over."""
    return tuple(meaning for meaning, _ in _read(text) if meaning is not None)


def reading(text: str) -> tuple[str, ...]:
    """`text` with each known word replaced by its meaning (marked by "=") and every other by its skeleton, or itself where that is empty."""
    return tuple(f"={meaning}" if meaning is not None else skeleton(word) or word for meaning, word in _read(text))


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    # The field's words only: a row of the general words lists several persons of a verb, so its spellings are not one word's.
    for row in _rows([FIELD_TERMS]):
        latin = tuple(variant for variant in _variants(row["latin"]) if " " not in variant)
        for variant in _variants(row["arabic"]):
            if latin and " " not in variant:
                table.setdefault(normalise(variant), latin)
    return table


def latin_spellings(word: str) -> tuple[str, ...]:
    """The Latin spellings that the thesaurus gives for one Arabic-script word in normal form; empty when it has none."""
    return _spellings().get(word, ())
