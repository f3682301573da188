"""The menu: subjects, then what can be asked about one, then the answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import Button, browse_button, entity, language_of, say_record
from bot.knowledge.store import Knowledge, load

#: Buttons on one page of the menu: a WhatsApp list has ten rows, one is kept for the next page.
PAGE = 9

_NEXT = {"fr": "Suite", "ar": "المزيد", "ary": "مازال كاين"}


class ActionBrowse(Action):
    """Shows one level of the menu."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_browse"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say the level that the button names; without one, the top."""
        knowledge = load()
        language = language_of(tracker)
        pressed = (tracker.latest_message.get("intent") or {}).get("name") == "browse"
        subject = entity(tracker, "subject") if pressed else None
        aspect = entity(tracker, "aspect") if pressed else None
        page = int(entity(tracker, "page") or 0) if pressed else 0
        covered = [s for s in knowledge.subjects if knowledge.about(s)]
        if subject not in covered and len(covered) == 1:
            subject = covered[0]
        if subject not in covered:
            choices = [browse_button(knowledge.subjects[s].title.get(language), subject=s) for s in covered]
            dispatcher.utter_message(response="utter_menu", buttons=_page(choices, page, language))
            return []
        found = knowledge.about(str(subject), aspect) if aspect in knowledge.aspects else []
        if found:
            return say_record(dispatcher, found[0], language, tuple(record.id for record in found[1:]))
        dispatcher.utter_message(response="utter_menu", buttons=_page(_aspects(knowledge, str(subject), language), page, language, subject))
        return [SlotSet("topic", subject)]


def _aspects(knowledge: Knowledge, subject: str, language: str) -> list[Button]:
    """A button for each aspect of the subject that has records, most records first."""
    counts = {aspect: len(knowledge.about(subject, aspect)) for aspect in knowledge.aspects}
    present = sorted((aspect for aspect, count in counts.items() if count), key=lambda aspect: -counts[aspect])
    return [browse_button(knowledge.aspects[aspect].title.get(language), subject=subject, aspect=aspect) for aspect in present]


def _page(buttons: list[Button], page: int, language: str, subject: str | None = None) -> list[Button]:
    """One page of the buttons, with one to the next page where there is more."""
    shown = buttons[page * PAGE : (page + 1) * PAGE] or buttons[:PAGE]
    if len(buttons) > (page + 1) * PAGE:
        where: dict[str, str | int] = {"page": page + 1}
        if subject:
            where["subject"] = subject
        shown = [*shown, browse_button(_NEXT[language], **where)]
    return shown
