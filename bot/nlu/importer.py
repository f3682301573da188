"""The training data: what people wrote in `data/nlu`, and what the knowledge base and the thesaurus give for free.

Rasa's own file importer reads configuration, domain and rules. The lines are put together here: those of `data/nlu`; some of each record's
example questions, as lines of the intent of its aspect; and a copy in Latin letters of each Darija line in Arabic letters.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.store import load
from bot.language.arabizi import to_arabizi
from bot.language.variety import Variety
from bot.nlu.lines import written_lines

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
        """One hash over all values; with features, Rasa's own."""
        if self.features:
            return str(super().fingerprint())
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()


def line(text: str, intent: str, variety: str, **metadata: Any) -> TrainingLine:
    """A training line with its variety and what else is known of it."""
    return TrainingLine(data={TEXT: text, INTENT: intent, METADATA: {"variety": variety, **metadata}})


def about(message: Message, key: str) -> Any:
    """What is known of a training line (variety, record, generated); None if nothing."""
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
        darija = [message for message in lines if about(message, "variety") == DARIJA]
        copies = [line(to_arabizi(message.get(TEXT)), message.get(INTENT), ARABIZI, generated=True) for message in darija]
        return TrainingData([*lines, *copies])
