"""The training data: what people wrote in `data/nlu`, and what the knowledge base and the thesaurus give for free.

Rasa's own file importer reads configuration, domain and rules. The lines are put together here: those of `data/nlu`; some of each record's
example questions, as lines of the intent of its aspect; and a copy in Latin letters of each Darija line in Arabic letters.
"""

from __future__ import annotations

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


def line(text: str, intent: str, variety: str, **metadata: Any) -> Message:
    """A training line with its variety and what else is known of it."""
    return Message(data={TEXT: text, INTENT: intent, METADATA: {"variety": variety, **metadata}})


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
