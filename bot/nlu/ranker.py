"""Graph component: which records a message may ask for.

Sets `knowledge` on the message (the candidates with their log-weights), for the action that decides and for the logs. Where a record is all
but certain, a greeting or a thank-you in front of the question does not hide it: the intent becomes that of the question.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.answer import ranking_to_json, surely
from bot.knowledge.ranking import Example
from bot.knowledge.search import Ranker, record_examples
from bot.knowledge.store import load
from bot.nlu.component import Component, asked, typed_text
from bot.nlu.importer import about


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class KnowledgeRanker(Component):
    """Ranks the records of the knowledge base for each message."""

    ranker: Ranker | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all questions of the records and from the lines of `data/nlu`.

        Generated copies are left out: they would give away the left-out scores.
        """
        lines = [
            Example(asked(message), message.get(INTENT))
            for message in training_data.intent_examples
            if not about(message, "generated") and not about(message, "record")
        ]
        self.ranker = Ranker.train(load(), [*record_examples(load()), *lines])
        with self.model_storage.write_to(self.resource) as folder:
            self.ranker.save(folder)
        return self.resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnowledgeRanker:
        """Read the trained search."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.ranker = Ranker.load(folder, load())
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `knowledge` on each message."""
        for message in messages:
            text = typed_text(message)
            if text is None or self.ranker is None:
                continue
            ranking = self.ranker.rank(asked(message))
            message.set("knowledge", ranking_to_json(ranking), add_to_output=True)
            intent = message.get(INTENT) or {}
            record = surely(ranking)
            if record and not str(intent.get("name", "")).startswith("ask_"):
                aspect = load().records[record].aspect
                message.set(INTENT, {**intent, "name": f"ask_{aspect}"}, add_to_output=True)
        return messages
