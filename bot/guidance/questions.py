"""The questions of the journeys: how each is asked, what may be answered, and what a typed answer means."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import root_validator

from bot.guidance.profile import FIELDS
from bot.guidance.values import number_of, said, text_faults, value_of
from bot.knowledge.files import unique
from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.records import LONGEST_TITLE, Answer, KnowledgeError, Texts, _Strict
from bot.knowledge.store import Knowledge, load
from bot.language.amounts import age, amounts
from bot.language.counting import numbers_in_words
from bot.language.normal import normalise, tokens
from bot.language.variety import REPLY_LANGUAGES
from bot.paths import GUIDANCE, LANGUAGE

QUESTIONS = "questions.yml"
SHORT_ANSWERS = LANGUAGE / "short-answers.tsv"
#: The answer of somebody who does not know or does not want to say.
SKIP = "skip"
#: An answer longer than this is a story: only what is said plainly counts.
SHORT = 7
_MOST_PEOPLE = 10_000
_DIGITS = re.compile(r"(?<!\w)(?:\d{1,3}(?:[ .,]\d{3})+|\d+)(?!\w)")
_YEARS = re.compile(r"(?<!\d)(\d{1,2})\s*(?:ans?|annees?|3am|snin|عام|سنه|سنوات|سنين)(?!\w)")
_MONTHS = re.compile(r"\b(?:mois|chhar|chhour|شهر|شهور|اشهر)\b")


class Kind(str, Enum):
    """What an answer is."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    COUNT = "count"
    AMOUNT = "amount"
    AGE = "age"
    YEARS = "years"
    PLACE = "place"


class Option(_Strict):
    """One answer to choose.

    Attributes:
        value: what it means; for a threshold of the law `reference` names the record's value instead, `plus` is added to it.
        title: what stands on the button.
        words: how people say it.
        subject: the subject whose names say it too.
        hidden: whether it is understood but not shown.
    """

    value: int | str | None = None
    reference: str | None = None
    plus: int = 0
    title: Texts
    words: list[str] = []
    subject: str | None = None
    hidden: bool = False

    @root_validator(skip_on_failure=True)
    def _means_something(cls, fields: dict[str, Any]) -> dict[str, Any]:
        if (fields["value"] is None) == (fields["reference"] is None):
            raise ValueError("needs a value or a reference")
        return fields

    def meaning(self, knowledge: Knowledge) -> int | str:
        """What it stands for."""
        if self.reference is None:
            return self.value if self.value is not None else ""
        return int(number_of(knowledge, self.reference)) + self.plus


class Question(_Strict):
    """One question.

    Attributes:
        id: the field of the profile.
        kind: what an answer is.
        ask: the question.
        explain: what is said when an answer was not understood.
        options: the answers to choose.
        skip: whether one may not know.
    """

    id: str
    kind: Kind
    ask: Answer
    explain: Answer
    options: list[Option] = []
    skip: bool = False


@dataclass(frozen=True)
class Choice:
    """An answer as it is shown: its meaning and its title."""

    value: int | str
    title: str


_YES = {"fr": "Oui", "ar": "نعم", "ary": "إيه"}
_NO = {"fr": "Non", "ar": "لا", "ary": "لا"}
_UNKNOWN = {"fr": "Je ne sais pas", "ar": "لا أعرف", "ary": "ماعرفتش"}


def choices(question: Question, knowledge: Knowledge, language: str) -> list[Choice]:
    """The answers to show on buttons; none for a place, which has its own."""
    found = [Choice(option.meaning(knowledge), said(knowledge, option.title, language)) for option in question.options if not option.hidden]
    if question.kind is Kind.YES_NO:
        found = [Choice("yes", _YES[language]), Choice("no", _NO[language])]
    return [*found, Choice(SKIP, _UNKNOWN[language])] if question.skip else found


def title_of(question: Question, knowledge: Knowledge, value: Any, language: str) -> str | None:
    """What a given answer is called; None where it is a free one."""
    return next((choice.title for choice in choices(question, knowledge, language) if choice.value == value), None)


@lru_cache(maxsize=1)
def _short_answers() -> dict[str, list[str]]:
    """How people say yes, no, and that they do not know."""
    found: dict[str, list[str]] = {}
    with SHORT_ANSWERS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found.setdefault(row["meaning"], []).append(row["phrase"])
    return found


@lru_cache(maxsize=64)
def _names(field: str) -> Gazetteer:
    """The words by which the options of a question are said."""
    question, knowledge = questions()[field], load()
    if question.kind is Kind.YES_NO:
        return Gazetteer({meaning: phrases for meaning, phrases in _short_answers().items() if meaning != SKIP})
    names = {}
    for option in question.options:
        subject = knowledge.subjects[option.subject].names if option.subject else []
        titles = [said(knowledge, option.title, language) for language in REPLY_LANGUAGES]
        names[str(option.meaning(knowledge))] = [name for name in (*titles, *option.words, *subject) if not name.isdigit()]
    return Gazetteer(names)


@lru_cache(maxsize=1)
def _skipped() -> Gazetteer:
    return Gazetteer({SKIP: _short_answers()[SKIP]})


