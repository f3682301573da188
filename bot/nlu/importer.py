"""Training data that the knowledge base and the thesaurus give for free.

Beside Rasa's own file importer: some of each record's example questions become lines of the intent of its aspect, and each Darija line in Arabic
letters gets a copy in Latin letters.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.store import load
from bot.language.arabizi import to_arabizi
from bot.language.variety import Variety
from bot.nlu.lines import written_lines

#: How many questions of a record and variety the intent classifier sees; the search sees them all.
_OF_EACH_RECORD = 2

DARIJA = Variety.DARIJA.value
ARABIZI = Variety.ARABIZI.value


def line(text: str, intent: str, variety: str, **metadata: Any) -> Message:
    """A training line with its variety and what else is known of it."""
    return Message(data={TEXT: text, INTENT: intent, METADATA: {"example": {"variety": variety, **metadata}}})


def about(message: Message, key: str) -> Any:
    """What is known of a training line (variety, record, generated), said for the line or for its whole block; None if nothing."""
    metadata = message.get(METADATA) or {}
    for scope in ("example", INTENT):
        found = metadata.get(scope)
        if isinstance(found, dict) and key in found:
            return found[key]
    return None


class KnowledgeImporter(TrainingDataImporter):
    """Makes NLU training data from the knowledge base; has no domain, stories or configuration of its own."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
        **kwargs: Any,
    ) -> None:
        """Take the arguments that every importer takes; the files are always the project's own."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The records' questions, and Latin copies of all Darija lines."""
        asked = [
            line(question, f"ask_{record.aspect}", variety, record=record.id)
            for record in load().records.values()
            for variety, question in record.questions.by_variety(_OF_EACH_RECORD)
        ]
        darija = [(message.get(TEXT), message.get(INTENT)) for message in asked if about(message, "variety") == DARIJA]
        darija += [(written.text, written.intent) for written in written_lines() if written.variety == DARIJA]
        copies = [line(to_arabizi(text), intent, ARABIZI, generated=True) for text, intent in darija]
        return TrainingData([*asked, *copies])

    def get_domain(self) -> Domain:
        """Nothing."""
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """Nothing."""
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def get_config_file_for_auto_config(self) -> str | None:
        """Nothing."""
        return None
