"""A language was chosen, or is to be chosen."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Button, entity

_CHOICES: list[Button] = [
    {"title": "العربية", "payload": '/change_language{"chosen_language": "ar"}'},
    {"title": "الدارجة", "payload": '/change_language{"chosen_language": "ary"}'},
    {"title": "Français", "payload": '/change_language{"chosen_language": "fr"}'},
]


class ActionLanguage(Action):
    """Confirms the language; asks which when none was named."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Speak in the language chosen: the slot is filled already."""
        if entity(tracker, "chosen_language"):
            dispatcher.utter_message(response="utter_language_changed")
        else:
            dispatcher.utter_message(response="utter_choose_language", buttons=_CHOICES)
        return []
