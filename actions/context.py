"""What the actions read from a conversation, and how they say a record."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.knowledge.records import Record
from bot.knowledge.store import load
from bot.knowledge.text import shown
from bot.language.conversation import conversation_language

#: How many related records are offered under an answer.
RELATED = 3

Button = dict[str, str]


def language_of(tracker: Tracker) -> str:
    """The reply language of the conversation."""
    return conversation_language(tracker.slots)


def entity(tracker: Tracker, name: str) -> Any:
    """The value of an entity of the last message; None if it has none."""
    return next(tracker.get_latest_entity_values(name), None)


def show_button(record: Record, language: str) -> Button:
    """A button that shows a record."""
    return {"title": record.title.get(language), "payload": f'/show{{"record": "{record.id}"}}'}


def browse_button(title: str, **where: str | int) -> Button:
    """A button that goes to a place in the menu."""
    inside = ", ".join(f'"{name}": "{value}"' for name, value in where.items())
    return {"title": title, "payload": f"/browse{{{inside}}}"}


def say_record(dispatcher: CollectingDispatcher, record: Record, language: str, also: tuple[str, ...] = ()) -> list[EventType]:
    """Say a record with buttons for what comes next, and remember it.

    Args:
        dispatcher: where to say it.
        record: what to say.
        language: in which reply language.
        also: ids of records to offer before the related ones.
    """
    known = load().records
    following = list(dict.fromkeys([*also, *record.related]))[:RELATED]
    dispatcher.utter_message(
        text=shown(record, language),
        buttons=[show_button(known[other], language) for other in following if other in known and other != record.id],
    )
    return [SlotSet("last_record", record.id), SlotSet("topic", record.subject)]
