"""How well people are answered who asked for a person. Times are by the clock, nights and weekends included."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Min, Q

from bot.console.figures.durations import percentile
from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, Figure, Part, shown
from bot.handoff.cases import STAFF

HOUR = 3600.0


@dataclass(frozen=True)
class Handoff:
    """What became of requests for a person.

    Attributes:
        cases: how many there were.
        people: of how many people.
        answered: how many of them staff have answered.
        median: seconds from the request to the first answer, for half of those that have one at most so many.
        due: how many were answered or have waited for an hour.
        in_time: how many of these were answered within the hour.
    """

    cases: Figure
    people: Figure
    answered: Figure
    median: Figure
    due: Figure
    in_time: Figure


def handoff(scope: Scope, now: float | None = None) -> Handoff:
    """What became of the requests of a scope."""
    now = time.time() if now is None else now
    asked = _with_answer(scope)
    answered = [case for case in asked if case.wait is not None]
    due = [case for case in asked if case.wait is not None or now - case.opened_at >= HOUR]
    waits = sorted(case.wait for case in answered if case.wait is not None)
    in_time = [case for case in answered if case.wait is not None and case.wait <= HOUR]
    figures = Handoff(len(asked), len({case.sender for case in asked}), len(answered), percentile(waits, 0.5), len(due), len(in_time))
    return _behind_the_wall(figures, asked, due, answered, in_time) if scope.walled else figures


def _behind_the_wall(figures: Handoff, asked: _Cases, due: _Cases, answered: _Cases, in_time: _Cases) -> Handoff:
    """The figures without those about few people.

    Each of the four lies within the one before: it is shown where what the last one shown has more is of nobody, or of enough people.
    """
    told: dict[str, Figure] = {}
    outer: _Cases | None = None
    for name, cases in (("cases", asked), ("due", due), ("answered", answered), ("in_time", in_time)):
        left = [] if outer is None else list(set(outer).difference(cases))
        told[name] = shown(_part(cases), len(cases), _part(left).telling)
        outer = outer if told[name] is FEW else cases
    return Handoff(
        cases=told["cases"],
        people=shown(_part(asked), figures.people),
        answered=told["answered"],
        median=shown(_part(answered), figures.median),
        due=told["due"],
        in_time=told["in_time"],
    )


@dataclass(frozen=True)
class _Case:
    id: int
    sender: str
    opened_at: float
    wait: float | None  # seconds until staff answered first


_Cases = Sequence[_Case]


def _with_answer(scope: Scope) -> list[_Case]:
    first = Min("messages__at", filter=Q(messages__author=STAFF))
    rows = scope.cases().annotate(answered=first).values_list("id", "sender", "opened_at", "answered")
    return [_Case(number, sender, opened, None if answered is None else answered - opened) for number, sender, opened, answered in rows]


def _part(cases: _Cases) -> Part:
    return Part(len(cases), frozenset(case.sender for case in cases))
