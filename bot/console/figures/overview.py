"""The figures at the top of the page: messages and people, what became of the messages, and both over time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from bot.console.figures.counting import GROUPS, Line, by_bar, by_group, lines, people
from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, Count, Figure, kept_back

GROUP_LABELS = {
    "answered": _("Répondu"),
    "offered": _("Choix proposé"),
    "refused": _("Hors sujet"),
    "journeys": _("Parcours"),
    "offices": _("Bureaux"),
    "talk": _("Conversation"),
    "other": _("Autres"),
}


@dataclass(frozen=True)
class Overview:
    """What happened in a period.

    Attributes:
        messages, people: how many, each with the figure of the period before.
        groups: the messages by what became of them.
        starts: the first day of each bar.
        bars: messages and people of each bar.
        stacks: by group, how many messages of each bar; empty where figures about few people are kept back.
    """

    messages: Line
    people: Line
    groups: list[Line]
    starts: list[dt.date]
    bars: list[tuple[Figure, Figure]]
    stacks: dict[str, list[int]]


def overview(scope: Scope) -> Overview:
    """What happened in a scope."""
    turns, before = scope.turns(), scope.before.turns()
    # What chambers see over time is not told by outcome: few people would be left in each part.
    bars = by_bar(turns, scope.period)
    stacks = {} if scope.walled else {name: [parts[name] for _count, parts in bars] for name in GROUPS}
    groups = {name: Count(sum(values)) for name, values in stacks.items()} or by_group(turns, people=True)
    groups_before = by_group(before, people=scope.walled)
    now = Count(sum(count.turns for count in groups.values()), people(turns))
    past = Count(sum(count.turns for count in groups_before.values()), people(before))
    return Overview(
        messages=Line("messages", str(_("Messages")), _shown(scope, now, now.turns), None, _shown(scope, past, past.turns)),
        people=Line("people", str(_("Personnes")), _shown(scope, now, now.people), None, _shown(scope, past, past.people)),
        groups=lines(groups, groups_before, lambda key: str(GROUP_LABELS[key]), scope.walled, list(GROUPS)),
        starts=scope.period.starts(),
        bars=_kept([count for count, _parts in bars]) if scope.walled else [(count.turns, count.people) for count, _parts in bars],
        stacks=stacks,
    )


def _shown(scope: Scope, count: Count, figure: Figure) -> Figure:
    return FEW if scope.walled and count.few else figure


def _kept(bars: list[Count]) -> list[tuple[Figure, Figure]]:
    kept = kept_back(dict(enumerate(bars)))
    return [(FEW, FEW) if position in kept else (bar.turns, bar.people) for position, bar in enumerate(bars)]
