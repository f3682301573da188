"""Turns by where they come from and what they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models import Count as CountOf
from django.utils.translation import gettext as _

from bot.console.chambers.models import Campaign, Chamber
from bot.console.figures.counting import GROUPS, Line, counted, guarded_lines, lines, parts, share, subjects
from bot.console.figures.scope import Scope
from bot.console.figures.wall import Figure, Guarded, people_told, together
from bot.console.templatetags.console import area_title, channel_label, place_name, variety_label
from bot.transcript import Outcome

_ANSWERED = [outcome.value for outcome in GROUPS["answered"]]


def _named(label: Callable[[str], str], otherwise: str) -> Callable[[str], str]:
    return lambda key: label(key) if key else otherwise


def by(scope: Scope, field: str) -> list[Line]:
    """Turns by a field: channel, variety or area; the largest first. Behind the wall areas are those of the answers (nested.py)."""
    labels = {
        "channel": channel_label,
        "variety": _named(variety_label, _("boutons, rien d'écrit")),
        "area": _named(area_title, _("aucun domaine")),
    }
    return _lines(scope, field, labels[field])


@dataclass(frozen=True)
class Row:
    """A line with what became of its messages: how many were answered, were outside the subject, were judged with a thumb up or down."""

    line: Line
    answered: int = 0
    refused: int = 0
    up: int = 0
    down: int = 0

    @property
    def answered_share(self) -> Figure:
        """Of its messages."""
        return share(self.answered, self.line.turns)

    @property
    def refused_share(self) -> Figure:
        """Of its messages."""
        return share(self.refused, self.line.turns)

    @property
    def down_share(self) -> Figure:
        """Of its messages."""
        return share(self.down, self.line.turns)


def by_region(scope: Scope) -> list[Row]:
    """Turns by the region of the place that was known when they were said."""
    return _rows(scope, "region", _named(place_name, _("région inconnue")))


def by_chamber(scope: Scope) -> list[Row]:
    """Turns by the chamber whose link people came with; behind the wall by the chamber's campaigns."""
    if scope.walled:
        titles = dict(Campaign.objects.filter(code__in=scope.codes or ()).values_list("code", "title"))
        return _rows(scope, "campaign", lambda code: titles.get(code, code))
    names = {chamber.pk: str(chamber) for chamber in Chamber.objects.all()}
    codes: dict[int, list[str]] = {}
    for code, chamber in Campaign.objects.values_list("code", "chamber_id"):
        codes.setdefault(chamber, []).append(code)
    cases = [When(campaign__in=found, then=Value(chamber)) for chamber, found in codes.items()]
    by_campaign = Case(*cases, default=Value(0), output_field=IntegerField()) if cases else Value(0)
    return _rows(scope, by_campaign, lambda key: names.get(key, _("sans chambre")))


def _rows(scope: Scope, field: Any, label: Callable[[Any], str]) -> list[Row]:
    """Lines, and beside each what became of its messages. Behind the wall that is left out: it would be about fewer people."""
    found = _lines(scope, field, label)
    if scope.walled:
        return [Row(line) for line in found]
    sums = {
        row["part"]: row
        for row in scope.turns()
        .annotate(part=F(field) if isinstance(field, str) else field)
        .values("part")
        .annotate(
            answered=CountOf("conversation_id", filter=Q(outcome__in=_ANSWERED)),
            refused=CountOf("conversation_id", filter=Q(outcome=Outcome.REFUSED.value)),
            up=CountOf("conversation_id", filter=Q(rating="up")),
            down=CountOf("conversation_id", filter=Q(rating="down")),
        )
    }
    return [Row(line, *(sums[line.key][name] for name in ("answered", "refused", "up", "down"))) for line in found]


def _lines(scope: Scope, field: Any, label: Callable[[Any], str]) -> list[Line]:
    turns, before = scope.turns(), scope.before.turns()
    if not scope.walled:
        return lines(counted(turns, field), counted(before, field, people=False), label)
    if field == "area":  # of the answers only; of how many people is told of the records in it
        told = subjects(turns)
        return guarded_lines(told.areas, subjects(before).areas, label, None, whole=together(told.groups.parts.values()))
    now = Guarded.whole(parts(turns, field))
    people = people_told(now.parts, together(now.parts.values()), now.kept)
    return guarded_lines(now, Guarded.whole(parts(before, field)), label, people)
