"""The decision between an answer, a choice and a refusal."""

import math

import pytest

from bot.knowledge.answer import Decision, Outcome, comparison, decide, follow_up, only_named, surely, with_parts, without_guesses
from bot.knowledge.ranking import Candidate, Ranking, probabilities, ranking_from_json, ranking_to_json
from bot.knowledge.store import Knowledge


def _ranking(*chances: float, named: tuple[str, ...] = (), subjects: tuple[str, ...] = ("cooperative", "association", "gie")) -> Ranking:
    """A ranking in which the records have these chances, and "none of them" the rest."""
    candidates = []
    for n, chance in enumerate(chances):
        said = 0.0 if not named else 2.0 if subjects[n] in named else -2.0
        candidates.append(Candidate(f"record-{n}", math.log(chance) + said, math.log(chance), subjects[n]))
    none = math.log(max(1e-9, 1 - sum(chances)))
    return Ranking(tuple(candidates), named, none, agrees=2.0, disagrees=-2.0, other_form=-1.0, forms=frozenset(subjects))


@pytest.mark.parametrize(
    ("chances", "outcome", "records"),
    [
        ((0.9, 0.1), Outcome.ANSWER, ("record-0",)),
        ((0.59, 0.41), Outcome.ANSWER, ("record-0",)),
        ((0.57, 0.43), Outcome.OFFER, ("record-0", "record-1")),
        ((0.52, 0.05), Outcome.ANSWER, ("record-0",)),  # alone ahead
        ((0.48, 0.05), Outcome.OFFER, ("record-0",)),
        ((0.3, 0.09), Outcome.REFUSE, ()),
        ((0.4, 0.35, 0.2), Outcome.OFFER, ("record-0", "record-1", "record-2")),
        ((0.25, 0.2, 0.01), Outcome.OFFER, ("record-0", "record-1")),
        ((0.2, 0.05), Outcome.REFUSE, ()),
        ((), Outcome.REFUSE, ()),
    ],
)
def test_decision(chances: tuple[float, ...], outcome: Outcome, records: tuple[str, ...]) -> None:
    decision = decide(_ranking(*chances))
    assert (decision.outcome, decision.records) == (outcome, records)


def test_a_refusal_knows_what_comes_nearest() -> None:
    assert decide(_ranking(0.2, 0.12, 0.02)).nearest == ("record-0", "record-1")
    assert decide(_ranking(0.2, 0.05)).nearest == ("record-0",)
    assert decide(_ranking(0.05, 0.02)).nearest == ()
    assert decide(_ranking(0.9, 0.1)).nearest == ()


@pytest.mark.parametrize(
    ("intent", "confidence", "nearest"), [("out_of_scope", 0.6, ()), ("out_of_scope", 0.4, ("record-0",)), ("ask_tax", 0.9, ("record-0",))]
)
def test_nothing_comes_near_to_what_is_clearly_outside(intent: str, confidence: float, nearest: tuple[str, ...]) -> None:
    decision = without_guesses(decide(_ranking(0.2, 0.05)), intent, confidence)
    assert (decision.outcome, decision.nearest) == (Outcome.REFUSE, nearest)


@pytest.mark.parametrize("chances", [(0.5, 0.2), (0.9,), (0.1, 0.1, 0.1)])
def test_probabilities_are_what_the_weights_say(chances: tuple[float, ...]) -> None:
    assert [p for _, p in probabilities(_ranking(*chances))] == pytest.approx(sorted(chances, reverse=True), abs=1e-6)


def test_a_named_subject_counts_for_its_records_and_against_others() -> None:
    ranked = dict(probabilities(_ranking(0.4, 0.4, named=("association",))))
    assert ranked["record-1"] > 0.4 > ranked["record-0"]


def test_a_remembered_subject_counts_less_than_a_named_one_and_only_without_it() -> None:
    alone = dict(probabilities(_ranking(0.3, 0.3)))["record-0"]
    remembered = dict(probabilities(_ranking(0.3, 0.3), remembered="cooperative"))["record-0"]
    named = dict(probabilities(_ranking(0.3, 0.3, named=("cooperative",)), remembered="gie"))["record-0"]
    assert alone < remembered < named


def test_a_greeting_is_overruled_only_by_a_sure_question() -> None:
    assert surely(_ranking(0.95, 0.01)) == "record-0"
    assert surely(_ranking(0.6, 0.1)) is None


