"""A question: answer it, offer what may be meant, or say that it is outside what Dalil knows."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import browse_button, language_of, say_record, show_button
from bot.knowledge.answer import Decision, Outcome, decide, follow_up, ranking_from_json
from bot.knowledge.store import load
from bot.language.normal import tokens


class ActionAnswer(Action):
    """Answers from the knowledge base."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Decide and speak."""
        knowledge = load()
        language = language_of(tracker)
        message = tracker.latest_message
        ranking = ranking_from_json(message.get("knowledge") or {})
        topic = tracker.get_slot("topic")
        decision = decide(ranking, topic)
        if decision.outcome is not Outcome.ANSWER:
            subject = ranking.named[0] if ranking.named else topic
            intent = (message.get("intent") or {}).get("name", "")
            decision = follow_up(knowledge, subject, intent, len(tokens(message.get("text") or ""))) or decision
        events: list[EventType] = [SlotSet("decision", _logged(decision))]
        if decision.outcome is Outcome.ANSWER:
            return events + say_record(dispatcher, knowledge.records[decision.records[0]], language)
        if decision.outcome is Outcome.OFFER:
            buttons = [show_button(knowledge.records[record], language) for record in decision.records]
            dispatcher.utter_message(response="utter_choose", buttons=buttons)
            return events
        dispatcher.utter_message(response="utter_out_of_scope", buttons=[browse_button(_MENU[language])])
        return events


_MENU = {"fr": "Voir les sujets", "ar": "عرض المواضيع", "ary": "شوف المواضيع"}


def _logged(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome.value,
        "records": list(decision.records),
        "probability": round(decision.probability, 3),
        "runner_up": decision.runner_up,
    }
