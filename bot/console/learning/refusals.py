"""Why a line must not be learnt: it measures Dalil, it is learnt already, it means something else elsewhere, or what it asks for does not exist.

A question of the evaluation that is learnt measures nothing any more. The texts of the sealed share are compared with, and never shown: the
answer is the same whichever question it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from bot import learnt
from bot.console.learning.models import OUTSIDE, Correction, Kind
from bot.console.review.models import EvaluationQuestion
from bot.knowledge.store import load
from bot.learnt import bones, key
from bot.nlu.lines import written_intents, written_lines
from bot.settings import settings

#: What a line asks for: `record` or `intent`, and its id.
Meaning = tuple[str, str]


@dataclass
class Meanings:
    """What texts are known to mean, by the key and the bones of each."""

    by_key: dict[str, Meaning] = field(default_factory=dict)
    by_bones: dict[str, set[Meaning]] = field(default_factory=dict)

    def add(self, text: str, meaning: Meaning) -> None:
        """Note what a text means."""
        self.by_key.setdefault(key(text), meaning)
        if code := bones(text):
            self.by_bones.setdefault(code, set()).add(meaning)

    def other(self, text: str, meaning: Meaning) -> Meaning | None:
        """What else of the same kind the text means in another script."""
        found = self.by_bones.get(bones(text) or "", set())
        return next((other for other in sorted(found) if other[0] == meaning[0] and other != meaning), None)


def meaning_of(kind: str, target: str) -> Meaning:
    """What a correction asks for; outside the scope is an intent."""
    return ("record", target) if kind == Kind.RECORD else ("intent", OUTSIDE if kind == Kind.OUTSIDE else target)


@lru_cache(maxsize=1)
def _trained() -> Meanings:
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
    """Keys and bones of the questions of this release's evaluation."""
    from bot.evaluation import SHARES, read_questions  # with it come the ranking's libraries: the pages need them only here

    return _marks(question.text for share in SHARES for question in read_questions(share))


def _marks(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(mark for text in texts for mark in (key(text), bones(text)) if mark)


@dataclass(frozen=True)
class Known:
    """All texts that a new line is compared with.

    Attributes:
        measuring: keys and bones of the questions that every model is asked.
        trained: what the release and the learnt lines teach.
        approved: what was approved and waits to be learnt.
    """

    measuring: frozenset[str]
    trained: tuple[Meanings, Meanings]
    approved: Meanings

    @classmethod
    def now(cls, except_turns: Iterable[int] = ()) -> Known:
        """What is known now; the corrections of some turns are left out.

        Raises:
            bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
        """
        staff = _marks(EvaluationQuestion.objects.values_list("text", flat=True))
        lines, approved = Meanings(), Meanings()
        for line in learnt.read(learnt.file(settings())):
            lines.add(line.text, ("record", line.record) if line.record else ("intent", str(line.intent)))
        for correction in Correction.objects.filter(state=Correction.State.APPROVED).exclude(turn__in=list(except_turns)):
            approved.add(correction.text, meaning_of(correction.kind, correction.target))
        return cls(_measuring() | staff, (_trained(), lines), approved)


def refusal(text: str, variety: str, kind: str, target: str, known: Known) -> str | None:
    """Why a line must not be learnt, in a sentence; None where it may be."""
    meaning = meaning_of(kind, target)
    if not key(text):
        return _("Cette phrase ne contient aucun mot.")
    if kind == Kind.RECORD and target not in load().records:
        return _("La fiche « %(target)s » n'existe pas, ou plus.") % {"target": target}
    if kind == Kind.INTENT and target not in written_intents():
        return _("L'intention « %(target)s » n'existe pas, ou plus.") % {"target": target}
    if not _in_script(text, variety):
        return _("La langue choisie ne s'écrit pas dans cet alphabet.")
    if {key(text), bones(text)} & known.measuring:
        return _("Cette phrase sert à mesurer Dalil. Si elle était apprise, elle ne mesurerait plus rien.")
    for meanings in known.trained:
        if (other := meanings.by_key.get(key(text))) == meaning:
            return _("Dalil apprend déjà cette phrase, avec ce sens. L'apprendre deux fois ne changerait rien.")
        if other := other or meanings.other(text, meaning):
            return _("Dalil apprend déjà cette phrase avec un autre sens : « %(target)s ».") % {"target": other[1]}
    if (other := known.approved.by_key.get(key(text))) == meaning:
        return _("Cette phrase est déjà approuvée, avec ce sens.")
    if other := other or known.approved.other(text, meaning):
        return _("Cette phrase est déjà approuvée avec un autre sens : « %(target)s ».") % {"target": other[1]}
    return None


def _in_script(text: str, variety: str) -> bool:
    """Whether a text is written in the letters of its variety; one without letters is."""
    from bot.language.identify import script_of

    return script_of(text) in (None, "arabic" if variety in ("ar", "ary-Arab") else "latin")
