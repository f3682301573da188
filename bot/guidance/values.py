"""Figures of the journeys: none of their own, each is a value of a record of the knowledge base (`coop-min-membres.min_members`)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.knowledge.records import Texts
from bot.knowledge.store import Knowledge
from bot.knowledge.text import figure
from bot.language.variety import REPLY_LANGUAGES

_REFERENCE = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z][a-z0-9_]*)")
_PLACEHOLDER = re.compile(r"\{" + _REFERENCE.pattern + r"\}")
_DIGIT = re.compile(r"[0-9\u0660-\u0669\u06f0-\u06f9]")


def value_of(knowledge: Knowledge, reference: str) -> Any:
    """The value that `reference` (record.value) names.

    Raises:
        KeyError: when there is none; the message names what is missing.
    """
    parts = _REFERENCE.fullmatch(reference)
    if parts is None:
        raise KeyError(f"'{reference}' is no reference to a record's value (record-id.value_name)")
    record = knowledge.records.get(parts.group(1))
    if record is None:
        raise KeyError(f"there is no record '{parts.group(1)}'")
    if parts.group(2) not in record.values:
        raise KeyError(f"record '{parts.group(1)}' has no value '{parts.group(2)}'")
    return record.values[parts.group(2)]


def number_of(knowledge: Knowledge, reference: str) -> float:
    """The number that `reference` names.

    Raises:
        KeyError: when there is none.
        ValueError: when it is no number.
    """
    value = value_of(knowledge, reference)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"'{reference}' is not a number")
    return float(value)


def said(knowledge: Knowledge, texts: Texts, language: str) -> str:
    """A text with its figures, in a reply language."""
    return _PLACEHOLDER.sub(lambda found: figure(value_of(knowledge, found.group()[1:-1]), language), texts.get(language))


def text_faults(knowledge: Knowledge, name: str, texts: Texts) -> Iterator[str]:
    """What is wrong with the figures of a text: `name` says which text it is."""
    for language in REPLY_LANGUAGES:
        text = texts.get(language)
        for found in _PLACEHOLDER.finditer(text):
            try:
                value = value_of(knowledge, found.group()[1:-1])
            except KeyError as error:
                yield f"field {name}.{language}: {error.args[0]}"
                continue
            if not isinstance(value, (str, int, float, dt.date)) or isinstance(value, bool):
                yield f"field {name}.{language}: {found.group()} is neither text, number nor date"
        bare = _PLACEHOLDER.sub("", text)
        if "{" in bare or "}" in bare:
            yield f"field {name}.{language}: holds a brace that is no placeholder"
        if figure_found := _DIGIT.search(bare):
            yield f"field {name}.{language}: holds the figure '{figure_found.group()}', which is no value of a record"


def missing_records(knowledge: Knowledge, names: Iterable[str]) -> Iterator[str]:
    """A fault for each record that is named and does not exist."""
    for name in dict.fromkeys(names):
        if name not in knowledge.records:
            yield f"there is no record '{name}'"
