"""Which months can be published, and when."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

#: So long after its end a month is published at the earliest: what was asked is then read, and whoever wishes to be erased had a while.
DELAY = dt.timedelta(days=7)
#: With conversations kept for fewer days, no month is whole when it can be published: the longest month, the delay, the day itself.
SHORTEST_KEEP = 31 + DELAY.days + 1
_WRITTEN = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, order=True)
class Month:
    """A month, in Morocco."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """The month written as 2026-09.

        Raises:
            ValueError: when it is written otherwise.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"'{text}' is not written like 2026-09")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month of a day."""
        return cls(day.year, day.month)

    @property
    def next(self) -> Month:
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return dt.date(self.year, self.number, 1)

    @property
    def last(self) -> dt.date:
        """Its last day."""
        return self.next.first - dt.timedelta(days=1)

    @property
    def due_from(self) -> dt.date:
        """The first day on which it can be published."""
        return self.next.first + DELAY

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


class State(Enum):
    """Whether a month that is not published yet can be."""

    TOO_EARLY = "too early"
    DUE = "due"
    TOO_LATE = "too late"  # some of its conversations are deleted


def state(month: Month, today: dt.date, keep_days: int) -> State:
    """Whether a month can be published on a day.

    Args:
        month: which.
        today: the day, in Morocco.
        keep_days: how long conversations are kept.
    """
    if today < month.due_from:
        return State.TOO_EARLY
    return State.DUE if month.first > today - dt.timedelta(days=keep_days) else State.TOO_LATE


def coming(today: dt.date) -> Month:
    """The first month that cannot be published yet."""
    last = Month.of(today.replace(day=1) - dt.timedelta(days=1))
    return last if today < last.due_from else last.next


def due(first: dt.date | None, published: Collection[Month], today: dt.date, keep_days: int) -> list[Month]:
    """The months that can be published on a day, the earliest first.

    Args:
        first: the day of the oldest conversation there is; None without any.
        published: months that are published already.
        today: the day, in Morocco.
        keep_days: how long conversations are kept.
    """
    found = []
    month = Month.of(first or today)
    while month.due_from <= today:
        if month not in published and state(month, today, keep_days) is State.DUE:
            found.append(month)
        month = month.next
    return found
