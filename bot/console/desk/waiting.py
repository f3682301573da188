"""How long somebody waits for a person. Pure functions on a case's state and on when who wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.handoff.cases import unanswered
from bot.hours import TIME_ZONE, Span

#: When somebody wrote (seconds since 1970), and who: person or staff.
Mark = tuple[float, str]

#: Who waits longer than this while the office is open has waited too long, in seconds.
TOO_LONG = 3600.0
#: A case in one of these states waits for staff, not for the person or the bot.
WITH_STAFF = ("waiting", "taken")


def unread(state: str, marks: Sequence[Mark]) -> int:
    """How many messages of the person staff have not answered; none once the case was handed back or closed."""
    return unanswered([author for _, author in marks]) if state in WITH_STAFF else 0


def waits_since(state: str, opened_at: float, marks: Sequence[Mark]) -> float | None:
    """Since when somebody waits for an answer; None for somebody who does not.

    Who asked for a person and has written nothing since waits from when the case was opened, or from the last answer they were given.
    """
    count = unread(state, marks)
    if count:
        return marks[-count][0]
    if state != "waiting":
        return None
    return max(opened_at, marks[-1][0]) if marks else opened_at


def waits_too_long(since: float, now: float, spans: Sequence[Span]) -> bool:
    """Whether more than an hour of opening time has passed."""
    day = dt.datetime.fromtimestamp(since, TIME_ZONE).date()
    last = dt.datetime.fromtimestamp(now, TIME_ZONE).date()
    open_for = 0.0
    while day <= last and open_for <= TOO_LONG:
        for span in spans:
            if span.day == day.weekday():
                opens, closes = (dt.datetime.combine(day, time, TIME_ZONE).timestamp() for time in (span.opens, span.closes))
                open_for += max(0.0, min(now, closes) - max(since, opens))
        day += dt.timedelta(days=1)
    return open_for > TOO_LONG
