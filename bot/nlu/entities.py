"""Graph component: what a message is about, from lists: subject, place, amount, age, and the language asked for."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.places import place_gazetteer
from bot.knowledge.search import subject_gazetteer
from bot.knowledge.store import load
from bot.language.amounts import age, amounts
from bot.language.switch import language_asked_for
from bot.nlu.component import Component, add_entity, typed_text

EXTRACTOR = "GazetteerExtractor"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class GazetteerExtractor(Component):
    """Finds known names in any script, with Arabic prefixes and typing errors; needs no training."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self.subjects = subject_gazetteer(load())
        self.places = place_gazetteer()

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> GazetteerExtractor:
        """Read the lists."""
        return cls(config, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities found to each message."""
        for message in messages:
            text = typed_text(message)
            if text is None:
                continue
            for match in self.subjects.find(text):
                add_entity(message, "subject", match.id, EXTRACTOR, match.confidence)
            for match in self.places.find(text):
                add_entity(message, "place", match.id, EXTRACTOR, match.confidence)
            for amount in amounts(text):
                add_entity(message, "amount", amount, EXTRACTOR)
            if (years := age(text)) is not None:
                add_entity(message, "age", years, EXTRACTOR)
            if (message.get(INTENT) or {}).get("name") == "change_language" and (language := language_asked_for(text)):
                add_entity(message, "chosen_language", language, EXTRACTOR)
        return messages
