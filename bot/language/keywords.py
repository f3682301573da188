"""STOP, START and HELP, and the words for them in Arabic, Darija and French: alone, or with a polite word ("stop merci")."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import Literal

from bot.language.courtesy import content
from bot.language.normal import tokens
from bot.paths import LANGUAGE

KEYWORDS_FILE = LANGUAGE / "keywords.tsv"

Keyword = Literal["stop", "start", "help"]


@lru_cache(maxsize=1)
def _words() -> dict[tuple[str, ...], Keyword]:
    with KEYWORDS_FILE.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {tokens(row["word"]): row["meaning"] for row in rows}  # type: ignore[misc]


def keyword(text: str) -> Keyword | None:
    """What a message that is one of the keywords asks for; None for any other message."""
    return _words().get(tokens(text)) or _words().get(content(text))
