"""Everything below data/guidance/, read and checked at once."""

from __future__ import annotations

from collections.abc import Callable, Sized

from bot.guidance.checklist import checklists
from bot.guidance.choosing import form_rules
from bot.guidance.matching import financing, training
from bot.guidance.questions import questions
from bot.knowledge.records import KnowledgeError

_FILES: tuple[Callable[[], Sized], ...] = (
    questions,
    form_rules,
    lambda: [step for steps in checklists().values() for step in steps],
    lambda: financing().offers,
    lambda: training().offers,
)


def check() -> int:
    """Read all files of the journeys.

    Returns:
        How many records they hold.

    Raises:
        KnowledgeError: with one line for every fault in any file.
    """
    faults, count = [], 0
    for read in _FILES:
        try:
            count += len(read())
        except KnowledgeError as error:
            faults.append(str(error))
    if faults:
        raise KnowledgeError("\n".join(faults))
    return count
