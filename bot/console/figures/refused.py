"""What people asked that Dalil could not answer, the same questions together."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from bot.console.figures.grouping import group
from bot.console.figures.scope import Scope
from bot.transcript import Kind, Outcome

#: How many texts are compared, the latest.
MOST = 500
#: How many groups are listed, and of each how many texts.
_GROUPS = 30
_TEXTS = 20


@dataclass(frozen=True)
class Said:
    """A text, how often it was said, and where it was said last."""

    text: str
    times: int
    address: str


@dataclass(frozen=True)
class Question:
    """Texts that ask the same thing: one that stands for all, how many there are, the others; how many texts are not listed."""

    first: Said
    count: int
    others: list[Said]
    left_out: int


def refused(scope: Scope) -> tuple[list[Question], int]:
    """The questions asked most often, and how many texts were compared.

    Raises:
        PermissionError: behind the wall, where nobody's words are shown.
    """
    if scope.walled:
        raise PermissionError
    outside = scope.turns().filter(outcome=Outcome.REFUSED.value, kind=Kind.TEXT.value)
    rows = list(outside.order_by("-id").values_list("text", "conversation_id", "id")[:MOST])
    where = {text: _address(sender, turn) for text, sender, turn in reversed(rows)}
    questions = [
        Question(
            Said(found.text, found.count - sum(times for _text, times in found.others), where[found.text]),
            found.count,
            [Said(text, times, where[text]) for text, times in found.others[:_TEXTS]],
            max(0, len(found.others) - _TEXTS),
        )
        for found in group(text for text, _sender, _turn in rows)[:_GROUPS]
    ]
    return questions, len(rows)


def _address(sender: str, turn: int) -> str:
    return f"{reverse('conversation', args=[sender])}?turn={turn}#turn-{turn}"
