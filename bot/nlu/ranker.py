"""Graph component: which records a message may ask for.

Sets `knowledge` on the message (the candidates with their log-weights), for the action that decides and for the logs. Where a record is all
but certain, a greeting or a thank-you in front of the question does not hide it: the intent becomes that of the question. A message that names an
office and a place asks where the office is, unless a record is certain that says anything but "at that kind of office"; so does one that is nothing
but the name of a place. In a long story it is the question at its end that counts, where the whole is not clear.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.answer import Outcome, decide, surely
from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.pair import Part, pair
from bot.knowledge.ranking import Ranking, probabilities, ranking_to_json
from bot.knowledge.records import Record
from bot.knowledge.search import Ranker
from bot.knowledge.store import load
from bot.language.courtesy import without_courtesy
from bot.language.normal import tokens
from bot.language.parts import asks, cuts, last_question
from bot.nlu.beside import search_examples, take
from bot.nlu.component import Component, asked, typed_text
from bot.nlu.importer import lines_of
from bot.places.asking import FIND_OFFICE, asks_for_office, asks_where, only_a_place
from bot.places.offices import directory, kind_gazetteer
from bot.places.regions import place_gazetteer

#: From this probability of one record on, a message is hardly two questions.
_ALL_BUT_CERTAIN = 0.95
#: The aspect of the records that say where something is done.
_PLACE = "place"
#: The intent of messages that ask where the last answer stands; they name no record.
_ASK_SOURCE = "ask_source"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class KnowledgeRanker(Component):
    """Ranks the records of the knowledge base for each message."""

    ranker: Ranker | None = None

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the questions of the records and the training lines, or take what was learnt beside."""
        examples = search_examples(lines_of(training_data))
        with self.model_storage.write_to(self.resource) as folder:
            if not take(examples, folder):
                Ranker.train(load(), examples).save(folder)
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
            whole = self.ranker.rank(asked(message))
            ranking = _of_story(self.ranker, text, whole)
            two = pair(load(), whole, _cut(self.ranker, text, max((chance for _, chance in probabilities(whole)), default=0.0)))
            message.set("knowledge", {**ranking_to_json(ranking), "parts": list(two or ())}, add_to_output=True)
            intent = message.get(INTENT) or {}
            if meant := _meant(message, ranking, str(intent.get("name", "")), float(intent.get("confidence", 0.0))):
                found = {"name": meant, "confidence": 1.0}
                message.set(INTENT, found, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [found], add_to_output=True)
        return messages


def _of_story(ranker: Ranker, text: str, whole: Ranking) -> Ranking:
    """The candidates of a message; where a long story leaves it open, those of the question at its end, with the subject it leans on."""
    question = last_question(text)
    if question is None or decide(whole).outcome is Outcome.ANSWER:
        return whole
    names = ranker.gazetteer
    first = names.find(without_courtesy(text))[:1]
    by_itself = ranker.rank(question if names.find(question) or not first else f"{question} {first[0].words}")
    return by_itself if decide(by_itself).outcome is Outcome.ANSWER else whole


def _cut(ranker: Ranker, text: str, sure: float) -> Iterator[tuple[Part, Part]]:
    """The two parts of a message for every way to cut it that may make two questions of it.

    Where one record is all but certain for the whole, only parts that both ask are tried: the others cost time and found one pair in a thousand.
    """
    for before, after in cuts(text):
        if sure < _ALL_BUT_CERTAIN or (asks(before) and asks(after)):
            yield _part(ranker, before, after), _part(ranker, after, before)


def _part(ranker: Ranker, part: str, other: str) -> Part:
    """One part; where it names no subject, or a legal form only, it leans on the first that the other part names."""
    named = frozenset(name.id for name in ranker.gazetteer.find(part))
    others = [name.words for name in ranker.gazetteer.find(other) if name.id not in named]
    leaning = f"{part} {others[0]}" if others and named <= ranker.forms else part
    return Part(ranker.rank(leaning), named, asks(part))


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
    says_where = likeliest is not None and _says_where(load().records[likeliest], text)
    if asks_for_office(intent, confidence, len(tokens(text)), where, "office" in named, "place" in named, probability, says_where):
        return FIND_OFFICE
    asks_a_fact = intent.startswith("ask_") and intent != _ASK_SOURCE
    about_oneself = intent in _WISHES and {"amount", "age", "place"} & named
    on_the_way = (intent in _OF_JOURNEYS or about_oneself) and confidence >= _BELIEVED
    if likeliest and (intent == FIND_OFFICE and named or surely(ranking) and not asks_a_fact and not on_the_way):
        return f"ask_{load().records[likeliest].aspect}"
    return None


def _says_where(record: Record, text: str) -> bool:
    """Whether a record says at which office a legal form is registered, and a message names that kind of office."""
    kinds = directory().kinds
    subjects = {kinds[found.id].subject for found in kind_gazetteer().find(text)}
    return record.aspect == _PLACE and record.subject in subjects and record.subject in load().forms()


#: What people say of their way and of answers, however much it sounds like a question for a record ("we filed the papers at the court").
_OF_JOURNEYS = frozenset(("choose_form", "checklist", "step_done", "why_not", "resume", "leave", "human", "useful", "not_useful"))
#: Wishes that are for oneself when a sum, an age or a town is told with them.
_WISHES = frozenset(("seek_financing", "seek_training"))
_BELIEVED = 0.8


def _words_found(names: Gazetteer, text: str) -> list[str]:
    return [word for match in names.find(text) for word in match.words.split()]