def understand(question: Question, text: str, knowledge: Knowledge) -> int | str | None:
    """What a typed answer means: one of the options' values, a number, `skip`; None when it is not understood.

    Places are not read here: the gazetteer of places does that.
    """
    typed = normalise(text).strip(" .!?؟")
    exact = [option for option in question.options if typed in {normalise(said(knowledge, option.title, language)) for language in REPLY_LANGUAGES}]
    if exact:
        return exact[0].meaning(knowledge)
    if question.skip and len(tokens(text)) <= SHORT and _skipped().find(text):
        return SKIP
    if question.kind in (Kind.AMOUNT, Kind.AGE, Kind.YEARS):
        number = _number(question.kind, text)
        return number if number is not None else _option(question, text)
    if question.kind is Kind.COUNT:
        digits = _count(_numbers(text))
        meant = _option(question, text) if digits is None else digits
        return _count(numbers_in_words(text)) if meant is None else meant
    return _option(question, text)


def _option(question: Question, text: str) -> int | str | None:
    """The option whose words a text holds; where it holds those of several, of the longest; "X, not Y" means X."""
    values = _values(question, text)
    if len(values) > 1 and (meant := without_what_is_not_meant(text)) != text:
        values = _values(question, meant) or values
    if question.id == "led" and {"women", "youth"} <= set(values):
        return "women_youth"
    if not values:
        return None
    if question.kind is Kind.YES_NO:
        return next(iter(values))  # "non, oui je ..." begins with the answer
    best = max(values, key=lambda value: values[value])
    return int(best) if re.fullmatch(r"-?\d+", best) else best


def _values(question: Question, text: str) -> dict[str, tuple[int, float]]:
    """The options that a text names, each with how much of it names it and how surely."""
    found: dict[str, tuple[int, float]] = {}
    for match in _names(question.id).find(text):
        found[match.id] = max(found.get(match.id, (0, 0.0)), (len(match.words), match.confidence))
    return found


#: Words after which stands what is not meant.
NOT = frozenset(("machi", "mashi", "machy", "pas", "ماشي", "ليس", "ليست", "وليس", "وليست", "mouch", "moch", "plutot"))
_CLAUSE = re.compile(r"[,،;؛.]")


def without_what_is_not_meant(text: str) -> str:
    """A text like "Agadir machi Rabat" or "pas Rabat, Agadir" without Rabat; the text itself where nothing is taken back."""
    words = tokens(text)
    cut = next((position for position, word in enumerate(words) if word in NOT), None)
    if cut is None:
        return text
    return " ".join(words[:cut]) if cut else _CLAUSE.split(text)[-1]


def _numbers(text: str) -> list[int]:
    """The numbers written in digits, in order."""
    return [int(re.sub(r"\D", "", found)) for found in _DIGITS.findall(normalise(text)) if len(found) <= _LONGEST_NUMBER]


def _count(numbers: list[int]) -> int | None:
    """How many people the numbers of a text say: of "5 pas 6" and "5 ou 6" the first counts."""
    return numbers[0] if numbers and 1 <= numbers[0] <= _MOST_PEOPLE else None


_LONGEST_NUMBER = 12
_YOUNGEST, _OLDEST = 10, 99


def _number(kind: Kind, text: str) -> int | None:
    """The number a text gives for a question of this kind."""
    digits = _numbers(text)
    alone = digits[0] if len(digits) == 1 else None
    if kind is Kind.AMOUNT:
        said_amounts = amounts(text)
        return said_amounts[0] if said_amounts else alone if len(tokens(text)) <= SHORT else None
    if kind is Kind.AGE:
        years = age(text) or alone
        return years if years is not None and _YOUNGEST <= years <= _OLDEST else None
    if _MONTHS.search(normalise(text)):
        whole = _YEARS.search(normalise(text))
        return int(whole.group(1)) if whole else (alone or 0) // 12
    return alone if alone is not None and alone <= _OLDEST and len(tokens(text)) <= SHORT else None


def read_questions(path: Path, knowledge: Knowledge) -> dict[str, Question]:
    """Read and check the questions.

    Raises:
        KnowledgeError: with one line for every fault.
    """
    faults: list[str] = []
    found = unique(path, Question, faults)
    faults += [f"{path.name}: record {question.id}: {fault}" for question in found.values() for fault in _misfits(question, knowledge)]
    faults += [f"{path.name}: there is no question for '{field}'" for field in FIELDS if field not in found]
    if faults:
        raise KnowledgeError("\n".join(faults))
    return found


def _misfits(question: Question, knowledge: Knowledge) -> Iterator[str]:
    if question.id not in FIELDS:
        yield "field id: is no field of a profile"
    if question.kind is Kind.CHOICE and not question.options:
        yield "field options: there are none"
    for option in question.options:
        if option.subject and option.subject not in knowledge.subjects:
            yield f"field options: there is no subject '{option.subject}'"
        if option.reference:
            try:
                value_of(knowledge, option.reference)
            except KeyError as error:
                yield f"field options: {error.args[0]}"
        # Round sums to choose from are no facts: their figures may stand in a title.
        faults = [fault for fault in text_faults(knowledge, "options.title", option.title) if "holds the figure" not in fault]
        yield from faults
        for title in [] if faults else [said(knowledge, option.title, language) for language in REPLY_LANGUAGES]:
            if len(title) > LONGEST_TITLE:
                yield f"field options.title: '{title}' has {len(title)} characters, at most {LONGEST_TITLE} fit a button"


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """The project's own questions by field, read once."""
    return read_questions(GUIDANCE / QUESTIONS, load())


def asked(fields: Iterable[str], knowledge: Knowledge) -> dict[str, list[int | str]]:
    """The answers that can be chosen for each field, without the one of who does not know."""
    return {field: [choice.value for choice in choices(questions()[field], knowledge, "fr") if choice.value != SKIP] for field in fields}
