"""Graph component: the variety of a message, and the language it gives the conversation.

Two entities feed two slots without any action: `language` only when the evidence is strong enough to change the language of a
conversation, `language_guess` always, for a conversation that has no language yet.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.language.corpus import general_sentences
from bot.language.identify import Identifier
from bot.language.variety import reply_language
from bot.nlu.component import Component, add_entity, typed_text
from bot.nlu.importer import lines_of


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class VarietyDetector(Component):
    """Identifies the variety of what was typed."""

    identifier: Identifier | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the general sentences and from every training line that a person wrote."""
        lines = [(line.text, line.variety) for line in lines_of(training_data) if not line.generated]
        self.identifier = Identifier.train([*general_sentences(), *lines])
        with self.model_storage.write_to(self.resource) as folder:
            self.identifier.save(folder)
        return self.resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> VarietyDetector:
        """Read the trained identifier."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.identifier = Identifier.load(folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `variety` and the two language entities on each message."""
        for message in messages:
            text = typed_text(message)
            if text is None or self.identifier is None:
                continue
            found = self.identifier.identify(text)
            output = {"label": found.variety.value, "probability": round(found.probability, 3), "guess": found.guess.value}
            message.set("variety", output, add_to_output=True)
            guess = reply_language(found.guess)
            if guess:
                add_entity(message, "language_guess", guess, "VarietyDetector", found.probability)
                if found.is_strong:
                    add_entity(message, "language", guess, "VarietyDetector", found.probability)
        return messages
