"""Through whose link the person came."""

from __future__ import annotations

import logging

from rasa_sdk import Tracker
from sqlalchemy.exc import SQLAlchemyError

from actions.database import database
from bot.chambers import store
from bot.chambers.chamber import Chamber

logger = logging.getLogger(__name__)


async def chamber_of(tracker: Tracker) -> Chamber | None:
    """The chamber whose link the person came with last; None where there is none, or the database does not say."""
    code = (tracker.latest_message.get("metadata") or {}).get("campaign")
    if not code:
        return None
    try:
        found = await database().run(store.campaign, str(code))
    except SQLAlchemyError as error:
        logger.error("a chamber could not be read: %s", error.__class__.__name__)
        return None
    return found.chamber if found else None
