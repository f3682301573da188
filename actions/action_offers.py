"""Money for me, training for me: what was found, best first; each in full by its button."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asking import answers_of
from actions.context import Button, change_button, entity, language_of, more_button, office_button, person_button
from bot.guidance.journeys import Journey, closed, offers_of, profile_of, ranked
from bot.guidance.matching import Match, Offer, match
from bot.guidance.text import offer_text, overview_text
from bot.knowledge.records import Status
from bot.knowledge.store import load
from bot.places.offices import directory
from bot.places.regions import places

#: How many offers a page lists.
PAGE = 4
_MORE = {"fr": "Plus de résultats", "ar": "نتائج أخرى", "ary": "نتائج خرين"}
_WHERE = {"fr": "Où aller", "ar": "أين أذهب", "ary": "فين نمشي"}


def offer_button(offer: Offer, language: str) -> Button:
    """A button that shows an offer."""
    return {"title": offer.name.get(language), "payload": f'/offer{{"offer": "{offer.id}"}}'}


def _journey(tracker: Tracker) -> Journey:
    return Journey.TRAINING if tracker.get_slot("journey") == Journey.TRAINING.value else Journey.FINANCING


class ActionOffers(Action):
    """Lists what fits, and says the best of it in full."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_offers"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say one page of the matches."""
        language, journey, knowledge = language_of(tracker), _journey(tracker), load()
        profile = profile_of(answers_of(tracker))
        matches = ranked(journey, knowledge, profile)
        page = int(entity(tracker, "page") or 0)
        page = page if page * PAGE < len(matches) else 0  # a button of a longer list
        here = matches[page * PAGE : (page + 1) * PAGE]
        shut = [] if page else closed(journey, knowledge, profile)
        text = overview_text(matches, shut, knowledge, language, journey is Journey.TRAINING, here, page * PAGE)
        buttons = [offer_button(each.offer, language) for each in here]
        if len(matches) > (page + 1) * PAGE:
            buttons.append({"title": _MORE[language], "payload": f'/offer{{"page": "{page + 1}"}}'})
        if not matches:
            buttons = [offer_button(offers_of(journey).offers[name], language) for each in shut for name in each.offer.instead][:PAGE]
        buttons += [change_button(journey.value, language), person_button(language)]
        decided = SlotSet("decision", {"outcome": "offers", "records": [each.offer.record for each in here]})
        if matches and not page:  # the best one at once, in full
            dispatcher.utter_message(text=text)
            return [decided, *say_offer(dispatcher, tracker, matches[0], journey, buttons[1:])]
        dispatcher.utter_message(text=text, buttons=buttons)
        return [decided]


class ActionOffer(Action):
    """Says one offer in full."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_offer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it; a button of an earlier release may name one that is gone, one with a page goes on in the list."""
        name = str(entity(tracker, "offer"))
        journey = next((each for each in (Journey.FINANCING, Journey.TRAINING) if name in offers_of(each).offers), None)
        if journey is None:
            return list(ActionOffers().run(dispatcher, tracker, domain))
        return say_offer(dispatcher, tracker, match(load(), offers_of(journey).offers[name], profile_of(answers_of(tracker))), journey)


def say_offer(dispatcher: CollectingDispatcher, tracker: Tracker, found: Match, journey: Journey, following: list[Button] | None = None) -> list[EventType]:
    """Say an offer with what comes next.

    Args:
        dispatcher: where to say it.
        tracker: the conversation.
        found: the offer, and how it stands to the person.
        journey: what it was found by.
        following: the buttons after more about it and where to go; the next best one unless given, for a closed one what is open instead.
    """
    language, knowledge, offer = language_of(tracker), load(), found.offer
    record = knowledge.records[offer.record]
    place = tracker.get_slot("place")
    buttons: list[Button] = [more_button(record, language)]
    if offer.office in directory().kinds:
        buttons.append(office_button(_WHERE[language], str(offer.office), place if place in places() else None))
    if following is not None:
        buttons += following
    elif found.status is Status.CLOSED:
        buttons += [offer_button(offers_of(journey).offers[name], language) for name in offer.instead]
    else:
        matches = [each.offer for each in ranked(journey, knowledge, profile_of(answers_of(tracker)))]
        after = matches[matches.index(offer) + 1 :] if offer in matches else matches
        buttons += [offer_button(other, language) for other in after[:1]]
    buttons += [] if following is not None else [person_button(language)]
    dispatcher.utter_message(text=offer_text(found, profile_of(answers_of(tracker)), knowledge, language), buttons=buttons)
    return [SlotSet("last_record", record.id), SlotSet("topic", record.subject), SlotSet("office", None), SlotSet("journey", journey.value)]
