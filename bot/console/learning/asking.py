"""The questions that every model is asked before it is promoted, and its answers. With it comes Rasa: only a run's own process imports it."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from bot.assistant import Assistant
from bot.console.learning.meaning import meant_by
from bot.console.learning.results import Share
from bot.console.review.models import OUTSIDE, EvaluationQuestion, Meant
from bot.evaluation import SHARES, Question, Result, ask_all, read_questions, widening
from bot.learnt import LearntLine

#: Questions by the share that they belong to.
Questions = Mapping[str, Sequence[Question]]
#: The area of a question that has none; any will do that is not judged by rules of its own.
_ANY = "record"


def all_questions() -> Questions:
    """The open and the sealed questions, and those that staff took from conversations."""
    return {**{share: read_questions(share) for share in SHARES}, Share.STAFF.value: staff_questions()}


def some_of(questions: Questions, extent: int, first: int) -> Questions:
    """One in `extent` questions of each share, beginning with another one for each `first`: else models would be chosen for the same few."""
    return {share: of_share[first % extent :: extent] for share, of_share in questions.items()}


def staff_questions() -> list[Question]:
    """The questions that staff took from conversations; one without records must be refused."""
    widened = widening()
    rows = EvaluationQuestion.objects.order_by("id")
    return [
        Question(row.text, row.variety, row.area or _ANY, widened(row.expect)) if row.expect else Question(row.text, row.variety, OUTSIDE, ("refuse",))
        for row in rows
    ]


def of_lines(lines: Iterable[LearntLine]) -> list[Question]:
    """The learnt lines as questions: whether they are understood now."""
    widened = widening()
    found = []
    for line in lines:
        meant, target = meant_by(line)
        if meant is Meant.RECORD:
            found.append(Question(line.text, line.variety, _ANY, widened([target])))
        elif meant is Meant.OUTSIDE:
            found.append(Question(line.text, line.variety, OUTSIDE, ("refuse",)))
        else:
            found.append(Question(line.text, line.variety, "smalltalk", (target,)))
    return found


def ask(model: Path, questions: Questions, progress: Callable[[float], None]) -> dict[str, list[Result]]:
    """What a model makes of all questions.

    Args:
        model: its file.
        questions: what it is asked.
        progress: told the share of questions that were asked, 0 to 1.
    """
    asked, count = 0, max(1, sum(len(of_share) for of_share in questions.values()))

    def counted(of_share: Sequence[Question]) -> Iterator[Question]:
        nonlocal asked
        for question in of_share:
            progress(asked / count)
            asked += 1
            yield question

    assistant = Assistant.load(model)
    found = {share: asyncio.run(ask_all(assistant, counted(of_share))) for share, of_share in questions.items()}
    del assistant
    gc.collect()  # the next model is loaded when this one is gone
    return found
