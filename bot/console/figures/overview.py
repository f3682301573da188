"""The figures at the top of the page: messages and people, what became of the messages, and both over time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count as CountOf
from django.utils.translation import gettext_lazy as _

from bot.console.figures.counting import GROUPS, Count, Line, bar, bar_keys, by_bar, by_group, guarded_lines, lines, parts, subjects
from bot.console.figures.scope import Scope
from bot.console.figures.wall import NOBODY, Figure, Guarded, Part, hides, people_told, shown, together

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
        returning: how many of the people had written before the period too.
        groups: the messages by what became of them.
        starts: the first day of each bar.
        bars: messages and people of each bar.
        stacks: by group, how many messages of each bar; empty where figures about few people are kept back.
    """

    messages: Line
    people: Line
    returning: Line
    groups: list[Line]
    starts: list[dt.date]
    bars: list[tuple[Figure, Figure]]
    stacks: dict[str, list[int]]


def overview(scope: Scope) -> Overview:
    """What happened in a scope."""
    return _behind_the_wall(scope) if scope.walled else _in_full(scope)


def _in_full(scope: Scope) -> Overview:
    turns, before = scope.turns(), scope.before.turns()
    bars = by_bar(turns, scope.period)
    stacks = {name: [parts[name] for _count, parts in bars] for name in GROUPS}
    groups = {name: Count(sum(values)) for name, values in stacks.items()}
    groups_before = by_group(before)
    now, past = _people(scope), _people(scope.before)
    messages, messages_before = (sum(count.turns for count in found.values()) for found in (groups, groups_before))
    return Overview(
        messages=Line("messages", str(_("Messages")), messages, None, messages_before),
        people=Line("people", str(_("Personnes")), now["people"], None, past["people"]),
        returning=_returning(now["back"], past["back"]),
        groups=lines(groups, groups_before, _label, list(GROUPS)),
        starts=scope.period.starts(),
        bars=[(count.turns, count.people) for count, _parts in bars],
        stacks=stacks,
    )


def _behind_the_wall(scope: Scope) -> Overview:
    """What chambers see over time is not told by outcome: few people would be left in each part."""
    groups, before = subjects(scope.turns()).groups, subjects(scope.before.turns()).groups
    whole, past = together(groups.parts.values()), together(before.parts.values())
    found = parts(scope.turns(), bar(scope.period))
    bars = Guarded.whole({key: found.get(key, NOBODY) for key in bar_keys(scope.period)})
    persons = people_told(bars.parts, whole, bars.kept)
    return Overview(
        messages=Line("messages", str(_("Messages")), shown(whole, whole.rows), None, shown(past, past.rows)),
        people=Line("people", str(_("Personnes")), shown(whole, len(whole.people)), None, shown(past, len(past.people))),
        returning=_returning(_of(scope, whole), _of(scope.before, past)),
        groups=guarded_lines(groups, before, _label, None, list(GROUPS)),
        starts=scope.period.starts(),
        bars=[(bars.rows(key), persons[key]) for key in bars.parts],
        stacks={},
    )


def _people(scope: Scope) -> dict[str, int]:
    """How many people there are, and how many of them come back."""
    return scope.people().aggregate(people=CountOf("sender"), back=CountOf("sender", filter=scope.returning()))


def _of(scope: Scope, whole: Part) -> Figure:
    """How many of the people of a scope come back, where that tells nothing about few: neither about them nor about the others."""
    back = Part(0, frozenset(scope.people().filter(scope.returning()).values_list("sender", flat=True)))
    return shown(back, len(back.people), hides(back, whole))


def _returning(now: Figure, before: Figure) -> Line:
    return Line("returning", str(_("Revenues")), now, None, before)


def _label(group: str) -> str:
    return str(GROUP_LABELS[group])
