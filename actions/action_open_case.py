"""A person, please: the wish is asked for, then a case is opened for staff."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import ActionExecutionRejected, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import SQLAlchemyError

from actions.asking import REQUESTED, answers_of, begins_now, is_fresh, is_payload
from actions.context import entity, language_of, text_of
from actions.database import database
from bot.guidance.questions import SKIP
from bot.handoff import cases
from bot.hours import TIME_ZONE, parse, when_text
from bot.language.normal import tokens
from bot.settings import settings

logger = logging.getLogger(__name__)

_FORM = "case_form"
_HOUR = 3600.0
#: How many of the last messages stand in a case's summary.
_LAST = 6
#: Intents that are never a wish.
_NO_WISH = ("leave", "start_over", "change_language", "menu", "goodbye")
_SURE = 0.6
#: A no of a few words takes the request back.
_FEW = 3


class ValidateCaseForm(FormValidationAction):
    """Reads the wish: whatever is written."""

    def name(self) -> str:
        """Rasa's name for it."""
        return f"validate_{_FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Take the message as the wish; another button, or wanting out, is an aside."""
        intent = tracker.latest_message.get("intent") or {}
        begins = begins_now(tracker, _FORM) or (is_payload(tracker) and intent.get("name") == "human")
        if begins or tracker.get_slot(REQUESTED) != "wish" or not is_fresh(tracker):
            return [SlotSet("wish", None), SlotSet(REQUESTED, "wish")]
        sure = (intent.get("confidence") or 0.0) >= _SURE
        if sure and intent.get("name") == "deny" and len(tokens(text_of(tracker))) <= _FEW:
            return [SlotSet("wish", None), SlotSet(REQUESTED, None), FollowupAction("action_leave")]
        out = intent.get("name") in _NO_WISH and sure
        if out or (is_payload(tracker) and not (intent.get("name") == "answer" and entity(tracker, "field") == "wish")):
            return [ActionExecutionRejected(_FORM)]
        wish = SKIP if is_payload(tracker) else text_of(tracker)
        return [SlotSet("wish", wish), SlotSet(REQUESTED, None), FollowupAction("action_open_case")]


class ActionOpenCase(Action):
    """Opens the case and says what happens now."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_open_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Open it; when the database fails say so, and leave the bot talking."""
        language, current = language_of(tracker), settings()
        wish = tracker.get_slot("wish") or ""
        channel = str(tracker.get_latest_input_channel() or "web")
        asked = (tracker.sender_id, channel, language, "" if wish == SKIP else wish, summary_of(tracker), current.case_pause_hours * _HOUR)
        try:
            number, _ = await database().run(cases.open_case, *asked)
        except SQLAlchemyError as error:
            logger.error("a case could not be opened: %s", error.__class__.__name__)
            dispatcher.utter_message(response="utter_no_case")
            return [SlotSet("wish", None)]
        when = when_text(parse(current.office_hours), dt.datetime.now(TIME_ZONE), language)
        dispatcher.utter_message(response="utter_case_opened", number=number, when=when)
        return [SlotSet("wish", None)]


def summary_of(tracker: Tracker) -> dict[str, Any]:
    """What staff should know at once: what was said of oneself, the last messages (masked already), the last answers."""
    said = [str(event["text"]) for event in tracker.events if event["event"] == "user" and event.get("text") and not str(event["text"]).startswith("/")]
    answers = {field: value for field, value in answers_of(tracker).items() if value not in (None, SKIP)}
    return {"answers": answers, "last": said[-_LAST:], "record": tracker.get_slot("last_record"), "journey": tracker.get_slot("journey")}
