"""Graph component: which records a message may ask for.

Sets `knowledge` on the message (the candidates with their log-weights), for the action that decides and for the logs. Where a record is all
but certain, a greeting or a thank-you in front of the question does not hide it: the intent becomes that of the question. A message that names an
office and a place asks where the office is, unless a record is certain; so does one that is nothing but the name of a place. In a long story it is
the question at its end that counts, where the whole is not clear.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.answer import Outcome, asked_in_parts, decide, probabilities, ranking_to_json, surely
from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.ranking import Example, Ranking
from bot.knowledge.search import Ranker, record_examples
from bot.knowledge.store import load
from bot.language.normal import tokens
from bot.language.parts import last_question, parts
from bot.nlu.component import Component, asked, typed_text
from bot.nlu.importer import about
from bot.places.asking import FIND_OFFICE, asks_for_office, asks_where, only_a_place
from bot.places.offices import kind_gazetteer
from bot.places.regions import place_gazetteer

#: The intent of messages that ask where the last answer stands; they name no record.
_ASK_SOURCE = "ask_source"


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
            ranking = self._ranked(self.ranker, message)
            others = asked_in_parts([self.ranker.rank(part) for part in self._parts(asked(message))])
            message.set("knowledge", {**ranking_to_json(ranking), "parts": others}, add_to_output=True)
            intent = message.get(INTENT) or {}
            if meant := _meant(message, ranking, str(intent.get("name", "")), float(intent.get("confidence", 0.0))):
                found = {"name": meant, "confidence": 1.0}
                message.set(INTENT, found, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [found], add_to_output=True)
        return messages

    @staticmethod
    def _ranked(ranker: Ranker, message: Message) -> Ranking:
        """The candidates of a message; where a long story leaves it open, those of the question at its end, with the subject it leans on."""
        text = asked(message)
        ranking = ranker.rank(text)
        question = last_question(message.get(TEXT) or "")
        if question is None or decide(ranking).outcome is Outcome.ANSWER:
            return ranking
        names = ranker.gazetteer
        first = names.find(text)[:1]
        by_itself = ranker.rank(question if names.find(question) or not first else f"{question} {first[0].words}")
        return by_itself if decide(by_itself).outcome is Outcome.ANSWER else ranking

    def _parts(self, text: str) -> list[str]:
        """The parts of a message that asks two things, each with the subject it leans on; none where it asks one."""
        found = parts(text)
        names = self.ranker.gazetteer if self.ranker else None
        first = names.find(text)[:1] if names else []
        if len(found) < 2 or names is None or self.ranker is None:
            return []
        forms = self.ranker.forms
        leans = bool(first) and first[0].id in forms

        def whole(part: str) -> str:
            named = {name.id for name in names.find(part)}
            return part if not first or (named and not (leans and not named & forms)) else f"{part} {first[0].words}"

        return [whole(part) for part in found]


def _meant(message: Message, ranking: Ranking, intent: str, confidence: float) -> str | None:
    """The intent of a message where what it names says more than the classifier; None where it does not."""
    named = {entity["entity"] for entity in message.get(ENTITIES, [])}
    ranked = probabilities(ranking)
    likeliest, probability = ranked[0] if ranked else (None, 0.0)
    text = asked(message)
    place_words = _words_found(place_gazetteer(), text)
    if only_a_place(tokens(text), place_words):
        return FIND_OFFICE
    names = place_words + _words_found(kind_gazetteer(), text)
    nothing_else = {"place", "office"} <= named and only_a_place(tokens(text), names)
    where = nothing_else or asks_where(text, names, "place" in named)
    if asks_for_office(intent, confidence, len(tokens(text)), where, "office" in named, "place" in named, probability):
        return FIND_OFFICE
    asks_a_fact = intent.startswith("ask_") and intent != _ASK_SOURCE
    if likeliest and (intent == FIND_OFFICE and named or surely(ranking) and not asks_a_fact):
        return f"ask_{load().records[likeliest].aspect}"
    return None


def _words_found(names: Gazetteer, text: str) -> list[str]:
    return [word for match in names.find(text) for word in match.words.split()]
