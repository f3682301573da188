"""Counting turns. Every query here is answered from the index `figures_turn` (conversations/models.py): no text is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models import Count as CountOf

from bot.console.conversations.models import Turn
from bot.console.figures.nested import ASKED, Cell, Subjects, guarded
from bot.console.figures.period import Period
from bot.console.figures.wall import FEW, Figure, Guarded, Part, gathered, together
from bot.transcript import Outcome

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


@dataclass(frozen=True)
class Count:
    """How many turns, and of how many people; None where these were not counted."""

    turns: int = 0
    people: int | None = None


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


def parts(turns: QuerySet[Turn], by: Any) -> dict[Any, Part]:
    """The turns of each kind (see `counted`) with the people they are of, for what stands behind the wall."""
    rows = turns.annotate(part=F(by) if isinstance(by, str) else by)
    return gathered(rows.values_list("part", "conversation_id").annotate(messages=CountOf("*")))


def subjects(turns: QuerySet[Turn]) -> Subjects:
    """The turns by group, area and record, as they are told behind the wall."""
    rows = turns.values_list("outcome", "area", "record", "conversation_id").annotate(messages=CountOf("*"))
    cells = ((_cell(outcome, area, record), sender, messages) for outcome, area, record, sender, messages in rows)
    return guarded(gathered(cells))


def _cell(outcome: str, area: str, record: str) -> Cell:
    group = _GROUP_OF[outcome]
    return Cell(group, area, record) if group == ASKED else Cell(group)


def by_bar(turns: QuerySet[Turn], period: Period) -> list[tuple[Count, dict[str, int]]]:
    """What each bar of the period stands for: how many turns of how many people, and how many turns of each group."""
    # In one query: the people of a day stand beside one another in the index.
    groups = {name: CountOf("conversation_id", filter=Q(outcome__in=[outcome.value for outcome in outcomes])) for name, outcomes in GROUPS.items()}
    sums = {"messages": CountOf("*"), "persons": CountOf("conversation_id", distinct=True), **groups}
    found = {row["part"]: row for row in turns.annotate(part=bar(period)).values("part").annotate(**sums)}
    rows = (found.get(key) for key in bar_keys(period))
    return [(Count(row["messages"], row["persons"]), {name: row[name] for name in GROUPS}) if row else (Count(0, 0), dict.fromkeys(GROUPS, 0)) for row in rows]


def bar(period: Period) -> Any:
    """The key of a turn's bar, in a query."""
    starts = period.starts()
    later = [When(day__lt=start, then=Value(position)) for position, start in enumerate(starts[1:])]
    return F("day") if period.step == 1 else Case(*later, default=Value(len(starts) - 1), output_field=IntegerField())


def bar_keys(period: Period) -> list[Any]:
    """The keys of all bars, in order."""
    starts = period.starts()
    return list(starts) if period.step == 1 else list(range(len(starts)))


def by_group(turns: QuerySet[Turn]) -> dict[str, Count]:
    """How many turns of each group there are."""
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


def lines(now: Mapping[Any, Count], before: Mapping[Any, Count], label: Callable[[Any], str], keys: Collection[Any] | None = None) -> list[Line]:
    """Counts as lines: in the order of `keys`, or the largest first."""
    whole = sum(count.turns for count in now.values())

    def line(key: Any) -> Line:
        count, past = now.get(key, Count(0, 0)), before.get(key, Count(0, 0))
        return Line(key, label(key), count.turns, count.people, past.turns, share(count.turns, whole))

    return [line(key) for key in (_largest_first({key: count.turns for key, count in now.items()}) if keys is None else keys)]


def guarded_lines(
    now: Guarded,
    before: Guarded,
    label: Callable[[Any], str],
    people: Mapping[Any, Figure] | None,
    keys: Collection[Any] | None = None,
    whole: Part | None = None,
) -> list[Line]:
    """The same behind the wall.

    Args:
        now: the parts of the period.
        before: those of the period before.
        label: what a part is called.
        people: of how many people each part is; None where that is not told.
        keys: see `lines`.
        whole: what the parts are shares of, if not of their sum: a share tells it.
    """
    rows_of_all = together(now.parts.values()).rows if whole is None else whole.rows

    def line(key: Any) -> Line:
        rows = now.rows(key)
        return Line(key, label(key), rows, None if people is None else people.get(key, FEW), before.rows(key), share(rows, rows_of_all))

    # What is kept back stands last: its place shall tell nothing either.
    told = {key: rows if isinstance(rows := now.rows(key), int) else -1 for key in now.parts}
    return [line(key) for key in (_largest_first(told) if keys is None else keys)]


def _largest_first(turns: Mapping[Any, int]) -> list[Any]:
    return sorted(turns, key=lambda key: (-turns[key], str(key)))
