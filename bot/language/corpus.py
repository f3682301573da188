"""The labelled sentences the identifier learns from: the project's own, general ones first."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from bot.paths import LANGUAGE

PARALLEL_FILE = LANGUAGE / "parallel.tsv"
OTHER_FILE = LANGUAGE / "other.tsv"


def general_sentences() -> Iterator[tuple[str, str]]:
    """(text, label) of the everyday sentences: parallel in four varieties, then English and Amazigh."""
    with PARALLEL_FILE.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield from ((text, label) for label, text in row.items() if text)
    with OTHER_FILE.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["text"], row["label"]
