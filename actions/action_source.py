"""Where does the last answer come from?"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.context import language_of, onward
from bot.knowledge.store import load
from bot.knowledge.text import sources_text


class ActionSource(Action):
    """Names the sources of the last answer, with their addresses."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_source"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say them; say so when nothing was answered yet."""
        record = load().records.get(tracker.get_slot("last_record") or "")
        if record is None:
            dispatcher.utter_message(response="utter_no_source")
        else:
            dispatcher.utter_message(text=sources_text(record, language_of(tracker)), buttons=onward(record, language_of(tracker)))
        return []
