"""Graph component: what a message is about, from lists: subject, kind of office, place, amount, age, and the language asked for."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.knowledge.search import subject_gazetteer
from bot.knowledge.store import load
from bot.language.amounts import age, amounts
from bot.language.switch import language_asked_for
from bot.nlu.component import Component, add_entity, asked, typed_text
from bot.places.offices import kind_gazetteer
from bot.places.regions import place_gazetteer

EXTRACTOR = "GazetteerExtractor"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class GazetteerExtractor(Component):
    """Finds known names in any script, with Arabic prefixes and typing errors; needs no training."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self.subjects = subject_gazetteer(load())
        self.offices = kind_gazetteer()
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
            for name, names in (("subject", self.subjects), ("office", self.offices), ("place", self.places)):
                for match in names.find(asked(message)):
                    add_entity(message, name, match.id, EXTRACTOR, match.confidence)
            for amount in amounts(text):
                add_entity(message, "amount", amount, EXTRACTOR)
            if (years := age(text)) is not None:
                add_entity(message, "age", years, EXTRACTOR)
            if (message.get(INTENT) or {}).get("name") == "change_language" and (language := language_asked_for(text)):
                add_entity(message, "chosen_language", language, EXTRACTOR)
        return messages
