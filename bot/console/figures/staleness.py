"""Facts that should have been read again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.knowledge.store import load
from bot.places.offices import directory


@dataclass(frozen=True)
class Stale:
    """A fact whose day has passed: a record, or an office of the directory; its id, its title, the day by which it was due."""

    id: str
    title: str
    due: dt.date
    office: bool


def stale(today: dt.date, language: str) -> list[Stale]:
    """What was due before `today`, the longest overdue first."""
    records = [Stale(record.id, record.title.get(language), record.review_by, False) for record in load().stale(today)]
    offices = [Stale(office.id, office.name.get(language), office.review_by, True) for office in directory().offices.values() if office.review_by < today]
    return sorted([*records, *offices], key=lambda fact: (fact.due, fact.id))
