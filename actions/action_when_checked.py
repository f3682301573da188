"""How recent is this?"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.context import language_of, onward
from bot.knowledge.store import load
from bot.knowledge.text import source_line


class ActionWhenChecked(Action):
    """Says when answers are checked, and when the last one was."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_when_checked"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it."""
        dispatcher.utter_message(response="utter_when_checked")
        record = load().records.get(tracker.get_slot("last_record") or "")
        if record is not None:
            language = language_of(tracker)
            dispatcher.utter_message(text=f"{record.title.get(language)}\n{source_line(record, language)}", buttons=onward(record, language))
        return []
