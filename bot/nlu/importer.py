"""Rasa's own file importer reads configuration, domain and rules; the training lines are Dalil's (bot/nlu/lines.py)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.nlu.lines import Line, training_lines


class TrainingLine(Message):
    """A message of plain values, copied and compared in one step.

    Rasa copies and fingerprints all training lines a dozen times, value by value: a tenth of the time to train.
    """

    @classmethod
    def of(cls, line: Line) -> TrainingLine:
        """A line, with what is known of it as metadata."""
        known = {key: value for key, value in asdict(line).items() if value}
        return cls(data={TEXT: known.pop("text"), INTENT: known.pop("intent"), METADATA: known})

    def __deepcopy__(self, memo: dict[int, Any]) -> TrainingLine:
        """A copy of its own; the metadata are shared, nothing changes them."""
        return TrainingLine(self.data, set(self.output_properties), self.time, list(self.features))

    def fingerprint(self) -> str:
        """One hash over all values. The features are left out: they follow from the values and from files that components answer for."""
        return hashlib.sha256(json.dumps(self.data, sort_keys=True).encode()).hexdigest()

    def __hash__(self) -> int:
        """That of the text: equal messages have equal texts. Rasa looks for doubles again and again."""
        return hash(self.data[TEXT])


def lines_of(training_data: TrainingData) -> list[Line]:
    """The lines again, from what Rasa gives to a component."""
    return [Line(message.get(TEXT), message.get(INTENT), **message.get(METADATA)) for message in training_data.intent_examples]


class DalilImporter(RasaFileImporter):
    """Rasa's file importer with Dalil's training lines. What it reads is read once: Rasa asks for all of it several times."""

    @cached_method
    def get_domain(self) -> Domain:
        """The domain; see the parent class."""
        return super().get_domain()

    @cached_method
    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All training lines."""
        return TrainingData([TrainingLine.of(line) for line in training_lines()])
