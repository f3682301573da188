"""Days that are counted together, and those they are compared with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.hours import TIME_ZONE

#: Periods that end today, in days.
LENGTHS = (7, 30, 90)
USUAL = 30
#: How many months a chamber can go back. They do not overlap: what one has more than another would be about few people (wall.py).
BACK = 3
#: Longest period, in days.
LONGEST = 366
#: With more days than these a bar stands for a week.
_MOST_BARS = 31
_WEEK = 7


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, in Morocco."""

    first: dt.date
    last: dt.date

    @classmethod
    def until(cls, last: dt.date, days: int) -> Period:
        """So many days, of which `last` is the last one."""
        return cls(last - dt.timedelta(days=days - 1), last)

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days, just before."""
        return Period.until(self.first - dt.timedelta(days=1), self.days)

    def back(self, times: int) -> Period:
        """The period so many times its length before."""
        return self if times == 0 else self.before.back(times - 1)

    @property
    def seconds(self) -> tuple[float, float]:
        """Its first moment, and the first one after it, in seconds since 1970."""
        return _midnight(self.first), _midnight(self.last + dt.timedelta(days=1))

    @property
    def step(self) -> int:
        """How many days a bar stands for: one, or a week."""
        return 1 if self.days <= _MOST_BARS else _WEEK

    def starts(self) -> list[dt.date]:
        """The first day of each bar. The last bar ends with the period; the first may be short."""
        count = -(-self.days // self.step)
        ends = self.last + dt.timedelta(days=1)
        return [max(self.first, ends - dt.timedelta(days=self.step * left)) for left in range(count, 0, -1)]


@dataclass(frozen=True)
class Month(Period):
    """A calendar month, counted in weeks: what chambers see, on the page and in their reports alike."""

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """The month in which a day lies."""
        first = day.replace(day=1)
        return cls(first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1))

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of(self.first - dt.timedelta(days=1))

    @property
    def step(self) -> int:
        """A bar stands for a week: fewer people write in a day."""
        return _WEEK

    def starts(self) -> list[dt.date]:
        """The first day of each bar. The last one may be short."""
        return [self.first + dt.timedelta(days=days) for days in range(0, self.days, _WEEK)]


def _midnight(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(), TIME_ZONE).timestamp()
