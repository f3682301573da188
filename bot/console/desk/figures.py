"""How well people are answered who asked for a person. Times are by the clock, nights and weekends included."""

from __future__ import annotations

import datetime as dt
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet

from bot.console.conversations.models import CaseRow
from bot.console.desk.inbox import entries
from bot.handoff.cases import OPEN, STAFF

#: The first answer should come within so many seconds.
WITHIN = 3600.0


@dataclass(frozen=True)
class Answering:
    """How the cases of a period were answered.

    Attributes:
        cases: how many were opened.
        answered: how many of them staff have written in.
        median: of the seconds to the first message of the staff, among those answered; None where there is none.
        ninetieth: their 90th percentile.
        within_hour: the share answered within an hour, among those answered or opened more than an hour ago; None where there is none.
    """

    cases: int
    answered: int
    median: float | None
    ninetieth: float | None
    within_hour: float | None


@dataclass(frozen=True)
class Now:
    """The cases as they stand.

    Attributes:
        open: how many are not closed.
        oldest: since when the longest waiting waits, in seconds since 1970; None where nobody waits.
    """

    open: int
    oldest: float | None


def answering(since: dt.datetime, until: dt.datetime, cases: QuerySet[CaseRow] | None = None) -> Answering:
    """How the cases opened from `since` to before `until` were answered; of `cases` only, where they are given."""
    opened = (CaseRow.objects.all() if cases is None else cases).filter(opened_at__gte=since.timestamp(), opened_at__lt=until.timestamp())
    rows = opened.annotate(first=Min("messages__at", filter=Q(messages__author=STAFF))).values_list("opened_at", "first")
    return summed(list(rows), time.time())


def summed(rows: Sequence[tuple[float, float | None]], now: float) -> Answering:
    """The figures of cases, each given as when it was opened and when staff first wrote in it (None: not yet)."""
    times = sorted(first - opened for opened, first in rows if first is not None)
    too_late = sum(first is None and now - opened > WITHIN for opened, first in rows)
    decided = len(times) + too_late
    return Answering(
        cases=len(rows),
        answered=len(times),
        median=statistics.median(times) if times else None,
        ninetieth=times[math.ceil(0.9 * len(times)) - 1] if times else None,
        within_hour=sum(seconds <= WITHIN for seconds in times) / decided if decided else None,
    )


def at_present(cases: QuerySet[CaseRow] | None = None) -> Now:
    """How many cases are open, and since when the longest waiting waits; of `cases` only, where they are given."""
    found = entries((CaseRow.objects.all() if cases is None else cases).filter(state__in=OPEN))
    return Now(len(found), min((entry.since for entry in found if entry.since is not None), default=None))
