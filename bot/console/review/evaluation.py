"""Whether a message can become a question that models are examined with. Pure, but for `trained_texts`, which reads files.

A question that was trained on measures memory, not understanding. It is compared as the guard on the test questions compares
(tests/nlu/test_data.py): by its words in normal form, and by its skeleton when that is long enough not to be met by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot import learnt
from bot.console.conversations.models import Turn
from bot.console.conversations.turns import Outcome
from bot.console.review.models import Meant, Review, Verdict
from bot.knowledge.store import load
from bot.nlu.lines import written_lines
from bot.settings import settings


def marks(text: str) -> frozenset[str]:
    """What two spellings of one text share, any of it; empty for a text without words."""
    return frozenset(mark for mark in (learnt.key(text), learnt.bones(text)) if mark)


def stands_among(text: str, texts: Iterable[str]) -> bool:
    """Whether a text stands among others, in any spelling."""
    wanted = marks(text)
    return any(wanted & marks(other) for other in texts)


def trained_texts() -> Iterator[str]:
    """Everything that models are trained on, as it is now: the training lines, the example questions of records, what was learnt.

    Raises:
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    yield from (line.text for line in written_lines())
    for record in load().records.values():
        yield from (question for _variety, question in record.questions.by_variety())
    yield from (line.text for line in learnt.read(learnt.file(settings())))


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
