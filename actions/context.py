"""What the actions read from a conversation, and how they say a record."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.guidance.checklist import checklists
from bot.guidance.journeys import START, Journey
from bot.guidance.text import journey_name
from bot.knowledge.records import Record
from bot.knowledge.store import load
from bot.knowledge.text import shown
from bot.language.conversation import conversation_language

#: How many buttons lead on from an answer: related records, and a journey.
RELATED = 3

#: Buttons on one page of a menu: a WhatsApp list has ten rows, one is kept for the next page.
PAGE = 9

_NEXT = {"fr": "Suite", "ar": "المزيد", "ary": "مازال كاين"}

Button = dict[str, str]


def language_of(tracker: Tracker) -> str:
    """The reply language of the conversation."""
    return conversation_language(tracker.slots)


def text_of(tracker: Tracker) -> str:
    """The last message as it was sent."""
    return str(tracker.latest_message.get("text") or "")


def entities(tracker: Tracker, name: str) -> list[Any]:
    """The values of an entity of the last message, in its order."""
    return list(tracker.get_latest_entity_values(name))


def entity(tracker: Tracker, name: str) -> Any:
    """The first value of an entity of the last message; None if it has none."""
    return next(iter(entities(tracker, name)), None)


def show_button(record: Record, language: str) -> Button:
    """A button that shows a record."""
    return {"title": record.title.get(language), "payload": f'/show{{"record": "{record.id}"}}'}


def _button(title: str, intent: str, **values: str | int | None) -> Button:
    """A button with the entities that are not None."""
    inside = ", ".join(f'"{name}": "{value}"' for name, value in values.items() if value is not None)
    return {"title": title, "payload": f"/{intent}{{{inside}}}" if inside else f"/{intent}"}


def browse_button(title: str, **where: str | int) -> Button:
    """A button that goes to a place in the menu."""
    return _button(title, "browse", **where)


def office_button(title: str, kind: str, place: str | None = None) -> Button:
    """A button that shows the offices of a kind for a place, or asks for the place."""
    return _button(title, "office", office=kind, place=place)


_PERSON = {"fr": "Parler à quelqu'un", "ar": "التحدث مع شخص", "ary": "نهضر مع شي واحد"}


def person_button(language: str) -> Button:
    """A button to a person."""
    return {"title": _PERSON[language], "payload": "/human"}


_CHANGE = {"fr": "Changer une réponse", "ar": "تغيير جواب", "ary": "نبدل شي جواب"}


def change_button(journey: str, language: str) -> Button:
    """A button that shows the answers given in a journey, to change one."""
    return _button(_CHANGE[language], "change", journey=journey)


def page_of(buttons: list[Button], page: int, language: str, intent: str, **where: str | None) -> list[Button]:
    """One page of the buttons, with one to the next page where there is more.

    Args:
        buttons: all of them.
        page: which page, from 0; the first where there is no such page.
        language: in which reply language.
        intent: the intent of the button to the next page.
        where: its entities, besides the page.
    """
    shown = buttons[page * PAGE : (page + 1) * PAGE] or buttons[:PAGE]
    more = len(buttons) > (page + 1) * PAGE
    return [*shown, _button(_NEXT[language], intent, **where, page=page + 1)] if more else shown


_UP = {"fr": "👍 Utile", "ar": "👍 مفيد", "ary": "👍 نفعني"}
_DOWN = {"fr": "👎 Pas utile", "ar": "👎 غير مفيد", "ary": "👎 مانفعنيش"}


def rate_button(title: str, record: str, rating: str, reason: str | None = None) -> Button:
    """A button that rates an answer."""
    return _button(title, "rate", record=record, rating=rating, reason=reason)


def start_button(journey: Journey, language: str) -> Button:
    """A button that begins a journey."""
    return {"title": journey_name(journey, language), "payload": START[journey]}


def checklist_button(form: str, language: str) -> list[Button]:
    """A button to the checklist of a form; none for one without."""
    return [_button(journey_name(Journey.CHECKLIST, language), "checklist", form=form)] if form in checklists() else []


def more_button(record: Record, language: str) -> Button:
    """A button that shows a record as what there is to know besides."""
    return {**show_button(record, language), "title": MORE_ABOUT[language]}


MORE_ABOUT = {"fr": "En savoir plus", "ar": "معلومات أكثر", "ary": "معلومات كتر"}
ANOTHER_TOWN = {"fr": "Une autre ville", "ar": "مدينة أخرى", "ary": "مدينة خرى"}


def journey_button(record: Record, language: str) -> list[Button]:
    """The journey that goes on from an answer: the checklist of a form, the choice of one, money or training; none for other subjects."""
    subject = load().subjects[record.subject]
    journey = Journey.FORM if record.subject == "choosing" else _OF_AREA.get(subject.area)
    return checklist_button(record.subject, language) or ([start_button(journey, language)] if journey else [])


_OF_AREA = {"financing": Journey.FINANCING, "training": Journey.TRAINING}


def menu_button(language: str) -> Button:
    """A button to the top of the menu."""
    return browse_button(_MENU[language])


def onward(record: Record, language: str) -> list[Button]:
    """The buttons that lead on from an answer: related records, a journey, the menu."""
    known = load().records
    related = [show_button(known[other], language) for other in record.related if other in known]
    return [*related[: RELATED - 1], *journey_button(record, language), menu_button(language)]


_MENU = {"fr": "Voir les sujets", "ar": "عرض المواضيع", "ary": "شوف المواضيع"}


def say_record(dispatcher: CollectingDispatcher, tracker: Tracker, record: Record, also: tuple[str, ...] = ()) -> list[EventType]:
    """Say a record with buttons for what comes next, and remember it; whether it was useful is asked, but never twice in a row.

    Args:
        dispatcher: where to say it.
        tracker: the conversation.
        record: what to say.
        also: ids of records to offer before the related ones.
    """
    known, language = load().records, language_of(tracker)
    journey = journey_button(record, language)
    following = [other for other in dict.fromkeys([*also, *record.related]) if other in known and other != record.id]
    buttons = [*(show_button(known[other], language) for other in following[: RELATED - len(journey)]), *journey]
    ask = not tracker.get_slot("asked_useful")
    if ask:
        buttons += [rate_button(_UP[language], record.id, "up"), rate_button(_DOWN[language], record.id, "down")]
    dispatcher.utter_message(text=shown(record, language), buttons=buttons)
    return [SlotSet("last_record", record.id), SlotSet("topic", record.subject), SlotSet("office", None), SlotSet("asked_useful", ask)]
