"""Days that are counted together, and those they are compared with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.hours import TIME_ZONE

#: Periods that end today, in days.
LENGTHS = (7, 30, 90)
USUAL = 30
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


def _midnight(day: dt.date) -> float:
    return dt.datetime.combine(day, dt.time(), TIME_ZONE).timestamp()
