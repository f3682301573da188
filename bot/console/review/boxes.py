"""What is shown of reviews beside a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from django.http import HttpRequest

from bot.console.accounts import roles
from bot.console.accounts.access import StaffRequest
from bot.console.accounts.models import Staff
from bot.console.conversations.models import Turn
from bot.console.review.evaluation import expected
from bot.console.review.forms import RECORD, MeantForm
from bot.console.review.models import EvaluationQuestion, Meant, Queue, Review, Tag, TurnTag, Verdict
from bot.console.review.records import MOST, found
from bot.transcript import Outcome


class Shared:
    """What the turns of a page have in common, read once a page, when it is needed."""

    @cached_property
    def tags(self) -> list[Tag]:
        """All tags."""
        return list(Tag.objects.all())

    @cached_property
    def questions(self) -> set[int]:
        """The turns that evaluation questions were made of."""
        return {turn for turn in EvaluationQuestion.objects.values_list("turn", flat=True) if turn is not None}


_shared: WeakKeyDictionary[HttpRequest, Shared] = WeakKeyDictionary()


def shared(request: HttpRequest) -> Shared:
    """What the turns of the page that answers a request have in common."""
    return _shared.setdefault(request, Shared())


@dataclass
class Box:
    """The judgements of a turn, as one reviewer sees them.

    Attributes:
        turn: which.
        reviews: all of them, or only one's own while reading for the second time.
        tags: its tags.
        staff: who looks.
        page: what it shares with other turns of the page.
        queue: the queue it was taken from; empty in a transcript.
        asks: whether what was meant is asked for now.
        form: what was filled in so far; None to begin with what is stored.
    """

    turn: Turn
    reviews: Sequence[Review]
    tags: Sequence[TurnTag]
    staff: Staff
    page: Shared
    queue: str = ""
    asks: bool = False
    form: MeantForm | None = None

    @cached_property
    def own(self) -> Review | None:
        """One's own review."""
        return next((review for review in self.reviews if review.reviewer_id == self.staff.pk), None)

    @property
    def others(self) -> list[Review]:
        """Everybody else's."""
        return [review for review in self.reviews if review.reviewer_id != self.staff.pk]

    @property
    def blind(self) -> bool:
        """Whether nothing may show what others said."""
        return self.queue == Queue.SECOND

    @property
    def wrong(self) -> bool:
        """Whether one's own verdict is that it was wrong."""
        return self.own is not None and self.own.verdict == Verdict.WRONG

    @property
    def missing_tags(self) -> list[Tag]:
        """The tags it does not have."""
        there = {tag.tag_id for tag in self.tags}
        return [tag for tag in self.page.tags if tag.id not in there]

    @cached_property
    def panel(self) -> MeantForm:
        """What was meant, as it is filled in so far."""
        if self.form is not None or self.own is None:
            return self.form or MeantForm()
        own = self.own
        meant = f"{RECORD}{own.target}" if own.meant == Meant.RECORD else own.meant
        return MeantForm(initial={"meant": meant, "intent": own.target if own.meant == Meant.INTENT else "", "note": own.note})

    @property
    def records(self) -> list[str]:
        """The records to choose from."""
        return offered(self.turn, self.panel.chosen, str(self.panel["q"].value() or ""))

    @property
    def is_question(self) -> bool:
        """Whether it is an evaluation question."""
        return self.turn.id in self.page.questions

    @property
    def can_be_question(self) -> bool:
        """Whether it can be made one by this account."""
        allowed = not self.blind and self.staff.has_perm(roles.APPROVE)
        return allowed and not self.is_question and expected(self.turn, self.reviews) is not None


def offered(turn: Turn, chosen: str, text: str) -> list[str]:
    """The records to choose from: the one that is chosen, then those that are looked for, else the turn's own candidates."""
    # What was answered is what is wrong.
    answered = turn.record if turn.outcome == Outcome.ANSWERED.value else ""
    others = found(text) if text.strip() else [record for record, _chance in turn.candidates if record != answered]
    return list(dict.fromkeys([*([chosen] if chosen else []), *others]))[:MOST]


def box(request: StaffRequest, turn: Turn, queue: str = "", asks: bool = False, form: MeantForm | None = None) -> Box:
    """The box of one turn, its judgements read from the database."""
    reviews = Review.objects.filter(turn_id=turn.id).select_related("reviewer").order_by("id")
    tags = TurnTag.objects.filter(turn_id=turn.id).select_related("tag")
    if queue == Queue.SECOND:
        reviews, tags = reviews.filter(reviewer=request.user), tags.none()
    return Box(turn, list(reviews), list(tags), request.user, shared(request), queue, asks, form)
