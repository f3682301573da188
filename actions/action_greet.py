"""Greets: in the name of the chamber whose link the person came with, where there is one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.chambers import chamber_of
from actions.context import language_of
from bot.chambers.text import welcome


class ActionGreet(Action):
    """Says hello."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_greet"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Choose the greeting; its texts stand in domain/responses.yml."""
        chamber = await chamber_of(tracker)
        if chamber is None:
            dispatcher.utter_message(response="utter_greet")
            return []
        language = language_of(tracker)
        own = welcome(chamber, language)
        dispatcher.utter_message(response="utter_greet_from_chamber", chamber=chamber.name(language), welcome=f"\n{own}" if own else "")
        return []
