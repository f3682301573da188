"""Greetings before a question and thanks after it: put aside, so that what is asked is read by itself.

`data/language/courtesies.tsv` lists the phrases and where they stand (start, end, both). A message that is nothing but courtesy stays whole.
"""

from __future__ import annotations

import csv
from functools import lru_cache

from bot.language.normal import TEXTS, tokens
from bot.paths import LANGUAGE

COURTESIES_FILE = LANGUAGE / "courtesies.tsv"

#: How many words must be left for them to be a message of their own.
_FEWEST = 2

_Phrases = frozenset[tuple[str, ...]]


@lru_cache(maxsize=1)
def _phrases() -> tuple[_Phrases, _Phrases, int]:
    """What may stand first, what may stand last, the length of the longest in words."""
    with COURTESIES_FILE.open(encoding="utf-8") as lines:
        rows = [(tokens(row["phrase"]), row["where"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    first = frozenset(phrase for phrase, where in rows if where in ("start", "both"))
    last = frozenset(phrase for phrase, where in rows if where in ("end", "both"))
    return first, last, max(len(phrase) for phrase, _ in rows)


@lru_cache(maxsize=TEXTS)
def without_courtesy(text: str) -> str:
    """`text` in normal form without the courtesies around it; `text` itself where there are none or too little else."""
    words = tokens(text)
    start, end = _inside(words)
    return " ".join(words[start:end]) if (start, end) != (0, len(words)) and end - start >= _FEWEST else text


def _inside(words: tuple[str, ...]) -> tuple[int, int]:
    """Where what stands between the courtesies begins and ends."""
    first, last, longest = _phrases()
    start, end = 0, len(words)
    while size := next((n for n in range(longest, 0, -1) if words[start : start + n] in first), 0):
        start += size
    while size := next((n for n in range(longest, 0, -1) if end - n > start and words[end - n : end] in last), 0):
        end -= size
    return start, end


def content(text: str) -> tuple[str, ...]:
    """The words of `text` between the courtesies around them; none where it is nothing but courtesy."""
    words = tokens(text)
    start, end = _inside(words)
    return words[start:end]
