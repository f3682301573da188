"""Was this useful? What was pressed or said stands with the turn, in Rasa's own events; a reason is asked for once when it was not."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.asking import asks_after_all
from actions.context import Button, entity, language_of, rate_button
from bot.knowledge.store import load

#: Why an answer may not have helped.
_REASONS = {
    "other_question": {"fr": "Pas ma question", "ar": "ليس سؤالي", "ary": "ماشي هو السؤال"},
    "unclear": {"fr": "Pas clair", "ar": "غير واضح", "ary": "مامفهومش"},
    "incomplete": {"fr": "Il manque des choses", "ar": "ناقص", "ary": "ناقص"},
    "wrong": {"fr": "C'est faux", "ar": "معلومة خاطئة", "ary": "ماشي صحيح"},
}


class ActionRate(Action):
    """Thanks for a rating."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_rate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it; ask for a reason when the answer did not help."""
        language = language_of(tracker)
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        record = entity(tracker, "record") or tracker.get_slot("last_record")
        if record not in load().records and asks_after_all(tracker):
            return [FollowupAction("action_answer")]
        if record not in load().records:
            dispatcher.utter_message(response="utter_nothing_to_rate")
        elif intent == "useful" or entity(tracker, "rating") == "up":
            dispatcher.utter_message(response="utter_rated_useful")
        elif entity(tracker, "reason"):
            dispatcher.utter_message(response="utter_rated_not_useful")
        else:
            buttons: list[Button] = [rate_button(titles[language], str(record), "down", reason) for reason, titles in _REASONS.items()]
            dispatcher.utter_message(response="utter_why_not_useful", buttons=buttons)
        return []
