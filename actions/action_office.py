"""Where is an office? The one there, or the one in charge of the place; asks for the place where none is known."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.action_change import corrected
from actions.asking import is_payload
from actions.chambers import chamber_of
from actions.context import ANOTHER_TOWN, MORE_ABOUT, Button, browse_button, entities, entity, language_of, office_button, page_of, text_of
from bot.chambers.text import reached
from bot.guidance.reading import meant_place
from bot.places.nearest import How, find_offices
from bot.places.offices import Directory, Kind, directory
from bot.places.regions import Place, places
from bot.places.text import SAID, shown, where, which

#: The kinds offered when none is named: those that most founders have to go to.
_USUAL_KINDS = ("tribunal", "odco", "cri", "chambre-artisanat", "ccis", "chambre-agriculture", "anapec", "cnss", "indh-plateforme-jeunes", "cmc")


class ActionOffice(Action):
    """Says where an office is."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_office"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take kind and place from the message, the place also from memory; after a journey's result a place may take one back."""
        if events := corrected(dispatcher, tracker):
            return events
        kinds = entities(tracker, "office")
        place = best_place(entities(tracker, "place")) if is_payload(tracker) else places().get(meant_place(text_of(tracker)) or "")
        page = int(entity(tracker, "page") or 0)
        pressed = (tracker.latest_message.get("intent") or {}).get("name") == "office"
        if not pressed:
            # "w f Taza?" asks for the office talked about; "fin kayn CRI?" for the one of the town talked about.
            kinds = kinds or [tracker.get_slot("office") or _kind_of(tracker.get_slot("topic"))]
            place = place or places().get(str(tracker.get_slot("place")))
        language = language_of(tracker)
        chamber = await chamber_of(tracker)
        if chamber and not page and (place is None or place.region == chamber.region) and (own := reached(chamber, language)):
            dispatcher.utter_message(text=own)  # what is near comes first
        return say_office(dispatcher, language, kinds[0] if kinds else None, place, page)


def _kind_of(topic: str | None) -> str | None:
    """The kind of office that the subject talked about has, if it has one."""
    return next((kind.id for kind in directory().kinds.values() if topic and kind.subject == topic), None)


def best_place(found: list[Any]) -> Place | None:
    """The place meant among those named: a town before its region."""
    known = [places()[str(name)] for name in found if str(name) in places()]
    return min(known, key=lambda place: place.kind == "region", default=None)


def say_office(dispatcher: CollectingDispatcher, language: str, kind_id: str | None, place: Place | None, page: int = 0) -> list[EventType]:
    """Say the offices of a kind for a place, or ask for what is missing.

    Args:
        dispatcher: where to say it.
        language: in which reply language.
        kind_id: which kind; None where none was named.
        place: for which place; None where none is known.
        page: which page of the choices.
    """
    all_offices = directory()
    kind = all_offices.kinds.get(str(kind_id))
    if kind is None:
        offered = [office_button(all_offices.kinds[name].title.get(language), name, place.id if place else None) for name in _USUAL_KINDS]
        dispatcher.utter_message(response="utter_which_office", buttons=page_of(offered, page, language, "office"))
        return [SlotSet("decision", {"outcome": "ask_kind", "records": []})]
    events: list[EventType] = [SlotSet("office", kind.id)]
    if place is None:
        buttons = page_of(_regions(all_offices, kind, language), page, language, "office", office=kind.id)
        dispatcher.utter_message(text=where(kind, language), buttons=buttons or _more(kind, language))
        return [*events, SlotSet("decision", {"outcome": "ask_place", "records": []})]
    found = find_offices(all_offices, kind.id, place)
    events += [SlotSet("place", place.id), SlotSet("decision", {"outcome": found.how.value, "records": [office.id for office in found.offices]})]
    if place.kind == "region" and found.how is How.HERE and len(found.offices) > SAID:
        towns = {all_offices.place_of[office.id]: office.town.get(language) for office in found.offices}
        buttons = [office_button(name, kind.id, town) for town, name in towns.items()]
        dispatcher.utter_message(text=which(found, place, language), buttons=page_of(buttons, page, language, "office", office=kind.id, place=place.id))
        return events
    elsewhere = [office_button(ANOTHER_TOWN[language], kind.id)] if all_offices.of_kind(kind.id) else []
    dispatcher.utter_message(text=shown(found, kind, place, language), buttons=[*_more(kind, language), *elsewhere])
    return events


def _regions(all_offices: Directory, kind: Kind, language: str) -> list[Button]:
    """A button for each region that has an office of the kind."""
    codes = {places()[office.province].region for office in all_offices.of_kind(kind.id)}
    return [office_button(places()[code].name(language), kind.id, code) for code in sorted(codes)]


def _more(kind: Kind, language: str) -> list[Button]:
    """A button to what the knowledge base says about the kind."""
    return [browse_button(MORE_ABOUT[language], subject=kind.subject)] if kind.subject else []
