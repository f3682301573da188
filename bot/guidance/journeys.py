"""The journeys that ask: what each may ask, in which order, and what it has to ask of somebody of whom this much is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Any

from bot.guidance.checklist import checklists
from bot.guidance.choosing import form_rules, open_questions
from bot.guidance.matching import Kind, Match, Offers, Verdict, financing, training
from bot.guidance.profile import Profile
from bot.guidance.questions import SKIP, asked
from bot.guidance.values import number_of
from bot.knowledge.records import Status
from bot.knowledge.store import Knowledge, load


class Journey(str, Enum):
    """A path of questions."""

    FORM = "choose_form"
    CHECKLIST = "checklist"
    FINANCING = "financing"
    TRAINING = "training"


#: How each is begun by a button.
START = {Journey.FORM: "/choose_form", Journey.CHECKLIST: "/checklist", Journey.FINANCING: "/seek_financing", Journey.TRAINING: "/seek_training"}
#: What each may ask, in this order.
ASKS: dict[Journey, tuple[str, ...]] = {
    Journey.FORM: ("people", "goal", "sharing", "turnover", "salaried", "money"),
    Journey.CHECKLIST: ("form", "sector", "place"),
    Journey.FINANCING: ("form", "years", "sector", "place", "age", "led", "amount"),
    Journey.TRAINING: ("need", "place", "form", "teaching"),
}
#: What is asked whatever is known.
_ALWAYS: dict[Journey, tuple[str, ...]] = {
    Journey.FINANCING: ("form", "amount"),
    Journey.TRAINING: ("need", "place"),
}
#: The form of who has created nothing yet.
NO_FORM = "none"
NOT_CREATED = -1
#: From so many trainings on, the language of teaching tells them apart.
_MANY = 3
#: So few offers need no further question.
_FEW = 4


def profile_of(answers: Mapping[str, Any]) -> Profile:
    """The profile in the answers: who skipped a question has said nothing; who has no form has created nothing."""
    profile = Profile.of({field: None if answers.get(field) == SKIP else answers.get(field) for field in answers})
    return replace(profile, years=NOT_CREATED) if profile.form == NO_FORM and profile.years is None else profile


def to_ask(journey: Journey, answers: Mapping[str, Any], knowledge: Knowledge | None = None) -> list[str]:
    """The fields that a journey still has to ask, in order.

    Args:
        journey: which.
        answers: what was said so far, by field; `skip` for a question that was passed over.
        knowledge: the knowledge base; the project's own unless given.
    """
    knowledge = knowledge or load()
    open_ = [field for field in ASKS[journey] if answers.get(field) is None]
    profile = profile_of(answers)
    if journey is Journey.FORM:
        return open_questions(form_rules(), knowledge, profile, asked(open_, knowledge))
    if journey is Journey.CHECKLIST:
        steps = checklists().get(str(profile.form))
        if steps is None:
            return ["form"]
        return [field for field in open_ if field != "sector" or any(step.sectors for step in steps.values())]
    matches = live(journey, knowledge, profile)
    deciding = {condition.field for match in matches for condition in match.open_}
    if journey is Journey.TRAINING and len(matches) > _MANY and len({tuple(match.offer.teaches_in) for match in matches}) > 1:
        deciding.add("teaching")
    if len(matches) <= _FEW:
        deciding = set()  # so few are read faster than questions are answered
    return [field for field in open_ if field in deciding or field in _ALWAYS[journey]]


def offers_of(journey: Journey) -> Offers:
    """What a journey chooses from."""
    return training() if journey is Journey.TRAINING else financing()


def live(journey: Journey, knowledge: Knowledge, profile: Profile) -> list[Match]:
    """The offers that are or may be for somebody and can be asked for today."""
    return [match for match in _possible(journey, knowledge, profile) if match.status is not Status.CLOSED]


def closed(journey: Journey, knowledge: Knowledge, profile: Profile) -> list[Match]:
    """The offers that would be for somebody, were they not closed."""
    return [match for match in _possible(journey, knowledge, profile) if match.status is Status.CLOSED]


def _possible(journey: Journey, knowledge: Knowledge, profile: Profile) -> list[Match]:
    found = [match for match in offers_of(journey).matches(knowledge, profile) if match.verdict is not Verdict.REFUSED]
    if journey is Journey.TRAINING:
        found = [match for match in found if profile.need in (None, *match.offer.needs)]
        found = [match for match in found if profile.teaching in (None, "any") or not match.offer.teaches_in or profile.teaching in match.offer.teaches_in]
    return found


_KINDS = list(Kind)
#: An offer that asks these of people is made for them.
_TARGETED = {"age", "led", "place"}


def ranked(journey: Journey, knowledge: Knowledge, profile: Profile) -> list[Match]:
    """The live offers, best first: what surely fits before what may, made for such people before what is for all, given before lent."""

    def key(match: Match) -> tuple[Any, ...]:
        most = number_of(knowledge, match.offer.gives.max_dh) if match.offer.gives.max_dh else None
        too_little = bool(profile.amount and most and most < profile.amount / 2)
        return (
            match.verdict is not Verdict.FITS,
            match.status is not Status.IN_FORCE,
            too_little,
            -len(_TARGETED & {condition.field for condition in match.holds}),
            _KINDS.index(match.offer.kind),
            -len({condition.field for condition in match.holds}),
            len(match.open_),
        )

    return sorted(live(journey, knowledge, profile), key=key)
