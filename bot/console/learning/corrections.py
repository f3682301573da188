"""The turns that somebody found misunderstood and nobody has decided upon; what was approved and is not learnt yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from bot.console.accounts.models import Staff
from bot.console.conversations.models import Turn
from bot.console.learning.known import Known
from bot.console.learning.meaning import TAUGHT, meaning_of
from bot.console.learning.models import Correction
from bot.console.learning.refusals import refusal
from bot.console.review.models import Review, Verdict
from bot.delivery.guard import plain
from bot.language.variety import SERVED
from bot.privacy.redact import redact
from bot.transcript import Kind

#: What a line can be written in.
VARIETIES = tuple(variety.value for variety in SERVED)


@dataclass(frozen=True)
class Opinion:
    """What a message meant, by those who think so."""

    kind: str
    target: str
    reviews: tuple[Review, ...]

    @property
    def id(self) -> int:
        """The number that stands for it in a form: that of its first review."""
        return int(self.reviews[0].pk)

    @property
    def notes(self) -> list[str]:
        """What they wrote beside it."""
        return [review.note for review in self.reviews if review.note]

    def seconded_by(self, staff: Staff) -> Review | None:
        """The review that `staff` may approve: that of somebody else; None where all are their own."""
        return next((review for review in self.reviews if review.reviewer_id != staff.pk), None)


@dataclass(frozen=True)
class Case:
    """A turn to decide upon.

    Attributes:
        turn: what was said, and what the bot did.
        opinions: what it meant; more than one where reviewers differ.
        right: those who found the bot right.
    """

    turn: Turn
    opinions: tuple[Opinion, ...]
    right: tuple[Staff, ...]

    @property
    def disputed(self) -> bool:
        """Whether reviewers differ."""
        return len(self.opinions) > 1 or bool(self.right)


def undecided() -> QuerySet[Review]:
    """The reviews that a line could be learnt from."""
    wrong = Review.objects.filter(verdict=Verdict.WRONG, meant__in=TAUGHT, turn__kind=Kind.TEXT.value)
    return wrong.exclude(turn_id__in=Correction.objects.values("turn"))


def undecided_turns() -> list[int]:
    """The numbers of the turns to decide upon, the oldest first."""
    return list(undecided().order_by("turn_id").values_list("turn_id", flat=True).distinct())


def cases(turns: Sequence[int]) -> list[Case]:
    """What there is to decide about some turns."""
    wrong: dict[int, dict[tuple[str, str], list[Review]]] = defaultdict(lambda: defaultdict(list))
    for review in undecided().filter(turn_id__in=turns).select_related("reviewer").order_by("id"):
        wrong[review.turn_id][review.meant, review.target].append(review)
    right: dict[int, list[Staff]] = defaultdict(list)
    for review in Review.objects.filter(turn_id__in=turns, verdict=Verdict.RIGHT).select_related("reviewer").order_by("id"):
        right[review.turn_id].append(review.reviewer)
    found = Turn.objects.in_bulk(list(wrong))
    return [Case(found[turn], _opinions(wrong[turn]), tuple(right[turn])) for turn in turns if turn in wrong]


def _opinions(by_meaning: dict[tuple[str, str], list[Review]]) -> tuple[Opinion, ...]:
    return tuple(Opinion(kind, target, tuple(reviews)) for (kind, target), reviews in by_meaning.items())


def one_line(text: str) -> str:
    """A text as it can be learnt: on one line, without invisible marks, masked."""
    return redact(" ".join(plain(text).split()))


@dataclass(frozen=True)
class Waiting:
    """An approved line, and why it cannot be learnt after all, if so."""

    correction: Correction
    fault: str | None


def waiting() -> list[Waiting]:
    """The approved lines that are not learnt yet.

    Since a line was approved its text may have become a question of the evaluation, or its record may have gone. Two that were approved at the
    same moment may be one: each is compared with those accepted before it.

    Raises:
        bot.knowledge.records.KnowledgeError: when the file of learnt lines is broken.
    """
    approved = list(Correction.objects.filter(state=Correction.State.APPROVED).select_related("decided_by"))
    known = Known.now(except_turns=[correction.turn for correction in approved])
    found = []
    for one in approved:
        fault = refusal(one.text, one.variety, one.kind, one.target, known)
        if fault is None:
            known.approved.add(one.text, meaning_of(one.kind, one.target))
        found.append(Waiting(one, fault))
    return found


def learnable(entries: Iterable[Waiting]) -> list[Correction]:
    """Those that can be learnt."""
    return [entry.correction for entry in entries if entry.fault is None]
