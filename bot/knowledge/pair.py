"""Two questions in one message: which two records its parts ask for, where two explain them better than any one.

Each part speaks for some records, and the message as a whole for each of the two. Only where they are so much likelier together than the best
single record is a second question believed; less is needed where both parts ask, and where the two records lie near each other or each part
names the subject of its own. The figures were set on the open share of `tests/questions/`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.knowledge.ranking import Ranking, probabilities
from bot.knowledge.store import Knowledge

#: What the whole message says counts so much beside what one of its parts says.
_WHOLE = 1.5
#: A record that is not among the candidates is so likely.
_UNSEEN = 0.01
#: The evidence (natural logarithm of likelihood) from which two records are believed; what one sign for them is worth.
_ENOUGH = 1.5
_SIGN = 2.0
_NONE = (-math.inf, "", "")


@dataclass(frozen=True)
class Part:
    """One part of a message.

    Attributes:
        ranking: the candidates of the part, with the subject it leans on.
        named: the subjects that it names itself.
        asks: whether a word in it asks.
    """

    ranking: Ranking
    named: frozenset[str]
    asks: bool


def pair(knowledge: Knowledge, whole: Ranking, cuts: Iterable[tuple[Part, Part]]) -> tuple[str, str] | None:
    """The two records a message asks for, in the order of its parts; None where it asks for one.

    Args:
        knowledge: all records.
        whole: the candidates of the whole message.
        cuts: its parts, for every way to cut it in two.
    """
    of_whole = dict(probabilities(whole))
    found = [_two(knowledge, of_whole, before, after) for before, after in cuts]
    evidence, first, second = max(found, default=_NONE)
    return (first, second) if evidence >= _ENOUGH else None


def _two(knowledge: Knowledge, whole: Mapping[str, float], before: Part, after: Part) -> tuple[float, str, str]:
    """The likeliest two records of one cut, after the evidence that they are two."""
    of_before, of_after = dict(probabilities(before.ranking)), dict(probabilities(after.ranking))
    weights = {
        record: (_log(of_before, record), _log(of_after, record), _WHOLE * _log(whole, record)) for record in dict.fromkeys([*whole, *of_before, *of_after])
    }
    if len(weights) < 2:
        return _NONE
    firsts = sorted(weights, key=lambda record: -(weights[record][0] + weights[record][2]))[:2]
    seconds = sorted(weights, key=lambda record: -(weights[record][1] + weights[record][2]))[:2]
    two, first, second = max(
        (weights[one][0] + weights[one][2] + weights[other][1] + weights[other][2], one, other) for one in firsts for other in seconds if one != other
    )
    single = max(map(sum, weights.values()))
    signs = (before.asks and after.asks) + (knowledge.near(first, second) or _each_names_its_own(knowledge, (first, before), (second, after)))
    return two - single + _SIGN * signs, first, second


def _log(probability: Mapping[str, float], record: str) -> float:
    return math.log(probability.get(record, 0.0) + _UNSEEN)


def _each_names_its_own(knowledge: Knowledge, *asked: tuple[str, Part]) -> bool:
    """Whether each part names the subject of its record, and the other part does not."""
    (first, before), (second, after) = ((knowledge.records[record].subject, part) for record, part in asked)
    return first in before.named - after.named and second in after.named - before.named
