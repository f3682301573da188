"""What the search is taught with, what it returns, and how likely that makes each record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: How many candidates travel with a message.
_KEPT = 6
_FIGURES = ("none", "agrees", "disagrees", "other_form")
#: How much of a named subject's weight a remembered one has.
_REMEMBERED = 0.5


@dataclass(frozen=True)
class Example:
    """One training line: what it says, its intent, the record it asks for (None for lines that name no record)."""

    text: str
    intent: str
    record: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A record that may be meant.

    Attributes:
        record: its id.
        logit: log-weight against the other candidates and against "none".
        bare: the same as if no subject had been named.
        subject: its subject id.
    """

    record: str
    logit: float
    bare: float
    subject: str


@dataclass(frozen=True)
class Ranking:
    """The candidates of a message and what a subject is worth.

    Attributes:
        candidates: best first.
        named: the subjects named in the message.
        none: log-weight of "none of them".
        agrees, disagrees, other_form: what it adds when a candidate's subject is the one meant, is another, is another legal form.
        forms: the subjects that are legal forms.
    """

    candidates: tuple[Candidate, ...]
    named: tuple[str, ...]
    none: float
    agrees: float
    disagrees: float
    other_form: float
    forms: frozenset[str]


def ranking_to_json(ranking: Ranking) -> dict[str, Any]:
    """A ranking as plain data, to travel with the message: the likeliest candidates only, as it is stored with every turn."""
    return {
        "candidates": [{"record": c.record, "logit": round(c.logit, 3), "bare": round(c.bare, 3), "subject": c.subject} for c in ranking.candidates[:_KEPT]],
        "named": list(ranking.named),
        "forms": sorted(ranking.forms),
        **{name: round(float(getattr(ranking, name)), 3) for name in _FIGURES},
    }


def ranking_from_json(data: Mapping[str, Any]) -> Ranking:
    """The ranking that `ranking_to_json` wrote."""
    candidates = tuple(Candidate(**candidate) for candidate in data.get("candidates", []))
    figures = {name: float(data.get(name, 0.0)) for name in _FIGURES}
    return Ranking(candidates, tuple(data.get("named", ())), **figures, forms=frozenset(data.get("forms", ())))


def probabilities(ranking: Ranking, remembered: str | None = None) -> list[tuple[str, float]]:
    """(record, probability that it is meant), best first.

    Args:
        ranking: the candidates of the message.
        remembered: the subject of the conversation so far; it counts when the message names none.
    """

    def log_weight(candidate: Candidate) -> float:
        if ranking.named or remembered is None:
            return candidate.logit
        if candidate.subject == remembered:
            return candidate.bare + _REMEMBERED * ranking.agrees
        other_form = candidate.subject in ranking.forms and remembered in ranking.forms
        return candidate.bare + _REMEMBERED * (ranking.disagrees + other_form * ranking.other_form)

    weights = [(candidate.record, log_weight(candidate)) for candidate in ranking.candidates]
    highest = max([ranking.none, *(weight for _, weight in weights)])
    total = math.exp(ranking.none - highest) + sum(math.exp(weight - highest) for _, weight in weights)
    found = [(record, math.exp(weight - highest) / total) for record, weight in weights]
    return sorted(found, key=lambda pair: -pair[1])
