"""Which legal form suits somebody? Rules kept in data, each with the record that says so, weigh the forms; none is made up here.

Only questions whose answer can still change the order are asked: the combinations are few, so that is found by trying them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from pydantic import Field, root_validator, validator

from bot.guidance.profile import FIELDS, NUMBERS, Profile
from bot.guidance.values import missing_records, number_of, text_faults
from bot.knowledge.files import checked
from bot.knowledge.records import Answer, _Strict, checked_id
from bot.knowledge.store import Knowledge, load
from bot.language.variety import REPLY_LANGUAGES
from bot.paths import GUIDANCE

FORMS = "forms.yml"
#: Longest reason in characters.
LONGEST_REASON = 160


class Effect(str, Enum):
    """What a rule does to a form."""

    EXCLUDES = "excludes"
    AGAINST = "against"
    FOR = "for"


class When(_Strict):
    """What a rule asks of one field of the profile.

    Attributes:
        field: of the profile.
        is_: for a choice, what it must be.
        below: for a number, the reference to the value it must be less than.
        least: the reference to the value it must reach.
        above: the reference to the value it must be more than.
    """

    field: str
    is_: list[str] | None = Field(None, alias="is")
    below: str | None = None
    least: str | None = None
    above: str | None = None

    @root_validator(skip_on_failure=True)
    def _is_of_its_field(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["field"] not in FIELDS:
            raise ValueError(f"'{values['field']}' is no field of a profile")
        bounds = bool(values["below"] or values["least"] or values["above"])
        if bounds == bool(values["is_"]) or bounds != (values["field"] in NUMBERS):
            raise ValueError(f"'{values['field']}' needs {'below, least or above' if values['field'] in NUMBERS else 'is'}")
        return values

    def references(self) -> list[str]:
        """The values it names."""
        return [reference for reference in (self.below, self.least, self.above) if reference]


class Rule(_Strict):
    """One reason for or against a form, or why it is out of the question.

    Attributes:
        form: a subject's id.
        effect: what it does.
        weight: how much it counts, 1 to 3; an exclusion counts for all.
        when: what must be true of the profile, all of it; nothing: always.
        text: the reason, in a sentence.
        record: what it rests on.
    """

    id: str
    form: str
    effect: Effect
    weight: int = Field(1, ge=1, le=3)
    when: list[When] = []
    text: Answer
    record: str

    _id_is_kebab_case = validator("id", allow_reuse=True)(checked_id)


@dataclass(frozen=True)
class Advice:
    """What is to be said of one form.

    Attributes:
        form: a subject's id.
        excluded: whether it is out of the question.
        score: weights for less weights against.
        reasons_for, reasons_against: the rules that apply, weightiest first; those that exclude it come first.
    """

    form: str
    excluded: bool
    score: int
    reasons_for: tuple[Rule, ...]
    reasons_against: tuple[Rule, ...]


def applies(knowledge: Knowledge, rule: Rule, profile: Profile) -> bool:
    """Whether a rule applies; not while something it asks is unknown."""
    return all(_is_true(knowledge, when, getattr(profile, when.field)) for when in rule.when)


def _is_true(knowledge: Knowledge, when: When, value: Any) -> bool:
    if value is None:
        return False
    if when.is_ is not None:
        return value in when.is_
    return (
        (when.below is None or value < number_of(knowledge, when.below))
        and (when.least is None or value >= number_of(knowledge, when.least))
        and (when.above is None or value > number_of(knowledge, when.above))
    )


def advise(rules: Mapping[str, Rule], knowledge: Knowledge, profile: Profile) -> list[Advice]:
    """The forms, best first; those out of the question last. Forms that score the same keep the order of the file."""
    found = []
    for form in dict.fromkeys(rule.form for rule in rules.values()):
        mine = [rule for rule in rules.values() if rule.form == form and applies(knowledge, rule, profile)]
        good = sorted((rule for rule in mine if rule.effect is Effect.FOR), key=lambda rule: -rule.weight)
        bad = sorted((rule for rule in mine if rule.effect is not Effect.FOR), key=lambda rule: (rule.effect is not Effect.EXCLUDES, -rule.weight))
        excluded = any(rule.effect is Effect.EXCLUDES for rule in bad)
        score = sum(rule.weight for rule in good) - sum(rule.weight for rule in bad)
        found.append(Advice(form, excluded, score, tuple(good), tuple(bad)))
    return sorted(found, key=lambda advice: (advice.excluded, -advice.score))


def open_questions(rules: Mapping[str, Rule], knowledge: Knowledge, profile: Profile, choices: Mapping[str, Sequence[Any]]) -> list[str]:
    """The fields still to be asked: those whose answer can change which form comes first, or what stays possible.

    Args:
        rules: of the forms.
        knowledge: where the values stand.
        profile: the answers so far.
        choices: field -> the answers that can be chosen, in the order in which the fields are asked.
    """
    unknown = [field for field in choices if getattr(profile, field) is None]
    results: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for answers in product(*(choices[field] for field in unknown)):
        advice = advise(rules, knowledge, replace(profile, **dict(zip(unknown, answers))))
        results[answers] = (advice[0].form, frozenset(each.form for each in advice if not each.excluded))
    return [field for place, field in enumerate(unknown) if _matters(results, place)]


def _matters(results: Mapping[tuple[Any, ...], tuple[Any, ...]], place: int) -> bool:
    """Whether two sets of answers that differ in one place only lead to different results."""
    by_others: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    return any(by_others.setdefault(answers[:place] + answers[place + 1 :], result) != result for answers, result in results.items())


def read_rules(path: Path, knowledge: Knowledge) -> dict[str, Rule]:
    """Read and check the rules.

    Raises:
        KnowledgeError: with one line for every fault.
    """
    return checked(path, Rule, lambda rule, _: _misfits(rule, knowledge))


def _misfits(rule: Rule, knowledge: Knowledge) -> Iterator[str]:
    yield from missing_records(knowledge, [rule.record])
    yield from text_faults(knowledge, "text", rule.text)
    if rule.form not in knowledge.forms():
        yield f"field form: '{rule.form}' is no legal form"
    for reference in (reference for when in rule.when for reference in when.references()):
        try:
            number_of(knowledge, reference)
        except (KeyError, ValueError) as error:
            yield f"field when: {error.args[0]}"
    for language in REPLY_LANGUAGES:
        if len(rule.text.get(language)) > LONGEST_REASON:
            yield f"field text.{language}: has {len(rule.text.get(language))} characters, at most {LONGEST_REASON} are allowed"


@lru_cache(maxsize=1)
def form_rules() -> dict[str, Rule]:
    """The project's own rules, read once."""
    return read_rules(GUIDANCE / FORMS, load())
