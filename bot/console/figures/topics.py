"""What people ask for: records by how often they were asked for, and how their answers were judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.utils.translation import gettext as _

from bot.console.conversations.turns import Outcome
from bot.console.figures.counting import Line, counted, lines
from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, Count
from bot.console.templatetags.console import reason_label, record_title

#: How many records are listed.
_MOST = 15
#: Why an answer did not help, as its buttons say it.
REASONS = ("other_question", "unclear", "incomplete", "wrong")
#: A record was asked for when it was the answer, or its button was pressed; one of several that were offered was not.
_ASKED = (Outcome.ANSWERED.value, Outcome.SHOWN.value)
#: What no record and no reason is called.
_NONE = "-"

# What is counted is told apart in the grouping, not by a condition: for a condition SQLite would leave the index that holds everything.
_BY_RECORD = Case(When(outcome__in=_ASKED, then=F("record")), default=Value(_NONE), output_field=CharField())
_BY_REASON = Case(When(rating="down", then=F("reason")), default=Value(_NONE), output_field=CharField())


def topics(scope: Scope, most: int | None = _MOST) -> list[Line]:
    """The records asked for most often, all of them without `most`; those asked for by few people are left out where figures about few are kept back."""
    found = lines(*_counted(scope, _BY_RECORD, (_NONE, "")), record_title, scope.walled)
    return [line for line in found if line.turns is not FEW][:most]


def ratings(scope: Scope) -> list[Line]:
    """Thumbs up and down, counted where the answer stands that was judged."""
    labels = {"up": _("Pouce en haut"), "down": _("Pouce en bas")}
    return lines(*_counted(scope, "rating", ("",)), lambda key: labels[key], scope.walled, list(labels))


def reasons(scope: Scope) -> list[Line]:
    """Thumbs down by the reason that was given."""
    labels = {**{reason: reason_label(reason) for reason in REASONS}, "": _("sans raison")}
    return lines(*_counted(scope, _BY_REASON, (_NONE,)), lambda key: labels.get(key, key), scope.walled, list(labels))


def _counted(scope: Scope, by: Any, without: Sequence[str]) -> tuple[dict[str, Count], dict[str, Count]]:
    """Turns of the scope and of the period before, without those that are of no kind."""
    now, before = counted(scope.turns(), by), counted(scope.before.turns(), by, people=scope.walled)
    return {key: now[key] for key in now if key not in without}, {key: before[key] for key in before if key not in without}
