"""Turns that two people judged without knowing of each other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.review.models import Review, Verdict


@dataclass(frozen=True)
class Pair:
    """The first review of a turn, and the first blind one."""

    first: Review
    second: Review

    @property
    def agree(self) -> bool:
        """Whether both gave the same verdict before either could know the other."""
        return self.first.independent == self.second.independent


def pairs() -> list[Pair]:
    """All of them, the latest first."""
    blind: dict[int, Review] = {}
    for review in Review.objects.filter(blind=True).select_related("reviewer").order_by("id"):
        blind.setdefault(review.turn_id, review)
    first: dict[int, Review] = {}
    for review in Review.objects.filter(turn_id__in=Review.objects.filter(blind=True).values("turn_id")).select_related("reviewer").order_by("id"):
        first.setdefault(review.turn_id, review)
    found = [Pair(first[turn], second) for turn, second in blind.items() if first[turn].id != second.id]
    return sorted(found, key=lambda pair: -pair.second.id)


def table(found: list[Pair]) -> list[list[int]]:
    """How often the first reader said right or wrong (row), and the second (column)."""
    kinds = (Verdict.RIGHT.value, Verdict.WRONG.value)
    return [[sum(pair.first.independent == one and pair.second.independent == other for pair in found) for other in kinds] for one in kinds]
