"""Which turns wait for review: the queues."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from bot.console.accounts.models import Staff
from bot.console.conversations.filters import unsure
from bot.console.conversations.models import Turn
from bot.console.review import order, seen
from bot.console.review.models import Queue, Review
from bot.transcript import Kind, Outcome

#: Older turns are not asked for.
DAYS = 30

#: The queues that turns are taken from, in the order in which they are shown, with what belongs to each.
_BELONGS = {
    Queue.RANDOM: Q(),
    Queue.UNSURE: unsure(),
    Queue.REFUSED: Q(outcome=Outcome.REFUSED.value),
    Queue.DOWN: Q(rating="down"),
    Queue.SECOND: Q(),
}
QUEUES = tuple(_BELONGS)


def waiting(queue: Queue, staff: Staff) -> QuerySet[Turn]:
    """The turns that wait in a queue for an account, in no order."""
    recent = Q(at__gte=timezone.now() - dt.timedelta(days=DAYS))
    if queue is Queue.SECOND:
        return second_readings(staff).filter(recent, ~Exists(_reviews().filter(blind=True)))
    # What was reviewed elsewhere is not chosen by chance: without it the rest would not speak for all.
    judged = _reviews().filter(queue=Queue.RANDOM) if queue is Queue.RANDOM else _reviews()
    return Turn.objects.filter(recent, _BELONGS[queue], ~Exists(judged), kind=Kind.TEXT.value)


def second_readings(staff: Staff) -> QuerySet[Turn]:
    """The turns of the sample that somebody else reviewed, and of whose reviews the account can know nothing."""
    first = Subquery(_reviews().order_by("made_at").values("made_at")[:1])
    turns = Turn.objects.alias(sample=order.sample_in_database(), reviewed_at=first).filter(kind=Kind.TEXT.value, sample=0, reviewed_at__isnull=False)
    return turns.filter(~Exists(_reviews().filter(reviewer=staff)), ~seen.judgements_known(staff, 2 * DAYS))


def next_turn(queue: Queue, staff: Staff, after: int | None = None) -> Turn | None:
    """The turn an account is asked about next.

    Args:
        queue: where from.
        staff: who asks; each account begins elsewhere.
        after: the turn that was just judged or skipped; None to begin.
    """
    first = order.start(staff.pk)
    turns = waiting(queue, staff).annotate(along=order.place_in_database(first)).order_by("along")
    if after is not None:
        turns = turns.filter(along__gt=order.place(after, first))
    return turns.first()


def _reviews() -> QuerySet[Review]:
    """The reviews of the turn of an outer query."""
    return Review.objects.filter(turn_id=OuterRef("id"))
