"""What was said while a question stands: its answer, a correction of an earlier one, something else altogether, or not understood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.guidance.checklist import Checklist
from bot.guidance.questions import NOT, SHORT, SKIP, Kind, questions, understand, without_what_is_not_meant
from bot.knowledge.store import Knowledge
from bot.language.amounts import age, amounts
from bot.language.counting import count_words
from bot.language.normal import tokens
from bot.language.skeleton import without_prefix, word_skeleton
from bot.places.regions import place_gazetteer, places

#: Words that take back what was said.
_TAKING_BACK = frozenset(
    ("non", "la", "lla", "lala", "لا", "لالا", "pardon", "smehli", "sm7li", "سمحليا", "سمحلي", "عفوا", "erreur", "trompe", "غلطت", "ghlet", "ghalta", "غلط")
)
#: Those of them that answer no question.
_PLAINLY = _TAKING_BACK - {"non", "la", "lla", "lala", "لا", "لالا"}
#: "non, ..." with a pause after it.
_AFTER_A_PAUSE = re.compile(r"\s*\w+\s*[,،.;؛]")
#: Wishes that are heard whatever question stands, if they are said in more than a few words or answer nothing.
_ELSEWHERE = ("human", "leave", "menu", "start_over", "change_language", "delete_data", "privacy", "thank", "goodbye")
#: What begins another journey: heard in more than a few words.
_JOURNEYS = ("choose_form", "checklist", "seek_financing", "seek_training")
_VERY_SURE = 0.8
#: Intents that may be had as an answer, not as something else.
_ANSWERS = ("affirm", "deny", "out_of_scope", "nlu_fallback", "")
#: From this confidence on an intent is believed while a question stands.
_SURE = 0.6
#: An answer of at most so many words is taken for one even where the words might ask something.
_FEW = 3
_QUESTION_MARKS = ("?", "؟")


@dataclass(frozen=True)
class Heard:
    """A typed message.

    Attributes:
        text: as typed.
        intent: what the classifier took it for.
        confidence: how surely, 0 to 1.
        answerable: whether the knowledge base would answer it.
    """

    text: str
    intent: str
    confidence: float
    answerable: bool


class Reading(str, Enum):
    """What a message is while a question stands."""

    ANSWER = "answer"
    ASIDE = "aside"
    UNCLEAR = "unclear"


def read(field: str, order: Sequence[str], answers: Mapping[str, Any], heard: Heard, knowledge: Knowledge, own: str = "") -> tuple[Reading, dict[str, Any]]:
    """What a message says to the question for `field`.

    Args:
        field: what was asked last.
        order: the fields of the journey, in the order in which they are asked.
        answers: what was said before, by field.
        heard: the message.
        knowledge: the knowledge base.
        own: the intent that begins the journey under way: to say it again is no aside.

    Returns:
        What it is, and the answers in it (to this question, or corrections of earlier ones).
    """
    words = tokens(heard.text)
    if corrected := correction(field, order, answers, heard, knowledge):
        return Reading.ANSWER, corrected
    value = _value(field, heard.text, knowledge)
    sure = heard.confidence >= _VERY_SURE
    leaving = heard.intent == "leave" and heard.confidence >= _SURE
    if (leaving or sure and heard.intent in _ELSEWHERE) and (value is None or len(words) > 1):
        return Reading.ASIDE, {}
    if sure and heard.intent in _JOURNEYS and heard.intent != own and len(words) >= _FEW:
        return Reading.ASIDE, {}
    asks = heard.intent.startswith(("ask_", "find_", "seek_")) and heard.confidence >= _SURE
    marked = heard.text.rstrip().endswith(_QUESTION_MARKS)
    again = bool(own) and heard.intent == own
    question = not again and ((asks and (heard.answerable or marked)) or (heard.answerable and (marked or len(words) > _FEW)))
    if value is not None and (len(words) <= _FEW or not question):
        return Reading.ANSWER, {field: value}
    if len(words) <= _FEW and not marked and (early := _answer_to_another(field, order, answers, heard.text, knowledge)):
        return Reading.ANSWER, early
    if question or (value is None and not again and heard.intent not in _ANSWERS and heard.confidence >= _SURE):
        return Reading.ASIDE, {}
    return Reading.UNCLEAR, {}


def _answer_to_another(field: str, order: Sequence[str], answers: Mapping[str, Any], text: str, knowledge: Knowledge) -> dict[str, Any]:
    """What a few words say to a question that is still to come."""
    for name in order:
        if name != field and answers.get(name) is None and questions()[name].kind in (Kind.CHOICE, Kind.PLACE):
            value = _value(name, text, knowledge)
            if value not in (None, SKIP):
                return {name: value}
    return {}


def _value(field: str, text: str, knowledge: Knowledge) -> Any:
    question = questions()[field]
    if question.kind is Kind.PLACE:
        return meant_place(text) or (understand(question, text, knowledge) if len(tokens(text)) <= SHORT else None)
    return understand(question, text, knowledge)


def correction(field: str | None, order: Sequence[str], answers: Mapping[str, Any], heard: Heard, knowledge: Knowledge) -> dict[str, Any]:
    """An earlier answer taken back: "la, f Agadir machi Rabat", "pardon, on est 6".

    Args:
        field: the question that stands, if there is one.
        order: the fields of the journey.
        answers: what was said before, by field.
        heard: the message.
        knowledge: the knowledge base.

    Returns:
        The field with its new answer; nothing where none is taken back.
    """
    words = tokens(heard.text)
    taken_back = bool(words) and words[0] in _TAKING_BACK
    if not (taken_back or NOT & set(words)) or len(words) < 2:
        return {}
    standing = questions()[field].kind if field else None
    rest = heard.text.split(maxsplit=1)[1] if taken_back and len(heard.text.split()) > 1 else heard.text
    understood = standing not in (None, Kind.YES_NO) and _value(str(field), heard.text, knowledge) is not None
    bare_number = understood and standing is Kind.AMOUNT and taken_back and not amounts(heard.text)  # "non, on est 6" is no sum
    if understood and not bare_number:
        return {}
    plainly = words[0] in _PLAINLY or "plutot" in words or (bool(_AFTER_A_PAUSE.match(heard.text)) and not NOT & set(words))
    for name in reversed([name for name in order if name != field and answers.get(name) not in (None, SKIP)]):
        # A "no" may be the answer: then only a number or a place says that something else is meant.
        kind = questions()[name].kind
        if kind is Kind.YES_NO or (standing is Kind.YES_NO and kind is Kind.CHOICE and not plainly) or (bare_number and kind is not Kind.COUNT):
            continue
        if kind is Kind.AMOUNT and age(rest) is not None and not amounts(rest):
            continue  # years are no dirhams
        value = _value(name, rest, knowledge)
        if value is not None and value not in (SKIP, answers[name]):
            return {name: value}
    return {}


def meant_place(text: str) -> str | None:
    """The place that a message means: "Agadir machi Rabat" means Agadir; a town goes before its region. None where none is named."""
    found = _places(text)
    if len(found) > 1 and (meant := _places(without_what_is_not_meant(text))):
        found = meant
    elif found and tokens(text)[0] in NOT and len(found) == 1:
        return None  # "not Rabat" says no place
    return min(found, key=lambda place: places()[place].kind == "region", default=None)


def _places(text: str) -> list[str]:
    return list(dict.fromkeys(match.id for match in place_gazetteer().find(text)))


def volunteered(order: Sequence[str], answers: Mapping[str, Any], text: str, knowledge: Knowledge) -> dict[str, Any]:
    """What the message that starts a journey already says: a sum, an age, a place, a form, a sector, who leads.

    Only what is said plainly: numbers with their unit, names from lists.
    """
    found: dict[str, Any] = {}
    for field in order:
        kind = questions()[field].kind
        if answers.get(field) is not None or kind in (Kind.YES_NO, Kind.COUNT, Kind.YEARS) or field in ("goal", "teaching", "turnover", "money"):
            continue
        if kind in (Kind.AMOUNT, Kind.AGE) and not _with_unit(kind, text):
            continue
        value = _value(field, text, knowledge)
        if value is not None and value != SKIP:
            found[field] = value
    return found


def _with_unit(kind: Kind, text: str) -> bool:
    return bool(amounts(text)) if kind is Kind.AMOUNT else age(text) is not None


def meant_step(checklist: Checklist, text: str) -> str | None:
    """The step that a message names: by its number ("étape 3"), or by words of its title or office; None where it names none."""
    words = tokens(text)
    numbers = [int(word) if word.isdecimal() else count_words()[word] for word in words if word.isdecimal() or (_STEP & set(words) and word in count_words())]
    numbers += [int(found) for found in _ORDINAL.findall(" ".join(words))]
    if numbers and (_STEP & set(words) or len(words) <= _FEW):
        return next((step.id for step in checklist.steps if step.number == numbers[0]), None)
    named = {step.id: _telling_words(f"{step.title} {step.office_title or ''}") for step in checklist.steps}
    common = Counter(word for found in named.values() for word in found)
    # A word of one step's title tells more than one that stands in several.
    scores = {name: sum(1 / common[word] for word in found & _telling_words(text)) for name, found in named.items()}
    best = max(scores.values(), default=0.0)
    named_best = [step for step in checklist.steps if scores[step.id] == best] if best >= _TELLS else []
    # Of steps that are named equally, the first that is still to be done.
    return next((step.id for step in [*(step for step in named_best if not step.done), *named_best]), None)


def is_not_done(text: str) -> bool:
    """Whether a message says that a step is not done: "l'étape 1 n'est pas faite", مازال."""
    words = set(tokens(text))
    return bool(words & _NOT_DONE) or any(word.startswith(("ما", "ma")) and word.endswith(("ش", "ch", "sh")) and len(word) > _TELLING for word in words)


_NOT_DONE = frozenset(["pas", "mazal", "مازال", "لم", "ليس", "ليست"])


def _telling_words(text: str) -> set[str]:
    return {word_skeleton(without_prefix(word)) or word for word in tokens(text) if len(word) >= _TELLING}


#: A word that three steps share tells enough; one that more share does not.
_TELLS = 0.3
#: Words of fewer letters tell no step apart.
_TELLING = 3
_ORDINAL = re.compile(r"\b(\d+)(?:e|eme|ere|er)\b")
#: What a number must stand beside to be a step's.
# fmt: off
_STEP = frozenset((
    "etape", "etapes", "point", "numero", "step", "marhala", "mar7ala", "lmar7ala", "khotwa", "ra9m", "nemra",
    "مرحله", "المرحله", "خطوه", "الخطوه", "رقم", "نمره",
))
# fmt: on
