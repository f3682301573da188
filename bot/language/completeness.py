"""Is a message complete by itself, or a piece of one that is still being written?

`data/language/openers.tsv` lists what announces a question ("bghit nsewlek", "j'ai une question") and the words after which something
must follow ("dyal", "pour", على). A guess that costs a moment of waiting when it is wrong, never an answer.
"""

from __future__ import annotations

import csv
from functools import lru_cache

from bot.language.courtesy import content
from bot.language.normal import tokens
from bot.paths import LANGUAGE

OPENERS_FILE = LANGUAGE / "openers.tsv"

#: So many words that say something are taken for a message of their own.
_ENOUGH = 3


@lru_cache(maxsize=1)
def _phrases() -> tuple[frozenset[tuple[str, ...]], frozenset[str], int]:
    """What opens a question, after which words something follows, the length of the longest opener."""
    with OPENERS_FILE.open(encoding="utf-8") as lines:
        rows = [(tokens(row["phrase"]), row["kind"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    openers = frozenset(phrase for phrase, kind in rows if kind == "opener")
    return openers, frozenset(phrase[0] for phrase, kind in rows if kind == "hanging"), max(map(len, openers))


def is_complete(text: str, answers: bool = False) -> bool:
    """Whether `text` can be answered without waiting for more.

    Args:
        text: a message.
        answers: whether Dalil has just asked something: then a word is enough ("Agadir").
    """
    openers, hanging, longest = _phrases()
    words = content(text)
    while size := next((n for n in range(min(longest, len(words)), 0, -1) if words[:n] in openers), 0):
        words = words[size:]
    if not words or words[-1] in hanging:
        return False
    return answers or len(words) >= _ENOUGH or text.rstrip().endswith(("?", "؟")) or all(word.isdecimal() for word in words)
