"""My checklist: how far somebody is, all steps, ticking one off, and the list as a document."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.action_change import begin
from actions.asking import answers_of, asks_after_all
from actions.context import ANOTHER_TOWN, Button, entity, language_of, more_button, person_button, text_of
from bot.documents.reference import ChecklistReference
from bot.guidance.checklist import Checklist, ShownStep, checklists, make_checklist
from bot.guidance.journeys import Journey, to_ask
from bot.guidance.questions import SKIP
from bot.guidance.reading import is_not_done, meant_step
from bot.guidance.text import document_name, progress_text, step_text, steps_text
from bot.knowledge.store import load

_DONE = {"fr": "C'est fait", "ar": "أنجزتها", "ary": "درتها"}
_ALL = {"fr": "Toutes les étapes", "ar": "كل المراحل", "ary": "ڭاع المراحل"}
_PDF = {"fr": "Ma liste en PDF", "ar": "لائحتي PDF", "ary": "اللائحة PDF"}
#: So many of the steps ticked off last have a button of their own under the list.
_UNDONE = 3
_UNDO = {"fr": "Pas encore fait", "ar": "لم أنجزها بعد", "ary": "مازال مادرتهاش"}


def current(tracker: Tracker) -> Checklist | None:
    """The checklist of somebody; None while form, sector or place are to be asked."""
    answers = answers_of(tracker)
    if to_ask(Journey.CHECKLIST, answers):
        return None
    form = str(answers["form"])
    sector, place = (None if answers[name] == SKIP else answers[name] for name in ("sector", "place"))
    return make_checklist(checklists()[form], load(), form, language_of(tracker), sector, place, done_of(tracker, form))


def done_of(tracker: Tracker, form: str) -> list[str]:
    """The ids of the steps that are done for a form."""
    return list((tracker.get_slot("steps_done") or {}).get(form, []))


def _buttons(checklist: Checklist, step: ShownStep | None) -> list[Button]:
    language = checklist.language
    found: list[Button] = []
    if step:
        found.append({"title": _DONE[language], "payload": f'/tick{{"step": "{step.id}"}}'})
    found += [{"title": _ALL[language], "payload": "/steps"}, {"title": _PDF[language], "payload": "/pdf"}]
    if step:
        found.append(more_button(load().records[step.record], language))
    found.append({"title": ANOTHER_TOWN[language], "payload": '/change{"journey": "checklist", "field": "place"}'})
    return [*found, person_button(language)]


def say_progress(dispatcher: CollectingDispatcher, checklist: Checklist, before: str = "") -> list[EventType]:
    """Say how far somebody is, with the next step."""
    text = "\n\n".join(part for part in (before, progress_text(checklist, load())) if part)
    dispatcher.utter_message(text=text, buttons=_buttons(checklist, checklist.next))
    shown = [SlotSet("last_record", checklist.next.record)] if checklist.next else []
    return [*shown, SlotSet("topic", checklist.form), SlotSet("journey", Journey.CHECKLIST.value), SlotSet("office", None)]


class ActionChecklist(Action):
    """Says how far somebody is."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_checklist"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it; ask what is missing first."""
        checklist = current(tracker)
        return say_progress(dispatcher, checklist) if checklist else begin(Journey.CHECKLIST)


class ActionSteps(Action):
    """Lists all steps, or shows one in full."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_steps"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say them; ask what is missing first."""
        checklist = current(tracker)
        if checklist is None:
            return begin(Journey.CHECKLIST)
        step = next((each for each in checklist.steps if each.id == entity(tracker, "step")), None)
        if step:
            dispatcher.utter_message(text=step_text(step, checklist.language), buttons=_step_buttons(checklist, step))
            return [SlotSet("last_record", step.record)]
        done = [each for each in checklist.steps if each.done][-_UNDONE:]
        buttons = [*_buttons(checklist, checklist.next), *({"title": f"☑ {each.number}", "payload": f'/steps{{"step": "{each.id}"}}'} for each in done)]
        dispatcher.utter_message(text=steps_text(checklist), buttons=buttons)
        return []


def _step_buttons(checklist: Checklist, step: ShownStep) -> list[Button]:
    undo: list[Button] = [{"title": _UNDO[checklist.language], "payload": f'/tick{{"step": "{step.id}", "done": "no"}}'}]
    return [*undo, *_buttons(checklist, None)] if step.done else _buttons(checklist, step)


class ActionTick(Action):
    """Ticks a step off, or takes that back."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_tick"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """The step that a button names, or the one that was said: by number or words, else the next one."""
        if asks_after_all(tracker):
            return [FollowupAction("action_answer")]
        checklist = current(tracker)
        if checklist is None:
            dispatcher.utter_message(response="utter_no_checklist_yet")
            return begin(Journey.CHECKLIST)
        named = entity(tracker, "step") or meant_step(checklist, text_of(tracker))
        step = next((each for each in checklist.steps if each.id == named), checklist.next)
        if step is None or (not step.done and is_not_done(text_of(tracker))):
            return say_progress(dispatcher, checklist)
        done = [name for name in done_of(tracker, checklist.form) if name != step.id]
        taken_back = entity(tracker, "done") == "no" or (step.done and is_not_done(text_of(tracker)))
        done = done if taken_back else [*done, step.id]
        language, answers = checklist.language, answers_of(tracker)
        sector = None if answers["sector"] == SKIP else answers["sector"]
        after = make_checklist(checklists()[checklist.form], load(), checklist.form, language, sector, checklist.place, done)
        said = (_TAKEN_BACK if taken_back else _TICKED)[language].format(number=step.number, title=step.title)
        events = say_progress(dispatcher, after, said)
        return [*events, SlotSet("steps_done", {**(tracker.get_slot("steps_done") or {}), checklist.form: done})]


_TICKED = {"fr": "☑ {number}. {title} : c'est noté.", "ar": "☑ {number}. {title}: مرحلة منجزة.", "ary": "☑ {number}. {title}: راه تدارت."}
_TAKEN_BACK = {"fr": "☐ {number}. {title} : remis à faire.", "ar": "☐ {number}. {title}: لم تُنجز بعد.", "ary": "☐ {number}. {title}: مازال ماتدارت."}


class ActionPdf(Action):
    """Sends the checklist as a document."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_pdf"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Send it; ask what is missing first."""
        checklist = current(tracker)
        if checklist is None:
            return begin(Journey.CHECKLIST)
        reference = ChecklistReference.of(checklist)
        document = {"reference": reference.to_text(), "name": document_name(checklist, load())}
        dispatcher.utter_message(json_message={"document": document, "text": _HERE[checklist.language]})
        dispatcher.utter_message(text=progress_text(checklist, load()), buttons=_buttons(checklist, checklist.next))
        return []


_HERE = {"fr": "Voici votre liste, à garder ou à imprimer.", "ar": "هذه لائحتكم، للحفظ أو الطباعة.", "ary": "ها هي اللائحة ديالكم، خليوها عندكم ولا طبعوها."}
