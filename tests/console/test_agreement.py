"""Shares with their intervals, agreement of two readers, and the page that tells it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from math import sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sklearn.metrics import cohen_kappa_score

from bot.console.accounts.models import AuditEntry
from bot.console.conversations.models import Turn
from bot.console.review import order
from bot.console.review.agreement import Strength, agreement
from bot.console.review.judging import judge
from bot.console.review.models import Queue, Verdict
from bot.console.review.pairs import pairs
from bot.console.review.shares import Share
from tests.console.tools import Talk, project

COUNT = some.integers(0, 200)
TABLE = some.tuples(COUNT, COUNT, COUNT, COUNT).filter(any).map(lambda counts: [list(counts[:2]), list(counts[2:])])


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_that_of_the_literature(part: int, whole: int, low: float, high: float) -> None:
    """R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I, method 3."""
    assert Share(part, whole).interval == pytest.approx((low, high), abs=5e-5)


@given(some.integers(1, 5000).flatmap(lambda whole: some.tuples(some.integers(0, whole), some.just(whole))))
def test_a_share_lies_in_its_interval_between_nothing_and_all(counts: tuple[int, int]) -> None:
    share = Share(*counts)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12
    assert share.value - 1e-12 <= high <= 1
    assert low < high


def _kappa(shares: list[float]) -> float:
    """Kappa by its definition, of the shares of a table written in a row."""
    a, b, c, d = shares
    chance = (a + b) * (a + c) + (c + d) * (b + d)
    return (a + d - chance) / (1 - chance)


@given(TABLE)
def test_kappa_is_that_of_another_implementation(table: list[list[int]]) -> None:
    first = [0] * sum(table[0]) + [1] * sum(table[1])
    second = [0] * table[0][0] + [1] * table[0][1] + [0] * table[1][0] + [1] * table[1][1]
    found = agreement(table)
    if len(set(first + second)) == 1:
        assert found.kappa is None
    else:
        assert found.kappa == pytest.approx(cohen_kappa_score(first, second), abs=1e-9)
    assert found.observed == pytest.approx((table[0][0] + table[1][1]) / len(first))


@pytest.mark.parametrize("table", [[[20, 5], [10, 15]], [[70, 6], [9, 15]], [[3, 4], [1, 4]], [[150, 1], [2, 7]]])
def test_the_standard_error_is_what_small_changes_of_the_table_tell(table: list[list[int]]) -> None:
    """The delta method with derivatives measured instead of written down."""
    counts = table[0] + table[1]
    whole = sum(counts)
    shares = [count / whole for count in counts]
    step = 1e-6
    slopes = []
    for cell in range(4):
        higher, lower = list(shares), list(shares)
        higher[cell] += step
        lower[cell] -= step
        slopes.append((_kappa(higher) - _kappa(lower)) / (2 * step))
    mean = sum(share * slope for share, slope in zip(shares, slopes))
    error = sqrt(sum(share * slope**2 for share, slope in zip(shares, slopes)) - mean**2) / sqrt(whole)
    found = agreement(table)
    assert found.interval is not None
    assert found.interval == pytest.approx((max(-1, found.kappa - 1.959964 * error), min(1, found.kappa + 1.959964 * error)), abs=1e-4)


def test_the_interval_holds_the_truth_nineteen_times_in_twenty() -> None:
    chance = random.Random(7)
    truth = [0.55, 0.08, 0.07, 0.30]
    held = 0
    for _ in range(1000):
        drawn = chance.choices(range(4), truth, k=150)
        counts = [drawn.count(cell) for cell in range(4)]
        low, high = agreement([counts[:2], counts[2:]]).interval or (1, -1)
        held += low <= _kappa(truth) <= high
    assert 920 <= held <= 980


@given(TABLE)
def test_an_interval_holds_its_kappa(table: list[list[int]]) -> None:
    found = agreement(table)
    if found.interval is not None:
        assert -1 <= found.interval[0] <= found.kappa <= found.interval[1] <= 1


def test_where_everything_was_judged_the_same_there_is_no_kappa() -> None:
    found = agreement([[12, 0], [0, 0]])
    assert (found.observed, found.kappa, found.interval, found.strength) == (1.0, None, None, None)


def test_readers_who_never_differed_have_a_kappa_and_no_interval() -> None:
    found = agreement([[8, 0], [0, 4]])
    assert (found.kappa, found.interval, found.strength) == (1.0, None, Strength.ALMOST_PERFECT)


def test_without_a_pair_there_is_no_agreement() -> None:
    with pytest.raises(ValueError):
        agreement([[0, 0], [0, 0]])


@pytest.mark.parametrize(
    ("table", "strength"), [([[5, 5], [5, 5]], Strength.CHANCE), ([[20, 5], [10, 15]], Strength.FAIR), ([[45, 5], [5, 45]], Strength.SUBSTANTIAL)]
)
def test_a_kappa_has_a_meaning(table: list[list[int]], strength: Strength) -> None:
    assert agreement(table).strength is strength


@pytest.fixture
def sample(console_url: str) -> Callable[[int], list[Turn]]:
    """So many turns of the sample that is read twice."""

    def make(count: int) -> list[Turn]:
        talk, found = Talk(), []
        while len(found) < count:
            number = talk.asks(f"Combien de membres, numéro {len(found)} ?")
            if order.in_sample(number):
                found.append(number)
        project()
        return list(Turn.objects.filter(id__in=found).order_by("id"))

    return make


def _read_twice(turns: list[Turn], first: Any, second: Any, verdicts: list[tuple[str, str]]) -> None:
    for turn, (one, other) in zip(turns, verdicts):
        judge(turn, first, Verdict(one), Queue.RANDOM)
        judge(turn, second, Verdict(other), Queue.SECOND)


def test_below_ten_pairs_nothing_is_told(sample: Any, account: Any, browse: Any) -> None:
    _read_twice(sample(9), account("reviewer"), account("editor"), [("right", "wrong")] * 9)
    page = browse("manager").get("/review/agreement/").content.decode()
    assert "Pas assez : 9 tours" in page
    assert "Kappa" not in page
    assert "Combien de membres" not in page


def test_from_ten_pairs_on_agreement_and_disagreements_are_told(sample: Any, account: Any, browse: Any) -> None:
    verdicts = [("right", "right")] * 6 + [("wrong", "wrong")] * 4 + [("right", "wrong"), ("wrong", "right")]
    turns = sample(12)
    _read_twice(turns, account("reviewer", name="Premier"), account("editor", name="Deuxième"), verdicts)
    page = browse("manager").get("/review/agreement/").content.decode()
    assert re.findall(r'<td class="number">(\d+)</td>', page) == ["6", "1", "1", "4"]
    assert "0,66" in page  # (10/12 - 74/144) / (1 - 74/144)
    assert "Fleiss" in page
    assert re.findall(r"\?turn=(\d+)#turn-", page) == [str(turns[11].id), str(turns[10].id)]
    assert turns[0].text not in page
    assert AuditEntry.objects.filter(action="agreement.read").exists()


def test_readers_who_say_the_same_of_everything_get_no_kappa(sample: Any, account: Any, browse: Any) -> None:
    _read_twice(sample(10), account("reviewer"), account("editor"), [("right", "right")] * 10)
    page = browse("manager").get("/review/agreement/").content.decode()
    assert "ne se calcule pas" in page
    assert "Tout a été jugé de la même façon" in page


def test_what_was_changed_after_knowing_the_other_does_not_count(sample: Any, account: Any) -> None:
    (turn,), first, second = sample(1), account("reviewer"), account("editor")
    _read_twice([turn], first, second, [("right", "wrong")])
    judge(turn, first, Verdict.WRONG)  # in the transcript, the second review before one's eyes
    judge(turn, second, Verdict.RIGHT)
    (pair,) = pairs()
    assert (pair.first.verdict, pair.second.verdict) == ("wrong", "right")
    assert (pair.first.independent, pair.second.independent) == ("right", "wrong")


def test_a_slip_that_is_put_right_at_once_counts_as_it_was_meant(sample: Any, account: Any) -> None:
    (turn,), first, second = sample(1), account("reviewer"), account("editor")
    judge(turn, first, Verdict.WRONG)
    judge(turn, first, Verdict.RIGHT)  # nobody else has judged it yet
    judge(turn, second, Verdict.WRONG, Queue.SECOND)
    judge(turn, second, Verdict.RIGHT, Queue.SECOND)  # still without seeing the first
    (pair,) = pairs()
    assert (pair.first.independent, pair.second.independent) == ("right", "right")


@pytest.mark.one_database
@pytest.mark.parametrize(("role", "status"), [("reviewer", 200), ("editor", 200), ("manager", 200), ("chamber", 403)])
def test_who_may_see_the_agreement(role: str, status: int, browse: Any) -> None:
    assert browse(role).get("/review/agreement/").status_code == status
