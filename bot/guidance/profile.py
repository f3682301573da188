"""What is known of who asks: the answers to the journeys' questions, each asked at most once and remembered for all journeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class Profile:
    """The answers so far; None where nothing was said.

    Attributes:
        people: how many people start together.
        goal: `income` (earn a living together) or `public` (serve others).
        sharing: whether profit is to be shared: `yes` or `no`.
        turnover: expected sales in a year, DH.
        salaried: whether the person has a job: `yes` or `no`.
        money: what can be put in at the start, DH.
        form: the legal form chosen or held: a subject's id (cooperative, association, ...), or `none`.
        sector: of activity (data/guidance/questions.yml lists them).
        place: a place's id (data/places/regions.yml).
        age: of who asks, years.
        led: who leads the project: `women`, `youth`, `women_youth` or `others`.
        amount: the money looked for, DH.
        years: how long the organisation exists, whole years; -1 while it is not created.
        need: what is to be learnt (data/guidance/questions.yml lists it).
        teaching: the language of teaching wished for: `ar`, `ary`, `fr` or `any`.
    """

    people: int | None = None
    goal: str | None = None
    sharing: str | None = None
    turnover: int | None = None
    salaried: str | None = None
    money: int | None = None
    form: str | None = None
    sector: str | None = None
    place: str | None = None
    age: int | None = None
    led: str | None = None
    amount: int | None = None
    years: int | None = None
    need: str | None = None
    teaching: str | None = None

    @classmethod
    def of(cls, answers: Mapping[str, Any]) -> Profile:
        """The profile in a mapping that may hold other things as well."""
        return cls(**{field.name: answers.get(field.name) for field in fields(cls)})


FIELDS = tuple(field.name for field in fields(Profile))
#: Those that are numbers; the others are one of a list.
NUMBERS = ("people", "turnover", "money", "age", "amount", "years")
