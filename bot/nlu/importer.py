"""The training data: what people wrote in `data/nlu`, and what the knowledge base and the thesaurus give for free.

Rasa's own file importer reads configuration, domain and rules. The lines are put together here: those of `data/nlu`; some of each record's
example questions, as lines of the intent of its aspect; what was learnt from corrections (bot/learnt.py); and a copy in Latin letters of each
Darija line in Arabic letters.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import learnt
from bot.knowledge.store import load
from bot.language.arabizi import to_arabizi
from bot.language.variety import Variety
from bot.nlu.lines import written_intents, written_lines
from bot.settings import settings

#: How many questions of a record and variety the intent classifier sees; the search sees them all.
_OF_EACH_RECORD = 1

DARIJA = Variety.DARIJA.value
ARABIZI = Variety.ARABIZI.value


class TrainingLine(Message):
    """A message of plain values, copied and compared in one step.

    Rasa copies and fingerprints all training lines a dozen times, value by value: a tenth of the time to train.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> TrainingLine:
        """A copy of its own; the metadata are shared, nothing changes them."""
        return TrainingLine(self.data, set(self.output_properties), self.time, list(self.features))

    def fingerprint(self) -> str:
        """One hash over all values. The features are left out: they follow from the values and from files that components answer for."""
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()


def line(text: str, intent: str, variety: str, **metadata: Any) -> TrainingLine:
    """A training line with its variety and what else is known of it."""
    return TrainingLine(data={TEXT: text, INTENT: intent, METADATA: {"variety": variety, **metadata}})


def learnt_lines() -> list[TrainingLine]:
    """What was learnt from corrections: a record's line has the intent of its aspect, as its example questions have.

    What the release teaches by now is passed over: nothing may stand twice, or mean two things.

    Raises:
        bot.knowledge.records.KnowledgeError: when the file is broken.
    """
    records = load().records
    known_lines = learnt.valid(learnt.read(learnt.file(settings())), load(), written_intents())
    if not known_lines:
        return []
    taught = {learnt.key(written.text) for written in written_lines()}
    taught |= {learnt.key(question) for record in records.values() for _, question in record.questions.by_variety()}
    found = []
    for known in known_lines:
        if learnt.key(known.text) in taught:
            continue
        if known.record is None:
            found.append(line(known.text, str(known.intent), known.variety, learnt=True))
        else:
            found.append(line(known.text, f"ask_{records[known.record].aspect}", known.variety, learnt=True, record=known.record))
    return found


def about(message: Message, key: str) -> Any:
    """What is known of a training line (variety, record, learnt, generated); None if nothing."""
    return (message.get(METADATA) or {}).get(key)


class DalilImporter(RasaFileImporter):
    """Rasa's file importer with Dalil's training lines."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All training lines, each with its variety as metadata."""
        lines = [line(written.text, written.intent, written.variety) for written in written_lines()]
        lines += [
            line(question, f"ask_{record.aspect}", variety, record=record.id)
            for record in load().records.values()
            for variety, question in record.questions.by_variety(_OF_EACH_RECORD)
        ]
        lines += learnt_lines()
        darija = [message for message in lines if about(message, "variety") == DARIJA]
        copies = [line(to_arabizi(message.get(TEXT)), message.get(INTENT), ARABIZI, generated=True) for message in darija]
        return TrainingData([*lines, *copies])
