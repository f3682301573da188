"""The lines learnt from corrections: one file of the data directory, beside `data/nlu` and the records' own questions.

`learnt.yml` is a list of entries with `text`, `variety` and either `record` (a record that the text asks for) or `intent`. The console writes
it (bot/console/learning), training reads it; docs/decisions/0007 says why it stands there. Nothing here knows Rasa.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, Extra, root_validator, validator

from bot.knowledge.files import parse
from bot.knowledge.records import KnowledgeError
from bot.knowledge.store import Knowledge
from bot.language import skeleton, tokens
from bot.settings import Settings

FILE = "learnt.yml"
#: Names another file than that of the data directory: a candidate is trained with one of its own.
VARIABLE = "DALIL_LEARNT"
#: Skeletons of fewer words than this meet by chance.
_LONG = 3
_HEADER = "# What Dalil learnt from corrections, written by the staff's console (docs/decisions/0007-learning-from-corrections.md).\n"
_INVISIBLE = re.compile("[\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class LearntLine(BaseModel):
    """One line: what somebody wrote, what it is written in, and the record or the intent that it asks for."""

    text: str
    variety: Literal["fr", "ar", "ary-Arab", "ary-Latn"]
    record: str | None = None
    intent: str | None = None

    class Config:
        extra = Extra.forbid
        frozen = True

    @validator("text")
    def _is_a_line_of_words(cls, text: str) -> str:
        if not tokens(text):
            raise ValueError("holds no word")
        if _INVISIBLE.search(text):
            raise ValueError("holds a line break or an invisible mark")
        return text

    @root_validator(skip_on_failure=True)
    def _means_one_thing(cls, fields: dict[str, Any]) -> dict[str, Any]:
        if bool(fields["record"]) == bool(fields["intent"]):
            raise ValueError("must have either record or intent")
        return fields


def file(settings: Settings) -> Path:
    """Where the learnt lines are."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else settings.data_dir / FILE


def read(path: Path) -> list[LearntLine]:
    """The lines of a file; none where there is no file.

    Raises:
        KnowledgeError: with one line for every fault: file, entry, field, what is wrong.
    """
    if not path.exists():
        return []
    faults: list[str] = []
    lines = list(parse(LearntLine, path, faults))
    if not faults:
        faults += _twice(path, lines)
    if faults:
        raise KnowledgeError("\n".join(faults))
    return lines


def _twice(path: Path, lines: Sequence[LearntLine]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if (known := first.setdefault(key(line.text), number)) != number:
            yield f"{path.name}: record number {number}: field text: stands in number {known} already"


def written(lines: Iterable[LearntLine]) -> str:
    """The content of a file with these lines."""
    entries = [line.dict(exclude_none=True) for line in lines]
    return _HEADER + yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1000)


def valid(lines: Sequence[LearntLine], knowledge: Knowledge, intents: Collection[str]) -> list[LearntLine]:
    """The lines whose record or intent there is; a record that was merged into another stands for that one.

    A new release may have dropped what a line was learnt for: such a line teaches nothing any more, and must not keep Dalil from starting.
    """
    merged = {old: record.id for record in knowledge.records.values() for old in record.merges}
    found = []
    for line in lines:
        if line.record is not None:
            record = merged.get(line.record, line.record)
            if record in knowledge.records:
                found.append(line.copy(update={"record": record}))
        elif line.intent in intents:
            found.append(line)
    return found


def key(text: str) -> str:
    """What two texts share that differ in spelling habits only."""
    return " ".join(tokens(text))


def bones(text: str) -> str | None:
    """What two texts share that are one in two scripts; None for one too short to tell."""
    code = skeleton(text)
    return code if len(code.split()) >= _LONG else None
