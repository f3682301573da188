"""The forms of the journeys: what a message says to the question that stands, and what is asked next.

Rasa's forms hold the loop; what is understood, what is missing and what comes out of it is decided in bot/guidance/.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Button, entity, language_of, text_of
from bot.guidance.checklist import checklists
from bot.guidance.journeys import ASKS, START, Journey, to_ask
from bot.guidance.profile import FIELDS, NUMBERS
from bot.guidance.questions import SKIP, Choice, choices, questions
from bot.guidance.reading import Heard, Reading, read, volunteered
from bot.guidance.text import answer_text
from bot.knowledge.answer import Outcome, decide
from bot.knowledge.ranking import ranking_from_json
from bot.knowledge.records import LONGEST_TITLE
from bot.knowledge.store import load
from bot.places.regions import places

FORM_SUFFIX = "_form"
REQUESTED = "requested_slot"


#: The action that says what came out of a journey.
RESULTS = {
    Journey.FORM: "action_advice",
    Journey.CHECKLIST: "action_checklist",
    Journey.FINANCING: "action_offers",
    Journey.TRAINING: "action_offers",
}


def answers_of(tracker: Tracker) -> dict[str, Any]:
    """What the person has said of themselves, by field; a place that is unclear counts as not said."""
    answers = {field: tracker.get_slot(field) for field in FIELDS}
    if answers["place"] not in places() and answers["place"] != SKIP:
        answers["place"] = None
    return answers


def answer_button(field: str, choice: Choice) -> Button:
    """A button that answers a question."""
    return {"title": choice.title, "payload": f'/answer{{"field": "{field}", "value": "{choice.value}"}}'}


def is_payload(tracker: Tracker) -> bool:
    """Whether the last message is a button's payload."""
    return text_of(tracker).startswith("/")


def heard(tracker: Tracker) -> Heard:
    """The last message, and whether the knowledge base would answer it."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    decision = decide(ranking_from_json(message.get("knowledge") or {}), None)
    return Heard(str(message.get("text") or ""), str(intent.get("name") or ""), float(intent.get("confidence") or 0.0), decision.outcome is Outcome.ANSWER)


def asks_after_all(tracker: Tracker) -> bool:
    """Whether a message that was taken for a word on one's way is a question, as there is no way that it could be on.

    "Pourquoi pas ..." asks for reasons after advice, and for a fact before. Such messages go to `action_answer`.
    """
    return not is_payload(tracker) and not tracker.get_slot("journey") and heard(tracker).answerable


def chosen_answer(tracker: Tracker) -> dict[str, Any]:
    """The answer that a button carries, checked: a button of an earlier release may name a field or value that is gone."""
    intent = (tracker.latest_message.get("intent") or {}).get("name")
    if intent == "office" and tracker.get_slot(REQUESTED) == "place" and not entity(tracker, "office") and entity(tracker, "place") in places():
        return {"place": entity(tracker, "place")}  # a shared location
    if intent != "answer":
        return {}
    field, value = str(entity(tracker, "field")), entity(tracker, "value")
    if field not in FIELDS or value is None:
        return {}
    if value == SKIP:
        return {field: SKIP}
    if field in NUMBERS:
        return {field: int(value)} if str(value).lstrip("-").isdigit() else {}
    known = {choice.value for choice in choices(questions()[field], load(), "fr")} if field != "place" else set(places())
    return {field: value} if value in known else {}


def is_fresh(tracker: Tracker) -> bool:
    """Whether the last message has not been worked on yet: after an aside the form comes back to a message it has seen."""
    for event in reversed(tracker.events[:-1]):
        if event["event"] == "user":
            return True
        if event["event"] == "action":
            return False
    return False


def begins_now(tracker: Tracker, form: str) -> bool:
    """Whether a form begins with the last message: Rasa notes that before it runs the form's validation."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "active_loop" and event.get("name") == form:
            return True
    return False


