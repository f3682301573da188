"""The training lines, read without Rasa: what people wrote in `data/nlu`, and what the knowledge base and the thesaurus give for free.

Beside the lines of `data/nlu` these are some of each record's example questions, as lines of the intent of its aspect; what was learnt from
corrections (bot/learnt.py); and a copy in Latin letters of each Darija line in Arabic letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot import learnt
from bot.knowledge.store import load
from bot.language.arabizi import to_arabizi
from bot.language.variety import Variety
from bot.paths import NLU
from bot.settings import settings
from bot.yaml_files import read_yaml

#: How many questions of a record and variety the intent classifier sees; the search sees them all.
_OF_EACH_RECORD = 1

DARIJA = Variety.DARIJA.value
ARABIZI = Variety.ARABIZI.value


@dataclass(frozen=True)
class Line:
    """One training line.

    Attributes:
        text: what somebody asks or says.
        intent: what is meant by it.
        variety: in which variety it is written.
        file: the file of `data/nlu` it stands in; empty for all others.
        record: the record that it asks for, where that is known.
        learnt: whether it was learnt from a correction.
        generated: whether it is a copy in other letters.
    """

    text: str
    intent: str
    variety: str
    file: str = ""
    record: str | None = None
    learnt: bool = False
    generated: bool = False


def written_lines(folder: Path = NLU) -> Iterator[Line]:
    """Every line that a person wrote, file by file."""
    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml(path)["nlu"]:
            for entry in block["examples"].splitlines():
                if entry.startswith("- "):
                    yield Line(entry[2:].strip(), block["intent"], block["metadata"]["variety"], path.name)


@lru_cache(maxsize=1)
def written_intents() -> frozenset[str]:
    """The intents that a typed message can have: those with lines."""
    return frozenset(line.intent for line in written_lines())


def training_lines() -> list[Line]:
    """All lines that a model is trained on.

    Raises:
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    written = list(written_lines())
    questions = [
        Line(question, f"ask_{record.aspect}", variety, record=record.id)
        for record in load().records.values()
        for variety, question in record.questions.by_variety(_OF_EACH_RECORD)
    ]
    lines = [*written, *questions, *_learnt_lines(written)]
    return [*lines, *(Line(to_arabizi(line.text), line.intent, ARABIZI, generated=True) for line in lines if line.variety == DARIJA)]


def _learnt_lines(written: list[Line]) -> Iterator[Line]:
    """What was learnt from corrections: a record's line has the intent of its aspect, as its example questions have.

    What the release teaches by now is passed over: nothing may stand twice, or mean two things.
    """
    records = load().records
    known_lines = learnt.valid(learnt.read(learnt.file(settings())), load(), frozenset(line.intent for line in written))
    if not known_lines:
        return
    taught = {learnt.key(line.text) for line in written}
    taught |= {learnt.key(question) for record in records.values() for _, question in record.questions.by_variety()}
    for known in known_lines:
        if learnt.key(known.text) not in taught:
            intent = str(known.intent) if known.record is None else f"ask_{records[known.record].aspect}"
            yield Line(known.text, intent, known.variety, record=known.record, learnt=True)
