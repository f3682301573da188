"""What people ask for: records by how often they were asked for, and how their answers were judged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Case, CharField, F, Value, When
from django.utils.translation import gettext as _

from bot.console.figures.counting import Line, counted, guarded_lines, lines, parts, subjects
from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, NOBODY, Guarded, Part, kept_back, people_told, together
from bot.console.templatetags.console import reason_label, record_title
from bot.transcript import Outcome

Counted = TypeVar("Counted")

#: How many records are listed.
_MOST = 15
#: Why an answer did not help, as its buttons say it.
REASONS = ("other_question", "unclear", "incomplete", "wrong")
#: A record was asked for when it was the answer, or its button was pressed; one of several that were offered was not.
_ASKED = (Outcome.ANSWERED.value, Outcome.SHOWN.value)
#: What no record and no reason is called; what an answer is called that was not judged so.
_NONE, _NOT = "-", "+"

# What is counted is told apart in the grouping, not by a condition: for a condition SQLite would leave the index that holds everything.
_BY_RECORD = Case(When(outcome__in=_ASKED, then=F("record")), default=Value(_NONE), output_field=CharField())
_OTHERWISE = Case(When(outcome__in=_ASKED, then=Value(_NOT)), default=Value(_NONE), output_field=CharField())
_BY_RATING = Case(When(rating="", then=_OTHERWISE), default=F("rating"), output_field=CharField())
_BY_REASON = Case(When(rating="down", then=F("reason")), default=_OTHERWISE, output_field=CharField())


def topics(scope: Scope, most: int | None = _MOST) -> list[Line]:
    """The records asked for most often, all of them without `most`; those that are kept back are left out."""
    turns, before = scope.turns(), scope.before.turns()
    if not scope.walled:
        now, past = counted(turns, _BY_RECORD), counted(before, _BY_RECORD, people=False)
        return lines(_without(now, (_NONE, "")), _without(past, (_NONE, "")), record_title)[:most]
    told = subjects(turns)
    people = people_told(told.records.parts, together(told.groups.parts.values()), told.records.kept)
    found = guarded_lines(told.records, subjects(before).records, record_title, people)
    return [line for line in found if line.turns is not FEW][:most]


def ratings(scope: Scope) -> list[Line]:
    """Thumbs up and down, counted where the answer stands that was judged."""
    return _judged(scope, _BY_RATING, {"up": _("Pouce en haut"), "down": _("Pouce en bas")}, people=True)


def reasons(scope: Scope) -> list[Line]:
    """Thumbs down by the reason that was given; behind the wall only how many messages: their people are among those of the thumbs."""
    return _judged(scope, _BY_REASON, {**{reason: reason_label(reason) for reason in REASONS}, "": _("sans raison")}, people=False)


def _judged(scope: Scope, by: Any, labels: Mapping[str, str], people: bool) -> list[Line]:
    def label(key: str) -> str:
        return labels.get(key, key)

    if not scope.walled:
        now, before = counted(scope.turns(), by), counted(scope.before.turns(), by, people=False)
        return lines(_without(now, (_NONE, _NOT)), _without(before, (_NONE, _NOT)), label, list(labels))
    found = parts(scope.turns(), by)
    told, before_told = _guarded(scope, found), _guarded(scope.before, parts(scope.before.turns(), by))
    persons = people_told(told.parts, together(found.values()), told.kept) if people else None
    return guarded_lines(told, before_told, label, persons, list(labels))


def _guarded(scope: Scope, found: Mapping[str, Part]) -> Guarded:
    """What was judged, behind the wall. Where the answers that were not are of few people, all is kept back: the sum would tell them."""
    judged = _without(found, (_NONE, _NOT))
    rest = together([found.get(_NOT, NOBODY), subjects(scope.turns()).beside])
    return Guarded(judged, set(judged) if rest.telling else kept_back(judged))


def _without(found: Mapping[str, Counted], keys: Collection[str]) -> dict[str, Counted]:
    """What is of some kind."""
    return {key: value for key, value in found.items() if key not in keys}
