"""Rasa's SQL tracker store in Dalil's database."""

from __future__ import annotations

import itertools
import json
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.pool import QueuePool

from bot.metrics import turns
from bot.settings import settings
from bot.storage.database import set_up_sqlite

_EVENT = SQLTrackerStore.SQLEvent
# SQLite would give the number of an erased event to a new one, and who follows the events by their numbers (bot/console) would miss it.
_EVENT.__table__.dialect_options["sqlite"]["autoincrement"] = True
#: With these the events of the latest session are found without reading those of the earlier ones.
_INDEXES = (
    sa.Index("events_sender_type", _EVENT.sender_id, _EVENT.type_name, _EVENT.id),
    sa.Index("events_sender", _EVENT.sender_id, _EVENT.id),
)
#: The event that began the latest session. Upstream asks for the latest time: where a clock was put back, new events would be older than that.
_STARTED = sa.select(sa.func.max(_EVENT.id)).where(_EVENT.sender_id == sa.bindparam("sender"), _EVENT.type_name == SessionStarted.type_name)
#: How many events of the latest session are stored.
_STORED = (
    sa.select(sa.func.count())
    .select_from(_EVENT)
    .where(_EVENT.sender_id == sa.bindparam("sender"), _EVENT.id >= sa.func.coalesce(_STARTED.scalar_subquery(), 0))
)


class DalilTrackerStore(SQLTrackerStore):
    """The SQL tracker store at `DATABASE_URL`; SQLite connections get their settings when they are opened."""

    engine: Any
    sessionmaker: Any

    def __init__(self, domain: Any = None, host: str | None = None, event_broker: Any = None, **_: Any) -> None:
        super().__init__(domain, host=host or settings().database, event_broker=event_broker)
        if self.engine.dialect.name == "sqlite":
            # Connections are kept: SQLite tidies its log whenever the last one is closed.
            self.engine.dispose()
            self.engine = sa.create_engine(self.engine.url, poolclass=QueuePool, connect_args={"check_same_thread": False})
            sa.event.listen(self.engine, "connect", set_up_sqlite)
        else:
            # What a restart of PostgreSQL cut is found out before a turn needs it.
            self.engine.dispose()
            self.engine = sa.create_engine(self.engine.url, **create_engine_kwargs(self.engine.url), pool_pre_ping=True)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        self.engine.hide_parameters = True  # an error of the database must not put a conversation into the log
        for index in _INDEXES:
            try:
                index.create(self.engine, checkfirst=True)
            except (IntegrityError, OperationalError, ProgrammingError):  # another process has just made it
                continue

    def _event_query(self, session: Any, sender_id: str, fetch_events_from_all_sessions: bool) -> Any:
        """Upstream's query, asked in two steps: so the database can use its indexes, and a long history costs nothing."""
        if fetch_events_from_all_sessions:
            return super()._event_query(session, sender_id, fetch_events_from_all_sessions)
        started = session.execute(_STARTED, {"sender": sender_id}).scalar()
        events = session.query(_EVENT).filter(_EVENT.sender_id == sender_id)
        if started is not None:
            events = events.filter(_EVENT.id >= started)
        return events.order_by(_EVENT.id)

    async def _retrieve(self, sender_id: str, fetch_events_from_all_sessions: bool) -> DialogueStateTracker | None:
        """Upstream's contract; only the events' data are read, not the rows around them."""
        with self.session_scope() as session:
            stored = self._event_query(session, sender_id, fetch_events_from_all_sessions).with_entities(_EVENT.data).all()
        if not stored or not self.domain:
            return None
        return DialogueStateTracker.from_dict(sender_id, [json.loads(data) for (data,) in stored], self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Upstream's contract: append the events that are not stored yet. One query counts what is, one statement writes the rest."""
        await self.stream_events(tracker)
        with self.session_scope() as session:
            stored = session.execute(_STORED, {"sender": tracker.sender_id}).scalar()
            if rows := [_row(tracker.sender_id, event) for event in itertools.islice(tracker.events, stored, None)]:
                session.execute(_EVENT.__table__.insert(), [row for row, _ in rows])
            session.commit()
        turns.count(data for _, data in rows)


def _row(sender: str, event: Event) -> tuple[dict[str, Any], dict[str, Any]]:
    """A row of the table, and the event's data as they stand in it."""
    data = event.as_dict()
    row = {
        "sender_id": sender,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get(INTENT_NAME_KEY),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }
    return row, data
