"""An answer given in a journey is to be changed, a path left, taken up again, or begun anew."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asking import FORM_SUFFIX, REQUESTED, RESULTS, answers_of, asks_after_all, chosen_answer, heard, is_payload
from actions.context import Button, entity, language_of, menu_button, person_button, start_button, text_of
from bot.guidance.checklist import checklists
from bot.guidance.journeys import ASKS, Journey, to_ask
from bot.guidance.profile import FIELDS
from bot.guidance.questions import SKIP
from bot.guidance.reading import correction, is_not_done
from bot.guidance.text import answer_text, resume_text
from bot.knowledge.records import LONGEST_TITLE
from bot.knowledge.store import load
from bot.language.normal import tokens

_AGAIN = {"fr": "Tout recommencer", "ar": "البدء من جديد", "ary": "نعاود من اللول"}
_CONTINUE = {"fr": "Continuer", "ar": "متابعة", "ary": "نكمل"}


def _journey(name: Any) -> Journey | None:
    return Journey(name) if name in {journey.value for journey in Journey} else None


def forget(journey: Journey) -> list[EventType]:
    """Forget what was answered in a journey."""
    return [SlotSet(field, None) for field in ASKS[journey]]


def begin(journey: Journey) -> list[EventType]:
    """Have the journey's form ask what is missing."""
    return [ActiveLoop(None), SlotSet(REQUESTED, None), SlotSet("tries", 0), FollowupAction(f"{journey.value}{FORM_SUFFIX}")]


class ActionChange(Action):
    """Shows the answers given, and takes back the one that is chosen."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_change"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take back the answer named, or all; else show them."""
        journey = _journey(entity(tracker, "journey")) or _journey(tracker.get_slot("journey")) or Journey.FORM
        field, language, answers = entity(tracker, "field"), language_of(tracker), answers_of(tracker)
        if field == "all":
            return [*forget(journey), *begin(journey)]
        if field in FIELDS:
            return [SlotSet(str(field), None), *begin(journey)]
        given = [name for name in ASKS[journey] if answers[name] not in (None, SKIP)]
        buttons: list[Button] = [
            {
                "title": answer_text(name, answers[name], load(), language)[:LONGEST_TITLE],
                "payload": f'/change{{"journey": "{journey.value}", "field": "{name}"}}',
            }
            for name in given
        ]
        buttons.append({"title": _AGAIN[language], "payload": f'/change{{"journey": "{journey.value}", "field": "all"}}'})
        dispatcher.utter_message(response="utter_change", buttons=buttons)
        return []


#: What says the result of a journey, or goes on from it: an answer may be taken back right after.
_AFTER = frozenset((*RESULTS.values(), "action_offer", "action_tick", "action_steps", "action_pdf"))


def corrected(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Take back an answer right after a journey's result ("la, f Agadir machi Rabat"), and have the journey go on.

    Returns:
        The events; none where the message takes nothing back.
    """
    journey = _journey(tracker.get_slot("journey"))
    if next((event["event"] for event in reversed(tracker.events) if event["event"] in ("user", "action")), None) == "action":
        return []  # an action of this turn has worked on the message already
    said = [str(event["name"]) for event in tracker.events if event["event"] == "action" and event["name"] != "action_listen"]
    if journey is None or tracker.active_loop.get("name") or not said or said[-1] not in _AFTER or is_payload(tracker):
        return []
    if journey is Journey.CHECKLIST and is_not_done(text_of(tracker)) and any(word.isdecimal() for word in tokens(text_of(tracker))):
        return [FollowupAction("action_tick")]  # "step 1 is not done yet"
    knowledge, language = load(), language_of(tracker)
    new = correction(None, ASKS[journey], answers_of(tracker), heard(tracker), knowledge)
    if not new:
        return []
    told = ", ".join(answer_text(field, value, knowledge, language) for field, value in new.items())
    dispatcher.utter_message(response="utter_noted", told=told)
    return [*(SlotSet(field, value) for field, value in new.items()), *begin(journey)]


class ActionDeny(Action):
    """A no: an answer of a journey taken back, or nothing to go on with."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_deny"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take the answer back; else ask what is looked for."""
        events = corrected(dispatcher, tracker)
        if not events:
            dispatcher.utter_message(response="utter_deny")
        return events


class ActionLateAnswer(Action):
    """A button of a question was pressed after its journey was left, or ended: the answer counts, and the journey goes on."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_late_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take the answer and take the journey up again."""
        chosen = chosen_answer(tracker)
        journey = next((each for each in (_journey(tracker.get_slot("journey")), *Journey) if each and set(chosen) & set(ASKS[each])), None)
        if journey is None:
            dispatcher.utter_message(response="utter_ask_rephrase")
            return []
        return [*(SlotSet(field, value) for field, value in chosen.items()), *begin(journey)]


class ActionLeave(Action):
    """Leaves the path; what was said is kept."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_leave"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say so, and how to come back."""
        if asks_after_all(tracker):
            return [FollowupAction("action_answer")]
        language = language_of(tracker)
        resume: list[Button] = [{"title": _CONTINUE[language], "payload": "/resume"}] if tracker.active_loop.get("name") else []
        dispatcher.utter_message(response="utter_left", buttons=[*resume, menu_button(language), person_button(language)])
        return [ActiveLoop(None), SlotSet(REQUESTED, None), SlotSet("tries", 0)]


class ActionResume(Action):
    """Where was I? What was said so far, and the next question or step."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_resume"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take up the journey begun last; without one, a checklist; else offer to begin."""
        if asks_after_all(tracker):
            return [FollowupAction("action_answer")]
        language, answers, knowledge = language_of(tracker), answers_of(tracker), load()
        journey = _journey(tracker.get_slot("journey"))
        if journey is None and tracker.get_slot("steps_done") and answers["form"] in checklists():
            journey = Journey.CHECKLIST
        if journey is None:
            buttons: list[Button] = [start_button(each, language) for each in Journey]
            dispatcher.utter_message(response="utter_nothing_to_resume", buttons=buttons)
            return []
        dispatcher.utter_message(text=resume_text(journey, answers, ASKS[journey], knowledge, language))
        if tracker.active_loop.get("name") == f"{journey.value}{FORM_SUFFIX}":
            return []  # Rasa comes back to the form by itself
        if to_ask(journey, answers, knowledge):
            return begin(journey)
        return [FollowupAction(RESULTS[journey])]


class ActionStartOver(Action):
    """Begins anew: the journey that is under way, or everything."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Forget what was answered; within a journey ask its first question again."""
        active = str(tracker.active_loop.get("name") or "").removesuffix(FORM_SUFFIX)
        if journey := _journey(active):
            return [*forget(journey), *begin(journey)]
        dispatcher.utter_message(response="utter_start_over")
        remembered = ("topic", "last_record", "office", "place", "journey", "advised", "steps_done", *FIELDS)
        return [ActiveLoop(None), SlotSet(REQUESTED, None), *(SlotSet(name, None) for name in dict.fromkeys(remembered))]
