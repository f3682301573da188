"""A question: answer it, offer what may be meant, or say that it is outside what Dalil knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.action_browse import browse
from actions.action_change import corrected
from actions.context import Button, browse_button, entity, journey_button, language_of, menu_button, say_record, show_button
from bot.guidance.reading import meant_place
from bot.knowledge.answer import ANSWER, Decision, Outcome, comparison, decide, follow_up, only_named, with_parts, without_guesses
from bot.knowledge.ranking import ranking_from_json
from bot.knowledge.store import load
from bot.language.normal import tokens

#: A question of so few words that names nothing is asked back, when it is clear what is wanted.
_BARE = 3
_CLEAR = 0.6


class ActionAnswer(Action):
    """Answers from the knowledge base."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Decide and speak."""
        if events := corrected(dispatcher, tracker):
            return events
        knowledge = load()
        language = language_of(tracker)
        message = tracker.latest_message
        text = message.get("text") or ""
        intent = message.get("intent") or {}
        words = len(tokens(text))
        understood = message.get("knowledge") or {}
        ranking = ranking_from_json(understood)
        topic = tracker.get_slot("topic")
        if (subject := only_named(knowledge, text)) is not None:
            return [SlotSet("decision", _MENU_SHOWN), *browse(dispatcher, tracker, {"subject": subject})]
        decision = decide(ranking, topic)
        clear = intent.get("confidence", 0.0) >= _CLEAR
        if decision.outcome is not Outcome.ANSWER or (decision.probability < ANSWER and clear):
            subject = ranking.named[0] if ranking.named else topic
            decision = follow_up(knowledge, subject, str(intent.get("name", "")), words) or decision
        decision = comparison(knowledge, ranking.named, str(intent.get("name", "")), words, decision) or decision
        decision, second = with_parts(decision, understood.get("parts", []))
        decision = without_guesses(decision, str(intent.get("name", "")), intent.get("confidence", 0.0))
        events = [SlotSet("decision", {**_logged(decision), "second": second})]
        if entity(tracker, "place") and (place := meant_place(text)):
            events.append(SlotSet("place", place))
        if decision.outcome is Outcome.ANSWER:
            events += say_record(dispatcher, tracker, knowledge.records[decision.records[0]])
            if second:
                dispatcher.utter_message(response="utter_also_asked", buttons=[show_button(knowledge.records[second], language)])
            return events
        if decision.outcome is Outcome.OFFER:
            buttons = [show_button(knowledge.records[record], language) for record in decision.records]
            buttons += journey_button(knowledge.records[decision.records[0]], language)
            dispatcher.utter_message(response="utter_choose", buttons=buttons)
            return events
        if words <= _BARE and str(intent.get("name", "")).startswith("ask_") and clear:
            # "How much?" with nothing to lean on: about what?
            return [SlotSet("decision", _MENU_SHOWN), *browse(dispatcher, tracker, {})]
        if nearest := _nearest(decision.nearest, ranking.named, language):
            dispatcher.utter_message(response="utter_nearest", buttons=[*nearest, menu_button(language)])
        else:
            dispatcher.utter_message(response="utter_out_of_scope", buttons=[menu_button(language)])
        return events


def _nearest(likeliest: Sequence[str], named: Sequence[str], language: str) -> list[Button]:
    """Where to go from a question that is not answered: the records that come nearest, the first subject it names that none of them is about."""
    knowledge = load()
    records = [knowledge.records[record] for record in likeliest]
    others = [subject for subject in named if knowledge.about(subject) and subject not in {record.subject for record in records}]
    return [
        *(show_button(record, language) for record in records),
        *(browse_button(knowledge.subjects[subject].title.get(language), subject=subject) for subject in others[:1]),
    ]


#: What is logged when a message is nothing but a subject's name, or asks without saying about what.
_MENU_SHOWN = {"outcome": "menu", "records": []}


def _logged(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome.value,
        "records": list(decision.records),
        "probability": round(decision.probability, 3),
        "runner_up": decision.runner_up,
        "nearest": list(decision.nearest),
    }
