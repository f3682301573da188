"""The questions of the journeys: for each field an action `action_ask_<field>`, which Rasa's forms call to ask for it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.asking import answer_button, ask, leave_button, region_buttons
from actions.context import language_of, person_button
from bot.guidance.checklist import checklists
from bot.guidance.journeys import Journey
from bot.guidance.profile import FIELDS
from bot.guidance.questions import Kind, choices, questions
from bot.knowledge.store import load

#: A place is asked for in words; the regions are shown once it was not understood so often.
_REGIONS_FROM = 1


def _field_action(field: str) -> type[Action]:
    """The action that asks for a field."""

    class ActionAsk(Action):
        def name(self) -> str:
            return f"action_ask_{field}"

        def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
            language, tries = language_of(tracker), int(tracker.get_slot("tries") or 0)
            shown = _choices(field, tracker, language, tries)
            ask(dispatcher, field, tries, language, shown, [person_button(language), leave_button(language)])
            return []

    return ActionAsk


def _choices(field: str, tracker: Tracker, language: str, tries: int) -> list[dict[str, str]]:
    question = questions()[field]
    found = [answer_button(field, choice) for choice in choices(question, load(), language)]
    if question.kind is Kind.PLACE and tries >= _REGIONS_FROM:
        return [*region_buttons(language), *found]
    if field == "form" and tracker.get_slot("journey") == Journey.CHECKLIST.value:
        found = [answer_button(field, choice) for choice in choices(question, load(), language) if choice.value in checklists()]
        return [*found, {"title": _HELP_ME[language], "payload": "/choose_form"}]
    return found


_HELP_ME = {"fr": "Aidez-moi à choisir", "ar": "ساعدوني على الاختيار", "ary": "عاونوني نختار"}

#: rasa_sdk registers every class it finds.
ASK_ACTIONS = {field: _field_action(field) for field in FIELDS}
