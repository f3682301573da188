"""What is said to everybody: the notice. And how such a word leaves alone what is under way."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.context import entity
from actions.database import database
from bot.steering import notices


def stay(tracker: Tracker) -> list[EventType]:
    """The events that end a turn here and leave a journey where it is, without asking its question again.

    The journey's form has rejected the message of this turn, and would not read the next one: beginning it anew, with what it knows, takes the
    rejection back.
    """
    form = (tracker.active_loop or {}).get("name")
    return [*([ActiveLoop(form)] if form else []), FollowupAction("action_listen")]


class ActionNotice(Action):
    """Says the notice that the payload names."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_notice"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say it in the language of the conversation; nothing where there is no such notice."""
        number = str(entity(tracker, "notice") or "")
        found = await database().run(notices.get, int(number)) if number.isdecimal() else None
        if found:
            dispatcher.utter_message(text=notices.told(found.texts, tracker.slots))
        return stay(tracker)


class ActionStay(Action):
    """Says nothing, and asks nothing: what is under way waits."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_stay"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Wait for the next message."""
        return stay(tracker)
