"""What was asked in a month, counted by the database. The query is answered from the index of the figures: no text is read."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, CharField, Count, Min, Q, Value, When

from bot.console.conversations.models import Turn
from bot.console.conversations.projection import Projection
from bot.console.figures.period import Period
from bot.knowledge.store import Knowledge
from bot.observatory.asked import ANSWERED, HANDED_OVER, NONE, OFFERED, REFUSED, UNKNOWN, Asked
from bot.observatory.months import Month
from bot.transcript import Outcome

#: What counts when it was typed, and what counts when it was a button too, with the outcome that it is published under.
_TYPED = ((Outcome.ANSWERED, ANSWERED), (Outcome.OFFERED, OFFERED), (Outcome.REFUSED, REFUSED))
_IN_ANY_WAY = ((Outcome.SHOWN, ANSWERED), (Outcome.HANDOFF, HANDED_OVER))
# Told apart in an expression, not by conditions: for these SQLite would leave the index that holds everything.
_PUBLISHED_AS = Case(
    *(When(~Q(variety="") & Q(outcome=outcome.value), then=Value(name)) for outcome, name in _TYPED),
    *(When(outcome=outcome.value, then=Value(name)) for outcome, name in _IN_ANY_WAY),
    default=Value(""),
    output_field=CharField(),
)
#: The channel of developers.
_NOT_PEOPLE = "rest"


def first_day() -> dt.date | None:
    """The day of the oldest conversation; None without any."""
    found: dt.date | None = Turn.objects.order_by().aggregate(first=Min("day"))["first"]
    return found


def catch_up(month: Month) -> None:
    """Have all conversations of a month projected."""
    projection = Projection()
    if projection.is_behind(Period(month.first, month.last).seconds[1]):
        projection.catch_up()


def asked(month: Month, knowledge: Knowledge) -> list[Asked]:
    """What was asked in a month."""
    turns = Turn.objects.order_by().filter(day__range=(month.first, month.last)).exclude(channel=_NOT_PEOPLE)
    questions = turns.annotate(published_as=_PUBLISHED_AS).exclude(published_as="")
    counted = questions.values_list("conversation_id", "region", "variety", "published_as", "record").annotate(questions=Count("*"))
    merged = {old: record.id for record in knowledge.records.values() for old in record.merges}
    return [
        Asked(person, region or UNKNOWN, variety, outcome, *_topic(merged.get(record, record), knowledge), questions)
        for person, region, variety, outcome, record, questions in counted
    ]


def _topic(record: str, knowledge: Knowledge) -> tuple[str, str]:
    """The area and the subject of a record; of one that there is no more, none."""
    known = knowledge.records.get(record)
    return (knowledge.subjects[known.subject].area, known.subject) if known else (NONE, NONE)
