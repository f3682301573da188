"""The texts that a new line, or a new question of the evaluation, is compared with: what is taught, what was approved, what measures.

Texts are compared as the guard on the test questions does (tests/nlu/test_data.py): by their words in normal form, and by their skeleton when
that is long enough not to be met by chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from bot import learnt
from bot.console.learning.meaning import Meaning, meaning_of, taught_by
from bot.console.learning.models import Correction
from bot.console.review.models import EvaluationQuestion
from bot.knowledge.store import load
from bot.learnt import bones, key
from bot.nlu.lines import written_lines
from bot.settings import settings


def marks(text: str) -> frozenset[str]:
    """What two spellings of one text share, any of it; empty for a text without words."""
    return frozenset(mark for mark in (key(text), bones(text)) if mark)


@dataclass
class Meanings:
    """What texts are known to mean, by the key and the bones of each."""

    by_key: dict[str, Meaning] = field(default_factory=dict)
    by_bones: dict[str, set[Meaning]] = field(default_factory=dict)

    def __contains__(self, text: str) -> bool:
        """Whether a text is known, in any spelling or script."""
        return key(text) in self.by_key or bones(text) in self.by_bones

    def add(self, text: str, meaning: Meaning) -> None:
        """Note what a text means; one without words means nothing."""
        if key(text):
            self.by_key.setdefault(key(text), meaning)
        if code := bones(text):
            self.by_bones.setdefault(code, set()).add(meaning)

    def other(self, text: str, meaning: Meaning) -> Meaning | None:
        """What else of the same kind the text means in another script."""
        found = self.by_bones.get(bones(text) or "", set())
        return next((other for other in sorted(found) if other[0] == meaning[0] and other != meaning), None)


@lru_cache(maxsize=1)
def _released() -> Meanings:
    """The lines of this release: those of `data/nlu` and the records' own questions."""
    found = Meanings()
    for line in written_lines():
        found.add(line.text, ("intent", line.intent))
    for record in load().records.values():
        for _variety, question in record.questions.by_variety():
            found.add(question, ("record", record.id))
    return found


@lru_cache(maxsize=1)
def _measuring() -> frozenset[str]:
    """The marks of the questions of this release's evaluation."""
    from bot.evaluation import SHARES, read_questions  # with it come the ranking's libraries: the pages need them only here

    return _marks(question.text for share in SHARES for question in read_questions(share))


def _marks(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(mark for text in texts for mark in marks(text))


@dataclass(frozen=True)
class Known:
    """All texts that a new one is compared with.

    Attributes:
        measuring: the marks of the questions that every model is asked.
        trained: what the release and the learnt lines teach.
        approved: what was approved and waits to be learnt.
    """

    measuring: frozenset[str]
    trained: tuple[Meanings, Meanings]
    approved: Meanings

    @classmethod
    def now(cls, except_turns: Iterable[int] = ()) -> Known:
        """What is known now; the corrections of some turns are left out.

        What was approved is read before the learnt lines: a line that is learnt at this moment is found in one of them.

        Raises:
            bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
        """
        approved, lines = Meanings(), Meanings()
        for correction in Correction.objects.filter(state=Correction.State.APPROVED).exclude(turn__in=list(except_turns)):
            approved.add(correction.text, meaning_of(correction.kind, correction.target))
        for line in learnt.read(learnt.file(settings())):
            lines.add(line.text, taught_by(line))
        staff = _marks(EvaluationQuestion.objects.values_list("text", flat=True))
        return cls(_measuring() | staff, (_released(), lines), approved)
