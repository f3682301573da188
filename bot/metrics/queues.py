"""What waits in the database, asked whenever Prometheus reads: the same from every process, so take the maximum."""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.database import Database
from bot.storage.tables import cases, inbox, outbox

#: Gauge -> what it says, in the order of `_figures`.
_GAUGES = {
    "dalil_inbox_waiting": "Messages taken in and not answered yet.",
    "dalil_inbox_oldest_seconds": "Age of the oldest of them that is due.",
    "dalil_outbox_waiting": "Replies not delivered yet.",
    "dalil_outbox_oldest_seconds": "Age of the oldest of them.",
    "dalil_dead_letters": "Replies that could not be delivered.",
    "dalil_cases_waiting": "People who wait for a person of the staff.",
    "dalil_cases_oldest_seconds": "For how long the first of them waits.",
}


class Queues(Collector):
    """Asks the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def collect(self) -> Iterable[Metric]:
        """The gauges; without the database only that it is not there."""
        up = GaugeMetricFamily("dalil_database_up", "Whether the database answered.")
        try:
            figures = self._database.now(_figures, time.time())
        except SQLAlchemyError:
            up.add_metric([], 0)
            return [up]
        up.add_metric([], 1)
        return [up, *(GaugeMetricFamily(name, text, value=value) for (name, text), value in zip(_GAUGES.items(), figures))]

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: the database is not asked when the process begins."""
        return []


def _figures(connection: Connection, now: float) -> list[float]:
    waiting = (inbox.c.state == "waiting", outbox.c.state.in_(("waiting", "sending")), cases.c.state == "waiting")
    found: list[float] = []
    for table, moment, which in ((inbox, inbox.c.received_at, waiting[0]), (outbox, outbox.c.created_at, waiting[1]), (cases, cases.c.opened_at, waiting[2])):
        count, oldest = connection.execute(select(func.count(), func.min(moment)).select_from(table).where(which)).one()
        found += [float(count), max(0.0, now - oldest) if oldest else 0.0]
    dead = connection.execute(select(func.count()).select_from(outbox).where(outbox.c.state == "dead")).scalar_one()
    return [*found[:4], float(dead), *found[4:]]