class JourneyForm(FormValidationAction):
    """The form of a journey: reads the answer, then names the next question, or none."""

    @property
    @abstractmethod
    def journey(self) -> Journey:
        """Which journey asks."""

    def name(self) -> str:
        """`validate_` and the form's name: Rasa's convention."""
        return f"validate_{self.form_name()}"

    def form_name(self) -> str:
        """The form's name."""
        return f"{self.journey.value}{FORM_SUFFIX}"

    def known_at_the_start(self, tracker: Tracker, answers: dict[str, Any]) -> dict[str, Any]:
        """What the message that begins the journey says already: the form of a button, or whatever is in a text."""
        order = ASKS[self.journey]
        if is_payload(tracker):
            form = entity(tracker, "form")
            return {"form": form} if "form" in order and form in load().forms() else {}
        return volunteered(order, answers, text_of(tracker), load())

    def is_begun_again(self, tracker: Tracker) -> bool:
        """Whether the button that begins the journey was pressed while it is under way: there may be a form in it."""
        return is_payload(tracker) and (tracker.latest_message.get("intent") or {}).get("name") == START[self.journey][1:]

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Read the message, where there is a question; then say what to ask next.

        An aside (a question, small talk, another wish) is rejected: Rasa's rules answer it and come back to the form.
        """
        knowledge, answers, order = load(), answers_of(tracker), ASKS[self.journey]
        requested = tracker.get_slot(REQUESTED)
        new: dict[str, Any] = {}
        tries = tracker.get_slot("tries") or 0
        # A form that begins now finds the question of another journey, or an old one.
        if begins_now(tracker, self.form_name()) or requested not in order or self.is_begun_again(tracker):
            new = self.known_at_the_start(tracker, answers)
        elif is_fresh(tracker):
            new = chosen_answer(tracker)
            if not new and is_payload(tracker):
                return [ActionExecutionRejected(self.form_name())]
            if not new:
                kind, new = read(requested, order, answers, heard(tracker), knowledge, own=START[self.journey][1:])
                if kind is Reading.ASIDE:
                    return [ActionExecutionRejected(self.form_name())]
                tries = tries + 1 if kind is Reading.UNCLEAR else 0
            if set(new) - {requested}:
                told = ", ".join(answer_text(field, value, knowledge, language_of(tracker)) for field, value in new.items() if value != SKIP)
                dispatcher.utter_message(response="utter_noted", told=told)
        tries = 0 if new else tries
        if self.journey is Journey.CHECKLIST and new.get("form") not in (None, *checklists()):
            dispatcher.utter_message(response="utter_no_checklist_for")
        missing = to_ask(self.journey, {**answers, **new}, knowledge)
        events: list[EventType] = [SlotSet(field, value) for field, value in new.items()]
        events += [SlotSet("tries", tries), SlotSet("journey", self.journey.value)]
        events.append(SlotSet(REQUESTED, missing[0] if missing else None))
        return events if missing else [*events, FollowupAction(RESULTS[self.journey])]


def ask(dispatcher: CollectingDispatcher, field: str, tries: int, language: str, buttons: list[Button], more: list[Button]) -> None:
    """Ask a question: alone at first, with an explanation when the answer was not understood, then with a person to turn to.

    Args:
        dispatcher: where to say it.
        field: what is asked.
        tries: how often it was not understood.
        language: in which reply language.
        buttons: the answers to choose.
        more: what is offered besides once it was not understood twice.
    """
    question = questions()[field]
    lines = [question.explain.get(language)] if tries else []
    if tries >= 2:
        lines.append(_CHOOSE[language])
        buttons = [*buttons, *more]
    dispatcher.utter_message(text="\n".join([*lines, question.ask.get(language)]), buttons=buttons)


_CHOOSE = {
    "fr": "Choisissez ci-dessous, ou parlez à une personne.",
    "ar": "اختاروا من الأسفل، أو تحدثوا مع شخص.",
    "ary": "ختارو من التحت، ولا هضرو مع شي واحد.",
}
_LEAVE = {"fr": "Arrêter ici", "ar": "التوقف هنا", "ary": "نوقف هنا"}


def leave_button(language: str) -> Button:
    """A button out of the journey."""
    return {"title": _LEAVE[language], "payload": "/leave"}


def region_buttons(language: str) -> list[Button]:
    """A button for each region, as an answer to where."""
    regions = sorted((place for place in places().values() if place.kind == "region"), key=lambda place: place.id)
    return [answer_button("place", Choice(place.id, place.name(language)[:LONGEST_TITLE])) for place in regions]
