"""Two questions in one message: two records are believed only where they explain its parts better than any one."""

from collections.abc import Mapping

import pytest

from bot.knowledge.pair import Part, pair
from bot.knowledge.ranking import Candidate, Ranking
from bot.knowledge.store import Knowledge

#: Two records of one subject, one of another.
MEMBERS, CAPITAL, FORSA = "coop-min-membres", "coop-capital-min", "forsa-etat"


def ranking(logits: Mapping[str, float]) -> Ranking:
    candidates = tuple(Candidate(record, logit, logit, "") for record, logit in logits.items())
    return Ranking(candidates, (), 0.0, 0.0, 0.0, 0.0, frozenset())


def part(asks: bool = True, named: str | None = None, **logits: float) -> Part:
    return Part(ranking({name.replace("_", "-"): logit for name, logit in logits.items()}), frozenset([named] if named else []), asks)


WHOLE = ranking({MEMBERS: 3.0, CAPITAL: 2.0, FORSA: 2.0})


def test_two_parts_that_ask_for_two_records_are_two_questions(knowledge: Knowledge) -> None:
    assert pair(knowledge, WHOLE, [(part(coop_min_membres=4.0), part(coop_capital_min=4.0))]) == (MEMBERS, CAPITAL)


def test_the_order_is_that_of_the_parts(knowledge: Knowledge) -> None:
    assert pair(knowledge, WHOLE, [(part(coop_capital_min=4.0), part(coop_min_membres=4.0))]) == (CAPITAL, MEMBERS)


def test_the_clearest_cut_counts(knowledge: Knowledge) -> None:
    vague = (part(coop_min_membres=1.0), part(forsa_etat=1.0))
    assert pair(knowledge, WHOLE, [vague, (part(coop_min_membres=4.0), part(coop_capital_min=4.0))]) == (MEMBERS, CAPITAL)


@pytest.mark.parametrize(
    "cut",
    [
        (part(coop_min_membres=4.0), part(coop_min_membres=4.0)),
        (part(coop_min_membres=4.0), part(coop_capital_min=-4.0)),
        (part(coop_min_membres=4.0), part(forsa_etat=1.0)),
        (part(), part()),
    ],
)
def test_what_one_record_explains_is_one_question(knowledge: Knowledge, cut: tuple[Part, Part]) -> None:
    assert pair(knowledge, ranking({MEMBERS: 6.0}), [cut]) is None


@pytest.mark.parametrize(("named", "found"), [("programme-forsa", (MEMBERS, FORSA)), (None, None)])
def test_each_part_may_name_a_subject_of_its_own(knowledge: Knowledge, named: str | None, found: tuple[str, str] | None) -> None:
    whole = ranking({MEMBERS: 4.0, FORSA: 1.0})
    cut = (part(False, "cooperative", coop_min_membres=4.0), part(False, named, forsa_etat=4.0))
    assert pair(knowledge, whole, [cut]) == found


def test_without_a_cut_there_is_one_question(knowledge: Knowledge) -> None:
    assert pair(knowledge, WHOLE, []) is None