def test_a_ranking_travels_as_plain_data() -> None:
    ranking = _ranking(0.5, 0.25, named=("gie",))
    again = ranking_from_json(ranking_to_json(ranking))
    assert again.named == ranking.named
    assert [c.record for c in again.candidates] == [c.record for c in ranking.candidates]


def test_a_short_question_leans_on_the_subject_in_memory(knowledge: Knowledge) -> None:
    decision = follow_up(knowledge, "cooperative", "ask_cost", words=2)
    assert decision is not None
    assert decision.outcome is Outcome.ANSWER
    assert knowledge.records[decision.records[0]].aspect == "cost"


@pytest.mark.parametrize(
    ("subject", "intent", "words"), [(None, "ask_cost", 2), ("cooperative", "greet", 2), ("cooperative", "ask_cost", 9), ("cooperative", "ask_nothing", 2)]
)
def test_other_messages_do_not(knowledge: Knowledge, subject: str | None, intent: str, words: int) -> None:
    assert follow_up(knowledge, subject, intent, words) is None


def test_decisions_are_values() -> None:
    assert Decision(Outcome.REFUSE, (), 0.0, None) == Decision(Outcome.REFUSE, (), 0.0, None)


@pytest.mark.parametrize(
    ("text", "subject"), [("coopérative", "cooperative"), ("التعاونية", "cooperative"), ("coopérative combien", None), ("", None), ("bonjour", None)]
)
def test_a_message_that_is_only_a_name_is_known(knowledge: Knowledge, text: str, subject: str | None) -> None:
    assert only_named(knowledge, text) == subject


# --- two questions in one message


def _decided(record: str, probability: float, outcome: Outcome = Outcome.ANSWER) -> Decision:
    return Decision(outcome, (record,), probability, None)


@pytest.mark.parametrize(("answered", "second"), [("a", "b"), ("b", "a"), ("x", None)])
def test_the_part_that_the_whole_does_not_answer_is_the_second_question(answered: str, second: str | None) -> None:
    assert with_parts(_decided(answered, 0.9), ["a", "b"]) == (_decided(answered, 0.9), second)


def test_of_two_questions_without_a_clear_answer_both_are_offered() -> None:
    decision, second = with_parts(_decided("x", 0.3, Outcome.REFUSE), ["a", "b"])
    assert (decision.outcome, decision.records, second) == (Outcome.OFFER, ("a", "b"), None)


@pytest.mark.parametrize("outcome", Outcome)
def test_a_message_that_asks_one_thing_has_no_second(outcome: Outcome) -> None:
    assert with_parts(_decided("x", 0.5, outcome), []) == (_decided("x", 0.5, outcome), None)


# --- comparisons


def test_two_forms_named_are_told_apart(knowledge: Knowledge) -> None:
    unclear = _decided("x", 0.2, Outcome.REFUSE)
    found = comparison(knowledge, ["sarl", "cooperative"], "ask_comparison", 12, unclear)
    assert found is not None
    assert found.records == ("choix-cooperative-ou-sarl",)
    found = comparison(knowledge, ["association", "gie"], "ask_comparison", 12, unclear)
    assert found is not None
    assert found.records == ("choix-comparatif",)


def test_a_short_message_that_names_two_forms_compares_them_unless_it_is_clear_otherwise(knowledge: Knowledge) -> None:
    assert comparison(knowledge, ["cooperative", "association"], "nlu_fallback", 3, _decided("x", 0.2, Outcome.REFUSE)) is not None
    assert comparison(knowledge, ["cooperative", "association"], "ask_changes", 5, _decided("x", 0.9)) is None


def test_what_is_clear_is_answered_whatever_is_compared_on_the_way(knowledge: Knowledge) -> None:
    assert comparison(knowledge, ["cooperative", "gie"], "ask_comparison", 9, _decided("x", 0.7)) is not None
    assert comparison(knowledge, ["cooperative", "gie"], "ask_comparison", 9, _decided("x", 0.95)) is None


def test_one_form_is_no_comparison(knowledge: Knowledge) -> None:
    assert comparison(knowledge, ["cooperative", "cooperative", "cri"], "ask_comparison", 5, _decided("x", 0.2, Outcome.REFUSE)) is None
