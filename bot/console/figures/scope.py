"""What is counted: whose turns, of which days. The wall of a chamber's account stands here: what its address says beyond the period is not read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from bot.console.accounts import roles
from bot.console.accounts.models import Staff
from bot.console.chambers.models import Chamber
from bot.console.conversations.models import CaseRow, Conversation, Sent, Turn
from bot.console.figures.period import Period

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Scope:
    """What is counted.

    Attributes:
        period: of which days.
        region: the code of a region; empty for all.
        channel: of which channel; empty for all.
        codes: of which campaigns; None for everybody, with a campaign or without.
        walled: whether figures about few people are kept back, and nobody's words shown.
    """

    period: Period
    region: str = ""
    channel: str = ""
    codes: frozenset[str] | None = None
    walled: bool = True

    @property
    def before(self) -> Scope:
        """The same, of the days just before."""
        return replace(self, period=self.period.before)

    def turns(self) -> QuerySet[Turn]:
        """The turns that are counted, in no order."""
        found = Turn.objects.order_by().filter(day__range=(self.period.first, self.period.last))
        if self.region:
            found = found.filter(region=self.region)
        if self.channel:
            found = found.filter(channel=self.channel)
        return found if self.codes is None else found.filter(campaign__in=self.codes)

    def people(self) -> QuerySet[Conversation]:
        """The people whose turns are counted."""
        return Conversation.objects.order_by().filter(sender__in=self.turns().values("conversation_id"))

    def returning(self) -> Q:
        """Which of the people had written before these days too, as far back as conversations are kept."""
        return Q(first_at__lt=dt.datetime.fromtimestamp(self.period.seconds[0], dt.timezone.utc))

    def cases(self) -> QuerySet[CaseRow]:
        """The requests for a person made in these days by somebody whose turns are counted."""
        begins, ends = self.period.seconds
        return self._of_people(CaseRow.objects.order_by().filter(opened_at__gte=begins, opened_at__lt=ends))

    def sent(self) -> QuerySet[Sent]:
        """The messages written in these days to somebody whose turns are counted."""
        begins, ends = self.period.seconds
        return self._of_people(Sent.objects.order_by().filter(created_at__gte=begins, created_at__lt=ends))

    def answers(self) -> QuerySet[Sent]:
        """The messages that answer what arrived in these days from somebody whose turns are counted."""
        begins, ends = self.period.seconds
        return self._of_people(Sent.objects.order_by().filter(inbox__received_at__gte=begins, inbox__received_at__lt=ends))

    def _of_people(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        if self.channel:
            rows = rows.filter(channel=self.channel)
        if self.region or self.codes is not None:
            rows = rows.filter(sender__in=self.turns().values("conversation_id"))
        return rows


def scope_of(staff: Staff, period: Period, region: str = "", channel: str = "", chamber: Chamber | None = None) -> Scope:
    """What an account may see of what it wishes.

    Only who may read conversations may choose; every other account sees the public of its own chamber, and without one nothing.
    """
    if staff.has_perm(roles.READ):
        return Scope(period, region, channel, codes_of(chamber) if chamber else None, walled=False)
    return Scope(period, codes=codes_of(staff.chamber) if staff.chamber else frozenset())


def codes_of(chamber: Chamber) -> frozenset[str]:
    """The codes of a chamber's campaigns."""
    return frozenset(chamber.campaigns.values_list("code", flat=True))
