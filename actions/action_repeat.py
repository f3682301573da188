"""The last answer once more."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.context import say_record
from bot.knowledge.store import load


class ActionRepeat(Action):
    """Says the last record again, in the language the conversation has now."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it; say so when nothing was answered yet."""
        record = load().records.get(tracker.get_slot("last_record") or "")
        if record is None:
            dispatcher.utter_message(response="utter_repeat_nothing")
            return []
        return say_record(dispatcher, tracker, record)
