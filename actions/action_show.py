"""A button was pressed that shows a record."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import entity, say_record
from bot.knowledge.store import load


class ActionShow(Action):
    """Shows the record that the button names."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_show"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the record; a button of an earlier release may name one that is gone."""
        record = load().records.get(str(entity(tracker, "record")))
        if record is None:
            dispatcher.utter_message(response="utter_ask_rephrase")
            return []
        chosen = {"outcome": "chosen", "records": [record.id]}
        return [SlotSet("decision", chosen), *say_record(dispatcher, tracker, record)]
