"""What an evaluation question made of a message expects, by the judgements of its turn. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bot.console.conversations.models import Turn
from bot.console.review.models import Meant, Review, Verdict
from bot.knowledge.store import load
from bot.transcript import Outcome


def expected(turn: Turn, reviews: Iterable[Review]) -> list[str] | None:
    """What an evaluation question made of a turn expects.

    Args:
        turn: which.
        reviews: what was judged of it.

    Returns:
        Ids of records, any of which is right; empty when it must be refused; None where the judgements do not tell, or contradict each other.
    """
    told = [_expected(turn, review) for review in reviews]
    agreed = told[0] if told and all(one == told[0] for one in told) else None
    return agreed if agreed is not None and all(record in load().records for record in agreed) else None


def _expected(turn: Turn, review: Review) -> list[str] | None:
    if review.verdict == Verdict.WRONG:
        return {Meant.RECORD.value: [review.target], Meant.OUTSIDE.value: []}.get(review.meant)
    # Of a choice that was offered it is not known which record was meant.
    return {Outcome.ANSWERED.value: [turn.record], Outcome.REFUSED.value: []}.get(turn.outcome)
