"""Counting turns. Every query here is answered from the index that this app's migration makes: no text is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, IntegerField, Q, QuerySet, Value, When
from django.db.models import Count as CountOf

from bot.console.conversations.models import Turn
from bot.console.conversations.turns import Outcome
from bot.console.figures.period import Period
from bot.console.figures.wall import FEW, Count, Figure, kept_back

#: What becomes of messages, in groups that tell a story.
GROUPS: dict[str, tuple[Outcome, ...]] = {
    "answered": (Outcome.ANSWERED, Outcome.SHOWN),
    "offered": (Outcome.OFFERED,),
    "refused": (Outcome.REFUSED,),
    "journeys": (Outcome.JOURNEY,),
    "offices": (Outcome.OFFICE,),
    "talk": (Outcome.TALK,),
    "other": (Outcome.HANDOFF, Outcome.STAFF, Outcome.RATED, Outcome.FAILED, Outcome.SILENT),
}
_GROUP_OF = {outcome.value: name for name, outcomes in GROUPS.items() for outcome in outcomes}


def group() -> Case:
    """The group of a turn's outcome."""
    known = [When(outcome__in=[outcome.value for outcome in outcomes], then=Value(name)) for name, outcomes in GROUPS.items() if name != "other"]
    return Case(*known, default=Value("other"), output_field=CharField())


def counted(turns: QuerySet[Turn], by: Any, people: bool = True) -> dict[Any, Count]:
    """How many turns there are of each kind.

    Args:
        turns: which.
        by: a field, or an expression.
        people: whether people are counted too, which takes longer.
    """
    sums: dict[str, Any] = {"messages": CountOf("*")}
    if people:
        sums["persons"] = CountOf("conversation_id", distinct=True)
    rows = turns.annotate(part=F(by) if isinstance(by, str) else by).values("part").annotate(**sums)
    return {row["part"]: Count(row["messages"], row.get("persons")) for row in rows}


def people(turns: QuerySet[Turn]) -> int:
    """How many people the turns are of."""
    return turns.values("conversation_id").distinct().count()


def by_bar(turns: QuerySet[Turn], period: Period) -> list[tuple[Count, dict[str, int]]]:
    """What each bar of the period stands for: how many turns of how many people, and how many turns of each group."""
    starts = period.starts()
    later = [When(day__lt=start, then=Value(position)) for position, start in enumerate(starts[1:])]
    part = F("day") if period.step == 1 else Case(*later, default=Value(len(starts) - 1), output_field=IntegerField())
    # In one query: the people of a day stand beside one another in the index.
    groups = {name: CountOf("conversation_id", filter=Q(outcome__in=[outcome.value for outcome in outcomes])) for name, outcomes in GROUPS.items()}
    sums = {"messages": CountOf("*"), "persons": CountOf("conversation_id", distinct=True), **groups}
    found = {row["part"]: row for row in turns.annotate(part=part).values("part").annotate(**sums)}
    rows = (found.get(start if period.step == 1 else position) for position, start in enumerate(starts))
    return [(Count(row["messages"], row["persons"]), {name: row[name] for name in GROUPS}) if row else (Count(0, 0), dict.fromkeys(GROUPS, 0)) for row in rows]


def by_group(turns: QuerySet[Turn], people: bool) -> dict[str, Count]:
    """How many turns of each group there are; without people it is faster."""
    if people:
        return counted(turns, group())
    found: Counter[str] = Counter()
    for outcome, count in turns.values_list("outcome").annotate(messages=CountOf("*")):
        found[_GROUP_OF[outcome]] += count
    return {name: Count(count) for name, count in found.items()}


@dataclass(frozen=True)
class Line:
    """One line of a table, or one bar.

    Attributes:
        key: what it is about.
        label: the same in words.
        turns: how many messages.
        people: of how many people.
        before: how many messages in the period before.
        share: of all messages of its table, between 0 and 1.
    """

    key: Any
    label: str
    turns: Figure
    people: Figure = None
    before: Figure = None
    share: Figure = None

    @property
    def change(self) -> Figure:
        """By which share it is more, or less, than before."""
        return change(self.turns, self.before)


def change(now: Figure, before: Figure) -> Figure:
    """By which share a figure grew; None where there was nothing before."""
    if now is FEW or before is FEW:
        return FEW
    return (now - before) / before if isinstance(now, (int, float)) and isinstance(before, (int, float)) and before else None


def share(part: Figure, whole: Figure) -> Figure:
    """A part of a whole, between 0 and 1."""
    if part is FEW or whole is FEW:
        return FEW
    return part / whole if isinstance(part, (int, float)) and isinstance(whole, (int, float)) and whole else None


def lines(
    now: Mapping[Any, Count],
    before: Mapping[Any, Count],
    label: Callable[[Any], str],
    walled: bool,
    keys: Collection[Any] | None = None,
) -> list[Line]:
    """Counts as lines: in the order of `keys`, or the largest first."""
    kept, kept_before = (kept_back(now), kept_back(before)) if walled else (set(), set())
    whole = sum(count.turns for count in now.values())

    def line(key: Any) -> Line:
        count, past = now.get(key, Count(0, 0)), before.get(key, Count(0, 0))
        hidden, hidden_before = (walled and (key in kept or count.few)), (walled and (key in kept_before or past.few))
        turns: Figure = FEW if hidden else count.turns
        return Line(key, label(key), turns, FEW if hidden else count.people, FEW if hidden_before else past.turns, share(turns, whole))

    return [line(key) for key in (_largest_first(now) if keys is None else keys)]


def _largest_first(counts: Mapping[Any, Count]) -> list[Any]:
    return sorted(counts, key=lambda key: (-counts[key].turns, str(key)))
