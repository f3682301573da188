"""The decision: answer, offer up to three things, or say that it is outside what Dalil knows.

Candidates come with log-weights; what the conversation knows (the subject talked about, the subject named now) is added to them here. The
three thresholds were set on the open share of `tests/questions/`, never on the sealed one (`make evaluate` prints what they give).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.knowledge.ranking import Ranking, probabilities
from bot.knowledge.search import OUTSIDE, subject_gazetteer
from bot.knowledge.store import Knowledge
from bot.language.normal import tokens

#: From this probability on, a record is the answer.
ANSWER = 0.58
#: From this probability on, a record is the answer if it is so many times likelier than the next.
ANSWER_ALONE = 0.5
ALONE = 2.0
#: What the one or two likeliest records must reach together for anything to be offered, and each choice by itself.
OFFER_AT_ALL = 0.35
OFFER = 0.1
#: From this probability on, a message is a question whatever else it says.
SURE = 0.6
#: How many choices are offered.
CHOICES = 3
#: How many records are named as the nearest to a question that is not answered.
NEAREST = 2
#: From this confidence on that a message is outside the scope, no record comes near it.
_OUTSIDE = 0.5
#: What is offered about a subject when nothing is known of the aspect asked for.
_INSTEAD = {"definition": ("eligibility", "benefits", "amount"), "amount": ("benefits",), "steps": ("documents", "place")}
#: The intent of comparisons, and how many words a message may have that compares without saying so.
COMPARISON = "ask_comparison"
_SHORT_COMPARISON = 8
#: From this probability on, what is asked is clear, whatever else is compared on the way.
_CLEAR = 0.8
#: Messages of at most so many words may lean on the subject in memory.
_SHORT = 4


class Outcome(str, Enum):
    """What became of a question."""

    ANSWER = "answer"
    OFFER = "offer"
    REFUSE = "refuse"


@dataclass(frozen=True)
class Decision:
    """What to say.

    Attributes:
        outcome: what is done.
        records: the record answered with, or the choices offered, best first; empty for a refusal.
        probability: of the likeliest record.
        runner_up: the next likeliest record, for the logs.
        nearest: what comes nearest to a question that is not answered; nothing where nothing does.
    """

    outcome: Outcome
    records: tuple[str, ...]
    probability: float
    runner_up: str | None
    nearest: tuple[str, ...] = ()


def comparison(knowledge: Knowledge, named: Sequence[str], intent: str, words: int, decision: Decision) -> Decision | None:
    """The answer to "which of the two?": a record that tells the legal forms named apart.

    Args:
        knowledge: all records.
        named: the subjects named in the message.
        intent: the intent found.
        words: how many words the message has; a short one that names two forms and asks nothing else compares them.
        decision: what would be said otherwise.

    Returns:
        The decision; None where fewer than two forms are named, nothing compares them, or something else is asked.
    """
    forms = dict.fromkeys(name for name in named if name in knowledge.forms())
    unclear = decision.outcome is not Outcome.ANSWER
    asked = unclear or decision.probability < _CLEAR if intent == COMPARISON else unclear and words <= _SHORT_COMPARISON
    if len(forms) < 2 or not asked:
        return None
    found = [record.id for record in knowledge.comparing(forms)]
    return Decision(Outcome.ANSWER, (found[0],), decision.probability, found[1] if len(found) > 1 else None) if found else None


def with_parts(decision: Decision, parts: Sequence[str]) -> tuple[Decision, str | None]:
    """A decision about a message that may ask two things, and the record that answers the other one.

    Args:
        decision: about the message as a whole.
        parts: the two records that its parts ask for (`bot.knowledge.pair`), none where it asks one thing.

    Returns:
        An answer as it is, with the other record where it is one of the two; in place of anything else an offer of both.
    """
    if not parts:
        return decision, None
    if decision.outcome is not Outcome.ANSWER:
        return Decision(Outcome.OFFER, tuple(parts), decision.probability, decision.runner_up), None
    others = [record for record in parts if record != decision.records[0]]
    return decision, others[0] if len(others) < len(parts) else None


def without_guesses(decision: Decision, intent: str, confidence: float) -> Decision:
    """A decision without the nearest records where the message is outside the scope: a widow asking for aid is not shown a death in a cooperative."""
    return replace(decision, nearest=()) if intent == OUTSIDE and confidence >= _OUTSIDE else decision


def surely(ranking: Ranking) -> str | None:
    """The record that is meant beyond doubt, whatever the conversation was about; None if there is none."""
    ranked = probabilities(ranking)
    return ranked[0][0] if ranked and ranked[0][1] >= SURE else None


def decide(ranking: Ranking, remembered: str | None = None) -> Decision:
    """Choose what to say to a question."""
    ranked = probabilities(ranking, remembered)
    if not ranked:
        return Decision(Outcome.REFUSE, (), 0.0, None)
    best, probability = ranked[0]
    runner_up, next_best = ranked[1] if len(ranked) > 1 else (None, 0.0)
    if probability >= ANSWER or (probability >= ANSWER_ALONE and probability >= ALONE * next_best):
        return Decision(Outcome.ANSWER, (best,), probability, runner_up)
    choices = [(record, chance) for record, chance in ranked[:CHOICES] if chance >= OFFER]
    if sum(chance for _, chance in choices[:2]) >= OFFER_AT_ALL:
        return Decision(Outcome.OFFER, tuple(record for record, _ in choices), probability, runner_up)
    return Decision(Outcome.REFUSE, (), probability, runner_up, tuple(record for record, _ in choices[:NEAREST]))


def follow_up(knowledge: Knowledge, subject: str | None, intent: str, words: int) -> Decision | None:
    """What a short message about an aspect asks for when it leans on a subject ("w chhal?", "et les documents ?").

    Args:
        knowledge: all records.
        subject: the subject named, or else remembered.
        intent: the intent found.
        words: how many words the message has; a long one must be understood by itself.

    Returns:
        The leading record of the aspect as the answer, or choices where none leads; None when it does not apply.
    """
    if subject is None or not intent.startswith("ask_") or words > _SHORT:
        return None
    aspect = intent.removeprefix("ask_")
    found = [record.id for record in knowledge.about(subject, aspect)]
    if len(found) == 1 or (found and knowledge.records[found[0]].lead):
        return Decision(Outcome.ANSWER, (found[0],), 0.0, found[1] if len(found) > 1 else None)
    if not found:
        # Nothing on this aspect: the leading record of each aspect that comes near it.
        found = [records[0].id for records in (knowledge.about(subject, near) for near in _INSTEAD.get(aspect, ())) if records]
    return Decision(Outcome.OFFER, tuple(found[:CHOICES]), 0.0, None) if found else None


def only_named(knowledge: Knowledge, text: str) -> str | None:
    """The subject of a message that is nothing but its name ("INDH", "تعاونية"); None for every other message."""
    words = tokens(text)
    if not words or len(words) > _SHORT:
        return None
    found = subject_gazetteer(knowledge).find(text)
    return found[0].id if len(found) == 1 and found[0].words == " ".join(words) and knowledge.about(found[0].id) else None
