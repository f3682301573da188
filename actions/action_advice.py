"""Which form suits me? The recommendation, once the questions are answered; and afterwards, why not another one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asking import answers_of, asks_after_all
from actions.context import Button, change_button, checklist_button, entities, language_of, person_button, start_button
from bot.guidance.choosing import Advice, advise, form_rules
from bot.guidance.journeys import Journey, profile_of, to_ask
from bot.guidance.text import advice_text, form_name, why_text
from bot.knowledge.records import LONGEST_TITLE
from bot.knowledge.store import load

_WHY_NOT = {"fr": "Pourquoi pas {form} ?", "ar": "لِمَ لا {form}؟", "ary": "علاش ماشي {form}؟"}
_AND = {"fr": "Et {form} ?", "ar": "و{form}؟", "ary": "و{form}؟"}


def _advice(tracker: Tracker) -> list[Advice]:
    return advise(form_rules(), load(), profile_of(answers_of(tracker)))


def why_not_button(form: str, language: str) -> Button:
    """A button that asks why a form was not advised."""
    name = form_name(load(), form, language)
    title = _WHY_NOT[language].format(form=name)
    return {"title": title if len(title) <= LONGEST_TITLE else _AND[language].format(form=name), "payload": f'/why_not{{"form": "{form}"}}'}


class ActionAdvice(Action):
    """Says which form suits, and offers its checklist."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_advice"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it; the form advised is remembered, for the checklist."""
        language, advice = language_of(tracker), _advice(tracker)
        best = advice[0].form
        buttons = [*checklist_button(best, language), *(why_not_button(each.form, language) for each in advice[1:3])]
        buttons += [start_button(Journey.FINANCING, language), change_button(Journey.FORM.value, language), person_button(language)]
        dispatcher.utter_message(text=advice_text(load(), advice, language), buttons=buttons)
        return [SlotSet("topic", best), SlotSet("advised", best)]


class ActionWhyNot(Action):
    """Says why a form was or was not advised."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_why_not"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the reasons for the form named; without advice given, offer to find one."""
        if asks_after_all(tracker):
            return [FollowupAction("action_answer")]
        language, advice = language_of(tracker), _advice(tracker)
        named = [name for name in (*entities(tracker, "form"), *entities(tracker, "subject")) if name in {each.form for each in advice}]
        if to_ask(Journey.FORM, answers_of(tracker)):
            dispatcher.utter_message(response="utter_no_advice_yet", buttons=[start_button(Journey.FORM, language)])
            return []
        if not named:
            dispatcher.utter_message(response="utter_which_form", buttons=[why_not_button(each.form, language) for each in advice[1:]])
            return []
        found = next(each for each in advice if each.form == named[0])
        others = [why_not_button(each.form, language) for each in advice[1:] if each.form != found.form]
        checklist = [] if found.excluded else checklist_button(found.form, language)
        dispatcher.utter_message(text=why_text(load(), found, language), buttons=[*checklist, *others[:2], change_button(Journey.FORM.value, language)])
        return [SlotSet("topic", found.form)]
