"""The menu: areas, their subjects, what can be asked about one, then the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Button, browse_button, entity, language_of, office_button, page_of, person_button, say_record, start_button
from bot.guidance.journeys import Journey
from bot.knowledge.store import Knowledge, load
from bot.places.offices import directory

#: The areas that a journey leads to.
_WITHIN_A_JOURNEY = ("financing", "training")
#: How many aspects of a subject are offered before its offices.
_BEFORE_OFFICES = 4


class ActionBrowse(Action):
    """Shows one level of the menu."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_browse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the level that the button names; without one, the top."""
        pressed = (tracker.latest_message.get("intent") or {}).get("name") == "browse"
        where = {name: entity(tracker, name) for name in ("area", "subject", "aspect", "page")} if pressed else {}
        return browse(dispatcher, tracker, where)


def browse(dispatcher: CollectingDispatcher, tracker: Tracker, where: Mapping[str, Any]) -> list[EventType]:
    """Say one level of the menu.

    Args:
        dispatcher: where to say it.
        tracker: the conversation.
        where: the place: area, subject, aspect and page, each where it is known.
    """
    knowledge, language = load(), language_of(tracker)
    subject, aspect, area = where.get("subject"), where.get("aspect"), where.get("area")
    page = int(where.get("page") or 0)
    found = knowledge.about(str(subject), aspect) if aspect in knowledge.aspects else []
    if found:
        return say_record(dispatcher, tracker, found[0], tuple(record.id for record in found[1:]))
    if subject in knowledge.subjects:
        buttons = page_of(_aspects(knowledge, str(subject), language), page, language, "browse", subject=str(subject))
        dispatcher.utter_message(response="utter_menu", buttons=buttons)
        return [SlotSet("topic", subject)]
    if area in knowledge.areas:
        inside = [s for s in knowledge.subjects.values() if s.area == area and knowledge.about(s.id)]
        buttons = page_of([browse_button(s.title.get(language), subject=s.id) for s in inside], page, language, "browse", area=str(area))
    else:
        # What is found by a journey is listed within it: the top has the ten rows of a list on WhatsApp.
        areas = [browse_button(a.title.get(language), area=a.id) for a in knowledge.areas.values() if a.id not in _WITHIN_A_JOURNEY]
        buttons = [*(start_button(journey, language) for journey in Journey), *areas, person_button(language)]
    dispatcher.utter_message(response="utter_menu", buttons=buttons)
    return []


def _aspects(knowledge: Knowledge, subject: str, language: str) -> list[Button]:
    """A button for each aspect of the subject that has records, most records first; its offices after the commonest."""
    counts = {aspect: len(knowledge.about(subject, aspect)) for aspect in knowledge.aspects}
    present = sorted((aspect for aspect, count in counts.items() if count), key=lambda aspect: -counts[aspect])
    offices = [office_button(kind.title.get(language), kind.id) for kind in directory().kinds.values() if kind.subject == subject]
    aspects = [browse_button(knowledge.aspects[aspect].title.get(language), subject=subject, aspect=aspect) for aspect in present]
    return [*aspects[:_BEFORE_OFFICES], *offices, *aspects[_BEFORE_OFFICES:]]
