"""Small numbers written in words, in four varieties: "vingt-cinq", خمسة وعشرين, "khamsa w 3chrin"."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import lru_cache

from bot.language.normal import normalise, tokens
from bot.paths import LANGUAGE

COUNT_WORDS = LANGUAGE / "count-words.tsv"
_AND = frozenset(("et", "w", "o", "ou", "و"))
_TENS = frozenset(range(10, 100, 10))
_UNITS = 20
_HUNDRED = 100


@lru_cache(maxsize=1)
def count_words() -> dict[str, int]:
    """Numbers in words, in normal form."""
    with COUNT_WORDS.open(encoding="utf-8") as lines:
        return {normalise(row["word"]): int(row["number"]) for row in csv.DictReader(lines, delimiter="\t")}


def _value(word: str) -> int | None:
    """The number that a word says, also with "and" written together with it (وعشرين)."""
    known = count_words()
    return known.get(word, known.get(word[1:]) if word.startswith("و") else None)


def numbers_in_words(text: str) -> list[int]:
    """The numbers that a text says in words, in order; tens and units are one number, whichever comes first."""
    return [number for number, _ in said_numbers(tokens(text))]


def said_numbers(words: Sequence[str]) -> list[tuple[int, int]]:
    """(number, position after it) of each number that the words say."""
    found: list[tuple[int, int]] = []
    previous: int | None = None
    for position, word in enumerate(words):
        value = _value(word)
        if value is None:
            previous = None if word not in _AND else previous
            continue
        joined = previous is not None and _are_one(previous, value)
        total = (previous or 0) + value if joined else value
        if joined:
            found.pop()
        found.append((total, position + 1))
        previous = total
    return found


def _are_one(first: int, second: int) -> bool:
    """Whether two numbers that follow one another are one: "vingt cinq", خمسة وعشرين, "cent vingt"."""
    if first >= _HUNDRED:
        return second < _HUNDRED
    return max(first, second) in _TENS and min(first, second) < _UNITS and first != second
