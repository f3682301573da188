"""A turn fails when its conversation cannot be read or stored.

Upstream answers all the same: where the database is away it reads nothing, so that the person is a stranger, and keeps what was said in
memory, where nobody finds it. Here the error is the turn's; a message waits in the inbox and is answered when the database is back.
"""

from __future__ import annotations

from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.trackers import DialogueStateTracker


async def retrieve(self: FailSafeTrackerStore, sender_id: str) -> DialogueStateTracker | None:
    """The conversation, from the store itself.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when it cannot be read.
    """
    return await self._tracker_store.retrieve(sender_id)


async def save(self: FailSafeTrackerStore, tracker: DialogueStateTracker) -> None:
    """Store the conversation in the store itself.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: when it cannot be stored.
    """
    await self._tracker_store.save(tracker)
